"""Tickets with a life cycle of their own: their place in the queue, versions, and a first event for those of before."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from app.law import chain

revision = 'ticketing'
down_revision = 'consultation'

KEY = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = sa.DateTime(timezone=True)
COUNTED = ('ahead', 'calls', 'passed_over')
EVENT = sa.table(
    'event', *(sa.column(name) for name in (
        'subject_kind', 'subject_id', 'seq', 'act', 'kind', 'from_state', 'to_state', 'actor_name', 'role',
        'request_id', 'previous_hash', 'hash',
    )), sa.column('at', MOMENT), sa.column('payload', sa.JSON()),
)


def upgrade() -> None:
    due, over = sa.text('due_at is not null'), sa.text('passed_over > 0')
    with op.batch_alter_table('ticket', schema=None) as batch_op:
        batch_op.add_column(sa.Column('item_id', KEY, sa.ForeignKey('item.id', name='ticket_item_id_fkey'), nullable=True))
        batch_op.add_column(sa.Column('place', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('kiosk_token', sa.String(length=40), nullable=True))
        for name in COUNTED:
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('was_put_back', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('reason', sa.String(length=300), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='1'))
        batch_op.add_column(sa.Column('due_at', MOMENT, nullable=True))
        batch_op.add_column(sa.Column('late_told_at', MOMENT, nullable=True))
        batch_op.add_column(sa.Column('office_id', KEY, sa.ForeignKey('office.id', name='ticket_office_id_fkey'), nullable=True))
        batch_op.add_column(sa.Column('created_at', MOMENT, nullable=True))
    op.execute('UPDATE ticket SET created_at = issued_at')
    with op.batch_alter_table('ticket', schema=None) as batch_op:
        for name in (*COUNTED, 'was_put_back', 'reason', 'version'):
            batch_op.alter_column(name, server_default=None)
        batch_op.alter_column('created_at', existing_type=MOMENT, nullable=False)
        batch_op.create_index(batch_op.f('ix_ticket_office_id'), ['office_id'], unique=False)
        batch_op.create_index('ticket_due', ['due_at'], unique=False, sqlite_where=due, postgresql_where=due)
        batch_op.create_index('ticket_kiosk_token', ['kiosk_token'], unique=True)
        batch_op.create_index(
            'ticket_out_of_turn', ['passed_over'], unique=False, sqlite_where=over, postgresql_where=over
        )
        batch_op.create_index('ticket_queue', ['centre_id', 'day', 'state', 'area', 'place'], unique=False)
    _adopt()


def _adopt() -> None:
    """Each ticket of before begins its chain now, as it stands: nothing of what happened to it earlier is made up."""
    connection = op.get_bind()
    now = datetime.now(UTC)
    at = now.replace(tzinfo=None) if connection.dialect.name == 'sqlite' else now
    for row in connection.execute(sa.text('SELECT id, number, state FROM ticket ORDER BY id')).all():
        record = {
            'subject_kind': 'ticket', 'subject_id': row.id, 'seq': 1, 'act': 'adopt_ticket', 'kind': 'R',
            'from': None, 'to': row.state, 'at': now, 'actor_id': None, 'actor_name': 'system', 'role': 'system',
            'request_id': 'migration:ticketing', 'payload': {},
        }
        previous = chain.genesis('ticket', row.id, row.number)
        kept = {name: value for name, value in record.items() if name not in ('from', 'to', 'actor_id')}
        connection.execute(EVENT.insert().values(
            **kept | {'at': at}, from_state=None, to_state=row.state, previous_hash=previous,
            hash=chain.link(previous, record),
        ))
