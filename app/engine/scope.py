"""Who sees which rows: a guard on the session that fails closed.

Governed rows (an application and whatever hangs on it) are read only within the reach of the actor in `session.info`,
and written only inside an act, or by a duty that says `unscoped`. No actor: no rows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, exists, false, or_, select
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, with_loader_criteria
from sqlalchemy.orm.util import LoaderCriteriaOption

from app.engine.actors import Actor
from app.errors import NotAllowed
from app.models.application import Application
from app.models.base import Model, OfApplication, Scoped
from app.models.trail import StoredFile

ACTOR, UNSCOPED, ACTING_ON, CRITERIA = "actor", "unscoped", "acting_on", "scope_criteria"


def bind(session: Session, actor: Actor | None) -> None:
    """From here on the session shows what this actor may see."""
    session.info[ACTOR] = actor
    session.info.pop(CRITERIA, None)


def actor_of(session: Session) -> Actor | None:
    """Whoever the session works for."""
    return session.info.get(ACTOR)


@contextmanager
def unscoped(session: Session) -> Iterator[None]:
    """Privileged work over all rows; where it may be said is listed in a test."""
    before = session.info.get(UNSCOPED, False)
    session.info[UNSCOPED] = True
    try:
        yield
    finally:
        session.info[UNSCOPED] = before


@contextmanager
def acting_on(session: Session, application_id: int | None) -> Iterator[None]:
    """Inside an act: rows of this application may be written; None while the act brings it into being."""
    session.info[ACTING_ON] = (application_id,)
    try:
        yield
    finally:
        session.info.pop(ACTING_ON, None)


def governed() -> tuple[list[type[Any]], list[type[Any]]]:
    """The governed classes: those that carry centre and office, and those that hang on an application."""
    classes = [mapper.class_ for mapper in Model.registry.mappers]
    return (
        [c for c in classes if issubclass(c, Scoped)],
        [c for c in classes if issubclass(c, OfApplication)],
    )


def _criteria(actor: Actor | None) -> tuple[LoaderCriteriaOption, ...]:
    own, hanging = governed()
    if actor is None:
        return tuple(with_loader_criteria(c, false(), include_aliases=True) for c in (*own, *hanging, StoredFile))
    mine = StoredFile.uploader_id == actor.user_id
    if actor.sees_county:
        return (
            with_loader_criteria(StoredFile, or_(StoredFile.application_id.is_not(None), mine), include_aliases=True),
        )
    table = Application.__table__.alias("reach")
    within = or_(table.c.centre_id.in_(sorted(actor.centres)), table.c.office_id.in_(sorted(actor.offices)))
    options = [
        with_loader_criteria(
            c, or_(c.centre_id.in_(sorted(actor.centres)), c.office_id.in_(sorted(actor.offices))), include_aliases=True
        )
        for c in own
    ]
    options += [
        with_loader_criteria(
            c, exists(select(1).select_from(table).where(table.c.id == c.application_id, within)), include_aliases=True
        )
        for c in hanging
    ]
    claimed = exists(select(1).select_from(table).where(table.c.id == StoredFile.application_id, within))
    options.append(with_loader_criteria(StoredFile, or_(claimed, mine), include_aliases=True))
    return tuple(options)


def _restrict(state: ORMExecuteState) -> None:
    info = state.session.info
    if (
        info.get(UNSCOPED)
        or state.execution_options.get(UNSCOPED)
        or state.is_column_load
        or not (state.is_select or state.is_update or state.is_delete)
    ):
        return
    options = info.get(CRITERIA)
    if options is None:
        options = info[CRITERIA] = _criteria(info.get(ACTOR))
    if options:
        state.statement = state.statement.options(*options)


def _guard_writes(session: Session, _context: UOWTransaction, _instances: object) -> None:
    if session.info.get(UNSCOPED):
        return
    acting = session.info.get(ACTING_ON)
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, Scoped | OfApplication) and (
            row in session.new or row in session.deleted or session.is_modified(row)
        ):
            target = row.id if isinstance(row, Application) else getattr(row, "application_id", None)
            if acting is None or (acting[0] not in (None, target) and target is not None):
                raise NotAllowed


def install(session_class: type[Session] = Session) -> None:
    """Put the guard on every session of this process; once."""
    if not event.contains(session_class, "do_orm_execute", _restrict):
        event.listen(session_class, "do_orm_execute", _restrict)
        event.listen(session_class, "before_flush", _guard_writes)
