// Many events, one look: what changes in bursts is asked for once a moment, and one answer at a time. The moment is
// counted from the first event and not from the last: a room that never rests would otherwise never be drawn.
// A look that answers false got nothing, and is made again by itself: the event that asked for it may be the last one.

/** Milliseconds before a look without an answer is made again; doubled each time, up to the longest. */
const AGAIN = 1_500;
const LONGEST = 30_000;

export function gathered(look, delay) {
  let timer = null;
  let looking = false;
  let failures = 0;

  async function run() {
    timer = null;
    if (looking) return soon();
    looking = true;
    let answered = true;
    try {
      answered = (await look()) !== false;
    } finally {
      looking = false;
    }
    failures = answered ? 0 : failures + 1;
    if (!answered) timer ??= setTimeout(run, Math.min(LONGEST, AGAIN * 2 ** (failures - 1)) * (0.75 + Math.random() / 2));
    return undefined;
  }

  function soon() {
    timer ??= setTimeout(run, delay());
  }

  return soon;
}

/** Whether a second try may fare better: nobody answered, or the server is busy. A refusal stays one. */
export function unanswered(response) {
  return !response || response.status === 429 || response.status >= 500;
}
