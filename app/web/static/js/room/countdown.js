// The clock of the floor. Every screen counts from the server's time, so that all show the same to within a second.

import { sampled } from "./offset.js";

/** Seconds before the end at which the light turns yellow; of a short speech, its last quarter. As in the rules. */
const WARNING = 60;

/** The light at the rostrum after so many seconds; none without a limit. */
export function lightOf(limit, used) {
  if (limit === null) return "none";
  if (used >= limit) return "red";
  return limit - used <= Math.min(WARNING, limit / 4) ? "yellow" : "green";
}

/** How long a turn has lasted at this moment of the server, interruptions left out. */
export function usedOf(turn, now) {
  const running = turn.since ? Math.max(0, (now - Date.parse(turn.since)) / 1000) : 0;
  return turn.used + running;
}

/** What the clock shows: the time that is left, with a plus what is over; without a limit, the time that has passed. */
export function clockText(limit, used) {
  if (limit === null) return minutes(Math.floor(used));
  const left = limit - used;
  return left > 0 ? minutes(Math.ceil(left)) : `+${minutes(Math.floor(-left))}`;
}

function minutes(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** The server's clock as this page knows it. */
export class ServerClock {
  /** `now` is what the server said when it wrote the page: good to the time that the page took to come. */
  constructor(now) {
    const [entry] = performance.getEntriesByType("navigation");
    const came = entry?.responseStart ? performance.timeOrigin + entry.responseStart : Date.now();
    this.offset = Date.parse(now) - came;
  }

  now() {
    return Date.now() + this.offset;
  }

  /** Ask the server for its time through `ask`, a few times: the fastest answer is the truest. */
  async measure(ask) {
    const offset = await sampled(ask);
    if (offset !== null) this.offset = offset;
  }
}
