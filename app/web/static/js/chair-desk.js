// The chair's desk by keyboard: J and K change the paragraph, 1 to 9 take a proposal over, Ctrl+Enter saves.

document.addEventListener("keydown", (event) => {
  const area = event.target.closest?.("textarea");
  if (area && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    area.form.requestSubmit();
    return;
  }
  if (event.target.closest?.("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (target) {
    event.preventDefault();
    target.click();
  }
});
document.querySelector(".desk-strip [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
