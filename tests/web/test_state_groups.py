"""The name of a group of States is the United Nations' in the reader's language, wherever it is printed."""

from __future__ import annotations

import re
import uuid
from pathlib import Path

import pytest
from flask import Flask

from app.accounts.models import StateGroup
from app.extensions import db
from app.floor import services as floor
from app.live import services as live
from app.record import transaction
from tests.support.builders import World
from tests.support.clients import Browser

APP = Path(__file__).resolve().parents[2] / "app"
FRENCH = "Groupe des États d’Afrique"


@pytest.mark.database
def test_whoever_reads_french_reads_the_group_in_french(app: Flask, world: World) -> None:
    group = world.group("groups", members=("KEN", "BRA"))
    world.speaks_for("KEN")
    session, kenya, chair = world.session(group), world.user(party="KEN"), world.chair_of(group)
    with world.context(), transaction():
        db.session.query(StateGroup).one().short = {"en": "African Group", "fr": FRENCH}
    with world.context():
        actor, said = world.actor(kenya), {"on_behalf_of": "african-group"}
        live.comment(actor, session.id, id=str(uuid.uuid4()), body="For the group.", **said)
        floor.request_floor(actor, session.id, **said)
        floor.give(world.actor(chair), session.id)
    for user in (kenya, chair, None):
        browser = Browser(app, user)
        browser.post("/language", {"locale": "fr"})
        for path in (f"/sessions/{session.id}", f"/sessions/{session.id}/summary"):
            page = browser.get(path).text
            assert FRENCH in page
            told = re.sub(r'<script type="application/json".*?</script>', "", page, flags=re.DOTALL)
            assert "African Group" not in told


def test_no_page_prints_the_name_as_it_is_kept() -> None:
    """Events keep the English name, forms the code: printed is neither."""
    raw = re.compile(r"\{\{[^}|]*on_behalf_of[^}|]*\}\}")
    found = {line for page in APP.rglob("*.html") for line in raw.findall(page.read_text())}
    fields = {line for line in found if "form.on_behalf_of" in line}
    assert fields, "the pattern finds what is printed"
    assert found == fields
