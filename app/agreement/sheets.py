"""The sheet of one paragraph: who stands where, one's own stance, what an officer may mark; for a page or a dialog."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from app.agreement import room, views
from app.core.rules import agreement as rules
from app.core.rules.agreement import Act, Flag, Level, Who
from app.core.rules.proposals import Code
from app.core.rules.sessions import Mode
from app.drafts.models import Version, VersionParagraph
from app.drafts.queries import newest_version, version_paragraphs
from app.live.models import LiveSession
from app.live.segments import openness_now
from app.policy import Action, Actor, GroupId, can
from app.proposals.labels import stance_label

SEVERAL = ("paragraphs", "holders")


def given_in(form: MultiDict[str, str]) -> dict[str, Any]:
    """A form as a command reads it."""
    return {name: form.getlist(name) if name in SEVERAL else form[name] for name in form if name != "csrf_token"}


def said(given: Mapping[str, Any]) -> dict[str, Any]:
    """What a stance says beside its code."""
    return {
        "note": given.get("note") or "",
        "condition": given.get("condition") or None,
        "on_behalf_of": given.get("on_behalf_of") or None,
    }


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the sheet shows. `urls` is verb to the address of its form; `back` leads to the text."""

    p: views.Summary
    target: str
    speaks: bool
    officer: bool
    bridges: bool
    acts: list[tuple[str, str, str]]
    """Level to mark with, the words of the button, its verb."""
    urls: dict[str, str]
    back: str
    codes: list[tuple[str, str, str]]
    """Code, label, letter."""
    labels: list[tuple[str, str]]
    """Paragraphs that a condition or a package may name."""
    speaks_for: list[tuple[str, str]]
    flags: list[tuple[str, str, bool, str]]
    history: list[dict[str, Any]]
    given: dict[str, Any] = field(default_factory=dict)
    message: str = ""
    session_id: int | None = None
    old: bool = False
    """Is a newer version out? Then what is told is of today, and most of it of other words."""


def in_session(
    actor: Actor,
    session: LiveSession,
    read: views.Reading,
    row: VersionParagraph,
    *,
    given: dict[str, Any] | None = None,
    message: str = "",
) -> Sheet:
    return _sheet(
        actor,
        read,
        row,
        openness_now(session),
        {verb: url_for("agreement.act_in_session", session_id=session.id, verb=verb) for verb in _VERBS},
        url_for("live.room", session_id=session.id, _anchor=f"p-{row.wid}"),
        speaks=room.may_speak(actor, session),
        formal=session.mode == Mode.FORMAL,
        given=given,
        message=message,
        session_id=session.id,
    )


def outside(
    actor: Actor,
    version: Version,
    row: VersionParagraph,
    *,
    given: dict[str, Any] | None = None,
    message: str = "",
) -> Sheet:
    read = views.Reading(actor, version, version_paragraphs(version.id), only=row.wid)
    where: dict[str, Any] = {"draft_id": version.draft_id, "number": version.number}
    openness = version.draft.group.openness
    return _sheet(
        actor,
        read,
        row,
        openness,
        {verb: url_for("agreement.act_outside", verb=verb, **where) for verb in _VERBS},
        url_for("drafts.version", _anchor=f"p-{row.wid}", **where),
        speaks=actor.party_id is not None and _may(actor, version, Action.TAKE_POSITION, openness),
        given=given,
        message=message,
        old=newest_version(version.draft_id).id != version.id,
    )


_VERBS = ("position", "agree", "reopen", "flag", "package", "condition", "bridge", "bridge.down", "bridge.propose")
_LEVEL = {act: level for level, act in rules.ACT_OF.items()}


def _may(actor: Actor, version: Version, action: Action, openness: str) -> bool:
    return can(actor, action, GroupId(version.draft.group_id), openness)


def _sheet(
    actor: Actor,
    read: views.Reading,
    row: VersionParagraph,
    openness: str,
    urls: dict[str, str],
    back: str,
    *,
    speaks: bool,
    given: dict[str, Any] | None,
    message: str,
    formal: bool = False,
    session_id: int | None = None,
    old: bool = False,
) -> Sheet:
    version = read.version
    summary = read.summary(row)
    officer = _may(actor, version, Action.MARK_INFORMALLY, openness)
    chair = _may(actor, version, Action.MARK_AGREED, openness)
    who = [Who.OFFICER] * officer + [Who.CHAIR] * chair
    if speaks and {actor.party_code, *(f"group:{code}" for code in actor.speaks_for)} & set(summary.standing.holders):
        who.append(Who.HOLDER)
    return Sheet(
        p=summary,
        target=f"paragraph:{row.wid}",
        speaks=speaks,
        officer=officer,
        bridges=_may(actor, version, Action.SHOW_BRIDGING, openness),
        acts=_acts(summary.standing.level, who, formal),
        urls=urls,
        back=back,
        codes=[(code, stance_label(code), views.letter(code)) for code in Code],
        labels=[(other.wid, other.label) for other in read.rows],
        speaks_for=list(actor.speaks_for.items()) if speaks else [],
        flags=[
            (name, views.flag_label(name), name in summary.standing.flags, summary.standing.flags.get(name, ""))
            for name in Flag
        ],
        history=views.history(actor, version, row.wid),
        given=given or {},
        message=message,
        session_id=session_id,
        old=old,
    )


def _acts(level: Level, who: list[Who], formal: bool) -> list[tuple[str, str, str]]:
    """What a person may mark now. For good it is agreed in a formal meeting alone."""
    found = []
    for act in rules.acts_open(level, who):
        if act is Act.AGREE and not formal:
            continue
        verb = "reopen" if act is Act.REOPEN else "agree"
        found.append((str(_LEVEL.get(act, "")), views.act_label(act), verb))
    return found
