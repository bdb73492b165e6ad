"""What the tests stand on: services of their own, and parts that could not run are never passed over in silence."""

from __future__ import annotations

import psycopg
import pytest
import redis

from tests.support import parts, rundir
from tests.support.services import postgres, valkey


def rows(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        cursor = connection.execute(statement)  # type: ignore[arg-type]
        return cursor.fetchall() if cursor.description else []


def test_a_database_can_be_copied_and_dropped() -> None:
    first = postgres().create_database("support_first")
    rows(first, "CREATE TABLE word (text text)")
    rows(first, "INSERT INTO word VALUES ('责任')")
    second = postgres().create_database("support_second", template="support_first")
    assert rows(second, "SELECT text FROM word") == [("责任",)]
    for name in ("support_first", "support_second"):
        postgres().drop_database(name)
    assert rows(postgres().url(), "SELECT 1 FROM pg_database WHERE datname LIKE 'support_%'") == []


def test_the_services_ask_for_a_password() -> None:
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(postgres().url().replace("+psycopg", "").replace(postgres().password, "guess"))
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=valkey().port, password="guess").ping()


def test_valkey_keeps_its_databases_apart() -> None:
    with redis.Redis.from_url(valkey().url(60)) as one, redis.Redis.from_url(valkey().url(61)) as other:
        one.set("word", "text")
        assert other.get("word") is None
        valkey().flush(60)
        assert one.get("word") is None


@pytest.fixture
def no_parts(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A run of its own, in which nothing is missing yet."""
    monkeypatch.setenv(rundir.VARIABLE, str(tmp_path_factory.mktemp("run")))


class Terminal:
    """Takes down what pytest's terminal is asked to write."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def section(self, title: str, **_style: bool) -> None:
        self.lines.append(title)

    def write_line(self, line: str) -> None:
        self.lines.append(line)


@pytest.mark.usefixtures("no_parts")
def test_a_missing_part_is_named_on_a_line_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "")
    for _ in range(2):
        with pytest.raises(pytest.skip.Exception):
            parts.skip("browser tests", "no browser")
    terminal = Terminal()
    parts.report(terminal)
    assert terminal.lines[1:] == ["NOT RUN browser tests: no browser"]


@pytest.mark.usefixtures("no_parts")
def test_nothing_is_said_when_nothing_is_missing() -> None:
    terminal = Terminal()
    parts.report(terminal)
    assert terminal.lines == []


@pytest.mark.usefixtures("no_parts")
def test_a_missing_part_fails_where_everything_must_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no browser"):
        parts.skip("browser tests", "no browser")
