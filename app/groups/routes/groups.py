"""Pages of the group itself: the list, one group, its making and changing, its members and officers."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import queries as accounts
from app.accounts.models import Party
from app.accounts.queries import current_actor
from app.core.rules.rulesets import RULESETS
from app.errors import DomainError, Invalid
from app.groups import panels, queries, services, views
from app.groups.forms import GroupForm, MemberForm, NewGroupForm, OfficerForm
from app.groups.models import Group
from app.groups.routes.blueprint import blueprint, me
from app.policy import Action, Actor, Forum, GroupId, Office, can, require
from app.web.forms import blame, status_of
from app.web.locale import current_language
from app.web.pillars import pillar_choices
from app.web.viewer import office_label, party_name


@blueprint.get("/groups")
def index() -> str:
    """The groups that the reader may know of; `?pillar=` keeps those that carry one."""
    actor = current_actor()
    lines = queries.group_lines(actor)
    pillar = request.args.get("pillar", "")
    if pillar:
        lines = [line for line in lines if pillar in (line.group.pillars or [])]
    return render_template(
        "groups/index.html",
        lines=lines,
        pillar=pillar,
        pillars=pillar_choices(),
        may_create=can(actor, Action.MANAGE_MEMBERS, None, Forum.PUBLIC),
    )


@blueprint.get("/groups/<slug>")
def group(slug: str) -> str:
    actor = current_actor()
    found = queries.get_group(actor, slug)
    return render_template(
        "groups/group.html",
        group=found,
        mandate=views.mandate_of(found),
        rights=views.rights_in(actor, found),
        officers=queries.officers_of(found),
        members=views.member_blocks(queries.members_of(found), current_language()),
        threads=queries.thread_lines(actor, found),
        panels=panels.panels_for(found, actor),
    )


@blueprint.route("/groups/new", methods=["GET", "POST"])
def new_group() -> Any:
    """Set up a group. For the secretariat."""
    actor = me()
    require(actor, Action.MANAGE_MEMBERS, None, Forum.PUBLIC)
    form = NewGroupForm()
    _fill_choices(form)
    if form.validate_on_submit():
        try:
            made = services.create_group(
                actor,
                form.slug.data or "",
                form.title.data or "",
                form.openness.data,
                form.mandate.data or "",
                form.pillars.data or [],
                form.ruleset.data,
            )
        except DomainError as error:
            blame(form, error)
        else:
            flash(_("The group is set up. Now say who belongs to it."), "success")
            return redirect(url_for("groups.members", slug=made.slug))
    return render_template("groups/new.html", form=form), status_of(form)


@blueprint.route("/groups/<slug>/edit", methods=["GET", "POST"])
def edit_group(slug: str) -> Any:
    actor, found = _managed(slug)
    form = GroupForm(obj=found)
    _fill_choices(form)
    may_open = can(actor, Action.SET_OPENNESS, GroupId(found.id), found.openness)
    if not may_open:
        form.openness.data = found.openness
    if form.validate_on_submit():
        try:
            services.update_group(
                actor,
                found,
                title=form.title.data or "",
                mandate=form.mandate.data or "",
                pillars=form.pillars.data or [],
                openness=form.openness.data,
                ruleset=form.ruleset.data,
            )
        except DomainError as error:
            blame(form, error)
        else:
            flash(_("The group is changed."), "success")
            return redirect(url_for("groups.group", slug=slug))
    return render_template("groups/edit.html", form=form, group=found, may_open=may_open), status_of(form)


@blueprint.get("/groups/<slug>/members")
def members(slug: str) -> Any:
    _actor, found = _managed(slug)
    return _members_page(found)


@blueprint.post("/groups/<slug>/members")
def add_member(slug: str) -> Any:
    actor, found = _managed(slug)
    form = _member_form(queries.members_of(found))
    if form.validate_on_submit():
        try:
            services.add_member(actor, found, form.party.data)
        except DomainError as error:
            blame(form, error)
        else:
            flash(_("%(party)s is in the group.", party=party_name(form.party.data)), "success")
            return redirect(url_for("groups.members", slug=slug))
    return _members_page(found, member=form)


@blueprint.post("/groups/<slug>/members/<code>/remove")
def remove_member(slug: str, code: str) -> Response:
    actor, found = _managed(slug)
    services.remove_member(actor, found, code)
    flash(_("%(party)s is no longer in the group.", party=party_name(code)), "success")
    return redirect(url_for("groups.members", slug=slug))


@blueprint.post("/groups/<slug>/officers")
def set_officer(slug: str) -> Any:
    actor, found = _managed(slug)
    form = _officer_form(found)
    if form.validate_on_submit():
        try:
            services.set_officer(actor, found, _number(form.user.data), form.office.data)
        except DomainError as error:
            blame(form, error)
        else:
            flash(_("The office is given."), "success")
            return redirect(url_for("groups.members", slug=slug))
    return _members_page(found, officer=form)


@blueprint.post("/groups/<slug>/officers/<int:user_id>/remove")
def unset_officer(slug: str, user_id: int) -> Response:
    actor, found = _managed(slug)
    services.unset_officer(actor, found, user_id)
    flash(_("The office has ended."), "success")
    # Whoever ends their own office may not be allowed back to the page they came from.
    return redirect(
        url_for("groups.group", slug=slug) if actor.user_id == user_id else url_for("groups.members", slug=slug)
    )


def _managed(slug: str) -> tuple[Actor, Group]:
    actor = current_actor()
    found = queries.get_group(actor, slug)
    require(actor, Action.MANAGE_MEMBERS, GroupId(found.id), found.openness, what=_("This group"))
    return actor, found


def _fill_choices(form: GroupForm) -> None:
    form.pillars.choices = pillar_choices()
    form.ruleset.choices = [(id_, views.ruleset_label(id_)) for id_ in RULESETS]
    form.openness.choices = views.openness_choices()


def _members_page(
    found: Group, member: MemberForm | None = None, officer: OfficerForm | None = None
) -> tuple[str, int]:
    parties = queries.members_of(found)
    member = member or _member_form(parties, formdata=None)
    officer = officer or _officer_form(found, formdata=None)
    page = render_template(
        "groups/members.html",
        group=found,
        officers=queries.officers_of(found),
        members=views.member_blocks(parties, current_language()),
        member=member,
        officer=officer,
    )
    return page, max(status_of(member), status_of(officer))


def _member_form(inside: list[Party], formdata: Any = ...) -> MemberForm:
    form = MemberForm() if formdata is ... else MemberForm(formdata=formdata)
    codes = {party.code for party in inside}
    locale = current_language()
    outside = [(party.code, party.name(locale)) for party in accounts.parties() if party.code not in codes]
    form.party.choices = [("", _("Choose")), *sorted(outside, key=lambda choice: choice[1].casefold())]
    return form


def _officer_form(found: Group, formdata: Any = ...) -> OfficerForm:
    form = OfficerForm() if formdata is ... else OfficerForm(formdata=formdata)
    locale = current_language()
    people = [
        (str(user.id), f"{user.name} ({user.party.name(locale)})" if user.party else user.name)
        for user in queries.people_for_office()
    ]
    form.user.choices = [("", _("Choose")), *people]
    form.office.choices = [(office.value, office_label(office)) for office in Office]
    return form


def _number(text: str | None) -> int:
    if not text or not text.isascii() or not text.isdigit() or len(text) > 15:
        raise Invalid(_("There is no account of this person."), field="user")
    return int(text)
