"""Refused acts: who tried what the rule forbids; kept in a short transaction of their own, never as an event.

Each stands under its line of the do-not list (`law.do_not`), worked out once. An act on a row that is there but out of
reach is answered as if it were absent, and kept all the same: trying to decide another office's matter is 超权限.
"""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.engine import missteps, scope, trail, transaction
from app.engine.actors import Actor
from app.engine.acts import Act
from app.engine.inputs import SERVER_FIELDS
from app.engine.now import now
from app.engine.object_acts import SUBJECTS, ObjectAct
from app.errors import Busy, Incomplete, NotAllowed, NotFound, NotNow, Refusal
from app.law import N_, do_not
from app.models.application import Application
from app.models.base import Placed
from app.models.trail import RefusedAct

NAMED = N_("It named what the system alone sets: %(fields)s.")
NO_WRITE = N_("Records are moved by acts alone; nothing edits or deletes them.")
OUT_OF_REACH = N_("It lies out of reach.")


class WrongState(NotNow):
    """The state does not allow the act though the page was current: recorded, unlike other conflicts."""


def record(
    session: Session,
    refusal: Refusal,
    act: Act | ObjectAct,
    subject_id: int | None,
    actor: Actor,
    data: Mapping[str, Any],
    request_id: str,
) -> None:
    """Keep the refused act if the rule says so; a busy database does not turn a refusal into an error.

    Wrong input is counted for training.
    """
    if isinstance(refusal, Incomplete):
        missteps.note(session, actor, act.transition.name, refusal.complaints)
    row, fields = act.transition, _server_fields(refusal)
    is_out_of_reach = isinstance(refusal, NotFound) and subject_id is not None and actor.user_id is not None
    if not (fields or is_out_of_reach or isinstance(refusal, NotAllowed | WrongState)):
        return
    sentence, params = refusal.sentence, trail.plain(refusal.params)
    if fields:
        sentence, params = NAMED, {"fields": ", ".join(fields)}
    elif is_out_of_reach:
        sentence, params = OUT_OF_REACH, {}
    state = str(refusal.params.get("state", ""))
    found = do_not.category(row.name, refusal.code, sentence, state, fields, out_of_reach=is_out_of_reach)

    def write() -> None:
        there, number = _found(session, SUBJECTS.get(row.subject_kind, Application), subject_id)
        if is_out_of_reach and not there:
            return  # a number that is no row is nobody's matter
        number = number or str(data.get("item") or "")[:60]
        _keep(
            session, actor, request_id, act=row.name, subject_kind=row.subject_kind, subject_id=subject_id,
            subject_no=number, code=refusal.code, sentence=sentence[:500], params=params, category=found.value,
        )  # fmt: skip

    _in_short(session, write)


def keep(
    session: Session,
    refusal: Refusal,
    act: Act | ObjectAct,
    subject_id: int | None,
    actor: Actor,
    request_id: str,
    *,
    about: str,
) -> None:
    """Keep a refusal that the rule says must be kept, whatever its code; `about` what where no number is found."""
    row, sentence = act.transition, refusal.sentence
    found = do_not.category(row.name, refusal.code, sentence, "", ())

    def write() -> None:
        _there, number = _found(session, SUBJECTS.get(row.subject_kind, Application), subject_id)
        _keep(
            session, actor, request_id, act=row.name, subject_kind=row.subject_kind, subject_id=subject_id,
            subject_no=(number or about)[:60], code=refusal.code, sentence=sentence[:500],
            params=trail.plain(refusal.params), category=found.value,
        )  # fmt: skip

    _in_short(session, write)


def record_write(
    session: Session, model: type[Any], subject_id: int, actor: Actor, fields: Collection[str], request_id: str
) -> None:
    """Keep that a program tried to edit or delete a governed row by itself, where there is such a row."""

    def write() -> None:
        there, number = _found(session, model, subject_id)
        if not there:
            return
        with scope.unscoped(session):
            row = session.get_one(model, subject_id)
        state = row.state if isinstance(row, Application) else ""
        named = sorted(SERVER_FIELDS.intersection(fields))
        found = do_not.category(do_not.WRITE, NotAllowed.code, NO_WRITE, state, named)
        _keep(
            session, actor, request_id, act=do_not.WRITE, subject_kind=model.__tablename__, subject_id=subject_id,
            subject_no=number, code=NotAllowed.code, sentence=NO_WRITE, params={}, category=found.value,
        )  # fmt: skip

    _in_short(session, write)


def _server_fields(refusal: Refusal) -> list[str]:
    """The fields only the server sets, which the input named all the same."""
    if not isinstance(refusal, Incomplete):
        return []
    named = (c.field.rsplit(".", 1)[-1] for c in refusal.complaints if "not exist" in c.sentence)
    return sorted(SERVER_FIELDS.intersection(named))


def _found(session: Session, model: type[Any], subject_id: int | None) -> tuple[bool, str]:
    """Whether the row is there, and the number of the application it is or belongs to; a placed object has its own."""
    if subject_id is None:
        return False, ""
    with scope.unscoped(session):
        found = session.get(model, subject_id)
        if found is None:
            return False, ""
        if isinstance(found, Placed):
            return True, str(getattr(found, "number", None) or "")
        if not isinstance(found, Application):
            found = session.get_one(Application, found.application_id)
        return True, found.short_no


def _keep(session: Session, actor: Actor, request_id: str, **told: Any) -> None:
    who = {"actor_id": actor.user_id, "actor_name": actor.name, "roles": ",".join(actor.roles)}
    session.add(RefusedAct(at=now(), request_id=request_id, **who, **told))
    session.flush()


def _in_short(session: Session, write: Any) -> None:
    try:
        transaction.run(session, write)
    except Busy:
        return
