"""Decisions, ballots, explanations, rule sets.

Revision ID: 0006
Revises: 0005
Create Date: 2026-11-24
"""

from alembic import op
import sqlalchemy as sa

import app.extensions


revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: SQLite would build the table anew, and others point to it.
    op.add_column("group", sa.Column("ruleset", sa.String(40), nullable=False, server_default="gm-consensus-1"))
    op.create_table(
        "decision",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("session_id", sa.Integer(), sa.ForeignKey("session.id"), nullable=False),
        sa.Column("channel", sa.String(120), nullable=False),
        sa.Column("openness", sa.String(20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("target", sa.String(80), nullable=False),
        sa.Column("label", sa.String(300), nullable=False),
        sa.Column("motion", sa.String(20), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("majority", sa.String(40), nullable=False),
        sa.Column("ruleset", sa.String(40), nullable=False),
        sa.Column("sponsor", sa.String(20), nullable=True),
        sa.Column("version_id", sa.Integer(), sa.ForeignKey("version.id"), nullable=True),
        sa.Column("objections", sa.JSON(), nullable=False),
        sa.Column("eligible", sa.JSON(), nullable=False),
        sa.Column("quorum", sa.JSON(), nullable=False),
        sa.Column("tally", sa.JSON(), nullable=False),
        sa.Column("proposed_at", app.extensions.UtcDateTime(), nullable=False),
        sa.Column("decided_at", app.extensions.UtcDateTime(), nullable=True),
        sa.UniqueConstraint("channel", "number"),
    )
    op.create_index("ix_decision_session_id_state", "decision", ["session_id", "state"])
    op.create_table(
        "ballot",
        sa.Column("decision_id", sa.String(36), sa.ForeignKey("decision.id"), primary_key=True),
        sa.Column("party", sa.String(20), primary_key=True),
        sa.Column("choice", sa.String(20), nullable=False),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("user.id"), nullable=False),
        sa.Column("cast_at", app.extensions.UtcDateTime(), nullable=False),
    )
    op.create_table(
        "decision_statement",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("decision_id", sa.String(36), sa.ForeignKey("decision.id"), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("when", sa.String(10), nullable=False),
        sa.Column("party", sa.String(20), nullable=False),
        sa.Column("actor", sa.JSON(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("paragraphs", sa.JSON(), nullable=False),
        sa.Column("choice", sa.String(20), nullable=True),
        sa.Column("said_at", app.extensions.UtcDateTime(), nullable=False),
    )
    op.create_index("ix_decision_statement_decision_id", "decision_statement", ["decision_id"])
    op.create_table(
        "roll",
        sa.Column("channel", sa.String(120), primary_key=True),
        sa.Column("session_id", sa.Integer(), sa.ForeignKey("session.id"), nullable=False),
        sa.Column("present", sa.JSON(), nullable=False),
        sa.Column("taken_at", app.extensions.UtcDateTime(), nullable=False),
    )
    op.create_index("ix_roll_session_id", "roll", ["session_id"])


def downgrade() -> None:
    for name in ("roll", "decision_statement", "ballot", "decision"):
        op.drop_table(name)
    op.drop_column("group", "ruleset")
