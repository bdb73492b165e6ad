"""The pages of accounts: sign in and out, invitations, the account itself, delegations, people."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import login_user, logout_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from app.accounts import queries, services
from app.accounts.forms import InviteForm, JoinForm, PasswordForm, PreferencesForm, SignInForm, TokenForm
from app.accounts.models import User
from app.errors import DomainError, NotFound, Unauthenticated
from app.extensions import limiter
from app.policy import Actor, DelegationRole, PartyKind
from app.web.addresses import own_address
from app.web.locale import CODES, LANGUAGES, current_language
from app.web.viewer import delegation_role_label

blueprint = Blueprint("accounts", __name__, template_folder="templates")


@blueprint.route("/sign-in", methods=["GET", "POST"])
@limiter.limit("20/minute", methods=["POST"])
def sign_in() -> Any:
    """Sign in, and go on to where one wanted to go."""
    if queries.current_actor().signed_in:
        return redirect(_next_page())
    form = SignInForm()
    if form.validate_on_submit():
        try:
            user = services.sign_in(form.email.data or "", form.password.data or "")
        except DomainError as error:
            _blame(form, error)
        else:
            _begin(user, bool(form.remember.data))
            return redirect(_next_page())
    return render_template("accounts/sign_in.html", form=form, next=request.args.get("next", "")), _status(form)


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End this browser's session."""
    logout_user()
    _forget()
    return redirect(url_for("home.today"))


@blueprint.post("/sign-out-everywhere")
def sign_out_everywhere() -> Response:
    services.sign_out_everywhere(_me())
    logout_user()
    _forget()
    flash(_("You are signed out on all devices."), "success")
    return redirect(url_for("accounts.sign_in"))


@blueprint.route("/invitations/<secret>", methods=["GET", "POST"])
@limiter.limit("30/minute")
def join(secret: str) -> Any:
    """Accept an invitation. Opening the link changes nothing: e-mail scanners open links too."""
    invitation = services.find_invitation(secret)
    form = JoinForm()
    if form.validate_on_submit():
        try:
            user = services.accept_invitation(secret, form.name.data or "", form.password.data or "")
        except DomainError as error:
            _blame(form, error)
        else:
            _begin(user, remember=False)
            flash(_("Welcome. This is your account."), "success")
            return redirect(url_for("home.today"))
    return render_template("accounts/join.html", form=form, invitation=invitation), _status(form)


@blueprint.get("/account")
def account() -> str:
    return _account_page()


@blueprint.post("/account/password")
@limiter.limit("10/minute")
def change_password() -> Any:
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            user = services.change_password(_me(), form.current.data or "", form.new.data or "")
        except DomainError as error:
            _blame(form, error)
        else:
            _begin(user, remember=False)
            flash(_("The password is changed. Other devices are signed out."), "success")
            return redirect(url_for("accounts.account"))
    return _account_page(password=form), 422


@blueprint.post("/account/preferences")
def preferences() -> Any:
    form = _preferences_form()
    if form.validate_on_submit():
        services.set_preferences(_me(), locale=form.locale.data or None, timezone=form.timezone.data or None)
        session.pop("locale", None)
        flash(_("Kept."), "success")
        return redirect(url_for("accounts.account"))
    return _account_page(preferences=form), 422


@blueprint.post("/account/tokens")
@limiter.limit("10/minute")
def issue_token() -> Any:
    """Make a token and show it, once."""
    form = TokenForm()
    actor = _me()
    if form.validate_on_submit():
        secret = services.issue_token(actor, _user(actor), form.label.data or "")
        return _account_page(new_token=secret)
    return _account_page(token=form), 422


@blueprint.post("/account/tokens/<int:token_id>/revoke")
def revoke_token(token_id: int) -> Response:
    services.revoke_token(_me(), token_id)
    flash(_("The token is revoked."), "success")
    return redirect(url_for("accounts.account"))


@blueprint.post("/language")
def language() -> Response:
    """Choose the language of the pages, for this browser and, when signed in, for the account."""
    code = request.form.get("locale", "")
    if code in CODES:
        session["locale"] = code
        actor = queries.current_actor()
        if actor.signed_in:
            services.set_preferences(actor, locale=code, timezone=_user(actor).timezone)
    return redirect(own_address(request.form.get("next", "")) or url_for("home.today"))


@blueprint.get("/people")
def people() -> Any:
    """Who acts for one's delegation; for the secretariat, for any."""
    actor, party = _manager()
    return _people_page(actor, party)


@blueprint.post("/people/invite")
@limiter.limit("30/minute")
def invite() -> Any:
    actor, party = _manager()
    form = _invite_form(actor)
    if form.validate_on_submit():
        code = form.party.data if not _own_only(actor) else actor.party_code
        try:
            made = services.invite(actor, form.email.data or "", code or None, form.role.data)
        except DomainError as error:
            _blame(form, error)
        else:
            link = url_for("accounts.join", secret=made.secret, _external=True)
            return _people_page(actor, party, link=link, invited=made.invitation.email)
    return _people_page(actor, party, form=form), 422


@blueprint.post("/people/invitations/<int:invitation_id>/revoke")
def revoke_invitation(invitation_id: int) -> Response:
    services.revoke_invitation(_me(), invitation_id)
    flash(_("The invitation is withdrawn."), "success")
    return redirect(url_for("accounts.people"))


@blueprint.post("/people/<int:user_id>/role")
def set_role(user_id: int) -> Response:
    user = services.set_delegation_role(_me(), user_id, request.form.get("role", ""))
    return redirect(url_for("accounts.people", party=user.party.code if user.party else None))


