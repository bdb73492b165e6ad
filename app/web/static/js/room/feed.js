// The talk: recorded comments and acts in the order of the record, then one's own on their way.

import { isQuiet, itemOf, pendingItem, stancesItem } from "./cards.js";
import { labelOf, say } from "./data.js";
import { LineDown } from "./line.js";
import { bringIntoView } from "./scrolling.js";

const AT_END = 48;
/** So many pixels from its end the feed counts as read to its end. */
const EARLIER = 200;
/** So many stances on the same words, one after the other, are told in one line. */
const MANY = 3;

export class Feed {
  #unseen = 0;
  /** The reader stands at the end, and stays there when more comes or the pane changes its size. */
  #stays = true;
  #top = 0;
  #frame = null;

  constructor(root, state, line, outbox) {
    this.list = root.querySelector(".feed");
    this.frame = root.querySelector(".feed-frame");
    this.frame.role = "tabpanel";
    this.tabs = [...root.querySelectorAll("[data-view]")];
    this.tabLabel = root.querySelector("#tab-paragraph [data-slot=label]");
    this.tabNumber = root.querySelector("#tab-paragraph [data-slot=number]");
    this.pill = root.querySelector(".behind");
    this.earlier = root.querySelector(".earlier");
    this.nothing = root.querySelector(".nothing");
    this.state = state;
    this.line = line;
    this.outbox = outbox;
    this.view = state.focus ? "paragraph" : "all";
    this.#listen();
    this.#showTab();
    this.#filter();
    this.toEnd();
    this.#showNamed();
  }

  has(id) {
    return Boolean(this.list.querySelector(`:scope > li[data-seq][data-id="${CSS.escape(id)}"]`));
  }

  /** Show the comments that a mark in the text stands for. */
  showComments(ids) {
    this.setView("paragraph");
    const cards = ids.map((id) => this.#item(id)?.firstElementChild).filter(Boolean);
    for (const card of cards) flash(card);
    if (!cards.length) return;
    bringIntoView(this.list, cards[0]);
    focusOn(cards[0]);
  }

  setView(view) {
    this.view = view;
    this.#filter();
    this.toEnd();
  }

  toEnd() {
    this.#stays = true;
    this.list.scrollTop = this.list.scrollHeight;
    this.#behind(0);
  }

  /** The address names an event: show it, and do not run to the end. */
  #showNamed() {
    const card = /^#e[\w-]+$/.test(location.hash) && this.list.querySelector(location.hash);
    if (!card) return;
    this.setView("all");
    this.#stays = false;
    bringIntoView(this.list, card);
    flash(card);
  }

  // --- What comes in

  #listen() {
    this.state
      .on("comment", (event) => this.#add(itemOf(event)))
      .on("comment", () => this.#showTab())
      .on("act", (event) => isQuiet(event) || this.#add(itemOf(event)))
      .on("look", () => this.#lookChanged());
    this.outbox.on("change", (entry) => this.#pending(entry)).on("gone", (id) => this.#dropPending(id));
    this.list.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.#stays && this.toEnd()).observe(this.list);
    this.pill.addEventListener("click", () => this.toEnd());
    this.earlier?.addEventListener("click", () => this.#loadEarlier());
    this.tabs.forEach((tab, number) => {
      tab.addEventListener("click", () => this.setView(tab.dataset.view));
      tab.addEventListener("keydown", (event) => this.#tabKeys(event, number));
    });
  }

  /** Only who goes up leaves the end: what comes in a burst moves the end away before the scrolling to it is told. */
  #scrolled() {
    const { scrollTop } = this.list;
    if (this.#atEnd()) this.#stays = true;
    else if (scrollTop < this.#top) this.#stays = false;
    this.#top = scrollTop;
    if (this.#stays) this.#behind(0);
  }

  #add(item) {
    if (item.dataset.id) this.#dropPending(item.dataset.id);
    item.hidden = !this.#belongs(item);
    this.list.insertBefore(item, this.#after(item));
    this.#settle();
    if (!item.hidden && !this.#stays) this.#behind(this.#unseen + 1);
  }

  /** What a new item stands before: one's own on their way, and what a segment's channel brought that was said later. */
  #after(item) {
    let next = this.list.querySelector(":scope > li:has(> .pending)");
    const before = () => (next ? next.previousElementSibling : this.list.lastElementChild);
    while (before()?.dataset.at > item.dataset.at) next = before();
    return next;
  }

  /** Once a frame, however many events a catching up brings: measuring each time would be slow. */
  #settle() {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.#tidy();
      if (this.#stays) this.toEnd();
    });
  }

  #pending(entry) {
    const old = this.#pendingOf(entry.id);
    const item = pendingItem(entry);
    item.hidden = !this.#belongs(item);
    if (old) old.replaceWith(item);
    else this.list.append(item);
    this.#tidy();
    if (!old) this.toEnd();
  }

  #dropPending(id) {
    this.#pendingOf(id)?.remove();
    this.#tidy();
  }

  async #loadEarlier() {
    const own = this.list.querySelector(`:scope > li[data-channel="session:${CSS.escape(this.line.session)}"]`);
    const first = Number(own?.dataset.seq ?? this.line.seq + 1);
    this.earlier.disabled = true;
    try {
      const answer = await this.line.send("events", { after: Math.max(0, first - 1 - EARLIER) });
      if (answer.ok) this.#prepend(answer.events.filter((event) => event.seq < first));
      else this.earlier.textContent = answer.error.message;
    } catch (error) {
      if (!(error instanceof LineDown)) throw error;
      this.earlier.textContent = say("notConnected");
    } finally {
      this.earlier.disabled = false;
    }
  }

  #prepend(events) {
    const fromEnd = this.list.scrollHeight - this.list.scrollTop;
    const items = events.filter((event) => !isQuiet(event)).map((event) => itemOf(event));
    this.list.prepend(...items);
    for (const event of events) this.state.remember(event);
    this.#filter();
    this.list.scrollTop = this.list.scrollHeight - fromEnd;
    if (!events.length || events[0].seq === 1) this.earlier.hidden = true;
  }

  // --- What shows

  #lookChanged() {
    this.#showTab();
    if (this.view !== "paragraph") return;
    this.#filter();
    this.toEnd();
  }

  #filter() {
    this.list.dataset.showing = this.view;
    for (const item of this.list.children) item.hidden = !this.#belongs(item);
    for (const tab of this.tabs) {
      const chosen = tab.dataset.view === this.view;
      tab.setAttribute("aria-selected", chosen);
      tab.tabIndex = chosen ? 0 : -1;
      if (chosen) this.frame.setAttribute("aria-labelledby", tab.id);
    }
    this.#tidy();
  }

