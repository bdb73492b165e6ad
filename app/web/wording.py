"""Events and marks in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup, escape

from app.core.markup import render
from app.web.viewer import speaker_name

_FOOTNOTE = re.compile(r"\[\^([^\]\s]{1,20})\]")


Words = Callable[[str, Mapping[str, Any]], str]
_words: dict[str, Words] = {}
quiet_acts: set[str] = set()
"""Types of events that a panel of the room shows already: the talk does not repeat them, the record does."""


def register_act(type_: str, words: Words, *, quiet: bool = False) -> None:
    """Say how an event reads: `words(who, data)`. `data` may be words in braces that a script fills: only print it."""
    _words[type_] = words
    if quiet:
        quiet_acts.add(type_)


_labels: dict[str, Callable[[], Mapping[str, str]]] = {}


def register_labels(member: str, labels: Callable[[], Mapping[str, str]]) -> None:
    """Say how the codes of a member of `data` read: `labels()` gives code to word; the empty code is of none."""
    _labels[member] = labels


def act_labels() -> dict[str, dict[str, str]]:
    """Member of `data` to code to word, for the room's scripts."""
    return {member: dict(labels()) for member, labels in _labels.items()}


def label_of(member: str, code: str | None) -> str:
    """How a code reads; itself where it is none that is known, as in the patterns for scripts."""
    return _labels[member]().get(code or "", code or "")


class _Braces(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"

    def get(self, key: str, default: Any = None) -> Any:
        return self[key]


def act_patterns() -> dict[str, str]:
    """Type to the words of its line, for the room's scripts: {who} and the members of `data` in braces."""
    return {type_: words("{who}", _Braces()) for type_, words in _words.items()}


def act_text(event: dict[str, Any]) -> str:
    """An act of the chair as a line of the talk. Unknown types say their name, so that nothing is hidden."""
    who, data = speaker_name(event["actor"]), event["data"]
    if event["type"] in _words:
        return _words[event["type"]](who, data)
    if event["type"] == "focus.moved":
        if data.get("number"):
            return _("%(who)s moved the discussion to %(number)s on %(label)s", who=who, **_place(data))
        if data.get("label"):
            return _("%(who)s moved the discussion to %(label)s", who=who, label=data["label"])
        return _("%(who)s moved the discussion to the whole text", who=who)
    if event["type"] == "session.mode":
        return _segment_text(who, data)
    if event["type"] == "proposal.added":
        return _("%(who)s proposed %(number)s on %(label)s", who=who, number=data["number"], label=data["label"] or "¶")
    if event["type"] == "position.taken":
        stance = label_of("stance", data["stance"])
        return _("%(who)s on %(number)s: %(stance)s", who=who, number=data["number"], stance=stance)
    return {
        "session.scheduled": _("%(who)s announced the session", who=who),
        "session.opened": _("%(who)s opened the session", who=who),
        "session.suspended": _("%(who)s suspended the session", who=who),
        "session.resumed": _("%(who)s resumed the session", who=who),
        "session.closed": _("%(who)s closed the session", who=who),
        "session.published": _("%(who)s published the record", who=who),
        "session.openness": _("%(who)s changed to whom the session is open", who=who),
        "version.tabled": _("%(who)s put %(label)s on the table", who=who, label=data.get("label", "")),
    }.get(event["type"], event["type"])


def _place(data: Mapping[str, Any]) -> dict[str, str]:
    return {"number": data["number"], "label": data["label"] or "¶"}


def _segment_text(who: str, data: Mapping[str, Any]) -> str:
    mode, openness = mode_label(data["mode"]), openness_label(data["openness"])
    said = _("%(who)s began a segment: %(mode)s, %(openness)s", who=who, mode=mode, openness=openness)
    unnamed = _("No names are kept")
    return said if data["attribution"] == "on_record" else f"{said}. {unnamed}"


def openness_label(openness: str) -> str:
    return {
        "public": _("public session"),
        "observers": _("members and observers"),
        "members": _("closed session"),
        "invited": _("by invitation"),
    }[openness]


def mode_label(mode: str) -> str:
    return {"formal": _("formal"), "informal": _("informal")}[mode]


def event_anchor(channel: str, seq: int) -> str:
    """The id of an event on a page that may hold several channels of one session."""
    segment = channel.split(":")[2:]
    return f"e{'-'.join([*segment, str(seq)])}"


def footnote_marks(text: str) -> Markup:
    """The words of a paragraph with its footnote marks raised."""
    return Markup(_FOOTNOTE.sub(lambda mark: f"<sup>{mark.group(1)}</sup>", str(escape(text))))


def markup(source: str) -> Markup:
    """Markdown that has no rendered form in the database, such as a covering note."""
    return Markup(render(source))
