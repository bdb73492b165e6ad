"""The chain of a channel: it holds, and shows the smallest alteration."""

from __future__ import annotations

import hashlib
import json

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from app.extensions import db
from app.record import events_after, last_seq, transaction, verify_channel
from app.record.cli import faults_of
from app.record.envelope import GENESIS, canonical, digest, first_fault, seal
from tests.support.builders import NOW

pytestmark = pytest.mark.database
ACTOR = {"user": "1", "name": "A. Okoro", "delegation": "KEN", "on_behalf_of": None, "role": "delegate"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(codec="utf-8"), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


def append(channel: str, count: int) -> None:
    for number in range(count):
        with transaction() as tx:
            tx.append(channel, "comment.added", ACTOR, {"body": f"words {number}"})


def test_events_are_numbered_without_a_gap(app: Flask) -> None:
    with app.app_context():
        append("session:1", 5)
        append("session:2", 2)
        assert [event.seq for event in events_after("session:1", 0)] == [1, 2, 3, 4, 5]
        assert [event.seq for event in events_after("session:2", 0)] == [1, 2]
        assert last_seq("session:1") == 5


def test_the_hash_is_over_prev_and_the_canonical_json_of_the_rest(app: Flask) -> None:
    with app.app_context():
        append("session:1", 2)
        first, second = (event.as_dict() for event in events_after("session:1", 0))
    assert first["prev"] == GENESIS
    assert second["prev"] == first["hash"]
    rest = {name: value for name, value in second.items() if name not in ("prev", "hash")}
    body = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert second["hash"] == hashlib.sha256((second["prev"] + body).encode()).hexdigest()


def test_an_event_that_is_not_committed_leaves_no_trace(app: Flask) -> None:
    with app.app_context():
        append("session:1", 1)
        with pytest.raises(RuntimeError), transaction() as tx:
            tx.append("session:1", "comment.added", ACTOR, {"body": "lost"})
            raise RuntimeError
        append("session:1", 1)
        assert [event.seq for event in events_after("session:1", 0)] == [1, 2]
        assert verify_channel("session:1") is None


@pytest.mark.parametrize(
    "alteration",
    [
        "UPDATE event SET body = replace(body, 'words 1', 'words 2') WHERE seq = 2",
        "UPDATE event SET type = 'comment.addee' WHERE seq = 2",
        "UPDATE event SET hash = 'f' || substr(hash, 2) WHERE seq = 2 AND substr(hash, 1, 1) <> 'f'",
        "DELETE FROM event WHERE seq = 2",
        "DELETE FROM event WHERE seq = 3",
        "UPDATE channel SET last_seq = 2",
    ],
)
def test_an_alteration_shows(app: Flask, alteration: str) -> None:
    with app.app_context():
        append("session:1", 3)
        assert faults_of("session:1") == []
        changed = db.session.execute(text(alteration)).rowcount
        db.session.commit()
        assert changed == 0 or faults_of("session:1")


def test_verify_exits_with_one_and_names_the_event(app: Flask) -> None:
    with app.app_context():
        append("session:1", 3)
    runner = app.test_cli_runner()
    assert runner.invoke(args=["record", "verify"]).exit_code == 0
    with app.app_context():
        db.session.execute(text("UPDATE event SET body = replace(body, 'words 1', 'words 9') WHERE seq = 2"))
        db.session.commit()
    result = runner.invoke(args=["record", "verify", "session:1"])
    assert result.exit_code == 1
    assert "session:1, event 2" in result.output


def test_verify_of_an_unknown_channel_fails(app: Flask) -> None:
    assert app.test_cli_runner().invoke(args=["record", "verify", "session:99"]).exit_code == 1


@given(
    values=st.lists(
        st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=6), JSON, max_size=3), min_size=1, max_size=6
    ),
    data=st.data(),
)
def test_any_altered_character_of_any_body_shows(values: list[dict[str, object]], data: st.DataObject) -> None:
    chain, prev = [], GENESIS
    for number, value in enumerate(values, 1):
        chain.append(seal("c:1", number, "x.y", NOW, ACTOR, value, prev))
        prev = chain[-1].hash
    assert first_fault("c:1", chain)[0] is None
    index = data.draw(st.integers(0, len(chain) - 1))
    body = chain[index].body
    place = data.draw(st.integers(0, len(body) - 1))
    other = "x" if body[place] != "x" else "y"
    from dataclasses import replace

    chain[index] = replace(chain[index], body=body[:place] + other + body[place + 1 :])
    fault = first_fault("c:1", chain)[0]
    assert fault is not None
    assert fault.seq == index + 1


@given(value=JSON)
def test_canonical_json_is_one_text_for_one_value(value: object) -> None:
    assert canonical(json.loads(canonical(value))) == canonical(value)
    assert digest("a", canonical(value)) != digest("b", canonical(value))


@pytest.mark.parametrize("bad", ["\ud800", float("nan"), float("inf")])
def test_what_json_cannot_say_is_refused(bad: object) -> None:
    with pytest.raises(ValueError):
        canonical({"a": bad})
