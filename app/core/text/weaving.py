"""One paragraph and the words that others want for it, woven into one row of words and brackets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.core.text.brackets import Attribution, Bracket, Option, Run, Words
from app.core.text.proposals import Proposal
from app.core.text.wordmap import Hunk, Tokenised, mapped

AGAINST = frozenset({"oppose", "retain", "delete"})
"""What a party says of a proposal that it does not want."""
_RANK = {"": 0, "retain": 1, "delete": 2}
_CLOSING = frozenset(" ,.;:!?)]}»”’、。،؛؟")
"""What may follow where words, and the space before them, are gone."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A proposal and the whole paragraph as it would have it."""

    proposal: Proposal
    text: str


@dataclass(slots=True)
class _Place:
    """Tokens of the base that somebody touches, with who edits what there."""

    begin: int
    end: int
    edits: dict[str, list[Hunk]]


def woven(base: str, wordings: Sequence[Wording], keepers: Sequence[Proposal]) -> tuple[Run, ...]:
    """The paragraph with a bracket wherever a wording differs; `keepers` want it as it is.

    Spaces stand outside the brackets, as people print them, if every text can be read out again all the same.
    """
    loom = _Loom(base, wordings, keepers)
    runs = loom.runs(neat=True)
    wanted = {w.proposal.id: w.text for w in wordings}
    if reading(runs, None) == base and all(reading(runs, name) == text for name, text in wanted.items()):
        return runs
    return loom.runs(neat=False)


def reading(runs: Sequence[Run], proposal_id: str | None) -> str:
    """The words of a bracketed text as one proposal has them; with None, as the base has them."""
    parts: list[str] = []
    gap = False
    for part in _parts(runs, proposal_id):
        if part is None:
            gap = True
            continue
        if gap and parts and parts[-1].endswith(" ") and part[0] in _CLOSING:
            parts[-1] = parts[-1][:-1]
        elif gap and not parts and part[0] == " ":
            part = part[1:]
        gap = False
        parts.append(part)
    if gap and parts and parts[-1].endswith(" "):
        parts[-1] = parts[-1][:-1]
    return "".join(parts)


def _parts(runs: Iterable[Run], proposal_id: str | None) -> Iterator[str | None]:
    """Pieces of text, and None where words are left out together with a space."""
    for run in runs:
        if isinstance(run, Words) and run.text:
            yield run.text
        elif isinstance(run, Bracket):
            option = _chosen(run, proposal_id)
            inner = list(_parts(option.runs, proposal_id)) if option else []
            if any(inner):
                yield from inner
            elif not run.exact:
                yield None


def _chosen(bracket: Bracket, proposal_id: str | None) -> Option | None:
    if proposal_id is not None:
        for option in bracket.options:
            if proposal_id in option.proposals:
                return option
        if proposal_id in bracket.without:
            return None
    return next((option for option in bracket.options if option.base), None)


def attributed(said: Sequence[tuple[str, Proposal]], against: str) -> tuple[Attribution, ...]:
    """Names under what they want, from verbs with their proposals in order. `against` is what opponents print."""
    ledger = _Ledger()
    for verb, proposal in said:
        ledger.add(verb, proposal.names)
    for verb, proposal in said:
        for stance in proposal.stances:
            ledger.add(stance.verb if verb == "retain" else _printed_verb(stance.verb, against), (stance.party,))
    return ledger.attributions()


def _printed_verb(verb: str, against: str) -> str:
    """Who opposes words that are proposed wants them deleted, if not the old ones retained (ECOSOC prints both)."""
    if verb not in AGAINST:
        return verb
    return "retain" if verb == "retain" else against


class _Ledger:
    """Who says what of some words: each name once under each verb, in the order in which it came."""

    def __init__(self) -> None:
        self._names: dict[str, dict[str, None]] = {}

    def add(self, verb: str, names: Iterable[str]) -> None:
        for name in names:
            self._names.setdefault(verb, {})[name] = None

    def attributions(self) -> tuple[Attribution, ...]:
        verbs = sorted(self._names, key=lambda verb: (_RANK.get(verb, 3), verb))
        return tuple(Attribution(tuple(self._names[verb]), verb) for verb in verbs)


