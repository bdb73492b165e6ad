// The live room: puts its parts together. The page works without this; with it, it lives.

import { Announcer } from "./announcer.js";
import { Bar } from "./bar.js";
import { Chair } from "./chair.js";
import { Composer } from "./composer.js";
import { labelOf, room, say } from "./data.js";
import { Feed } from "./feed.js";
import { hub } from "./hub.js";
import { Kept } from "./kept.js";
import { Keys } from "./keys.js";
import { Line } from "./line.js";
import { Outbox } from "./outbox.js";
import { Paper } from "./paper.js";
import { Presence } from "./presence.js";
import { SelectionToolbar, WordPicker } from "./selecting.js";
import { State } from "./state.js";
import { Thumb } from "./thumb.js";

const body = document.body;
const find = (selector) => document.querySelector(selector);

const kept = new Kept(`${room.session.id}:${room.user ?? "public"}`);
const state = new State(room);
const line = new Line({
  session: room.session.id,
  seqs: room.seqs,
  csrf: find('meta[name="csrf-token"]').content,
  urls: room.urls,
});
const outbox = new Outbox(kept, line, (id) => feed.has(id));
const feed = new Feed(find(".stream"), state, line, outbox);
const paper = new Paper(find(".paper"), find(".rail"), state);
const thumb = new Thumb(body, state, paper);
const composer = find(".compose") && new Composer(find(".compose"), state, outbox, kept);
const picker = new WordPicker(find("#pick-words"));
const chair = find(".chair-bar") && new Chair(body, state, line, paper);
new Bar(body, state, line, outbox);
new Presence(find(".presence"), line);
new Announcer(find("#heard"), state, line);
if (composer) {
  new SelectionToolbar(find(".selection-toolbar"), find(".paper"), ({ paragraph, quote }) => write(paragraph, quote));
}
new Keys(find("#keys"), kept, {
  j: () => step(1),
  k: () => step(-1),
  c: () => composer && write(state.look),
  f: () => paper.return(),
});

line
  .on("event", (event) => state.apply(event))
  .on("joined", (answer) => {
    state.allow(answer.you.can);
    outbox.flush();
  })
  .on("status", (status) => status === "polling" && outbox.flush())
  .on("removed", (reason) => leave(reason));

find(".paper").addEventListener("click", (event) => clickedInText(event));
find(".paper").addEventListener("keydown", (event) => {
  if (["Enter", " "].includes(event.key) && event.target.matches("mark.anchor")) clickedInText(event);
});
find(".stream").addEventListener("click", (event) => clickedInTalk(event));

Object.assign(hub, { line, state, paper, feed, thumb });
body.classList.add("alive");
outbox.restore();
line.start();

function write(paragraph, quote) {
  if (paragraph) state.lookAt(paragraph);
  feed.setView(paragraph ? "paragraph" : "all");
  thumb.show("talk");
  composer.begin(paragraph, quote);
}

/** J and K: the chair moves the room, everybody else their own eyes. */
function step(by) {
  if (chair && state.can.has("focus")) return chair.step(by);
  const next = paper.neighbour(state.look, by);
  if (next) paper.lookAt(next);
}

function clickedInText(event) {
  const para = event.target.closest(".para");
  const mark = event.target.closest("mark.anchor");
  const tool = event.target.closest("[data-tool]");
  if (mark && document.getSelection().isCollapsed) {
    event.preventDefault();
    showComments(para.dataset.paragraph, mark.dataset.comments.split(" "));
  } else if (tool?.dataset.tool === "comment") {
    event.preventDefault();
    write(para.dataset.paragraph);
  } else if (tool?.dataset.tool === "quote") {
    pickWords(para.dataset.paragraph);
  } else if (tool?.dataset.tool === "talk") {
    event.preventDefault();
    showComments(para.dataset.paragraph, []);
  } else if (para && !event.target.closest("a, button") && matchMedia("(hover: none)").matches) {
    state.lookAt(para.dataset.paragraph); // where nothing hovers, a touch shows what one can do here
  }
}

function showComments(paragraph, ids) {
  state.lookAt(paragraph);
  thumb.show("talk");
  feed.showComments(ids);
}

async function pickWords(paragraph) {
  const quote = await picker.pick(labelOf(paragraph), paper.words(paragraph));
  if (quote) write(paragraph, quote);
}

function clickedInTalk(event) {
  const act = event.target.closest("[data-outbox]");
  const place = event.target.closest('a[href^="#p-"]');
  if (act?.dataset.outbox === "again") outbox.again(act.dataset.id);
  if (act?.dataset.outbox === "discard") outbox.discard(act.dataset.id);
  if (act?.dataset.outbox === "edit") composer.takeBack(outbox.discard(act.dataset.id));
  if (place && paper.paragraphs.has(place.getAttribute("href").slice(3))) {
    event.preventDefault();
    paper.lookAt(place.getAttribute("href").slice(3));
    thumb.show("text");
  }
}

/** The right to be here has ended: what may no longer be read goes from the page. One's own words stay kept. */
function leave(reason) {
  const again = room.urls.room;
  body.classList.add("removed");
  for (const part of [find(".room"), find("#pick-words"), find("#room-data")]) part.replaceChildren();
  if (chair) chair.bar.hidden = true;
  const notice = find(".removed-notice");
  notice.hidden = false;
  notice.querySelector("[data-slot=reason]").textContent = reason || say("removed");
  notice.querySelector("a").focus();
  line.isInClosedSegment().then((closed) => closed && location.assign(again)); // its page opens the room again
}
