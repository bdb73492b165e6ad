"""The pillars of the framework and the letters of its norms, in their order (domain brief §2.3)."""

from __future__ import annotations

PILLARS = (
    "threats",
    "norms",
    "international_law",
    "cbms",
    "capacity_building",
    "regular_institutional_dialogue",
)

NORMS = tuple("abcdefghijk")
"""The norms of responsible State behaviour, A/70/174, paragraph 13 (a) to (k)."""
