"""Parties, groups of States, users, sign-in, tokens."""

from __future__ import annotations

from flask import Flask

from app.extensions import login_manager


def init_app(app: Flask) -> None:
    from app.accounts import (
        identity,  # noqa: F401  (registers the loaders)
        routes,
    )
    from app.accounts.cli import token_commands, user_commands

    login_manager.init_app(app)
    login_manager.session_protection = None  # missions and phones change addresses in the middle of a session
    login_manager.login_view = "accounts.sign_in"
    app.register_blueprint(routes.blueprint)
    app.cli.add_command(user_commands)
    app.cli.add_command(token_commands)
