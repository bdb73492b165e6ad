"""The blueprint, and what its pages share."""

from __future__ import annotations

import uuid

from flask import Blueprint
from flask_babel import gettext as _

from app.accounts.queries import current_actor
from app.errors import Unauthenticated
from app.policy import Actor

blueprint = Blueprint("groups", "app.groups", template_folder="templates")


def me() -> Actor:
    """Who writes. The public is asked to sign in."""
    actor = current_actor()
    if not actor.signed_in:
        raise Unauthenticated(_("Sign in to do this."))
    return actor


def new_id() -> str:
    """The id of a write that a form carries."""
    return str(uuid.uuid4())
