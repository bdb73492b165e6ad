"""The codes that open a display, and the addresses that they lead to."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from itsdangerous import BadSignature, URLSafeSerializer

ALPHABET = "ABCDEFGHJKMNPQRTUVWXY"
"""Letters that nobody takes for another one or for a figure on a card across the room: no I, L, O, S, Z."""
LENGTH = 8
SALT = "display"


def new_code() -> str:
    """Eight letters: with the limit on tries, far too many to guess while a session lasts."""
    return "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))


def read_code(typed: str) -> str:
    """The letters of what was typed, whatever the case, the spaces and the dashes."""
    return "".join(letter for letter in typed.upper() if letter.isalpha())[: LENGTH + 1]


def code_hash(secret: str, code: str) -> str:
    """Keyed: who reads the database alone cannot try all codes."""
    return hmac.new(secret.encode(), f"{SALT}:{code}".encode(), hashlib.sha256).hexdigest()


def token_of(secret: str, display_id: int, code_hash: str) -> str:
    """What stands in the address of a display and in its socket's handshake. Nothing of it is kept."""
    return str(URLSafeSerializer(secret, salt=SALT).dumps([display_id, code_hash[:16]]))


def read_token(secret: str, token: str) -> tuple[int, str] | None:
    """The display's id and the beginning of its code's hash, or None when this is no token of ours."""
    try:
        said = URLSafeSerializer(secret, salt=SALT).loads(token)
    except BadSignature:
        return None
    return (said[0], said[1]) if isinstance(said, list) and len(said) == 2 else None
