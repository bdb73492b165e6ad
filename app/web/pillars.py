"""The pillars and norms in words."""

from __future__ import annotations

from flask_babel import gettext as _

from app.core.pillars import NORMS, PILLARS


def pillar_label(code: str) -> str:
    """The name of a pillar in the language of the page; a code that is no pillar stays as it is."""
    return {
        "threats": _("Threats"),
        "norms": _("Norms"),
        "international_law": _("International law"),
        "cbms": _("Confidence-building"),
        "capacity_building": _("Capacity-building"),
        "regular_institutional_dialogue": _("Institutional dialogue"),
    }.get(code, code)


def norm_label(letter: str) -> str:
    """What a norm is about, in a few words of our own."""
    return {
        "a": _("Cooperation between States"),
        "b": _("Considering all relevant information"),
        "c": _("No misuse of territory"),
        "d": _("Cooperation against crime and terrorism"),
        "e": _("Human rights and privacy"),
        "f": _("Not damaging critical infrastructure"),
        "g": _("Protecting critical infrastructure"),
        "h": _("Responding to requests for assistance"),
        "i": _("Integrity of the supply chain"),
        "j": _("Reporting vulnerabilities"),
        "k": _("No harm to emergency response teams"),
    }.get(letter, letter)


def pillar_choices() -> list[tuple[str, str]]:
    return [(code, pillar_label(code)) for code in PILLARS]


def norm_choices() -> list[tuple[str, str]]:
    return [(letter, f"({letter}) {norm_label(letter)}") for letter in NORMS]
