// What the server wrote into the page for its scripts: facts about the room, and words in the reader's language.

function block(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

export const room = block("room-data");
export const strings = block("room-strings");

/**
 * The words kept under `key`, with {name} replaced. Where they have plural forms, `values.number` chooses.
 * A key that is missing is a mistake of ours: it shows.
 */
export function say(key, values = {}) {
  const words = strings[key] ?? `[${key}]`;
  return fill(typeof words === "string" ? words : form(words, values.number), values);
}

const plurals = new Intl.PluralRules(room.locale);

/** The server sent each phrase for a few numbers: one of them takes the same plural as ours. */
function form(forms, number) {
  const kind = plurals.select(number);
  const alike = Object.keys(forms).find((other) => plurals.select(Number(other)) === kind);
  return forms[alike ?? "100"];
}

export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

const names = new Map(room.paragraphs.map(({ id, label, name }) => [id, label || name]));

/** The label of a paragraph, or its first words where it has none. */
export function labelOf(paragraph) {
  return names.get(paragraph) ?? "";
}

/** Where the room is, in a word: a paragraph, or a proposal on it. */
export function placeOf(paragraph, proposal) {
  return proposal ? `${labelOf(paragraph)} · ${proposal.number}` : labelOf(paragraph);
}

/** The UN short name of a party in the reader's language. */
export function partyName(code) {
  return room.parties[code] ?? code;
}

/** The name of a group of States in the reader's language; events keep its English name, forms its code. */
export function stateGroupName(kept) {
  return kept ? (room.stateGroups[kept] ?? kept) : "";
}

/** How the author of an event is shown: the delegation, the office of an officer, the person, or that none is kept. */
export function speakerName(actor) {
  if (actor.delegation) return partyName(actor.delegation);
  return room.offices[actor.role] || actor.name || say(actor.role === "delegate" ? "nobody" : "system");
}

const clock = new Intl.DateTimeFormat(room.locale, {
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
  timeZone: room.timeZone,
  numberingSystem: "latn",
});

/** The hour and minute of an event in the reader's zone, as the server prints them. */
export function timeOf(at) {
  return clock.format(new Date(at));
}
