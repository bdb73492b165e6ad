// A thread that is being read. New posts come in below, and nothing on the screen moves; what was seen is marked as read.

import { EventLog } from "./room/eventlog.js";
import { io } from "./room/socket.js";

const page = JSON.parse(document.getElementById("thread-data").textContent);
const list = document.getElementById("posts");
const blank = document.getElementById("post-template");
const pill = document.getElementById("new-posts");
const state = document.getElementById("live-state");
const composer = document.getElementById("reply");
const csrf = document.querySelector('meta[name="csrf-token"]').content;

// --- Posts ---------------------------------------------------------------------------------------------------------

const parts = new Intl.DateTimeFormat(page.locale, {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
  timeZone: page.timeZone,
  numberingSystem: "latn",
});

/** A moment in the reader's zone, in the order in which the server prints it. */
function moment(at) {
  const part = Object.fromEntries(parts.formatToParts(new Date(at)).map(({ type, value }) => [type, value]));
  return `${part.day} ${part.month} ${part.year}, ${part.hour}:${part.minute}`;
}

function speaker(actor) {
  return page.parties[actor.delegation] ?? actor.delegation ?? page.offices[actor.role] ?? actor.name;
}

function slot(root, name) {
  return root.querySelector(`[data-slot="${name}"]`);
}

function show(element, shown) {
  element.hidden = !shown;
  return element;
}

/** The first render's card, filled with an event. `html` was sanitised when it was written. */
function draw({ at, actor, data }) {
  const item = blank.content.firstElementChild.cloneNode(true);
  const card = item.querySelector("article");
  const address = `/threads/${page.thread}?post=${data.number}#post-${data.number}`;
  card.id = `post-${data.number}`;
  card.dataset.number = data.number;
  card.classList.add("fresh");
  card.classList.toggle("officer", !actor.delegation);
  slot(card, "delegation").textContent = speaker(actor);
  show(slot(card, "behalf"), actor.on_behalf_of);
  slot(card, "behalf-name").textContent = page.stateGroups[actor.on_behalf_of] ?? actor.on_behalf_of ?? "";
  const place = show(slot(card, "place"), data.label);
  place.textContent = data.label ?? "";
  place.href = `/posts/${data.id}/paragraph`;
  slot(card, "link").href = address;
  slot(card, "number").textContent = `#${data.number}`;
  slot(card, "time").dateTime = at;
  slot(card, "time").textContent = moment(at);
  slot(card, "body").innerHTML = data.html;
  slot(card, "history").href = `/posts/${data.id}/history`;
  if (data.quotes) drawQuoted(card, data.quotes.number);
  const quote = slot(card, "quote");
  if (quote) quote.href = `?quote=${data.number}#reply`;
  if (quote) slot(card, "quote-number").textContent = ` #${data.number}`;
  return item;
}

function drawQuoted(card, number) {
  const quoted = show(slot(card, "quoted"), true);
  const { name, words } = said(number);
  quoted.href = `/threads/${page.thread}?post=${number}#post-${number}`;
  slot(card, "quoted-name").textContent = name || `#${number}`;
  slot(card, "quoted-words").textContent = words;
}

/** Who said post `number`, and its first words, when it is on this page. */
function said(number) {
  const card = document.getElementById(`post-${number}`);
  if (!card) return { name: "", words: "" };
  const words = slot(card, "body").textContent.replace(/\s+/g, " ").trim();
  const short = words.length > 240 ? `${words.slice(0, 240).replace(/\s\S*$/, "")} …` : words;
  return { name: slot(card, "delegation").textContent.trim(), words: short };
}

/** Add below the last post. Who is writing keeps the form where it is; everybody else keeps the posts. */
function append(item) {
  const writing = composer?.contains(document.activeElement);
  const before = composer?.getBoundingClientRect().top;
  list.append(item);
  if (writing) window.scrollBy({ top: composer.getBoundingClientRect().top - before, behavior: "instant" });
}

