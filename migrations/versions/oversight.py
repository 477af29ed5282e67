"""Requests to take statistics out, accountability records, the do-not list's lines, where people log in."""

import sqlalchemy as sa
from alembic import op

revision = 'oversight'
down_revision = 'rating'


def upgrade() -> None:
    op.create_table('export_request',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('what', sa.String(length=20), nullable=False),
    sa.Column('columns', sa.JSON(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=False),
    sa.Column('purpose', sa.Text(), nullable=False),
    sa.Column('recipient', sa.String(length=100), nullable=False),
    sa.Column('requester_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('requester_name', sa.String(length=100), nullable=False),
    sa.Column('decided_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_by_name', sa.String(length=100), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('rows', sa.Integer(), nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=True),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('late_told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('office_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.String(length=64), nullable=False),
    sa.CheckConstraint("state <> 'used' or sha256 is not null", name='export_request_used'),
    sa.CheckConstraint("state = 'requested' or decided_by_id is not null", name='export_request_decided'),
    sa.CheckConstraint("state in ('requested', 'approved', 'refused', 'used', 'expired')", name='export_request_state'),
    sa.CheckConstraint("what in ('applications', 'ledger_rows', 'archive_catalogue', 'refused_acts')", name='export_request_what'),
    sa.CheckConstraint('decided_by_id is null or decided_by_id <> requester_id', name='export_request_two_people'),
    sa.CheckConstraint('from_on <= to_on', name='export_request_days'),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], ),
    sa.ForeignKeyConstraint(['decided_by_id'], ['ab_user.id'], ),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], ),
    sa.ForeignKeyConstraint(['requester_id'], ['ab_user.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('number')
    )
    with op.batch_alter_table('export_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_export_request_centre_id'), ['centre_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_export_request_office_id'), ['office_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_export_request_requester_id'), ['requester_id'], unique=False)

    op.create_table('accountability_record',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('respondent_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('respondent_name', sa.String(length=100), nullable=False),
    sa.Column('article', sa.String(length=20), nullable=False),
    sa.Column('source', sa.String(length=20), nullable=False),
    sa.Column('source_kind', sa.String(length=30), nullable=True),
    sa.Column('source_id', sa.Integer(), nullable=True),
    sa.Column('evidence_application_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('evidence_files', sa.JSON(), nullable=False),
    sa.Column('facts', sa.Text(), nullable=False),
    sa.Column('opened_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('opened_by_name', sa.String(length=100), nullable=False),
    sa.Column('statement', sa.Text(), nullable=True),
    sa.Column('heard_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_by_name', sa.String(length=100), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('measure', sa.String(length=20), nullable=True),
    sa.Column('decision', sa.Text(), nullable=True),
    sa.Column('correction', sa.Text(), nullable=True),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('late_told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('office_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.String(length=64), nullable=False),
    sa.CheckConstraint("source in ('lamp', 'complaint', 'refused_act', 'wrong_acceptance', 'other')", name='accountability_source'),
    sa.CheckConstraint("source_id is not null or evidence_application_id is not null or source = 'other'", name='accountability_evidence'),
    sa.CheckConstraint("state <> 'corrected' or correction is not null", name='accountability_corrected'),
    sa.CheckConstraint("state = 'open' or statement is not null", name='accountability_heard'),
    sa.CheckConstraint("state in ('open', 'heard', 'decided', 'corrected', 'dropped')", name='accountability_state'),
    sa.CheckConstraint("state not in ('decided', 'corrected') or decision is not null", name='accountability_decided'),
    sa.CheckConstraint('decided_by_id is null or (decided_by_id <> respondent_id and decided_by_id <> opened_by_id)', name='accountability_decider'),
    sa.CheckConstraint('opened_by_id <> respondent_id', name='accountability_opener'),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], ),
    sa.ForeignKeyConstraint(['decided_by_id'], ['ab_user.id'], ),
    sa.ForeignKeyConstraint(['evidence_application_id'], ['application.id'], ),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], ),
    sa.ForeignKeyConstraint(['opened_by_id'], ['ab_user.id'], ),
    sa.ForeignKeyConstraint(['respondent_id'], ['ab_user.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('number')
    )
    with op.batch_alter_table('accountability_record', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_accountability_record_centre_id'), ['centre_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_accountability_record_evidence_application_id'), ['evidence_application_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_accountability_record_office_id'), ['office_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_accountability_record_respondent_id'), ['respondent_id'], unique=False)

    with op.batch_alter_table('application', schema=None) as batch_op:
        batch_op.create_index('application_figures', ['office_id', 'state', 'is_demo', 'next_due_at', 'centre_id'], unique=False)

    with op.batch_alter_table('audit_row', schema=None) as batch_op:
        batch_op.create_index('audit_row_what', ['what', 'id'], unique=False)

    with op.batch_alter_table('clock_run', schema=None) as batch_op:
        batch_op.create_index('clock_run_ended', ['clock', 'stopped_at'], unique=False)

    with op.batch_alter_table('login_session', schema=None) as batch_op:
        batch_op.add_column(sa.Column('address', sa.String(length=45), nullable=True))

    with op.batch_alter_table('refused_act', schema=None) as batch_op:
        batch_op.add_column(sa.Column('category', sa.String(length=20), server_default='irregular', nullable=False))
        batch_op.create_index('refused_act_category', ['category', 'at'], unique=False)
