// The floor in the room: draws who speaks, the clock and the list from the events, and sends its acts as commands.

import { clockText, lightOf, ServerClock, usedOf } from "./countdown.js";
import { fill, partyName, say, stateGroupName } from "./data.js";
import { FloorState } from "./floorstate.js";
import { hub } from "./hub.js";
import { newId } from "./ids.js";
import { LineDown } from "./line.js";

const TICK = 200;
const SHOWN_NEXT = 3;
const TONES = { open: "agreed", closing: "bracketed", closed: "open" };

class FloorStrip {
  constructor(root, data) {
    this.root = root;
    this.data = data;
    this.state = new FloorState(data.floor);
    this.clock = new ServerClock(data.floor.now);
    this.problem = root.querySelector(".floor-problem");
    root.addEventListener("submit", (event) => this.#submit(event));
    hub.state.on("act", (event) => this.#heard(event)).on("session", () => this.#draw());
    hub.line.on("joined", () => this.#joined());
    hub.line.on("removed", () => root.remove());
    this.#draw();
    setInterval(() => this.#tick(), TICK);
  }

  // --- What is heard

  #heard(event) {
    if (event.type === "session.mode" || event.type === "session.openness") return this.#reload();
    const before = this.state.speaking?.request;
    if (!this.state.apply(event)) return;
    this.#draw();
    const { speaking } = this.state;
    if (speaking && speaking.request !== before) {
      this.#slot("heard").textContent = fill(this.data.words.heard, { name: partyName(speaking.delegation) });
    }
  }

  async #joined() {
    await this.clock.measure(() => hub.line.send("clock", {}).catch(() => null)); // a lost line: the old time stays
    this.#tick();
  }

  /** Another segment has another list. */
  async #reload() {
    const answer = await fetch(this.data.api, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok) return;
    this.state = new FloorState(await answer.json());
    this.#draw();
  }

  // --- What is sent

  async #submit(event) {
    const form = event.target;
    if (!form.dataset.floor || hub.line.status === "polling") return; // without a live line, the form goes by itself
    event.preventDefault();
    if (form.dataset.busy) return; // pressed twice; a button that is switched off would lose the keyboard
    form.dataset.busy = "1";
    await this.#command(event.submitter?.dataset.verb ?? form.dataset.floor, message(form));
    delete form.dataset.busy;
  }

  async #command(verb, said) {
    this.#complain("");
    try {
      const answer = await hub.line.send(verb, { id: newId(), ...said });
      if (!answer.ok) return this.#complain(answer.error.message);
      for (const menu of this.root.querySelectorAll(".more-ways[open]")) menu.open = false;
    } catch (error) {
      if (!(error instanceof LineDown)) throw error;
      this.#complain(say("actNotSent"));
    }
  }

  #complain(words) {
    if (!this.problem) return;
    this.problem.textContent = words;
    this.problem.hidden = !words;
  }

  // --- What is shown

  #draw() {
    this.#drawTurn();
    this.#drawNext();
    this.#drawList();
    this.#drawOwn();
    this.#drawActs();
    this.#tick();
  }

  #drawTurn() {
    const { turn, speaking } = this.state;
    const { words } = this.data;
    this.#slot("caption").textContent = speaking ? words.onTheFloor : turn ? words.interrupted : words.nobody;
    named(this.root.querySelector(".speaker"), turn, this.data);
  }

  #drawNext() {
    const { waiting } = this.state;
    this.root.querySelector(".floor-next").hidden = waiting.length === 0;
    const shown = waiting.slice(0, SHOWN_NEXT).flatMap((entry, place) => [place ? ", " : "", isolated(entry.delegation)]);
    const rest = waiting.length - SHOWN_NEXT;
    this.#slot("next").replaceChildren(...shown, rest > 0 ? ` ${fill(this.data.words.more, { number: rest })}` : "");
  }

  #drawList() {
    const { waiting, list } = this.state;
    this.#slot("count").textContent = waiting.length;
    const pill = this.#slot("list");
    pill.textContent = this.data.lists[list];
    pill.className = `pill ${TONES[list]}`;
    this.#slot("empty").hidden = waiting.length > 0;
    const entries = this.#slot("entries");
    const held = place(document.activeElement);
    entries.replaceChildren(...waiting.map((entry, at) => this.#entry(entry, at + 1)));
    refocus(entries, held);
    for (const select of this.root.querySelectorAll("select[data-entries]")) options(select, waiting);
    const swap = this.root.querySelector(".floor-swap");
    if (swap) swap.hidden = waiting.length < 2;
  }

  #entry(entry, at) {
    const item = clone("floor-entry");
    item.dataset.request = entry.request;
    item.classList.toggle("mine", entry.delegation === this.data.mine);
    slot(item, "place").textContent = at;
    named(item, entry, this.data);
    slot(item, "absent").hidden = !entry.absent;
    for (const input of item.querySelectorAll("input[name=request]")) input.value = entry.request;
    const moves = item.querySelectorAll("input[name=to]");
    if (moves.length) {
      moves[0].value = Math.max(0, at - 2);
      moves[1].value = at;
      moves[0].form.querySelector("button").disabled = at === 1;
      moves[1].form.querySelector("button").disabled = at === this.state.waiting.length;
    }
    return item;
  }

  #drawOwn() {
    const { mine, words, kinds } = this.data;
    const own = this.root.querySelector("[data-slot=own]");
    if (!own) return;
    const { waiting, speaking, list } = this.state;
    const items = waiting.flatMap((entry, at) => {
      if (entry.delegation !== mine) return [];
      const item = clone("floor-own");
      item.dataset.request = entry.request;
      slot(item, "kind").textContent = kinds[entry.kind];
      slot(item, "place").textContent = fill(words.place, { place: at + 1, total: waiting.length });
      item.querySelector("input[name=request]").value = entry.request;
      return [item];
    });
    own.replaceChildren(...items);
    this.root.querySelector(".have-floor").hidden = speaking?.delegation !== mine;
    this.root.querySelector(".ask").form.hidden = items.length > 0 || list === "closed";
  }

  #drawActs() {
    if (!this.data.manages) return;
    const { waiting, speaking, interrupted, turn, list } = this.state;
    const open = hub.state.open;
    const point = waiting.find((entry) => entry.kind === "point_of_order");
    this.#offer("floor.give", open && waiting.length > 0 && !interrupted);
    this.#offer("floor.resume", open && interrupted);
    this.#offer("floor.interrupt", open && speaking && speaking.kind !== "point_of_order");
    this.#offer("floor.end", turn);
    const { words } = this.data;
    if (waiting.length) this.#name("floor.give", fill(words.giveNext, { name: partyName(waiting[0].delegation) }));
    this.#name("floor.interrupt", point ? fill(words.point, { name: partyName(point.delegation) }) : words.interrupt);
    const acts = { "list.announce_closing": list === "open", "list.close": list !== "closed", "list.open": list !== "open" };
    for (const [verb, offered] of Object.entries(acts)) this.root.querySelector(`.list-acts [data-floor="${verb}"]`).hidden = !offered;
  }

  #offer(verb, offered) {
    this.root.querySelector(`.floor-act > [data-floor="${verb}"]`).hidden = !offered;
  }

  #name(verb, words) {
    this.root.querySelector(`.floor-act > [data-floor="${verb}"] button`).textContent = words;
  }

  #tick() {
    const { turn, speaking } = this.state;
    const light = this.#slot("light");
    const word = this.#slot("light-word");
    light.hidden = !turn;
    if (!turn) {
      light.dataset.light = "none";
      return write(word, "");
    }
    const used = usedOf(turn, this.clock.now());
    const colour = lightOf(turn.limit, used);
    if (light.dataset.light !== colour) light.dataset.light = colour;
    light.classList.toggle("paused", !speaking);
    light.style.setProperty("--left", turn.limit === null ? 100 : Math.max(0, 100 * (1 - used / turn.limit)));
    write(this.#slot("time"), clockText(turn.limit, used));
    write(word, !speaking ? this.data.words.paused : (this.data.words[colour] ?? ""));
  }

  #slot(name) {
    return slot(this.root, name);
  }
}

