"""The photo of whoever serves at a window."""

import sqlalchemy as sa
from alembic import op

revision = 'portal'
down_revision = 'people'


def upgrade() -> None:
    with op.batch_alter_table('staff', schema=None) as batch_op:
        batch_op.add_column(sa.Column('photo_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.create_foreign_key('staff_photo', 'stored_file', ['photo_id'], ['id'])
