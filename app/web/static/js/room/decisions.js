// Decisions in the room: the card of what is before the meeting, the ballot with its question, the chair's sheets.
// The server draws the card, at first and after each act, so that both are one piece of code; a ballot of somebody
// else changes one seat of the board and a number, since two hundred may come within seconds.

import { gathered, unanswered } from "./gather.js";
import { hub } from "./hub.js";
import { newId } from "./ids.js";
import { LineDown } from "./line.js";
import { say } from "./data.js";

const REDRAWN = /^(decision|vote|objection|explanation|dissociation|intent|roll|session)\./;
/** Milliseconds in which acts are gathered into one new card; at random, so that a full room does not ask at once. */
const SETTLE = 80;
const SPREAD = 400;

class Decisions {
  #soon = gathered(() => this.#redraw(), () => SETTLE + Math.random() * SPREAD);
  #asked = 0;

  constructor(place) {
    this.place = place;
    hub.state.on("act", (event) => this.#heard(event));
    hub.line.on("joined", () => this.#atOnce());
    document.addEventListener("submit", (event) => this.#submit(event));
    document.addEventListener("click", (event) => this.#clicked(event));
    this.#pause();
  }

  #heard(event) {
    if (event.type === "ballot.cast" && this.#voted(event)) return;
    if (!REDRAWN.test(event.type) && event.type !== "ballot.cast") return;
    this.#soon();
  }

  /** Somebody has voted: mark the seat. False where the board is not there, or the ballot is of one's own delegation. */
  #voted({ actor, data }) {
    const card = this.place.querySelector(`details[data-decision="${data.decision}"]`);
    const seat = card?.querySelector(`.vote-seat[data-party="${actor.delegation}"]`);
    if (!seat) return false;
    if (!seat.classList.contains("voted")) {
      seat.classList.replace("waiting", "voted");
      seat.querySelector(".how").textContent = seat.closest(".vote-board").dataset.votedWord;
    }
    card.querySelector("[data-slot=voted]").textContent = data.voted;
    return actor.delegation !== this.place.dataset.party;
  }

  /** After one's own act nobody waits for a moment to fill. */
  async #atOnce() {
    if ((await this.#redraw()) === false) this.#soon();
  }

  async #redraw() {
    const turn = ++this.#asked;
    const response = await fetch(this.place.dataset.url, { headers: { Accept: "text/html" } }).catch(() => null);
    if (turn !== this.#asked) return undefined; // a later look has the later card
    if (!response?.ok) return !unanswered(response);
    const fresh = document.createElement("template");
    fresh.innerHTML = await response.text();
    this.#keepTyped(fresh.content);
    const focused = this.place.contains(document.activeElement) ? keyOf(document.activeElement) : null;
    this.place.replaceChildren(fresh.content);
    if (focused) this.place.querySelector(focused)?.focus();
    this.#pause();
    return true;
  }

  /** What somebody is writing below the card, and what is folded, outlives a new card of the same decision. */
  #keepTyped(fresh) {
    for (const after of fresh.querySelectorAll("details.decision")) {
      const before = this.place.querySelector(`details[data-decision="${after.dataset.decision}"]`);
      if (!before) continue;
      if (before.dataset.state === after.dataset.state) after.open = before.open;
      for (const old of before.querySelectorAll(".speak[open]")) {
        const kept = after.querySelector(`.speak[data-kept="${old.dataset.kept}"]`);
        if (!kept) continue;
        kept.open = true;
        for (const field of old.querySelectorAll("textarea, select, input:not([type=hidden])")) copy(field, kept);
      }
    }
  }

  /** The chair's hammer rests a moment after a proposal, so that an objection has time to come. */
  #pause() {
    const gavel = this.place.querySelector("button[data-pause]");
    const decision = gavel?.closest("[data-decision]");
    if (!gavel || this.rested === decision.dataset.decision) return;
    gavel.disabled = true;
    setTimeout(() => {
      this.rested = decision.dataset.decision;
      for (const button of this.place.querySelectorAll("button[data-pause]")) button.disabled = false;
    }, Number(gavel.dataset.pause) * 1000);
  }

  async #submit(event) {
    const form = event.target;
    const verb = form.dataset.decides;
    if (!verb || hub.line.status === "polling") return; // without a live line, the form goes by itself
    event.preventDefault();
    if (!(await this.#sure(form, verb))) return;
    const button = event.submitter ?? form.querySelector("button");
    button.disabled = true;
    const done = await this.#command(form, verb);
    button.disabled = false;
    if (!done) return;
    form.closest("dialog")?.close();
    if (form.elements.id) form.elements.id.value = newId(); // the same words again are another act
    if (verb === "explain" || verb === "dissociate" || verb === "intent") form.closest("details").open = false;
    this.#atOnce();
  }

  #sure(form, verb) {
    const dialog = document.getElementById({ vote: "confirm-ballot", object: "confirm-object" }[verb]);
    if (!dialog) return true;
    const slot = dialog.querySelector("[data-slot=choice]");
    if (slot) slot.textContent = form.querySelector("button").textContent;
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    });
  }

  async #command(form, verb) {
    this.#complain(form, "");
    try {
      const answer = await hub.line.send(verb, read(form));
      if (!answer.ok) this.#complain(form, answer.error.message);
      return answer.ok;
    } catch (error) {
      if (!(error instanceof LineDown)) throw error;
      this.#complain(form, say("actNotSent"));
      return false;
    }
  }

  #complain(form, message) {
    const problem = (form.querySelector(".decision-problem") ? form : form.closest("details.decision"))?.querySelector(
      ".decision-problem",
    );
    if (!problem) return;
    problem.textContent = message;
    problem.hidden = !message;
  }

  #clicked(event) {
    const opener = event.target.closest("[data-opens-sheet]");
    if (opener) {
      event.preventDefault();
      document.getElementById(opener.dataset.opensSheet).showModal();
    }
    if (event.target.closest("[data-closes]")) event.target.closest("dialog").close();
  }
}

const LISTS = new Set(["paragraphs", "present"]);

/** The members of a command: each field once, lists as lists; what only a form needs stays behind. */
function read(form) {
  const message = {};
  for (const [name, value] of new FormData(form)) {
    if (name === "csrf_token" || name === "next") continue;
    if (LISTS.has(name)) (message[name] ??= []).push(value);
    else if (value !== "") message[name] = value;
  }
  if (form.dataset.decides === "roll") message.present ??= [];
  return message;
}

function copy(field, into) {
  const same = Array.from(into.querySelectorAll(`[name="${field.name}"]`)).find(
    (other) => !["checkbox", "radio"].includes(field.type) || other.value === field.value,
  );
  if (!same) return;
  if (["checkbox", "radio"].includes(field.type)) same.checked = field.checked;
  else same.value = field.value;
}

/** How to find an element again in a new card. */
function keyOf(element) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  const form = element.closest("form[data-decides]");
  const choice = form?.elements.choice?.value;
  if (form) return `form[data-decides="${form.dataset.decides}"]${choice ? `:has([value="${choice}"])` : ""} button`;
  return element.matches("summary") ? "summary" : null;
}

const place = document.getElementById("decision-now");
if (place) new Decisions(place);
