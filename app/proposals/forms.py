"""The form of a proposal: what it shows, what it sends, and a look at the change before it is released."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.accounts.queries import parties
from app.core.text.proposals import ProposalKind
from app.drafts import queries as texts
from app.drafts.extras import before_proposing
from app.drafts.models import Version, VersionParagraph
from app.errors import DomainError, Invalid
from app.policy import Action, Actor, GroupId, PartyKind, can, require, role_in
from app.proposals import language, queries
from app.proposals.content import checked
from app.proposals.labels import kind_label
from app.proposals.models import ProposalRow
from app.proposals.pages import PARTY_ROLES
from app.web.numbers import whole

Submit = Callable[[dict[str, Any], bool, str | None], str]
"""Makes the proposal; gets the content, whether it stays a draft, in whose name; gives the address to go on to."""
CHOICES = (
    "replace",
    "new_paragraph",
    "alternative",
    "suppress",
    "retain",
    "move",
    "merge",
    "split",
    "placeholder",
    "revert",
)


def propose(actor: Actor, version: Version, row: VersionParagraph, submit: Submit, back: str) -> Any:
    """The form to propose a change to a paragraph: with a look at it as others will see it, before it is released."""
    group = version.draft.group
    require(actor, Action.DRAFT_PROPOSAL, GroupId(group.id), group.openness, what=_("This text"))
    given: dict[str, Any] = {"kind": "replace", "paragraph": row.wid, "text": row.text}
    message, field, seen = "", None, None
    if request.method == "POST":
        given |= given_in(request.form) | {"paragraph": row.wid}
        way = request.form.get("way", "preview")
        try:
            given |= _chosen(given, request.form)
            if way == "preview":
                seen = _preview(version, row, given)
            else:
                behalf = request.form.get("behalf") or None
                address = submit(given, way == "draft", behalf)
                flash(_("Kept inside your delegation.") if way == "draft" else _("Released."), "success")
                return redirect(address)
        except DomainError as error:
            message, field = error.message, error.field
    rows = texts.version_paragraphs(version.id)
    return render_template(
        "proposals/propose.html",
        draft=version.draft,
        version=version,
        p=row,
        rows=rows,
        given=given,
        message=message,
        field=field,
        seen=seen,
        own=before_proposing(actor, version, row),
        back=back,
        kinds=[(kind, kind_label(kind)) for kind in CHOICES],
        precedents=queries.precedents(),
        states=parties([PartyKind.MEMBER_STATE, PartyKind.OBSERVER_STATE]),
        behalf=list(actor.speaks_for.items()),
        chosen_behalf=request.form.get("behalf", ""),
        may_release=can(actor, Action.PROPOSE, GroupId(group.id), group.openness),
        is_delegation=role_in(actor, GroupId(group.id)) in (*PARTY_ROLES, "expert"),
    ), 422 if message else 200


def _chosen(given: Mapping[str, Any], form: MultiDict[str, str]) -> dict[str, Any]:
    """The words of the passage of agreed language that the form names, in the place of those that were typed."""
    if given["kind"] != ProposalKind.REVERT or not form.get("precedent"):
        return {}
    wanted = whole_number(form.get("precedent"), "precedent")
    passage = next((passage for passage in queries.precedents() if passage.id == wanted), None)
    if passage is None:
        raise Invalid(_("There is no such passage."), field="precedent")
    return {"text": passage.text}


def _preview(version: Version, row: VersionParagraph, given: Mapping[str, Any]) -> dict[str, Any]:
    """The change as others will see it. Raises what the command would raise of its content."""
    content = checked(given, texts.version_paragraphs(version.id))
    base = {p.wid: p.text for p in texts.version_paragraphs(version.id)}
    asked = ProposalRow(**content.as_dict())
    agreed = language.beside(content.text)[:1]
    return {"kind": kind_label(content.kind), "ops": queries.change_of(asked, base), "agreed": agreed}


def given_in(form: MultiDict[str, str]) -> dict[str, Any]:
    """The content in the form's fields, as the command takes it."""
    return {
        "kind": form.get("kind", "replace"),
        "text": form.get("text", "").replace("\r\n", "\n"),
        "after": form.get("after") or None,
        "others": [wid for wid in form.getlist("others") if wid],
        "rationale": form.get("rationale", ""),
        "conditions": form.get("conditions", ""),
        "invited": [code for code in form.getlist("invited") if code],
    }


def given_of(row: ProposalRow) -> dict[str, Any]:
    """What a proposal asks for now, as the form shows it."""
    text = "\n\n".join(row.parts) if row.kind == ProposalKind.SPLIT else row.text
    return {
        "kind": row.kind,
        "paragraph": row.paragraph,
        "text": text,
        "after": row.after,
        "others": list(row.others or []),
        "rationale": row.rationale,
        "conditions": row.conditions,
    }


def whole_number(text: str | None, field: str) -> int:
    number = whole(text)
    if number is None:
        raise Invalid(_("Reload the page, and send again."), field=field)
    return number
