"""Segments of a session, and what a head of delegation entrusts to a negotiator.

Revision ID: 0003
Revises: 0002
Create Date: 2026-11-24
"""

from alembic import op
import sqlalchemy as sa

import app.extensions


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: SQLite would build the table anew, and others point to it.
    op.add_column("session", sa.Column("mode", sa.String(20), nullable=False, server_default="formal"))
    op.add_column("session", sa.Column("segment_openness", sa.String(20), nullable=True))
    op.add_column("session", sa.Column("segment_since", app.extensions.UtcDateTime(), nullable=True))
    op.add_column("session", sa.Column("segment_focus", sa.String(40), nullable=True))
    op.add_column("session", sa.Column("attribution", sa.String(20), nullable=False, server_default="on_record"))
    with op.batch_alter_table("comment") as batch:
        batch.add_column(sa.Column("openness", sa.String(20), nullable=False, server_default=""))
        batch.alter_column("author_id", existing_type=sa.Integer(), nullable=True)
        batch.drop_constraint("uq_comment_session_id_seq", type_="unique")
        batch.create_unique_constraint("uq_comment_session_id_openness_seq", ["session_id", "openness", "seq"])
    op.add_column("search_entry", sa.Column("openness", sa.String(20), nullable=False, server_default=""))
    op.add_column("user", sa.Column("entrusted", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("user", "entrusted")
    op.execute("DELETE FROM search_entry WHERE openness <> ''")
    op.drop_column("search_entry", "openness")
    op.execute("DELETE FROM comment WHERE openness <> '' OR author_id IS NULL")
    with op.batch_alter_table("comment") as batch:
        batch.drop_constraint("uq_comment_session_id_openness_seq", type_="unique")
        batch.create_unique_constraint("uq_comment_session_id_seq", ["session_id", "seq"])
        batch.alter_column("author_id", existing_type=sa.Integer(), nullable=False)
        batch.drop_column("openness")
    for name in ("attribution", "segment_focus", "segment_since", "segment_openness", "mode"):
        op.drop_column("session", name)
