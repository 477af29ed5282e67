"""Questions and help, handbooks, who answers where; blank forms and samples of materials."""

import sqlalchemy as sa
from alembic import op

revision = 'consultation'
down_revision = 'portal'


def upgrade() -> None:
    op.create_table('answer_owner',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.String(length=64), nullable=False),
    sa.CheckConstraint('until is null or until >= since', name='owner_dates'),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], ),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('centre_id', 'since', name='owner_once_a_day')
    )
    with op.batch_alter_table('answer_owner', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_answer_owner_centre_id'), ['centre_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_answer_owner_staff_id'), ['staff_id'], unique=False)

    op.create_table('consultation',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('number', sa.String(length=20), nullable=False),
    sa.Column('tier', sa.Integer(), nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('asker_name', sa.String(length=100), nullable=True),
    sa.Column('asker_phone', sa.Text(), nullable=True),
    sa.Column('first_responder_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('first_responder_name', sa.String(length=100), nullable=False),
    sa.Column('guided_window_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('ticket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('item_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('manager_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('manager_name', sa.String(length=100), nullable=True),
    sa.Column('reason_code', sa.String(length=20), nullable=True),
    sa.Column('description', sa.Text(), nullable=True),
    sa.Column('level', sa.String(length=20), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('told_how', sa.String(length=12), nullable=True),
    sa.Column('told_by_name', sa.String(length=100), nullable=True),
    sa.Column('told_note', sa.String(length=500), nullable=True),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('late_told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('office_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.String(length=64), nullable=False),
    sa.CheckConstraint("(state = 'closed') = (told_at is not null and told_how is not null)", name='consultation_closed_when_told'),
    sa.CheckConstraint("level in ('approver', 'office_head', 'bureau_leader')", name='consultation_level'),
    sa.CheckConstraint("reason_code in ('professional', 'special_review', 'cross_domain')", name='consultation_reason'),
    sa.CheckConstraint("state = 'tier' || tier or state in ('answered', 'closed')", name='consultation_state_is_its_tier'),
    sa.CheckConstraint("state in ('tier1', 'tier2', 'tier3', 'tier4', 'answered', 'closed')", name='consultation_state'),
    sa.CheckConstraint('tier < 2 or (ticket_id is not null and item_id is not null)', name='consultation_at_window'),
    sa.CheckConstraint('tier < 3 or manager_id is not null', name='consultation_with_manager'),
    sa.CheckConstraint('tier < 4 or (reason_code is not null and description is not null and level is not null and office_id is not null)', name='consultation_with_office'),
    sa.CheckConstraint('tier between 1 and 4', name='consultation_tier'),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], ),
    sa.ForeignKeyConstraint(['first_responder_id'], ['ab_user.id'], ),
    sa.ForeignKeyConstraint(['guided_window_id'], ['window.id'], ),
    sa.ForeignKeyConstraint(['item_id'], ['item.id'], ),
    sa.ForeignKeyConstraint(['manager_id'], ['ab_user.id'], ),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], ),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('number', name='consultation_number')
    )
    with op.batch_alter_table('consultation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_consultation_centre_id'), ['centre_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_consultation_first_responder_id'), ['first_responder_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_consultation_guided_window_id'), ['guided_window_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_consultation_item_id'), ['item_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_consultation_office_id'), ['office_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_consultation_ticket_id'), ['ticket_id'], unique=False)

    op.create_table('consultation_entry',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('consultation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('tier', sa.Integer(), nullable=False),
    sa.Column('level', sa.String(length=20), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('window_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('by_name', sa.String(length=100), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.String(length=64), nullable=False),
    sa.CheckConstraint("kind <> 'guided' or window_id is not null", name='entry_guided_to_window'),
    sa.CheckConstraint("kind = 'guided' or text <> ''", name='entry_says_something'),
    sa.CheckConstraint("kind in ('answer', 'guided', 'asked_manager', 'passed_to_office', 'passed_up')", name='entry_kind'),
    sa.CheckConstraint('tier between 1 and 4', name='entry_tier'),
    sa.ForeignKeyConstraint(['by_id'], ['ab_user.id'], ),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultation.id'], ),
    sa.ForeignKeyConstraint(['window_id'], ['window.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('consultation_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_consultation_entry_consultation_id'), ['consultation_id'], unique=False)

    op.create_table('help_service',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('consent', sa.Boolean(), nullable=False),
    sa.Column('item_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('consultation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('note', sa.String(length=300), nullable=True),
    sa.Column('helper_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('helper_name', sa.String(length=100), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('late_told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('office_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.String(length=64), nullable=False),
    sa.CheckConstraint("kind in ('guiding', 'materials', 'online', 'filling', 'printing')", name='help_kind'),
    sa.CheckConstraint("state = 'given'", name='help_state'),
    sa.CheckConstraint('consent', name='help_is_voluntary'),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], ),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultation.id'], ),
    sa.ForeignKeyConstraint(['helper_id'], ['ab_user.id'], ),
    sa.ForeignKeyConstraint(['item_id'], ['item.id'], ),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('help_service', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_help_service_centre_id'), ['centre_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_help_service_consultation_id'), ['consultation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_help_service_item_id'), ['item_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_help_service_office_id'), ['office_id'], unique=False)

    op.create_table('consultation_output',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('consultation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('file_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('facts', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('paragraphs', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('token', sa.String(length=32), nullable=True),
    sa.Column('by_name', sa.String(length=100), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.String(length=64), nullable=False),
    sa.CheckConstraint("(kind = 'notice') = (facts is not null)", name='output_notice_has_facts'),
    sa.CheckConstraint("kind in ('form', 'notice', 'sample')", name='output_kind'),
    sa.ForeignKeyConstraint(['consultation_id'], ['consultation.id'], ),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('token', name='output_token')
    )
    with op.batch_alter_table('consultation_output', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_consultation_output_consultation_id'), ['consultation_id'], unique=False)

    op.create_table('handbook',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('item_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('overview', sa.Text(), nullable=False),
    sa.Column('intake_points', sa.Text(), nullable=False),
    sa.Column('questions', sa.Text(), nullable=False),
    sa.Column('cautions', sa.Text(), nullable=False),
    sa.Column('file_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_by', sa.String(length=64), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.String(length=64), nullable=False),
    sa.CheckConstraint("(state = 'published') = (number is not null and published_at is not null and published_by is not null)", name='handbook_published'),
    sa.CheckConstraint("state in ('draft', 'published', 'discarded')", name='handbook_state'),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], ),
    sa.ForeignKeyConstraint(['item_id'], ['item.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('item_id', 'number', name='handbook_number')
    )
    with op.batch_alter_table('handbook', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_handbook_file_id'), ['file_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_handbook_item_id'), ['item_id'], unique=False)
        batch_op.create_index('one_draft_of_handbook', ['item_id'], unique=True, sqlite_where=sa.text("state = 'draft'"), postgresql_where=sa.text("state = 'draft'"))

    with op.batch_alter_table('item_material', schema=None) as batch_op:
        batch_op.add_column(sa.Column('blank_form_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('sample_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.create_foreign_key('item_material_sample_id_fkey', 'stored_file', ['sample_id'], ['id'])
        batch_op.create_foreign_key('item_material_blank_form_id_fkey', 'stored_file', ['blank_form_id'], ['id'])
