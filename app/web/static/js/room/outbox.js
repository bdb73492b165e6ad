// Comments on their way. Each is kept in this browser with its id from the moment it was sent until the record has
// it, and is sent again with the same id after a lost line: the server lets it take effect once.

import { newId } from "./ids.js";
import { LineDown } from "./line.js";
import { Signals } from "./signals.js";

const TRIES = 5;
const NAME = "outbox:";

/**
 * An entry: {id, at, state, body, paragraph, label, quote, on_behalf_of, error}.
 * States: waiting (for the line), sending, sent (acknowledged, its event on the way), failed.
 * Tells: `change` (entry), `gone` (id, recorded).
 */
export class Outbox extends Signals {
  #entries = new Map();
  #busy = false;

  constructor(kept, line, recorded) {
    super();
    this.kept = kept;
    this.line = line;
    this.recorded = recorded;
    window.addEventListener("storage", (event) => this.#elsewhere(event));
  }

  /** Bring back what an earlier page could not send. */
  restore() {
    const found = this.kept.names(NAME).map((name) => this.kept.get(name));
    for (const entry of found.filter(Boolean).sort((a, b) => a.at - b.at)) {
      if (this.recorded(entry.id)) this.#forget(entry.id, true);
      else this.#put(entry.state === "failed" ? entry : { ...entry, state: "waiting" });
    }
  }

  get unsent() {
    return [...this.#entries.values()].filter((entry) => entry.state !== "sent").length;
  }

  add(comment) {
    this.#put({ id: newId(), at: Date.now(), state: "waiting", ...comment });
    this.flush();
  }

  again(id) {
    this.#put({ ...this.#entries.get(id), state: "waiting", error: null, tries: 0 });
    this.flush();
  }

  /** Give up a comment; returns it, for the composer. */
  discard(id) {
    const entry = this.#entries.get(id);
    this.#forget(id, false);
    return entry;
  }

  /** The record has it. */
  settle(id) {
    if (this.#entries.has(id)) this.#forget(id, true);
  }

  /** Send what waits, one after the other, in the order in which it was written. */
  async flush() {
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let next = this.#next(); next; next = this.#next()) {
        if (!(await this.#send(next))) break;
      }
    } finally {
      this.#busy = false;
    }
  }

  #next() {
    return [...this.#entries.values()].find((entry) => entry.state === "waiting");
  }

  /** Send one. Returns whether the next may follow at once. */
  async #send(entry) {
    this.#put({ ...entry, state: "sending" });
    let answer;
    try {
      answer = await this.line.send("comment", message(entry));
    } catch (error) {
      if (!(error instanceof LineDown)) throw error;
      this.#ifStill(entry.id, { state: "waiting" });
      if (this.line.status === "live") this.line.nudge();
      return false;
    }
    if (answer.ok) this.#acknowledged(entry.id, answer.seq);
    else return this.#refused(entry, answer.error);
    return true;
  }

  #acknowledged(id, seq) {
    if (this.recorded(id) || this.line.hasSeen(seq)) this.settle(id);
    else this.#ifStill(id, { state: "sent" });
  }

  #refused(entry, error) {
    const tries = (entry.tries ?? 0) + 1;
    if (error.code === "conflict" && error.field === "id") {
      this.#ifStill(entry.id, { state: "sent" }); // it was taken by another way; its event comes
      return true;
    }
    if (error.code === "rate_limited" || (error.code === "unavailable" && tries < TRIES)) {
      this.#ifStill(entry.id, { state: "waiting", tries });
      setTimeout(() => this.flush(), 1_000 * (error.retry_after ?? 2 ** tries));
      return false;
    }
    this.#ifStill(entry.id, { state: "failed", error: { code: error.code, message: error.message } });
    return true;
  }

  #ifStill(id, change) {
    const entry = this.#entries.get(id);
    if (entry) this.#put({ ...entry, ...change });
  }

  #put(entry) {
    this.#entries.set(entry.id, entry);
    this.kept.set(NAME + entry.id, entry);
    this.tell("change", entry);
  }

  #forget(id, recorded) {
    this.#entries.delete(id);
    this.kept.drop(NAME + id);
    this.tell("gone", id, recorded);
  }

  /** Another window of the same person discarded one, or saw it recorded. */
  #elsewhere(event) {
    if (event.newValue !== null || !event.key?.startsWith(this.kept.prefix + NAME)) return;
    const id = event.key.slice((this.kept.prefix + NAME).length);
    if (this.#entries.delete(id)) this.tell("gone", id, false);
  }
}

/** What the command carries: the same words each time, or the server would take it for another write. */
function message({ id, body, paragraph, quote, on_behalf_of }) {
  return Object.fromEntries(
    Object.entries({ id, body, paragraph, quote, on_behalf_of }).filter(([, value]) => value !== null && value !== undefined),
  );
}
