"""The acts of the chair (and, to prepare, of the secretariat) in a silence procedure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.agreement.services.whole import agree_text_ad_ref
from app.core.markup import render
from app.core.rules import silence as rules
from app.core.rules.sessions import is_datable, is_wider
from app.core.rules.silence import Act, State
from app.drafts.models import Draft, Version
from app.drafts.queries import get_version, newest_version, version_paragraphs
from app.drafts.standing import hold_issues, require_issuable
from app.errors import Closed, Conflict, Invalid, NotFound
from app.extensions import db
from app.groups.models import Group
from app.groups.queries import ruleset_of
from app.groups.services import words
from app.live.models import LiveSession
from app.live.queries import get_session, openness_of
from app.policy import Action, Actor, GroupId, envelope_actor, require, role_in
from app.record import Transaction, timestamp, transaction
from app.silence import watch
from app.silence.acting import append, append_for_chair, author, held, held_for, step
from app.silence.models import ChairLetter, ObjectionRow, SilenceProcedure
from app.silence.queries import running_on
from app.web.numbers import whole

LETTER_LIMIT = 20_000
REASON_LIMIT = 2_000


# --- Before it runs ------------------------------------------------------------------------------------------------


def prepare(actor: Actor, version_id: int, given: Mapping[str, Any]) -> SilenceProcedure:
    """Write a silence procedure down; nobody but the chair and the secretariat knows of it yet.

    `given`: deadline (a moment with its zone), scope (identities of paragraphs, None for the text as a whole),
    message (the covering letter, Markdown), consequence (what happens if nobody objects), short_reason (why there is
    less time than the rules say), predecessor (the id of the broken procedure that this one follows).
    """
    with transaction() as tx:
        version = get_version(actor, version_id)
        group = version.draft.group
        require(actor, Action.PREPARE_SILENCE, GroupId(group.id), group.openness, what=_("This text"))
        if not version.issued:
            raise Closed(_("Only an issued version can be put under silence. Issue it first."))
        silence_rules = ruleset_of(group).silence
        silence = SilenceProcedure(
            group=group,
            draft=version.draft,
            version=version,
            state=State.PREPARED,
            time_zone=silence_rules.tz_display,
            inclusive=silence_rules.inclusive_deadline,
            publish=silence_rules.publish_break,
            prepared_by=envelope_actor(actor, role_in(actor, GroupId(group.id))),
            created_at=tx.now,
        )
        _fill(silence, version, given, tx.now)
        db.session.add(silence)
        db.session.flush()
        append_for_chair(tx, silence.prepared_by, silence, "silence.prepared", _described(silence))
        return silence


def revise(actor: Actor, silence_id: int, given: Mapping[str, Any]) -> SilenceProcedure:
    """Change what was prepared."""
    with transaction() as tx:
        silence = held_for(actor, silence_id, Action.PREPARE_SILENCE)
        step(silence, Act.REVISE)
        _fill(silence, silence.version, given, tx.now)
        append_for_chair(tx, author(actor, silence), silence, "silence.revised", _described(silence))
        return silence


def discard(actor: Actor, silence_id: int) -> SilenceProcedure:
    """Drop what was prepared."""
    with transaction() as tx:
        silence = held_for(actor, silence_id, Action.PREPARE_SILENCE)
        step(silence, Act.DISCARD)
        append_for_chair(tx, author(actor, silence), silence, "silence.discarded", {})
        return silence


def _fill(silence: SilenceProcedure, version: Version, given: Mapping[str, Any], now: datetime) -> None:
    silence.deadline = _deadline(given.get("deadline"), now)
    silence.scope = _scope(given.get("scope"), version)
    silence.message = words.checked_text(given.get("message") or "", "message", LETTER_LIMIT, required=False)
    silence.message_html = render(silence.message) if silence.message else ""
    silence.consequence = words.checked_text(
        given.get("consequence") or "", "consequence", REASON_LIMIT, required=False
    )
    silence.short_reason = words.checked_text(
        given.get("short_reason") or "", "short_reason", REASON_LIMIT, required=False
    )
    silence.predecessor = _predecessor(given.get("predecessor"), silence, version)


def _deadline(moment: Any, now: datetime) -> datetime:
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise Invalid(_("Say until when, with the time zone."), field="deadline")
    if moment <= now:
        raise Invalid(_("The deadline must lie in the future."), field="deadline")
    if not is_datable(moment):
        raise Invalid(_("Say until when."), field="deadline")
    return moment


def _scope(wids: Any, version: Version) -> list[str] | None:
    if wids is None:
        return None
    if not isinstance(wids, (list, tuple)) or not wids or not all(isinstance(wid, str) for wid in wids):
        raise Invalid(_("Say which paragraphs are under silence, or put the whole text under it."), field="scope")
    there = {row.wid for row in version_paragraphs(version.id)}
    if not set(wids) <= there:
        raise Invalid(_("This version has no such paragraph."), field="scope")
    return list(dict.fromkeys(wids))


def _predecessor(silence_id: Any, successor: SilenceProcedure, version: Version) -> SilenceProcedure | None:
    if silence_id in (None, ""):
        return None
    number = whole(silence_id)
    found = db.session.get(SilenceProcedure, number) if number is not None else None
    if found is None or found is successor or found.draft_id != version.draft_id:
        raise Invalid(_("The earlier silence procedure must be one on the same text."), field="predecessor")
    return found


def _described(silence: SilenceProcedure) -> dict[str, Any]:
    """What the events say of a procedure: enough to know it without any row."""
    labels = {row.wid: row.label for row in version_paragraphs(silence.version_id)}
    scope = None if silence.scope is None else [{"paragraph": wid, "label": labels[wid]} for wid in silence.scope]
    return {
        "version": str(silence.version_id),
        "label": silence.version.label,
        "sha256": silence.version.sha256,
        "deadline": timestamp(silence.deadline),
        "time_zone": silence.time_zone,
        "scope": scope,
        "message": silence.message,
        "consequence": silence.consequence,
        "short_reason": silence.short_reason,
        "predecessor": str(silence.predecessor_id) if silence.predecessor_id else None,
    }


# --- While it runs -------------------------------------------------------------------------------------------------


def open_silence(actor: Actor, silence_id: int) -> SilenceProcedure:
    """The chair puts the text under silence: from now on no word of it moves."""
    with transaction() as tx:
        silence = held_for(actor, silence_id, Action.OPEN_SILENCE)
        earlier = held(silence.predecessor_id) if silence.predecessor_id else None
        _hold_letters(silence)
        _hold_text(silence, tx.now)
        _deadline(silence.deadline, tx.now)
        warned = warnings_on(silence.group, silence.deadline, tx.now)
        if rules.Warn.SHORT in warned and not silence.short_reason:
            raise Invalid(
                _(
                    "The rules give at least %(hours)s hours. Say why there is less time: it is told to all.",
                    hours=ruleset_of(silence.group).silence.min_hours,
                ),
                field="short_reason",
            )
        step(silence, Act.OPEN)
        silence.opened_at = tx.now
        watch.begin_again(tx.now)
        letter = _write(tx, actor, silence, "opening", silence.message)
        data = _described(silence) | {"letter": letter.number, "warnings": [str(each) for each in warned]}
        append(tx, actor, silence, "silence.announced", data)
        if earlier is not None:
            _succeed(tx, actor, earlier, silence)
        return silence


def warnings_on(group: Group, deadline: datetime, now: datetime) -> tuple[rules.Warn, ...]:
    """What the chair should know of a deadline before it is announced."""
    silence_rules = ruleset_of(group).silence
    local_day = deadline.astimezone(ZoneInfo(silence_rules.tz_display)).date()
    return rules.warnings(now, deadline, local_day, silence_rules.min_hours)


def _hold_text(silence: SilenceProcedure, now: datetime) -> None:
    """No version is issued and no stance published while this is decided."""
    _hold_words(silence.draft_id)
    if running_on(silence.draft_id, now) is not None:
        raise Conflict(_("This text is under silence already."))
    require_issuable(silence.draft_id)  # a vote on it would be announced while the States are asked in silence
    if newest_version(silence.draft_id).id != silence.version_id:
        raise Closed(_("A newer version has been issued since this was prepared. Put that one under silence."))


def _hold_words(draft_id: int) -> None:
    """No version is issued before the commit, and no stance taken: that waits for the row of the text."""
    hold_issues(draft_id)
    db.session.scalars(select(Draft.id).where(Draft.id == draft_id).with_for_update(key_share=True)).one()


def _succeed(tx: Transaction, actor: Actor, earlier: SilenceProcedure, by: SilenceProcedure) -> None:
    step(earlier, Act.SUCCEED)
    append(tx, actor, earlier, "silence.succeeded", {"by": str(by.id), "label": by.version.label})


def extend(
    actor: Actor, silence_id: int, deadline: Any, reason: str, *, received: datetime | None = None
) -> SilenceProcedure:
    """Give more time, before the silence expires. All are told."""
    with transaction() as tx:
        silence = held_for(actor, silence_id, Action.OPEN_SILENCE)
        step(silence, Act.EXTEND)
        to = _deadline(deadline, tx.now)
        said = words.checked_text(reason, "reason", REASON_LIMIT)
        if (received or tx.now) > silence.deadline:
            raise Closed(_("The deadline has passed: it can no longer be extended."), state=silence.state)
        if any(row.late for row in silence.objections):  # with more time it would have been in time: it stays late
            raise Closed(
                _("An objection has come after the deadline: it can no longer be extended."), state=silence.state
            )
        if not rules.may_extend(silence.deadline, received or tx.now, to):
            raise Invalid(_("An extension gives more time, not less."), field="deadline")
        before, silence.deadline = silence.deadline, to
        silence.extensions += 1
        data = {"deadline": timestamp(to), "before": timestamp(before), "time_zone": silence.time_zone, "reason": said}
        append(tx, actor, silence, "silence.extended", data)
        return silence


def tell(actor: Actor, silence_id: int) -> SilenceProcedure:
    """The chair informs all, before the deadline, that silence is broken. It runs on, for others who object."""
    with transaction() as tx:
        silence = held_for(actor, silence_id, Action.OPEN_SILENCE)
        step(silence, Act.TELL)
        if not any(not row.late for row in silence.objections):
            raise Closed(_("Nobody has broken the silence."), state=silence.state)
        if silence.told_at is None:
            silence.told_at = tx.now
            append(tx, actor, silence, "silence.told")
        return silence


def withdraw(actor: Actor, silence_id: int, reason: str) -> SilenceProcedure:
    """The chair takes the text back from silence."""
    return _stop(actor, silence_id, Act.WITHDRAW, "silence.withdrawn", reason)


def void(actor: Actor, silence_id: int, reason: str) -> SilenceProcedure:
    """The chair declares the procedure void, for a defect in it."""
    return _stop(actor, silence_id, Act.VOID, "silence.voided", reason)


def _stop(actor: Actor, silence_id: int, act: Act, type_: str, reason: str) -> SilenceProcedure:
    with transaction() as tx:
        silence = held_for(actor, silence_id, Action.OPEN_SILENCE)
        step(silence, act, tx.now)
        silence.reason = words.checked_text(reason, "reason", REASON_LIMIT)
        silence.ended_at = silence.ended_at or tx.now
        append(tx, actor, silence, type_, {"reason": silence.reason})
        return silence


# --- After it ended ------------------------------------------------------------------------------------------------


def confirm(actor: Actor, silence_id: int, body: str) -> ChairLetter:
    """The chair's letter that silence was not broken: what was under it is agreed ad referendum."""
    with transaction() as tx:
        silence = held_for(actor, silence_id, Action.OPEN_SILENCE)
        step(silence, Act.CONFIRM)
        _hold_letters(silence)
        _agree(tx, actor, silence)
        letter = _write(tx, actor, silence, "unbroken", words.checked_text(body, "body", LETTER_LIMIT))
        append(
            tx, actor, silence, "silence.confirmed", {"letter": letter.number, "body": letter.body, "html": letter.html}
        )
        return letter


