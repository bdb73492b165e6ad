// Single keys, for those who want them: they can be switched off, and never act while somebody writes.

export class Keys {
  /** `acts` names what each key does. */
  constructor(dialog, kept, acts) {
    this.dialog = dialog;
    this.kept = kept;
    this.acts = acts;
    this.box = dialog.querySelector("[name=single-keys]");
    this.box.checked = kept.get("keys") !== "off";
    this.box.addEventListener("change", () => kept.set("keys", this.box.checked ? "on" : "off"));
    document.addEventListener("keydown", (event) => this.#pressed(event));
    for (const opener of document.querySelectorAll("[data-opens=keys]")) {
      opener.addEventListener("click", () => dialog.showModal());
    }
  }

  #pressed(event) {
    if (!this.box.checked || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]") || event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (event.key === "?") this.dialog.showModal();
    else if (this.acts[event.key.toLowerCase()]) this.acts[event.key.toLowerCase()]();
    else return;
    event.preventDefault();
  }
}
