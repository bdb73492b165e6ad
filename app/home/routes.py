"""Today, and the pages about the platform itself."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template

from app.accounts.queries import current_actor
from app.core.rules.sessions import State
from app.drafts import queries as drafts
from app.groups import queries as groups
from app.live import queries as live
from app.live import views
from app.programme import queries as programme
from app.silence import ending

blueprint = Blueprint("home", __name__, template_folder="templates")

NEXT = 6
NEWEST = 6


@blueprint.get("/")
def today() -> str:
    """What needs the reader now: sessions that run or come, newest versions, the groups."""
    ending.end_due()
    actor = current_actor()
    sessions = live.sessions(actor, states=[State.OPEN, State.SUSPENDED, State.SCHEDULED])
    running = [session for session in sessions if session.state != State.SCHEDULED]
    coming = [session for session in sessions if session.state == State.SCHEDULED]
    now = datetime.now(UTC)
    coming.sort(key=lambda session: (session.starts_at is None, session.starts_at or now))
    return render_template(
        "home/today.html",
        now=now,
        running=[views.session_view(session) for session in running],
        coming=[views.session_view(session) for session in coming[:NEXT]],
        versions=drafts.readable_versions(actor)[:NEWEST],
        records=[
            views.session_view(session) | {"closed_at": session.closed_at}
            for session in live.published_sessions(actor)[:NEWEST]
        ],
        groups=groups.readable_groups(actor),
        day=programme.days(actor, programme.today(), 1)[0],
        zone=ZoneInfo(programme.HEADQUARTERS),
        session_view=views.session_view,
    )


@blueprint.get("/about")
def about() -> str:
    """What this is, and what it is not."""
    return render_template("home/about.html")


@blueprint.get("/accessibility")
def accessibility() -> str:
    return render_template("home/accessibility.html")
