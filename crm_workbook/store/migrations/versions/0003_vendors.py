"""What the choice of a vendor needs: database sizes, weighings, the promise ledger, marks of answers in words

Revision: 0003; after: 0002
"""
from alembic import op
import sqlalchemy as sa
import sqlmodel

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('commitment',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('vendor', sa.Text(), server_default='', nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('answer', sa.Text(), server_default='', nullable=False),
    sa.Column('clause', sa.Text(), server_default='', nullable=False),
    sa.Column('clause_at', sa.Text(), server_default='', nullable=False),
    sa.Column('test', sa.Text(), server_default='', nullable=False),
    sa.Column('tester', sa.Text(), server_default='', nullable=False),
    sa.Column('due', sa.Date(), nullable=True),
    sa.Column('outcome', sa.Text(), server_default='', nullable=False),
    sa.Column('tested_on', sa.Date(), nullable=True),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_commitment'))
    )
    op.create_table('database_tier',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('vendor', sa.Text(), server_default='', nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('users', sa.BigInteger(), nullable=True),
    sa.Column('gb', sa.Float(), nullable=True),
    sa.Column('price', sa.BigInteger(), nullable=True),
    sa.Column('once', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_database_tier'))
    )
    op.create_table('weight_round',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('method', sa.Text(), server_default='', nullable=False),
    sa.Column('members', sa.Text(), server_default='[]', nullable=False),
    sa.Column('opened_on', sa.Date(), nullable=True),
    sa.Column('revealed_on', sa.Date(), nullable=True),
    sa.Column('sealed_on', sa.Date(), nullable=True),
    sa.Column('sealed_by', sa.Text(), server_default='[]', nullable=False),
    sa.Column('weights', sa.Text(), server_default='', nullable=False),
    sa.Column('seal', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_weight_round'))
    )
    op.create_table('weight_vote',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('round', sa.Text(), server_default='', nullable=False),
    sa.Column('person', sa.Text(), server_default='', nullable=False),
    sa.Column('criterion', sa.Text(), server_default='', nullable=False),
    sa.Column('points', sa.Float(), nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_weight_vote'))
    )
    with op.batch_alter_table('answer', schema=None) as batch_op:
        batch_op.add_column(sa.Column('mark', sa.Text(), server_default='', nullable=False))
    with op.batch_alter_table('cost_line', schema=None) as batch_op:
        batch_op.add_column(sa.Column('requirement', sa.Text(), server_default='', nullable=False))
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.add_column(sa.Column('answers', sa.Text(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('figures', sa.Text(), server_default='', nullable=False))
    with op.batch_alter_table('scale', schema=None) as batch_op:
        batch_op.add_column(sa.Column('users_growth', sa.Float(), nullable=True))

