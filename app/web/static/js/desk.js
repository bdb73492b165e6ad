// The desk: J and K go from paragraph to paragraph, Ctrl+Enter saves the one that is being edited.

const paragraphs = [...document.querySelectorAll("[data-paragraph]")];

function current() {
  const middle = window.innerHeight / 3;
  return Math.max(0, paragraphs.findLastIndex((p) => p.getBoundingClientRect().top <= middle));
}

document.addEventListener("keydown", (event) => {
  const area = event.target.closest?.("textarea");
  if (area && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    area.form.requestSubmit();
    return;
  }
  if (event.target.closest?.("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  const step = { j: 1, k: -1 }[event.key.toLowerCase()];
  if (!step) return;
  const next = paragraphs[Math.min(paragraphs.length - 1, Math.max(0, current() + step))];
  next?.scrollIntoView({ block: "start" });
  next?.querySelector("textarea")?.focus({ preventScroll: true });
});
