// The text on the table: which paragraph the room is on, which one this reader looks at, whose words are meant.

import { labelOf, placeOf, say } from "./data.js";
import { bringIntoView, bringToMiddle } from "./scrolling.js";
import { drawWords } from "./words.js";

/** After a wheel, touch or key, scrolling within so many milliseconds is the reader's own. */
const OWN_SCROLL = 1_000;

export class Paper {
  #ownScrollUntil = 0;
  #late = new Set();

  constructor(root, rail, state) {
    this.root = root;
    this.rail = rail;
    this.state = state;
    this.paragraphs = new Map([...root.querySelectorAll(".para")].map((para) => [para.dataset.paragraph, para]));
    this.#listen();
    this.#mark();
    for (const paragraph of state.quotes.keys()) this.#drawQuotes(paragraph);
    this.#begin();
  }

  words(paragraph) {
    return this.paragraphs.get(paragraph)?.querySelector(".words");
  }

  /** The neighbour of a paragraph that one can speak of, `step` away; the first one when there is none yet. */
  neighbour(paragraph, step) {
    const order = [...this.paragraphs.values()].filter((para) => para.dataset.speakable).map((para) => para.dataset.paragraph);
    const at = order.indexOf(paragraph);
    if (at < 0) return order[0] ?? null;
    return order[Math.min(order.length - 1, Math.max(0, at + step))];
  }

  /** Look at a paragraph by one's own will, and bring it into view. */
  lookAt(paragraph) {
    this.state.lookAt(paragraph);
    this.#show(paragraph);
  }

  return() {
    this.state.follow();
    if (this.state.focus) this.#show(this.state.focus);
  }

  /** Where the room is when the page opens, unless the address names a paragraph. Late fonts move it again. */
  #begin() {
    const named = location.hash.startsWith("#p-") && location.hash.slice(3);
    if (named && this.paragraphs.has(named)) this.state.lookAt(named);
    const show = () => this.#show(this.state.look, true);
    show();
    new ResizeObserver(() => this.#showEntry()).observe(this.rail.querySelector("ol") ?? this.rail);
    document.fonts.ready.then(() => this.#ownScrollUntil === 0 && show());
  }

  // --- Following

  #listen() {
    this.state
      .on("look", () => this.#lookChanged())
      .on("focus", (paragraph) => this.#focusMoved(paragraph))
      .on("quotes", (paragraph) => this.#drawQuotes(paragraph))
      .on("comment", (event) => this.#count(event.data.paragraph));
    for (const kind of ["wheel", "touchmove", "keydown", "pointerdown"]) {
      this.root.addEventListener(kind, () => (this.#ownScrollUntil = Date.now() + OWN_SCROLL), { passive: true });
    }
    this.root.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.rail.addEventListener("click", (event) => this.#outlineClicked(event));
    const follow = this.root.querySelector(".follow button");
    follow?.addEventListener("click", () => (this.state.following ? this.state.unfollow() : this.return()));
    document.addEventListener("selectionchange", () => this.#drawLate());
  }

  #focusMoved(paragraph) {
    if (this.state.following && paragraph) this.#show(paragraph);
  }

  #lookChanged() {
    this.#mark();
  }

  /** Whoever scrolls away from the focus by hand stops following, and may come back. */
  #scrolled() {
    if (!this.state.following || !this.state.focus || Date.now() > this.#ownScrollUntil) return;
    const para = this.paragraphs.get(this.state.focus);
    if (para && !this.#inView(para)) this.state.unfollow();
  }

  #inView(para) {
    const box = para.getBoundingClientRect();
    const frame = this.root.getBoundingClientRect();
    return box.bottom > frame.top + 24 && box.top < frame.bottom - 24;
  }

  #show(paragraph, instant = false) {
    const para = this.paragraphs.get(paragraph);
    if (!para) return;
    this.#ownScrollUntil = 0;
    bringToMiddle(this.root, para, { instant });
    this.#showEntry();
  }

  /** The outline is a pane of its own on a wide screen; on a phone the whole rail scrolls. */
  #showEntry() {
    const entry = this.state.look && this.#entry(this.state.look);
    if (!entry) return;
    const list = entry.closest(".outline");
    bringIntoView(getComputedStyle(list).overflowY === "auto" ? list : this.rail, entry);
  }

  /** Bring the paragraph that this reader looks at into view again: the pane was hidden meanwhile. */
  showAgain() {
    this.#show(this.state.look, true);
  }

  #entry(paragraph) {
    return this.rail.querySelector(`a[data-paragraph="${CSS.escape(paragraph)}"]`);
  }

  #outlineClicked(event) {
    const link = event.target.closest("a[data-paragraph]");
    if (!link) return;
    event.preventDefault();
    this.lookAt(link.dataset.paragraph);
    this.paragraphs.get(link.dataset.paragraph)?.focus({ preventScroll: true });
    this.rail.dispatchEvent(new CustomEvent("chosen", { bubbles: true }));
  }

  // --- What shows

  #mark() {
    const { focus, look, following } = this.state;
    for (const [id, para] of this.paragraphs) {
      para.classList.toggle("focus", id === focus);
      para.classList.toggle("look", id === look);
    }
    for (const entry of this.rail.querySelectorAll("[data-paragraph]")) {
      const current = entry.dataset.paragraph === focus;
      entry.classList.toggle("current", current);
      entry.classList.toggle("look", entry.dataset.paragraph === look);
      if (entry.matches("a")) current ? entry.setAttribute("aria-current", "true") : entry.removeAttribute("aria-current");
    }
    this.#followLine(focus, following);
  }

  #followLine(focus, following) {
    const line = this.root.querySelector(".follow");
    if (!line) return; // no text is on the table
    const link = line.querySelector("a");
    line.classList.toggle("elsewhere", Boolean(focus) && !following);
    line.querySelector("[data-slot=before]").textContent = say(focus ? "chairIsOn" : "chairIsNowhere");
    link.hidden = !focus;
    link.textContent = placeOf(focus, this.state.focusProposal);
    link.href = `#p-${focus ?? ""}`;
    line.querySelector("[data-slot=after]").textContent = focus && !following ? say("elsewhere") : "";
    const button = line.querySelector("button");
    button.hidden = !focus;
    button.textContent = say(following ? "following" : "return");
    button.setAttribute("aria-pressed", following);
  }

  #count(paragraph) {
    const number = this.state.count(paragraph);
    for (const place of document.querySelectorAll(`[data-count="${CSS.escape(paragraph ?? "")}"]`)) {
      place.hidden = number === 0;
      place.querySelector("[data-slot=number]").textContent = place.dataset.worded ? say("comments", { number }) : number;
    }
  }

  /** Marks are drawn when nobody selects words in the paragraph: drawing would take the selection away. */
  #drawQuotes(paragraph) {
    const words = this.words(paragraph);
    if (!words) return;
    const selection = document.getSelection();
    const busy = selection && !selection.isCollapsed && selection.rangeCount && selection.getRangeAt(0).intersectsNode(words);
    if (busy) this.#late.add(paragraph);
    else drawWords(words, this.state.quotesOf(paragraph), (number) => say("commentsOnWords", { number }));
  }

  #drawLate() {
    for (const paragraph of [...this.#late]) {
      this.#late.delete(paragraph);
      this.#drawQuotes(paragraph);
    }
  }
}