def _agree(tx: Transaction, actor: Actor, silence: SilenceProcedure) -> None:
    """Mark the words that were under silence, as far as they still stand: a newer version has words of its own."""
    _hold_words(silence.draft_id)
    if newest_version(silence.draft_id).id != silence.version_id:
        return
    only = None if silence.scope is None else frozenset(silence.scope)
    agree_text_ad_ref(tx, actor, silence.version, reason=_("Silence was not broken."), only=only)


def publish(actor: Actor, silence_id: int, body: str, *, names: bool | None = None) -> ChairLetter:
    """The chair's letter that silence was broken: on which paragraphs and, with `names`, by whom.

    Without `names` said, as the rules have it. Objections that were taken back are not in it.
    """
    with transaction() as tx:
        silence = held_for(actor, silence_id, Action.OPEN_SILENCE)
        step(silence, Act.PUBLISH)
        _hold_letters(silence)
        named = silence.publish == "paragraphs_and_parties" if names is None else names
        letter = _write(tx, actor, silence, "broken", words.checked_text(body, "body", LETTER_LIMIT))
        letter.objections = published(silence, named)
        data = _said(letter) | {"names": named, "objections": letter.objections}
        append(tx, actor, silence, "silence.letter", data)
        return letter


def _said(letter: ChairLetter) -> dict[str, Any]:
    return {"letter": letter.number, "body": letter.body, "html": letter.html}


