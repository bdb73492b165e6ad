"""The commands on accounts: sign in and out, invite, accept, tokens, passwords.

What happens to accounts is recorded in the channel `accounts`, which only the secretariat reads; no secret and no
password is ever part of an event.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.models import ApiToken, Invitation, Party, User, new_session_stamp
from app.accounts.passwords import MAXIMUM_LENGTH, MINIMUM_LENGTH, hash_password, needs_rehash, verify_password
from app.accounts.queries import party_by_code, user_by_email
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.extensions import db
from app.policy import Actor, DelegationRole, PlatformRole, Role, envelope_actor
from app.record import Transaction, transaction

CHANNEL = "accounts"
INVITATION_DAYS = 14
TOKEN_PREFIX = "chp_"


def sign_in(email: str, password: str) -> User:
    """The user with this e-mail and password. Raises Invalid, in the same words and time for every reason."""
    user = user_by_email(email)
    good = verify_password(user.password_hash if user else None, password[:MAXIMUM_LENGTH])
    if not good or user is None or not user.active:
        raise Invalid(_("That e-mail and password do not match an account."), field="email")
    if user.password_hash and needs_rehash(user.password_hash):
        with transaction():
            user.password_hash = hash_password(password)
    return user


def sign_out_everywhere(actor: Actor) -> None:
    """End every browser session of the actor. Tokens stay: they are ended one by one."""
    with transaction() as tx:
        user = _own_user(actor)
        user.session_stamp = new_session_stamp()
        _append(tx, actor, "user.signed_out_everywhere", {"user": str(user.id)})
        tx.rights_changed(f"user:{user.id}")


def change_password(actor: Actor, current: str, new: str) -> User:
    """Change the actor's password; every browser session ends. Returns the user, to sign this one in again."""
    with transaction() as tx:
        user = _own_user(actor)
        if not verify_password(user.password_hash, current):
            raise Invalid(_("This is not your current password."), field="current")
        _check_password(new)
        user.password_hash = hash_password(new)
        user.session_stamp = new_session_stamp()
        _append(tx, actor, "user.password_changed", {"user": str(user.id)})
        tx.rights_changed(f"user:{user.id}")
        return user


def add_user(
    actor: Actor,
    email: str,
    name: str,
    *,
    party_code: str | None = None,
    delegation_role: str | None = None,
    platform_role: str | None = None,
    password: str | None = None,
    demo: bool = False,
) -> User:
    """Make an account. For the command line and the secretariat; people come by invitation."""
    with transaction() as tx:
        email = _checked_email(email)
        if user_by_email(email):
            raise Conflict(_("There is an account with this e-mail already."), field="email")
        party = _party(party_code)
        if password is not None and not demo:
            _check_password(password)
        user = User(
            email=email,
            name=_checked_name(name),
            party=party,
            delegation_role=_delegation_role(delegation_role, party),
            platform_role=PlatformRole(platform_role) if platform_role else None,
            password_hash=hash_password(password) if password else None,
            created_at=tx.now,
            demo=demo,
        )
        db.session.add(user)
        db.session.flush()
        _append(
            tx,
            actor,
            "user.added",
            {"user": str(user.id), "delegation": party.code if party else None, "role": user.delegation_role},
        )
        return user


def set_active(actor: Actor, user_id: int, active: bool) -> User:
    """Open or shut an account. The secretariat may for everyone, a head of delegation for their own delegation."""
    with transaction() as tx:
        user = db.session.get(User, user_id)
        if user is None or not may_manage_people(actor, user.party_id):
            raise NotFound(_("This account was not found."))
        if user.id == actor.user_id:
            raise Forbidden(_("Somebody else has to close your own account."))
        user.active = active
        if not active:
            user.session_stamp = new_session_stamp()
        _append(tx, actor, "user.opened" if active else "user.shut", {"user": str(user.id)})
        tx.rights_changed(f"user:{user.id}")
        return user


