// What every page may use: the search key, confirmations, menus that close, and text areas that remember.

const KEY = "chapeau:draft:";
const SENT = "chapeau:sent-keys";

function typing(target) {
  return target.closest?.("input, textarea, select, [contenteditable]");
}

document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target)) {
    const box = document.querySelector('[data-shortcut="/"]');
    if (box) {
      event.preventDefault();
      box.focus();
    }
  }
  if (event.key === "Escape") {
    const open = document.querySelector("details.menu[open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  }
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    event.preventDefault();
    navigator.clipboard?.writeText(copy.dataset.copy);
    const said = copy.dataset.copied;
    if (said) copy.textContent = said;
  }
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
});

// The page after a form that was taken carries no error: forget what was kept for it.
if (!document.querySelector('[aria-invalid="true"], .error-summary, [data-unsent]')) {
  for (const key of JSON.parse(sessionStorage.getItem(SENT) ?? "[]")) localStorage.removeItem(key);
}
sessionStorage.removeItem(SENT);

// What is typed stays in this browser until the server has taken it. A box that is served with words in it takes what is
// kept only where its key names these very words (`data-restores`): else old words could come over newer ones.
for (const area of document.querySelectorAll("[data-draft-key]")) {
  const key = KEY + area.dataset.draftKey;
  const kept = localStorage.getItem(key);
  if (kept && kept !== area.value && (!area.value || "restores" in area.dataset)) {
    area.value = kept;
    area.dataset.kept = "";
  }
  area.addEventListener("input", () => localStorage.setItem(key, area.value));
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const question = form.dataset?.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    return;
  }
  const keys = [...(form.querySelectorAll?.("[data-draft-key]") ?? [])].map((area) => KEY + area.dataset.draftKey);
  if (keys.length) sessionStorage.setItem(SENT, JSON.stringify(keys));
});

