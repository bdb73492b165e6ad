// Draws a comment, or an act of the chair, from the templates that the server drew its own from.

import { fill, partyName, say, speakerName, stateGroupName, strings, timeOf, room } from "./data.js";

const cardTemplate = document.getElementById("comment-template");
const actTemplate = document.getElementById("act-template");

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
  slot(item, "text").textContent = actWords(event);
  stamp(item, event);
  return item;
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
  const whole = event.type === "focus.moved" && !event.data.label ? "focus.moved.whole" : event.type;
  return fill(strings.acts[whole] ?? event.type, {
    ...labelled(event.data),
    ...parties(event.data),
    who: speakerName(event.actor),
    label: event.data.label ?? "¶",
    number: event.data.number ?? "",
  });
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
  const chip = slot(card, "label");
  chip.hidden = !label;
  chip.textContent = label ?? "";
  chip.href = `#p-${paragraph ?? ""}`;
  const words = slot(card, "quote");
  words.hidden = !quote;
  words.textContent = quote?.exact ?? "";
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
