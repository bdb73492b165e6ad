"""What `serve` does before it serves: bring the database up to date, load the demo world into an empty one."""

from __future__ import annotations

import sys

import flask_migrate
from flask import Flask

from app.accounts.queries import count_users
from app.accounts.seeding import ensure_parties
from app.extensions import db
from app.web.health import current_revision, head_revision
from config import Settings

SIGN_INS = (
    ("chair@chapeau.example", "chairs the group and its open session"),
    ("ken@chapeau.example", "negotiates for Kenya, and speaks for the African Group"),
    ("bra@chapeau.example", "negotiates for Brazil"),
    ("che@chapeau.example", "negotiates for Switzerland"),
    ("secretariat@chapeau.example", "keeps groups and accounts"),
    ("observer@chapeau.example", "observes"),
)
DEMO_PASSWORD = "chapeau-demo"


def prepare(app: Flask, settings: Settings) -> bool:
    """Migrate and, on a machine for trying out, load the demo world. Returns whether the demo world is there."""
    with app.app_context():
        if current_revision() != head_revision():
            print("Bringing the database up to date", file=sys.stderr, flush=True)
            db.session.remove()
            flask_migrate.upgrade(directory=app.extensions["migrate"].directory)
        ensure_parties()
        if settings.demo and count_users() == 0:
            from app.demo.loader import load_with_progress

            load_with_progress()
        from app.demo.loader import is_loaded

        return is_loaded()


def begin(app: Flask) -> None:
    """What every process does beside its requests, from the moment when it serves."""
    from app.jobs import services as jobs
    from app.live import missed
    from app.silence import ticker

    ticker.start(app)
    jobs.watch(app)
    if app.config["SETTINGS"].redis_url:
        missed.watch(app)


def greet(settings: Settings, demo: bool, host: str, port: int) -> None:
    """Print the address, and the demo sign-ins when there is a demo world."""
    shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::1", "::") else host  # noqa: S104
    print(f"\n  ¶ Chapeau is at http://{shown}:{port}\n")
    if demo and not settings.production:
        print(f"  Sign in with the password {DEMO_PASSWORD} as")
        for email, what in SIGN_INS:
            print(f"    {email:<30} {what}")
        print("  Open one browser window as the chair, and a private one as a delegation.\n")
    sys.stdout.flush()
