// The line to the room: connects, joins, catches up, asks for gaps, comes back. What it hears leaves it in the order
// of the record, each event once. Where no socket can be had it reads the log over HTTP every few seconds.

import { EventLog } from "./eventlog.js";
import { Http } from "./http.js";
import { Signals } from "./signals.js";
import { io } from "./socket.js";

const JOIN_TIMEOUT = 15_000;
const ACK_TIMEOUT = 10_000;
const PROBE_TIMEOUT = 4_000;
const POLL_EVERY = 4_000;
/** So long a line may take to come, or to come back, before the log is read over HTTP meanwhile. */
const PATIENCE = 6_000;
const LOST_RIGHTS = new Set(["not_found", "forbidden", "unauthenticated"]);

/** The line is down: nothing is known of what was sent. */
export class LineDown extends Error {}

/**
 * Tells: `event` (envelope), `status` (connecting, live, reconnecting, polling, removed), `joined` (answer),
 * `presence` (codes), `removed` (reason); `elsewhere` (an envelope of another channel that a part of the room is in)
 * and `colleague` (where somebody of one's own delegation is).
 */
export class Line extends Signals {
  status = "connecting";
  #socket;
  #http;
  /** The session's own channel and those of its closed segments that we may read: each with an order of its own. */
  #logs = new Map();
  #turn = 0;
  #filling = false;
  #patience = null;
  #polling = false;
  #heard = Date.now();

  constructor({ session, seqs, csrf, urls }) {
    super();
    this.session = session;
    this.channel = `session:${session}`;
    this.csrf = csrf;
    this.#http = new Http(urls);
    for (const [channel, seq] of Object.entries(seqs)) this.#follow(channel, seq);
  }

  get seq() {
    return this.#log.last;
  }

