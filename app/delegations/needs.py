"""Where the inbox looks: proposals, stances, silence, votes, the floor, mentions, sessions that begin.

Each source asks the rights of what it reads at that moment. Who is of no delegation in a group is told nothing of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import or_, select
from sqlalchemy.orm import aliased, joinedload

from app.accounts.models import User
from app.accounts.queries import party_by_code
from app.agreement import queries as agreement
from app.agreement.models import WordStance
from app.core.rules import decisions as votes
from app.core.rules import proposals as rules
from app.core.rules.sessions import State
from app.core.rules.stances import wording_of
from app.core.text.rebasing import Verdict
from app.decisions import queries as decisions
from app.delegations import inbox, seen
from app.delegations.inbox import Item
from app.delegations.rights import acts_for_delegation
from app.drafts.queries import draft_line, version_paragraphs
from app.errors import NotFound
from app.extensions import db
from app.floor.queries import floor_of
from app.groups.models import Post, Thread
from app.groups.queries import may_read as may_read_group
from app.live.models import Comment, LiveSession
from app.live.queries import heard_by, may_be_present, sessions
from app.live.segments import channel_of, openness_now
from app.policy import Action, Actor, GroupId, can
from app.proposals.labels import stance_label, state_label
from app.proposals.models import ProposalRow, StanceRow
from app.proposals.queries import may_see, openness_of, paragraph_labels, proposals_of
from app.silence.queries import reminders_for
from app.web.viewer import speaker_name
from app.web.wording import event_anchor

FRESH = timedelta(days=14)
"""What became of a proposal, and who named us, is news for so long."""
SOON = timedelta(hours=1)
NEXT = 2
"""Places on the speakers' list from which on one gets ready."""
SHOWN = 50


def register() -> None:
    if not inbox.sources:
        inbox.sources.extend(
            [turns, ballots, silences, beginnings, drafts, clashes, stale_proposals, stale_words, fates]
        )
        inbox.sources.extend([mentions, replies])


def _running(actor: Actor) -> list[LiveSession]:
    """Open sessions in whose room the actor may be now, for their delegation."""
    found = sessions(actor, states=(State.OPEN,))
    return [one for one in found if may_be_present(actor, one) and acts_for_delegation(actor, one.group_id)]


def _cut(text: str, at: int = 140) -> str:
    line = " ".join(text.split())
    return line if len(line) <= at else f"{line[: at - 1]}…"


# --- In the rooms --------------------------------------------------------------------------------------------------


def turns(actor: Actor, now: datetime) -> Iterator[Item]:
    """Our turn to speak comes."""
    for session in _running(actor):
        floor, _seq = floor_of(session)
        for place, entry in enumerate(floor.waiting[:NEXT], 1):
            if entry.delegation == actor.party_code:
                title = _("You speak next") if place == 1 else _("You speak after the next")
                room = url_for("live.room", session_id=session.id) + "#floor"
                key = f"turn:{entry.request}:{place}"
                yield Item(key, "turn", title, session.title, room, _("Enter the room"), now, now, session.id)


def ballots(actor: Actor, now: datetime) -> Iterator[Item]:
    """A vote is open, and our ballot is not in it."""
    for session in _running(actor):
        if not can(actor, Action.VOTE, GroupId(session.group_id), openness_now(session)):
            continue
        for row in decisions.current(actor, session):
            if row.state == votes.State.OPEN and actor.party_code not in decisions.voted(row.id):
                room = url_for("live.room", session_id=session.id) + "#decisions"
                detail = row.label or _cut(row.words)
                yield Item(f"vote:{row.id}", "vote", _("A vote is open"), detail, room, _("Vote"), now, now, session.id)


def silences(actor: Actor, now: datetime) -> Iterator[Item]:
    """A deadline of silence is near; to who prepares them, also what happened."""
    for reminder in reminders_for(actor, now):
        silence = reminder.silence
        title = {
            "deadline": _("Silence ends"),
            "ended": _("Silence has ended"),
            "objection": ngettext("%(num)s objection", "%(num)s objections", reminder.count or 1),
            "outage": _("The platform was down before the deadline"),
        }[reminder.kind]
        near = reminder.at if reminder.kind == "deadline" else None
        yield Item(
            f"silence:{silence.id}:{reminder.kind}:{silence.extensions}:{reminder.count}",
            "silence",
            title,
            f"{silence.draft.title} · {silence.version.label}",
            url_for("silence.silence", silence_id=silence.id),
            _("Look at it"),
            reminder.at,
            near,
        )


