"""The commands on proposals: write, release, revise, withdraw, stand behind, say what one thinks, decide a fate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.accounts.queries import party_by_code
from app.core.markup import render
from app.core.rules import proposals as rules
from app.core.rules.sessions import is_wider
from app.drafts import queries as texts
from app.drafts.models import Draft, Version
from app.drafts.standing import hold_issues, require_unfrozen
from app.errors import Closed, Conflict, Forbidden, Invalid, NotFound
from app.extensions import db
from app.groups.services import words
from app.policy import Action, Actor, GroupId, require, role_in
from app.proposals import carrying
from app.proposals.content import Content, checked
from app.proposals.models import ProposalRow, Sponsor, StanceRow, Wording
from app.proposals.queries import is_own, may_see, openness_of
from app.proposals.views import standing
from app.record import Transaction, transaction

RATIONALE_LIMIT = 4_000
LINE_LIMIT = 400
INVITED_LIMIT = 60
BRIDGING = "Bridging text, without prejudice to the position of any delegation."
"""Why a bridging text of the chair stands before the room: kept in these words, told in the reader's language."""


# --- Writing -------------------------------------------------------------------------------------------------------


def propose(
    actor: Actor,
    version_id: int,
    given: Mapping[str, Any],
    *,
    draft: bool = False,
    on_behalf_of: str | None = None,
    made_in: str | None = None,
    openness: str | None = None,
) -> ProposalRow:
    """Propose a change on an issued version; with `draft` it stays inside the delegation until it is released.

    `given`: kind, paragraph, text and, by kind, after, others, parts; rationale, conditions, invited (codes of
    parties that the lead hopes for). When a newer version is out, the proposal is carried to it at once, with a
    verdict. `openness` is that of the session in which it is made.
    """
    with transaction() as tx:
        version = _version(actor, version_id)
        hold_issues(version.draft_id)
        group = GroupId(version.draft.group_id)
        action = Action.DRAFT_PROPOSAL if draft else Action.PROPOSE
        require(actor, action, group, openness or version.draft.group.openness, what=_("This text"))
        signed = words.signed(actor, version.draft.group_id, on_behalf_of)
        row = _new(tx, actor, version, checked(given, texts.version_paragraphs(version.id)), signed)
        row.made_in = made_in
        row.openness = _narrower(openness, version.draft)
        _explain(row, given)
        _invite(tx, row, given.get("invited") or (), actor)
        db.session.add(row)
        db.session.flush()
        carrying.keep_wording(row, "made", tx, actor)
        if draft:
            _within(tx, row, "proposal.drafted")
        else:
            _release(tx, row)
        _bring_up(tx, actor, row)
        return row


def _new(tx: Transaction, actor: Actor, version: Version, content: Content, signed: dict[str, Any]) -> ProposalRow:
    office = None if signed["delegation"] else signed["role"]
    row = ProposalRow(
        draft=version.draft,
        made_on_id=version.id,
        base_id=version.id,
        anchor_id=version.id,
        state=rules.State.DRAFT,
        revision=1,
        party_id=None if office else actor.party_id,
        office=office,
        on_behalf_of=signed["on_behalf_of"],
        author_id=actor.user_id,
        actor=signed,
        created_at=tx.now,
    )
    _fill(row, content)
    if row.party_id is not None:
        row.sponsors.append(Sponsor(party_id=row.party_id, place=0, on_behalf_of=row.on_behalf_of, since=tx.now))
    return row


def _bring_up(tx: Transaction, actor: Actor, row: ProposalRow) -> None:
    """Carry it to the newest version, when it stands on an older one. The caller holds what is issued."""
    newest = texts.newest_version(row.draft_id)
    if newest.id != row.base_id:
        carrying.carry(tx, actor, row, newest)


def _fill(row: ProposalRow, content: Content) -> None:
    for name, value in content.as_dict().items():
        setattr(row, name, value)


def _explain(row: ProposalRow, given: Mapping[str, Any]) -> None:
    if given.get("rationale") is not None:
        row.rationale = words.checked_text(given["rationale"], "rationale", RATIONALE_LIMIT, required=False)
        row.rationale_html = render(row.rationale) if row.rationale else ""
    if given.get("conditions") is not None:
        row.conditions = words.checked_text(given["conditions"], "conditions", LINE_LIMIT, required=False)


