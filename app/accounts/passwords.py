"""Password hashes: argon2id, with the parameters raised at the next sign-in when ours rise."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

from app.aside import aside

MINIMUM_LENGTH = 10
MAXIMUM_LENGTH = 256

_hasher = PasswordHasher()
_quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""For tests only: the same algorithm at a price that a thousand tests can pay."""


def hash_password(password: str) -> str:
    return aside(_ours().hash, password)


def verify_password(hash_: str | None, password: str) -> bool:
    """True when the password is right. Takes as long for an account that does not exist."""
    try:
        return aside(_ours().verify, hash_ or _decoy(), password) and hash_ is not None
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(hash_: str) -> bool:
    return _ours().check_needs_rehash(hash_)


def _ours() -> PasswordHasher:
    return _quick if current_app.testing else _hasher


_decoys: dict[bool, str] = {}


def _decoy() -> str:
    """A hash of nobody's password, so that an unknown e-mail costs the same time as a known one."""
    testing = bool(current_app.testing)
    if testing not in _decoys:
        _decoys[testing] = _ours().hash("nobody's password")
    return _decoys[testing]
