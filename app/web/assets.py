"""Static files under addresses that name their content, so that browsers may keep them for ever."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, send_from_directory, url_for

STATIC = Path(__file__).resolve().parent / "static"
YEAR = 365 * 24 * 3600

blueprint = Blueprint("static_files", __name__)


def asset(path: str) -> str:
    """The address of a file below static/, with the checksum of all static files in it.

    One checksum for the whole tree, not one a file: a module imports its neighbour by a relative address, and both
    must come from the same state.
    """
    return url_for("static_files.file", tree=tree_checksum(), path=path)


@lru_cache(maxsize=1)
def tree_checksum() -> str:
    whole = hashlib.sha256()
    for file in sorted(STATIC.rglob("*")):
        if file.is_file():
            whole.update(str(file.relative_to(STATIC)).encode())
            whole.update(hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()[:12]


@blueprint.get("/static/<tree>/<path:path>")
def file(tree: str, path: str) -> Response:
    """Serve a file. An address of an older state gets today's file, and is not kept."""
    if any(part.startswith(".") for part in Path(path).parts):
        abort(404)
    response = send_from_directory(STATIC, path, max_age=YEAR if tree == tree_checksum() else 0)
    if tree == tree_checksum():
        response.cache_control.immutable = True
        response.cache_control.public = True
    return response


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.jinja_env.globals["asset"] = asset
