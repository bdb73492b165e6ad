// Words of a paragraph that somebody means: found again exactly or not at all, as the server finds them.
// Places travel as the server counts them, in code points; here strings count in UTF-16 units.

export function toUnits(text, codePoints) {
  return [...text].slice(0, codePoints).join("").length;
}

export function toCodePoints(text, units) {
  return [...text.slice(0, units)].length;
}

/** Where the quote stands, as [from, to) in UTF-16 units, or null. Never fuzzy. */
export function locate(text, quote) {
  if (!quote.exact) return null;
  const place = toUnits(text, quote.start ?? 0);
  if (quote.start && text.startsWith(quote.exact, place)) return [place, place + quote.exact.length];
  let places = placesOf(text, quote.exact);
  if (places.length > 1 && (quote.prefix || quote.suffix)) places = places.filter((at) => fits(text, at, quote));
  return places.length === 1 ? [places[0], places[0] + quote.exact.length] : null;
}

/** A quote of text[from, to), with up to 32 characters before and after. White space at its ends is left out. */
export function quoteOf(text, from, to) {
  while (from < to && /\s/u.test(text[from])) from++;
  while (to > from && /\s/u.test(text[to - 1])) to--;
  if (from === to) return null;
  return {
    exact: text.slice(from, to),
    start: toCodePoints(text, from),
    prefix: [...text.slice(0, from)].slice(-32).join(""),
    suffix: [...text.slice(to)].slice(0, 32).join(""),
  };
}

/** Cut a text of `length` at the ends of all `spans` ({from, to, …}): [{from, to, spans}] in order, none empty. */
export function segments(length, spans) {
  const cuts = [...new Set([0, length, ...spans.flatMap(({ from, to }) => [from, to])])].sort((a, b) => a - b);
  return cuts.slice(1).map((to, number) => {
    const from = cuts[number];
    return { from, to, spans: spans.filter((span) => span.from <= from && span.to >= to) };
  });
}

function placesOf(text, words) {
  const places = [];
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) places.push(at);
  return places;
}

function fits(text, place, quote) {
  const before = text.slice(0, place);
  const after = text.slice(place + quote.exact.length);
  return before.endsWith(quote.prefix ?? "") && after.startsWith(quote.suffix ?? "");
}
