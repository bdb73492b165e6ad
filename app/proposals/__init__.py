"""Proposals: what delegations ask of a text, who stands behind it, and what became of it."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    from app.drafts.services import with_issue
    from app.proposals import amounts, beside, carrying, drawing, labels, queries, recorded, routes
    from app.web.wording import register_labels

    app.register_blueprint(routes.blueprint)
    with_issue(carrying.settle)
    beside.register()
    recorded.register()
    amounts.register()
    register_labels("stance", labels.stance_labels)
    app.jinja_env.globals.update(
        trimmed=queries.trimmed,
        bracket_pen=drawing.Pen,
        state_label=labels.state_label,
        stance_label=labels.stance_label,
        verdict_label=labels.verdict_label,
        fate_mark=labels.fate_mark,
        kind_label=labels.kind_label,
        detail_label=labels.detail_label,
    )
