// Writing a comment: on which paragraph, on which words, in whose name. What is typed is kept from the first letter.

import { labelOf, room, say } from "./data.js";

const LIMIT = 10_000;
/** The counter shows when so many characters are left. */
const NEAR = 1_000;
/** Milliseconds after the last letter. */
const KEEP_AFTER = 300;

export class Composer {
  #timer = null;

  constructor(form, state, outbox, kept) {
    this.form = form;
    this.body = form.querySelector("textarea");
    this.behalf = form.querySelector("[name=on_behalf_of]");
    this.send = form.querySelector("[type=submit]");
    this.note = form.querySelector(".compose-note");
    this.counter = form.querySelector(".counter");
    this.chips = form.querySelector(".chips");
    this.state = state;
    this.outbox = outbox;
    this.kept = kept;
    this.paragraph = state.look;
    this.quote = null;
    this.#listen();
    this.#restore();
    this.#sessionChanged();
  }

  get empty() {
    return !this.body.value.trim() && !this.quote;
  }

  /** Write on a paragraph, and on words of it when they are given. */
  begin(paragraph, quote = null) {
    this.#turnTo(paragraph);
    if (quote) this.#setQuote(quote);
    this.body.focus();
  }

  /** Take a comment that could not be sent back into the box. What stands there stays below it. */
  takeBack({ paragraph, quote, body, on_behalf_of }) {
    this.#turnTo(paragraph ?? null);
    if (quote) this.#setQuote(quote);
    if (this.behalf && on_behalf_of) this.behalf.value = on_behalf_of;
    this.body.value = [body, this.body.value].filter(Boolean).join("\n\n");
    this.#typed();
    this.body.focus();
  }

  // --- What happens

  #listen() {
    this.body.addEventListener("input", () => this.#typed());
    this.body.addEventListener("keydown", (event) => this.#keys(event));
    this.form.addEventListener("submit", (event) => this.#submit(event));
    this.chips.addEventListener("click", (event) => this.#chip(event.target.closest("[data-drop]")));
    this.behalf?.addEventListener("change", () => this.kept.set("behalf", this.behalf.value));
    this.state.on("look", (paragraph) => this.#lookChanged(paragraph)).on("mode", () => this.#showState())
      .on("session", () => this.#sessionChanged());
    this.state.on("can", () => this.#sessionChanged());
    window.addEventListener("pagehide", () => this.#keep());
  }

  #keys(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.form.requestSubmit();
    }
  }

  #typed() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#keep(), KEEP_AFTER);
    this.#count();
    this.#showState();
  }

  #submit(event) {
    event.preventDefault();
    if (!this.#maySend()) return;
    this.outbox.add({
      body: this.body.value,
      paragraph: this.paragraph,
      label: this.paragraph ? labelOf(this.paragraph) : null,
      quote: this.quote,
      on_behalf_of: this.behalf?.value || null,
    });
    this.body.value = "";
    this.quote = null;
    this.#typed();
    this.#keep();
    this.#turnTo(this.state.look);
    this.#show();
  }

  #maySend() {
    return this.state.open && this.state.mayComment && this.body.value.trim() && this.#left() >= 0;
  }

  /** The room moves on: the box goes along when nothing is written in it. */
  #lookChanged(paragraph) {
    if (this.empty) this.#turnTo(paragraph);
    this.#show();
  }

  #chip(button) {
    if (!button) return;
    if (button.dataset.drop === "quote") this.#setQuote(null);
    else this.#move(button.dataset.drop === "here" ? this.state.look : null);
    this.body.focus();
  }

  /** Take what is written to another paragraph. The quoted words stay behind: they stand in the first one. */
  #move(paragraph) {
    this.kept.drop(this.#name());
    this.paragraph = paragraph;
    this.#setQuote(null);
  }

  // --- Drafts, one for each paragraph

  #name(paragraph = this.paragraph) {
    return `draft:${paragraph ?? ""}`;
  }

  #keep() {
    if (this.empty) this.kept.drop(this.#name());
    else this.kept.set(this.#name(), { body: this.body.value, quote: this.quote });
  }

  #turnTo(paragraph) {
    if (paragraph !== this.paragraph) {
      this.#keep();
      this.paragraph = paragraph;
      const draft = this.kept.get(this.#name());
      this.body.value = draft?.body ?? "";
      this.quote = draft?.quote ?? null;
    }
    this.#show();
  }

  #restore() {
    const draft = this.kept.get(this.#name()) ?? { body: this.body.value, quote: null };
    this.body.value = draft.body;
    this.quote = draft.quote;
    const behalf = this.kept.get("behalf");
    if (this.behalf && [...this.behalf.options].some(({ value }) => value === behalf)) this.behalf.value = behalf;
    this.#show();
  }

  #setQuote(quote) {
    this.quote = quote;
    this.#typed();
    this.#show();
  }

  // --- What shows

  #show() {
    const label = this.paragraph ? labelOf(this.paragraph) : say("wholeText");
    this.chips.replaceChildren(...this.#chipItems(label));
    const keys = this.paragraph ? "writeOn" : "writeOnWhole"; // names them; where there are none, the line is short
    this.body.placeholder = say(matchMedia("(pointer: coarse)").matches ? "commentOn" : keys, { label });
    this.body.setAttribute("aria-label", say("commentOn", { label }));
    this.form.dispatchEvent(new CustomEvent("target", { bubbles: true, detail: this.paragraph }));
    this.#count();
    this.#showState();
  }

  #chipItems(label) {
    const chips = [chip(label, this.paragraph && { drop: "paragraph", say: say("dropParagraph", { label }) })];
    if (this.quote) chips.push(chip(`“${this.quote.exact}”`, { drop: "quote", say: say("dropQuote") }, "quote"));
    if (this.paragraph !== this.state.look && this.state.look) {
      chips.push(chip(say("moveHere", { label: labelOf(this.state.look) }), { drop: "here" }, "here"));
    }
    return chips;
  }

  #left() {
    return LIMIT - [...this.body.value].length;
  }

  #count() {
    const left = this.#left();
    this.counter.hidden = left > NEAR;
    this.counter.textContent = left < 0 ? say("tooLong", { number: -left }) : say("left", { number: left });
    this.counter.classList.toggle("over", left < 0);
  }

  #sessionChanged() {
    this.form.hidden = !this.state.mayComment;
    this.#showState();
  }

  #showState() {
    const { session } = this.state;
    this.note.textContent = say(this.state.open ? `visible.${this.state.openness}` : `note.${session}`);
    this.note.classList.toggle("warning", !this.state.open);
    this.send.disabled = !this.#maySend();
  }
}

/** A chip, with a button that takes it away when `drop` says what is dropped. */
function chip(text, drop, kind = "") {
  const item = document.createElement("li");
  item.className = `chip ${kind}`;
  const words = document.createElement(kind === "here" ? "button" : "bdi");
  words.textContent = text;
  item.append(words);
  if (kind === "here") Object.assign(words, { type: "button" }).dataset.drop = drop.drop;
  else if (drop) item.append(cross(drop));
  return item;
}

function cross({ drop, say: words }) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.drop = drop;
  button.textContent = "✕";
  button.setAttribute("aria-label", words);
  return button;
}
