"""Who sees which rows: a guard on the session that fails closed.

Governed rows (an application and whatever hangs on it) are read only within the reach of the actor in `session.info`,
and written only inside an act, or by a duty that says `unscoped`. No actor: no rows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Boolean, ColumnElement, and_, bindparam, event, exists, false, or_, select, true
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from app.engine.actors import Actor
from app.engine.criteria import Together
from app.errors import NotAllowed
from app.law.roles import Role
from app.models.application import Application
from app.models.base import Model, OfApplication, OfPlaced, Placed, Scoped, Sight
from app.models.trail import Notice, StoredFile

ACTOR, SIGHT, UNSCOPED, ACTING_ON = "actor", "sight", "unscoped", "acting_on"


def bind(session: Session, actor: Actor | None) -> None:
    """From here on the session shows what this actor may see."""
    session.info[ACTOR] = actor
    session.info[SIGHT] = _nothing() if actor is None else _criteria(actor)


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


NO_APPLICATION = 0
"""What `acting_on` is told inside an act on an object that hangs on no application."""


@contextmanager
def acting_on(session: Session, application_id: int | None) -> Iterator[None]:
    """Inside an act: this application, loaded within reach, may be read and written; None while it is being born."""
    before = session.info.get(ACTING_ON)
    session.info[ACTING_ON] = (application_id,)
    try:
        yield
    finally:
        session.info.pop(ACTING_ON)
        if before is not None:
            session.info[ACTING_ON] = before


WITHIN_REACH = or_(
    bindparam("county", type_=Boolean),
    Application.centre_id.in_(bindparam("centres")),
    Application.office_id.in_(bindparam("offices")),
)
"""Said by the one statement that locks an application for an act; to all others the guard says the same."""


def reach_of(actor: Actor) -> dict[str, Any]:
    """What `WITHIN_REACH` must be told."""
    return {"county": actor.sees_county, "centres": sorted(actor.centres), "offices": sorted(actor.offices)}


def governed() -> tuple[list[type[Any]], list[type[Any]]]:
    """The governed classes: those that carry centre and office, and those that hang on an application."""
    classes = [mapper.class_ for mapper in Model.registry.mappers]
    return (
        [c for c in classes if issubclass(c, Scoped)],
        [c for c in classes if issubclass(c, OfApplication)],
    )


def placed() -> list[Any]:
    """The governed classes whose rows hang on no application."""
    return [m.class_ for m in Model.registry.mappers if issubclass(m.class_, Placed)]


def parts() -> list[Any]:
    """The governed classes whose rows are part of a placed object."""
    return [m.class_ for m in Model.registry.mappers if issubclass(m.class_, OfPlaced)]


def sight_of(actor: Actor) -> Sight:
    """How far this actor sees what hangs on no application."""
    return Sight(
        actor.user_id, frozenset(role.value for role in actor.roles), actor.sees_county, tuple(sorted(actor.places)),
        tuple(sorted(actor.offices)), actor.department_id, actor.stands_for,
        tuple((g.role.value, tuple(sorted(g.centres)), tuple(sorted(g.offices))) for g in actor.grants),
    )  # fmt: skip


def _criteria(actor: Actor) -> Together:
    if actor.opened is not None:
        return _one(*actor.opened)
    sight = sight_of(actor)
    if actor.sees_county:
        return _county(sight)
    return _reach(sight, tuple(sorted(actor.centres)))


@cache
def _nothing() -> Together:
    own, hanging = governed()
    return Together((c, false()) for c in (*own, *hanging, *placed(), *parts(), StoredFile))


@lru_cache(maxsize=512)
def _one(kind: str, subject_id: int) -> Together:
    """Of everything governed the one object that a token opens."""
    own: list[Any]
    hanging: list[Any]
    own, hanging = governed()
    others = (c for c in (*own, *hanging, *placed(), StoredFile) if c.__tablename__ != kind)
    opened = ((c, c.id == subject_id) for c in (*hanging, *placed()) if c.__tablename__ == kind)
    inside = ((c, _whole_of(c) == subject_id if c.whole.__tablename__ == kind else false()) for c in parts())
    return Together([*opened, *inside, *((c, false()) for c in others)])


@lru_cache(maxsize=512)
def _county(sight: Sight) -> Together:
    theirs = or_(StoredFile.application_id.is_not(None), _of_placed(sight), _own_upload(sight.user_id))
    return Together([*_placed_rows(sight), (StoredFile, theirs)])


def _seen(kind: Any, sight: Sight) -> ColumnElement[bool]:
    """Which rows of a class somebody sees; the machinery, which ends and expires them, sees all."""
    found: ColumnElement[bool] = true() if Role.SYSTEM.value in sight.roles else kind.seen_by(sight)
    return found


def _placed_rows(sight: Sight) -> tuple[tuple[type[Any], ColumnElement[bool]], ...]:
    seen = ((c, _seen(c, sight)) for c in placed())
    return (*seen, *((c, _whole_of(c).in_(_ids_seen(c.whole, sight))) for c in parts()))


def _whole_of(part: Any) -> Any:
    """The column that says which placed object a row is part of."""
    return getattr(part, part.part_of)


def _ids_seen(whole: Any, sight: Sight) -> Any:
    """The ids of the placed objects of a class that somebody sees."""
    return select(whole.__table__.c.id).where(_seen(whole, sight)).correlate(None)


def _of_placed(sight: Sight) -> ColumnElement[bool]:
    """A file that an act on such an object claimed is seen with it."""
    subjects = (
        and_(
            StoredFile.subject_kind == c.__tablename__,
            StoredFile.subject_id.in_(_ids_seen(c, sight)),
        )
        for c in placed()
    )
    return or_(false(), *subjects)


@lru_cache(maxsize=512)
def _reach(sight: Sight, centres: tuple[int, ...]) -> Together:
    # One expression a class: with_loader_criteria takes a lambda for a mixin, but keeps what the lambda first answered,
    # and so showed one actor's reach to another.
    own, hanging = governed()
    offices = sight.offices
    reach = Application.__table__.alias("reach")
    within = or_(reach.c.centre_id.in_(centres), reach.c.office_id.in_(offices))
    told = [sight.user_id, *sight.stands_for]
    units = [*(f"centre:{pk}" for pk in sight.centres), *(f"office:{pk}" for pk in offices)]

    def theirs(c: type[Any]) -> ColumnElement[bool]:
        with_it = exists(select(1).select_from(reach).where(reach.c.id == c.application_id, within))
        if c is Notice:
            # What a unit or a person is told they may read, wherever it comes from.
            return or_(with_it, c.unit.in_(units), and_(c.application_id.is_(None), c.user_id.in_(told)))
        # An office that is asked sees what it is asked, and nothing else of the application.
        return or_(with_it, c.office_id.in_(offices)) if hasattr(c, "office_id") else with_it

    return Together(
        [
            *((c, or_(c.centre_id.in_(centres), c.office_id.in_(offices))) for c in own),
            *((c, theirs(c)) for c in hanging),
            *_placed_rows(sight),
            (StoredFile, or_(theirs(StoredFile), _of_placed(sight), _own_upload(sight.user_id))),
        ]
    )


def _own_upload(user_id: int | None) -> ColumnElement[bool]:
    """A file is its uploader's until an act claims it; from then on it is reached with what claimed it."""
    unclaimed = and_(StoredFile.application_id.is_(None), StoredFile.subject_id.is_(None))
    return and_(unclaimed, StoredFile.uploader_id == user_id)


