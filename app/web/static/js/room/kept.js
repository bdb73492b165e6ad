// What this browser keeps for one person in one session: drafts, comments on their way, choices.
// Storage may be full or forbidden; the room works on without it, in memory.

export class Kept {
  #memory = new Map();

  /** `whose` names session and person, so that nobody sends another one's words. */
  constructor(whose, storage = browserStorage()) {
    this.prefix = `chapeau:room:${whose}:`;
    this.storage = storage;
  }

  get(name) {
    try {
      const text = this.storage.getItem(this.prefix + name) ?? this.#memory.get(name);
      return text ? JSON.parse(text) : null;
    } catch {
      return null; // unreadable is as good as nothing kept
    }
  }

  set(name, value) {
    const text = JSON.stringify(value);
    try {
      this.storage.setItem(this.prefix + name, text);
    } catch {
      this.#memory.set(name, text);
    }
  }

  drop(name) {
    this.#memory.delete(name);
    this.storage.removeItem(this.prefix + name);
  }

  /** The names that begin with `start`. */
  names(start) {
    const stored = Array.from({ length: this.storage.length }, (_, number) => this.storage.key(number))
      .filter((key) => key.startsWith(this.prefix))
      .map((key) => key.slice(this.prefix.length));
    return [...new Set([...stored, ...this.#memory.keys()])].filter((name) => name.startsWith(start));
  }
}

/** The browser's storage; where it is forbidden, one that keeps nothing. */
function browserStorage() {
  try {
    return window.localStorage;
  } catch {
    const refuse = () => {
      throw new Error("storage is forbidden");
    };
    return { length: 0, getItem: () => null, setItem: refuse, removeItem: () => {} };
  }
}
