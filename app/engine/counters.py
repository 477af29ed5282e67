"""Numbers drawn from locked counter rows: increasing, never reused, not gapless."""

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.models.counter import Counter


def draw(session: Session, name: str) -> int:
    """The next number under `name`; its row stays locked until the act commits, so two never draw the same."""
    dialect = session.get_bind().dialect.name
    statement = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(Counter).values(name=name, value=1)
    upsert = statement.on_conflict_do_update(
        index_elements=[Counter.name], set_={"value": Counter.__table__.c.value + 1}
    ).returning(Counter.value)
    return int(session.execute(upsert).scalar_one())
