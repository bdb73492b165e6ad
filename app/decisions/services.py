"""The commands of decisions: the roll, a proposal to decide, objection, the gavel, the vote from opening to result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.agreement.services.whole import adopt_text
from app.agreement.tables import Table, narrowed, require_newest
from app.core.rules import decisions as rules
from app.core.rules.decisions import Act, Choice, Kind, State
from app.core.rules.rulesets import Majority, RuleSet
from app.core.rules.sessions import Mode, is_wider
from app.decisions.models import Ballot, DecisionRow, Roll
from app.decisions.quorum import Count, count_now, voters
from app.decisions.rows import ballots_of, by, core_of, find, keep, one_of, others_of, require_allowed, require_new
from app.drafts.models import Version, VersionParagraph
from app.drafts.queries import paragraph_in
from app.drafts.services import adopt_version
from app.drafts.standing import hold_issues, require_unfrozen
from app.errors import Closed, Invalid, NotFound
from app.extensions import db, upsert
from app.groups.queries import ruleset_of
from app.groups.services.words import checked_text
from app.live.acting import append_act, held_session, require_act, require_names, require_open
from app.live.models import LiveSession
from app.live.segments import channel_now, is_attributed, openness_now, openness_of_channel
from app.policy import Action, Actor
from app.proposals import queries as proposals
from app.record import Envelope, Transaction, parse_key, transaction

WORDS_LIMIT = 2_000
PROPOSED = (State.PROPOSED,)
CAN_VOTE_BY = (Majority.SIMPLE, Majority.TWO_THIRDS)


def take_roll(actor: Actor, session_id: int, present: Any) -> int:
    """Record which member States are in the room, by the codes of their delegations. Returns the event's seq."""
    with transaction() as tx:
        session = held_session(session_id, exclusive=True)
        require_act(actor, session, Action.TAKE_ROLL)
        require_open(session)
        require_names(session)
        members = voters(session.group_id)
        if not isinstance(present, list) or not all(code in members for code in present):
            raise Invalid(_("The roll names member States of the group, by their codes."), field="present")
        codes = [code for code in members if code in present]
        channel = channel_now(session)
        roll = db.session.get(Roll, channel) or Roll(channel=channel, session_id=session.id)
        roll.present, roll.taken_at = codes, tx.now
        db.session.add(roll)
        db.session.flush()
        quorum = count_now(session).as_dict()
        return append_act(tx, actor, session, "roll.taken", {"present": codes, "quorum": quorum}).seq


def propose(actor: Actor, session_id: int, given: Mapping[str, Any]) -> int:
    """Put something before the meeting to decide. `given` is what the contract's `decide` carries:

    {id, kind: consensus|vote, target: text|paragraph:WID|proposal:ID|procedural, words, motion?, majority?, moved_by?}.
    Returns the event's seq.
    """
    with transaction() as tx:
        session = held_session(session_id, exclusive=True)
        require_act(actor, session, Action.DECIDE)
        _require_formal(session)
        _require_no_vote_goes_on(session)
        row = _new_row(tx, actor, session, given)
        db.session.add(row)
        db.session.flush()
        envelope = append_act(tx, actor, session, rules.PROPOSED, _proposal_of(row))
        _reject_by_parts(tx, actor, session, row)
        return envelope.seq


def object_(actor: Actor, session_id: int, decision_id: Any = None, words: Any = "") -> int:
    """Stand against consensus, in the name of one's delegation."""
    said = checked_text(words or "", "words", WORDS_LIMIT, required=False)
    return _as_delegate(actor, session_id, decision_id, Act.OBJECT, "objection.made", {"words": said})


def relent(actor: Actor, session_id: int, decision_id: Any = None) -> int:
    """Withdraw one's objection: where it was the last one, consensus is possible again."""
    return _as_delegate(actor, session_id, decision_id, Act.RELENT, "objection.withdrawn", {})


def gavel(actor: Actor, session_id: int, decision_id: Any = None) -> int:
    """“I see no objection. It is so decided.”"""
    with transaction() as tx:
        session, row = _for_chair(actor, session_id, decision_id, Act.GAVEL, rules.PENDING)
        _hold_words(row)
        quorum = _quorum(session, row)
        data = {"decision": row.id, "how": "consensus", "quorum": quorum.as_dict()}
        envelope = _record(tx, actor, session, row, "decision.adopted", data)
        _take_effect(tx, actor, session, row)
        return envelope.seq


