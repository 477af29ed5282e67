"""What the desks ask of ratings, and the ledgers of an office, is answered from an index."""

import sqlalchemy as sa
from alembic import op

revision = 'waiting'
down_revision = 'group'

_CLOSED = sa.text('closed_at is not null')
_WAITS = sa.text("state in ('invited', 'contact', 'rectify')")
_NOT_REMINDED = sa.text('reminded_at is null')
_ENDED_AT = """
    UPDATE rating SET unit = (
        SELECT CASE
            WHEN a.state = 'withdrawn' OR a.delivery_mode = 'window' THEN 'centre:' || a.centre_id
            ELSE 'certificate_centre'
        END FROM application AS a WHERE a.id = rating.application_id
    )
"""


def upgrade() -> None:
    op.create_index(
        'application_closed', 'application', ['office_id', 'closed_at'], sqlite_where=_CLOSED, postgresql_where=_CLOSED
    )
    op.drop_index('rating_waits', 'rating')
    op.add_column('rating', sa.Column('unit', sa.String(length=40), nullable=True))
    op.execute(_ENDED_AT)
    with op.batch_alter_table('rating', schema=None) as batch_op:
        batch_op.alter_column('unit', existing_type=sa.String(length=40), nullable=False)
    op.create_index('rating_waits', 'rating', ['state', 'due_at'])
    op.create_index(
        'rating_to_remind', 'rating', ['unit', 'state', 'due_at'],
        sqlite_where=_NOT_REMINDED, postgresql_where=_NOT_REMINDED,
    )


def downgrade() -> None:
    op.drop_index('application_closed', 'application')
    op.drop_index('rating_to_remind', 'rating')
    op.drop_index('rating_waits', 'rating')
    with op.batch_alter_table('rating', schema=None) as batch_op:
        batch_op.drop_column('unit')
    op.create_index('rating_waits', 'rating', ['state', 'due_at'], sqlite_where=_WAITS, postgresql_where=_WAITS)