def beginnings(actor: Actor, now: datetime) -> Iterator[Item]:
    """A session that we may enter, or follow already, begins within the hour."""
    mine = {session.id for session in seen.followed(actor)}
    for session in sessions(actor, states=(State.SCHEDULED,)):
        at = session.starts_at
        ours = session.id in mine or acts_for_delegation(actor, session.group_id)
        if at is not None and ours and now - SOON / 4 <= at <= now + SOON:
            room = url_for("live.room", session_id=session.id)
            key = f"begins:{session.id}:{at.isoformat()}"
            yield Item(
                key, "begins", _("A session begins"), session.title, room, _("Enter the room"), at, at, session.id
            )


# --- What we proposed and said -------------------------------------------------------------------------------------


def _own(actor: Actor) -> list[ProposalRow]:
    return [row for row in proposals_of(actor) if acts_for_delegation(actor, row.draft.group_id)]


def _cited(row: ProposalRow) -> str:
    label = paragraph_labels(row.base_id).get(row.paragraph or "", "")
    return " · ".join(part for part in (row.label, label, row.draft.title) if part)


def drafts(actor: Actor, now: datetime) -> Iterator[Item]:
    """What colleagues wrote, and only who speaks for the delegation releases."""
    for row in _own(actor):
        may = can(actor, Action.PROPOSE, GroupId(row.draft.group_id), openness_of(row))
        if row.state == rules.State.DRAFT and row.party_id == actor.party_id and may:
            yield Item(
                f"release:{row.id}:{row.revision}",
                "release",
                _("A proposal waits for release (%(name)s)", name=row.actor.get("name") or ""),
                _cited(row),
                url_for("proposals.proposal", proposal_id=row.id),
                _("Read it, then release it"),
                row.created_at,
            )


def clashes(actor: Actor, now: datetime) -> Iterator[Item]:
    """A new version met the words of our proposal: only we can say what it means now."""
    for row in _own(actor):
        asks = row.state == rules.State.LIVE and row.party_id == actor.party_id
        if asks and (not row.settled or row.verdict == Verdict.CONFLICTING):
            yield Item(
                f"clash:{row.id}:{row.base_id}",
                "clash",
                _("Your proposal meets other words"),
                _cited(row),
                url_for("proposals.revise", proposal_id=row.id),
                _("Say what it means now"),
                row.base.issued_at or row.created_at,
            )


def fates(actor: Actor, now: datetime) -> Iterator[Item]:
    """What became of what we proposed or stand behind."""
    for row in _own(actor):
        decided = row.state in rules.FATE_STATES or row.state == rules.State.MERGED
        if decided and row.ended_at is not None and now - row.ended_at <= FRESH:
            yield Item(
                f"fate:{row.id}:{row.state}",
                "fate",
                f"{row.label}: {state_label(row.state)}",
                _cut(row.fate_reason) or _cited(row),
                url_for("proposals.proposal", proposal_id=row.id),
                _("See what became of it"),
                row.ended_at,
            )


def stale_proposals(actor: Actor, now: datetime) -> Iterator[Item]:
    """Our stance is on a wording that its sponsors changed since."""
    query = (
        select(StanceRow)
        .join(ProposalRow, ProposalRow.id == StanceRow.proposal_id)
        .where(
            StanceRow.party_id == actor.party_id,
            StanceRow.revision != ProposalRow.revision,
            ProposalRow.state == rules.State.LIVE,
        )
    )
    for stance in db.session.scalars(query):
        row = stance.proposal
        if not acts_for_delegation(actor, row.draft.group_id) or not may_see(actor, row):
            continue
        keep = None
        if can(actor, Action.TAKE_POSITION, GroupId(row.draft.group_id), openness_of(row)):
            fields = {"stance": stance.code, "note": stance.note, "behalf": stance.on_behalf_of or ""}
            keep = (url_for("proposals.act", proposal_id=row.id, verb="position"), fields)
        yield Item(
            f"stale:{row.id}:{row.revision}",
            "stale",
            _(
                "New words in %(number)s: you said “%(stance)s” of others",
                number=row.label,
                stance=stance_label(stance.code),
            ),
            _cited(row),
            url_for("proposals.proposal", proposal_id=row.id),
            _("Say it of the new words") if keep else _("Read the new words"),
            stance.at,
            act=keep,
        )