  /** Channel to the last event that is drawn. */
  get seqs() {
    return Object.fromEntries([...this.#logs].map(([channel, { last }]) => [channel, last]));
  }

  /** Is the event with this number drawn, whichever channel it is in? */
  hasSeen(seq) {
    const lasts = [...this.#logs.values()].map(({ last }) => last).filter(Boolean);
    return seq <= Math.min(...lasts);
  }

  /** Asked once we are out: is it only the present segment that is closed to us? */
  async isInClosedSegment() {
    const session = await this.#http.session().catch(() => null);
    return Boolean(session?.segment_since);
  }

  get #log() {
    return this.#logs.get(this.channel);
  }

  get #segments() {
    return [...this.#logs].filter(([channel]) => channel !== this.channel);
  }

  #follow(channel, seq) {
    const log = new EventLog(
      seq,
      (event) => this.tell("event", event),
      () => this.#fill(channel),
    );
    this.#logs.set(channel, log);
    return log;
  }

  start() {
    this.#socket = io("/live", {
      auth: (give) => give({ csrf: this.csrf }),
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 8_000,
      timeout: 10_000,
    });
    this.#socket.on("connect", () => this.#join());
    this.#socket.on("disconnect", (reason) => this.#lost(reason));
    this.#socket.on("connect_error", (error) => this.#unreachable(error));
    this.#socket.on("event", (event) => this.#live(event));
    this.#socket.on("presence", (message) => this.#ours(message) && this.tell("presence", message.delegations));
    this.#socket.on("colleague", (message) => this.#ours(message) && this.tell("colleague", message));
    this.#socket.on("removed", (message) => this.#ours(message) && this.#remove(message.reason));
    this.#bePatient();
    window.addEventListener("online", () => this.nudge());
    window.addEventListener("pageshow", (event) => event.persisted && this.nudge());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.nudge());
  }

  /** Send a command; resolves to its ack. Throws LineDown when no ack came: the same id may then be sent again. */
  async send(verb, message) {
    const whole = { session: this.session, ...message };
    if (this.status === "polling") return this.#overHttp(verb, whole);
    if (this.status !== "live" || !this.#socket.connected) throw new LineDown("not connected");
    return this.#ask(verb, whole, ACK_TIMEOUT);
  }

  /** Somebody looks again or the network is back: do not wait for the next try, and mistrust a line long silent. */
  async nudge() {
    if (this.status === "removed") return;
    if (!this.#socket.connected) return this.#again();
    if (Date.now() - this.#heard < 2_000) return;
    try {
      const answer = await this.#ask("events", { session: this.session, after: this.seq }, PROBE_TIMEOUT);
      if (answer.ok) this.#log.catchUp(answer.events);
    } catch (error) {
      if (!(error instanceof LineDown)) throw error;
      this.#again();
    }
  }

  // --- Joining and catching up

  async #join() {
    const turn = ++this.#turn;
    for (const log of this.#logs.values()) log.hold();
    const segments = Object.fromEntries(this.#segments.map(([channel, { last }]) => [channel, last]));
    try {
      const answer = await this.#ask("join", { session: this.session, after: this.seq, segments }, JOIN_TIMEOUT);
      if (turn !== this.#turn) return;
      if (!answer.ok) return this.#refused(answer.error);
      await this.#catchUp(answer, this.channel);
      for (const segment of answer.segments) await this.#catchUp(segment, segment.channel);
      if (turn !== this.#turn) return;
      clearTimeout(this.#patience);
      this.#polling = false;
      for (const log of this.#logs.values()) log.release();
      this.#set("live");
      this.tell("joined", answer);
    } catch (error) {
      if (!(error instanceof LineDown)) throw error;
      if (turn === this.#turn) this.#again();
    }
  }

  /** Take a page of events, and the pages after it. */
  async #catchUp(answer, channel) {
    const log = this.#logs.get(channel) ?? this.#follow(channel, 0);
    log.catchUp(answer.events);
    while (answer.more) {
      answer = await this.#ask("events", { session: this.session, channel, after: log.last }, JOIN_TIMEOUT);
      if (!answer.ok) throw new LineDown(answer.error.code);
      log.catchUp(answer.events);
    }
  }

  /** A number is missing: ask for what lies between. One question at a time. */
  async #fill(channel) {
    if (this.#filling || this.status !== "live") return;
    this.#filling = true;
    try {
      await this.#catchUp({ events: [], more: true }, channel);
      if (this.#logs.get(channel).waits) throw new LineDown("the log has a hole that it does not fill");
    } catch (error) {
      if (!(error instanceof LineDown)) throw error;
      this.#again();
    } finally {
      this.#filling = false;
    }
  }

  #live(event) {
    this.#heard = Date.now();
    const log = this.#logs.get(event.channel);
    if (log) log.offer(event);
    else this.tell("elsewhere", event);
  }

  #ours(message) {
    return String(message.session) === this.session;
  }

  async #ask(verb, message, timeout) {
    try {
      const answer = await this.#socket.timeout(timeout).emitWithAck(verb, message);
      this.#heard = Date.now();
      return answer;
    } catch {
      throw new LineDown(`no answer to ${verb}`);
    }
  }

  // --- Losing the line and coming back

  #refused(error) {
    if (LOST_RIGHTS.has(error.code)) return this.#remove(error.message);
    setTimeout(() => this.#socket.connected && this.#join(), 1_000 * (error.retry_after ?? 3));
  }

  #remove(reason) {
    this.#turn++;
    this.#polling = false;
    clearTimeout(this.#patience);
    this.#set("removed");
    this.#socket.disconnect();
    this.tell("removed", reason);
  }

  #lost(reason) {
    this.#turn++;
    if (this.status === "removed") return;
    if (this.status !== "polling") this.#set("reconnecting");
    this.#bePatient();
    if (reason === "io server disconnect") setTimeout(() => this.#again(), 1_000);
  }

  async #unreachable(error) {
    if (this.status === "removed") return;
    if (this.status !== "polling") this.#set("reconnecting");
    if (!this.#socket.active) {
      await this.#renewToken(error);
      setTimeout(() => this.#again(), 3_000);
    }
  }

  /** A new connection at once, whatever the old one waits for. */
  #again() {
    if (this.status === "removed") return;
    this.#turn++;
    this.#socket.disconnect();
    this.#socket.connect();
  }

  /** The token of this page is too old, or its session is another one: ask for what a fresh page would hold. */
  async #renewToken(error) {
    if (error.message !== "csrf") return;
    const token = await this.#http.token().catch(() => null); // without an answer the next try will see
    if (token) this.csrf = token;
  }

  #set(status) {
    if (this.status === status) return;
    this.status = status;
    this.tell("status", status);
  }

  // --- Without sockets

  #bePatient() {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => this.#startPolling(), PATIENCE);
  }

  async #startPolling() {
    if (this.#polling) return;
    this.#polling = true;
    while (this.#polling) {
      await this.#pollOnce();
      await new Promise((resolve) => setTimeout(resolve, POLL_EVERY));
    }
  }

  async #pollOnce() {
    try {
      for (let more = true; more && this.#polling; ) {
        const answer = await this.#http.events(this.seq);
        if (!this.#polling) return;
        if (!answer.ok && LOST_RIGHTS.has(answer.error.code)) return this.#remove(answer.error.message);
        if (!answer.ok) return this.#set("reconnecting");
        this.#log.catchUp(answer.events);
        more = answer.more && answer.events.length > 0;
      }
      for (const [channel, log] of this.#segments) await this.#pollSegment(channel, log);
      this.#set("polling");
    } catch {
      if (this.#polling) this.#set("reconnecting"); // nobody answered, or something between answered nonsense
    }
  }

  async #pollSegment(channel, log) {
    const answer = await this.#http.events(log.last, channel.split(":")[2]);
    if (answer.ok && this.#polling) log.catchUp(answer.events);
  }

  async #overHttp(verb, { session, ...message }) {
    try {
      if (verb === "events") return await this.#http.events(message.after);
      if (verb === "comment") return await this.#http.comment(message, this.csrf);
    } catch {
      throw new LineDown("no answer over HTTP");
    }
    throw new LineDown(`${verb} needs the live line`);
  }
}
