// Several rooms on one screen: one socket, joined to each. What was missed while the line was down comes once and in
// order, as in the room itself: the same log decides.

import { clockText, ServerClock, usedOf } from "./room/countdown.js";
import { EventLog } from "./room/eventlog.js";
import { FloorState } from "./room/floorstate.js";
import { io } from "./room/socket.js";

const TICK = 500;
const SHOWN = 60;
const ACK_TIMEOUT = 20_000;
const AGAIN = 2_000;
const PILLS = { open: "live", suspended: "suspended", closed: "open", scheduled: "info" };
const STATES = { "session.opened": "open", "session.suspended": "suspended", "session.resumed": "open", "session.closed": "closed" };
const GONE = new Set(["not_found", "forbidden", "unauthenticated"]);

const data = JSON.parse(document.getElementById("follow-data").textContent);
const csrf = document.querySelector('meta[name="csrf-token"]').content;
const nameOf = (code) => data.parties[code] ?? code;
const time = new Intl.DateTimeFormat(data.locale, {
  hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: data.timeZone, numberingSystem: "latn",
});

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? "");
}

/** One room: its card, and the order of its channels. */
class Room {
  #logs = new Map();

  constructor({ session, channel, seqs, floor, unread }, socket) {
    this.session = session;
    this.channel = channel;
    this.socket = socket;
    this.unread = unread;
    this.root = document.querySelector(`.room-card[data-session="${session}"]`);
    this.floor = floor && new FloorState(floor);
    this.clock = floor && new ServerClock(floor.now);
    for (const [name, seq] of Object.entries(seqs)) this.#follow(name, seq);
    this.#drawFloor();
  }

  owns(channel) {
    return channel === this.channel || channel.startsWith(`${this.channel}:`);
  }

  offer(event) {
    this.#logs.get(event.channel)?.offer(event);
  }

  /** Come in, or come back: enter first, then read what was missed, then let live events through. */
  async join() {
    for (const log of this.#logs.values()) log.hold();
    const segments = Object.fromEntries([...this.#logs].filter(([name]) => name !== this.channel).map(([name, { last }]) => [name, last]));
    const after = this.#logs.get(this.channel)?.last ?? 0;
    const answer = await this.#ask("join", { session: this.session, after, segments });
    if (!answer.ok) return this.#refused(answer.error);
    this.root.classList.remove("closed-to-me");
    await this.#catchUp(answer, this.channel);
    for (const segment of answer.segments) await this.#catchUp(segment, segment.channel);
    for (const log of this.#logs.values()) log.release();
    return undefined;
  }

  removed(reason) {
    this.root.classList.add("closed-to-me");
    this.#slot("focus") && (this.#slot("focus").textContent = reason || data.words.removed);
    this.floor = null;
    this.#drawFloor();
    setTimeout(() => this.join().catch(() => null), 15_000); // the Chair may end the closed segment
  }

  tick() {
    const turn = this.floor?.turn;
    const place = this.#slot("clock");
    if (place) place.textContent = turn ? clockText(turn.limit, usedOf(turn, this.clock.now())) : "";
  }

  #follow(channel, seq) {
    const log = new EventLog(seq, (event) => this.#take(event), () => this.#fill(channel));
    this.#logs.set(channel, log);
    return log;
  }

  async #catchUp(answer, channel) {
    const log = this.#logs.get(channel) ?? this.#follow(channel, 0);
    log.catchUp(answer.events);
    while (answer.more) {
      answer = await this.#ask("events", { session: this.session, channel, after: log.last });
      if (!answer.ok) return;
      log.catchUp(answer.events);
    }
  }

  #fill(channel) {
    this.#catchUp({ events: [], more: true }, channel).catch(() => null); // a lost line comes back by `join`
  }

  #ask(verb, message) {
    return this.socket.timeout(ACK_TIMEOUT).emitWithAck(verb, message);
  }

  #refused(error) {
    if (GONE.has(error.code)) return this.removed(error.message);
    setTimeout(() => this.join().catch(() => null), 1_000 * (error.retry_after ?? 3));
    return undefined;
  }

  // --- What the card shows

  #take(event) {
    const { type, data: said } = event;
    if (type in STATES) this.#state(STATES[type]);
    if (type === "focus.moved") this.#slot("focus").textContent = [said.label || data.words.whole, said.number].filter(Boolean).join(" · ");
    if (this.floor?.apply(event)) this.#drawFloor();
    if (event.actor.user !== data.user) this.unread += 1;
    this.#slot("unread").textContent = this.unread;
    this.#slot("unread-mark").hidden = this.unread === 0;
    this.#note(event);
  }

  #state(state) {
    const pill = this.#slot("state");
    pill.textContent = data.words[state];
    pill.className = `pill ${PILLS[state]}`;
    this.root.dataset.state = state;
  }

  #note(event) {
    const list = this.#slot("happened");
    const item = document.createElement("li");
    item.dataset.seq = event.seq;
    item.dataset.channel = event.channel;
    item.dataset.type = event.type;
    item.textContent = `${time.format(new Date(event.at))} ${phrase(event)}`;
    list.append(item);
    while (list.childElementCount > SHOWN) list.firstElementChild.remove();
  }

  #drawFloor() {
    const speaker = this.#slot("speaker");
    if (!speaker) return;
    const turn = this.floor?.turn;
    speaker.textContent = turn ? nameOf(turn.delegation) : "–";
    this.#slot("waiting").textContent = this.floor ? this.floor.waiting.length : "–";
    this.tick();
  }

  #slot(name) {
    return this.root.querySelector(`[data-slot="${name}"]`);
  }
}

function phrase({ type, actor, data: said }) {
  const who = nameOf(said.delegation ?? actor.delegation ?? "") || actor.name;
  const pattern = data.words.acts[type];
  return pattern ? fill(pattern, { ...said, who }) : type;
}

const status = document.querySelector(".follow-line");
function show(word) {
  status.classList.toggle("live", word === "live");
  status.querySelector("[data-slot=line]").textContent = data.words[word];
}

const socket = io("/live", {
  auth: (give) => give({ csrf }),
  transports: ["websocket", "polling"],
  tryAllTransports: true,
  reconnectionDelay: 500,
  reconnectionDelayMax: 8_000,
  timeout: 20_000,
});
const rooms = data.rooms.map((one) => new Room(one, socket));

async function joinAll() {
  show("connecting");
  for (const room of rooms) await room.join(); // one after another: a slow line carries one answer at a time best
  show("live");
}

socket.on("connect", () => joinAll().catch(() => setTimeout(() => socket.connected && again(), AGAIN)));
socket.on("disconnect", () => show("lost"));
socket.on("connect_error", () => show("lost"));
socket.on("event", (event) => rooms.find((room) => room.owns(event.channel))?.offer(event));
socket.on("removed", ({ session, reason }) => rooms.find((room) => room.session === String(session))?.removed(reason));
window.addEventListener("online", again);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && !socket.connected && again());

function again() {
  socket.disconnect();
  socket.connect();
}

setInterval(() => rooms.forEach((room) => room.tick()), TICK);

/** Which rooms need one: asked when the inbox is. */
async function needs() {
  const answer = await fetch("/api/v1/inbox?limit=100", { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return;
  const wanting = new Set((await answer.json()).items.map(({ session }) => session));
  for (const { root, session } of rooms) {
    root.classList.toggle("needs", wanting.has(session));
    root.querySelector("[data-slot=needs]").hidden = !wanting.has(session);
  }
}
setInterval(() => document.visibilityState === "visible" && needs(), 30_000);