def _restrict(state: ORMExecuteState) -> None:
    info = state.session.info
    if info.get(UNSCOPED) or state.is_column_load or not (state.is_select or state.is_update or state.is_delete):
        return
    if ACTING_ON in info and state.is_select:
        return  # the application was loaded within reach and locked; an act reads its rows by that application's id
    state.statement = state.statement.options(info.get(SIGHT) or _nothing())


def guard_write(session: Session, row: object) -> None:
    """Raise NotAllowed for a governed row, unless it belongs to what is acted on."""
    if session.info.get(UNSCOPED) or not isinstance(row, Scoped | OfApplication | Placed | OfPlaced):
        return
    acting = session.info.get(ACTING_ON)
    if isinstance(row, Placed | OfPlaced):
        if acting is None:
            raise NotAllowed
        return
    target = row.id if isinstance(row, Application) else getattr(row, "application_id", None)
    if acting is None or (acting[0] not in (None, target) and target is not None):
        raise NotAllowed


def _guard_writes(session: Session, _context: UOWTransaction, _instances: object) -> None:
    changed = (row for row in session.dirty if session.is_modified(row))
    for row in (*session.new, *changed, *session.deleted):
        guard_write(session, row)


def install(session_class: type[Session] = Session) -> None:
    """Put the guard on every session of this process; once."""
    if not event.contains(session_class, "do_orm_execute", _restrict):
        event.listen(session_class, "do_orm_execute", _restrict)
        event.listen(session_class, "before_flush", _guard_writes)
