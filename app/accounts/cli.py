"""`flask user add`, `flask token issue`."""

from __future__ import annotations

import sys
from typing import NoReturn

import click
from flask.cli import AppGroup

from app.accounts.queries import user_by_email
from app.accounts.seeding import ensure_parties
from app.accounts.services import add_user, issue_token
from app.errors import DomainError
from app.policy import Actor, PlatformRole

user_commands = AppGroup("user", help="Accounts.")
token_commands = AppGroup("token", help="API tokens.")

OPERATOR = Actor(name="command line", platform_role=PlatformRole.SECRETARIAT)


@user_commands.command("add")
@click.argument("email")
@click.option("--name", required=True, help="As the person is shown.")
@click.option("--delegation", "code", help="Code of the delegation, for example KEN.")
@click.option(
    "--role",
    required=True,
    help="head, negotiator, expert or viewer of the delegation; secretariat or operator without one.",
)
@click.option("--password", help="Asked for when it is left out.")
def add(email: str, name: str, code: str | None, role: str, password: str | None) -> None:
    """Make an account."""
    if password is None:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    platform = role if role in ("secretariat", "operator") else None
    if platform is None and not code:
        _fail("A delegation's role needs --delegation CODE.")
    ensure_parties()
    try:
        user = add_user(
            OPERATOR,
            email,
            name,
            party_code=code,
            delegation_role=None if platform else role,
            platform_role=platform,
            password=password,
        )
    except DomainError as error:
        _fail(error.message)
    click.echo(f"{user.email} can sign in.")


@token_commands.command("issue")
@click.argument("email")
@click.option("--label", default="command line")
def issue(email: str, label: str) -> None:
    """Print a new API token, alone on its line."""
    user = user_by_email(email)
    if user is None:
        _fail(f"There is no account with the e-mail {email}.")
    click.echo(issue_token(OPERATOR, user, label))


def _fail(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(1)
