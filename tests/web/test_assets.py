"""A page names all modules that it will import, so that a browser need not find them one behind the other."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import pytest

from app.web.assets import STATIC, imported
from tests.support.builders import World
from tests.support.clients import Browser

MODULES = sorted(str(file.relative_to(STATIC)) for file in (STATIC / "js").rglob("*.js"))
QUOTED = re.compile(r'"(\.\.?/[^"]+\.js)"')


@pytest.mark.parametrize("module", MODULES)
def test_what_a_module_imports_is_there_and_is_named(module: str) -> None:
    known = {module, *imported(module)}
    for path in known:
        if path.startswith("vendor/"):
            continue
        for name in QUOTED.findall((STATIC / path).read_text(encoding="utf-8")):
            assert (STATIC / path).parent.joinpath(name).resolve().relative_to(STATIC).as_posix() in known
    assert all((STATIC / path).is_file() and ".." not in PurePosixPath(path).parts for path in known)


def test_each_comes_once_and_the_nearest_first() -> None:
    found = imported("js/room/main.js", "js/room/floor.js")
    assert len(found) == len(set(found))
    assert not {"js/room/main.js", "js/room/floor.js"} & set(found)
    assert (
        found.index("js/room/line.js")
        < found.index("js/room/socket.js")
        < found.index("vendor/socket.io/4.8.4/socket.io.esm.min.js")
    )


def test_the_room_fetches_all_at_once(world: World, browser: Browser) -> None:
    group = world.group("g", openness="public")
    session = world.session(group, state="open", version=world.version(group, "Decides to meet;"))
    page = browser.get(f"/sessions/{session.id}").text
    begin = page.index("</head>")
    ahead = set(re.findall(r'<link rel="modulepreload" href="/static/[0-9a-f]+/([^"]+)">', page[:begin]))
    modules = set(re.findall(r'<script type="module" src="/static/[0-9a-f]+/([^"]+)">', page))
    assert "js/room/main.js" in modules
    assert ahead == {path for module in modules for path in imported(module)} - modules
