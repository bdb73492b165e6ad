"""The errors of the domain, with the codes of the contract. Raised by services, answered by every edge alike."""

from __future__ import annotations

from enum import StrEnum
from typing import Any


class Code(StrEnum):
    """The error codes that programs rely on."""

    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    INVALID = "invalid"
    CONFLICT = "conflict"
    CLOSED = "closed"
    TOO_LARGE = "too_large"
    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"


STATUS: dict[Code, int] = {
    Code.UNAUTHENTICATED: 401,
    Code.FORBIDDEN: 403,
    Code.NOT_FOUND: 404,
    Code.INVALID: 422,
    Code.CONFLICT: 409,
    Code.CLOSED: 409,
    Code.TOO_LARGE: 413,
    Code.RATE_LIMITED: 429,
    Code.UNAVAILABLE: 503,
}


class DomainError(Exception):
    """Something a person may not or cannot do, said so that they know what to do next.

    `code` decides the HTTP status; `extra` travels as further members of the problem document and of the
    socket's error (for example both texts of a stale edit).
    """

    code: Code = Code.INVALID

    def __init__(self, message: str, *, field: str | None = None, status: int | None = None, **extra: Any) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.status = status or STATUS[self.code]
        self.extra = extra

    def as_dict(self) -> dict[str, Any]:
        """The error as the socket's ack carries it: code, message, and field where one is to blame."""
        body: dict[str, Any] = {"code": str(self.code), "message": str(self.message)}
        if self.field:
            body["field"] = self.field
        return body | self.extra


class Unauthenticated(DomainError):
    code = Code.UNAUTHENTICATED


class Forbidden(DomainError):
    code = Code.FORBIDDEN


class NotFound(DomainError):
    """Also what must not be known to exist."""

    code = Code.NOT_FOUND


class Invalid(DomainError):
    code = Code.INVALID


class Conflict(DomainError):
    """Two writers met. A stale edit (`status=412`) carries `yours` and `theirs`, so that nothing is lost."""

    code = Code.CONFLICT


class Closed(DomainError):
    code = Code.CLOSED


class TooLarge(DomainError):
    code = Code.TOO_LARGE


class RateLimited(DomainError):
    """Carries `retry_after`, in seconds."""

    code = Code.RATE_LIMITED


class Unavailable(DomainError):
    code = Code.UNAVAILABLE
