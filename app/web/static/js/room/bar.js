// The head of the room: the state of the session, and the line as a small number.

import { room, say } from "./data.js";

const TONES = { scheduled: "info", open: "live", suspended: "suspended", closed: "open", postponed: "moved", cancelled: "open" };

export class Bar {
  constructor(root, state, line, outbox) {
    this.pill = root.querySelector(".meeting-bar .pill");
    this.conn = root.querySelector(".conn");
    this.ended = root.querySelector(".session-ended");
    this.stale = root.querySelector(".page-stale");
    this.state = state;
    this.line = line;
    this.outbox = outbox;
    state.on("session", () => this.#session()).on("version", (event) => this.#version(event));
    this.names = root.querySelector(".names-off");
    state.on("mode", () => this.#mode());
    state.on("can", (can) => this.#rights(can));
    line.on("status", () => this.connection()).on("event", () => this.connection());
    outbox.on("change", () => this.connection()).on("gone", () => this.connection());
    this.connection();
  }

  connection() {
    const { status, seq } = this.line;
    const unsent = this.outbox.unsent;
    const well = status === "live" || status === "polling";
    this.conn.className = `conn ${status}`;
    const number = this.conn.querySelector("[data-slot=seq]");
    number.textContent = well ? seq : say(unsent ? "lostUnsent" : status === "connecting" ? "connecting" : "lost", { number: unsent });
    this.conn.title = say(`line.${status}`, { number: seq });
    this.conn.querySelector("[data-slot=words]").textContent = well ? this.conn.title : "";
  }

  #session() {
    const { session } = this.state;
    this.pill.className = `pill ${TONES[session]}`;
    this.pill.querySelector("[data-slot=state]").textContent = say(`state.${session}`);
    this.ended.hidden = session !== "closed";
  }

  #mode() {
    this.pill.querySelector("[data-slot=mode]").textContent = say(`mode.${this.state.mode}`);
    this.pill.querySelector("[data-slot=openness]").textContent = say(`openness.${this.state.openness}`);
    this.pill.querySelector(".openness").classList.toggle("closed", this.state.openness !== "public");
    this.names.hidden = this.state.attributed;
  }

  #version(event) {
    if (String(event.data.version) !== room.version) this.#outdated(say("tabled", { label: event.data.label ?? "" }));
  }

  /** The page was drawn for other rights: only a new one shows what they allow. */
  #rights(can) {
    const drawn = new Set(room.you.can);
    if (drawn.size !== can.size || [...can].some((verb) => !drawn.has(verb))) this.#outdated(say("changed"));
  }

  #outdated(words) {
    this.stale.hidden = false;
    this.stale.querySelector("[data-slot=words]").textContent = words;
  }
}
