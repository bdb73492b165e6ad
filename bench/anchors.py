"""Anchors: where comments go when norms change, against a search for the quotation that is most alike.

Three changes of one text of twelve norms, with a comment on every run of 1, 3, 5, 8 and 12 words:

- `deleted`   one norm goes, each in turn: a comment on it must not appear on another norm;
- `reworded`  of one norm, one word in five is changed: comments of which half is left must stay on that;
- `moved`     the norms stand in another order: comments must go with theirs.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rich.console import Console
from rich.table import Table

from app.core.text import Orphan, Paragraph, ParagraphId, Placed, Quote, follow_all, tokens
from bench.fuzzy import FuzzySearch, Place
from bench.norms import long_text, norms

SIZES = (1, 3, 5, 8, 12)
OTHERS = ("responsible", "actors", "in good time", "may", "systems", "jointly", "and regions", "promptly")

Comment = tuple[Quote, ParagraphId]
Find = Callable[[Sequence[Comment], Sequence[Paragraph], Sequence[Paragraph]], list[Place | None]]


@dataclass
class Count:
    right: int = 0
    wrong: int = 0
    """Shown on another norm."""
    all: int = 0

    def share(self, number: int) -> str:
        return f"{100 * number / max(1, self.all):.1f} %"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark. Returns 1 if a comment of ours stands on another norm than its own, or is lost."""
    parser = argparse.ArgumentParser(prog="chapeau bench anchors", description="Where comments go when norms change.")
    parser.add_argument("--rounds", type=int, default=3, help="how often norms are reworded, each time differently")
    given = parser.parse_args(arguments)
    table = Table(title="comments on norms of 1 to 12 words; every one is shown somewhere, or an orphan")
    for heading in ("words", "deleted: on another norm", "", "reworded: as it should be", "", "moved: kept", ""):
        table.add_column(heading, justify="right")
    table.add_row("", *("ours", "likeness") * 3)
    whole = True
    for size in SIZES:
        ours, likeness = _counts(size, given.rounds, _house), _counts(size, given.rounds, _likeness)
        whole = whole and all(count.wrong == 0 for count in ours)
        deleted, reworded, moved = zip(ours, likeness, strict=True)
        table.add_row(
            str(size),
            *(count.share(count.wrong) for count in deleted),
            *(count.share(count.right) for count in reworded),
            *(count.share(count.right) for count in moved),
        )
    Console().print(table)
    print("likeness: the passage of the whole text that needs the fewest changes, half of its letters at most.")
    print("reworded, as it should be: on what is left of its words if that is half or more, else an orphan.")
    _print_speed()
    return 0 if whole else 1


def _counts(size: int, rounds: int, find: Find) -> tuple[Count, Count, Count]:
    return _deleted(size, find), _reworded(size, rounds, find), _moved(size, find)


def _deleted(size: int, find: Find) -> Count:
    text, count = norms(), Count()
    for gone in text:
        comments = [(quote, gone.id) for quote, _places in _quotes(gone, size)]
        found = find(comments, text, [norm for norm in text if norm is not gone])
        count.all += len(comments)
        count.wrong += sum(place is not None for place in found)
    return count


def _moved(size: int, find: Find) -> Count:
    text, count = norms(), Count()
    other = random.Random(7).sample(text, len(text))
    comments = [(quote, norm.id) for norm in text for quote, _places in _quotes(norm, size)]
    for place, (quote, about) in zip(find(comments, text, other), comments, strict=True):
        _judge(count, place, (about, quote.start, quote.start + len(quote.exact)), about)
    return count


def _reworded(size: int, rounds: int, find: Find) -> Count:
    text, count = norms(), Count()
    chance = random.Random(11)
    for norm in text * rounds:
        new, whither = _reword(norm, chance)
        quotes = list(_quotes(norm, size))
        found = find([(quote, norm.id) for quote, _places in quotes], text, [new if n is norm else n for n in text])
        for place, (_quote, places) in zip(found, quotes, strict=True):
            left = [whither[at] for at in places if at in whither]
            expected = (norm.id, left[0][0], left[-1][1]) if 2 * len(left) >= size else None
            _judge(count, place, expected, norm.id)
    return count


def _judge(count: Count, place: Place | None, expected: Place | None, about: ParagraphId) -> None:
    """Right is what overlaps the expected words, or nowhere if nowhere is expected."""
    count.all += 1
    if place is None or expected is None:
        count.right += place == expected
    else:
        count.right += place[0] == expected[0] and place[1] < expected[2] and expected[1] < place[2]
    count.wrong += place is not None and place[0] != about


def _quotes(norm: Paragraph, size: int) -> Iterator[tuple[Quote, range]]:
    """Every run of so many words, with the places of its words among all words."""
    spans = _spans(norm.text)
    for at in range(len(spans) - size + 1):
        start, end = spans[at][0], spans[at + size - 1][1]
        around = norm.text[max(0, start - 64) : start], norm.text[end : end + 64]
        yield Quote(norm.text[start:end], start, *around), range(at, at + size)


def _spans(text: str) -> list[tuple[int, int]]:
    spans, at = [], 0
    for token in tokens(text):
        if token[0].isalnum():
            spans.append((at, at + len(token)))
        at += len(token)
    return spans


def _reword(norm: Paragraph, chance: random.Random, rate: float = 0.2) -> tuple[Paragraph, dict[int, tuple[int, int]]]:
    """So many of the words replaced, gone, or joined by another; and where each word that is left now stands."""
    made, whither, word = "", {}, 0
    for token in tokens(norm.text):
        if not token[0].isalnum():
            made += token
            continue
        act = chance.choice(("replace", "delete", "add")) if chance.random() < rate else "keep"
        if act == "add":
            made += chance.choice(OTHERS) + " "
        if act in ("add", "keep"):
            whither[word] = (len(made), len(made) + len(token))
            made += token
        elif act == "replace":
            made += chance.choice(OTHERS)
        word += 1
    return replace(norm, text=made), whither


def _house(comments: Sequence[Comment], old: Sequence[Paragraph], new: Sequence[Paragraph]) -> list[Place | None]:
    return [
        (found.paragraph_id, found.start, found.end) if isinstance(found, Placed) else None
        for found in follow_all(comments, old, new)
    ]


def _likeness(comments: Sequence[Comment], old: Sequence[Paragraph], new: Sequence[Paragraph]) -> list[Place | None]:
    del old
    search = FuzzySearch(new)
    return [search.find(quote) for quote, _about in comments]


def _print_speed() -> None:
    """CPU time: ours for a text of full size; the reference's by a few comments, since each costs it the same."""
    old = long_text(500)
    chance = random.Random(3)
    new = [_reword(paragraph, chance, 0.05)[0] for paragraph in old[:450]]
    comments = [(quote, p.id) for p in old for quote, _places in _some(_quotes(p, 5), 20)]
    begin = time.process_time()
    found = follow_all(comments, old, new)
    ours = time.process_time() - begin
    orphans = sum(isinstance(answer, Orphan) for answer in found)
    begin = time.process_time()
    _likeness(comments[:20], old, new)
    each = (time.process_time() - begin) / 20
    print(
        f"{len(comments):,} comments on 500 paragraphs, all reworded, 50 gone: {ours:.2f} s of CPU "
        f"({len(found) - orphans:,} shown + {orphans:,} orphans = {len(found):,}); "
        f"likeness takes {each * len(comments) / ours:,.0f} times as long."
    )


def _some(quotes: Iterable[tuple[Quote, range]], number: int) -> list[tuple[Quote, range]]:
    return list(quotes)[:number]


if __name__ == "__main__":
    raise SystemExit(main())
