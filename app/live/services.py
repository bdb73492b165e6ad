"""The commands of a session: schedule, open, suspend, resume, close, publish, move the focus, comment."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.core.markup import render
from app.core.rules import sessions as rules
from app.core.text import TextRefused, clean_message
from app.drafts.models import Draft, Version, VersionParagraph
from app.errors import Closed, Conflict, Invalid, NotFound, TooLarge
from app.extensions import db
from app.groups.models import Group
from app.groups.services import words
from app.live.acting import append_act, held_session, require_act, require_open, require_running
from app.live.models import Comment, LiveSession
from app.live.parts import parts
from app.live.queries import may_know, openness_of, require_present
from app.live.quoting import checked_quote
from app.live.segments import (
    announced_now,
    author_in,
    channel_now,
    closed_channels,
    is_attributed,
    is_closed_segment,
    narrower,
    openness_now,
    openness_of_channel,
)
from app.policy import OPENNESS_FORUM, Action, Actor, GroupId, envelope_actor, require, role_in
from app.proposals import services as proposals
from app.proposals.queries import is_more_open, paragraph_labels
from app.record import Envelope, Transaction, events_of, last_seq, parse_key, transaction
from app.web.numbers import whole
from app.web.refusals import text_refused

COMMENT_LIMIT = 10_000
TITLE_LIMIT = 200


def schedule_session(
    actor: Actor,
    group: Group,
    title: str,
    openness: str,
    *,
    version_id: int | None = None,
    agenda_item: str = "",
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    place: str = "",
) -> LiveSession:
    """Announce a session. It is never more open than its group."""
    with transaction() as tx:
        group = _held_group(group.id)
        require(actor, Action.CONDUCT_SESSION, GroupId(group.id), group.openness, what=_("This group"))
        _check_openness(openness, group)
        session = LiveSession(
            group=group,
            version_id=_checked_version(version_id, group),
            title=_line(title, "title"),
            agenda_item=_line(agenda_item, "agenda_item", required=False),
            openness=openness,
            state=rules.State.SCHEDULED,
            starts_at=starts_at,
            ends_at=checked_end(starts_at, ends_at),
            place=_line(place, "place", required=False),
            created_at=tx.now,
        )
        db.session.add(session)
        db.session.flush()
        _append(
            tx,
            actor,
            session,
            "session.scheduled",
            {
                "title": session.title,
                "agenda_item": session.agenda_item,
                "openness": openness,
                "starts_at": starts_at.isoformat() if starts_at else None,
                "ends_at": ends_at.isoformat() if ends_at else None,
                "place": session.place,
                "version": _id(session.version_id),
            },
        )
        return session


def _held_group(group_id: int) -> Group:
    """The group, not closed by anybody until the commit: or the session would be wider than it."""
    held = select(Group).where(Group.id == group_id).with_for_update(read=True, of=Group)
    group = db.session.scalar(held.execution_options(populate_existing=True))
    if group is None:
        raise NotFound(_("This was not found, or is not open to you."))
    return group


def checked_end(starts_at: datetime | None, ends_at: datetime | None) -> datetime | None:
    """A session ends after it begins, on the same day or the next. Raises Invalid."""
    if ends_at is None:
        return None
    if starts_at is None or not timedelta(0) < ends_at - starts_at <= timedelta(days=1):
        raise Invalid(_("A session ends after it begins, within a day."), field="ends_at")
    return ends_at


def conduct(actor: Actor, session_id: int, act: str) -> LiveSession:
    """Open, suspend, resume or close a session. Out of order it is Closed, with the state in the message."""
    with transaction() as tx:
        session = held_session(session_id, exclusive=True)
        _require_chair(actor, session, Action.CONDUCT_SESSION)
        after = rules.after(session.state, act)
        if after is None:
            raise Closed(_out_of_order(session.state, act), state=session.state)
        session.state = after
        if act == rules.Act.OPEN:
            session.opened_at = tx.now
        if act == rules.Act.CLOSE:
            session.closed_at = tx.now
            session.segment_openness = session.segment_focus = None
            session.attribution = rules.Attribution.ON_RECORD
            # The public followed a session; its record is the public's only once the chair publishes it.
            tx.rights_changed(f"session:{session.id}")
        _append(tx, actor, session, rules.EVENT[rules.Act(act)], {"state": str(after)})
        return session


def move_focus(actor: Actor, session_id: int, paragraph: str | None) -> int:
    """Move the room to a paragraph, or to the whole text with None. Returns the event's seq."""
    with transaction() as tx:
        session = held_session(session_id, exclusive=True)
        _require_chair(actor, session, Action.CONDUCT_SESSION)
        require_running(session)
        found = _paragraph(session, paragraph) if paragraph else None
        wid = found.wid if found else None
        if is_closed_segment(session):
            session.segment_focus = wid
        else:
            session.focus = wid
        return append_act(
            tx, actor, session, "focus.moved", {"paragraph": wid, "label": found.label if found else None}
        ).seq


