"""What the room's page shows: plain data for the template, made from what the queries read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import get_timezone
from flask_babel import gettext as _

from app.accounts.queries import party_names, state_group_names
from app.core.rules.sessions import OPENNESS_ORDER, is_wider
from app.core.text import opening, option_label
from app.drafts.models import VersionParagraph
from app.live.models import LiveSession
from app.live.queries import comment_counts, openness_of, proposal_in_focus, you_in
from app.live.segments import focus_now, is_attributed, is_closed_segment, openness_now
from app.policy import Actor, GroupId, role_in
from app.record import PAGE, events_after, last_seq
from app.web.locale import current_language
from app.web.viewer import party_name, role_label
from app.web.wording import openness_label


@dataclass(frozen=True, slots=True)
class RoomParagraph:
    id: str
    slug: str
    label: str
    kind: str
    level: int
    text: str
    opening: int
    option: int
    comments: int
    pillars: list[str]


def room_paragraphs(rows: list[VersionParagraph], counts: dict[str, int]) -> list[RoomParagraph]:
    return [
        RoomParagraph(
            id=row.wid,
            slug=row.slug,
            label=row.label,
            kind=row.kind,
            level=row.level,
            text=row.text,
            opening=opening(row.text, row.kind),
            option=option_label(row.text),
            comments=counts.get(row.wid, 0),
            pillars=row.pillars,
        )
        for row in rows
    ]


def openness_choices(session: LiveSession) -> list[tuple[str, str]]:
    """To whom the chair may open the present segment: to all of the session, or to fewer."""
    most = openness_of(session)
    return [(word, openness_label(word)) for word in reversed(OPENNESS_ORDER) if not is_wider(word, most)]


def state_label(state: str) -> str:
    return {
        "scheduled": _("Scheduled"),
        "open": _("Live"),
        "suspended": _("Suspended"),
        "closed": _("Closed"),
        "postponed": _("Postponed"),
        "cancelled": _("Cancelled"),
    }[state]


def session_view(session: LiveSession) -> dict[str, Any]:
    """The session as the room's template names it."""
    version = session.version
    return {
        "id": str(session.id),
        "title": session.title,
        "agenda_item": session.agenda_item,
        "state": session.state,
        "state_label": state_label(session.state),
        "openness": openness_now(session),
        "openness_label": openness_label(openness_now(session)),
        "announced": openness_of(session),
        "mode": session.mode,
        "attributed": is_attributed(session),
        "closed_segment": is_closed_segment(session),
        "segment_since": session.segment_since,
        "starts_at": session.starts_at,
        "focus": focus_now(session),
        "published_at": session.published_at,
        "group": {"slug": session.group.slug, "title": session.group.title},
        "version": {
            "id": str(version.id),
            "label": version.label,
            "draft_id": str(version.draft_id),
            "draft_title": version.draft.title,
            "url": url_for("drafts.version", draft_id=version.draft_id, number=version.number),
        }
        if version
        else None,
    }


def focus_view(actor: Actor, session: LiveSession) -> dict[str, Any]:
    """What the room adds to the session: the one proposal of which it speaks."""
    row = proposal_in_focus(actor, session)
    return {"focus_proposal": {"id": row.id, "number": row.label} if row else None}


def you_view(actor: Actor, session: LiveSession) -> dict[str, Any]:
    """The visitor: as `you` of the protocol, with the words that the page shows."""
    you = you_in(actor, session)
    return {
        **you,
        "role_label": role_label(actor) if actor.signed_in else _("Reader"),
        "group_role": str(role_in(actor, GroupId(session.group_id))),
        "delegation_name": party_name(actor.party_code) if actor.party_code else None,
        "name": actor.name,
        "on_behalf_options": you["speaks_for"],
    }


def first_events(channels: Sequence[str], keep: int = PAGE) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """The last `keep` events of each channel in the order of time, and each channel's last seq."""
    seqs = {channel: last_seq(channel) for channel in channels}
    found = [event for channel, seq in seqs.items() for event in events_after(channel, max(0, seq - keep), limit=keep)]
    found.sort(key=lambda event: (event.at, event.channel, event.seq))
    return [event.as_dict() for event in found], seqs


def room_urls(session: LiveSession) -> dict[str, str]:
    acts = {act: url_for("live.act", session_id=session.id, verb=act) for act in ("open", "suspend", "resume", "close")}
    return acts | {
        "comment_post": url_for("live.comment_form", session_id=session.id),
        "focus": url_for("live.focus_form", session_id=session.id),
        "mode": url_for("live.mode_form", session_id=session.id),
        "publish": url_for("live.act", session_id=session.id, verb="publish"),
        "session_api": f"/api/v1/sessions/{session.id}",
        "events_api": f"/api/v1/sessions/{session.id}/events",
        "comments_api": f"/api/v1/sessions/{session.id}/comments",
        "record": url_for("archive.record", session_id=session.id),
        "room": url_for("live.room", session_id=session.id),
    }


def reader_settings() -> dict[str, Any]:
    """What the room's scripts need to write names and times as the server does."""
    language = current_language()
    return {
        "parties": party_names(language),
        "state_groups": state_group_names(language),
        "time_zone": str(get_timezone()),
    }


__all__ = [
    "RoomParagraph",
    "comment_counts",
    "first_events",
    "openness_label",
    "reader_settings",
    "room_paragraphs",
    "room_urls",
    "session_view",
    "state_label",
    "you_view",
]