def set_delegation_role(actor: Actor, user_id: int, role: str) -> User:
    """Change what a person is in their delegation. By its head or the secretariat."""
    with transaction() as tx:
        user = db.session.get(User, user_id)
        if user is None or user.party is None or not may_manage_people(actor, user.party_id):
            raise NotFound(_("This account was not found."))
        user.delegation_role = _delegation_role(role, user.party)
        user.entrusted = user.entrusted and user.delegation_role == DelegationRole.NEGOTIATOR
        _append(tx, actor, "user.role_changed", {"user": str(user.id), "role": user.delegation_role})
        tx.rights_changed(f"user:{user.id}")
        return user


def entrust(actor: Actor, user_id: int, entrusted: bool) -> User:
    """Let a negotiator of one's delegation vote and break silence, or end that. By its head alone.

    It is the delegation's own affair: recorded where only the delegation reads.
    """
    with transaction() as tx:
        user = db.session.get(User, user_id)
        if user is None or user.party_id is None or user.party_id != actor.party_id:
            raise NotFound(_("This account was not found."))
        if actor.delegation_role is not DelegationRole.HEAD:
            raise Forbidden(_("The head of delegation entrusts its negotiators."))
        if user.delegation_role != DelegationRole.NEGOTIATOR:
            raise Invalid(_("Only a negotiator is entrusted with votes and with breaking silence."), field="user")
        user.entrusted = entrusted
        type_ = "user.entrusted" if entrusted else "user.trust_ended"
        head = envelope_actor(actor, Role.HEAD)
        tx.append(f"delegation:{user.party_id}", type_, head, {"user": str(user.id), "name": user.name})
        tx.rights_changed(f"user:{user.id}")
        return user


def set_preferences(actor: Actor, *, locale: str | None, timezone: str | None) -> None:
    """Keep the actor's language and time zone. A preference is no act: it is not recorded."""
    with transaction():
        user = _own_user(actor)
        user.locale, user.timezone = locale, timezone


@dataclass(frozen=True, slots=True)
class NewInvitation:
    invitation: Invitation
    secret: str
    """The word in the link. It is shown this once."""


def invite(actor: Actor, email: str, party_code: str | None, delegation_role: str | None) -> NewInvitation:
    """Invite a person by a link: a head into their own delegation, the secretariat into any or as an officer-to-be."""
    with transaction() as tx:
        email = _checked_email(email)
        party = _party(party_code)
        if not may_manage_people(actor, party.id if party else None):
            raise Forbidden(_("You can invite people into your own delegation only."))
        if user_by_email(email):
            raise Conflict(_("There is an account with this e-mail already."), field="email")
        secret = secrets.token_urlsafe(24)
        invitation = Invitation(
            hash=_hash(secret),
            email=email,
            party=party,
            delegation_role=_delegation_role(delegation_role, party),
            invited_by_id=actor.user_id,
            created_at=tx.now,
            expires_at=tx.now + timedelta(days=INVITATION_DAYS),
        )
        db.session.add(invitation)
        db.session.flush()
        _append(tx, actor, "user.invited", {"invitation": str(invitation.id), "delegation": party_code})
        return NewInvitation(invitation, secret)


def revoke_invitation(actor: Actor, invitation_id: int) -> None:
    with transaction() as tx:
        invitation = db.session.get(Invitation, invitation_id)
        if invitation is None or not may_manage_people(actor, invitation.party_id):
            raise NotFound(_("This invitation was not found."))
        invitation.revoked_at = tx.now
        _append(tx, actor, "user.invitation_revoked", {"invitation": str(invitation.id)})


def find_invitation(secret: str) -> Invitation:
    """The invitation of a link. Raises NotFound when it was used, revoked, or is too old."""
    invitation = db.session.scalar(select(Invitation).where(Invitation.hash == _hash(secret)))
    if invitation is None or invitation.used_at or invitation.revoked_at or invitation.expires_at < datetime.now(UTC):
        raise NotFound(_("This invitation is not valid any more. Ask the person who sent it for a new one."))
    return invitation


