"""Finished matters, and what people say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.engine import scope
from app.engine.actors import SYSTEM, public
from app.engine.object_acts import SUBJECTS
from app.engine.perform_object import perform_object
from app.models.organisation import Centre
from app.models.rating import Complaint, Rating
from tests.factories import Line
from tests.web.at_work import fields_of

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.factories import County

COMPLAINT = {"title": "排队太久", "content": "窗口只开了一个，等了两个小时。", "phone": "19900000099", "source": "web"}


def finished(county: County, clerk: str = "clerk.hall", issuer: str = "clerk2.hall", **more: Any) -> Line:
    """A matter that was handed out at the counter: received by one clerk, issued by another."""
    line = Line(county, clerk=clerk, **more).until("sent")
    return line.confirm_handover(issuer).issue(issuer)


def rating_of(county: County, line: Line) -> Rating:
    """The rating of a matter as it is now."""
    county.session.rollback()
    [found] = county.rows(Rating, line.id)
    return found


def rate(county: County, line: Line, grade: int, **more: Any) -> dict[str, Any]:
    """Rate as whoever has the token."""
    rating = rating_of(county, line)
    move, given = ("bad" if grade > 3 else "rate"), {"grade": str(grade), "channel": "sms", **more}
    return perform_object(
        county.session, "rating", move, rating.id, public(("rating", rating.id)), given, rating.version
    )


def badly_rated(county: County, grade: int = 5, **more: Any) -> Line:
    """A finished matter with a bad rating."""
    line = finished(county)
    rate(county, line, grade, comment="等了很久，没人解释。", **more)
    return line


def complained(county: County, **changes: Any) -> Complaint:
    """A complaint about the hall, or about what `changes` say."""
    place = {} if "office" in changes else {"centre": centre(county, "hall")}
    pk = perform_object(
        county.session, "complaint", "file", None, public(), {**COMPLAINT, **place, **changes}, None
    )["id"]
    return on_record(county, "complaint", pk)


def on_record(county: County, kind: str, pk: int) -> Any:
    """An order as it is now, whoever looks."""
    county.session.rollback()
    with scope.unscoped(county.session):
        return county.session.get(SUBJECTS[kind], pk, populate_existing=True)


def on_order(county: County, who: str, kind: str, pk: int, move: str, **data: Any) -> Any:
    """Do an act on a work order, and answer it as it is then."""
    version = data.pop("version", None) or on_record(county, kind, pk).version
    actor = SYSTEM if who == "system" else county.actor(who)
    perform_object(county.session, kind, move, pk, actor, data, version)
    return on_record(county, kind, pk)


def centre(county: County, code: str) -> int:
    """The id of a centre."""
    return county.session.scalars(select(Centre.id).where(Centre.code == code)).one()


def visit(app: Flask, token: str, **typed: str) -> TestResponse:
    """Open the page of a token without login, fill it in, send it, and see what is said."""
    client = app.test_client()
    form = fields_of(client.get(f"/rate/{token}"))
    return client.post(f"/rate/{token}", data={**form, **typed}, follow_redirects=True)
