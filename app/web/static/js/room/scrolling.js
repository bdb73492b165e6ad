// Bringing things into view inside one scrolling pane. `scrollIntoView` would move every pane around it too.

const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** Bring `element` into the middle of `pane`, or its beginning to the top where the pane is too small for that. */
export function bringToMiddle(pane, element, { margin = 64, instant = false } = {}) {
  const box = element.getBoundingClientRect();
  const frame = pane.getBoundingClientRect();
  const space = (frame.height - box.height) / 2;
  scrollBy(pane, box.top - frame.top - (space > 2 * margin ? space : margin), instant);
}

/** Bring `element` into view with as little movement as possible. */
export function bringIntoView(pane, element) {
  const box = element.getBoundingClientRect();
  const frame = pane.getBoundingClientRect();
  if (box.top < frame.top) scrollBy(pane, box.top - frame.top, true);
  else if (box.bottom > frame.bottom) scrollBy(pane, Math.min(box.bottom - frame.bottom, box.top - frame.top), true);
}

function scrollBy(pane, top, instant) {
  pane.scrollBy({ top, behavior: instant || calm.matches ? "instant" : "smooth" });
}