@blueprint.post("/people/<int:user_id>/trust")
def set_trust(user_id: int) -> Response:
    """The head of delegation entrusts a negotiator with votes and with breaking silence, or no longer."""
    services.entrust(_me(), user_id, request.form.get("entrusted") == "1")
    return redirect(url_for("accounts.people"))


@blueprint.post("/people/<int:user_id>/active")
def set_active(user_id: int) -> Response:
    user = services.set_active(_me(), user_id, request.form.get("active") == "1")
    return redirect(url_for("accounts.people", party=user.party.code if user.party else None))


@blueprint.get("/states")
def states() -> str:
    """The table of States and organisations, and the groups of States."""
    return render_template(
        "accounts/states.html",
        members=queries.parties([PartyKind.MEMBER_STATE]),
        observers=queries.parties([PartyKind.OBSERVER_STATE]),
        organisations=queries.parties(
            [kind for kind in PartyKind if kind not in (PartyKind.MEMBER_STATE, PartyKind.OBSERVER_STATE)]
        ),
        groups=queries.state_groups(),
    )


@blueprint.get("/states/groups/<code>")
def state_group(code: str) -> str:
    """A group of States, as it is on a day."""
    group = queries.state_group_by_code(code)
    if group is None:
        raise NotFound(_("There is no such group of States."))
    on = _day(request.args.get("on"))
    return render_template(
        "accounts/state_group.html", group=group, on=on, members=queries.state_group_members(code, on)
    )


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return datetime.now(UTC).date()


def _me() -> Actor:
    actor = queries.current_actor()
    if not actor.signed_in:
        raise Unauthenticated(_("Sign in to see your account."))
    return actor


def _user(actor: Actor) -> User:
    user = queries.user_by_id(actor.user_id)
    if user is None:
        raise NotFound(_("This account was not found."))
    return user


def _begin(user: User, remember: bool) -> None:
    """Begin a browser session from an empty one, so that nothing set before the sign-in lives on."""
    kept = session.get("locale")
    session.clear()
    if kept:
        session["locale"] = kept
    login_user(user, remember=remember)
    session.permanent = True


def _forget() -> None:
    kept = session.get("locale")
    remember = session.get("_remember")
    session.clear()
    if kept:
        session["locale"] = kept
    if remember:
        session["_remember"] = remember  # Flask-Login still has to clear its cookie


def _account_page(**changed: Any) -> str:
    actor = _me()
    user = _user(actor)
    return render_template(
        "accounts/account.html",
        user=user,
        password=changed.get("password") or PasswordForm(formdata=None),
        preferences=changed.get("preferences") or _preferences_form(user),
        token=changed.get("token") or TokenForm(formdata=None),
        tokens=queries.tokens_of(user.id),
        new_token=changed.get("new_token"),
    )


def _preferences_form(user: User | None = None) -> PreferencesForm:
    form = PreferencesForm(formdata=request.form if user is None else None, obj=user)
    form.locale.choices = [("", _("As the browser asks")), *LANGUAGES]
    form.timezone.choices = [("", "UTC"), *((zone, zone.replace("_", " ")) for zone in _zones())]
    return form


@lru_cache(maxsize=1)
def _zones() -> tuple[str, ...]:
    regions = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return tuple(sorted(zone for zone in zoneinfo.available_timezones() if zone.startswith(regions)))


def _manager() -> tuple[Actor, Any]:
    """The actor and the party whose people are shown. Members of a delegation see their own."""
    actor = _me()
    if _own_only(actor):
        if actor.party_id is None:
            raise NotFound(_("You act for no delegation."))
        return actor, queries.party_by_code(actor.party_code or "")
    code = request.args.get("party") or request.form.get("party") or ""
    return actor, queries.party_by_code(code) if code else None


def _own_only(actor: Actor) -> bool:
    return not services.may_manage_people(actor, None)


def _invite_form(actor: Actor, formdata: Any = ...) -> InviteForm:
    form = InviteForm() if formdata is ... else InviteForm(formdata=formdata)
    locale = current_language()
    parties = queries.parties() if not _own_only(actor) else []
    form.party.choices = [("", _("No delegation")), *((party.code, party.name(locale)) for party in parties)]
    if _own_only(actor):
        form.party.choices = [(actor.party_code or "", actor.party_code or "")]
    form.role.choices = [(role.value, delegation_role_label(role)) for role in DelegationRole]
    return form


def _people_page(actor: Actor, party: Any, **more: Any) -> str:
    may_manage = services.may_manage_people(actor, party.id if party else None)
    return render_template(
        "accounts/people.html",
        party=party,
        people=queries.people_of(party.id if party else None),
        roles=[(role.value, delegation_role_label(role)) for role in DelegationRole],
        invitations=queries.open_invitations(party.id if party else None) if may_manage else [],
        parties=queries.parties() if not _own_only(actor) else [],
        may_manage=may_manage,
        is_head=party is not None and actor.party_id == party.id and actor.delegation_role is DelegationRole.HEAD,
        form=more.pop("form", None) or _invite_form(actor, formdata=None),
        **more,
    )


def _next_page() -> str:
    return own_address(request.args.get("next", "")) or url_for("home.today")


def _blame(form: FlaskForm, error: DomainError) -> None:
    field = form._fields.get(error.field or "") or next(iter(form._fields.values()))
    field.errors = [*field.errors, error.message]


def _status(form: FlaskForm) -> int:
    return 422 if form.errors or any(field.errors for field in form) else 200