/** The members of a form as a command carries them. A list stays a list. */
function message(form) {
  const said = {};
  for (const [name, value] of new FormData(form)) {
    if (["id", "csrf_token"].includes(name) || value === "") continue;
    if (name === "joint") said.joint = [...(said.joint ?? []), value];
    else said[name] = name === "to" ? Number(value) : value;
  }
  return said;
}

function named(root, entry, { kinds, words }) {
  slot(root, "name").textContent = entry ? partyName(entry.delegation) : "";
  slot(root, "behalf").hidden = !entry?.on_behalf_of;
  slot(root, "behalf-name").textContent = stateGroupName(entry?.on_behalf_of);
  slot(root, "kind").hidden = !entry || entry.kind === "general";
  slot(root, "kind").textContent = kinds[entry?.kind] ?? "";
  const joint = slot(root, "joint");
  if (!joint) return;
  joint.hidden = !entry?.joint?.length;
  const names = (entry?.joint ?? []).flatMap((code, at) => [at ? ", " : "", isolated(code)]);
  joint.replaceChildren(`${words.joined} `, ...names);
}

function options(select, waiting) {
  const chosen = select.value;
  select.replaceChildren(...waiting.map((entry) => new Option(partyName(entry.delegation), entry.request)));
  if (waiting.some((entry) => entry.request === chosen)) select.value = chosen;
  else if (select.name === "with" && waiting.length > 1) select.value = waiting[1].request;
}

/** Which button of which entry has the keyboard, so that it keeps it when the list is drawn anew. */
function place(element) {
  const item = element?.closest?.(".floor-entry");
  if (!item) return null;
  return { request: item.dataset.request, at: [...item.querySelectorAll("button")].indexOf(element) };
}

function refocus(entries, held) {
  if (!held) return;
  const item = [...entries.children].find((child) => child.dataset.request === held.request);
  const buttons = item ? [...item.querySelectorAll("button")] : [];
  (buttons[held.at]?.disabled ? buttons.find((button) => !button.disabled) : buttons[held.at])?.focus();
  if (!item) entries.focus();
}

function clone(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

function slot(root, name) {
  return root.querySelector(`[data-slot="${name}"]`);
}

function isolated(code) {
  const element = document.createElement("bdi");
  element.textContent = partyName(code);
  return element;
}

function write(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

const root = document.getElementById("floor");
const data = document.getElementById("floor-data");
if (root && data) new FloorStrip(root, JSON.parse(data.textContent));
