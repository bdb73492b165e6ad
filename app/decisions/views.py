"""What the pages show of a decision: labels, the board of a vote, and what the reader may do now."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from app.accounts.queries import parties
from app.core.rules import decisions as rules
from app.core.rules.decisions import Act, Choice, Kind, State
from app.core.rules.rulesets import Majority
from app.core.rules.sessions import Mode
from app.core.rules.sessions import State as SessionState
from app.decisions import queries
from app.decisions.models import DecisionRow
from app.decisions.quorum import count_now, present_now, voters
from app.decisions.rows import core_of
from app.drafts.models import VersionParagraph
from app.drafts.queries import version_paragraphs
from app.groups.queries import ruleset_of
from app.live.models import LiveSession
from app.live.queries import openness_of
from app.live.segments import channel_now, is_attributed, openness_now
from app.policy import Action, Actor, GroupId, PartyKind, can
from app.web.viewer import party_name

COMMANDS: dict[Action, tuple[str, ...]] = {
    Action.DECIDE: ("decide", "gavel", "vote.call", "vote.open", "vote.close", "vote.announce"),
    Action.VOTE: ("vote", "intent"),
    Action.SPEAK_TO_DECISION: ("object", "object.withdraw", "explain", "dissociate"),
    Action.TAKE_ROLL: ("roll",),
}
"""The commands of the socket that each action allows. `decision.withdraw` is the sponsor's, whoever that is."""

ACTS: dict[str, tuple[Act, Action]] = {
    "gavel": (Act.GAVEL, Action.DECIDE),
    "vote.call": (Act.PUT_TO_VOTE, Action.DECIDE),
    "vote.open": (Act.OPEN, Action.DECIDE),
    "vote.close": (Act.CLOSE, Action.DECIDE),
    "vote.announce": (Act.ANNOUNCE, Action.DECIDE),
    "vote": (Act.BALLOT, Action.VOTE),
    "intent": (Act.NOTE_INTENT, Action.VOTE),
    "object": (Act.OBJECT, Action.SPEAK_TO_DECISION),
    "object.withdraw": (Act.RELENT, Action.SPEAK_TO_DECISION),
    "dissociate": (Act.DISSOCIATE, Action.SPEAK_TO_DECISION),
}


EXPLAINING = (Act.EXPLAIN_BEFORE, Act.EXPLAIN_AFTER)
OUTCOME_SHOWN = timedelta(minutes=1)
"""How long a projector keeps an outcome in view before it goes back to the text."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A delegation on the board: what it chose, where that may be known; else whether it has voted."""

    code: str
    name: str
    choice: str | None
    voted: bool


def card(actor: Actor, session: LiveSession, row: DecisionRow) -> dict[str, Any]:
    """A decision with all that its card shows to this reader."""
    known = queries.choices(actor, row)
    voted = queries.voted(row.id)
    return {
        "row": row,
        "title": title(row),
        "state": state_label(row),
        "tone": tone(row),
        "rule": majority_label(row),
        "url": url_for("decisions.decision", decision_id=row.id),
        "seats": seats(row, known, voted) if row.eligible else [],
        "voted": len(voted),
        "mine": known.get(actor.party_code or ""),
        "tally": tally_line(row.tally) if row.tally else None,
        "can": offered(actor, session, row),
        "paragraphs": paragraphs(row),
        "speaks_for": actor.speaks_for,
        "new_id": lambda: str(uuid.uuid4()),
    }


def seats(row: DecisionRow, known: dict[str, str], voted: set[str]) -> list[Seat]:
    """In the order of the United Nations: English alphabetical. Who sent no ballot did not vote, once that is told."""
    order = [party.code for party in parties([PartyKind.MEMBER_STATE])]
    codes = sorted(row.eligible, key=lambda code: order.index(code) if code in order else len(order))
    silent = Choice.NOT_VOTING if row.tally else None
    return [Seat(code, party_name(code), known.get(code, silent), code in voted) for code in codes]


def offered(actor: Actor, session: LiveSession, row: DecisionRow) -> set[str]:
    """The acts that this person may do now with this decision."""
    openness = row.openness or (session.openness if session.state == SessionState.CLOSED else openness_now(session))
    group = GroupId(session.group_id)
    if not can(actor, Action.READ_TEXT, group, openness):
        return set()
    chair = can(actor, Action.DECIDE, group, openness)
    core = core_of(row)
    found = set()
    for verb, (act, action) in ACTS.items():
        if not can(actor, action, group, openness) or not _timely(session, row, act):
            continue
        who = rules.By(actor.party_code, chair=chair, member=not chair)
        if rules.refusal(core, act, who) is None:
            found.add(verb)
    speaks = can(actor, Action.SPEAK_TO_DECISION, group, openness)
    if speaks and _timely(session, row, Act.EXPLAIN_AFTER) and row.state in (*rules.PENDING, *rules.DECIDED):
        found |= set() if row.kind == Kind.VOTE and row.sponsor == actor.party_code else {"explain"}
    who = rules.By(actor.party_code, chair=chair, member=speaks)
    if _timely(session, row, Act.WITHDRAW) and rules.refusal(core, Act.WITHDRAW, who) is None:
        found.add("decision.withdraw")
    if not ruleset_of(session.group).votes_on(row.motion):
        found.discard("vote.call")
    if row.version_id is None:
        found.discard("dissociate")
    return found


def _timely(session: LiveSession, row: DecisionRow, act: Act) -> bool:
    """Is this the moment? A note of intention waits for no meeting; the rest happens in the segment of the decision."""
    if act is Act.NOTE_INTENT:
        return session.published_at is None
    if act in (Act.DISSOCIATE, *EXPLAINING):
        return session.state == SessionState.OPEN and is_attributed(session)
    return _takes_decisions(session) and row.channel == channel_now(session)


