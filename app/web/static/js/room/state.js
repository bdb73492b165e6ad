// What the room knows: the state of the session, the focus, where this reader looks, how much was said on what.
// Events of the record change it; the parts of the page listen.

import { Signals } from "./signals.js";

const STATES = {
  "session.opened": "open",
  "session.suspended": "suspended",
  "session.resumed": "open",
  "session.closed": "closed",
  "session.rescheduled": "scheduled",
  "session.postponed": "postponed",
  "session.cancelled": "cancelled",
};

/**
 * Tells: `session` (state), `focus` (paragraph, label, by whom), `look` (paragraph), `comment` (event),
 * `act` (event), `mode` (event), `quotes` (paragraph), `version` (event), `can` (verbs).
 */
export class State extends Signals {
  constructor({ session, you, quotes, paragraphs }) {
    super();
    this.session = session.state;
    this.mode = session.mode;
    this.openness = session.openness;
    this.attributed = session.attributed;
    this.focus = session.focus;
    this.focusProposal = session.focusProposal; // {id, number} of the one proposal that the room speaks of, or null
    this.look = session.focus;
    this.following = true;
    this.can = new Set(you.can);
    this.counts = new Map(paragraphs.map(({ id, comments }) => [id, comments]));
    this.quotes = new Map();
    for (const quote of quotes) this.#addQuote(quote);
  }

  get mayComment() {
    return this.can.has("comment");
  }

  get open() {
    return this.session === "open";
  }

  /** Take the next event of the record. */
  apply(event) {
    if (event.type === "comment.added") return this.#comment(event);
    if (event.type in STATES) {
      this.session = STATES[event.type];
      this.tell("session", this.session);
    }
    if (event.type === "session.mode") this.#segment(event);
    if (event.type === "session.openness") this.#opened(event);
    if (event.type === "focus.moved") this.#moved(event);
    if (event.type === "version.tabled") this.tell("version", event);
    this.tell("act", event);
  }

  /** Older events that are drawn later: they bring marks, and change nothing else. */
  remember(event) {
    if (event.type === "comment.added") this.#noteQuote(event);
  }

  /** Look at a paragraph by one's own will. */
  lookAt(paragraph) {
    this.following = paragraph === this.focus;
    this.#look(paragraph);
  }

  follow() {
    this.following = true;
    this.#look(this.focus);
  }

  unfollow() {
    this.following = false;
    this.tell("look", this.look);
  }

  allow(verbs) {
    this.can = new Set(verbs);
    this.tell("can", this.can);
  }

  /** How many comments there are on a paragraph, in the whole session. */
  count(paragraph) {
    return this.counts.get(paragraph) ?? 0;
  }

  quotesOf(paragraph) {
    return this.quotes.get(paragraph) ?? [];
  }

  #comment(event) {
    const { paragraph } = event.data;
    if (paragraph) this.counts.set(paragraph, this.count(paragraph) + 1);
    this.#noteQuote(event);
    this.tell("comment", event);
  }

  /** A segment begins: the room is where it was, or comes back to where it stood before the doors were closed. */
  #segment(event) {
    this.mode = event.data.mode;
    this.openness = event.data.openness;
    this.attributed = event.data.attribution === "on_record";
    this.tell("mode", event);
    if (event.data.focus !== this.focus || this.focusProposal) this.#moved({ ...event, data: { paragraph: event.data.focus } });
  }

  /** The session is open to others than before; while it runs, the segment that begins with it follows. */
  #opened(event) {
    this.openness = event.data.openness;
    this.tell("mode", event);
  }

  #moved(event) {
    this.focus = event.data.paragraph;
    this.focusProposal = event.data.proposal ? { id: event.data.proposal, number: event.data.number } : null;
    this.tell("focus", this.focus, event);
    if (this.following) this.#look(this.focus);
    else this.tell("look", this.look);
  }

  #look(paragraph) {
    this.look = paragraph;
    this.tell("look", paragraph);
  }

  #noteQuote({ data }) {
    if (!data.quote || !data.paragraph) return;
    this.#addQuote({ id: data.id, paragraph: data.paragraph, ...data.quote });
    this.tell("quotes", data.paragraph);
  }

  #addQuote(quote) {
    const known = this.quotes.get(quote.paragraph) ?? [];
    if (!known.some(({ id }) => id === quote.id)) this.quotes.set(quote.paragraph, [...known, quote]);
  }
}
