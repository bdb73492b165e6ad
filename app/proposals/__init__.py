"""Proposals: what delegations ask of a text, who stands behind it, and what became of it."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.drafts.services import with_issue
    from app.proposals import amounts, beside, carrying, pages, recorded, routes
    from app.web.wording import register_labels

    app.register_blueprint(routes.blueprint)
    with_issue(carrying.settle)
    beside.register()
    recorded.register()
    amounts.register()
    register_labels("stance", pages.stance_labels)
    app.jinja_env.globals.update(
        trimmed=beside.trimmed,
        state_label=pages.state_label,
        stance_label=pages.stance_label,
        verdict_label=pages.verdict_label,
        fate_mark=pages.fate_mark,
        kind_label=pages.kind_label,
        detail_label=pages.detail_label,
    )