def table_version(actor: Actor, session_id: int, version_id: int) -> int:
    """Put another issued version on the table of a session that is not closed. Returns the event's seq."""
    with transaction() as tx:
        session = held_session(session_id, exclusive=True)
        _require_chair(actor, session, Action.CONDUCT_SESSION)
        if session.state == rules.State.CLOSED:
            raise Closed(_("The session is closed."), state=session.state)
        if is_closed_segment(session):
            raise Closed(_("End the closed segment first: what is on the table is told to all who follow the session."))
        session.version_id = _checked_version(version_id, session.group)
        version = _again(Version, version_id)
        session.focus = None
        return _append(tx, actor, session, "version.tabled", {"version": str(version_id), "label": version.label})


def set_mode(actor: Actor, session_id: int, *, mode: Any = None, openness: Any = None, attribution: Any = None) -> int:
    """Begin a segment: formal or informal, open to whom, attributed or not. What is None stays as it is.

    While the session runs, to open it to fewer begins a closed segment, recorded where only they can read; to open
    it to all again ends it. Before and after, the announcement itself is changed. Who may not be in the room any
    more is out before the next word. Returns the event's seq in the session's own channel.
    """
    with transaction() as tx:
        session = held_session(session_id, exclusive=True)
        _require_chair(actor, session, Action.SET_OPENNESS)
        openness = openness_now(session) if openness is None else openness
        _check_openness(openness, session.group)
        if session.published_at:
            raise Closed(_("The record is published: its openness stays as it is."))
        if session.state == rules.State.CLOSED and (mode or attribution):
            raise Closed(_("The session is closed."), state=session.state)
        tx.rights_changed(f"session:{session.id}")
        by, before, seq = _actor_in(actor, session), _segment(session), 0
        if not _is_running(session) or rules.is_wider(openness, session.openness):
            _require_nothing_said_behind_doors(session, openness)
            seq = _announce_openness(tx, by, session, openness)
        if _is_running(session) or mode or attribution:
            seq = _begin_segment(tx, by, session, before, openness, mode=mode, attribution=attribution)
        return seq


def set_openness(actor: Actor, session_id: int, openness: str) -> int:
    """Change who may be in the room, and nothing else. Returns the event's seq."""
    return set_mode(actor, session_id, openness=openness)


def _is_running(session: LiveSession) -> bool:
    return session.state in (rules.State.OPEN, rules.State.SUSPENDED)


def follow_group(event: Envelope) -> None:
    """The group opens to fewer, and its sessions with it, in the same transaction.

    A session that was only held back by its group would open again with it, and tell what was said meanwhile. So it
    is narrowed itself; whether it may open again is asked as of any other.
    """
    said = json.loads(event.body)
    openness, group_id = said["data"]["openness"], int(event.channel.split(":")[1])
    query = select(LiveSession).where(LiveSession.group_id == group_id, LiveSession.published_at.is_(None))
    held = query.order_by(LiveSession.id).with_for_update(key_share=True, of=LiveSession)
    with transaction() as tx:
        for session in db.session.scalars(held.execution_options(populate_existing=True)).all():
            if rules.is_wider(session.openness, openness):
                _narrow(tx, said["actor"], session, openness)


def _narrow(tx: Transaction, by: Mapping[str, Any], session: LiveSession, openness: str) -> None:
    now, before = announced_now(session), _segment(session) | {"openness": announced_now(session)}
    _announce_openness(tx, by, session, openness)
    if _is_running(session):
        _begin_segment(tx, by, session, before, narrower(now, openness))


