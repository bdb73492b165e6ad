// What a screen reader hears of the room: gathered, so that a lively debate is not read out word by word.

import { partyName, say, speakerName } from "./data.js";
import { actWords, isQuiet } from "./cards.js";

const EVERY = 6_000;

export class Announcer {
  #comments = [];
  #words = [];
  #timer = null;
  #last = 0;
  #wasLost = false;

  constructor(region, state, line) {
    this.region = region;
    state.on("comment", (event) => this.#comment(event)).on("act", (event) => isQuiet(event) || this.#say(actWords(event)));
    line.on("status", (status) => this.#status(status));
  }

  #comment(event) {
    this.#comments.push(event);
    this.#soon();
  }

  #status(status) {
    const lost = status === "reconnecting";
    if (lost !== this.#wasLost && status !== "removed") this.#say(say(lost ? "heardLost" : "heardBack"));
    this.#wasLost = lost;
  }

  #say(words) {
    this.#words.push(words);
    this.#soon();
  }

  #soon() {
    this.#timer ??= setTimeout(() => this.#speak(), Math.max(300, this.#last + EVERY - Date.now()));
  }

  #speak() {
    const said = [...this.#words, ...this.#commentWords()];
    this.#words = [];
    this.#comments = [];
    this.#timer = null;
    this.#last = Date.now();
    this.region.textContent = said.join(". ");
  }

  #commentWords() {
    if (this.#comments.length > 1) return [say("heardComments", { number: this.#comments.length })];
    return this.#comments.map(({ actor, data }) =>
      say(data.label ? "heardCommentOn" : "heardComment", {
        who: actor.delegation ? partyName(actor.delegation) : speakerName(actor),
        label: data.label ?? "",
      }),
    );
  }
}
