// What every page may use: the search key, confirmations, menus that close, and text areas that remember.

const KEY = "chapeau:draft:";

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

// What is typed stays in this browser until the server has taken it.
for (const area of document.querySelectorAll("[data-draft-key]")) {
  const key = KEY + area.dataset.draftKey;
  const kept = localStorage.getItem(key);
  if (kept && !area.value) area.value = kept;
  area.addEventListener("input", () => localStorage.setItem(key, area.value));
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const question = form.dataset?.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    return;
  }
  for (const area of form.querySelectorAll?.("[data-draft-key]") ?? []) {
    sessionStorage.setItem("chapeau:sent", KEY + area.dataset.draftKey);
  }
});

// The page after a form that was taken carries no error: forget what was kept for it.
const sent = sessionStorage.getItem("chapeau:sent");
if (sent && !document.querySelector('[aria-invalid="true"], .error-summary, [data-unsent]')) localStorage.removeItem(sent);
sessionStorage.removeItem("chapeau:sent");
