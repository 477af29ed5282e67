"""Weekly ledgers, their lines and workbooks, and where a department is sent them."""

import sqlalchemy as sa
from alembic import op

revision = 'reporting'
down_revision = 'oversight'


def upgrade() -> None:
    op.create_table('ledger_batch',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('number', sa.String(length=64), nullable=False),
    sa.Column('department_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('week_from', sa.Date(), nullable=False),
    sa.Column('week_to', sa.Date(), nullable=False),
    sa.Column('closed_count', sa.Integer(), nullable=False),
    sa.Column('change_count', sa.Integer(), nullable=False),
    sa.Column('rows_hash', sa.String(length=64), nullable=False),
    sa.Column('previous_hash', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('workbook_sha256', sa.String(length=64), nullable=False),
    sa.Column('token', sa.String(length=32), nullable=False),
    sa.Column('recipient', sa.String(length=200), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('next_try_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_error', sa.String(length=500), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('acknowledged_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('acknowledged_by', sa.String(length=100), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('late_told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('office_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.String(length=64), nullable=False),
    sa.CheckConstraint("state <> 'acknowledged' or (acknowledged_at is not null and acknowledged_by <> '')", name='ledger_acknowledged'),
    sa.CheckConstraint("state in ('built', 'sent', 'failed', 'acknowledged')", name='ledger_state'),
    sa.CheckConstraint("state not in ('sent', 'acknowledged') or sent_at is not null", name='ledger_sent'),
    sa.CheckConstraint('week_from < week_to', name='ledger_week'),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], ),
    sa.ForeignKeyConstraint(['department_id'], ['industry_department.id'], ),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('number'),
    sa.UniqueConstraint('office_id', 'department_id', 'week_from', name='ledger_once'),
    sa.UniqueConstraint('token')
    )
    with op.batch_alter_table('ledger_batch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ledger_batch_centre_id'), ['centre_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_ledger_batch_department_id'), ['department_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_ledger_batch_office_id'), ['office_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_ledger_batch_week_from'), ['week_from'], unique=False)

    op.create_table('ledger_workbook',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('batch_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['ledger_batch.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('ledger_workbook', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ledger_workbook_batch_id'), ['batch_id'], unique=True)

    op.create_table('ledger_row',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('batch_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('application_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('changed', sa.JSON(), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.CheckConstraint("kind in ('closed', 'change')", name='ledger_row_kind'),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], ),
    sa.ForeignKeyConstraint(['batch_id'], ['ledger_batch.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('batch_id', 'position', name='ledger_row_position')
    )
    with op.batch_alter_table('ledger_row', schema=None) as batch_op:
        batch_op.create_index('closed_in_one_ledger', ['application_id'], unique=True, sqlite_where=sa.text("kind = 'closed'"), postgresql_where=sa.text("kind = 'closed'"))
        batch_op.create_index(batch_op.f('ix_ledger_row_application_id'), ['application_id'], unique=False)

    with op.batch_alter_table('industry_department', schema=None) as batch_op:
        batch_op.add_column(sa.Column('mail', sa.String(length=200), server_default='', nullable=False))
