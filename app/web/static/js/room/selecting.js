// Choosing the words that a comment is about: by selecting them in the text, or word by word in a dialog that needs
// neither mouse nor steady hand.

import { say } from "./data.js";
import { quoteOf } from "./quotes.js";
import { placeOf, rawText } from "./words.js";

/** The selection inside one paragraph's words as {paragraph, quote}, or null. */
export function selectedWords() {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const words = wordsAround(range.startContainer);
  if (!words || !range.intersectsNode(words)) return null;
  const text = rawText(words);
  const from = placeOf(words, range.startContainer, range.startOffset);
  // A triple click ends at the beginning of what follows: the paragraph is meant as far as it goes.
  const to = words.contains(range.endContainer) ? placeOf(words, range.endContainer, range.endOffset) : text.length;
  const quote = quoteOf(text, from, to);
  return quote && { paragraph: words.closest(".para").dataset.paragraph, quote, range };
}

function wordsAround(node) {
  return (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest(".words");
}

/** A button that stands by the selected words. `choose({paragraph, quote})` is called when it is pressed. */
export class SelectionToolbar {
  constructor(toolbar, paper, choose) {
    this.toolbar = toolbar;
    this.paper = paper;
    this.chosen = null;
    document.addEventListener("selectionchange", () => this.#soon());
    paper.addEventListener("scroll", () => this.#place(), { passive: true });
    const button = toolbar.querySelector("button");
    button.addEventListener("pointerdown", (event) => event.preventDefault()); // keep the selection
    button.addEventListener("click", () => {
      const chosen = this.chosen;
      document.getSelection().removeAllRanges();
      this.#hide();
      if (chosen) choose(chosen);
    });
  }

  #soon() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => {
      this.chosen = selectedWords();
      this.#place();
    });
  }

  #hide() {
    this.chosen = null;
    this.toolbar.hidden = true;
  }

  /** Above the selection, or below where there is no room; never outside the text's frame. */
  #place() {
    if (!this.chosen) return this.#hide();
    const words = this.chosen.range.getBoundingClientRect();
    const frame = this.paper.getBoundingClientRect();
    this.toolbar.hidden = words.bottom < frame.top || words.top > frame.bottom;
    const { width, height } = this.toolbar.getBoundingClientRect();
    const above = words.top - height - 8;
    const left = Math.min(Math.max(words.left + words.width / 2 - width / 2, frame.left + 8), frame.right - width - 8);
    this.toolbar.style.setProperty("inset-block-start", `${above > frame.top ? above : words.bottom + 8}px`);
    this.toolbar.style.setProperty("left", `${left}px`);
  }
}

/** The dialog in which one chooses the first word and the last. */
export class WordPicker {
  constructor(dialog) {
    this.dialog = dialog;
    this.list = dialog.querySelector(".pick-words");
    this.said = dialog.querySelector(".picked");
    this.use = dialog.querySelector("[value=use]");
    this.list.addEventListener("click", (event) => this.#press(event.target.closest("button")));
    this.list.addEventListener("keydown", (event) => this.#keys(event));
  }

  /** Resolves to a quote of the paragraph, or to null. */
  pick(label, words) {
    this.text = rawText(words);
    this.from = this.to = null;
    this.dialog.querySelector("h2").textContent = say("pickWords", { label });
    this.list.replaceChildren(...this.#words());
    this.#show();
    this.dialog.returnValue = "";
    this.dialog.showModal();
    this.list.querySelector("button")?.focus();
    return new Promise((resolve) => {
      this.dialog.addEventListener("close", () => resolve(this.#quote()), { once: true });
    });
  }

  #quote() {
    if (this.dialog.returnValue !== "use" || this.from === null) return null;
    const words = this.list.children;
    return quoteOf(this.text, Number(words[this.from].dataset.from), Number(words[this.to].dataset.to));
  }

  /** A button for each word, and the white space between them. */
  #words() {
    return wordsOf(this.text).flatMap(({ from, to }, number, all) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = this.text.slice(from, to);
      Object.assign(button.dataset, { from, to, number });
      button.tabIndex = number ? -1 : 0;
      return [button, this.text.slice(to, all[number + 1]?.from ?? to)];
    });
  }

  /** The first press begins, the second ends, a third begins anew. */
  #press(button) {
    if (!button) return;
    const number = Number(button.dataset.number);
    if (this.from === null || this.to !== this.from) this.from = this.to = number;
    else [this.from, this.to] = [Math.min(this.from, number), Math.max(this.from, number)];
    this.#show();
  }

  #show() {
    [...this.list.children].forEach((button, number) => {
      const chosen = this.from !== null && number >= this.from && number <= this.to;
      button.setAttribute("aria-pressed", chosen);
    });
    const words = this.list.children;
    this.said.textContent =
      this.from === null
        ? say("pickHow")
        : `“${this.text.slice(words[this.from].dataset.from, words[this.to].dataset.to)}”`;
    this.use.disabled = this.from === null;
  }

  #keys(event) {
    const rtl = getComputedStyle(this.list).direction === "rtl" ? -1 : 1;
    const step = { ArrowRight: rtl, ArrowLeft: -rtl, ArrowDown: 10, ArrowUp: -10 }[event.key];
    const button = event.target.closest("button");
    if (!step || !button) return;
    event.preventDefault();
    const all = [...this.list.children];
    const next = all[Math.min(all.length - 1, Math.max(0, Number(button.dataset.number) + step))];
    button.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }
}

/** The words of a text in any script, with the marks that stick to them: [{from, to}]. */
function wordsOf(text) {
  const segmenter = new Intl.Segmenter(document.documentElement.lang, { granularity: "word" });
  const words = [];
  for (const { segment, index } of segmenter.segment(text)) {
    if (/^\s+$/u.test(segment)) continue;
    words.push({ from: index, to: index + segment.length });
  }
  return words;
}
