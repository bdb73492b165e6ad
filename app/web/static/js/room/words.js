// The words of a paragraph in the page, and places in them. A raised footnote mark stands for "[^1]" of the text.

import { locate, segments } from "./quotes.js";

const FOOTNOTE = /\[\^([^\]\s]{1,20})\]/g;

/** The paragraph's text as the server has it. */
export function rawText(words) {
  return pieces(words).map((piece) => piece.raw).join("");
}

/** The place of (node, offset) in the raw text. */
export function placeOf(words, node, offset) {
  const until = document.createRange();
  until.setStart(words, 0);
  until.setEnd(node, offset);
  return rawText(until.cloneContents()).length;
}

/** Draw the words anew with every comment's words marked. `quotes`: [{id, exact, start, prefix, suffix}]. */
export function drawWords(words, quotes, describe) {
  const text = rawText(words);
  const spans = [...openings(words), ...quotes.flatMap((quote) => spanOf(text, quote))];
  const drawn = segments(text.length, spans).map((segment) => drawSegment(text, segment, describe));
  words.replaceChildren(...drawn);
}

/** Text nodes and footnote marks in order: {node, raw}. */
function pieces(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.data) continue;
    const raised = node.parentNode.nodeName === "SUP";
    found.push({ node, raw: raised ? `[^${node.data}]` : node.data });
  }
  return found;
}

/** The opening verb (em) or the name of an option (b), which the server measured once; kept in the data set. */
function openings(words) {
  if (!words.dataset.opening) {
    const first = words.querySelector("em, b");
    words.dataset.opening = first ? rawText(first).length : 0;
    words.dataset.openingTag = first ? first.nodeName : "EM";
  }
  const to = Number(words.dataset.opening);
  return to ? [{ from: 0, to, tag: words.dataset.openingTag }] : [];
}

function spanOf(text, quote) {
  const place = locate(text, quote);
  return place ? [{ from: place[0], to: place[1], id: quote.id }] : [];
}

function drawSegment(text, { from, to, spans }, describe) {
  const ids = spans.filter((span) => span.id).map((span) => span.id);
  const tag = spans.find((span) => span.tag)?.tag;
  let drawn = document.createDocumentFragment();
  drawn.append(...withFootnotes(text.slice(from, to)));
  if (tag) drawn = wrap(document.createElement(tag), drawn);
  if (ids.length) drawn = wrap(mark(ids, describe), drawn);
  return drawn;
}

function wrap(element, content) {
  element.append(content);
  return element;
}

function mark(ids, describe) {
  const element = document.createElement("mark");
  element.className = "anchor";
  element.dataset.comments = ids.join(" ");
  element.tabIndex = 0;
  element.setAttribute("role", "button");
  element.setAttribute("aria-description", describe(ids.length));
  return element;
}

function withFootnotes(text) {
  const parts = text.split(FOOTNOTE);
  return parts.map((part, number) => {
    if (number % 2 === 0) return part;
    const raised = document.createElement("sup");
    raised.textContent = part;
    return raised;
  });
}
