"""Who did which act on an application, and what a weekly ledger looks through, is answered from an index alone."""

import sqlalchemy as sa
from alembic import op

revision = 'events'
down_revision = 'waiting'

_CLOSED = sa.text('closed_at is not null')


def upgrade() -> None:
    op.create_index('event_act', 'event', ['application_id', 'act'])
    op.drop_index('ix_event_application_id', 'event')
    _index_closed('office_id', 'closed_at', 'item_version_id', 'is_demo')


def downgrade() -> None:
    _index_closed('office_id', 'closed_at')
    op.create_index('ix_event_application_id', 'event', ['application_id'])
    op.drop_index('event_act', 'event')


def _index_closed(*columns: str) -> None:
    op.drop_index('application_closed', 'application')
    op.create_index('application_closed', 'application', list(columns), sqlite_where=_CLOSED, postgresql_where=_CLOSED)
