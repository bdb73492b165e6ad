// What is asked of a paragraph: drawn anew when a proposal on it is made, once a moment however many come.

import { gathered, unanswered } from "./gather.js";
import { hub } from "./hub.js";

/** Milliseconds; spread, so that not all screens of a full room ask at one moment. */
const GATHER = 400;
const SPREAD = 1_200;

const changed = new Set();
const soon = gathered(renew, () => GATHER + Math.random() * SPREAD);

hub.state.on("act", ({ type, data }) => {
  if (type !== "proposal.added") return;
  again(data.paragraph);
});

/** The paragraph below which the one proposal of which the room speaks is drawn. */
let spokenOf = hub.state.focusProposal ? hub.state.focus : null;

/** Where the room speaks of one proposal, all that is asked of its paragraph is open to read. */
hub.state.on("focus", (wid) => {
  const asked = hub.state.focusProposal && hub.paper.paragraphs.get(wid)?.querySelector(":scope > .asked");
  if (asked) asked.open = true;
  if (asked || spokenOf) again(wid, spokenOf);
  spokenOf = asked ? wid : null;
  for (const form of document.querySelectorAll(".asked-choice form")) {
    const chosen = form.elements.proposal.value === hub.state.focusProposal?.id;
    form.querySelector("button").setAttribute("aria-pressed", chosen);
  }
});

/** Where much is asked of a text, a folded block comes empty, and is drawn when it is opened: here or by its focus. */
document.addEventListener(
  "toggle",
  async ({ target }) => {
    if (!target.matches(".asked[data-later][open]")) return;
    const { paragraph } = target.closest("[data-paragraph]").dataset;
    if (!(await draw(paragraph))) again(paragraph);
  },
  { capture: true }, // the event does not rise
);

function again(...wids) {
  for (const wid of wids) if (hub.paper.paragraphs.has(wid)) changed.add(wid);
  soon();
}

async function renew() {
  const wids = [...changed];
  changed.clear();
  const left = [];
  for (const wid of wids) if (!(await draw(wid))) left.push(wid);
  for (const wid of left) changed.add(wid);
  return left.length === 0;
}

/** False without an answer. */
async function draw(wid) {
  const answer = await fetch(`/sessions/${hub.line.session}/asked/${encodeURIComponent(wid)}`).catch(() => null);
  if (!answer?.ok) return !unanswered(answer);
  const para = hub.paper.paragraphs.get(wid);
  const before = para.querySelector(":scope > .asked");
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".asked");
  if (!fresh) return true;
  fresh.open = before ? before.open : fresh.open;
  if (before) before.replaceWith(fresh);
  else para.querySelector(":scope > .words").after(fresh);
  return true;
}
