"""The delegate: notes, statements, an inbox, what was missed, several rooms at once, and what colleagues do."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.delegations import events, needs, note_pages, own_pages, room, statement_pages, statements, texts
    from app.delegations.colleagues import colleagues

    for pages in (note_pages, statement_pages, own_pages):
        app.register_blueprint(pages.blueprint)
    events.register()
    colleagues.wire(app)
    needs.register()
    room.register()
    texts.register()
    texts.name_words(app)
    statements.follow_the_floor()
