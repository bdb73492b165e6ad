"""Proposals, their wordings, sponsors and stances; agreed language.

Revision ID: 0002
Revises: 0001
Create Date: 2026-11-24
"""

from alembic import op
import sqlalchemy as sa

import app.extensions


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('precedent',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('added_by', sa.String(length=200), nullable=False),
    sa.Column('added_at', app.extensions.UtcDateTime(), nullable=False),
    sa.Column('withdrawn_at', app.extensions.UtcDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_precedent'))
    )
    op.create_table('proposal',
    sa.Column('id', sa.String(length=16), nullable=False),
    sa.Column('draft_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=True),
    sa.Column('openness', sa.String(length=20), nullable=False),
    sa.Column('made_on_id', sa.Integer(), nullable=False),
    sa.Column('base_id', sa.Integer(), nullable=False),
    sa.Column('anchor_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('paragraph', sa.String(length=40), nullable=True),
    sa.Column('after', sa.String(length=40), nullable=True),
    sa.Column('others', sa.JSON(), nullable=False),
    sa.Column('parts', sa.JSON(), nullable=False),
    sa.Column('new_kind', sa.String(length=20), nullable=True),
    sa.Column('new_level', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('rationale', sa.Text(), nullable=False),
    sa.Column('rationale_html', sa.Text(), nullable=False),
    sa.Column('conditions', sa.String(length=400), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('verdict', sa.String(length=20), nullable=True),
    sa.Column('verdict_detail', sa.String(length=400), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=True),
    sa.Column('office', sa.String(length=20), nullable=True),
    sa.Column('on_behalf_of', sa.String(length=200), nullable=True),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('actor', sa.JSON(), nullable=False),
    sa.Column('made_in', sa.String(length=40), nullable=True),
    sa.Column('created_at', app.extensions.UtcDateTime(), nullable=False),
    sa.Column('released_at', app.extensions.UtcDateTime(), nullable=True),
    sa.Column('ended_at', app.extensions.UtcDateTime(), nullable=True),
    sa.Column('fate_version_id', sa.Integer(), nullable=True),
    sa.Column('fate_reason', sa.Text(), nullable=False),
    sa.Column('merged_into_id', sa.String(length=16), nullable=True),
    sa.Column('planned', sa.String(length=20), nullable=True),
    sa.Column('planned_reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['anchor_id'], ['version.id'], name=op.f('fk_proposal_anchor_id_version')),
    sa.ForeignKeyConstraint(['author_id'], ['user.id'], name=op.f('fk_proposal_author_id_user')),
    sa.ForeignKeyConstraint(['base_id'], ['version.id'], name=op.f('fk_proposal_base_id_version')),
    sa.ForeignKeyConstraint(['draft_id'], ['draft.id'], name=op.f('fk_proposal_draft_id_draft')),
    sa.ForeignKeyConstraint(['fate_version_id'], ['version.id'], name=op.f('fk_proposal_fate_version_id_version')),
    sa.ForeignKeyConstraint(['made_on_id'], ['version.id'], name=op.f('fk_proposal_made_on_id_version')),
    sa.ForeignKeyConstraint(['merged_into_id'], ['proposal.id'], name=op.f('fk_proposal_merged_into_id_proposal')),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_proposal_party_id_party')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposal')),
    sa.UniqueConstraint('draft_id', 'openness', 'number', name=op.f('uq_proposal_draft_id_openness_number'))
    )
    with op.batch_alter_table('proposal', schema=None) as batch_op:
        batch_op.create_index('ix_proposal_base_state', ['base_id', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_proposal_paragraph'), ['paragraph'], unique=False)
        batch_op.create_index('ix_proposal_party_state', ['party_id', 'state'], unique=False)

    op.create_table('proposal_sponsor',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.String(length=16), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('on_behalf_of', sa.String(length=200), nullable=True),
    sa.Column('invited', sa.Boolean(), nullable=False),
    sa.Column('since', app.extensions.UtcDateTime(), nullable=False),
    sa.Column('until', app.extensions.UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_proposal_sponsor_party_id_party')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_proposal_sponsor_proposal_id_proposal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposal_sponsor')),
    sa.UniqueConstraint('proposal_id', 'party_id', name=op.f('uq_proposal_sponsor_proposal_id_party_id'))
    )
    with op.batch_alter_table('proposal_sponsor', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_proposal_sponsor_party_id'), ['party_id'], unique=False)

    op.create_table('proposal_stance',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.String(length=16), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('on_behalf_of', sa.String(length=200), nullable=True),
    sa.Column('note', sa.String(length=400), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('at', app.extensions.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_proposal_stance_party_id_party')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_proposal_stance_proposal_id_proposal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposal_stance')),
    sa.UniqueConstraint('proposal_id', 'party_id', name=op.f('uq_proposal_stance_proposal_id_party_id'))
    )
    with op.batch_alter_table('proposal_stance', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_proposal_stance_party_id'), ['party_id'], unique=False)

    op.create_table('proposal_wording',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.String(length=16), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('cause', sa.String(length=20), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('verdict', sa.String(length=20), nullable=True),
    sa.Column('at', app.extensions.UtcDateTime(), nullable=False),
    sa.Column('by', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_proposal_wording_proposal_id_proposal')),
    sa.ForeignKeyConstraint(['version_id'], ['version.id'], name=op.f('fk_proposal_wording_version_id_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposal_wording')),
    sa.UniqueConstraint('proposal_id', 'revision', name=op.f('uq_proposal_wording_proposal_id_revision'))
    )
    with op.batch_alter_table('proposal_wording', schema=None) as batch_op:
        batch_op.create_index('ix_proposal_wording_version', ['version_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('proposal_wording', schema=None) as batch_op:
        batch_op.drop_index('ix_proposal_wording_version')

    op.drop_table('proposal_wording')
    with op.batch_alter_table('proposal_stance', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_proposal_stance_party_id'))

    op.drop_table('proposal_stance')
    with op.batch_alter_table('proposal_sponsor', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_proposal_sponsor_party_id'))

    op.drop_table('proposal_sponsor')
    with op.batch_alter_table('proposal', schema=None) as batch_op:
        batch_op.drop_index('ix_proposal_party_state')
        batch_op.drop_index(batch_op.f('ix_proposal_paragraph'))
        batch_op.drop_index('ix_proposal_base_state')

    op.drop_table('proposal')
    op.drop_table('precedent')
