"""Notes of a delegation, its statements, what it has seen.

Revision ID: 0008
Revises: 0007
Create Date: 2026-11-24
"""

from alembic import op
import sqlalchemy as sa

import app.extensions


revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = app.extensions.UtcDateTime()
    op.create_table(
        "delegation_note",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("paragraph", sa.String(40), nullable=True),
        sa.Column("wording", sa.String(64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(120), nullable=False),
        sa.Column("edited_by", sa.String(120), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("edited_at", moment, nullable=False),
        sa.Column("removed_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_delegation_note_party_id_party")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_delegation_note_draft_id_draft")),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_delegation_note_version_id_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation_note")),
    )
    op.create_index("ix_delegation_note_party_draft", "delegation_note", ["party_id", "draft_id"])
    op.create_index(op.f("ix_delegation_note_draft_id"), "delegation_note", ["draft_id"])
    op.create_table(
        "statement",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("openness", sa.String(20), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("agenda_item", sa.String(200), nullable=False),
        sa.Column("delivery", sa.String(30), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("on_behalf_of", sa.String(200), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("file_name", sa.String(120), nullable=False),
        sa.Column("file_type", sa.String(20), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("for_interpreters", sa.Boolean(), nullable=False),
        sa.Column("when_spoken", sa.Boolean(), nullable=False),
        sa.Column("corrects_id", sa.String(16), nullable=True),
        sa.Column("actor", sa.JSON(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("published_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_statement_session_id_session")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_statement_party_id_party")),
        sa.ForeignKeyConstraint(["corrects_id"], ["statement.id"], name=op.f("fk_statement_corrects_id_statement")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
    )
    op.create_index("ix_statement_session_party", "statement", ["session_id", "party_id"])
    op.create_index(op.f("ix_statement_party_id"), "statement", ["party_id"])
    op.create_table(
        "statement_file",
        sa.Column("statement_id", sa.String(16), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statement.id"], name=op.f("fk_statement_file_statement_id_statement")
        ),
        sa.PrimaryKeyConstraint("statement_id", name=op.f("pk_statement_file")),
    )
    op.create_table(
        "seen",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(120), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_seen_user_id_user")),
        sa.PrimaryKeyConstraint("user_id", "channel", name=op.f("pk_seen")),
    )
    op.create_table(
        "session_follow",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_session_follow_user_id_user")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_session_follow_session_id_session")),
        sa.PrimaryKeyConstraint("user_id", "session_id", name=op.f("pk_session_follow")),
    )
    op.create_table(
        "inbox_mark",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("read_at", moment, nullable=True),
        sa.Column("dismissed_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_inbox_mark_user_id_user")),
        sa.PrimaryKeyConstraint("user_id", "key", name=op.f("pk_inbox_mark")),
    )


def downgrade() -> None:
    for table in ("inbox_mark", "session_follow", "seen", "statement_file", "statement", "delegation_note"):
        op.drop_table(table)
