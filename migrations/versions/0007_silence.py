"""Silence procedures and what is said in them; when and where sessions meet, and calendar feeds.

Revision ID: 0007
Revises: 0006
Create Date: 2026-11-24
"""

from alembic import op
import sqlalchemy as sa

import app.extensions


revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

Moment = app.extensions.UtcDateTime


def upgrade() -> None:
    op.create_table(
        "heartbeat",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeat")),
    )
    op.create_table(
        "silence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("predecessor_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("scope", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("deadline", Moment(), nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("inclusive", sa.Boolean(), nullable=False),
        sa.Column("publish", sa.String(30), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("message_html", sa.Text(), nullable=False),
        sa.Column("consequence", sa.Text(), nullable=False),
        sa.Column("short_reason", sa.Text(), nullable=False),
        sa.Column("extensions", sa.Integer(), nullable=False),
        sa.Column("prepared_by", sa.JSON(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("opened_at", Moment(), nullable=True),
        sa.Column("told_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("outcome", sa.String(20), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_silence_draft_id_draft")),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name=op.f("fk_silence_group_id_group")),
        sa.ForeignKeyConstraint(["predecessor_id"], ["silence.id"], name=op.f("fk_silence_predecessor_id_silence")),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_silence_version_id_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_silence")),
    )
    op.create_index(op.f("ix_silence_draft_id"), "silence", ["draft_id"])
    op.create_index(op.f("ix_silence_group_id"), "silence", ["group_id"])
    op.create_index(op.f("ix_silence_predecessor_id"), "silence", ["predecessor_id"])
    op.create_index("ix_silence_state_deadline", "silence", ["state", "deadline"])
    op.create_table(
        "silence_objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("silence_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("on_behalf_of", sa.String(200), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("actor", sa.JSON(), nullable=False),
        sa.Column("paragraphs", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_silence_objection_party_id_party")),
        sa.ForeignKeyConstraint(["silence_id"], ["silence.id"], name=op.f("fk_silence_objection_silence_id_silence")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_silence_objection")),
        sa.UniqueConstraint(
            "silence_id", "party_id", "on_behalf_of", "late",
            name=op.f("uq_silence_objection_silence_id_party_id_on_behalf_of_late"),
        ),
    )
    op.create_index(op.f("ix_silence_objection_party_id"), "silence_objection", ["party_id"])
    op.create_table(
        "chair_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("silence_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("objections", sa.JSON(), nullable=False),
        sa.Column("signed", sa.String(200), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["group.id"], name=op.f("fk_chair_letter_group_id_group")),
        sa.ForeignKeyConstraint(["silence_id"], ["silence.id"], name=op.f("fk_chair_letter_silence_id_silence")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chair_letter")),
        sa.UniqueConstraint("group_id", "number", name=op.f("uq_chair_letter_group_id_number")),
    )
    op.create_index(op.f("ix_chair_letter_silence_id"), "chair_letter", ["silence_id"])
    op.create_table(
        "feed_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_feed_token_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_token")),
        sa.UniqueConstraint("hash", name=op.f("uq_feed_token_hash")),
    )
    op.create_index(op.f("ix_feed_token_user_id"), "feed_token", ["user_id"])
    op.add_column("session", sa.Column("ends_at", Moment(), nullable=True))
    op.add_column("session", sa.Column("place", sa.String(120), nullable=False, server_default=""))
    op.add_column("session", sa.Column("schedule_note", sa.String(400), nullable=False, server_default=""))
    op.add_column("session", sa.Column("schedule_revision", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("session", sa.Column("schedule_changed_at", Moment(), nullable=True))


def downgrade() -> None:
    op.execute("UPDATE session SET state = 'scheduled' WHERE state IN ('postponed', 'cancelled')")
    for name in ("schedule_changed_at", "schedule_revision", "schedule_note", "place", "ends_at"):
        op.drop_column("session", name)
    for table in ("feed_token", "chair_letter", "silence_objection", "silence", "heartbeat"):
        op.drop_table(table)
