"""The headers of every answer, and the CSRF check of every write that a cookie could carry."""

from __future__ import annotations

from flask import Flask, Response, current_app, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError, validate_csrf

from app.accounts.identity import bearer_token
from app.errors import Forbidden

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""Nothing inline, nothing from elsewhere."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def init_app(app: Flask) -> None:
    app.before_request(check_csrf)
    app.after_request(add_headers)


def check_csrf() -> None:
    """A write needs the CSRF token in the form or in `X-CSRFToken`, unless it is authorised by a bearer token.

    A bearer token is no ambient authority: no foreign page can make a browser send it.
    """
    if request.method in SAFE_METHODS or not current_app.config.get("WTF_CSRF_ENABLED", True):
        return
    if request.path.startswith("/socket.io/") or bearer_token(request):
        return
    if request.path.startswith("/api/") and not request.cookies.get(current_app.config["SESSION_COOKIE_NAME"]):
        return  # nobody is signed in: the policy answers 401 or 404
    token = request.headers.get("X-CSRFToken") or request.form.get("csrf_token")
    try:
        validate_csrf(token)
    except (CSRFError, ValueError):  # wtforms' ValidationError is a ValueError
        raise Forbidden(
            _(
                "This page is too old to send from, or the form did not come from this site. "
                "Reload the page and send again."
            )
        ) from None


def add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config["SETTINGS"].production and request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if "Cache-Control" not in response.headers and not request.path.startswith("/static/"):
        # What a page shows depends on who reads it: no shared cache may keep it.
        response.headers["Cache-Control"] = "private, no-cache"
        response.vary.add("Cookie")
    return response
