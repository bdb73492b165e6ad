"""A draft as large as the platform is made for, in a database of its own, and what opening its pages costs."""

from __future__ import annotations

import contextlib
import gzip
import random
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import flask_migrate
from flask import Flask
from sqlalchemy import insert, select

from app import create_app
from app.accounts.models import Party, User
from app.accounts.queries import actor_for
from app.core.text import Paragraph
from app.drafts import services as drafts
from app.drafts.models import Version
from app.extensions import Base, db
from app.groups.models import Group, Officer
from app.live import services as live
from app.live.models import Comment
from app.policy import Office
from app.proposals.models import ProposalRow, Sponsor, Wording
from app.proposals.models import new_id as new_proposal_id
from app.record import transaction
from bench.norms import long_text
from config import load_settings

PARTIES = 200
PROPOSALS = 4
"""On each paragraph: 2,000 on 500."""
COMMENTS = 20
"""On each paragraph: 10,000 on 500."""
PAGES = {
    "text": "/drafts/{draft}/v/1",
    "bracketed text": "/drafts/{draft}/v/1/bracketed",
    "room": "/sessions/{session}",
}
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
RUNS = 7


@dataclass(frozen=True, slots=True)
class Opened:
    """Bytes of a page, as they are and as sent; milliseconds of CPU, compressing included: first time, best after."""

    plain: int
    compressed: int
    first: float
    cpu: float


def opened(size: int) -> dict[str, Opened]:
    """What opening costs with `size` paragraphs, and proposals and comments in proportion."""
    with tempfile.TemporaryDirectory(prefix="chapeau-bench-") as folder, _app(Path(folder)) as app:
        with app.app_context():
            places = _filled(size)
        return {name: _open(app, path.format(**places)) for name, path in PAGES.items()}


@contextlib.contextmanager
def _app(folder: Path) -> Iterator[Flask]:
    app = create_app(load_settings({"INSTANCE_PATH": str(folder), "RATELIMIT_ENABLED": "0", "CHAPEAU_DEMO": "0"}))
    with app.app_context():
        Base.metadata.create_all(db.engine)
        flask_migrate.stamp(directory=app.extensions["migrate"].directory)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _open(app: Flask, path: str) -> Opened:
    client, spent, body = app.test_client(), [], b""
    for _run in range(1 + RUNS):
        began = time.process_time()
        answer = client.get(path, headers={"Accept-Encoding": "gzip"})
        body = answer.data
        spent.append((time.process_time() - began) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answers {answer.status_code}")
    return Opened(len(gzip.decompress(body)), len(body), spent[0], min(spent[1:]))


# --- Filling it ----------------------------------------------------------------------------------------------------


def _filled(size: int) -> dict[str, int]:
    chance, text = random.Random(size), long_text(size)
    with transaction():
        people = [_party(number) for number in range(PARTIES)]
        group = Group(slug="bench", title="Bench", openness="public", created_at=NOW, pillars=[])
        chair = User(email="chair@chapeau.example", name="C. Chair", created_at=NOW)
        db.session.add_all([*people, group, chair])
        db.session.flush()
        db.session.add(Officer(group_id=group.id, user_id=chair.id, office=Office.CHAIR))
        parties = [party.id for party in people]
    actor = actor_for(chair)
    draft, _working = drafts.create_draft(actor, group, "A long text", "resolution", text)
    version = drafts.issue_version(actor, draft.id)
    session = live.schedule_session(actor, group, "1st meeting", "public", version_id=version.id)
    live.conduct(actor, session.id, "open")
    with transaction():
        _propose(version, text, parties, chair.id, chance)
        _comment(version, text, session.id, chair.id, chance)
    return {"draft": draft.id, "session": session.id}


def _party(number: int) -> Party:
    names = dict.fromkeys(("ar", "zh", "en", "fr", "ru", "es"), f"Delegation {number}")
    return Party(code=f"X{number:03}", kind="member_state", short=names, formal=names)


def _propose(version: Version, text: list[Paragraph], parties: list[int], author: int, chance: random.Random) -> None:
    rows, wordings, sponsors = [], [], []
    for number in range(len(text) * PROPOSALS):
        paragraph, id_ = text[number % len(text)], new_proposal_id()
        content = {"kind": "replace", "paragraph": paragraph.id, "text": edited(paragraph.text, chance), "after": None}
        content |= {"others": [], "parts": [], "new_kind": None, "new_level": 0}
        said = {"draft_id": version.draft_id, "number": number + 1, "made_on_id": version.id, "base_id": version.id}
        said |= {"anchor_id": version.id, "state": "live", "party_id": parties[number % len(parties)]}
        said |= {"author_id": author, "actor": {"name": "N"}, "created_at": NOW, "released_at": NOW}
        rows.append(
            {"id": id_, **content, **said, "rationale": "For clarity.", "rationale_html": "<p>For clarity.</p>"}
        )
        wording = {"proposal_id": id_, "revision": 1, "version_id": version.id, "cause": "made", "content": content}
        wordings.append(wording | {"at": NOW, "by": "N"})
        sponsors.append({"proposal_id": id_, "party_id": said["party_id"], "place": 0, "since": NOW})
    db.session.execute(insert(ProposalRow), rows)
    db.session.execute(insert(Wording), wordings)
    db.session.execute(insert(Sponsor), sponsors)


def _comment(version: Version, text: list[Paragraph], session: int, author: int, chance: random.Random) -> None:
    codes = list(db.session.scalars(select(Party.code)))
    rows = []
    for number in range(len(text) * COMMENTS):
        by = {"user": str(author), "name": "N", "delegation": chance.choice(codes), "role": "delegate"}
        rows.append({"id": str(uuid.uuid4()), "session_id": session, "seq": number + 10, "version_id": version.id})
        rows[-1] |= {"paragraph": text[number % len(text)].id, "author_id": author, "actor": by, "created_at": NOW}
        rows[-1] |= {"body": f"Words of comment {number}.", "html": f"<p>Words of comment {number}.</p>"}
    db.session.execute(insert(Comment), rows)


WORDS = ("responsible", "in good time", "jointly", "may", "and regions", "promptly")


def edited(text: str, chance: random.Random) -> str:
    """Two places of it put in other words."""
    words = text.split(" ")
    for _ in range(2):
        words[chance.randrange(len(words))] = chance.choice(WORDS)
    return " ".join(words)
