// The projector view. The server draws what it shows; this hears that something changed, and asks for it again.
// It counts the clock from the server's time, and lets the chair scale and scroll.

import { clockText, lightOf, ServerClock, usedOf } from "./room/countdown.js";
import { io } from "./room/socket.js";

const TICK = 200;
/** Events come in bursts: one fetch for all of them. */
const SETTLE = 120;
/** Where the line says nothing, the view is asked for again all the same. */
const LOOK_AGAIN = 5_000;
const SCROLL = 0.7;

const { token, stage: address, ...words } = document.body.dataset;
const holder = document.getElementById("stage");
const lost = document.querySelector(".display-lost");
const clock = new ServerClock(holder.querySelector("[data-now]")?.dataset.now ?? new Date().toISOString());
const socket = io("/live", { auth: (give) => give({ display: token }), transports: ["websocket", "polling"], tryAllTransports: true });

let timer = null;
let joined = false;
let shown = holder.innerHTML;

socket.on("connect", () => arrive());
socket.on("event", () => soon());
socket.on("removed", () => {
  joined = false;
  soon();
});
socket.on("disconnect", (reason) => {
  joined = false;
  if (reason === "io server disconnect") soon(); // it may have been switched off: the next look will tell
});
socket.on("display", (message) => steer(message));
setInterval(() => tick(), TICK);
setInterval(() => look(), LOOK_AGAIN);
scaled(Number(localStorage.getItem("display-scale")) || 100);
tick();

/** Hear the room, and measure the server's clock. */
async function arrive() {
  await join();
  await clock.measure(() => ask("clock", {}));
  tick();
}

/** Only what comes from now on matters: what is there already, the view shows. */
async function join() {
  const session = stage()?.dataset.session;
  const answer = session && (await ask("join", { session, after: Number.MAX_SAFE_INTEGER }));
  joined = Boolean(answer?.ok);
}

async function ask(verb, message) {
  return socket.timeout(4_000).emitWithAck(verb, message).catch(() => null); // no answer: the next look asks again
}

function soon() {
  timer ??= setTimeout(() => {
    timer = null;
    look();
  }, SETTLE);
}

async function look() {
  const answer = await fetch(address).catch(() => null);
  lost.hidden = Boolean(answer?.ok) || answer?.status === 404;
  if (answer?.status === 404) return over();
  if (!answer?.ok) return;
  draw(await answer.text());
  if (!joined && socket.connected && stage()?.dataset.open === "1") join();
}

/** Switched off, or the session is closed: back to where a code is asked for. */
function over() {
  socket.disconnect();
  location.replace("/display");
}

function draw(html) {
  const still = (text) => text.replace(/data-now="[^"]*"/g, "").trim();
  if (still(html) === still(shown)) return;
  const before = holder.querySelector(".stage-text");
  const place = { words: before?.textContent, top: before?.scrollTop ?? 0 };
  holder.innerHTML = html; // from our own server, whose templates escape all that people wrote
  shown = html;
  const after = holder.querySelector(".stage-text");
  if (after && after.textContent === place.words) after.scrollTop = place.top;
  tick();
}

function stage() {
  return holder.querySelector(".stage");
}

function tick() {
  const light = holder.querySelector(".light[data-used]");
  if (!light) return;
  const limit = light.dataset.limit === "" ? null : Number(light.dataset.limit);
  const used = usedOf({ used: Number(light.dataset.used), since: light.dataset.since || null }, clock.now());
  const colour = lightOf(limit, used);
  if (light.dataset.light !== colour) light.dataset.light = colour;
  light.style.setProperty("--left", limit === null ? 100 : Math.max(0, 100 * (1 - used / limit)));
  write(light.querySelector("[data-slot=time]"), clockText(limit, used));
  write(holder.querySelector("[data-slot=light-word]"), light.dataset.since ? (words[colour] ?? "") : words.paused);
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function steer({ scale, scroll }) {
  if (scale) scaled(scale);
  const text = holder.querySelector(".stage-text");
  if (!scroll || !text) return;
  const by = { up: -1, down: 1 }[scroll];
  if (by) text.scrollBy({ top: by * SCROLL * text.clientHeight, behavior: "smooth" });
  else text.scrollTo({ top: 0, behavior: "smooth" });
}

function scaled(scale) {
  document.body.style.setProperty("--scale", scale / 100);
  localStorage.setItem("display-scale", scale);
}
