"""Looks from outside at what was played: did everything reach everybody who may know, and nobody else?

And does what the log says, computed again with the pure rules, stand on the pages?
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.core.rules import agreement, speakers
from app.core.rules.summary import summarise
from app.demo.loader import MARK
from app.demo.play.outside import Reader, api
from app.demo.play.player import Played, insiders, outsiders

Event = dict[str, Any]


@dataclass(slots=True)
class Findings:
    """What was found; the play was whole when there are no faults."""

    events: int = 0
    closed_events: int = 0
    deliveries: int = 0
    lost: int = 0
    doubled: int = 0
    disordered: int = 0
    leaked: int = 0
    removed: int = 0
    acks: list[float] = field(default_factory=list)
    speeches: int = 0
    decided: str = ""
    levels: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share of the acts was answered."""
        ordered = sorted(self.acks)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 if ordered else float("nan")


async def audit(played: Played, url: str) -> Findings:
    """Look at the sockets, then at the log, then at the pages."""
    chair = played.seats["chair"]
    channel = f"session:{chair.session}"
    log, closed = await chair.log(channel), []
    if f"{channel}:members" in chair.kept:
        closed = await chair.log(f"{channel}:members")
    await _settled(played, log)
    found = Findings(events=len(log), closed_events=len(closed))
    _look_at_sockets(found, played, log, closed)
    await asyncio.to_thread(_look_at_pages, found, played, url, log, closed)
    if not played.stage.opened:  # in a session that went on before, some of it has happened already
        found.faults += [f"not done: {line}" for line in played.refused]
    found.faults += [f"not refused: {line}" for line in played.allowed]
    return found


async def _settled(played: Played, log: Sequence[Event]) -> None:
    """The last events are on their way: give them a moment."""
    for _try in range(50):
        if all(len(seat.kept.get(log[-1]["channel"], ())) >= len(log) for seat in played.seats.values()):
            return
        await asyncio.sleep(0.1)


def _look_at_sockets(found: Findings, played: Played, log: Sequence[Event], closed: Sequence[Event]) -> None:
    for name, seat in played.seats.items():
        found.deliveries += seat.deliveries
        found.doubled += seat.doubled
        found.disordered += seat.disordered
        found.removed += seat.removed
        found.acks += seat.acks
        if seat.lost_line:
            found.faults.append(f"{name} lost the line")
    for name in insiders(played.stage):
        found.lost += _missing(played.seats[name].kept, [*log, *closed])
    for name in outsiders(played.stage):
        seat = played.seats[name]
        found.lost += _missing(seat.kept, log)
        behind = {event["hash"] for event in closed}
        heard = [hash_ for known in seat.kept.values() for hash_ in known.values()]
        found.leaked += sum(hash_ in behind for hash_ in heard) + sum(e["hash"] in behind for e in seat.since)
    for what in ("lost", "doubled", "disordered", "leaked"):
        if number := getattr(found, what):
            found.faults.append(f"{number} events {what}")


def _missing(kept: Mapping[str, Mapping[int, str]], events: Sequence[Event]) -> int:
    return sum(kept.get(event["channel"], {}).get(event["seq"]) != event["hash"] for event in events)


def _look_at_pages(found: Findings, played: Played, url: str, log: Sequence[Event], closed: Sequence[Event]) -> None:
    stage = played.stage
    token = stage.tokens["chair"]
    here = f"/sessions/{stage.session}"
    all_events = sorted([*log, *closed], key=lambda event: (event["at"], event["channel"], event["seq"]))
    summary = summarise(all_events)

    floor = speakers.fold((event["type"], event["data"], event["at"]) for event in log).as_dict()
    shown = api(url, f"{here}/floor", token)
    _same(found, "who waits", [one["request"] for one in shown["waiting"]], [e["request"] for e in floor["waiting"]])
    _same(found, "the list", shown["list"], floor["list"])
    _same(found, "rights of reply", shown["replies"], floor["replies"])

    decisions = {one["id"]: one for one in api(url, f"{here}/decisions?limit=100", token)["items"]}
    for id_, decided in summary.decisions.items():
        told = decisions.get(id_, {})
        _same(found, "a decision", [told.get("state"), told.get("words")], [decided.outcome, decided.words])
        found.decided = decided.outcome

    board: agreement.Board = {}
    for event in all_events:
        if event["type"] in agreement.EVENTS:
            board = agreement.evolve(board, event["type"], event["data"], event["at"], event["actor"]["role"])
    levels = {one["id"]: one["level"] for one in api(url, f"/versions/{stage.version}/agreement", token)["paragraphs"]}
    _same(found, "levels", {wid: levels.get(wid) for wid in board}, {wid: str(s.level) for wid, s in board.items()})
    for standing in board.values():
        found.levels[str(standing.level)] = found.levels.get(str(standing.level), 0) + 1

    page = Reader(url, MARK).page(f"{here}/summary")
    found.speeches = len(summary.speeches)
    rows = page.xpath("//section[@aria-labelledby='s-speakers']//tbody/tr")
    _same(found, "how often somebody spoke", len(rows), len(summary.speeches))
    behalf = [" ".join(row.xpath("string(td[1])").split()) for row in rows]
    _same(found, "for whom they spoke", behalf, [speech.on_behalf_of or "" for speech in summary.speeches])
    words = [" ".join(one.text_content().split()) for one in page.xpath("//blockquote")]
    _same(found, "what was decided", words, [decided.words for decided in summary.decisions.values()])


def _same(found: Findings, what: str, shown: Any, computed: Any) -> None:
    if shown != computed:
        found.faults.append(f"{what}: the page says {str(shown)[:200]}, the log {str(computed)[:200]}")