// --- Events --------------------------------------------------------------------------------------------------------

const unseen = new Set();

const take = {
  "post.added"(event) {
    const { number } = event.data;
    if (document.getElementById(`post-${number}`)) return;
    unseen.add(number);
    if (page.last) {
      const item = draw(event);
      append(item);
      watch(item.querySelector("article"));
    }
    tell();
  },
  "post.edited"({ at, data }) {
    const card = document.getElementById(`post-${data.number}`);
    if (!card) return;
    slot(card, "body").innerHTML = data.html;
    const edited = show(slot(card, "edited"), true);
    const time = edited.querySelector("time") ?? slot(card, "history").appendChild(document.createElement("time"));
    time.dateTime = at;
    time.textContent = moment(at);
  },
  "thread.closed": () => say(page.words.closed),
  "thread.reopened": () => say(page.words.reopened),
};

function say(words) {
  show(state, words).textContent = words;
}

function tell() {
  const count = unseen.size;
  pill.textContent = count === 1 ? page.words.one : page.words.many.replace("{number}", count);
  show(pill, count > 0);
}

pill.addEventListener("click", () => {
  const first = Math.min(...unseen);
  const card = document.getElementById(`post-${first}`);
  if (!card) location.assign(`/threads/${page.thread}?post=${first}#post-${first}`);
  card?.scrollIntoView({ block: "start" });
});

// --- The connection ------------------------------------------------------------------------------------------------

const socket = io("/live", { auth: { csrf } });
const log = new EventLog(page.seq, (event) => take[event.type]?.(event), catchUp);

/** Ask for what the log has after the last event that was taken, until nothing is left. */
async function catchUp(verb = "events") {
  const answer = await socket.emitWithAck(verb, { thread: page.thread, after: log.last }).catch(() => null);
  if (!answer?.ok) return answer;
  log.catchUp(answer.events);
  return answer.more ? catchUp() : answer;
}

socket.on("connect", async () => {
  log.hold();
  await catchUp("join");
  log.release();
});

socket.on("event", (envelope) => {
  const event = typeof envelope === "string" ? JSON.parse(envelope) : envelope;
  if (event.channel === `thread:${page.thread}`) log.offer(event);
});

socket.on("removed", (message) => {
  if (message.thread !== page.thread) return;
  socket.disconnect();
  say(message.reason);
});

// --- What was seen is read -----------------------------------------------------------------------------------------

let read = page.read;
let timer = 0;

const watcher = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    watcher.unobserve(target);
    seen(target.closest("article"));
  }
});

function watch(card) {
  watcher.observe(card.querySelector("footer"));
}

function seen(card) {
  const number = Number(card.dataset.number);
  if (unseen.delete(number)) tell();
  if (!page.readUrl || number <= read) return;
  read = number;
  clearTimeout(timer);
  timer = setTimeout(mark, 800);
}

function mark() {
  const body = new URLSearchParams({ number: read });
  // A mark that is lost is set by the next visit.
  fetch(page.readUrl, { method: "POST", body, headers: { "X-CSRFToken": csrf }, keepalive: true }).catch(() => null);
}

for (const card of list.querySelectorAll("article")) watch(card);

// --- Quoting without leaving the page ------------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  const quote = event.target.closest('[data-slot="quote"]');
  if (quote && composer) {
    event.preventDefault();
    answer(Number(quote.closest("article").dataset.number));
  }
  if (event.target.closest("[data-unquote]")) {
    event.preventDefault();
    answer(0);
  }
});

function answer(number) {
  const { name, words } = said(number);
  composer.querySelector('[name="quotes"]').value = number || "";
  const quoting = show(document.getElementById("quoting"), number);
  slot(quoting, "quoting-name").textContent = name;
  slot(quoting, "quoting-words").textContent = words;
  composer.querySelector("textarea").focus();
}
