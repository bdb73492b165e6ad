// Draws a comment, or an act of the chair, from the templates that the server drew its own from.

import { fill, partyName, say, speakerName, stateGroupName, strings, timeOf, room } from "./data.js";

const cardTemplate = document.getElementById("comment-template");
const proposalTemplate = document.getElementById("proposal-template");
const actTemplate = document.getElementById("act-template");

/** Types of events that are more than a line. */
const ITEMS = { "comment.added": commentItem, "proposal.added": proposalItem };

/** A recorded comment as a list item. */
export function commentItem(event) {
  const { data, actor } = event;
  const item = draw(cardTemplate);
  const card = item.firstElementChild;
  card.id = anchorOf(event);
  card.classList.toggle("mine", actor.user !== null && actor.user === room.user);
  card.classList.toggle("officer", !actor.delegation);
  identify(item, { ...event, id: data.id, kind: "comment", paragraph: data.paragraph });
  author(card, speakerName(actor), actor.on_behalf_of);
  meant(card, data);
  slot(card, "body").innerHTML = data.html; // sanitised by the server before it was recorded
  stamp(card, event);
  return item;
}

/** What a delegation asks of the text, with the change itself. */
export function proposalItem(event) {
  const { data, actor } = event;
  const item = draw(proposalTemplate);
  const card = item.firstElementChild;
  card.id = anchorOf(event);
  identify(item, { ...event, kind: "proposal", paragraph: data.paragraph });
  author(card, speakerName(actor), actor.on_behalf_of);
  about(card, data);
  slot(card, "number").textContent = data.number;
  const open = slot(card, "open");
  open.href = fill(decodeURI(open.getAttribute("href")), { id: data.proposal });
  slot(card, "change").replaceChildren(...(data.change?.length ? data.change.flatMap(marked) : [data.text ?? ""]));
  slot(card, "rationale").hidden = !data.rationale;
  slot(card, "rationale").textContent = data.rationale ?? "";
  stamp(card, event);
  return item;
}

/** A run of a change: words that stay, come or go. A screen reader hears which. */
function marked({ kind, text }) {
  if (kind === "equal") return [text];
  const words = document.createElement(kind === "insert" ? "ins" : "del");
  const [begins, ends] = kind === "insert" ? strings.inserted : strings.deleted;
  words.append(heard(`${begins} `), text, heard(` ${ends}`));
  return kind === "insert" ? [words] : [words, " "];
}

function heard(text) {
  const words = document.createElement("span");
  words.className = "visually-hidden";
  words.textContent = text;
  return words;
}

/** An event as an item of the talk. */
export function itemOf(event) {
  return (ITEMS[event.type] ?? actItem)(event);
}

/** A comment on its way, with its state and what can be done about it. */
export function pendingItem(entry) {
  const item = draw(cardTemplate);
  const card = item.firstElementChild;
  card.classList.add("mine", "pending", entry.state);
  identify(item, { id: entry.id, kind: "comment", paragraph: entry.paragraph });
  author(card, room.you.delegation_name ?? room.you.name, entry.on_behalf_of);
  meant(card, entry);
  slot(card, "body").textContent = entry.body;
  slot(card, "body").classList.add("as-typed");
  const state = slot(card, "state");
  state.hidden = false;
  state.textContent = stateWords(entry);
  if (entry.state === "failed") state.append(" ", ...failedActs(entry));
  return item;
}

/** An act of the chair as a list item. */
export function actItem(event) {
  const item = draw(actTemplate);
  item.firstElementChild.id = anchorOf(event);
  identify(item, { ...event, kind: "act", paragraph: event.data.paragraph });
  if (event.type === "position.taken" && event.actor.delegation) {
    const { stance, number } = event.data;
    Object.assign(item.dataset, { stance: stance ?? "", on: number ?? "", who: speakerName(event.actor) });
  }
  slot(item, "text").textContent = actWords(event);
  stamp(item, event);
  return item;
}