def put_to_vote(actor: Actor, session_id: int, decision_id: Any = None, majority: Any = None) -> int:
    """Where there is no consensus, and the rules allow it: let it be voted on."""
    with transaction() as tx:
        session, row = _for_chair(actor, session_id, decision_id, Act.PUT_TO_VOTE, rules.PENDING)
        needed = _majority(ruleset_of(session.group), row.motion, majority)
        data = {"decision": row.id, "majority": needed}
        return _record(tx, actor, session, row, "vote.called", data).seq


def withdraw(actor: Actor, session_id: int, decision_id: Any = None) -> int:
    """Take back what one proposed or moved, until the voting begins (rule 122)."""
    with transaction() as tx:
        session = held_session(session_id)
        row = _found(actor, session, decision_id, rules.PENDING)
        _require_formal(session)
        acts_as_chair = by(actor, session, openness_now(session), Action.SPEAK_TO_DECISION).chair
        require_act(actor, session, Action.DECIDE if acts_as_chair else Action.SPEAK_TO_DECISION)
        require_allowed(row, Act.WITHDRAW, by(actor, session, openness_now(session), Action.SPEAK_TO_DECISION))
        row.decided_at = tx.now
        return _record(tx, actor, session, row, "decision.withdrawn", {"decision": row.id}).seq


# --- Voting --------------------------------------------------------------------------------------------------------


def open_vote(actor: Actor, session_id: int, decision_id: Any = None) -> int:
    """Open the voting: from now on nothing interrupts it (rule 128). Who may vote is fixed at this moment."""
    with transaction() as tx:
        session, row = _for_chair(actor, session_id, decision_id, Act.OPEN, PROPOSED)
        _hold_words(row)
        quorum = _quorum(session, row)
        data = {"decision": row.id, "eligible": voters(session.group_id), "quorum": quorum.as_dict()}
        return _record(tx, actor, session, row, "vote.opened", data).seq


def vote(actor: Actor, session_id: int, choice: Any, decision_id: Any = None) -> int:
    """Cast one's delegation's ballot, or change it while the voting is open. Returns the event's seq.

    The event says that the delegation voted, and how many have; how it voted is told by the announcement.
    """
    with transaction() as tx:
        session = held_session(session_id)
        require_act(actor, session, Action.VOTE)
        require_open(session)
        row = find(session, decision_id, (State.OPEN,))
        require_allowed(row, Act.BALLOT, by(actor, session, openness_now(session), Action.VOTE))
        assert actor.party_code is not None
        ballot = {
            "choice": one_of(Choice, choice, "choice"),
            "user_id": actor.user_id,
            "cast_at": tx.now,
        }
        one = {"decision_id": row.id, "party": actor.party_code}
        upsert(Ballot, one | ballot, key=tuple(one), change=ballot)
        voted = db.session.scalar(select(func.count()).where(Ballot.decision_id == row.id))
        return append_act(tx, actor, session, "ballot.cast", {"decision": row.id, "voted": voted}).seq


def close_vote(actor: Actor, session_id: int, decision_id: Any = None) -> int:
    """Close the voting: no ballot is cast or changed any more."""
    with transaction() as tx:
        session, row = _for_chair(actor, session_id, decision_id, Act.CLOSE, (State.OPEN,))
        data = {"decision": row.id, "voted": len(ballots_of(row.id))}
        return _record(tx, actor, session, row, "vote.closed", data).seq


def announce(actor: Actor, session_id: int, decision_id: Any = None) -> int:
    """Announce the result with every delegation's choice. It never changes after this."""
    with transaction() as tx:
        session, row = _for_chair(actor, session_id, decision_id, Act.ANNOUNCE, (State.CLOSED,))
        ballots = ballots_of(row.id)
        count = rules.tally(ballots, row.eligible)
        data = {"decision": row.id, "ballots": dict(sorted(ballots.items())), "tally": count.as_dict()}
        envelope = _record(tx, actor, session, row, "vote.announced", data | {"majority": row.majority})
        carried = rules.carried(count, row.majority)
        type_ = "decision.adopted" if carried else "decision.rejected"
        _record(tx, actor, session, row, type_, {"decision": row.id, "how": "vote"})
        _take_effect(tx, actor, session, row)
        return envelope.seq


# --- What they share -----------------------------------------------------------------------------------------------


def _for_chair(
    actor: Actor, session_id: int, decision_id: Any, act: Act, states: Sequence[str]
) -> tuple[LiveSession, DecisionRow]:
    session = held_session(session_id, exclusive=True)  # no objection comes between the look and the gavel
    require_act(actor, session, Action.DECIDE)
    _require_formal(session)
    row = find(session, decision_id, states)
    require_allowed(row, act, rules.By(chair=True))
    return session, row


