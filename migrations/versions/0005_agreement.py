"""Stances on words, levels of agreement, packages.

Revision ID: 0005
Revises: 0004
Create Date: 2026-11-24
"""

from alembic import op
import sqlalchemy as sa

import app.extensions

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(60), nullable=False),
        sa.Column("openness", sa.String(20), nullable=False),
        sa.Column("holder", sa.String(60), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("on_behalf_of", sa.String(200), nullable=True),
        sa.Column("code", sa.String(20), nullable=True),
        sa.Column("note", sa.String(400), nullable=False),
        sa.Column("condition", sa.String(40), nullable=True),
        sa.Column("met", sa.Boolean(), nullable=False),
        sa.Column("view", sa.Boolean(), nullable=False),
        sa.Column("wording", sa.String(64), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("at", app.extensions.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_stance_draft_id_draft")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_stance_party_id_party")),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_stance_version_id_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stance")),
        sa.UniqueConstraint(
            "draft_id", "target", "openness", "holder", name=op.f("uq_stance_draft_id_target_openness_holder")
        ),
    )
    op.create_index(op.f("ix_stance_party_id"), "stance", ["party_id"])
    op.create_table(
        "agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("openness", sa.String(20), nullable=False),
        sa.Column("paragraph", sa.String(40), nullable=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("standing", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_agreement_draft_id_draft")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint(
            "draft_id", "openness", "paragraph", name=op.f("uq_agreement_draft_id_openness_paragraph")
        ),
    )
    op.create_table(
        "bridging",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("paragraph", sa.String(40), nullable=False),
        sa.Column("openness", sa.String(20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("proposal_id", sa.String(16), nullable=True),
        sa.Column("at", app.extensions.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_bridging_draft_id_draft")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_bridging_proposal_id_proposal")),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_bridging_version_id_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bridging")),
        sa.UniqueConstraint("draft_id", "openness", "number", name=op.f("uq_bridging_draft_id_openness_number")),
    )
    op.create_index("ix_bridging_draft_state", "bridging", ["draft_id", "state"])
    op.create_table(
        "bridging_wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bridging_id", sa.String(16), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", app.extensions.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bridging_id"], ["bridging.id"], name=op.f("fk_bridging_wording_bridging_id_bridging")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bridging_wording")),
        sa.UniqueConstraint("bridging_id", "revision", name=op.f("uq_bridging_wording_bridging_id_revision")),
    )
    op.create_table(
        "editorial_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("paragraph", sa.String(40), nullable=False),
        sa.Column("wording", sa.String(64), nullable=False),
        sa.Column("note", sa.String(400), nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("at", app.extensions.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_editorial_mark_draft_id_draft")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editorial_mark")),
        sa.UniqueConstraint("draft_id", "paragraph", name=op.f("uq_editorial_mark_draft_id_paragraph")),
    )
    op.create_table(
        "stocktaking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("at", app.extensions.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_stocktaking_draft_id_draft")),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_stocktaking_version_id_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stocktaking")),
        sa.UniqueConstraint("draft_id", "number", name=op.f("uq_stocktaking_draft_id_number")),
    )


def downgrade() -> None:
    for name in ("stocktaking", "editorial_mark", "bridging_wording", "bridging", "agreement", "stance"):
        op.drop_table(name)
