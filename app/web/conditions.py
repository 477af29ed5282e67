"""Conditions that desks put on the applications they show, as the database answers them."""

from collections.abc import Collection

from sqlalchemy import BigInteger, ColumnElement, bindparam, exists, not_
from sqlalchemy.orm import aliased

from app.models.application import Application
from app.models.base import Moment
from app.models.custody import Slip
from app.models.fees import Fee

NOW = bindparam("now", type_=Moment())
ME, MY_WINDOW = bindparam("me", type_=BigInteger()), bindparam("my_window", type_=BigInteger())
"""Who looks at a desk, at which window, and when: told when it is asked, so that its question is put together once."""


def slip_is_open(kind: str, to: Collection[str] = ()) -> ColumnElement[bool]:
    """A slip of this kind is on its way, to one of these units where any are named."""
    found = exists().where(Slip.application_id == Application.id, Slip.kind == kind, Slip.state == "issued")
    return found.where(Slip.to_unit.in_(sorted(to))) if to else found


def no_slip_is_open(kind: str) -> ColumnElement[bool]:
    """No slip of this kind is on its way."""
    return not_(slip_is_open(kind))


def last_file_is(state: str) -> ColumnElement[bool]:
    """The last file sent to the office was settled like this."""
    later = aliased(Slip)
    # By the slip's own application: the outermost query is out of sight from here.
    after = exists().where(later.application_id == Slip.application_id, later.kind == "file", later.id > Slip.id)
    settled = exists().where(Slip.application_id == Application.id, Slip.kind == "file", Slip.state == state)
    return settled.where(not_(after))


def fee_is(*states: str) -> ColumnElement[bool]:
    """A fee or deposit of the application stands in one of these states."""
    return exists().where(Fee.application_id == Application.id, Fee.state.in_(states))


def no_fee_is_open() -> ColumnElement[bool]:
    """Nothing is left to be paid, or waived."""
    return not_(fee_is("due", "notified"))
