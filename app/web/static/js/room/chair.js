// What the chair does: open, suspend, resume, close, and move the room from paragraph to paragraph. The buttons are
// forms that work by themselves; with a live line they are commands, answered without leaving the page.

import { labelOf, say } from "./data.js";
import { newId } from "./ids.js";
import { LineDown } from "./line.js";

/** Milliseconds for which steps are gathered: whoever presses J four times means the fourth paragraph. */
const SETTLE = 250;

export class Chair {
  #target = null;
  #timer = null;

  constructor(root, state, line, paper) {
    this.root = root;
    this.bar = root.querySelector(".chair-bar");
    this.problem = root.querySelector(".chair-problem");
    this.dialog = root.querySelector("#ask-close");
    this.state = state;
    this.line = line;
    this.paper = paper;
    root.addEventListener("submit", (event) => this.#submit(event));
    root.addEventListener("click", (event) => this.#stepped(event.target.closest("[data-step]")));
    state.on("session", () => this.#show()).on("can", () => this.#show()).on("focus", () => this.#show());
    this.#show();
  }

  /** Move the room `by` paragraphs, once the chair has stopped pressing. */
  step(by) {
    if (!this.#mayMove()) return;
    const target = this.paper.neighbour(this.#target ?? this.state.focus, by);
    if (target) this.moveTo(target, SETTLE);
  }

  /** Move the room to a paragraph, or to one proposal on it. */
  moveTo(paragraph, after = 0, proposal = null) {
    this.#moving(paragraph);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#move(paragraph, proposal), after);
  }

  async #move(paragraph, proposal) {
    const there = paragraph === this.state.focus && proposal === (this.state.focusProposal?.id ?? null);
    const done = there || (await this.#command("focus", proposal ? { paragraph, proposal } : { paragraph }));
    this.#moving(null);
    if (done) this.paper.return();
  }

  #mayMove() {
    return this.state.can.has("focus") && ["open", "suspended"].includes(this.state.session);
  }

  #stepped(button) {
    if (button) this.step(Number(button.dataset.step));
  }

  async #submit(event) {
    const form = event.target;
    if (!form.dataset.act || this.line.status === "polling") return; // without a live line, the form goes by itself
    event.preventDefault();
    if (form.dataset.act === "focus") return this.moveTo(form.elements.paragraph.value, 0, form.elements.proposal?.value);
    if (form.dataset.act === "close" && !(await this.#sure())) return;
    const button = form.querySelector("button");
    button.disabled = true;
    const fields = [...new FormData(form)].filter(([name]) => name !== "csrf_token");
    await this.#command(form.dataset.act, Object.fromEntries(fields));
    form.closest("details")?.removeAttribute("open");
    button.disabled = false;
  }

  #sure() {
    this.dialog.returnValue = "";
    this.dialog.showModal();
    return new Promise((resolve) => {
      this.dialog.addEventListener("close", () => resolve(this.dialog.returnValue === "close"), { once: true });
    });
  }

  /** Send a command; says what went wrong, and returns whether it took effect. */
  async #command(verb, message) {
    this.#complain("");
    try {
      const answer = await this.line.send(verb, { id: newId(), ...message });
      if (!answer.ok) this.#complain(answer.error.message);
      return answer.ok;
    } catch (error) {
      if (!(error instanceof LineDown)) throw error;
      this.#complain(say("actNotSent"));
      return false;
    }
  }

  #complain(message) {
    this.problem.textContent = message;
    this.problem.hidden = !message;
  }

  #moving(paragraph) {
    this.#target = paragraph;
    for (const [id, para] of this.paper.paragraphs) para.classList.toggle("moving", id === paragraph);
    this.#show();
  }

  #show() {
    const { session, can } = this.state;
    const offered = { open: session === "scheduled", suspend: session === "open", resume: session === "suspended" };
    offered.close = offered.mode = session === "open" || session === "suspended";
    for (const form of this.bar.querySelectorAll("form[data-act]")) {
      form.hidden = !(offered[form.dataset.act] && can.has(form.dataset.act));
    }
    this.bar.querySelector(".steps").hidden = !this.#mayMove();
    this.bar.querySelector("[data-slot=place]").textContent = labelOf(this.#target ?? this.state.focus) || "–";
    this.bar.hidden = !["open", "suspend", "resume", "close", "focus"].some((verb) => can.has(verb)) || session === "closed";
    this.root.classList.toggle("conducts", this.#mayMove());
  }
}
