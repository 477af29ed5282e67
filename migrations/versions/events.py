"""Who did which act, what a weekly ledger looks through, and which files wait to be filed is answered from an index."""

import sqlalchemy as sa
from alembic import op

revision = 'events'
down_revision = 'waiting'

_CLOSED = sa.text('closed_at is not null')
_NOT_FILED = sa.text("state <> 'filed'")


def upgrade() -> None:
    op.create_index('event_act', 'event', ['application_id', 'act'])
    op.drop_index('ix_event_application_id', 'event')
    _index_closed('office_id', 'closed_at', 'item_version_id', 'is_demo')
    op.create_index(
        'archive_file_waits', 'archive_file', ['state'], sqlite_where=_NOT_FILED, postgresql_where=_NOT_FILED
    )


def downgrade() -> None:
    op.drop_index('archive_file_waits', 'archive_file')
    _index_closed('office_id', 'closed_at')
    op.create_index('ix_event_application_id', 'event', ['application_id'])
    op.drop_index('event_act', 'event')


def _index_closed(*columns: str) -> None:
    op.drop_index('application_closed', 'application')
    op.create_index('application_closed', 'application', list(columns), sqlite_where=_CLOSED, postgresql_where=_CLOSED)
