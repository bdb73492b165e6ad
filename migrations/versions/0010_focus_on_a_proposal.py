"""The focus of a session may be one proposal on a paragraph.

Revision ID: 0010
Revises: 0009
Create Date: 2026-11-27
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("session", sa.Column("focus_proposal", sa.String(16), nullable=True))


def downgrade() -> None:
    op.drop_column("session", "focus_proposal")
