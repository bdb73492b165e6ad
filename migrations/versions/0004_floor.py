"""The speakers' list and the displays of a room.

Revision ID: 0004
Revises: 0003
Create Date: 2026-11-24
"""

from alembic import op
import sqlalchemy as sa

import app.extensions


revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "speakers_list",
        sa.Column("channel", sa.String(120), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_speakers_list_session_id_session")),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_speakers_list")),
    )
    op.create_index(op.f("ix_speakers_list_session_id"), "speakers_list", ["session_id"])
    op.create_table(
        "display",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("hint", sa.String(2), nullable=False),
        sa.Column("in_room", sa.Boolean(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", app.extensions.UtcDateTime(), nullable=False),
        sa.Column("revoked_at", app.extensions.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_display_session_id_session")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["user.id"], name=op.f("fk_display_opened_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_display")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_display_code_hash")),
    )
    op.create_index(op.f("ix_display_session_id"), "display", ["session_id"])


def downgrade() -> None:
    op.drop_table("display")
    op.drop_table("speakers_list")
