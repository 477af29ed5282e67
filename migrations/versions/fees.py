"""Fees and deposits: an item's standards, the county's public payment channels, what applicants owe."""

import sqlalchemy as sa
from alembic import op

revision = 'fees'
down_revision = 'ticketing'


def upgrade() -> None:
    op.create_table('payment_channel',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=50), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('account', sa.String(length=10), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.String(length=64), nullable=False),
    sa.CheckConstraint("account in ('treasury', 'office')", name='channel_account'),
    sa.CheckConstraint("kind in ('non_tax_platform', 'bank_counter', 'pos', 'qr')", name='channel_kind'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('code'),
    sa.UniqueConstraint('name')
    )
    op.create_table('item_fee',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('item_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('legal_basis', sa.Text(), nullable=False),
    sa.Column('unit_price', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.Column('unit_name', sa.String(length=30), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.String(length=64), nullable=False),
    sa.CheckConstraint("kind in ('fee', 'deposit')", name='standard_kind'),
    sa.CheckConstraint("trim(legal_basis) <> ''", name='standard_basis'),
    sa.CheckConstraint('unit_price > 0', name='standard_price'),
    sa.ForeignKeyConstraint(['item_id'], ['item.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('item_id', 'name', name='standard_name')
    )
    with op.batch_alter_table('item_fee', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_item_fee_item_id'), ['item_id'], unique=False)

    op.create_table('fee',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('legal_basis', sa.Text(), nullable=False),
    sa.Column('unit_price', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.Column('unit_name', sa.String(length=30), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('quantity', sa.Numeric(precision=12, scale=2), nullable=True),
    sa.Column('amount', sa.Numeric(precision=12, scale=2), nullable=True),
    sa.Column('channel_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('document_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('payment_code', sa.String(length=20), nullable=True),
    sa.Column('pay_by', sa.Date(), nullable=True),
    sa.Column('notified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('notified_by_name', sa.String(length=100), nullable=False),
    sa.Column('payment_no', sa.String(length=40), nullable=True),
    sa.Column('payer', sa.String(length=100), nullable=False),
    sa.Column('paid_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('method', sa.String(length=10), nullable=True),
    sa.Column('confirmed_by_name', sa.String(length=100), nullable=False),
    sa.Column('evidence_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('waiver_basis', sa.Text(), nullable=False),
    sa.Column('waiver_reason', sa.Text(), nullable=False),
    sa.Column('waived_by_name', sa.String(length=100), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('refund_no', sa.String(length=40), nullable=True),
    sa.Column('refunded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('refunded_by_name', sa.String(length=100), nullable=False),
    sa.Column('application_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.String(length=64), nullable=False),
    sa.CheckConstraint("(state = 'refunded') = (refund_no is not null)", name='fee_refund'),
    sa.CheckConstraint("(state in ('due', 'notified')) = (settled_at is null)", name='fee_settled'),
    sa.CheckConstraint("(state in ('paid', 'held', 'refunded')) = (payment_no is not null and paid_at is not null)", name='fee_paid'),
    sa.CheckConstraint("kind in ('fee', 'deposit')", name='fee_kind'),
    sa.CheckConstraint("method is null or method <> 'by_hand' or evidence_id is not null", name='fee_evidence'),
    sa.CheckConstraint("method is null or method in ('callback', 'by_hand')", name='fee_method'),
    sa.CheckConstraint("payment_no is null or payer <> '' and method is not null", name='fee_payer'),
    sa.CheckConstraint("state <> 'paid' or kind = 'fee'", name='fee_is_paid'),
    sa.CheckConstraint("state <> 'waived' or waiver_basis <> ''", name='fee_waiver'),
    sa.CheckConstraint("state in ('due', 'notified', 'paid', 'held', 'refunded', 'waived', 'ceased')", name='fee_state'),
    sa.CheckConstraint("state in ('due', 'waived', 'ceased') or (payment_code is not null and quantity is not null and amount is not null and channel_id is not null)", name='fee_notified'),
    sa.CheckConstraint("state not in ('held', 'refunded') or kind = 'deposit'", name='fee_deposit_is_held'),
    sa.CheckConstraint('amount is null or amount > 0', name='fee_amount'),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], ),
    sa.ForeignKeyConstraint(['channel_id'], ['payment_channel.id'], ),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], ),
    sa.ForeignKeyConstraint(['evidence_id'], ['stored_file.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('application_id', 'kind', name='fee_once'),
    sa.UniqueConstraint('payment_code'),
    sa.UniqueConstraint('payment_no'),
    sa.UniqueConstraint('refund_no')
    )
    with op.batch_alter_table('fee', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_fee_application_id'), ['application_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_fee_channel_id'), ['channel_id'], unique=False)