def _invite(tx: Transaction, row: ProposalRow, codes: Sequence[str], actor: Actor) -> None:
    """The parties that the lead hopes for. Nobody sponsors in another's name: each says so itself."""
    if row.party_id is None or not codes:
        return
    if not isinstance(codes, (list, tuple)) or len(codes) > INVITED_LIMIT:
        raise Invalid(_("Invite at most %(number)s delegations.", number=INVITED_LIMIT), field="invited")
    there = {sponsor.party_id for sponsor in row.sponsors}
    for code in dict.fromkeys(codes):
        party = party_by_code(str(code))
        if party is None:
            raise Invalid(_("There is no delegation with the code %(code)s.", code=str(code)[:20]), field="invited")
        if party.id not in there:
            there.add(party.id)
            row.sponsors.append(Sponsor(party=party, place=len(row.sponsors), invited=True, since=tx.now))


def release(actor: Actor, proposal_id: str) -> ProposalRow:
    """Release a draft in the delegation's name: from now on the room sees it."""
    with transaction() as tx:
        _hold(proposal_id)
        row = _own(actor, proposal_id, Action.PROPOSE)
        _step(row, rules.Act.RELEASE)
        row.actor = words.signed(actor, row.draft.group_id, row.on_behalf_of)
        _release(tx, row)
        _bring_up(tx, actor, row)
        return row


def _release(tx: Transaction, row: ProposalRow) -> None:
    require_unfrozen(row.draft_id)
    row.state = rules.State.LIVE
    row.released_at = _after_all(tx.now, row.wordings[1:])
    query = select(func.max(ProposalRow.number)).where(
        ProposalRow.draft_id == row.draft_id, ProposalRow.openness == row.openness
    )
    db.session.flush()
    # The caller holds what is issued: nobody else takes a number in this moment.
    row.number = (db.session.scalar(query) or 0) + 1
    data = {
        "proposal": row.id,
        "label": row.label,
        "version": str(row.base_id),
        **_content(row),
        "rationale": row.rationale,
        "conditions": row.conditions,
    }
    tx.append(row.channel, "proposal.released", row.actor, data)


def _after_all(moment: datetime, rewritten: Sequence[Wording]) -> datetime:
    """The moment, but later than that of each wording that replaced another: by it those are told to be of before.

    A colleague's revision may be of a later moment and yet have come first, while the release waited for it.
    """
    return max([moment, *(wording.at + timedelta(microseconds=1) for wording in rewritten)])


def revise(actor: Actor, proposal_id: str, given: Mapping[str, Any], revision: int) -> ProposalRow:
    """Put other words into a proposal. What was said of the old words goes stale.

    `revision` is the one that the edit is based on: Conflict (412) with both texts when it is not the present one.
    """
    with transaction() as tx:
        row = _own(actor, proposal_id, None)
        require(actor, _writing(row), GroupId(row.draft.group_id), openness_of(row), what=_("This proposal"))
        if row.revision != revision:
            raise Conflict(
                _("Somebody of your delegation revised this proposal while you were writing. Both texts are here."),
                status=412,
                yours=str(given.get("text") or ""),
                theirs=row.text,
                revision=row.revision,
            )
        _step(row, rules.Act.REVISE)
        if row.state == rules.State.LIVE:
            require_unfrozen(row.draft_id)
        content = checked(_before(row, given) | dict(given), texts.version_paragraphs(row.base_id))
        changed = any(getattr(row, name) != value for name, value in content.as_dict().items())
        _explain(row, given)
        _fill(row, content)
        if changed or not row.settled:  # the same words, said again of the new base, are an answer too
            row.revision += 1
            row.verdict, row.verdict_detail, row.anchor_id = None, "", row.base_id
            row.planned = None  # it was about the old words; what was typed as the reason stays at hand
            carrying.keep_wording(row, "revised", tx, actor)
        if row.state == rules.State.LIVE:
            data = {"proposal": row.id, "label": row.label, "revision": row.revision, **_content(row)}
            tx.append(row.channel, "proposal.revised", _signed(actor, row), data)
        else:
            _within(tx, row, "proposal.draft_revised")
        return row