def _begin_segment(
    tx: Transaction,
    by: Mapping[str, Any],
    session: LiveSession,
    before: Mapping[str, str],
    openness: str,
    *,
    mode: Any = None,
    attribution: Any = None,
) -> int:
    session.mode = _one_of(rules.Mode, mode or session.mode, "mode")
    session.attribution = _one_of(rules.Attribution, attribution or session.attribution, "attribution")
    session.segment_openness = openness if rules.is_wider(session.openness, openness) else None
    session.segment_since, session.segment_focus = tx.now, session.focus
    data = {**_segment(session), "before": before, "focus": session.focus}
    return tx.append(session.channel, "session.mode", by, data).seq


def _segment(session: LiveSession) -> dict[str, str]:
    return {"mode": session.mode, "openness": openness_now(session), "attribution": session.attribution}


def _announce_openness(tx: Transaction, by: Mapping[str, Any], session: LiveSession, openness: str) -> int:
    """Attribution stays as it is: the doors are one thing, the names another."""
    data = {"openness": openness, "before": session.openness}
    session.openness = openness
    session.segment_openness = session.segment_focus = None
    return tx.append(session.channel, "session.openness", by, data).seq


def _one_of(kind: type[StrEnum], word: Any, field: str) -> str:
    if not isinstance(word, str) or word not in list(kind):
        raise Invalid(_("Choose one of: %(words)s.", words=", ".join(kind)), field=field)
    return str(word)


SAYS_NOTHING = ("session.", "focus.moved", "version.tabled", "display.")
"""How the types of events begin that hold no words of the room: acts of the chair, which a session was told of.

Any other one, of a feature that is yet to come too, counts as something that was said.
"""


def _require_nothing_said_behind_doors(session: LiveSession, openness: str) -> None:
    """What was said while fewer could hear stays with those who could: then the session never opens wider again."""
    said_to = session.openness
    if not rules.is_wider(openness, said_to):
        return
    for event in reversed(events_of([session.channel])):
        if not event.type.startswith(SAYS_NOTHING) and rules.is_wider(openness, said_to):
            raise Closed(
                _(
                    "Something was said while this session was open to fewer. It stays with them: close this session, "
                    "and open another one for those who join."
                ),
                field="openness",
            )
        if event.type == "session.openness":
            said_to = json.loads(event.body)["data"]["before"]


def publish(actor: Actor, session_id: int) -> LiveSession:
    """Turn the record of a closed session into a page of the archive, for those to whom the session was open."""
    with transaction() as tx:
        session = held_session(session_id, exclusive=True)
        _require_chair(actor, session, Action.PUBLISH)
        if session.state != rules.State.CLOSED:
            raise Closed(_("A session can be published once it is closed."), state=session.state)
        if session.published_at:
            raise Conflict(_("The record of this session is published already."))
        session.published_at = tx.now
        through = last_seq(session.channel)
        envelope = tx.append(
            session.channel,
            "session.published",
            _actor_in(actor, session),
            {"openness": session.openness, "through": through},
        )
        session.publication_sha256 = envelope.hash
        for channel in closed_channels(session).values():
            if ending := last_seq(channel):
                data = {"openness": openness_of_channel(channel), "through": ending}
                tx.append(channel, "segment.published", _actor_in(actor, session), data)
        return session


def comment(
    actor: Actor,
    session_id: int,
    *,
    id: str,
    body: str,
    paragraph: str | None = None,
    quote: Mapping[str, Any] | None = None,
    on_behalf_of: str | None = None,
) -> int:
    """Say something in an open session, for one's party or a group of States. Returns the event's seq.

    `paragraph` is the identity or the label's slug of a paragraph of the version on the table; `quote` the words in
    it that are meant: {exact, start?, prefix?, suffix?}.
    """
    with transaction() as tx:
        session = held_session(session_id)
        require_act(actor, session, Action.COMMENT)
        comment_id = _new_id(id)
        require_open(session)
        said = _message(body)
        found = _paragraph(session, paragraph) if paragraph not in (None, "") else None
        anchored = _quoted(found, quote) if quote is not None else None
        if not isinstance(on_behalf_of, str | None):
            raise Invalid(_("Say in whose name by a code or a name."), field="on_behalf_of")
        signed = _signed(actor, session, on_behalf_of)
        html = render(said)
        data = {
            "id": comment_id,
            "paragraph": found.wid if found else None,
            "label": found.label if found else None,
            "version": _id(session.version_id),
            "quote": anchored,
            "body": said,
            "html": html,
        }
        envelope = tx.append(channel_now(session), "comment.added", signed, data)
        db.session.add(
            Comment(
                id=comment_id,
                session_id=session.id,
                openness=openness_of_channel(envelope.channel),
                seq=envelope.seq,
                version_id=session.version_id,
                paragraph=data["paragraph"],
                quote=anchored,
                author_id=actor.user_id if is_attributed(session) else None,
                actor=signed,
                body=said,
                html=html,
                created_at=tx.now,
            )
        )
        return envelope.seq