def published(silence: SilenceProcedure, names: bool) -> list[dict[str, Any]]:
    """What a letter says of the objections that stand: the text as a whole first, then paragraph by paragraph."""
    standing = [row for row in silence.objections if not row.late and row.withdrawn_at is None]
    found: list[dict[str, Any]] = []
    whole = [row for row in standing if not row.paragraphs]
    if whole:
        found.append(_published(None, "", whole, names))
    for paragraph in version_paragraphs(silence.version_id):
        on_it = [row for row in standing if any(said["paragraph"] == paragraph.wid for said in row.paragraphs)]
        if on_it:
            found.append(_published(paragraph.wid, paragraph.label, on_it, names))
    return found


def _published(wid: str | None, label: str, rows: Sequence[ObjectionRow], names: bool) -> dict[str, Any]:
    said: dict[str, Any] = {"paragraph": wid, "label": label}
    if names:
        said["parties"] = [{"party": row.party.code, "on_behalf_of": row.on_behalf_of or None} for row in rows]
    return said


def formalise(actor: Actor, silence_id: int, session_id: int | None = None, note: str = "") -> SilenceProcedure:
    """Note that what was agreed by silence was taken up in a formal meeting.

    Which one, is told where everybody who may read the text may know of it.
    """
    with transaction() as tx:
        silence = held_for(actor, silence_id, Action.OPEN_SILENCE)
        step(silence, Act.FORMALISE)
        session = _formal_session(actor, silence, session_id)
        told = session if session and not is_wider(silence.group.openness, openness_of(session)) else None
        data = {
            "session": str(told.id) if told else None,
            "title": told.title if told else "",
            "note": words.checked_text(note, "note", REASON_LIMIT, required=session is None),
        }
        append(tx, actor, silence, "silence.formalised", data)
        return silence


