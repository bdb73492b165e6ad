// Many events, one look: what changes in bursts is asked for once a moment, and one answer at a time. The moment is
// counted from the first event and not from the last: a room that never rests would otherwise never be drawn.

export function gathered(look, delay) {
  let timer = null;
  let looking = false;

  async function run() {
    timer = null;
    if (looking) return soon();
    looking = true;
    try {
      await look();
    } finally {
      looking = false;
    }
    return undefined;
  }

  function soon() {
    timer ??= setTimeout(run, delay());
  }

  return soon;
}