def _new_id(id: str) -> str:
    """The id of a comment that is not there yet.

    One that is was sent before the names were switched on or off, and is remembered under another key: what was
    taken is not taken again.
    """
    comment_id = parse_key(id)
    if db.session.get(Comment, comment_id) is not None:
        raise Conflict(_("This comment was taken already."), field="id")
    return comment_id


def propose(actor: Actor, session_id: int, given: Mapping[str, Any], *, on_behalf_of: str | None = None) -> int:
    """Propose a change from the floor of an open session: `given` as `app.proposals.services.propose` takes it.

    Its `base` is the version that the delegate sees; default: the one on the table. Returns the event's seq.
    """
    with transaction() as tx:
        session = held_session(session_id)
        require_present(actor, session)
        require_open(session)
        _require_names(session)
        row = proposals.propose(
            actor,
            _base(session, given.get("base")),
            given,
            on_behalf_of=on_behalf_of,
            made_in=channel_now(session),
            openness=openness_now(session),
        )
        found = paragraph_labels(row.base_id).get(row.paragraph or "")
        data = {
            "proposal": row.id,
            "number": row.label,
            "version": str(row.base_id),
            "kind": row.kind,
            "paragraph": row.paragraph,
            "label": found,
            "text": row.text,
            "parts": list(row.parts),
            "rationale": row.rationale,
            "verdict": row.verdict,
        }
        return tx.append(channel_now(session), "proposal.added", row.actor, data).seq


def _base(session: LiveSession, base: Any) -> int:
    """The version that a proposal from the floor is made on: one of the draft on the table."""
    if session.version_id is None:
        raise Closed(_("There is no text on the table of this session."))
    if base in (None, "", str(session.version_id), session.version_id):
        return session.version_id
    number = whole(base)
    version = db.session.get(Version, number) if number is not None else None
    if version is None or not version.issued or version.draft_id != session.version.draft_id:  # type: ignore[union-attr]
        raise Invalid(_("The base must be a version of the text on the table."), field="base")
    return version.id


def take_position(
    actor: Actor,
    session_id: int,
    target: Any,
    stance: Any,
    *,
    note: str = "",
    condition: Any = None,
    on_behalf_of: str | None = None,
) -> int:
    """Say in the room what one's delegation thinks of a proposal, or of what features above put before the room.

    `target` is `proposal:ID`, or a word of a feature and what it names. Returns the event's seq.
    """
    if taken := parts.position_targets.get(str(target).partition(":")[0]):
        return taken(
            actor,
            session_id,
            str(target),
            stance,
            {"note": note, "condition": condition, "on_behalf_of": on_behalf_of},
        )
    with transaction() as tx:
        session = held_session(session_id)
        require_present(actor, session)
        require_open(session)
        _require_names(session)
        identity = str(target).removeprefix("proposal:")
        row, said = proposals.checked_position(actor, identity, stance, note, condition=condition)
        if session.version is None or row.draft_id != session.version.draft_id:
            raise Invalid(_("This proposal is not on the text on the table."), field="target")
        if is_more_open(row, openness_now(session)):
            # What is said behind a closed door stays in that room's record: the proposal is read outside.
            require(actor, Action.TAKE_POSITION, GroupId(session.group_id), openness_now(session))
        else:
            proposals.take_position(actor, identity, stance, note=said, on_behalf_of=on_behalf_of)
        data = {"target": row.id, "number": row.label, "paragraph": row.paragraph, "stance": stance, "note": said}
        return tx.append(
            channel_now(session), "position.taken", words.signed(actor, session.group_id, on_behalf_of), data
        ).seq


