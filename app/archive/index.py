"""The search index follows the record: each entry is written in the transaction of the event that it is made from."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import DDL, delete, event, insert, select

from app.archive.models import SearchEntry
from app.core.markup import plain
from app.core.terms import terms
from app.drafts.models import Draft, Version, VersionParagraph
from app.extensions import db
from app.groups.models import Group, Post, Thread
from app.live.models import LiveSession
from app.live.segments import openness_of_channel
from app.record import Envelope, on_append
from app.web.wording import event_anchor

SQLITE_DDL = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS search_fts USING fts5("
    "terms, content='search_entry', content_rowid='id', tokenize='unicode61 remove_diacritics 0')",
    "CREATE TRIGGER IF NOT EXISTS search_entry_added AFTER INSERT ON search_entry BEGIN "
    "INSERT INTO search_fts(rowid, terms) VALUES (new.id, new.terms); END",
    "CREATE TRIGGER IF NOT EXISTS search_entry_removed AFTER DELETE ON search_entry BEGIN "
    "INSERT INTO search_fts(search_fts, rowid, terms) VALUES ('delete', old.id, old.terms); END",
    "CREATE TRIGGER IF NOT EXISTS search_entry_changed AFTER UPDATE ON search_entry BEGIN "
    "INSERT INTO search_fts(search_fts, rowid, terms) VALUES ('delete', old.id, old.terms); "
    "INSERT INTO search_fts(rowid, terms) VALUES (new.id, new.terms); END",
)
POSTGRESQL_DDL = (
    "CREATE INDEX IF NOT EXISTS ix_search_entry_terms ON search_entry USING gin (to_tsvector('simple', terms))",
)
"""What SQLAlchemy's metadata cannot say. The migration runs the same statements."""

for _statement in SQLITE_DDL:
    event.listen(SearchEntry.__table__, "after_create", DDL(_statement.replace("%", "%%")).execute_if(dialect="sqlite"))
for _statement in POSTGRESQL_DDL:
    event.listen(
        SearchEntry.__table__, "after_create", DDL(_statement.replace("%", "%%")).execute_if(dialect="postgresql")
    )


def follow_record() -> None:
    """Index what these events say, as they are appended."""
    on_append("group.created", _group)
    on_append("group.updated", _group)
    on_append("version.issued", _version)
    on_append("post.added", _post)
    on_append("post.edited", _post)
    on_append("comment.added", _comment)
    on_append("session.scheduled", _session)
    on_append("decision.proposed", _decision)
    for said in ("explanation.given", "dissociation.made", "intent.noted"):
        on_append(said, _beside_decision)


def put(kind: str, ref: str, **values: Any) -> None:
    """Write one entry, in place of the one that had this kind and ref."""
    put_all(kind, [{"ref": ref, **values}])


def put_all(kind: str, entries: list[dict[str, Any]]) -> None:
    """Write many entries of one kind in two statements."""
    if not entries:
        return
    refs = [entry["ref"] for entry in entries]
    db.session.execute(
        delete(SearchEntry)
        .where(SearchEntry.kind == kind, SearchEntry.ref.in_(refs))
        .execution_options(synchronize_session=False)
    )
    usual = {"session_id": None, "openness": "", "party": None, "pillars": ""}
    rows = [{**usual, **entry, "kind": kind, "terms": _terms(entry)} for entry in entries]
    db.session.execute(insert(SearchEntry), rows)


def _terms(entry: dict[str, Any]) -> str:
    return " ".join(terms(f"{entry['title']}\n{entry['text']}"))


def _group(envelope: Envelope) -> None:
    group = db.session.get(Group, _number(envelope.channel))
    if group is None:
        return
    put(
        "group",
        str(group.id),
        group_id=group.id,
        url=f"/groups/{group.slug}",
        title=group.title[:300],
        pillars=" ".join(group.pillars or []),
        at=_at(envelope),
        text=plain(group.mandate_html),
    )


def _version(envelope: Envelope) -> None:
    version_id = int(_data(envelope)["version"])
    version = db.session.get(Version, version_id)
    if version is None:
        return
    draft = db.session.get_one(Draft, version.draft_id)
    rows = db.session.scalars(
        select(VersionParagraph)
        .where(VersionParagraph.version_id == version_id)
        .order_by(VersionParagraph.position)
        .execution_options(populate_existing=True)
    )
    base = f"/drafts/{draft.id}/v/{version.number}"
    entries = [
        {
            "ref": f"{version_id}:{row.wid}",
            "group_id": draft.group_id,
            "url": f"{base}/p/{row.wid}",
            "title": f"{draft.title} · {version.label} · {row.label}"[:300],
            "pillars": " ".join(row.pillars or []),
            "at": _at(envelope),
            "text": row.text,
        }
        for row in rows
    ]
    put_all("paragraph", entries)


def _post(envelope: Envelope) -> None:
    data = _data(envelope)
    post = db.session.get(Post, int(data["id"]))
    thread = db.session.get(Thread, _number(envelope.channel))
    if post is None or thread is None:
        return
    put(
        "post",
        str(post.id),
        group_id=thread.group_id,
        url=f"/threads/{thread.id}?post={post.number}#post-{post.number}",
        title=thread.title[:300],
        party=_actor(envelope).get("delegation"),
        at=post.created_at,
        text=plain(data["html"]),
    )


def _comment(envelope: Envelope) -> None:
    session = db.session.get(LiveSession, _number(envelope.channel))
    if session is None:
        return
    data = _data(envelope)
    label = f" · {data['label']}" if data.get("label") else ""
    put(
        "comment",
        data["id"],
        group_id=session.group_id,
        session_id=session.id,
        openness=openness_of_channel(envelope.channel),
        url=f"/sessions/{session.id}/record#{event_anchor(envelope.channel, envelope.seq)}",
        title=f"{session.title}{label}"[:300],
        party=_actor(envelope).get("delegation"),
        at=_at(envelope),
        text=plain(data["html"]),
    )


def _decision(envelope: Envelope) -> None:
    data = _data(envelope)
    _of_session(envelope, "decision", data["decision"], data["decision"], data["words"])


def _beside_decision(envelope: Envelope) -> None:
    """What a delegation said beside a decision."""
    data = _data(envelope)
    _of_session(envelope, "statement", data["id"], f"{data['decision']}#s-{data['id']}", plain(data["html"]))


def _of_session(envelope: Envelope, kind: str, ref: str, place: str, text: str) -> None:
    session = db.session.get(LiveSession, _number(envelope.channel))
    if session is None:
        return
    put(
        kind,
        ref,
        group_id=session.group_id,
        session_id=session.id,
        openness=openness_of_channel(envelope.channel),
        url=f"/decisions/{place}",
        title=session.title[:300],
        party=_actor(envelope).get("delegation"),
        at=_at(envelope),
        text=text,
    )


def _session(envelope: Envelope) -> None:
    session = db.session.get(LiveSession, _number(envelope.channel))
    if session is None:
        return
    put(
        "session",
        str(session.id),
        group_id=session.group_id,
        session_id=session.id,
        url=f"/sessions/{session.id}",
        title=session.title[:300],
        at=_at(envelope),
        text=session.agenda_item,
    )


def _number(channel: str) -> int:
    return int(channel.split(":")[1])


def _data(envelope: Envelope) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(envelope.body)["data"]
    return data


def _actor(envelope: Envelope) -> dict[str, Any]:
    actor: dict[str, Any] = json.loads(envelope.body)["actor"]
    return actor


def _at(envelope: Envelope) -> datetime:
    return datetime.fromisoformat(envelope.at)
