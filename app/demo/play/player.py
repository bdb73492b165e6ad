"""Plays the script at its pace, on one socket for each seat."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.demo.play.script import Cue, Heard, Step
from app.demo.play.seat import PATIENCE, Seat
from app.demo.play.stage import OFFICERS, Stage

JOINING = 10
"""Seats that come through the door at once."""
READS = ("join", "events")

OnMark = Callable[[str], Awaitable[None]]
OnStep = Callable[[int, int], None]


@dataclass(slots=True)
class Played:
    """What came of it."""

    stage: Stage
    seats: dict[str, Seat]
    seconds: float = 0.0
    acts: int = 0
    refused: list[str] = field(default_factory=list)
    """Acts that were not done, and should have been."""
    allowed: list[str] = field(default_factory=list)
    """Acts that were done, and should have been refused."""
    refusals: int = 0
    """Acts that were refused as they should be."""


async def enter(url: str, stage: Stage) -> dict[str, Seat]:
    """Everybody takes their seat."""
    seats = {name: Seat(name, url, stage.session, token) for name, token in stage.tokens.items()}
    waiting = list(seats.values())
    for start in range(0, len(waiting), JOINING):
        await asyncio.gather(*(seat.connect() for seat in waiting[start : start + JOINING]))
    return seats


async def play(
    stage: Stage, seats: dict[str, Seat], steps: Sequence[Step], seconds: float, on_mark: OnMark, on_step: OnStep
) -> Played:
    """Play the steps so that they take about so many seconds, or as long as the room needs."""
    played = Played(stage, seats)
    beat = seconds / max(1.0, sum(step.rest for step in steps))
    began = due = time.monotonic()
    for number, step in enumerate(steps):
        on_step(number, len(steps))
        await asyncio.gather(*(_act(played, cue) for cue in step.cues))
        if step.mark:
            paused = time.monotonic()
            await on_mark(step.mark)
            due += time.monotonic() - paused
        due += step.rest * beat
        await asyncio.sleep(max(0.0, due - time.monotonic()))
    on_step(len(steps), len(steps))
    played.seconds = time.monotonic() - began
    return played


async def _act(played: Played, cue: Cue) -> None:
    seat = played.seats[cue.by]
    said = {name: await _resolved(played.seats["chair"], value) for name, value in cue.said.items()}
    if said.pop("closed", False):
        said["channel"] = f"session:{seat.session}:members"
    answer = await (seat.call if cue.verb in READS else seat.write)(cue.verb, **said)
    played.acts += 1
    code = "" if answer["ok"] else answer["error"]["code"]
    if code == cue.refused:
        played.refusals += bool(code)
    elif cue.refused:
        played.allowed.append(f"{cue.by} {cue.verb}: {code or 'done'}, not {cue.refused}")
    else:
        played.refused.append(f"{cue.by} {cue.verb}: {code} {answer['error']['message']}")


async def _resolved(chair: Seat, value: Any) -> Any:
    """What only the room knows: the chair has heard it, or hears it in a moment."""
    if not isinstance(value, Heard):
        return value

    def found() -> list[dict[str, Any]]:
        return [event for event in chair.since if event["type"] == value.type]

    async with chair.news:
        await asyncio.wait_for(chair.news.wait_for(lambda: len(found()) >= value.nth), PATIENCE)
    return value.before + str(found()[value.nth - 1]["data"][value.member])


async def leave(seats: dict[str, Seat]) -> None:
    await asyncio.gather(*(seat.close() for seat in seats.values()), return_exceptions=True)


def outsiders(stage: Stage) -> list[str]:
    """Seats that are outside when the members are among themselves."""
    return ["observer", *(code for code in stage.delegations if code not in stage.states)]


def insiders(stage: Stage) -> list[str]:
    return [*(seat for seat in OFFICERS if seat != "observer"), *stage.states]
