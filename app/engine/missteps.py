"""Input that is sent back is counted: per person, day, act, field and sentence, and without what was typed (req. 31).

A county sees from it what its people should be trained in (第十二条: 业务不熟、电脑操作不当).
"""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import Insert

from app.engine import transaction
from app.engine.actors import Actor
from app.engine.now import now
from app.errors import Busy, Complaint
from app.models.misstep import Misstep

LONGEST_FIELD, LONGEST_SENTENCE = 100, 300
NAMED = ("user_id", "day", "act", "field", "sentence")


def note(session: Session, actor: Actor, act: str, complaints: Sequence[Complaint]) -> None:
    """Count what this person was told about their input; a busy database does not turn a complaint into an error."""
    if actor.user_id is None:
        return
    told = sorted({(_field(each.field), each.sentence[:LONGEST_SENTENCE]) for each in complaints})
    row = {
        "day": now().date(), "user_id": actor.user_id, "name": actor.name, "act": act,
        "centre_id": min(actor.places, default=None), "office_id": min(actor.offices, default=None),
    }  # fmt: skip

    def write() -> None:
        connection = session.connection()
        for field, sentence in told:
            connection.execute(_counted(connection.dialect.name), {**row, "field": field, "sentence": sentence})

    try:
        transaction.run(session, write)
    except Busy:
        return


def _field(path: str) -> str:
    """The field as the schema knows it: which line of several it was says nothing."""
    return ".".join(part for part in path.split(".") if not part.isdecimal())[:LONGEST_FIELD]


@cache
def _counted(dialect: str) -> Insert:
    table = Misstep.__table__
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    columns = (*NAMED, "name", "centre_id", "office_id")
    first = insert(table).values(times=1, **{name: bindparam(name) for name in columns})
    once_more = {"times": table.c.times + 1, "name": first.excluded.name}
    return first.on_conflict_do_update(index_elements=[table.c[name] for name in NAMED], set_=once_more)
