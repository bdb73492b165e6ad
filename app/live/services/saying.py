"""What delegations say in a session: comments, proposals from the floor, stances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from app.core.markup import render
from app.core.text import TextRefused, clean_message
from app.drafts.models import Version, VersionParagraph
from app.drafts.queries import version_paragraphs
from app.errors import Closed, Conflict, Invalid, TooLarge
from app.extensions import db
from app.groups.services import words
from app.live.acting import held_session, require_act, require_names, require_open
from app.live.models import Comment, LiveSession
from app.live.parts import parts
from app.live.queries import require_present
from app.live.quoting import checked_quote
from app.live.segments import author_in, channel_now, is_attributed, openness_now, openness_of_channel
from app.live.services.checks import as_id, paragraph_on_the_table
from app.policy import Action, Actor, GroupId, require
from app.proposals import services as proposals
from app.proposals.queries import change_of, is_more_open, paragraph_labels, trimmed
from app.record import parse_key, transaction
from app.web.numbers import whole
from app.web.refusals import text_refused

COMMENT_LIMIT = 10_000


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
        found = paragraph_on_the_table(session, paragraph) if paragraph not in (None, "") else None
        anchored = _quoted(found, quote) if quote is not None else None
        if not isinstance(on_behalf_of, str | None):
            raise Invalid(_("Say in whose name by a code or a name."), field="on_behalf_of")
        signed = _signed(actor, session, on_behalf_of)
        html = render(said)
        data = {
            "id": comment_id,
            "paragraph": found.wid if found else None,
            "label": found.label if found else None,
            "version": as_id(session.version_id),
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


def _quoted(paragraph: VersionParagraph | None, given: Mapping[str, Any]) -> dict[str, Any]:
    if paragraph is None:
        raise Invalid(_("Words can be quoted from a paragraph only: say which."), field="quote")
    return checked_quote(paragraph.text, given)


def _signed(actor: Actor, session: LiveSession, on_behalf_of: str | None) -> dict[str, Any]:
    """The author as the room knows them: their party, or nobody where nothing is attributed."""
    if is_attributed(session):
        return words.signed(actor, session.group_id, on_behalf_of)
    if on_behalf_of:
        raise Closed(_("No names are kept in this segment: say it in nobody's name."), field="on_behalf_of")
    return author_in(actor, session)


def propose(actor: Actor, session_id: int, given: Mapping[str, Any], *, on_behalf_of: str | None = None) -> int:
    """Propose a change from the floor of an open session: `given` as `app.proposals.services.propose` takes it.

    Its `base` is the version that the delegate sees; default: the one on the table. Returns the event's seq.
    """
    with transaction() as tx:
        session = held_session(session_id)
        require_present(actor, session)
        require_open(session)
        require_names(session)
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
            "change": trimmed(change_of(row, {p.wid: p.text for p in version_paragraphs(row.base_id)})),
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
        require_names(session)
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