def _hold_words(row: DecisionRow) -> None:
    """The words that are decided on are those that stand, and stay so until the commit: no version comes between.

    What is put to the States in silence is not decided here as long as they are asked: the chair takes it back first.
    """
    if row.version is not None:
        hold_issues(row.version.draft_id)
        require_newest(Table(row.version, ""))
        require_unfrozen(row.version.draft_id)


def _as_delegate(actor: Actor, session_id: int, decision_id: Any, act: Act, type_: str, more: Mapping[str, Any]) -> int:
    with transaction() as tx:
        session = held_session(session_id)
        require_act(actor, session, Action.SPEAK_TO_DECISION)
        _require_formal(session)
        row = _found(actor, session, decision_id, rules.PENDING)
        require_allowed(row, act, by(actor, session, openness_now(session), Action.SPEAK_TO_DECISION))
        return _record(tx, actor, session, row, type_, {"decision": row.id, **more}).seq


def _found(actor: Actor, session: LiveSession, decision_id: Any, states: Sequence[str]) -> DecisionRow:
    require_act(actor, session, Action.READ_TEXT)
    return find(session, decision_id, states)


def _record(
    tx: Transaction, actor: Actor, session: LiveSession, row: DecisionRow, type_: str, data: Mapping[str, Any]
) -> Envelope:
    envelope = append_act(tx, actor, session, type_, data)
    keep(row, envelope)
    if "quorum" in data:
        row.quorum = data["quorum"]
    if row.state in rules.DECIDED:
        row.decided_at = tx.now
    return envelope


def _require_formal(session: LiveSession) -> None:
    require_open(session)
    if session.mode != Mode.FORMAL:
        raise Closed(_("Decisions are taken in formal mode: the meeting is informal now."))
    if not is_attributed(session):
        raise Closed(_("No names are kept in this segment, and a decision needs them. End the segment first."))


def _require_no_vote_goes_on(session: LiveSession) -> None:
    if vote_goes_on(session.id):
        raise Closed(_("The voting has begun: nothing interrupts it until the result is announced."))


def vote_goes_on(session_id: int) -> bool:
    """Is there a vote that was opened and not announced?"""
    query = select(DecisionRow.id).where(DecisionRow.session_id == session_id, DecisionRow.state.in_(rules.VOTING))
    return db.session.scalar(query.limit(1)) is not None


def _quorum(session: LiveSession, row: DecisionRow) -> Count:
    count = count_now(session)
    if not count.may_decide and ruleset_of(session.group).quorum.enforce == "require":
        raise Closed(_("There is no quorum: %(present)s of %(needed)s.", present=count.present, needed=count.to_decide))
    return count


def _new_row(tx: Transaction, actor: Actor, session: LiveSession, given: Mapping[str, Any]) -> DecisionRow:
    group_rules = ruleset_of(session.group)
    kind = one_of(Kind, given.get("kind"), "kind")
    target, label, motion = _target(actor, session, given)
    majority = _majority(group_rules, motion, given.get("majority")) if kind == Kind.VOTE else Majority.CONSENSUS
    decision_id = parse_key(given.get("id"))
    require_new(decision_id)
    channel = channel_now(session)
    before = db.session.scalar(select(func.max(DecisionRow.number)).where(DecisionRow.channel == channel))
    return DecisionRow(
        id=decision_id,
        session_id=session.id,
        channel=channel,
        openness=openness_of_channel(channel),
        number=(before or 0) + 1,
        kind=kind,
        target=target,
        label=label,
        motion=motion,
        words=checked_text(given.get("words"), "words", WORDS_LIMIT),
        state=State.PROPOSED,
        majority=majority,
        ruleset=group_rules.id,
        sponsor=_mover(session, given.get("moved_by")),
        version_id=session.version_id if target != "procedural" else None,
        objections=[],
        eligible=[],
        tally={},
        quorum=count_now(session).as_dict(),
        proposed_at=tx.now,
    )


def _proposal_of(row: DecisionRow) -> dict[str, Any]:
    return {
        "decision": row.id,
        "number": row.number,
        "kind": row.kind,
        "target": row.target,
        "label": row.label,
        "motion": row.motion,
        "words": row.words,
        "majority": row.majority,
        "ruleset": row.ruleset,
        "sponsor": row.sponsor,
        "version": str(row.version_id) if row.version_id else None,
        "quorum": row.quorum,
    }


