// Attaching a comment: words that are selected in the text go into the form, with their place.

import { quoteOf } from "./room/quotes.js";

const form = document.getElementById("attach");
const { paragraph, words, start, prefix, suffix } = form.elements;
form.querySelector(".needs-scripts").hidden = false;

function show() {
  for (const section of document.querySelectorAll(".attach-text .paragraph")) {
    section.classList.toggle("chosen", section.dataset.paragraph === paragraph.value);
  }
}

function forget() {
  start.value = prefix.value = suffix.value = "";
}

/** How many characters of an element's words stand before a place in it. */
function before(element, node, offset) {
  const range = document.createRange();
  range.setStart(element, 0);
  range.setEnd(node, offset);
  return range.toString().length;
}

let waiting;
document.addEventListener("selectionchange", () => {
  cancelAnimationFrame(waiting);
  waiting = requestAnimationFrame(() => {
    const selection = document.getSelection();
    if (!selection?.rangeCount || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    const from = range.startContainer.nodeType === Node.TEXT_NODE ? range.startContainer.parentElement : range.startContainer;
    const element = from.closest?.(".attach-text .words");
    if (!element) return;
    const text = element.textContent;
    // A triple click ends at the beginning of what follows: the paragraph is meant as far as it goes.
    const end = element.contains(range.endContainer) ? before(element, range.endContainer, range.endOffset) : text.length;
    const quote = quoteOf(text, before(element, range.startContainer, range.startOffset), end);
    if (!quote) return;
    paragraph.value = element.closest("[data-paragraph]").dataset.paragraph;
    words.value = quote.exact;
    start.value = quote.start;
    prefix.value = quote.prefix;
    suffix.value = quote.suffix;
    form.classList.add("held");
    show();
  });
});

words.addEventListener("input", forget);
paragraph.addEventListener("change", () => {
  forget();
  show();
  document.querySelector(".attach-text .chosen")?.scrollIntoView({ block: "nearest" });
});

// The text opens at the paragraph that the comment was on; the page stays at its beginning.
const box = document.querySelector(".attach-text");
const about = box.querySelector(".chosen");
if (about) box.scrollTop += about.getBoundingClientRect().top - box.getBoundingClientRect().top - 16;
