// The smallest way for one part of the room to tell others: names and listeners.

export class Signals {
  #listeners = new Map();

  on(name, listener) {
    const known = this.#listeners.get(name) ?? [];
    this.#listeners.set(name, [...known, listener]);
    return this;
  }

  tell(name, ...what) {
    for (const listener of this.#listeners.get(name) ?? []) listener(...what);
  }
}