def _again(model: type[Any], id_: int) -> Any:
    thing = db.session.get(model, id_)
    if thing is None:
        raise NotFound(_("This was not found, or is not open to you."))
    return thing


def _require_chair(actor: Actor, session: LiveSession, action: Action) -> None:
    if not may_know(actor, session):
        raise NotFound(_("This session was not found, or is not open to you."))
    require(actor, action, GroupId(session.group_id), openness_of(session), what=_("This session"))


def _signed(actor: Actor, session: LiveSession, on_behalf_of: str | None) -> dict[str, Any]:
    """The author as the room knows them: their party, or nobody where nothing is attributed."""
    if is_attributed(session):
        return words.signed(actor, session.group_id, on_behalf_of)
    if on_behalf_of:
        raise Closed(_("No names are kept in this segment: say it in nobody's name."), field="on_behalf_of")
    return author_in(actor, session)


def _require_names(session: LiveSession) -> None:
    if not is_attributed(session):
        raise Closed(_("No names are kept in this segment, and this needs one. Do it when the Chair ends the segment."))


def _append(tx: Transaction, actor: Actor, session: LiveSession, type_: str, data: dict[str, Any]) -> int:
    return tx.append(session.channel, type_, _actor_in(actor, session), data).seq


def _actor_in(actor: Actor, session: LiveSession) -> dict[str, Any]:
    return envelope_actor(actor, role_in(actor, GroupId(session.group_id)))


def _message(body: Any) -> str:
    if not isinstance(body, str) or not body.strip():
        raise Invalid(_("Write something first."), field="body")
    if len(body) > COMMENT_LIMIT:
        raise TooLarge(
            _("A comment has at most %(number)s characters. Shorten it, or send it in parts.", number=COMMENT_LIMIT),
            field="body",
        )
    try:
        return clean_message(body)
    except TextRefused as refused:
        raise Invalid(text_refused(refused), field="body") from None


def _paragraph(session: LiveSession, reference: Any) -> VersionParagraph:
    """By identity, or by the slug of its label, in the version on the table."""
    found = None
    if session.version_id and isinstance(reference, str) and len(reference) <= 80:
        rows = db.session.scalars(
            select(VersionParagraph).where(
                VersionParagraph.version_id == session.version_id,
                (VersionParagraph.wid == reference) | (VersionParagraph.slug == reference),
            )
        ).all()
        found = next((row for row in rows if row.wid == reference), rows[0] if rows else None)
    if found is None:
        raise Invalid(_("The text on the table has no such paragraph."), field="paragraph")
    return found


def _quoted(paragraph: VersionParagraph | None, given: Mapping[str, Any]) -> dict[str, Any]:
    if paragraph is None:
        raise Invalid(_("Words can be quoted from a paragraph only: say which."), field="quote")
    return checked_quote(paragraph.text, given)


def _checked_version(version_id: int | None, group: Group) -> int | None:
    if version_id is None:
        return None
    version = db.session.get(Version, version_id)
    draft = db.session.get(Draft, version.draft_id) if version else None
    if version is None or draft is None or draft.group_id != group.id or not version.issued:
        raise Invalid(_("Only an issued version of this group can be put on the table."), field="version")
    return version.id


def _check_openness(openness: Any, group: Group) -> None:
    if not isinstance(openness, str) or openness not in OPENNESS_FORUM:
        raise Invalid(_("The openness must be public, observers, members or invited."), field="openness")
    if rules.is_wider(openness, group.openness):
        raise Invalid(_("A session cannot be more open than its group."), field="openness")


def _line(text: Any, field: str, *, required: bool = True) -> str:
    line = " ".join(str(text or "").split())
    if (required and not line) or len(line) > TITLE_LIMIT or not line.isprintable():
        raise Invalid(_("Write 1 to %(number)s characters.", number=TITLE_LIMIT), field=field)
    return line


def _out_of_order(state: str, act: str) -> str:
    return {
        "scheduled": _("The session is not open yet."),
        "open": _("The session is open already."),
        "suspended": _("The session is suspended: resume or close it."),
        "closed": _("The session is closed."),
        "postponed": _("The session is postponed: give it a time first."),
        "cancelled": _("The session is cancelled."),
    }[state]


def _id(number: int | None) -> str | None:
    return str(number) if number is not None else None
