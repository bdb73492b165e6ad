// How far this machine's clock is from the server's: of a few answers the one that came back fastest.

const SAMPLES = 4;

/** `ask` resolves to {now}. Milliseconds to add to the own clock, or null when no answer came. */
export async function sampled(ask) {
  let best = null;
  for (let number = 0; number < SAMPLES; number += 1) {
    const sent = Date.now();
    const answer = await ask();
    const took = Date.now() - sent;
    if (!answer?.now) break;
    if (best === null || took < best.took) best = { took, offset: Date.parse(answer.now) - (sent + took / 2) };
  }
  return best && best.offset;
}
