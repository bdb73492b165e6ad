"""Decisions, ballots, explanations, rule sets.

Revision ID: 0006
Revises: 0005
Create Date: 2026-11-24
"""

from alembic import op
import sqlalchemy as sa


revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: SQLite would build the table anew, and others point to it.
    op.add_column("group", sa.Column("ruleset", sa.String(40), nullable=False, server_default="gm-consensus-1"))


def downgrade() -> None:
    op.drop_column("group", "ruleset")
