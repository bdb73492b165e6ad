"""One command, one transaction: what is published, when, and what many writers at once may not do."""

from __future__ import annotations

import threading
import uuid

import pytest
from flask import Flask

from app.errors import Conflict, Invalid
from app.record import TOPIC_EVENT, TOPIC_RIGHTS, bus, events_after, on_append, once, transaction, verify_channel
from app.record.transactions import _followers

pytestmark = pytest.mark.database
ACTOR = {"user": None, "name": "test"}


@pytest.fixture
def heard() -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []

    def listener(topic: str, text: str) -> None:
        found.append((topic, text))

    bus.listen(TOPIC_EVENT, listener)
    bus.listen(TOPIC_RIGHTS, listener)
    yield found
    for listeners in bus._listeners.values():
        if listener in listeners:
            listeners.remove(listener)


def test_an_event_is_published_after_its_commit_and_rights_before_it(app: Flask, heard: list[tuple[str, str]]) -> None:
    with app.app_context(), transaction() as tx:
        tx.append("session:1", "x.y", ACTOR, {})
        tx.rights_changed("user:7")
        assert heard == []
    assert [topic for topic, _text in heard] == [TOPIC_RIGHTS, TOPIC_EVENT]
    assert heard[1][1].startswith("session:1 1 {")


def test_nothing_is_published_of_what_failed(app: Flask, heard: list[tuple[str, str]]) -> None:
    with app.app_context(), pytest.raises(RuntimeError), transaction() as tx:
        tx.append("session:1", "x.y", ACTOR, {})
        raise RuntimeError
    assert heard == []


def test_a_command_inside_a_command_joins_it(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(RuntimeError), transaction() as outer:
            with transaction() as inner:
                assert inner is outer
                inner.append("session:1", "x.y", ACTOR, {})
            raise RuntimeError
        assert events_after("session:1", 0) == []


def test_many_writers_leave_neither_gap_nor_repeat(app: Flask) -> None:
    def write() -> None:
        with app.app_context():
            for _number in range(10):
                with transaction() as tx:
                    tx.append("session:1", "x.y", ACTOR, {})

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        assert [event.seq for event in events_after("session:1", 0)] == list(range(1, 81))
        assert verify_channel("session:1") is None


def test_a_write_with_a_key_takes_effect_once(app: Flask) -> None:
    key, calls = str(uuid.uuid4()), []

    def do() -> tuple[int, dict[str, int]]:
        calls.append(1)
        return 201, {"seq": len(calls)}

    with app.app_context():
        first = once("user:1", key, "comment", {"body": "a"}, do)
        second = once("user:1", key.upper(), "comment", {"body": "a"}, do)
    assert first == second == (201, {"seq": 1})
    assert calls == [1]


def test_the_same_key_of_another_person_is_another_write(app: Flask) -> None:
    key = str(uuid.uuid4())
    with app.app_context():
        assert once("user:1", key, "c", {}, lambda: (200, {"n": 1})) == (200, {"n": 1})
        assert once("user:2", key, "c", {}, lambda: (200, {"n": 2})) == (200, {"n": 2})


def test_a_key_used_for_other_words_is_a_conflict(app: Flask) -> None:
    key = str(uuid.uuid4())
    with app.app_context():
        once("user:1", key, "c", {"body": "a"}, lambda: (200, {}))
        with pytest.raises(Conflict):
            once("user:1", key, "c", {"body": "b"}, lambda: (200, {}))


def test_a_write_that_failed_may_be_sent_again(app: Flask) -> None:
    key = str(uuid.uuid4())

    def refuse() -> tuple[int, dict[str, int]]:
        raise Invalid("not now")

    with app.app_context():
        with pytest.raises(Invalid):
            once("user:1", key, "c", {}, refuse)
        assert once("user:1", key, "c", {}, lambda: (200, {"n": 1})) == (200, {"n": 1})


def test_the_same_key_at_the_same_moment_takes_effect_once(app: Flask) -> None:
    key, calls, answers = str(uuid.uuid4()), [], []

    def do() -> tuple[int, dict[str, int]]:
        calls.append(1)
        with transaction() as tx:
            return 200, {"seq": tx.append("session:1", "x.y", ACTOR, {}).seq}

    def send() -> None:
        with app.app_context():
            answers.append(once("user:1", key, "c", {}, do))

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [(200, {"seq": 1})] * 6


@pytest.mark.parametrize("key", ["", "7", None, "x" * 40, {"a": 1}])
def test_a_key_that_is_no_uuid_is_refused(app: Flask, key: object) -> None:
    with app.app_context(), pytest.raises(Invalid):
        once("user:1", key, "c", {}, lambda: (200, {}))  # type: ignore[arg-type]


def test_what_follows_the_record_fails_with_it(app: Flask) -> None:
    def follower(envelope: object) -> None:
        raise RuntimeError("the index is broken")

    on_append("broken.", follower)
    try:
        with app.app_context():
            with pytest.raises(RuntimeError), transaction() as tx:
                tx.append("session:1", "broken.event", ACTOR, {})
            assert events_after("session:1", 0) == []
    finally:
        _followers.remove(("broken.", follower))
