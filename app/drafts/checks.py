"""Does what the tables hold of issued versions still say what the record says?"""

from __future__ import annotations

import json

from sqlalchemy import select

from app.drafts.freezing import fingerprint, text_of
from app.drafts.models import ISSUED, Draft, Version
from app.drafts.queries import stored_paragraphs
from app.extensions import db
from app.record import events_of


def check(channel: str) -> list[str]:
    """What does not agree, in words; empty when every issued version is as it was issued."""
    draft = db.session.get(Draft, int(channel.partition(":")[2]))
    if draft is None:
        return ["the draft is gone"]
    said = {e["data"]["version"]: e["data"] for e in _issued(channel)}
    versions = db.session.scalars(select(Version).where(Version.draft_id == draft.id, Version.state.in_(ISSUED)))
    faults = [fault for version in versions if (fault := _fault(draft, version, said.pop(str(version.id), None)))]
    return faults + [f"version {number} is in the record and not in the tables" for number in said]


def _issued(channel: str) -> list[dict[str, dict[str, str]]]:
    return [json.loads(event.body) for event in events_of([channel], ["version.issued"])]


def _fault(draft: Draft, version: Version, said: dict[str, str] | None) -> str | None:
    if said is None:
        return f"{version.label} is not in the record"
    now = fingerprint(text_of(draft.platform_id, version.label, stored_paragraphs(version.id)))
    if now != said["sha256"] or version.sha256 != said["sha256"]:
        return f"{version.label} is not what was issued"
    return None