def _formal_session(actor: Actor, silence: SilenceProcedure, session_id: int | None) -> LiveSession | None:
    if session_id is None:
        return None
    session = get_session(actor, session_id)
    if session.group_id != silence.group_id:
        raise NotFound(_("This session was not found, or is not open to you."))
    if session.opened_at is None or session.mode != "formal":
        raise Closed(_("It is noted in a formal meeting that has been opened."), field="session")
    if session.closed_at is not None and silence.ended_at is not None and session.closed_at < silence.ended_at:
        raise Closed(_("The session is closed."), field="session")  # it was over before there was anything to note
    return session


def consult(actor: Actor, silence_id: int) -> SilenceProcedure:
    """The chair consults those who objected."""
    with transaction() as tx:
        silence = held_for(actor, silence_id, Action.OPEN_SILENCE)
        step(silence, Act.CONSULT)
        append(tx, actor, silence, "silence.consulting")
        return silence


def close(actor: Actor, silence_id: int, reason: str) -> SilenceProcedure:
    """The chair ends it without agreement."""
    with transaction() as tx:
        silence = held_for(actor, silence_id, Action.OPEN_SILENCE)
        step(silence, Act.CLOSE)
        silence.reason = words.checked_text(reason, "reason", REASON_LIMIT)
        append(tx, actor, silence, "silence.closed", {"reason": silence.reason})
        return silence


def _hold_letters(silence: SilenceProcedure) -> None:
    """No other letter of the group's chair takes a number before the commit: the group's row hands them out.

    Before any text is held: who changes the group holds its row, and goes on to its sessions, which hold texts.
    """
    db.session.scalars(select(Group.id).where(Group.id == silence.group_id).with_for_update(key_share=True)).one()


def _write(tx: Transaction, actor: Actor, silence: SilenceProcedure, kind: str, body: str) -> ChairLetter:
    """The next letter of the group's chair. The caller holds what hands out its number."""
    newest = db.session.scalar(select(func.max(ChairLetter.number)).where(ChairLetter.group_id == silence.group_id))
    letter = ChairLetter(
        group_id=silence.group_id,
        silence=silence,
        number=(newest or 0) + 1,
        kind=kind,
        body=body,
        html=render(body) if body else "",
        signed=actor.name,
        objections=[],
        at=tx.now,
    )
    db.session.add(letter)
    db.session.flush()
    return letter
