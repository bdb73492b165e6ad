// The room as one's own delegation has it: notes, drafts and words of colleagues at each paragraph, where they are now,
// a pause before one speaks against them, how far one has seen, and what one missed.

import { fill, labelOf, room } from "./data.js";
import { gathered, unanswered } from "./gather.js";
import { hub } from "./hub.js";
import { LineDown } from "./line.js";

const SEEN_EVERY = 30_000;
const SAY_EVERY = 10_000;
const FORGET = 30_000;
const GATHER = 300;
const FOR = new Set(["support", "can_live", "flexible"]);
const AGAINST = new Set(["oppose", "concern", "retain"]);
/** Events that may bring something into the inbox, or take it out. */
const MOVES = /^(decision|floor|list)\.|^proposal\./;

const words = JSON.parse(document.getElementById("delegation-strings")?.textContent ?? "null");
const csrf = () => document.querySelector('meta[name="csrf-token"]').content;

// --- What stands below a paragraph for one's own delegation

class OwnBlocks {
  #blocks = new Map([...document.querySelectorAll("[data-own]")].map((block) => [block.dataset.own, block]));
  #dirty = new Set();
  #look = gathered(() => this.#freshen(), () => GATHER);

  constructor(changed) {
    this.changed = changed;
    document.addEventListener("submit", (event) => event.target.matches("[data-own-form]") && this.#submit(event));
  }

  get any() {
    return this.#blocks.size > 0;
  }

  of(wid) {
    return this.#blocks.get(wid);
  }

  soon(wid) {
    if (!this.#blocks.has(wid)) return;
    this.#dirty.add(wid);
    this.#look();
  }

  async #freshen() {
    const left = [];
    for (const wid of [...this.#dirty]) {
      this.#dirty.delete(wid);
      const answer = await fetch(this.of(wid).dataset.source).catch(() => null);
      if (answer?.ok) this.#put(wid, await answer.text());
      else if (unanswered(answer)) left.push(wid);
    }
    for (const wid of left) this.#dirty.add(wid);
    return left.length === 0;
  }

  /** Draw a block anew; what is being typed in it stays. */
  #put(wid, html, sent = false) {
    const block = this.of(wid);
    const held = document.createElement("template");
    held.innerHTML = html;
    const fresh = held.content.querySelector("[data-own]");
    if (!fresh) return;
    const box = block.querySelector(".own-form textarea");
    const typing = document.activeElement === box;
    fresh.open = block.open;
    if (!sent && box?.value) fresh.querySelector(".own-form").replaceWith(box.form);
    block.replaceWith(fresh);
    this.#blocks.set(wid, fresh);
    if (typing) fresh.querySelector(".own-form textarea").focus({ preventScroll: true });
    this.changed(wid);
  }

  async #submit(event) {
    if (event.defaultPrevented) return; // a question before it was answered with no
    event.preventDefault();
    const form = event.target;
    const wid = form.closest("[data-own]").dataset.own;
    const said = new FormData(form);
    said.set("part", "1");
    said.set("session", room.session.id);
    said.set("csrf_token", csrf());
    const answer = await fetch(form.action, { method: "POST", body: said, headers: { Accept: "text/html" } }).catch(() => null);
    if (answer?.ok) return this.#put(wid, await answer.text(), form.matches(".own-form"));
    return this.#complain(wid, answer);
  }

  async #complain(wid, answer) {
    const place = this.of(wid).querySelector(".own-problem");
    const page = answer && new DOMParser().parseFromString(await answer.text(), "text/html");
    place.textContent = page?.querySelector("main p")?.textContent || words.notKept;
    place.hidden = false;
  }
}

// --- Where colleagues are

class Colleagues {
  #at = new Map();
  #said = 0;
  #doing = "looking";

