// The room on a phone: one thing at a time, chosen at the thumb; while typing, the paragraph stays on top.

import { labelOf, say } from "./data.js";

export class Thumb {
  #new = 0;

  constructor(body, state, paper) {
    this.body = body;
    this.paper = paper;
    this.buttons = [...body.querySelectorAll(".thumb a[data-panel]")];
    this.count = body.querySelector(".thumb [data-slot=new]");
    this.menu = body.querySelector(".meeting-bar .menu");
    this.peek = body.querySelector(".peek");
    this.small = matchMedia("(max-width: 1000px)");
    this.#listen(state);
    this.show("text");
  }

  /** Show one part of the room: text, talk or outline. On a wide screen all of them are there. */
  show(panel) {
    this.body.dataset.panel = panel;
    for (const button of this.buttons) {
      if (button.dataset.panel === panel) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
    if (panel === "talk") this.#arrived(0);
    if (panel !== "talk" && this.small.matches) this.paper.showAgain();
  }

  #listen(state) {
    for (const button of this.buttons) button.addEventListener("click", (event) => this.#pressed(event, button));
    state.on("comment", () => this.body.dataset.panel !== "talk" && this.#arrived(this.#new + 1));
    this.body.addEventListener("chosen", () => this.show("text"));
    const compose = this.body.querySelector(".compose");
    if (compose) this.#watch(compose);
    window.visualViewport?.addEventListener("resize", () => this.#fit());
  }

  #watch(compose) {
    compose.addEventListener("focusin", (event) => event.target.matches("textarea") && this.#typing(true));
    compose.addEventListener("focusout", (event) => !compose.contains(event.relatedTarget) && this.#typing(false));
    compose.addEventListener("target", (event) => this.#showPeek(event.detail));
  }

  #pressed(event, button) {
    event.preventDefault();
    if (button.dataset.panel !== "me") {
      this.menu.open = false;
      return this.show(button.dataset.panel);
    }
    event.stopPropagation(); // the page closes menus on clicks outside of them
    this.menu.open = !this.menu.open;
    if (this.menu.open) this.menu.querySelector("a, button")?.focus();
  }

  #arrived(number) {
    this.#new = number;
    this.count.hidden = number === 0;
    this.count.textContent = number;
    this.count.setAttribute("aria-label", say("newComments", { number }));
  }

  #typing(typing) {
    this.body.classList.toggle("typing", typing);
    this.#fit();
  }

  /** The paragraph that one writes on, above the box. */
  #showPeek(paragraph) {
    const words = this.paper.words(paragraph);
    this.peek.replaceChildren();
    if (!words) return;
    const label = document.createElement("b");
    label.className = "num";
    label.textContent = labelOf(paragraph);
    const text = document.createElement("p");
    text.dir = "auto";
    text.append(...words.cloneNode(true).childNodes);
    for (const mark of text.querySelectorAll("mark")) mark.replaceWith(...mark.childNodes);
    this.peek.append(label, text);
  }

  /** Keyboards that lie over the page leave the visual viewport: the room is as high as what can be seen. */
  #fit() {
    const seen = window.visualViewport;
    const covered = this.small.matches && seen && window.innerHeight - seen.height > 80;
    this.body.style.setProperty("--room-block-size", covered ? `${seen.height}px` : "100dvh");
    if (covered) window.scrollTo(0, 0);
  }
}
