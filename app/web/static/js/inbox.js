// How many things need one's delegation now: asked for each minute while somebody looks, and when a room says so.

const EVERY = 60_000;
/** Not all screens of a full room ask at one moment. */
const SPREAD = 3_000;
const LATEST = "chapeau:inbox";

const places = [...document.querySelectorAll("[data-inbox-count]")];
let timer = null;

async function ask() {
  if (document.visibilityState === "hidden") return;
  const answer = await fetch("/api/v1/inbox?limit=1", { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return; // the line is down: the number stays as it was
  show((await answer.json()).unread);
}

function show(number) {
  sessionStorage.setItem(LATEST, number);
  for (const place of places) {
    place.hidden = number === 0;
    place.textContent = number > 99 ? "99+" : number;
    if (place.dataset.say) place.setAttribute("title", place.dataset.say.replace("{number}", number));
  }
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(ask, 500 + Math.random() * SPREAD);
}

if (places.length) {
  show(Number(sessionStorage.getItem(LATEST) ?? 0));
  ask();
  setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", soon);
  window.addEventListener("inbox", soon);
}
