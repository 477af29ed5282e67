"""The county hall with people who come and go: what the tests of the queue share."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.engine import scope
from app.engine.actors import kiosk
from app.engine.perform_object import perform_object
from app.engine.queue import next_for
from app.models.counter import Ticket
from app.models.organisation import Centre, Window
from app.models.trail import Event
from app.supervision.verify import violations

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session
    from werkzeug.test import TestResponse

    from tests.factories import County


def centre_id(session: Session, code: str = "hall") -> int:
    return session.scalars(select(Centre.id).where(Centre.code == code)).one()


def window_id(session: Session, code: str, centre: str = "hall") -> int:
    there = select(Window.id).join(Centre, Centre.id == Window.centre_id)
    return session.scalars(there.where(Centre.code == centre, Window.code == code)).one()


def take(county: County, number: int = 1, centre: str = "hall", area: str = "A") -> list[int]:
    """So many take a number at the machine of a hall, one after another; their ids."""
    actor = kiosk(centre_id(county.session, centre))
    return [
        perform_object(county.session, "ticket", "take", None, actor, {"area": area}, None)["id"] for _ in range(number)
    ]


def call_next(county: County, clerk: str) -> dict[str, Any]:
    """A clerk calls whoever is next."""
    actor = county.actor(clerk)
    return perform_object(county.session, "ticket", "call", next_for(actor), actor, {}, None)


def move(county: County, clerk: str, name: str, ticket: int, **data: Any) -> dict[str, Any]:
    """A clerk moves a ticket from the page as it stands."""
    version = data.pop("version", None) or shown(county, ticket).version
    return perform_object(county.session, "ticket", name, ticket, county.actor(clerk), data, version)


def shown(county: County, ticket: int) -> Ticket:
    """A ticket as it is, whoever looks."""
    with scope.unscoped(county.session):
        return county.session.get_one(Ticket, ticket, populate_existing=True)


def tickets(county: County) -> list[Ticket]:
    with scope.unscoped(county.session):
        return list(county.session.scalars(select(Ticket).order_by(Ticket.id).execution_options(populate_existing=True)))


def events(county: County, ticket: int) -> list[Event]:
    """What happened to a ticket."""
    own = select(Event).where(Event.subject_kind == "ticket", Event.subject_id == ticket)
    with scope.unscoped(county.session):
        return list(county.session.scalars(own.order_by(Event.seq)))


def wrong(county: County) -> list[str]:
    """What `flask verify` finds, but for the settings of the test's own PostgreSQL (32); nothing was sealed yet."""
    return [each for each in violations(county.session, Path("nothing-sealed")) if not each.startswith("32:")]


def second_area(county: County, letter: str = "C") -> None:
    """One more window in the hall, with an area of its own."""
    like = county.session.get_one(Window, window_id(county.session, "A02"))
    same = {name: getattr(like, name) for name in ("centre_id", "kind", "phone", "created_at", "created_by")}
    county.session.add(Window(code=f"{letter}01", name=f"{letter}01窗口", area=letter, **same))
    county.session.commit()


def forms_of(page: TestResponse) -> dict[str, dict[str, str]]:
    """The forms of the machine by what they take: what each would send."""
    found = {}
    for form in re.findall(r'<form method="post" action="/kiosk/[^"]*">.*?</form>', page.text, re.DOTALL):
        sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
        found[sent.get("area") or sent["item"]] = sent
    return found


def touch(client: FlaskClient, what: str, hall: str = "hall") -> TestResponse:
    """Touch an area or an item at the machine, and see the slip."""
    sent = forms_of(client.get(f"/kiosk/{hall}"))[what]
    return client.post(f"/kiosk/{hall}/take", data=sent, follow_redirects=True)