def stale_words(actor: Actor, now: datetime) -> Iterator[Item]:
    """Our stance is on the words of a paragraph that a later version changed."""
    query = select(WordStance).where(WordStance.party_id == actor.party_id, WordStance.code.is_not(None))
    by_draft: dict[int, list[WordStance]] = {}
    for stance in db.session.scalars(query.where(WordStance.target.startswith("paragraph:"))):
        by_draft.setdefault(stance.draft_id, []).append(stance)
    for draft_id, stances in by_draft.items():
        yield from _stale_on(actor, draft_id, stances)


def _stale_on(actor: Actor, draft_id: int, stances: list[WordStance]) -> Iterator[Item]:
    try:
        line = draft_line(actor, draft_id)
    except NotFound:
        return
    if line.newest is None or not acts_for_delegation(actor, line.draft.group_id):
        return
    rows = {row.wid: row for row in version_paragraphs(line.newest.id)}
    open_to = agreement.open_to(actor, line.draft.group)
    for stance in stances:
        wid = stance.target.removeprefix("paragraph:")
        row = rows.get(wid)
        if row is None or row.deleted or stance.openness not in open_to or wording_of(row.text) == stance.wording:
            continue
        yield Item(
            f"words:{draft_id}:{wid}:{wording_of(row.text)[:16]}",
            "stale",
            _(
                "New words in %(number)s: you said “%(stance)s” of others",
                number=row.label,
                stance=stance_label(str(stance.code)),
            ),
            f"{line.draft.title} · {line.newest.label}",
            url_for("drafts.paragraph", draft_id=draft_id, number=line.newest.number, reference=wid),
            _("Read the new words"),
            line.newest.issued_at or stance.at,
        )


# --- Who speaks to us ----------------------------------------------------------------------------------------------


def mentions(actor: Actor, now: datetime) -> Iterator[Item]:
    """Comments of others that name our delegation."""
    party = party_by_code(actor.party_code) if actor.party_code else None
    if party is None:
        return
    names = {f"@{party.code}", *party.short.values()}
    query = (
        select(Comment)
        .options(joinedload(Comment.session))
        .where(
            Comment.created_at >= now - FRESH,
            or_(*(Comment.body.contains(name, autoescape=True) for name in names)),
            heard_by(actor, Comment.openness, Comment.session_id),
        )
        .order_by(Comment.created_at.desc())
        .limit(SHOWN)
    )
    for comment in db.session.scalars(query):
        session = comment.session
        by_us = comment.actor.get("delegation") == party.code
        if by_us or not acts_for_delegation(actor, session.group_id) or not _names(comment.body, names):
            continue
        yield Item(
            f"mention:{comment.id}",
            "mention",
            _("%(who)s speaks of you", who=speaker_name(comment.actor)),
            _cut(comment.body),
            _place_of(session, comment),
            _("Read it"),
            comment.created_at,
            session=session.id,
        )


def _names(words: str, names: set[str]) -> bool:
    """Does one of the names stand there by itself? Niger is not in Nigeria; Chinese writes no spaces."""
    return any(re.search(rf"(?<!\w){re.escape(n)}(?!\w)" if n[-1] < "\u2e80" else re.escape(n), words) for n in names)


def _place_of(session: LiveSession, comment: Comment) -> str:
    """Where the comment stands: in the record once the session is closed, before that at its paragraph in the room."""
    if session.state == State.CLOSED:
        anchor = event_anchor(channel_of(session, comment.openness), comment.seq)
        return url_for("archive.record", session_id=session.id) + f"#{anchor}"
    place = f"#p-{comment.paragraph}" if comment.paragraph else "#talk"
    return url_for("live.room", session_id=session.id) + place


def replies(actor: Actor, now: datetime) -> Iterator[Item]:
    """Posts of others that quote what our delegation wrote."""
    if actor.party_id is None:
        return
    quoted = aliased(Post)
    ours = select(User.id).where(User.party_id == actor.party_id)
    query = (
        select(Post)
        .options(joinedload(Post.thread).joinedload(Thread.group))
        .join(quoted, quoted.id == Post.quotes_id)
        .where(Post.created_at >= now - FRESH, quoted.author_id.in_(ours), Post.author_id.not_in(ours))
        .order_by(Post.created_at.desc())
        .limit(SHOWN)
    )
    for post in db.session.scalars(query):
        group = post.thread.group
        if may_read_group(actor, group) and acts_for_delegation(actor, group.id):
            yield Item(
                f"reply:{post.id}",
                "reply",
                _("%(who)s answers you", who=speaker_name(post.actor)),
                _cut(post.body),
                url_for("groups.thread", thread_id=post.thread_id) + f"#post-{post.number}",
                _("Read it"),
                post.created_at,
            )
