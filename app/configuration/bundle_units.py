"""The part of a bundle that says where the work is done and paid for: centres, offices, departments, channels."""

from __future__ import annotations

from datetime import time
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.configuration.bundle_files import SHAPE
from app.configuration.channels import ChannelView
from app.configuration.organisation import CENTRE_KINDS, CentreView, DepartmentView, OfficeView
from app.engine.inputs import Input, choice, pattern, read, text
from app.errors import Incomplete
from app.law import N_
from app.models.fees import PaymentChannel
from app.models.organisation import Centre, IndustryDepartment, Office
from app.web import changes
from app.web.api_reference_inputs import ChannelInput
from app.web.constraints import explain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from app.configuration.bundle_files import Bringing, Files

HOUR, HOUR_WRONG = r"([01][0-9]|2[0-3]):[0-5][0-9]", N_("An hour like 08:30.")
LONGEST_CODE = 20


class CentreInput(Input):
    """The county hall or a town centre."""

    kind = choice(N_("Kind"), CENTRE_KINDS)
    name = text(N_("Name"), 1, 100)
    division_code = text(N_("Division code"), 1, 12)
    address = text(N_("Address"), 0, 200)
    phone = text(N_("Phone"), 0, 20)
    ticket_letter = text(N_("Ticket letter"), 1, 2)
    opens_at = pattern(N_("Opens at"), HOUR, HOUR_WRONG)
    lunch_from = pattern(N_("Lunch from"), HOUR, HOUR_WRONG)
    lunch_to = pattern(N_("Lunch to"), HOUR, HOUR_WRONG)
    closes_at = pattern(N_("Closes at"), HOUR, HOUR_WRONG)


class OfficeInput(Input):
    """An approval office."""

    name = text(N_("Name"), 1, 100)
    phone = text(N_("Phone"), 0, 20)


class DepartmentInput(Input):
    """An industry department."""

    name = text(N_("Name"), 1, 100)


UNITS = {
    "organisation/centres.json": (Centre, CentreInput, CentreView),
    "organisation/departments.json": (IndustryDepartment, DepartmentInput, DepartmentView),
    "organisation/offices.json": (Office, OfficeInput, OfficeView),
    "organisation/payment_channels.json": (PaymentChannel, partial(ChannelInput, exclude=("code",)), ChannelView),
}



def units_out(session: Session) -> Files:
    """Centres, offices, departments and payment channels by their codes."""
    return {name: {row.code: _said(row, schema()) for row in session.scalars(select(model))}
            for name, (model, schema, _view) in UNITS.items()}  # fmt: skip


def _said(row: Any, schema: Input) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in schema.fields}


def _plain(value: Any) -> Any:
    return value.strftime("%H:%M") if isinstance(value, time) else value


class _WrongError(Exception):
    """Something in a file is wrong: none of it is tried."""


def units_in(b: Bringing) -> None:
    """Add the units that are missing and change the others; none goes."""
    for name, (model, _schema, view) in UNITS.items():
        try:
            with b.session.begin_nested(), b.session.no_autoflush:
                _file(b, name)
        except _WrongError:
            continue
        except IntegrityError as error:
            wrong = explain(error, model.__table__, view.sentences)
            b.complain(name, wrong.sentence, wrong.params)


def _file(b: Bringing, name: str) -> None:
    """The units of one file; raises _WrongError once everything that is wrong with it was said."""
    model, schema, view = UNITS[name]
    said, before, read_by = b.object(name) or {}, len(b.complaints), schema()
    rows = {row.code: row for row in b.session.scalars(select(model))}
    for code in sorted(said):
        for row in _unit(b, name, code, said[code], rows, model, read_by):
            _judged(b, f"{name}: {code}", row, view)
    if len(b.complaints) > before:
        raise _WrongError


def _unit(
    b: Bringing, name: str, code: str, said: Any, rows: dict[str, Any], model: Any, schema: Input
) -> Iterator[Any]:
    """The row of a unit where it is new or says something else."""
    if not isinstance(said, dict) or not 0 < len(code.strip()) <= LONGEST_CODE:
        b.complain(f"{name}: {code[:LONGEST_CODE]}", SHAPE)
        return
    try:
        given = read(schema, said)
    except Incomplete as refusal:
        for each in refusal.complaints:
            b.complain(f"{name}: {code}: {each.field}", each.sentence, each.params)
        return
    values = {each: _hour(model, each, value) for each, value in given.items()}
    row = rows.get(code)
    if row is None:
        row = model(code=code)
        changes.stamp(row)
        b.session.add(row)
    elif all(getattr(row, each) == value for each, value in values.items()):
        return
    for each, value in values.items():
        setattr(row, each, value)
    yield row


def _hour(model: Any, name: str, value: Any) -> Any:
    return time.fromisoformat(value) if model.__table__.columns[name].type.python_type is time else value


def _judged(b: Bringing, where: str, row: Any, view: Any) -> None:
    """What the form of such a row would complain of."""
    own = next(each for each in current_app.appbuilder.baseviews if isinstance(each, view))
    for each in own.complaints(row):
        b.complain(f"{where}: {each.field}", each.sentence, each.params)
