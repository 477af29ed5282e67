"""One thing (一件事), hearings, input that was sent back, and the number the platform names."""

import sqlalchemy as sa
from alembic import op

revision = 'group'
down_revision = 'reporting'


def upgrade() -> None:
    op.create_table('misstep',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('centre_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('office_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('act', sa.String(length=40), nullable=False),
    sa.Column('field', sa.String(length=100), nullable=False),
    sa.Column('sentence', sa.String(length=300), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['centre_id'], ['centre.id'], ),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], ),
    sa.ForeignKeyConstraint(['user_id'], ['ab_user.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('user_id', 'day', 'act', 'field', 'sentence', name='misstep_once_a_day')
    )
    with op.batch_alter_table('misstep', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_misstep_centre_id'), ['centre_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_misstep_day'), ['day'], unique=False)
        batch_op.create_index(batch_op.f('ix_misstep_office_id'), ['office_id'], unique=False)

    op.create_table('theme',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('lead_item_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['lead_item_id'], ['item.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('code'),
    sa.UniqueConstraint('name')
    )
    with op.batch_alter_table('theme', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_theme_lead_item_id'), ['lead_item_id'], unique=False)

    op.create_table('theme_item',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('theme_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('item_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['item.id'], ),
    sa.ForeignKeyConstraint(['theme_id'], ['theme.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('theme_id', 'item_id', name='theme_item_once')
    )
    with op.batch_alter_table('theme_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_theme_item_item_id'), ['item_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_theme_item_theme_id'), ['theme_id'], unique=False)

    op.create_table('hearing',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('matter', sa.String(length=500), nullable=False),
    sa.Column('told', sa.String(length=500), nullable=False),
    sa.Column('offered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('requester', sa.String(length=100), nullable=False),
    sa.Column('request_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('requested_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('held_on', sa.Date(), nullable=True),
    sa.Column('place', sa.String(length=200), nullable=False),
    sa.Column('announced_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('presider_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('presider_name', sa.String(length=100), nullable=False),
    sa.Column('parties', sa.Text(), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('record_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('held_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('waived_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('waiver', sa.String(length=300), nullable=False),
    sa.Column('created_by', sa.String(length=64), nullable=False),
    sa.Column('application_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("state <> 'held' or (record_id is not null and presider_id is not null)", name='hearing_record'),
    sa.CheckConstraint("state in ('offered', 'requested', 'set', 'held', 'waived', 'ceased')", name='hearing_state'),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], ),
    sa.ForeignKeyConstraint(['presider_id'], ['ab_user.id'], ),
    sa.ForeignKeyConstraint(['record_id'], ['stored_file.id'], ),
    sa.ForeignKeyConstraint(['request_id'], ['stored_file.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('number')
    )
    with op.batch_alter_table('hearing', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hearing_application_id'), ['application_id'], unique=False)
        batch_op.create_index('one_open_hearing', ['application_id'], unique=True, sqlite_where=sa.text("state in ('offered', 'requested', 'set')"), postgresql_where=sa.text("state in ('offered', 'requested', 'set')"))

    # By hand: made anew in a batch, these tables would lose their checks on SQLite.
    key = 'INTEGER' if op.get_bind().dialect.name == 'sqlite' else 'BIGINT'
    for table, column, target in (
        ('application', 'theme_id', 'theme'), ('application', 'parent_id', 'application'),
        ('decision', 'hearing_id', 'hearing'),
    ):
        check = ' CONSTRAINT application_child_of_one_thing CHECK (parent_id is null or theme_id is not null)'
        more = check if column == 'parent_id' else ''
        op.execute(f'ALTER TABLE {table} ADD COLUMN {column} {key} REFERENCES {target} (id){more}')
    op.create_index('ix_application_parent_id', 'application', ['parent_id'], unique=False)
    op.add_column('outbox', sa.Column('their_number', sa.String(length=64), nullable=True))
