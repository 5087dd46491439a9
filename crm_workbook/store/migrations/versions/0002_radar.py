"""What the radar keeps: states, gate items, confirmed links, self-checks

Revision: 0002; after: 0001
"""
from alembic import op
import sqlalchemy as sa
import sqlmodel

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('gate_mark',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('item', sa.Text(), server_default='', nullable=False),
    sa.Column('phase', sa.Text(), server_default='', nullable=False),
    sa.Column('mark', sa.Text(), server_default='', nullable=False),
    sa.Column('person', sa.Text(), server_default='', nullable=False),
    sa.Column('on', sa.Date(), nullable=True),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_gate_mark'))
    )
    op.create_table('link_check',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('source', sa.Text(), server_default='', nullable=False),
    sa.Column('target', sa.Text(), server_default='', nullable=False),
    sa.Column('on', sa.Date(), nullable=True),
    sa.Column('person', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_link_check'))
    )
    op.create_table('self_check_answer',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('statement', sa.Text(), server_default='', nullable=False),
    sa.Column('applies', sa.Boolean(), nullable=True),
    sa.Column('person', sa.Text(), server_default='', nullable=False),
    sa.Column('on', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_self_check_answer'))
    )
    op.create_table('snapshot',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('on', sa.Date(), nullable=True),
    sa.Column('meeting', sa.Text(), server_default='', nullable=False),
    sa.Column('findings', sa.Text(), server_default='[]', nullable=False),
    sa.Column('figures', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_snapshot'))
    )
    with op.batch_alter_table('finding_response', schema=None) as batch_op:
        batch_op.add_column(sa.Column('severity', sa.Text(), server_default='', nullable=False))
    with op.batch_alter_table('gate_sign_off', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reopened_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('reopened_by', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('readiness', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('stops', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('figures', sa.Text(), server_default='', nullable=False))
