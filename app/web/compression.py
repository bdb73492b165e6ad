"""Answers compressed on their way out, where the client takes it: a long text is a tenth of its size on a phone's line.

Gzip and no more: the standard library has it and every client takes it. Compressed pages could betray a secret that
stands in them to one who chooses another part of the page and watches its length (BREACH, breachattack.com). Session
cookies are SameSite=Lax, so that no foreign page can ask often; and a few random bytes in the header of the archive
blur the length, as Django does since 4.2 ("Heal the BREACH", IEEE Transactions 2022).
"""

from __future__ import annotations

import secrets
import zlib

from flask import Flask, Response, request

from app.aside import aside

LEAST = 1_000
"""Bytes below which an answer fits one packet anyway."""
LEVEL = 5
"""Of zlib: the highest whose last percent is still worth its time."""
LONG = 512 * 1024
"""Bytes from which compressing takes longer than a live room should wait for it."""
BLUR = 64
TEXTS = frozenset(
    {
        "application/atom+xml",
        "application/javascript",
        "application/json",
        "application/manifest+json",
        "application/problem+json",
        "application/xml",
        "image/svg+xml",
    }
)


def init_app(app: Flask) -> None:
    app.after_request(compress)


def is_text(mimetype: str | None) -> bool:
    return mimetype is not None and (mimetype.startswith("text/") or mimetype in TEXTS)


def wanted() -> bool:
    """Does the client of this request take gzip?"""
    return request.accept_encodings["gzip"] > 0


def compress(response: Response) -> Response:
    """Compress a whole text. What is streamed or has a validator of its exact bytes (If-Match) goes as it is."""
    if response.is_streamed or response.direct_passthrough or not is_text(response.mimetype):
        return response
    etag, weak = response.get_etag()
    if "Content-Encoding" in response.headers or (etag is not None and not weak):
        return response
    body = response.get_data()
    if len(body) < LEAST:
        return response
    response.vary.add("Accept-Encoding")
    if wanted():
        response.set_data(aside(blurred, body) if len(body) > LONG else blurred(body))
        response.headers["Content-Encoding"] = "gzip"
    return response


def blurred(body: bytes) -> bytes:
    """A gzip archive (RFC 1952) whose length is blurred by a name of random length, which readers skip."""
    name = secrets.token_hex(BLUR)[: 1 + secrets.randbelow(BLUR)].encode()
    deflate = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    head = b"\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\xff" + name + b"\x00"
    tail = zlib.crc32(body).to_bytes(4, "little") + (len(body) & 0xFFFFFFFF).to_bytes(4, "little")
    return head + deflate.compress(body) + deflate.flush() + tail