def _before(row: ProposalRow, given: Mapping[str, Any]) -> dict[str, Any]:
    """What it asks for until now, and goes on to ask for where nothing else is given. New words undo the old parts."""
    content = _content(row)
    if given.get("text") and not given.get("parts"):
        content["parts"] = []
    return content


def _writing(row: ProposalRow) -> Action:
    return Action.DRAFT_PROPOSAL if row.state == rules.State.DRAFT else Action.PROPOSE


def withdraw(actor: Actor, proposal_id: str) -> ProposalRow:
    """The lead takes the proposal back; a draft is discarded."""
    with transaction() as tx:
        row = _own(actor, proposal_id, None)
        require(actor, _writing(row), GroupId(row.draft.group_id), openness_of(row), what=_("This proposal"))
        if row.state == rules.State.DRAFT:
            _step(row, rules.Act.DISCARD)
            _within(tx, row, "proposal.discarded")
        else:
            require_unfrozen(row.draft_id)
            _step(row, rules.Act.WITHDRAW)
            data = {"proposal": row.id, "label": row.label}
            tx.append(row.channel, "proposal.withdrawn", _signed(actor, row), data)
        row.ended_at = tx.now
        return row


def readopt(actor: Actor, proposal_id: str) -> ProposalRow:
    """Another delegation takes up what its lead withdrew, as the lead. Who stood behind it still does."""
    with transaction() as tx:
        _hold(proposal_id)
        row = _seen(actor, proposal_id)
        _as_party(actor, row, Action.PROPOSE)
        require_unfrozen(row.draft_id)
        _step(row, rules.Act.READOPT)
        row.ended_at = None
        for earlier in row.sponsors:
            if earlier.party_id == row.party_id:
                earlier.until = earlier.until or tx.now
            earlier.place += 1
        assert actor.party_id is not None
        _stand_behind(row, actor.party_id, tx.now).place = 0
        row.party_id, row.on_behalf_of, row.office = actor.party_id, None, None
        row.actor = _signed(actor, row)
        tx.append(row.channel, "proposal.readopted", row.actor, {"proposal": row.id, "label": row.label})
        _bring_up(tx, actor, row)
        return row


# --- Standing behind it, and saying what one thinks ----------------------------------------------------------------


def cosponsor(actor: Actor, proposal_id: str, *, join: bool = True, on_behalf_of: str | None = None) -> ProposalRow:
    """Stand behind a live proposal of another delegation, or leave it. The lead withdraws instead of leaving."""
    with transaction() as tx:
        row = _seen(actor, proposal_id)
        _as_party(actor, row, Action.TAKE_POSITION)
        require_unfrozen(row.draft_id)
        _require_live(row)
        if actor.party_id == row.party_id:
            raise Conflict(_("Your delegation leads this proposal. To end it, withdraw it."))
        signed = words.signed(actor, row.draft.group_id, on_behalf_of)
        sponsor = _place_of(row, actor)
        if join:
            assert actor.party_id is not None
            _stand_behind(row, actor.party_id, tx.now, signed["on_behalf_of"])
        elif sponsor is None or sponsor.until is not None:
            return row
        elif sponsor.invited:
            # The room never knew of the invitation: only the lead learns that it was declined.
            row.sponsors.remove(sponsor)
            tx.append(f"delegation:{row.party_id}", "proposal.invitation_declined", signed, {"proposal": row.id})
            return row
        else:
            sponsor.until = tx.now
        type_ = "proposal.sponsored" if join else "proposal.sponsor_left"
        tx.append(row.channel, type_, signed, {"proposal": row.id, "label": row.label})
        return row


def _stand_behind(row: ProposalRow, party_id: int, now: datetime, on_behalf_of: str | None = None) -> Sponsor:
    """Let a party stand behind the proposal, last of all; what it said of the proposal as no sponsor is gone."""
    sponsor = next((one for one in row.sponsors if one.party_id == party_id), None)
    if sponsor is None:
        place = max((other.place for other in row.sponsors), default=0) + 1
        sponsor = Sponsor(party_id=party_id, place=place, since=now)
        row.sponsors.append(sponsor)
    elif sponsor.invited or sponsor.until is not None:
        sponsor.since = now
    sponsor.invited, sponsor.until, sponsor.on_behalf_of = False, None, on_behalf_of
    for stance in [stance for stance in row.stances if stance.party_id == party_id]:
        row.stances.remove(stance)
    return sponsor


