"""Errors as answers: problem documents (RFC 9457) for programs, a page that says what to do for people."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, Response, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as WerkzeugResponse

from app.errors import STATUS, Code, DomainError, Invalid
from app.extensions import db

log = logging.getLogger(__name__)

CODE_OF_STATUS = {
    400: Code.INVALID,
    401: Code.UNAUTHENTICATED,
    403: Code.FORBIDDEN,
    404: Code.NOT_FOUND,
    405: Code.INVALID,
    409: Code.CONFLICT,
    410: Code.NOT_FOUND,
    412: Code.CONFLICT,
    413: Code.TOO_LARGE,
    415: Code.INVALID,
    422: Code.INVALID,
    429: Code.RATE_LIMITED,
    503: Code.UNAVAILABLE,
}


def init_app(app: Flask) -> None:
    app.register_error_handler(DomainError, on_domain_error)
    app.register_error_handler(HTTPException, on_http_error)
    app.register_error_handler(UnicodeEncodeError, on_unwritable)
    app.register_error_handler(RecursionError, on_unwritable)
    app.register_error_handler(Exception, on_crash)


def on_domain_error(error: DomainError) -> Any:
    """Every edge answers a domain error alike. A page sends the signed-out to sign in, and back."""
    if wants_problem():
        return problem(error.code, error.message, error.status, field=error.field, **error.extra)
    if error.code is Code.UNAUTHENTICATED and request.method == "GET":
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
    return page(error.status, error.message)


def on_http_error(error: HTTPException) -> Any:
    if error.response is not None:  # a redirect or an answer that is complete
        return error.response
    status = error.code or 500
    more: dict[str, Any] = {}
    if status == 429:
        more = {"retry_after": _retry_after(error)}
    if wants_problem():
        code = CODE_OF_STATUS.get(status, Code.UNAVAILABLE if status >= 500 else Code.INVALID)
        blamed, why = _blamed(error)
        response = problem(code, why or error.description or error.name, status, field=blamed, **more)
        response.headers.extend(
            [(name, value) for name, value in error.get_headers() if name.lower() in ("allow", "retry-after")]
        )
        return response
    return page(status, _message(status))


def on_unwritable(error: Exception) -> Any:
    """Words that no database keeps, or a message nested without end, that came by another way than JSON."""
    db.session.rollback()
    return on_domain_error(
        Invalid(_("This holds what cannot be kept. Take out unusual characters, and send it again."))
    )


def on_crash(error: Exception) -> Any:
    log.exception("request failed: %s %s", request.method, request.path)
    db.session.rollback()
    if wants_problem():
        return problem(Code.UNAVAILABLE, "Something broke on our side. Nothing was saved; try again.", 500)
    return page(500, _message(500))


def wants_problem() -> bool:
    return (
        request.path.startswith("/api/")
        or request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
        == "application/json"
    )


def problem(code: Code, message: str, status: int | None = None, **members: Any) -> Response:
    """A problem document with the member `code` of the contract."""
    status = status or STATUS[code]
    body = {"type": "about:blank", "title": str(code).replace("_", " "), "status": status, "code": str(code)}
    body["detail"] = str(message)
    body |= {name: value for name, value in members.items() if value is not None}
    response = jsonify(body)
    response.status_code = status
    response.content_type = "application/problem+json"
    if members.get("retry_after"):
        response.headers["Retry-After"] = str(members["retry_after"])
    return response


def page(status: int, message: str) -> tuple[str, int] | WerkzeugResponse:
    return render_template("error.html", status=status, message=message, typed=_typed(status)), status


TYPED = frozenset(
    {"body", "consequence", "letter", "mandate", "message", "note", "rationale", "reason"}
    | {"said", "short_reason", "source", "text", "why", "wording", "words"}
)
"""The names of the fields of forms into which people write, up to a hyphen: `reason-3` is one of `reason`."""


def _typed(status: int) -> list[str]:
    """What was written into the form that came to nothing: the page gives it back, so that no word is lost."""
    if request.method != "POST" or status == 413:
        return []
    try:
        fields = [(name, text) for name, text in request.form.items(multi=True) if name.partition("-")[0] in TYPED]
    except HTTPException:  # it is the form that could not be read
        return []
    return [text for _name, text in fields if text.strip()]


def _blamed(error: HTTPException) -> tuple[str | None, str | None]:
    """The member that a schema of the API refused, and why: the first one, as a DomainError would name it."""
    messages = getattr(error, "data", {}).get("messages", {})
    for members in messages.values():  # by where they stood: in the body, in the query
        name, why = next(iter(members.items())) if isinstance(members, dict) and members else ("_schema", members)
        while isinstance(why, dict) and why:  # a member of a member, or the place in a list
            why = next(iter(why.values()))
        said = str(why[0]) if isinstance(why, list) and why else None
        return (None if name == "_schema" else name), said
    return None, None


def _retry_after(error: HTTPException) -> int:
    from flask_limiter import RequestLimit  # noqa: F401  (names what `limiter.current_limit` holds)

    from app.extensions import limiter

    limit = limiter.current_limit
    import time

    return max(1, int(limit.reset_at - time.time())) if limit else 60


def _message(status: int) -> str:
    return {
        400: _("The request could not be understood. Go back, reload the page and try again."),
        403: _("Your role does not allow this."),
        404: _("There is nothing here, or it is not open to you."),
        405: _("This page does not take that kind of request."),
        413: _("That is too large. Send a smaller text."),
        429: _("That was too often. Wait a minute and try again."),
        503: _("The service is being set up or is overloaded. Try again in a moment."),
    }.get(status, _("Something broke on our side. Nothing was saved; go back and try again."))