def accept_invitation(secret: str, name: str, password: str) -> User:
    """Make the account that an invitation promised. The link works once."""
    with transaction() as tx:
        invitation = find_invitation(secret)
        if user_by_email(invitation.email):
            raise Conflict(_("There is an account with this e-mail already."), field="email")
        _check_password(password)
        user = User(
            email=invitation.email,
            name=_checked_name(name),
            party=invitation.party,
            delegation_role=invitation.delegation_role,
            password_hash=hash_password(password),
            created_at=tx.now,
        )
        db.session.add(user)
        invitation.used_at = tx.now
        db.session.flush()
        actor = {"user": str(user.id), "name": user.name, "delegation": _code(invitation.party), "on_behalf_of": None}
        tx.append(CHANNEL, "user.joined", actor | {"role": "delegate"}, {"invitation": str(invitation.id)})
        return user


def issue_token(actor: Actor, user: User, label: str) -> str:
    """Make an API token for `user` and return it. It is shown this once: only its hash is kept."""
    with transaction() as tx:
        secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
        token = ApiToken(user_id=user.id, hash=_hash(secret), label=label.strip()[:80] or "token", created_at=tx.now)
        db.session.add(token)
        db.session.flush()
        _append(tx, actor, "token.issued", {"token": str(token.id), "user": str(user.id)})
        return secret


def revoke_token(actor: Actor, token_id: int) -> None:
    with transaction() as tx:
        token = db.session.get(ApiToken, token_id)
        if token is None or token.user_id != actor.user_id:
            raise NotFound(_("This token was not found."))
        token.revoked_at = tx.now
        _append(tx, actor, "token.revoked", {"token": str(token.id)})
        tx.rights_changed(f"user:{token.user_id}")


def user_of_token(secret: str) -> User | None:
    """The active user whose token this is."""
    token = db.session.scalar(select(ApiToken).where(ApiToken.hash == _hash(secret), ApiToken.revoked_at.is_(None)))
    return token.user if token is not None and token.user.active else None


def may_manage_people(actor: Actor, party_id: int | None) -> bool:
    """The secretariat keeps all accounts; a head of delegation those of the delegation."""
    if actor.platform_role is PlatformRole.SECRETARIAT:
        return True
    return party_id is not None and actor.party_id == party_id and actor.delegation_role is DelegationRole.HEAD


def _append(tx: Transaction, actor: Actor, type_: str, data: dict[str, Any]) -> None:
    role = Role.SECRETARIAT if actor.platform_role is PlatformRole.SECRETARIAT else Role.PUBLIC
    tx.append(CHANNEL, type_, envelope_actor(actor, role), data)


def _own_user(actor: Actor) -> User:
    user = db.session.get(User, actor.user_id) if actor.user_id else None
    if user is None:
        raise NotFound(_("This account was not found."))
    return user


def _party(code: str | None) -> Party | None:
    if not code:
        return None
    party = party_by_code(code)
    if party is None:
        raise Invalid(_("There is no delegation with the code %(code)s.", code=code), field="delegation")
    return party


def _delegation_role(role: str | None, party: Party | None) -> DelegationRole | None:
    if party is None:
        return None
    try:
        return DelegationRole(role or "viewer")
    except ValueError:
        raise Invalid(_("The role must be head, negotiator, expert or viewer."), field="role") from None


def _checked_email(email: str) -> str:
    try:
        # Special-use domains such as .example are what the demo world and tests live on.
        checked = validate_email(email.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        # What the validator says is English; what it means is always this.
        raise Invalid(_("This is no e-mail address."), field="email") from error
    return checked.normalized.lower()


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= 120 or any(not character.isprintable() for character in name):
        raise Invalid(_("Write the name in 1 to 120 characters."), field="name")
    return name


def _check_password(password: str) -> None:
    if not MINIMUM_LENGTH <= len(password) <= MAXIMUM_LENGTH:
        raise Invalid(_("The password needs at least %(number)s characters.", number=MINIMUM_LENGTH), field="password")


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _code(party: Party | None) -> str | None:
    return party.code if party else None
