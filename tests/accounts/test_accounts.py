"""Accounts over HTTP: sign-in and out, invitations, tokens, and whom they let in."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from app.accounts import services
from app.accounts.models import ApiToken, Invitation, User
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.extensions import db
from app.policy import Actor, DelegationRole, PlatformRole
from app.record import events_after
from tests.support.builders import World
from tests.support.clients import Browser

pytestmark = pytest.mark.database
PASSWORD = "correct horse battery"
SECRETARIAT = Actor(name="test", platform_role=PlatformRole.SECRETARIAT)


def account(world: World, email: str = "ken@chapeau.example", party: str | None = "KEN", role: str = "head") -> User:
    if party:
        world.party(party)
    with world.context():
        user = services.add_user(
            SECRETARIAT, email, "A. Person", party_code=party, delegation_role=role, password=PASSWORD
        )
        db.session.refresh(user)
        return user


def sign_in(app: Flask, email: str, password: str = PASSWORD, next_: str = ""):
    browser = Browser(app)
    address = f"/sign-in?next={next_}" if next_ else "/sign-in"
    return browser, browser.post(address, {"email": email, "password": password})


def me(browser: Browser) -> str | None:
    return browser.api("GET", "/me").json["user"]


def test_sign_in_and_out(app: Flask, world: World) -> None:
    user = account(world)
    browser, answer = sign_in(app, " KEN@chapeau.example ")
    assert answer.status_code == 302
    assert me(browser) == str(user.id)
    assert browser.post("/sign-out").status_code == 302
    assert me(browser) is None


@pytest.mark.parametrize(
    ("email", "password"), [("ken@chapeau.example", "wrong"), ("nobody@chapeau.example", PASSWORD), ("", "")]
)
def test_a_wrong_sign_in_says_the_same_for_every_reason(app: Flask, world: World, email: str, password: str) -> None:
    account(world)
    browser, answer = sign_in(app, email, password)
    assert answer.status_code == 422
    assert me(browser) is None
    if email:
        assert "do not match an account" in answer.text


ELSEWHERE = [
    "//evil.example",
    "https://evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    "evil",
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_a_sign_in_never_leads_elsewhere(app: Flask, world: World, target: str) -> None:
    account(world)
    _browser, answer = sign_in(app, "ken@chapeau.example", next_=target)
    assert answer.headers["Location"] == "/"


def test_a_sign_in_leads_back(app: Flask, world: World) -> None:
    account(world)
    assert sign_in(app, "ken@chapeau.example", next_="/texts?a=1")[1].headers["Location"] == "/texts?a=1"


def test_sign_out_on_all_devices(app: Flask, world: World) -> None:
    account(world)
    phone, laptop = (sign_in(app, "ken@chapeau.example")[0] for _ in range(2))
    assert me(phone)
    assert me(laptop)
    laptop.post("/sign-out-everywhere")
    assert me(phone) is None
    assert me(laptop) is None


def test_a_new_password_signs_other_devices_out(app: Flask, world: World) -> None:
    account(world)
    phone, laptop = (sign_in(app, "ken@chapeau.example")[0] for _ in range(2))
    fresh = "another good password"
    laptop.post("/account/password", {"current": PASSWORD, "new": fresh, "again": fresh})
    assert me(phone) is None
    assert me(laptop)
    assert sign_in(app, "ken@chapeau.example")[1].status_code == 422
    assert sign_in(app, "ken@chapeau.example", fresh)[1].status_code == 302


def test_a_shut_account_is_out_at_once(app: Flask, world: World) -> None:
    user = account(world)
    browser, _answer = sign_in(app, "ken@chapeau.example")
    token = world.token(user)
    with world.context():
        services.set_active(SECRETARIAT, user.id, False)
    assert me(browser) is None
    dead = Browser(app).api("GET", "/me", headers={"Authorization": f"Bearer {token}"})
    assert (dead.status_code, dead.json["code"]) == (401, "unauthenticated")
    assert sign_in(app, "ken@chapeau.example")[1].status_code == 422


def test_an_invitation_makes_one_account_once(app: Flask, world: World) -> None:
    head = account(world)
    browser = Browser(app, head)
    page = browser.post("/people/invite", {"email": "new@chapeau.example", "party": "KEN", "role": "negotiator"})
    link = re.search(r"/invitations/[\w-]+", page.text)
    assert link is not None
    guest = Browser(app)
    assert guest.get(link.group()).status_code == 200
    with world.context():
        assert db.session.query(User).filter_by(email="new@chapeau.example").count() == 0
    joined = guest.post(link.group(), {"name": "N. Ew", "password": PASSWORD})
    assert joined.status_code == 302
    said = guest.api("GET", "/me").json
    assert (said["delegation"], said["role"]) == ("KEN", "negotiator")
    assert Browser(app).get(link.group()).status_code == 404


def test_a_withdrawn_invitation_opens_nothing(world: World) -> None:
    head = world.actor(account(world))
    with world.context():
        made = services.invite(head, "new@chapeau.example", "KEN", "viewer")
        services.revoke_invitation(head, made.invitation.id)
        with pytest.raises(NotFound):
            services.accept_invitation(made.secret, "N. Ew", PASSWORD)


def test_people_are_invited_by_who_may(world: World) -> None:
    world.party("BRA")
    head = account(world)
    negotiator = account(world, "neg@chapeau.example", role="negotiator")
    secretariat = world.user(platform_role=PlatformRole.SECRETARIAT)
    with world.context():
        with pytest.raises(Forbidden):
            services.invite(world.actor(head), "x@chapeau.example", "BRA", "viewer")
        with pytest.raises(Forbidden):
            services.invite(world.actor(negotiator), "x@chapeau.example", "KEN", "viewer")
        services.invite(world.actor(secretariat), "x@chapeau.example", "BRA", "head")
        with pytest.raises(Conflict):
            services.invite(world.actor(secretariat), "ken@chapeau.example", "KEN", "viewer")


def test_secrets_are_kept_as_hashes_only(world: World) -> None:
    user = account(world)
    token = world.token(user)
    with world.context():
        made = services.invite(world.actor(user), "new@chapeau.example", "KEN", "viewer")
        assert token not in str(db.session.query(ApiToken.hash).all())
        assert made.secret not in str(db.session.query(Invitation.hash).all())
        assert db.session.get_one(User, user.id).password_hash.startswith("$argon2id$")


def test_a_token_acts_for_its_owner_until_it_is_revoked(app: Flask, world: World) -> None:
    user = account(world)
    browser = Browser(app, user)
    page = browser.post("/account/tokens", {"label": "a script"})
    token = re.search(r"chp_[\w-]{40,}", page.text)
    assert token is not None
    headers = {"Authorization": f"Bearer {token.group()}"}
    assert Browser(app).api("GET", "/me", headers=headers).json["user"] == str(user.id)
    assert token.group() not in browser.get("/account").text
    with world.context():
        kept = db.session.query(ApiToken).one().id
    assert Browser(app, world.user()).post(f"/account/tokens/{kept}/revoke").status_code == 404
    browser.post(f"/account/tokens/{kept}/revoke")
    dead = Browser(app).api("GET", "/me", headers=headers)
    assert (dead.status_code, dead.json["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize("password", ["", "short", "x" * 300])
def test_a_weak_password_is_refused(world: World, password: str) -> None:
    with world.context(), pytest.raises(Invalid):
        services.add_user(SECRETARIAT, "a@chapeau.example", "A", password=password)


@pytest.mark.parametrize("email", ["", "no-at", "a@b@c", "a b@c.example", "x" * 300 + "@c.example"])
def test_what_is_no_address_is_refused(world: World, email: str) -> None:
    with world.context(), pytest.raises(Invalid):
        services.add_user(SECRETARIAT, email, "A", password=PASSWORD)


def test_the_command_line_makes_accounts_and_tokens(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    arguments = ["user", "add", "new@chapeau.example", "--name", "N. Ew", "--delegation", "KEN", "--role", "negotiator"]
    made = run(args=[*arguments, "--password", PASSWORD])
    assert made.exit_code == 0, made.output
    assert run(args=[*arguments, "--password", PASSWORD]).exit_code == 1
    token = run(args=["token", "issue", "new@chapeau.example"])
    assert token.exit_code == 0
    lines = token.output.strip().splitlines()
    assert len(lines) == 1
    said = Browser(app).api("GET", "/me", headers={"Authorization": f"Bearer {lines[0]}"}).json
    assert (said["delegation"], said["role"]) == ("KEN", "negotiator")
    assert run(args=["token", "issue", "nobody@chapeau.example"]).exit_code == 1


def test_a_head_changes_roles_of_the_own_delegation_only(world: World) -> None:
    head, other = account(world), account(world, "bra@chapeau.example", "BRA")
    with world.context():
        with pytest.raises(NotFound):
            services.set_delegation_role(world.actor(head), other.id, "viewer")
        services.set_delegation_role(SECRETARIAT, other.id, "viewer")
        assert db.session.get_one(User, other.id).delegation_role == DelegationRole.VIEWER


def test_a_head_entrusts_a_negotiator_and_the_delegation_alone_reads_it(app: Flask, world: World) -> None:
    head = world.user(party="KEN", role=DelegationRole.HEAD)
    negotiator = world.user(party="KEN")
    assert Browser(app, head).post(f"/people/{negotiator.id}/trust", {"entrusted": "1"}).status_code == 302
    assert world.actor(negotiator).entrusted is True
    with world.context():
        [event] = events_after(f"delegation:{negotiator.party_id}", 0)
        assert (event.type, event.as_dict()["data"]["user"]) == ("user.entrusted", str(negotiator.id))
    assert "votes and breaks silence" in Browser(app, negotiator).get("/people").text
    with world.context():
        services.set_delegation_role(world.actor(head), negotiator.id, "expert")
    assert world.actor(negotiator).entrusted is False


def test_nobody_else_entrusts_anybody(world: World) -> None:
    head, negotiator = world.user(party="KEN", role=DelegationRole.HEAD), world.user(party="KEN")
    others = [world.user(party="BRA", role=DelegationRole.HEAD), world.user(platform_role=PlatformRole.SECRETARIAT)]
    with world.context():
        for other in others:
            with pytest.raises(NotFound):
                services.entrust(world.actor(other), negotiator.id, True)
        with pytest.raises(Forbidden):
            services.entrust(world.actor(negotiator), negotiator.id, True)
        with pytest.raises(Invalid):
            services.entrust(world.actor(head), head.id, True)
