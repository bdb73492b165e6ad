// How far paragraphs are agreed and who stands where: the row of stances at the paragraph one looks at, the sheet of a
// paragraph, and what stands below each, fetched anew when something happens to it. Every form works by itself too.

import { fill, labelOf } from "./data.js";
import { gathered, unanswered } from "./gather.js";
import { hub } from "./hub.js";
import { newId } from "./ids.js";
import { LineDown } from "./line.js";

/** What others do to a paragraph is gathered for so long, and not by all screens of a full room at one moment. */
const GATHER = 400;
const SPREAD = 1_200;
const SEVERAL = new Set(["paragraphs", "holders"]);
const MOVES = /^(agreement|package|condition|bridging)\./;

const strings = JSON.parse(document.getElementById("agreement-strings")?.textContent ?? "{}");
const sheet = document.getElementById("agreement-sheet");
const row = document.getElementById("stance-row")?.content.firstElementChild.cloneNode(true);
const pieces = new Map([...document.querySelectorAll("[data-agreement]")].map((piece) => [piece.dataset.agreement, piece]));
const levels = new Map([...pieces].map(([wid, piece]) => [wid, piece.dataset.level]));
const dirty = new Set();
const inView = new Set();
const soon = gathered(freshen, () => GATHER + Math.random() * SPREAD);

hub.state.on("act", (event) => heard(event)).on("look", (wid) => showRow(wid));
showRow(hub.state.look);

const watcher = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    const wid = target.dataset.paragraph;
    if (isIntersecting) inView.add(wid);
    else inView.delete(wid);
  }
  if ([...dirty].some((wid) => inView.has(wid))) soon();
});
for (const [wid] of pieces) watcher.observe(hub.paper.paragraphs.get(wid));

document.addEventListener("submit", submitted);
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-sheet]");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  open(link.closest("[data-paragraph]").dataset.paragraph, link.hash);
});

// --- What happens in the room

function heard(event) {
  const { type, data } = event;
  if (type !== "position.taken" && !MOVES.test(type)) return;
  const touched = data.paragraphs?.map(({ paragraph }) => paragraph) ?? [data.paragraph];
  if (type === "agreement.marked") count(touched, data.level);
  if (type === "agreement.reopened") count(touched, "open");
  // Whether a condition looks met, and what is in the way, hangs on the level of other paragraphs.
  if (MOVES.test(type)) for (const [wid, piece] of pieces) if (piece.querySelector(".s-conditional")) touched.push(wid);
  for (const wid of touched) if (pieces.has(wid)) dirty.add(wid);
  soon();
}

/** The counts beside the outline follow the record itself. */
function count(touched, level) {
  for (const wid of touched) if (levels.has(wid)) levels.set(wid, level);
  for (const item of document.querySelectorAll(".rail [data-level]")) {
    const number = [...levels.values()].filter((one) => one === item.dataset.level).length;
    item.hidden = number === 0;
    item.querySelector("b").textContent = number;
  }
}

/** Fetch what changed and is in view; the rest waits until somebody looks at it. */
async function freshen() {
  let answered = true;
  for (const wid of [...dirty].filter((one) => inView.has(one))) {
    dirty.delete(wid);
    if ((await renew(wid)) === false) answered = false;
  }
  return answered;
}

/** False without an answer. */
async function renew(wid) {
  const piece = pieces.get(wid);
  const answer = await fetch(`${piece.dataset.source}?part=beside`, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) {
    dirty.add(wid);
    return !unanswered(answer); // where the room is closed to us, the next act asks again
  }
  const held = document.createElement("template");
  held.innerHTML = await answer.text();
  const fresh = held.content.querySelector("[data-agreement]");
  if (!fresh) return undefined;
  const had = piece.contains(document.activeElement) && document.activeElement;
  piece.replaceWith(fresh);
  pieces.set(wid, fresh);
  if (wid === hub.state.look) showRow(wid);
  if (had) (fresh.contains(had) ? had : fresh.querySelector("a, button"))?.focus({ preventScroll: true });
  return undefined;
}

// --- The row of stances

function showRow(wid) {
  if (!row) return;
  const piece = pieces.get(wid);
  if (!piece) return row.remove();
  row.elements.target.value = `paragraph:${wid}`;
  row.elements.paragraph.value = wid;
  row.querySelector("[data-sheet]").href = piece.dataset.source;
  for (const button of row.querySelectorAll("button[name=stance]")) {
    button.setAttribute("aria-pressed", button.value === piece.dataset.stanceOwn);
  }
  if (!piece.contains(row)) {
    complain(row, "");
    piece.insertBefore(row, piece.querySelector(".bridging"));
  }
  return undefined;
}

// --- The sheet

async function open(wid, hash) {
  const place = sheet.querySelector("[data-slot=sheet]");
  sheet.querySelector("h2").textContent = fill(strings.title, { label: labelOf(wid) });
  const answer = await fetch(`${pieces.get(wid).dataset.source}?part=sheet`).catch(() => null);
  if (!answer?.ok) return complain(document.querySelector(`[data-paragraph="${CSS.escape(wid)}"]`), strings.down);
  place.innerHTML = await answer.text();
  if (!sheet.open) sheet.showModal();
  if (hash) place.querySelector(CSS.escape(hash.slice(1)).replace(/^/, "#"))?.scrollIntoView();
  return undefined;
}

// --- Forms as commands

async function submitted(event) {
  const { target: form, submitter } = event;
  const command = submitter?.dataset.command ?? form.dataset.command;
  if (!command || hub.line.status === "polling") return; // without a live line, the form goes by itself
  event.preventDefault();
  const said = message(new FormData(form, submitter)); // read before the button is disabled: it has a value too
  if (submitter) submitter.disabled = true;
  try {
    const answer = await hub.line.send(command, { id: newId(), ...said });
    if (!answer.ok) return complain(form, answer.error.message);
    complain(form, "");
    if (sheet.open && sheet.contains(form)) sheet.close();
    const wid = said.paragraph;
    if (wid) await renew(wid);
  } catch (error) {
    if (!(error instanceof LineDown)) throw error;
    complain(form, strings.down);
  } finally {
    if (submitter) submitter.disabled = false;
  }
}

function message(said) {
  const found = {};
  for (const name of new Set(said.keys())) {
    if (name === "csrf_token") continue;
    found[name] = SEVERAL.has(name) ? said.getAll(name) : said.get(name);
  }
  if ("stance" in found) found.stance ||= null;
  if ("revision" in found) found.revision = Number(found.revision);
  return found;
}

/** Say what went wrong, where it was tried. */
function complain(form, words) {
  const place = form?.closest(".sheet")?.querySelector(".sheet-problem") ?? form?.querySelector(".row-problem");
  if (!place) return;
  place.textContent = words;
  place.hidden = !words;
  if (words) place.scrollIntoView({ block: "nearest" });
}
