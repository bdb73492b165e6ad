"""How a request says who makes it: the browser's cookie, or a bearer token."""

from __future__ import annotations

from flask import Request
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.services import user_of_token
from app.extensions import db, login_manager


def bearer_token(request: Request) -> str | None:
    """The token of `Authorization: Bearer TOKEN`, or None."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


@login_manager.user_loader
def load_by_stamp(stamp: str) -> User | None:
    """The cookie names the user's session stamp, not the user: a new stamp ends every browser session at once."""
    return db.session.scalar(select(User).where(User.session_stamp == stamp, User.active))


@login_manager.request_loader
def load_by_token(request: Request) -> User | None:
    token = bearer_token(request)
    return user_of_token(token) if token else None
