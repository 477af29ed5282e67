"""Ratings, complaints, and the work orders of what was bad."""

import sqlalchemy as sa
from alembic import op

revision = 'rating'
down_revision = 'fees'


def upgrade() -> None:
    op.create_table('complaint',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('number', sa.String(length=30), nullable=False),
    sa.Column('source', sa.String(length=10), nullable=False),
    sa.Column('title', sa.String(length=100), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('application_no', sa.String(length=60), nullable=False),
    sa.Column('phone', sa.Text(), nullable=False),
    sa.Column('people', sa.JSON(), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('counted_from', sa.Date(), nullable=True),
    sa.Column('reply_days', sa.Integer(), nullable=False),
    sa.Column('contact_due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reply_due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('extended_to', sa.Date(), nullable=True),
    sa.Column('contacted_by_name', sa.String(length=100), nullable=False),
    sa.Column('contacted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('contact_note', sa.Text(), nullable=False),
    sa.Column('outcome', sa.String(length=12), nullable=True),
    sa.Column('rectification', sa.Text(), nullable=False),
    sa.Column('replied_by_name', sa.String(length=100), nullable=False),
    sa.Column('replied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('appeal_reason', sa.Text(), nullable=False),
    sa.Column('decision', sa.Text(), nullable=False),
    sa.Column('decided_by_name', sa.String(length=100), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('evidence_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('late_told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('office_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.String(length=64), nullable=False),
    sa.CheckConstraint("source in ('web', 'device', 'phone')", name='complaint_source'),
    sa.CheckConstraint("state in ('contact', 'rectify', 'replied', 'closed', 'appealed', 'voided')", name='complaint_state'),
    sa.CheckConstraint('(centre_id is null) <> (office_id is null)', name='complaint_place'),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], ),
    sa.ForeignKeyConstraint(['evidence_id'], ['stored_file.id'], ),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('number')
    )
    with op.batch_alter_table('complaint', schema=None) as batch_op:
        batch_op.create_index('complaint_waits', ['state', 'due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_complaint_centre_id'), ['centre_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_complaint_office_id'), ['office_id'], unique=False)

    op.create_table('rating',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('application_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('late_told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('person_name', sa.String(length=100), nullable=False),
    sa.Column('grade', sa.Integer(), nullable=True),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.Column('channel', sa.String(length=10), nullable=True),
    sa.Column('rated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('number', sa.String(length=30), nullable=True),
    sa.Column('concerns', sa.String(length=10), nullable=True),
    sa.Column('created_by', sa.String(length=64), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('counted_from', sa.Date(), nullable=True),
    sa.Column('reply_days', sa.Integer(), nullable=False),
    sa.Column('contact_due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reply_due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('extended_to', sa.Date(), nullable=True),
    sa.Column('contacted_by_name', sa.String(length=100), nullable=False),
    sa.Column('contacted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('contact_note', sa.Text(), nullable=False),
    sa.Column('outcome', sa.String(length=12), nullable=True),
    sa.Column('rectification', sa.Text(), nullable=False),
    sa.Column('replied_by_name', sa.String(length=100), nullable=False),
    sa.Column('replied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('appeal_reason', sa.Text(), nullable=False),
    sa.Column('decision', sa.Text(), nullable=False),
    sa.Column('decided_by_name', sa.String(length=100), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('evidence_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("(state in ('invited', 'unrated')) = (grade is null)", name='rating_no_default_grade'),
    sa.CheckConstraint("channel is null or channel in ('device', 'qr', 'sms')", name='rating_channel'),
    sa.CheckConstraint("concerns is null or concerns in ('centre', 'office')", name='rating_concerns'),
    sa.CheckConstraint("state in ('invited', 'rated', 'unrated', 'contact', 'rectify', 'replied', 'closed', 'appealed', 'voided')", name='rating_state'),
    sa.CheckConstraint("state not in ('rated', 'contact', 'rectify', 'replied', 'closed', 'appealed', 'voided') or rated_at is not null", name='rating_given'),
    sa.CheckConstraint('(grade >= 4) = (number is not null)', name='rating_bad_has_order'),
    sa.CheckConstraint('grade between 1 and 5', name='rating_grade'),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], ),
    sa.ForeignKeyConstraint(['evidence_id'], ['stored_file.id'], ),
    sa.ForeignKeyConstraint(['person_id'], ['ab_user.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('number'),
    sa.UniqueConstraint('token')
    )
    with op.batch_alter_table('rating', schema=None) as batch_op:
        batch_op.create_index('rating_not_reminded', ['id'], unique=False, sqlite_where=sa.text('reminded_at is null'), postgresql_where=sa.text('reminded_at is null'))
        batch_op.create_index('rating_once', ['application_id'], unique=True)
        batch_op.create_index('rating_waits', ['state', 'due_at'], unique=False, sqlite_where=sa.text("state in ('invited', 'contact', 'rectify')"), postgresql_where=sa.text("state in ('invited', 'contact', 'rectify')"))