def _takes_decisions(session: LiveSession) -> bool:
    return session.state == SessionState.OPEN and session.mode == Mode.FORMAL and is_attributed(session)


def _takes_roll(session: LiveSession) -> bool:
    return session.state == SessionState.OPEN and is_attributed(session)


def paragraphs(row: DecisionRow) -> list[VersionParagraph]:
    """What one may stand apart from."""
    if row.version_id is None:
        return []
    found = [each for each in version_paragraphs(row.version_id) if each.kind != "heading"]
    if row.target.startswith("paragraph:"):
        return [each for each in found if each.wid == row.target.removeprefix("paragraph:")]
    return found


def quorum_view(session: LiveSession) -> dict[str, Any]:
    count = count_now(session)
    return {"count": count, "present": present_now(session), "voters": voters(session.group_id)}


def may_decide_now(actor: Actor, session: LiveSession) -> bool:
    return _takes_decisions(session) and can(actor, Action.DECIDE, GroupId(session.group_id), openness_now(session))


def strip(actor: Actor, session: LiveSession) -> str:
    rows = queries.current(actor, session)
    return render_template(
        "decisions/_strip.html",
        session_id=session.id,
        cards=[card(actor, session, row) for row in rows],
        quorum=quorum_view(session) if rows or may_decide_now(actor, session) else None,
    )


def screen(actor: Actor, session: LiveSession, now: datetime) -> Markup | None:
    """What a projector shows of a decision: while it is before the meeting, and for a minute its outcome."""
    for row in queries.current(actor, session):
        if row.decided_at is None or now - row.decided_at < OUTCOME_SHOWN:
            return Markup(render_template("decisions/_screen.html", card=card(actor, session, row)))
    return None


def decide_form(actor: Actor, session: LiveSession) -> dict[str, Any]:
    """What the chair's form to propose a decision shows."""
    group = GroupId(session.group_id)
    openness = openness_of(session)
    version, ruleset = session.version, ruleset_of(session.group)
    targets = [row for row in version_paragraphs(version.id) if row.label] if version else []
    return {
        "session_id": session.id,
        "decides": can(actor, Action.DECIDE, group, openness),
        "may_decide": may_decide_now(actor, session),
        "takes_roll": _takes_roll(session) and can(actor, Action.TAKE_ROLL, group, openness),
        "votes_on_substance": ruleset.votes_on(None),
        "votes_on_motions": ruleset.votes_on("other"),
        "version_label": version.label if version else None,
        "targets": targets,
        "amendments": lambda: queries.amendments(actor, session),
        "labels": {row.wid: row.label for row in targets},
        "focus": session.focus,
        "quorum": quorum_view(session),
        "new_id": lambda: str(uuid.uuid4()),
    }


def title(row: DecisionRow) -> str:
    """What is decided on, in a few words."""
    if row.target == "procedural":
        return motion_label(row.motion or "other")
    if row.target == "text":
        return _("The text as a whole: %(label)s", label=row.label)
    if row.target.startswith("proposal:"):
        return _("Proposal %(label)s", label=row.label)
    return _("Paragraph %(label)s", label=row.label)


def motion_label(motion: str) -> str:
    return {
        "appeal": _("Appeal against the Chair’s ruling"),
        "suspend_meeting": _("Motion to suspend the meeting"),
        "adjourn_meeting": _("Motion to adjourn the meeting"),
        "adjourn_debate": _("Motion to adjourn the debate"),
        "close_debate": _("Motion to close the debate"),
        "division": _("Motion for division"),
        "reconsideration": _("Motion to reconsider"),
        "other": _("Procedural motion"),
    }[motion]


def state_label(row: DecisionRow) -> str:
    if row.session.state == SessionState.CLOSED and row.state in rules.PENDING:
        return _("Not acted upon")
    if row.state == State.ADOPTED:
        return _("Adopted by a recorded vote") if row.tally else _("Adopted without a vote")
    if row.state == State.REJECTED:
        return _("Rejected by a recorded vote") if row.tally else _("Rejected with its paragraphs (rule 129)")
    return {
        State.PROPOSED: _("Voting is to begin") if row.kind == Kind.VOTE else _("Before the meeting"),
        State.OBJECTED: _("There is an objection"),
        State.OPEN: _("Voting is open"),
        State.CLOSED: _("Voting is closed"),
        State.ANNOUNCED: _("Announced"),
        State.WITHDRAWN: _("Withdrawn"),
    }[State(row.state)]


def tone(row: DecisionRow) -> str:
    """The pill of its state."""
    return {
        State.ADOPTED: "agreed",
        State.REJECTED: "deleted",
        State.OBJECTED: "bracketed",
        State.OPEN: "live",
        State.CLOSED: "suspended",
    }.get(State(row.state), "info")


def majority_label(row: DecisionRow) -> str:
    return {
        Majority.CONSENSUS: _("By consensus: without objection"),
        Majority.SIMPLE: _("Majority of those present and voting"),
        Majority.TWO_THIRDS: _("Two thirds of those present and voting"),
    }[Majority(row.majority)]


def choice_label(choice: str) -> str:
    return {
        Choice.YES: _("Yes"),
        Choice.NO: _("No"),
        Choice.ABSTAIN: _("Abstain"),
        Choice.NOT_VOTING: _("Not voting"),
    }[Choice(choice)]


def tally_line(tally: dict[str, int]) -> str:
    """As it is announced: 92 in favour, 52 against, 24 abstentions."""
    return ngettext(
        "%(yes)s in favour, %(no)s against, %(num)s abstention",
        "%(yes)s in favour, %(no)s against, %(num)s abstentions",
        tally["abstain"],
        yes=tally["yes"],
        no=tally["no"],
    )
