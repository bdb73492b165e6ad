"""Light, dark, or as the device: a cookie, so that the server draws the page right from the first byte."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from app.web.addresses import own_address

THEMES = ("light", "dark")
COOKIE = "theme"
YEAR = 365 * 24 * 3600

blueprint = Blueprint("web_theme", __name__)


def current_theme() -> str:
    chosen = request.cookies.get(COOKIE, "")
    return chosen if chosen in THEMES else ""


@blueprint.post("/theme")
def switch() -> Response:
    response = redirect(own_address(request.form.get("next", "")) or "/")
    chosen = request.form.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(COOKIE, chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure, httponly=True)
    else:
        response.delete_cookie(COOKIE)
    return response