def _target(actor: Actor, session: LiveSession, given: Mapping[str, Any]) -> tuple[str, str, str | None]:
    """What is decided on: its name in the log, what it is called, and the motion where it is one."""
    said = given.get("target")
    kind, _colon, reference = said.partition(":") if isinstance(said, str) else ("", "", "")
    if kind == "procedural" and not reference:
        return "procedural", "", one_of(rules.MOTIONS, given.get("motion") or "other", "motion")
    if session.version is None:
        raise Closed(_("There is no text on the table of this session."))
    require_newest(Table(session.version, ""))
    if kind == "text" and not reference:
        return "text", session.version.label, None
    if kind == "paragraph" and reference:
        row = _paragraph(session.version, reference)
        return f"paragraph:{row.wid}", row.label, None
    if kind == "proposal" and reference:
        return _proposal(actor, session, session.version, reference)
    raise Invalid(_("Say on what: text, paragraph:ID, proposal:ID or procedural."), field="target")


def _paragraph(version: Version, reference: str) -> VersionParagraph:
    try:
        return paragraph_in(version, reference[:80])
    except NotFound:
        raise Invalid(_("There is no such paragraph in the text on the table."), field="target") from None


def _proposal(actor: Actor, session: LiveSession, version: Version, reference: str) -> tuple[str, str, None]:
    try:
        row = proposals.get_proposal(actor, reference[:40])
    except NotFound:
        raise Invalid(_("There is no such proposal on the text on the table."), field="target") from None
    if row.draft_id != version.draft_id:
        raise Invalid(_("There is no such proposal on the text on the table."), field="target")
    if is_wider(openness_now(session), proposals.openness_of(row)):
        raise Closed(_("Not everybody in the room may read this proposal."), field="target")
    return f"proposal:{row.id}", row.label, None


def _mover(session: LiveSession, code: Any) -> str | None:
    if code in (None, ""):
        return None
    if code not in voters(session.group_id):
        raise Invalid(_("Only a member State of the group moves a decision."), field="moved_by")
    return str(code)


def _majority(group_rules: RuleSet, motion: str | None, said: Any) -> str:
    """What carries a vote here: of a motion, its own majority; else what was said, or the body's rule."""
    if not group_rules.votes_on(motion or None):
        raise Closed(_("This body does not vote on it: it decides by consensus."), field="kind")
    if motion:
        return rules.MOTIONS[motion].majority
    if said not in (None, "", *CAN_VOTE_BY):
        raise Invalid(_("Choose one of: %(words)s.", words=", ".join(CAN_VOTE_BY)), field="majority")
    usual = group_rules.substantive if group_rules.substantive in CAN_VOTE_BY else Majority.SIMPLE
    return str(said or usual)


def _take_effect(tx: Transaction, actor: Actor, session: LiveSession, row: DecisionRow) -> None:
    """What follows from a decision that was taken just now."""
    if row.target == "text" and row.state == State.ADOPTED:
        _adopt_text(tx, actor, session, row)
    if row.target.startswith("paragraph:") and row.state == State.REJECTED:
        for whole in _pending_wholes(row):
            _reject_by_parts(tx, actor, session, whole)


def _adopt_text(tx: Transaction, actor: Actor, session: LiveSession, row: DecisionRow) -> None:
    """Its paragraphs are adopted for all who were there. The text itself is marked where all who read it may know:

    a decision behind a closed door is announced in an open meeting first (rule 61).
    """
    assert row.version is not None
    openness = narrowed(openness_now(session), session.group)
    adopt_text(tx, actor, row.version, session=session, openness=openness)
    if not openness:
        adopt_version(actor, row.version.id, row.id)


def _pending_wholes(part: DecisionRow) -> list[DecisionRow]:
    query = select(DecisionRow).where(
        DecisionRow.channel == part.channel,
        DecisionRow.version_id == part.version_id,
        DecisionRow.target == "text",
        DecisionRow.state.in_(rules.PENDING),
    )
    return list(db.session.scalars(query.with_for_update(key_share=True, of=DecisionRow)))


def _reject_by_parts(tx: Transaction, actor: Actor, session: LiveSession, whole: DecisionRow) -> None:
    """Where all operative paragraphs were rejected one by one, the whole is rejected with them (rule 129)."""
    if whole.target != "text":
        return
    core = core_of(whole)
    parts = [other for other in others_of(whole) if other.is_part_of(core)]
    operative = db.session.scalars(
        select(VersionParagraph.wid).where(
            VersionParagraph.version_id == whole.version_id, VersionParagraph.kind == "operative"
        )
    )
    if rules.whole_is_rejected(parts, operative):
        _record(tx, actor, session, whole, "decision.rejected", {"decision": whole.id, "how": "parts"})
