"""Static files under addresses that name their content, so that browsers may keep them for ever."""

from __future__ import annotations

import gzip
import hashlib
import posixpath
import re
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, request, send_from_directory, url_for
from markupsafe import Markup

from app.web.compression import is_text, wanted

STATIC = Path(__file__).resolve().parent / "static"
YEAR = 365 * 24 * 3600

IMPORT = re.compile(r"""^(?:import|export|\}) [^'"]*?(?:from )?["'](\.{1,2}/[^"']+)["']""", re.MULTILINE)

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


def scripts(*paths: str) -> Markup:
    """The tags of a page's modules, and what lets a browser fetch all that they import in one journey."""
    ahead = [Markup('<link rel="modulepreload" href="{}">').format(asset(path)) for path in imported(*paths)]
    tags = [Markup('<script type="module" src="{}"></script>').format(asset(path)) for path in paths]
    return Markup("\n").join(ahead + tags)


@lru_cache(maxsize=128)
def imported(*paths: str) -> tuple[str, ...]:
    """The modules that these modules import, and those that they import in turn, each once, the nearest first.

    Paths are below static/. On a slow line each step of imports would be one journey more.
    """
    found = dict.fromkeys(paths)
    for path in (waiting := list(paths)):
        for name in IMPORT.findall((STATIC / path).read_text(encoding="utf-8")):
            neighbour = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
            if neighbour not in found:
                found[neighbour] = None
                waiting.append(neighbour)
    return tuple(path for path in found if path not in paths)


@blueprint.get("/static/<tree>/<path:path>")
def file(tree: str, path: str) -> Response:
    """Serve a file. An address of an older state gets today's file, and is not kept."""
    if any(part.startswith(".") for part in Path(path).parts):
        abort(404)
    response = send_from_directory(STATIC, path, max_age=YEAR if tree == tree_checksum() else 0)
    if is_text(response.mimetype) and response.status_code == 200:
        _compress(response, STATIC / path)
    if tree == tree_checksum():
        response.cache_control.immutable = True
        response.cache_control.public = True
    return response


def _compress(response: Response, file: Path) -> None:
    response.vary.add("Accept-Encoding")
    if not wanted():
        return
    state = file.stat()
    response.close()  # the file as it is, which goes nowhere
    response.direct_passthrough = False
    response.set_data(_gzipped(file, state.st_mtime_ns, state.st_size))
    response.headers["Content-Encoding"] = "gzip"
    response.set_etag(f"{response.get_etag()[0]}-gzip")  # other bytes, another validator
    response.make_conditional(request)


@lru_cache(maxsize=256)
def _gzipped(file: Path, _changed: int, _size: int) -> bytes:
    """Compressed once for a state of the file, and so as well as can be."""
    return gzip.compress(file.read_bytes(), 9, mtime=0)


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(asset=asset, scripts=scripts)
