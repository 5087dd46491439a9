"""The first tables

Revision: 0001; after: nothing
"""
from alembic import op
import sqlalchemy as sa
import sqlmodel

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('acceptance_test',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('phase', sa.Text(), server_default='', nullable=False),
    sa.Column('function', sa.Text(), server_default='', nullable=False),
    sa.Column('requirement', sa.Text(), server_default='', nullable=False),
    sa.Column('tester', sa.Text(), server_default='', nullable=False),
    sa.Column('passed_on', sa.Date(), nullable=True),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_acceptance_test'))
    )
    op.create_table('answer',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('vendor', sa.Text(), server_default='', nullable=False),
    sa.Column('question', sa.Text(), server_default='', nullable=False),
    sa.Column('state', sa.Text(), server_default='', nullable=False),
    sa.Column('value', sa.Text(), server_default='', nullable=False),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.Column('evidence', sa.Text(), server_default='', nullable=False),
    sa.Column('reference', sa.Text(), server_default='', nullable=False),
    sa.Column('evidence_on', sa.Date(), nullable=True),
    sa.Column('asked_on', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_answer'))
    )
    op.create_table('assignment',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('role', sa.Text(), server_default='', nullable=False),
    sa.Column('person', sa.Text(), server_default='', nullable=False),
    sa.Column('deputy', sa.Text(), server_default='', nullable=False),
    sa.Column('hours', sa.Float(), nullable=True),
    sa.Column('since', sa.Date(), nullable=True),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('confirmed', sa.Boolean(), nullable=True),
    sa.Column('relieved_hours', sa.Float(), nullable=True),
    sa.Column('incentive', sa.Text(), server_default='', nullable=False),
    sa.Column('objections', sa.Text(), server_default='', nullable=False),
    sa.Column('waiver', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_assignment'))
    )
    op.create_table('change_request',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('why', sa.Text(), server_default='', nullable=False),
    sa.Column('asked_on', sa.Date(), nullable=True),
    sa.Column('asked_by', sa.Text(), server_default='', nullable=False),
    sa.Column('planned_on', sa.Date(), nullable=True),
    sa.Column('delivered_on', sa.Date(), nullable=True),
    sa.Column('declined', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_change_request'))
    )
    op.create_table('company_goal',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('department', sa.Text(), server_default='', nullable=False),
    sa.Column('user_benefit', sa.Text(), server_default='', nullable=False),
    sa.Column('owner', sa.Text(), server_default='', nullable=False),
    sa.Column('weight', sa.BigInteger(), nullable=True),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_company_goal'))
    )
    op.create_table('conflict',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('first', sa.Text(), server_default='', nullable=False),
    sa.Column('second', sa.Text(), server_default='', nullable=False),
    sa.Column('settled', sa.Text(), server_default='', nullable=False),
    sa.Column('settled_on', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_conflict'))
    )
    op.create_table('contract_point',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('vendor', sa.Text(), server_default='', nullable=False),
    sa.Column('item', sa.Text(), server_default='', nullable=False),
    sa.Column('state', sa.Text(), server_default='', nullable=False),
    sa.Column('where', sa.Text(), server_default='', nullable=False),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_contract_point'))
    )
    op.create_table('control_measure',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('on', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_control_measure'))
    )
    op.create_table('cost_line',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('vendor', sa.Text(), server_default='', nullable=False),
    sa.Column('bucket', sa.Text(), server_default='', nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('kind', sa.Text(), server_default='', nullable=False),
    sa.Column('basis', sa.Text(), server_default='', nullable=False),
    sa.Column('units', sa.Float(), nullable=True),
    sa.Column('low', sa.BigInteger(), nullable=True),
    sa.Column('likely', sa.BigInteger(), nullable=True),
    sa.Column('high', sa.BigInteger(), nullable=True),
    sa.Column('growth', sa.Float(), nullable=True),
    sa.Column('question', sa.Text(), server_default='', nullable=False),
    sa.Column('late', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_cost_line'))
    )
    op.create_table('counter',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('last', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_counter'))
    )
    op.create_table('crm_goal',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('company_goals', sa.Text(), server_default='[]', nullable=False),
    sa.Column('behaviour', sa.Text(), server_default='', nullable=False),
    sa.Column('owner', sa.Text(), server_default='', nullable=False),
    sa.Column('indicator', sa.Text(), server_default='', nullable=False),
    sa.Column('unit', sa.Text(), server_default='', nullable=False),
    sa.Column('direction', sa.Text(), server_default='', nullable=False),
    sa.Column('baseline', sa.Float(), nullable=True),
    sa.Column('baseline_on', sa.Date(), nullable=True),
    sa.Column('target', sa.Float(), nullable=True),
    sa.Column('target_on', sa.Date(), nullable=True),
    sa.Column('customer_side', sa.Boolean(), nullable=True),
    sa.Column('too_broad', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('phrase_checked', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_crm_goal'))
    )
    op.create_table('data_form',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('name', sa.Text(), server_default='', nullable=False),
    sa.Column('process', sa.Text(), server_default='', nullable=False),
    sa.Column('mobile', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_data_form'))
    )
    op.create_table('data_item',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('name', sa.Text(), server_default='', nullable=False),
    sa.Column('places', sa.Text(), server_default='', nullable=False),
    sa.Column('master', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_data_item'))
    )
    op.create_table('decision',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('vendor', sa.Text(), server_default='', nullable=False),
    sa.Column('on', sa.Date(), nullable=True),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.Column('requirements', sa.Text(), server_default='[]', nullable=False),
    sa.Column('deciders', sa.Text(), server_default='[]', nullable=False),
    sa.Column('rejected', sa.Text(), server_default='', nullable=False),
    sa.Column('dissent', sa.Text(), server_default='', nullable=False),
    sa.Column('review_on', sa.Date(), nullable=True),
    sa.Column('reserve', sa.BigInteger(), nullable=True),
    sa.Column('period', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_decision'))
    )
    op.create_table('defect',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('severity', sa.Text(), server_default='', nullable=False),
    sa.Column('phase', sa.Text(), server_default='', nullable=False),
    sa.Column('found_on', sa.Date(), nullable=True),
    sa.Column('found_by', sa.Text(), server_default='', nullable=False),
    sa.Column('agreed_on', sa.Date(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_defect'))
    )
    op.create_table('department',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('name', sa.Text(), server_default='', nullable=False),
    sa.Column('kind', sa.Text(), server_default='', nullable=False),
    sa.Column('users', sa.BigInteger(), nullable=True),
    sa.Column('head', sa.Text(), server_default='', nullable=False),
    sa.Column('impact', sa.BigInteger(), nullable=True),
    sa.Column('usage', sa.Text(), server_default='', nullable=False),
    sa.Column('announced', sa.Date(), nullable=True),
    sa.Column('fears_asked', sa.Date(), nullable=True),
    sa.Column('needs_asked', sa.Date(), nullable=True),
    sa.Column('details_clarified', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_department'))
    )
    op.create_table('earlier_attempt',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('year', sa.BigInteger(), nullable=True),
    sa.Column('lesson', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_earlier_attempt'))
    )
    op.create_table('expectation',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('department', sa.Text(), server_default='', nullable=False),
    sa.Column('check', sa.Text(), server_default='', nullable=False),
    sa.Column('expected', sa.BigInteger(), nullable=True),
    sa.Column('got', sa.BigInteger(), nullable=True),
    sa.Column('phrase_checked', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_expectation'))
    )
    op.create_table('fear',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('fear', sa.Text(), server_default='', nullable=False),
    sa.Column('words', sa.Text(), server_default='', nullable=False),
    sa.Column('department', sa.Text(), server_default='', nullable=False),
    sa.Column('answer', sa.Text(), server_default='', nullable=False),
    sa.Column('agreed', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_fear'))
    )
    op.create_table('finding_response',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('pattern', sa.Text(), server_default='', nullable=False),
    sa.Column('response', sa.Text(), server_default='', nullable=False),
    sa.Column('person', sa.Text(), server_default='', nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_finding_response'))
    )
    op.create_table('fit',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('vendor', sa.Text(), server_default='', nullable=False),
    sa.Column('requirement', sa.Text(), server_default='', nullable=False),
    sa.Column('mark', sa.Text(), server_default='', nullable=False),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_fit'))
    )
    op.create_table('form_field',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('form', sa.Text(), server_default='', nullable=False),
    sa.Column('name', sa.Text(), server_default='', nullable=False),
    sa.Column('required', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('purpose', sa.Text(), server_default='', nullable=False),
    sa.Column('reader', sa.Text(), server_default='', nullable=False),
    sa.Column('list', sa.Text(), server_default='', nullable=False),
    sa.Column('item', sa.Text(), server_default='', nullable=False),
    sa.Column('uses', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_form_field'))
    )
    op.create_table('gate_sign_off',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('gate', sa.Text(), server_default='', nullable=False),
    sa.Column('phase', sa.Text(), server_default='', nullable=False),
    sa.Column('on', sa.Date(), nullable=True),
    sa.Column('verdict', sa.Text(), server_default='', nullable=False),
    sa.Column('people', sa.Text(), server_default='[]', nullable=False),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.Column('reopened', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_gate_sign_off'))
    )
    op.create_table('handout',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('kind', sa.Text(), server_default='', nullable=False),
    sa.Column('on', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_handout'))
    )
    op.create_table('incident',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('severity', sa.Text(), server_default='', nullable=False),
    sa.Column('reported_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('reported_by', sa.Text(), server_default='', nullable=False),
    sa.Column('fixed_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_incident'))
    )
    op.create_table('interest',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('person', sa.Text(), server_default='', nullable=False),
    sa.Column('has_interest', sa.Boolean(), nullable=True),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('settled', sa.Text(), server_default='', nullable=False),
    sa.Column('on', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_interest'))
    )
    op.create_table('interview',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('people', sa.Text(), server_default='[]', nullable=False),
    sa.Column('on', sa.Date(), nullable=True),
    sa.Column('by', sa.Text(), server_default='', nullable=False),
    sa.Column('notes', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_interview'))
    )
    op.create_table('journal',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('who', sa.Text(), nullable=False),
    sa.Column('session', sa.Text(), nullable=False),
    sa.Column('batch', sa.Text(), nullable=False),
    sa.Column('op', sa.Text(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('field', sa.Text(), nullable=False),
    sa.Column('old', sa.Text(), nullable=True),
    sa.Column('new', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_journal')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_journal_batch'), 'journal', ['batch'], unique=False)
    op.create_index(op.f('ix_journal_code_field_number'), 'journal', ['code', 'field', 'number'], unique=False)
    op.create_table('material',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('function', sa.Text(), server_default='', nullable=False),
    sa.Column('kind', sa.Text(), server_default='', nullable=False),
    sa.Column('where', sa.Text(), server_default='', nullable=False),
    sa.Column('ready_on', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_material'))
    )
    op.create_table('measurement',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('week', sa.Date(), nullable=True),
    sa.Column('phase', sa.Text(), server_default='', nullable=False),
    sa.Column('users', sa.BigInteger(), nullable=True),
    sa.Column('active', sa.BigInteger(), nullable=True),
    sa.Column('own_lists', sa.BigInteger(), nullable=True),
    sa.Column('in_time', sa.Float(), nullable=True),
    sa.Column('complete', sa.Float(), nullable=True),
    sa.Column('next_step', sa.Float(), nullable=True),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_measurement'))
    )
    op.create_table('metric_value',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('metric', sa.Text(), server_default='', nullable=False),
    sa.Column('goal', sa.Text(), server_default='', nullable=False),
    sa.Column('on', sa.Date(), nullable=True),
    sa.Column('value', sa.Float(), nullable=True),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_metric_value'))
    )
    op.create_table('motive',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('motive', sa.Text(), server_default='', nullable=False),
    sa.Column('words', sa.Text(), server_default='', nullable=False),
    sa.Column('said_by', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_motive'))
    )
    op.create_table('nomination',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('person', sa.Text(), server_default='', nullable=False),
    sa.Column('daily', sa.Boolean(), nullable=True),
    sa.Column('respected', sa.Boolean(), nullable=True),
    sa.Column('no_faction', sa.Boolean(), nullable=True),
    sa.Column('understands_programs', sa.BigInteger(), nullable=True),
    sa.Column('understands_work', sa.BigInteger(), nullable=True),
    sa.Column('willing', sa.Boolean(), nullable=True),
    sa.Column('relieved_hours', sa.Float(), nullable=True),
    sa.Column('incentive', sa.Text(), server_default='', nullable=False),
    sa.Column('by', sa.Text(), server_default='', nullable=False),
    sa.Column('on', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_nomination'))
    )
    op.create_table('office',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('name', sa.Text(), server_default='', nullable=False),
    sa.Column('users', sa.BigInteger(), nullable=True),
    sa.Column('calls', sa.BigInteger(), nullable=True),
    sa.Column('down_mbps', sa.Float(), nullable=True),
    sa.Column('up_kbps', sa.Float(), nullable=True),
    sa.Column('ping_ms', sa.Float(), nullable=True),
    sa.Column('measured_on', sa.Date(), nullable=True),
    sa.Column('second_line', sa.Boolean(), nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_office'))
    )
    op.create_table('old_tool',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('name', sa.Text(), server_default='', nullable=False),
    sa.Column('departments', sa.Text(), server_default='[]', nullable=False),
    sa.Column('same_data', sa.Boolean(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('cost', sa.BigInteger(), nullable=True),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_old_tool'))
    )
    op.create_table('open_decision',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('raised_on', sa.Date(), nullable=True),
    sa.Column('decider', sa.Text(), server_default='', nullable=False),
    sa.Column('decision', sa.Text(), server_default='', nullable=False),
    sa.Column('decided_on', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_open_decision'))
    )
    op.create_table('option_list',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('name', sa.Text(), server_default='', nullable=False),
    sa.Column('options', sa.Text(), server_default='', nullable=False),
    sa.Column('other_share', sa.Float(), nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_option_list'))
    )
    op.create_table('payment',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('vendor', sa.Text(), server_default='', nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('phase', sa.Text(), server_default='', nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=True),
    sa.Column('due', sa.Date(), nullable=True),
    sa.Column('needs_acceptance', sa.Boolean(), nullable=True),
    sa.Column('accepted_on', sa.Date(), nullable=True),
    sa.Column('paid_on', sa.Date(), nullable=True),
    sa.Column('both_signed', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_payment'))
    )
    op.create_table('person',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('name', sa.Text(), server_default='', nullable=False),
    sa.Column('side', sa.Text(), server_default='', nullable=False),
    sa.Column('department', sa.Text(), server_default='', nullable=False),
    sa.Column('job', sa.Text(), server_default='', nullable=False),
    sa.Column('in_group', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('from_it', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('everyday_user', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('decider', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('early_follower', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('hours', sa.Float(), nullable=True),
    sa.Column('decides_up_to', sa.BigInteger(), nullable=True),
    sa.Column('agrees_with_idea', sa.Boolean(), nullable=True),
    sa.Column('contact', sa.Text(), server_default='', nullable=False),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_person'))
    )
    op.create_table('phase',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('order', sa.BigInteger(), nullable=True),
    sa.Column('goals', sa.Text(), server_default='[]', nullable=False),
    sa.Column('departments', sa.Text(), server_default='[]', nullable=False),
    sa.Column('users', sa.BigInteger(), nullable=True),
    sa.Column('start', sa.Date(), nullable=True),
    sa.Column('first_result', sa.Date(), nullable=True),
    sa.Column('go_live', sa.Date(), nullable=True),
    sa.Column('end', sa.Date(), nullable=True),
    sa.Column('buffer_days', sa.BigInteger(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('client_mark', sa.BigInteger(), nullable=True),
    sa.Column('vendor_mark', sa.BigInteger(), nullable=True),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_phase'))
    )
    op.create_table('phase_function',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('phase', sa.Text(), server_default='', nullable=False),
    sa.Column('function', sa.Text(), server_default='', nullable=False),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.Column('goals', sa.Text(), server_default='[]', nullable=False),
    sa.Column('points', sa.BigInteger(), nullable=True),
    sa.Column('used_from', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_phase_function'))
    )
    op.create_table('postponed',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('when', sa.Date(), nullable=True),
    sa.Column('where', sa.Text(), server_default='', nullable=False),
    sa.Column('how', sa.Text(), server_default='', nullable=False),
    sa.Column('times', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_postponed'))
    )
    op.create_table('process',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('name', sa.Text(), server_default='', nullable=False),
    sa.Column('in_scope', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('owner', sa.Text(), server_default='', nullable=False),
    sa.Column('departments', sa.Text(), server_default='[]', nullable=False),
    sa.Column('deadline', sa.Text(), server_default='', nullable=False),
    sa.Column('result', sa.Text(), server_default='', nullable=False),
    sa.Column('can_go', sa.Text(), server_default='', nullable=False),
    sa.Column('steps_before', sa.BigInteger(), nullable=True),
    sa.Column('steps_after', sa.BigInteger(), nullable=True),
    sa.Column('merged', sa.Boolean(), nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_process'))
    )
    op.create_table('process_version',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('process', sa.Text(), server_default='', nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('on', sa.Date(), nullable=True),
    sa.Column('steps', sa.BigInteger(), nullable=True),
    sa.Column('in_crm_on', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_process_version'))
    )
    op.create_table('project',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('company', sa.Text(), server_default='', nullable=False),
    sa.Column('start', sa.Date(), nullable=True),
    sa.Column('idea', sa.Text(), server_default='', nullable=False),
    sa.Column('rescue', sa.Boolean(), nullable=True),
    sa.Column('currency', sa.Text(), server_default='', nullable=False),
    sa.Column('hour_cost', sa.BigInteger(), nullable=True),
    sa.Column('budget_low', sa.BigInteger(), nullable=True),
    sa.Column('budget_high', sa.BigInteger(), nullable=True),
    sa.Column('plain_language', sa.Boolean(), nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_project'))
    )
    op.create_table('pulse',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('on', sa.Date(), nullable=True),
    sa.Column('mark', sa.BigInteger(), nullable=True),
    sa.Column('department', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_pulse'))
    )
    op.create_table('question',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('asked_by', sa.Text(), server_default='', nullable=False),
    sa.Column('person', sa.Text(), server_default='', nullable=False),
    sa.Column('asked_on', sa.Date(), nullable=True),
    sa.Column('waits_for', sa.Text(), server_default='', nullable=False),
    sa.Column('answer', sa.Text(), server_default='', nullable=False),
    sa.Column('answered_on', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_question'))
    )
    op.create_table('reason',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('side', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_reason'))
    )
    op.create_table('release',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('phase', sa.Text(), server_default='', nullable=False),
    sa.Column('vendor_tested_on', sa.Date(), nullable=True),
    sa.Column('client_tested_on', sa.Date(), nullable=True),
    sa.Column('given_on', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_release'))
    )
    op.create_table('requirement',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('why', sa.Text(), server_default='', nullable=False),
    sa.Column('priority', sa.Text(), server_default='', nullable=False),
    sa.Column('state', sa.Text(), server_default='', nullable=False),
    sa.Column('department', sa.Text(), server_default='', nullable=False),
    sa.Column('author', sa.Text(), server_default='', nullable=False),
    sa.Column('goals', sa.Text(), server_default='[]', nullable=False),
    sa.Column('processes', sa.Text(), server_default='[]', nullable=False),
    sa.Column('functions', sa.Text(), server_default='[]', nullable=False),
    sa.Column('phase', sa.Text(), server_default='', nullable=False),
    sa.Column('tester', sa.Text(), server_default='', nullable=False),
    sa.Column('accepted_on', sa.Date(), nullable=True),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_requirement'))
    )
    op.create_table('role_change',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('role', sa.Text(), server_default='', nullable=False),
    sa.Column('before', sa.Text(), server_default='', nullable=False),
    sa.Column('after', sa.Text(), server_default='', nullable=False),
    sa.Column('on', sa.Date(), nullable=True),
    sa.Column('confirmed_on', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_role_change'))
    )
    op.create_table('scale',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('users_total', sa.BigInteger(), nullable=True),
    sa.Column('users_at_once', sa.BigInteger(), nullable=True),
    sa.Column('users_mobile', sa.BigInteger(), nullable=True),
    sa.Column('calls_at_once', sa.BigInteger(), nullable=True),
    sa.Column('data_gb', sa.Float(), nullable=True),
    sa.Column('letters_per_day', sa.BigInteger(), nullable=True),
    sa.Column('branch_note', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_scale'))
    )
    op.create_table('sign_off',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('department', sa.Text(), server_default='', nullable=False),
    sa.Column('person', sa.Text(), server_default='', nullable=False),
    sa.Column('everyday_user', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('on', sa.Date(), nullable=True),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_sign_off'))
    )
    op.create_table('sponsor_talk',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('on', sa.Date(), nullable=True),
    sa.Column('result', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_sponsor_talk'))
    )
    op.create_table('stage',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('process', sa.Text(), server_default='', nullable=False),
    sa.Column('order', sa.BigInteger(), nullable=True),
    sa.Column('name', sa.Text(), server_default='', nullable=False),
    sa.Column('who', sa.Text(), server_default='', nullable=False),
    sa.Column('deadline', sa.Text(), server_default='', nullable=False),
    sa.Column('goes', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_stage'))
    )
    op.create_table('strategy_change',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('on', sa.Date(), nullable=True),
    sa.Column('reviewed_on', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_strategy_change'))
    )
    op.create_table('suggestion',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('department', sa.Text(), server_default='', nullable=False),
    sa.Column('person', sa.Text(), server_default='', nullable=False),
    sa.Column('on', sa.Date(), nullable=True),
    sa.Column('state', sa.Text(), server_default='', nullable=False),
    sa.Column('answer', sa.Text(), server_default='', nullable=False),
    sa.Column('answered_on', sa.Date(), nullable=True),
    sa.Column('requirement', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_suggestion'))
    )
    op.create_table('support',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('months', sa.BigInteger(), nullable=True),
    sa.Column('basic_only', sa.Boolean(), nullable=True),
    sa.Column('learning_hours', sa.Float(), nullable=True),
    sa.Column('contact', sa.Text(), server_default='', nullable=False),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_support'))
    )
    op.create_table('survey_answer',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('question', sa.Text(), server_default='', nullable=False),
    sa.Column('answer', sa.Text(), server_default='', nullable=False),
    sa.Column('department', sa.Text(), server_default='', nullable=False),
    sa.Column('person', sa.Text(), server_default='', nullable=False),
    sa.Column('on', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_survey_answer'))
    )
    op.create_table('test_data',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('where', sa.Text(), server_default='', nullable=False),
    sa.Column('delete_by', sa.Date(), nullable=True),
    sa.Column('deleted_on', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_test_data'))
    )
    op.create_table('training_event',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('element', sa.Text(), server_default='', nullable=False),
    sa.Column('phase', sa.Text(), server_default='', nullable=False),
    sa.Column('on', sa.Date(), nullable=True),
    sa.Column('minutes', sa.BigInteger(), nullable=True),
    sa.Column('led_by', sa.Text(), server_default='', nullable=False),
    sa.Column('invited', sa.Text(), server_default='[]', nullable=False),
    sa.Column('attended', sa.Text(), server_default='[]', nullable=False),
    sa.Column('passed', sa.Text(), server_default='[]', nullable=False),
    sa.Column('held', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('questions', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_training_event'))
    )
    op.create_table('trial',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('vendor', sa.Text(), server_default='', nullable=False),
    sa.Column('kind', sa.Text(), server_default='', nullable=False),
    sa.Column('on', sa.Date(), nullable=True),
    sa.Column('people', sa.Text(), server_default='[]', nullable=False),
    sa.Column('real_load', sa.Boolean(), nullable=True),
    sa.Column('result', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_trial'))
    )
    op.create_table('unfinished',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('record', sa.Text(), server_default='', nullable=False),
    sa.Column('field', sa.Text(), server_default='', nullable=False),
    sa.Column('text', sa.Text(), server_default='', nullable=False),
    sa.Column('who', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_unfinished'))
    )
    op.create_table('vendor',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('name', sa.Text(), server_default='', nullable=False),
    sa.Column('product', sa.Text(), server_default='', nullable=False),
    sa.Column('state', sa.Text(), server_default='', nullable=False),
    sa.Column('out_because', sa.Text(), server_default='', nullable=False),
    sa.Column('contact', sa.Text(), server_default='', nullable=False),
    sa.Column('first_talk', sa.Date(), nullable=True),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_vendor'))
    )
    op.create_table('vendor_promise',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('vendor', sa.Text(), server_default='', nullable=False),
    sa.Column('promise', sa.Text(), server_default='', nullable=False),
    sa.Column('explained', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_vendor_promise'))
    )
    op.create_table('workaround',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('kind', sa.Text(), server_default='', nullable=False),
    sa.Column('department', sa.Text(), server_default='', nullable=False),
    sa.Column('found_on', sa.Date(), nullable=True),
    sa.Column('minutes', sa.BigInteger(), nullable=True),
    sa.Column('cause', sa.Text(), server_default='', nullable=False),
    sa.Column('decision', sa.Text(), server_default='', nullable=False),
    sa.Column('change', sa.Text(), server_default='', nullable=False),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_workaround'))
    )
    op.create_table('workbook',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('created', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workbook'))
    )
    op.create_table('working_rule',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('function', sa.Text(), server_default='', nullable=False),
    sa.Column('agreed_on', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_working_rule'))
    )
    op.create_table('workshop',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('title', sa.Text(), server_default='', nullable=False),
    sa.Column('agenda', sa.Text(), server_default='', nullable=False),
    sa.Column('on', sa.Date(), nullable=True),
    sa.Column('led_by', sa.Text(), server_default='', nullable=False),
    sa.Column('expected', sa.Text(), server_default='[]', nullable=False),
    sa.Column('attended', sa.Text(), server_default='[]', nullable=False),
    sa.Column('result', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_workshop'))
    )