class _Loom:
    def __init__(self, base: str, wordings: Sequence[Wording], keepers: Sequence[Proposal]) -> None:
        self.text = Tokenised(base)
        self.base = self.text.tokens
        self.by_id = {w.proposal.id: w.proposal for w in wordings}
        self.keepers = keepers
        self.places = _places(self._edits(wordings))

    def _edits(self, wordings: Sequence[Wording]) -> list[tuple[Hunk, str]]:
        known: dict[str, tuple[Hunk, ...]] = {}
        found: list[tuple[Hunk, str]] = []
        for wording in wordings:
            if wording.text not in known:
                known[wording.text] = mapped(self.text, Tokenised(wording.text)).hunks
            found.extend((edit, wording.proposal.id) for edit in known[wording.text])
        return found

    def runs(self, neat: bool) -> tuple[Run, ...]:
        found: list[Run] = []
        at = 0
        for place in self.places:
            before = "".join(self.base[at : place.begin])
            at = place.end
            lead, bracket, trail = self._bracket(place, neat)
            _push(found, before + lead)
            found.append(bracket)
            _push(found, trail)
        _push(found, "".join(self.base[at:]))
        return tuple(found)

    def _bracket(self, place: _Place, neat: bool) -> tuple[str, Bracket, str]:
        """A bracket, and the spaces that all its options share and that stand around it instead."""
        base = "".join(self.base[place.begin : place.end])
        readings: dict[str, list[str]] = defaultdict(list)
        for name, edits in place.edits.items():
            readings[self._reading(place, edits)].append(name)
        without = readings.pop("", [])
        texts = sorted({*readings, base} - {""}, key=lambda text: (text != base, text))
        lead, trail = _shared_spaces(texts) if neat and (without or not base) else (0, 0)
        options = []
        for text in texts:
            words = Words(text[lead : len(text) - trail])
            names = readings.get(text, [])
            options.append(
                self._base_option(words, place, names, without) if text == base else self._option(words, names, base)
            )
        exact = not neat and bool(without or not base)
        return " " * lead, Bracket(tuple(options), without=tuple(without), exact=exact), " " * trail

    def _reading(self, place: _Place, edits: Sequence[Hunk]) -> str:
        parts: list[str] = []
        at = place.begin
        for edit in edits:
            parts.extend(self.base[at : edit.begin])
            parts.extend(edit.put)
            at = edit.end
        parts.extend(self.base[at : place.end])
        return "".join(parts)

    def _option(self, words: Words, names: Sequence[str], base: str) -> Option:
        """Other words than those of the base, with who proposes them and what others say of them."""
        ledger = _Ledger()
        for name in names:
            ledger.add("", self.by_id[name].names)
        for name in names:
            for stance in self.by_id[name].stances:
                if not (base and stance.verb in AGAINST):
                    ledger.add(_printed_verb(stance.verb, "delete"), (stance.party,))
        return Option((words,), ledger.attributions(), tuple(names))

    def _base_option(self, words: Words, place: _Place, names: Sequence[str], without: Sequence[str]) -> Option:
        """The words of the base: who deletes them, and who retains them or is against what others would put there."""
        ledger = _Ledger()
        for keeper in self.keepers:
            ledger.add("retain", keeper.names)
        for name in without:
            ledger.add("delete", self.by_id[name].names)
        for name in place.edits:
            for stance in self.by_id[name].stances:
                if stance.verb in AGAINST:
                    ledger.add("retain", (stance.party,))
                elif name in without:
                    ledger.add("delete" if stance.verb == "support" else stance.verb, (stance.party,))
        keepers = (keeper.id for keeper in self.keepers)
        return Option((words,), ledger.attributions(), (*names, *keepers), base=True)


def _places(edits: Iterable[tuple[Hunk, str]]) -> list[_Place]:
    """Edits that overlap, or add at the same point, share a place; all others have their own."""
    found: list[_Place] = []
    for edit, name in sorted(edits, key=lambda said: (said[0].begin, said[0].end)):
        last = found[-1] if found else None
        same_point = last and last.begin == last.end == edit.begin == edit.end
        if last and (edit.begin < last.end or same_point):
            last.end = max(last.end, edit.end)
            last.edits.setdefault(name, []).append(edit)
        else:
            found.append(_Place(edit.begin, edit.end, {name: [edit]}))
    return found


def _shared_spaces(texts: Sequence[str]) -> tuple[int, int]:
    """Does each of the texts begin with a space, or else end with one, which can stand outside the bracket?"""
    if all(len(text) > 1 and text[0] == " " for text in texts):
        return 1, 0
    if all(len(text) > 1 and text[-1] == " " for text in texts):
        return 0, 1
    return 0, 0


def _push(runs: list[Run], text: str) -> None:
    if text and runs and isinstance(runs[-1], Words):
        runs[-1] = Words(runs[-1].text + text)
    elif text:
        runs.append(Words(text))
