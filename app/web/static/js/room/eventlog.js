// The order of the record. Events come in by the socket, by catching up and by polling, early, late or twice;
// they leave in the order of `seq`, each once. Knows nothing of pages or sockets.

/** So many events may wait for a missing one; what comes beyond is fetched again with the gap. */
const WAITING_LIMIT = 1000;

export class EventLog {
  #waiting = new Map();
  #held = false;

  /** `last` is the seq up to which the page is drawn. `take(event)` gets each next event; `gap()` hears of a hole. */
  constructor(last, take, gap) {
    this.last = last;
    this.take = take;
    this.gap = gap;
  }

  /** Between a new connection and its catching up: keep live events back, for older ones are on their way. */
  hold() {
    this.#held = true;
  }

  release() {
    this.#held = false;
    this.#drain();
    if (this.#waiting.size) this.gap();
  }

  /** A live event. */
  offer(event) {
    if (!this.#keep(event)) return;
    if (this.#held) return;
    this.#drain();
    if (this.#waiting.size) this.gap();
  }

  /** A page of the log, asked for after `last`: taken at once, even while live events are held. */
  catchUp(events) {
    for (const event of events) this.#keep(event);
    this.#drain();
  }

  get waits() {
    return this.#waiting.size > 0;
  }

  #keep(event) {
    if (event.seq <= this.last || this.#waiting.has(event.seq)) return false;
    if (this.#waiting.size >= WAITING_LIMIT && event.seq !== this.last + 1) return false;
    this.#waiting.set(event.seq, event);
    return true;
  }

  #drain() {
    for (let next = this.#waiting.get(this.last + 1); next; next = this.#waiting.get(this.last + 1)) {
      this.#waiting.delete(next.seq);
      this.last = next.seq;
      this.take(next);
    }
  }
}
