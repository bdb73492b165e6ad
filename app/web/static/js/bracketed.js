// Who wants what of a paragraph opens in its place; without scripts, or when it cannot be fetched, the link leads there.

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[data-inline]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const box = link.parentElement;
  const open = box.nextElementSibling?.matches("[data-cards]") ? box.nextElementSibling : null;
  if (open) {
    open.remove();
    link.setAttribute("aria-expanded", "false");
    return;
  }
  const answer = await fetch(link.href).catch(() => null);
  const cards = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-cards]");
  if (!cards) {
    window.location.assign(link.href);
    return;
  }
  box.after(cards);
  link.setAttribute("aria-expanded", "true");
});