  /** The first tab is of the paragraph that this reader looks at. */
  #showTab() {
    const { look } = this.state;
    this.tabLabel.textContent = look ? labelOf(look) : say("wholeText");
    this.tabNumber.textContent = look ? this.state.count(look) || "" : "";
  }

  #belongs(item) {
    if (this.view === "acts") return item.dataset.kind === "act";
    if (this.view === "all") return true;
    return item.dataset.paragraph === (this.state.look ?? "");
  }

  #tidy() {
    this.#gatherStances();
    this.nothing.hidden = [...this.list.children].some((item) => !item.hidden);
    this.nothing.textContent = say(this.view === "acts" ? "noActs" : "noComments");
  }

  /** A round of stances would push what is said out of sight. The Chair’s acts show each by itself, with its time. */
  #gatherStances() {
    for (const gathered of this.list.querySelectorAll(":scope > li.stance-run")) gathered.remove();
    for (const item of this.list.querySelectorAll(":scope > li.gathered")) item.classList.remove("gathered");
    if (this.view === "acts") return;
    for (const run of runsOfStances(this.list.children)) {
      const gathered = stancesItem(run);
      gathered.classList.add("stance-run");
      run[0].before(gathered);
      for (const item of run) item.classList.add("gathered");
    }
  }

  #atEnd() {
    return this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < AT_END;
  }

  #behind(number) {
    this.#unseen = number;
    this.pill.hidden = number === 0;
    this.pill.textContent = say("behind", { number });
  }

  #item(id) {
    return this.list.querySelector(`:scope > li[data-id="${CSS.escape(id)}"]`);
  }

  #pendingOf(id) {
    return this.list.querySelector(`:scope > li[data-id="${CSS.escape(id)}"]:has(> .pending)`);
  }

  #tabKeys(event, number) {
    const rtl = getComputedStyle(this.list).direction === "rtl" ? -1 : 1;
    const step = { ArrowRight: 1 * rtl, ArrowLeft: -1 * rtl }[event.key];
    if (!step) return;
    event.preventDefault();
    const tab = this.tabs[(number + step + this.tabs.length) % this.tabs.length];
    this.setView(tab.dataset.view);
    tab.focus();
  }
}

/** What the address names is left as it is. */
function runsOfStances(items) {
  const runs = [[]];
  for (const item of items) {
    if (item.hidden) continue;
    const { on } = item.dataset;
    const alone = on === undefined || `#${item.firstElementChild.id}` === location.hash;
    if (alone || runs.at(-1)[0]?.dataset.on !== on) runs.push([]);
    if (!alone) runs.at(-1).push(item);
  }
  return runs.filter((run) => run.length >= MANY);
}

function flash(card) {
  card.classList.remove("flash");
  void card.offsetWidth; // begin the animation anew
  card.classList.add("flash");
}

function focusOn(card) {
  card.tabIndex = -1;
  card.focus({ preventScroll: true });
}
