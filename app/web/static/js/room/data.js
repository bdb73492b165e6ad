// What the server wrote into the page for its scripts: facts about the room, and words in the reader's language.

function block(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

export const room = block("room-data");
export const strings = block("room-strings");

/** The words kept under `key`, with {name} replaced. A key that is missing is a mistake of ours: it shows. */
export function say(key, values = {}) {
  return fill(strings[key] ?? `[${key}]`, values);
}

export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** The UN short name of a party in the reader's language. */
export function partyName(code) {
  return room.parties[code] ?? code;
}

/** How the author of an event is shown: the delegation, the office of an officer, or the person. */
export function speakerName(actor) {
  if (actor.delegation) return partyName(actor.delegation);
  return room.offices[actor.role] || actor.name || say("system");
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
