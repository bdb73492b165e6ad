"""The plot of levels over time as plain numbers for an SVG: steps, stacked from adopted at the foot to open on top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.core.rules.agreement import Level

WIDTH, HEIGHT = 720, 260
LINE = 18
STACK = (
    Level.ADOPTED,
    Level.AGREED,
    Level.AGREED_AD_REF,
    Level.AGREED_IN_INFORMALS,
    Level.BRACKETED,
    Level.OPEN,
)


@dataclass(frozen=True, slots=True)
class Band:
    """One level: the outline of its area, and where its name stands at the right; none where it ends empty."""

    level: str
    points: str
    label_y: float | None
    count: int


@dataclass(frozen=True, slots=True)
class Plot:
    bands: list[Band]
    versions: list[tuple[float, str]]
    """Where each version began."""
    total: int
    width: int = WIDTH
    height: int = HEIGHT


def drawn(steps: Sequence[dict[str, Any]]) -> Plot | None:
    """None where there is nothing over time to show: fewer than two steps."""
    if len(steps) < 2:
        return None
    times = [datetime.fromisoformat(step["at"]).timestamp() for step in steps]
    span = max(times[-1] - times[0], 1.0)
    # The last step is seen too: it runs for a twentieth of the way.
    places = [round((at - times[0]) / span * WIDTH * 0.95, 1) for at in times]
    total = max(sum(step["levels"].values()) for step in steps) or 1
    feet = [0.0] * len(steps)
    bands = []
    for level in STACK:
        tops = [foot + step["levels"].get(level, 0) for foot, step in zip(feet, steps, strict=True)]
        if any(step["levels"].get(level, 0) for step in steps):
            count = steps[-1]["levels"].get(level, 0)
            middle = round(_y((feet[-1] + tops[-1]) / 2, total), 1) if count else None
            bands.append(Band(str(level), _outline(places, feet, tops, total), middle, count))
        feet = tops
    return Plot(_spread(bands), _versions(steps, places), total)


def _spread(bands: Sequence[Band]) -> list[Band]:
    """The names at the right, so far apart that each can be read: from the foot upwards."""
    below, found = float(HEIGHT + LINE), []
    for band in bands:
        if band.label_y is not None:
            below = min(band.label_y, below - LINE)
            band = replace(band, label_y=round(below, 1))
        found.append(band)
    return found


def _outline(places: Sequence[float], feet: Sequence[float], tops: Sequence[float], total: int) -> str:
    """Along the tops to the right in steps, and back along the feet."""
    ends = [*places[1:], float(WIDTH)]
    there = [point for at, end, top in zip(places, ends, tops, strict=True) for point in ((at, top), (end, top))]
    back = [point for at, end, foot in zip(places, ends, feet, strict=True) for point in ((at, foot), (end, foot))]
    return " ".join(f"{x:g},{_y(value, total):g}" for x, value in (*there, *back[::-1]))


def _y(value: float, total: int) -> float:
    return round(HEIGHT - value / total * HEIGHT, 1)


def _versions(steps: Sequence[dict[str, Any]], places: Sequence[float]) -> list[tuple[float, str]]:
    found: list[tuple[float, str]] = []
    for step, place in zip(steps, places, strict=True):
        if not found or found[-1][1] != step["version"]:
            found.append((place, step["version"]))
    return found
