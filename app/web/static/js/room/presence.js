// Which delegations are in the room now.

import { partyName, room } from "./data.js";

export class Presence {
  constructor(section, line) {
    this.section = section;
    this.list = section.querySelector("ul");
    this.number = section.querySelector("[data-slot=number]");
    line.on("presence", (codes) => this.#show(codes)).on("joined", (answer) => this.#show(answer.delegations ?? []));
    line.on("status", (status) => section.classList.toggle("stale", status !== "live"));
  }

  #show(codes) {
    const names = codes.map((code) => ({ code, name: partyName(code) }));
    names.sort((a, b) => a.name.localeCompare(b.name, room.locale));
    this.section.hidden = names.length === 0;
    this.number.textContent = names.length;
    this.list.replaceChildren(...names.map(item));
  }
}

function item({ code, name }) {
  const element = document.createElement("li");
  const words = document.createElement("bdi");
  words.textContent = name;
  element.append(words);
  element.classList.toggle("me", code === room.you.delegation);
  return element;
}