def take_position(
    actor: Actor, proposal_id: str, code: str | None, *, note: str = "", on_behalf_of: str | None = None
) -> ProposalRow:
    """Say what one's delegation thinks of the words of a live proposal; with None, take it back."""
    with transaction() as tx:
        row, note = checked_position(actor, proposal_id, code, note)
        signed = words.signed(actor, row.draft.group_id, on_behalf_of)
        for stance in [stance for stance in row.stances if stance.party_id == actor.party_id]:
            row.stances.remove(stance)
        db.session.flush()
        if code is not None:
            row.stances.append(
                StanceRow(
                    party_id=actor.party_id,
                    code=code,
                    note=note,
                    revision=row.revision,
                    at=tx.now,
                    on_behalf_of=signed["on_behalf_of"],
                )
            )
        data = {"proposal": row.id, "label": row.label, "stance": code, "note": note, "revision": row.revision}
        tx.append(row.channel, "position.taken", signed, data)
        return row


def checked_position(
    actor: Actor, proposal_id: str, code: Any, note: Any, *, condition: Any = None
) -> tuple[ProposalRow, str]:
    """The proposal, held until the commit, and the note as it is kept. Raises unless the stance may be taken now.

    Wherever it is kept: on the proposal, or in the record of a closed room alone.
    """
    row = _seen(actor, proposal_id)
    _as_party(actor, row, Action.TAKE_POSITION)
    require_unfrozen(row.draft_id)
    _require_live(row)
    sponsor = _place_of(row, actor)
    if sponsor is not None and not sponsor.invited and sponsor.until is None:
        raise Conflict(_("Your delegation sponsors this proposal. Leave it before you say otherwise."))
    check_stance(code)
    if condition:
        raise Invalid(_("A stance on a proposal takes no condition: say it in the note."), field="condition")
    return row, words.checked_text(note, "note", LINE_LIMIT, required=False)


def check_stance(code: Any) -> None:
    """Raises Invalid on what is no stance."""
    if code is not None and code not in list(rules.Code):
        raise Invalid(_("A stance is one of: %(codes)s.", codes=", ".join(rules.Code)), field="stance")


# --- At the chair's desk -------------------------------------------------------------------------------------------


def plan(actor: Actor, proposal_id: str, fate: str | None, reason: str = "") -> ProposalRow:
    """Note at the desk what shall become of a proposal with the next version. Only who holds the pen sees it."""
    with transaction() as tx:
        row = _at_desk(actor, proposal_id)
        _require_live(row)
        if fate is not None:
            carrying.act_of(fate)
        row.planned = "bracket" if fate in ("open", "carry") else fate
        row.planned_reason = words.checked_text(reason, "reason", carrying.REASON_LIMIT, required=False)
        data = {"proposal": row.id, "fate": row.planned, "reason": row.planned_reason}
        tx.append(row.draft.desk_channel, "proposal.planned", _signed(actor, row), data)
        return row


def decide(actor: Actor, proposal_id: str, fate: str, reason: str = "") -> ProposalRow:
    """Say what became of a proposal with the newest version, outside the act of issuing it."""
    with transaction() as tx:
        row = _at_desk(actor, proposal_id)
        act = carrying.act_of(fate)
        if act is None:
            raise Invalid(_("Say what became of it."), field="fate")
        _require_live(row)
        require_unfrozen(row.draft_id)
        carrying.end(tx, actor, row, act, reason, texts.newest_version(row.draft_id))
        return row