/** Stances on the same words, one after the other, as one item: who said what, each stance once. */
export function stancesItem(stances) {
  const latest = new Map(stances.map(({ dataset }) => [dataset.who, dataset.stance]));
  const said = Map.groupBy([...latest], ([, stance]) => stance);
  const item = draw(actTemplate);
  const words = [...said].flatMap(([stance, each]) => [" · ", strings.labels.stance[stance] ?? stance, ": ", ...listed(each)]);
  const on = document.createElement("b");
  on.textContent = stances[0].dataset.on;
  slot(item, "text").replaceChildren(on, ...words);
  item.dataset.at = stances[0].dataset.at;
  stamp(item, stances.at(-1).dataset);
  return item;
}

function listed(pairs) {
  return pairs.flatMap(([name], place) => (place ? [", ", isolated(name)] : [isolated(name)]));
}

/** What a panel of the room shows already is not said again in the talk. */
export function isQuiet(event) {
  return room.quiet.includes(event.type);
}

/** The id of an event on the page: events of a closed segment are counted in a channel of their own. */
function anchorOf({ channel, seq }) {
  return `e${[...channel.split(":").slice(2), seq].join("-")}`;
}

export function actWords(event) {
  if (event.type === "session.mode") return segmentWords(event);
  return fill(strings.acts[formOf(event)] ?? event.type, {
    ...labelled(event.data),
    ...parties(event.data),
    who: speakerName(event.actor),
    label: event.data.label ?? "¶",
    number: event.data.number ?? "",
  });
}

/** The room moves to a paragraph, to one proposal on it, or to the whole text: each is said in its own words. */
function formOf({ type, data }) {
  if (type !== "focus.moved") return type;
  if (data.number) return "focus.moved.proposal";
  return data.label ? type : "focus.moved.whole";
}

/** Members of an event that name a delegation by its code. */
function parties({ delegation, other_delegation: other }) {
  return { ...(delegation && { delegation: partyName(delegation) }), ...(other && { other: partyName(other) }) };
}

/** The members of an event's data, those that are codes in the words of the reader's language. */
function labelled(data) {
  const words = Object.entries(strings.labels).map(([member, labels]) => [member, labels[data[member] ?? ""] ?? data[member]]);
  return { ...data, ...Object.fromEntries(words) };
}

function segmentWords({ actor, data }) {
  const words = say("segmentBegan", {
    who: speakerName(actor),
    mode: say(`mode.${data.mode}`),
    openness: say(`openness.${data.openness}`),
  });
  return data.attribution === "on_record" ? words : `${words}. ${say("noNames")}`;
}

function draw(template) {
  const item = document.createElement("li");
  item.append(template.content.firstElementChild.cloneNode(true));
  return item;
}

function slot(root, name) {
  return root.querySelector(`[data-slot="${name}"]`);
}

function identify(item, { id, at, channel, seq, kind, paragraph }) {
  item.dataset.kind = kind;
  item.dataset.paragraph = paragraph ?? "";
  if (seq) Object.assign(item.dataset, { at, channel, seq });
  if (id) item.dataset.id = id;
}

function author(card, name, behalf) {
  slot(card, "delegation").replaceChildren(isolated(name));
  slot(card, "behalf").hidden = !behalf;
  slot(card, "behalf-name").textContent = stateGroupName(behalf);
}

function isolated(text) {
  const element = document.createElement("bdi");
  element.textContent = text;
  return element;
}

/** What the comment is about: the paragraph's label, and the words. */
function meant(card, { paragraph, label, quote }) {
  about(card, { paragraph, label });
  const words = slot(card, "quote");
  words.hidden = !quote;
  words.textContent = quote?.exact ?? "";
}

function about(card, { paragraph, label }) {
  const chip = slot(card, "label");
  chip.hidden = !label;
  chip.textContent = label ?? "";
  chip.href = `#p-${paragraph ?? ""}`;
}

function stamp(root, event) {
  const time = slot(root, "time");
  time.dateTime = event.at;
  time.textContent = timeOf(event.at);
}

function stateWords(entry) {
  if (entry.state === "failed") return say("failed", { reason: entry.error?.message ?? "" });
  return say(entry.state);
}

function failedActs(entry) {
  return ["again", "edit", "discard"].map((act) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn small";
    button.dataset.outbox = act;
    button.dataset.id = entry.id;
    button.textContent = say(act);
    return button;
  });
}
