// The page of a session whose present segment is closed to the reader: asks now and then whether it has ended.

const card = document.querySelector("[data-closed-segment]");
const EVERY = 10_000;

async function look() {
  const answer = await fetch(`/api/v1/sessions/${card.dataset.closedSegment}`, { headers: { Accept: "application/json" } });
  if (!answer.ok) return location.reload(); // the session itself is not open any more: the server says so
  const session = await answer.json();
  if (session.state === "closed" || session.segment_since === null) location.reload();
}

setInterval(() => document.visibilityState === "visible" && look().catch(() => null), EVERY);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look().catch(() => null));