  constructor(changed) {
    this.changed = changed;
    setInterval(() => this.#forget(), SAY_EVERY);
    setInterval(() => this.#say("looking"), SAY_EVERY);
  }

  heard(at) {
    const before = this.#at.get(at.user)?.paragraph;
    if (at.doing === "away") this.#at.delete(at.user);
    else this.#at.set(at.user, { ...at, when: Date.now() });
    this.changed(before);
    this.changed(at.paragraph);
  }

  all(list) {
    for (const at of list) this.heard(at);
  }

  on(wid) {
    return [...this.#at.values()].filter(({ paragraph }) => paragraph === wid);
  }

  writing(wid) {
    this.#paragraph = wid;
    if (Date.now() - this.#said > SAY_EVERY / 2 || this.#doing !== "writing") this.#say("writing");
  }

  looking(wid) {
    this.#paragraph = wid;
    this.#say("looking");
  }

  #paragraph = hub.state.look;

  async #say(doing) {
    if (document.visibilityState === "hidden" || hub.line.status !== "live") return;
    if (doing === "looking" && this.#doing === "writing" && Date.now() - this.#said < SAY_EVERY) return;
    this.#doing = doing;
    this.#said = Date.now();
    await hub.line.send("delegation.at", { paragraph: this.#paragraph, doing }).catch(lineDown);
  }

  #forget() {
    for (const at of [...this.#at.values()]) {
      if (Date.now() - at.when > FORGET) this.heard({ ...at, doing: "away" });
    }
  }
}

/** A lost line takes nothing away that mattered here: it is said again in a moment. */
function lineDown(error) {
  if (!(error instanceof LineDown)) throw error;
}

// --- Putting it together

class OwnDelegation {
  #seq = null;

  constructor() {
    this.blocks = new OwnBlocks((wid) => this.#draw(wid));
    this.colleagues = new Colleagues((wid) => this.#draw(wid));
    this.place = document.querySelector("[data-own-aware]");
    this.compose = document.querySelector(".compose");
    this.target = hub.state.look;
    this.#listen();
    if (hub.line.status === "live") this.#join();
  }

  #listen() {
    hub.line.on("joined", () => this.#join()).on("colleague", (at) => this.colleagues.heard(at));
    hub.line.on("elsewhere", (event) => this.#heard(event));
    hub.line.on("removed", () => (this.place.hidden = true));
    hub.state.on("act", (event) => this.#said(event)).on("comment", (event) => this.#said(event));
    hub.state.on("look", (wid) => this.colleagues.looking(wid));
    document.addEventListener("click", (event) => this.#stance(event), { capture: true });
    this.compose?.addEventListener("target", (event) => this.#turned(event.detail));
    this.compose?.addEventListener("input", () => this.colleagues.writing(this.target));
  }

  /** The room of the delegation, beside the session's: again after each time the line came back. */
  async #join() {
    const answer = await hub.line.send("delegation.join", { after: this.#seq }).catch(lineDown);
    if (!answer?.ok) return;
    for (const event of answer.events) this.#heard(event);
    this.#seq = answer.seq;
    this.colleagues.all(answer.colleagues);
  }

  #heard(event) {
    if (!event.channel.startsWith("delegation:")) return;
    this.#seq = Math.max(this.#seq ?? 0, event.seq);
    if (event.data.paragraph) this.blocks.soon(event.data.paragraph);
  }

  /** A colleague spoke, or oneself: from now on it is what the delegation said. */
  #said(event) {
    if (event.actor.delegation === room.you.delegation && event.data.paragraph) this.blocks.soon(event.data.paragraph);
  }

  #turned(wid) {
    this.target = wid;
    this.#draw(wid);
  }

  #draw(wid) {
    const there = this.colleagues.on(wid);
    const slot = this.blocks.of(wid)?.querySelector("[data-slot=colleague]");
    if (slot) slot.replaceChildren(...there.map((at) => line("span", this.#phrase(at))));
    if (wid === this.target) this.#drawAbove(there);
  }

  #phrase({ name, doing, paragraph }) {
    return fill(words[doing], { name, label: labelOf(paragraph) || words.wholeText });
  }

  /** Above the box: who else writes on it, what the delegation said, what is drafted. */
  #drawAbove(there) {
    const block = this.blocks.of(this.target);
    const own = block ? [...block.querySelectorAll(".own-words, .own-drafts")].map((list) => list.cloneNode(true)) : [];
    const writing = there.filter(({ doing }) => doing === "writing").map((at) => line("p", this.#phrase(at)));
    this.place.replaceChildren(...writing, ...own);
    this.place.hidden = this.place.childElementCount === 0;
  }

  // --- Before one speaks against one's delegation

  /** The first press of a stance that contradicts says so; the second one takes it. It is a warning, and no lock. */
  #stance(event) {
    const button = event.target.closest?.("button[name=stance]");
    if (!button) return;
    const form = button.form;
    if (button.dataset.warned) return this.#goOn(button, form);
    const target = form?.elements.target?.value ?? "";
    const against = this.#against(target, button.value);
    if (!against) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    button.dataset.warned = "1";
    form.querySelector(".own-contradiction")?.remove();
    const notice = line("p", `${against} ${words.again}`);
    notice.className = "own-contradiction notice warning";
    notice.setAttribute("role", "alert");
    form.prepend(notice);
  }

  #goOn(button, form) {
    delete button.dataset.warned;
    form.querySelector(".own-contradiction")?.remove();
  }

  #against(target, stance) {
    const side = FOR.has(stance) ? "for" : AGAINST.has(stance) ? "against" : "";
    const said = side && document.querySelector(`[data-own] .own-words [data-target="${CSS.escape(target)}"]`);
    if (said) return said.dataset.side && said.dataset.side !== side ? said.textContent.trim() : "";
    const wid = target.startsWith("paragraph:") && target.slice("paragraph:".length);
    const draft = side === "for" && wid && this.blocks.of(wid)?.querySelector('.own-drafts [data-side="against"]');
    return draft ? words.draft : "";
  }
}

function line(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

// --- How far one has seen, and what one missed

class Looking {
  #told = "";

  constructor() {
    setInterval(() => this.#tell(), SEEN_EVERY);
    document.addEventListener("visibilitychange", () => this.#turned());
    window.addEventListener("pagehide", () => this.#tell(true));
    document.addEventListener("click", (event) => this.#jump(event));
    document.addEventListener("submit", (event) => event.target.closest(".away") && this.#upToDate(event));
  }

  async #turned() {
    if (document.visibilityState === "hidden") return this.#tell(true);
    const answer = await fetch(words.away).catch(() => null);
    const html = answer?.ok ? await answer.text() : "";
    if (html.trim()) this.#show(html);
    return undefined;
  }

  #show(html) {
    const held = document.createElement("template");
    held.innerHTML = html;
    document.getElementById("away")?.remove();
    document.querySelector(".removed-notice").before(held.content);
  }

  #tell(leaving = false) {
    if (hub.line.status === "removed" || (!leaving && document.visibilityState === "hidden")) return;
    const seqs = JSON.stringify(hub.line.seqs);
    if (!leaving && seqs === this.#told) return;
    this.#told = seqs;
    const said = new FormData();
    for (const [name, value] of [["seqs", seqs], ["quiet", "1"], ["csrf_token", csrf()]]) said.set(name, value);
    navigator.sendBeacon(words.seen, said);
  }

  #jump(event) {
    const link = event.target.closest("a[data-away]");
    if (!link || !hub.paper.paragraphs.has(link.dataset.away)) return;
    event.preventDefault();
    hub.paper.lookAt(link.dataset.away);
    hub.thumb.show("text");
  }

  #upToDate(event) {
    event.preventDefault();
    this.#tell(true);
    event.target.closest(".away").remove();
  }
}

if (words) {
  new Looking();
  if (document.querySelector("[data-own]")) new OwnDelegation();
  const waits = () => document.querySelector('.floor [data-slot="own"] > *') !== null;
  hub.state.on("act", ({ type, actor }) => {
    const floor = type.startsWith("floor.") || type.startsWith("list.");
    if (MOVES.test(type) && (!floor || waits() || actor.delegation === room.you.delegation)) {
      window.dispatchEvent(new Event("inbox"));
    }
  });
}