def merge(actor: Actor, proposal_id: str, into_id: str) -> ProposalRow:
    """Let a proposal go on in another one that asks for the same; its sponsors stand behind that one then."""
    with transaction() as tx:
        row, into = _at_desk(actor, proposal_id), _at_desk(actor, into_id)
        _require_live(into)
        if row.id == into.id or row.draft_id != into.draft_id or row.openness != into.openness:
            raise Invalid(_("These two cannot be merged."), field="into")
        require_unfrozen(row.draft_id)
        _step(row, rules.Act.MERGE)
        row.merged_into_id, row.ended_at = into.id, tx.now
        there = {sponsor.party_id for sponsor in standing(into)}
        for sponsor in standing(row):
            if sponsor.party_id not in there:
                _stand_behind(into, sponsor.party_id, tx.now, sponsor.on_behalf_of)
        data = {"proposal": row.id, "label": row.label, "into": into.id, "into_label": into.label}
        tx.append(row.channel, "proposal.merged", _signed(actor, row), data)
        return into


# --- Below the commands --------------------------------------------------------------------------------------------


def _version(actor: Actor, version_id: int) -> Version:
    version = texts.get_version(actor, version_id)
    if not version.issued:
        raise Closed(_("Proposals are made on an issued version: the working copy is the Chair's."))
    return version


def _hold(proposal_id: str) -> None:
    """No version of its text is issued until the commit. Always before the proposal is held, as an issue does it."""
    draft = db.session.scalar(select(ProposalRow.draft_id).where(ProposalRow.id == proposal_id))
    if draft is not None:
        hold_issues(draft)


def _seen(actor: Actor, proposal_id: str) -> ProposalRow:
    """The proposal, held until the commit. What the actor may not see does not exist."""
    query = select(ProposalRow).where(ProposalRow.id == proposal_id).with_for_update(key_share=True, of=ProposalRow)
    row = db.session.scalar(query)
    if row is None or not may_see(actor, row):
        raise NotFound(_("This proposal was not found, or is not open to you."))
    return row


def _own(actor: Actor, proposal_id: str, action: Action | None) -> ProposalRow:
    row = _seen(actor, proposal_id)
    if not is_own(actor, row):
        raise Forbidden(_("Only the delegation that leads this proposal can do this."))
    if action is not None:
        require(actor, action, GroupId(row.draft.group_id), openness_of(row), what=_("This proposal"))
    return row


def _at_desk(actor: Actor, proposal_id: str) -> ProposalRow:
    _hold(proposal_id)
    row = _seen(actor, proposal_id)
    require(actor, Action.DECIDE_FATES, GroupId(row.draft.group_id), openness_of(row), what=_("This proposal"))
    return row


def _as_party(actor: Actor, row: ProposalRow, action: Action) -> None:
    require(actor, action, GroupId(row.draft.group_id), openness_of(row), what=_("This proposal"))
    if actor.party_id is None or role_in(actor, GroupId(row.draft.group_id)) in words.OFFICERS:
        raise Forbidden(_("Only a delegation can do this."))


def _place_of(row: ProposalRow, actor: Actor) -> Sponsor | None:
    return next((sponsor for sponsor in row.sponsors if sponsor.party_id == actor.party_id), None)


def _require_live(row: ProposalRow) -> None:
    if row.state != rules.State.LIVE:
        raise Closed(_("This proposal is not open any more."), state=row.state)


def _step(row: ProposalRow, act: rules.Act) -> None:
    after = rules.after(row.state, act)
    if after is None:
        raise Closed(_("This cannot be done with a proposal in this state."), state=row.state)
    row.state = after


def _narrower(openness: str | None, draft: Draft) -> str:
    """Empty where the session is as open as its group."""
    if openness is None or openness == draft.group.openness or is_wider(openness, draft.group.openness):
        return ""
    return openness


def _content(row: ProposalRow) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "paragraph": row.paragraph,
        "text": row.text,
        "after": row.after,
        "others": list(row.others or []),
        "parts": list(row.parts or []),
        "new_kind": row.new_kind,
        "new_level": row.new_level,
    }


def _within(tx: Transaction, row: ProposalRow, type_: str) -> None:
    """Record what happens inside a delegation, or at the desk, where only they read."""
    channel = f"delegation:{row.party_id}" if row.party_id is not None else row.draft.desk_channel
    tx.append(channel, type_, row.actor, {"proposal": row.id, "version": str(row.base_id), **_content(row)})


def _signed(actor: Actor, row: ProposalRow) -> dict[str, Any]:
    return words.signed(actor, row.draft.group_id)
