"""Questions as people of the county ask and answer them by program."""

from __future__ import annotations

import itertools
import re
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from app.engine import scope
from app.engine.now import now
from app.models.catalogue import Item
from app.models.consultation import Consultation
from app.models.counter import Ticket
from app.models.organisation import Centre, Window
from tests.web.programs import Program

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.factories import County

QUESTION = "我想在自家林地采伐二十株桉树，需要办什么手续？"
ANSWER = "需要林木采伐许可证，带申请表和身份证明到本窗口即可。"
DESCRIPTION = "申请人的林地与邻村有界线争议，窗口无法判断能否受理。"
_numbers = itertools.count(1)


def window(county: County, place: str) -> Window:
    """A window, by centre and code: `hall:A01`."""
    centre, _, code = place.partition(":")
    there = select(Window).join(Centre, Centre.id == Window.centre_id)
    return county.session.scalars(there.where(Centre.code == centre, Window.code == code)).one()


def ticket(county: County, place: str = "hall:A01", state: str = "serving") -> int:
    """A ticket that stands at a window."""
    at = window(county, place)
    with scope.unscoped(county.session):
        row = Ticket(
            created_at=now(),
            centre_id=at.centre_id, day=now().date(), number=f"A{next(_numbers):03d}", area="A", state=state,
            window_id=at.id, issued_at=now(), called_at=now(), created_by="test",
        )  # fmt: skip
        county.session.add(row)
        county.session.commit()
        return int(row.id)


def manager(county: County, username: str = "manager.hall") -> int:
    """The account of a window manager."""
    found = county.actor(username).user_id
    assert found is not None
    return found


def row(county: County, pk: int) -> Consultation:
    """A question as it is kept, whoever looks."""
    with scope.unscoped(county.session):
        return county.session.get_one(Consultation, pk, populate_existing=True)


def change(county: County, code: str, **values: object) -> None:
    """Set an item's columns, past every page."""
    county.session.rollback()
    county.session.execute(update(Item).where(Item.code == code).values(**values))
    county.session.commit()


def send_small(client: FlaskClient, path: str, **sent: object) -> TestResponse:
    """Post what a button or a small form of a page posts: with the page's token."""
    found = re.search(r'<meta name="csrf-token" content="([^"]+)"', client.get("/").text)
    assert found is not None
    return client.post(path, data={"csrf_token": found[1], **sent}, content_type="multipart/form-data")


class Question:
    """One question, driven by program from the guide desk up."""

    def __init__(self, app: Flask, county: County, *, at_guide: bool = True) -> None:
        self.app, self.county = app, county
        self._programs: dict[tuple[str, date], Program] = {}
        given = {"question": QUESTION, "asker_name": "示例甲", "asker_phone": "19900000001"}
        if at_guide:
            answer = self.by("guide").post("consultation/transitions/open", given)
        else:
            given |= {"ticket_id": ticket(county), "item": "I12"}
            answer = self.by("clerk.hall").post("consultation/transitions/open_at_window", given)
        assert answer.status_code == 201, answer.json
        self.id = int(answer.json["id"])

    def by(self, username: str) -> Program:
        """Somebody's program, logged in once a day."""
        today = (username, now().date())
        if today not in self._programs:
            self._programs[today] = Program(self.app, self.county, username)
        return self._programs[today]

    def send(self, who: str, move: str, **data: Any) -> Any:
        """Do a move and answer what came back; the version is that of the row."""
        data.setdefault("version", row(self.county, self.id).version)
        return self.by(who).post(f"consultation/{self.id}/transitions/{move}", data)

    def do(self, who: str, move: str, **data: Any) -> Question:
        """Do a move that is lawful."""
        answer = self.send(who, move, **data)
        assert answer.status_code == 200, answer.json
        return self

    def shown(self, who: str = "clerk.hall") -> dict[str, Any]:
        """The question as somebody reads it."""
        found: dict[str, Any] = self.by(who).get(f"consultation/{self.id}").json["result"]
        return found

    def up_to(self, tier: int) -> Question:
        """Bring it up, a tier at a time, in the way of the rule."""
        if tier >= 2 and row(self.county, self.id).tier < 2:
            self.do("clerk.hall", "to_window", ticket_id=ticket(self.county), item="I12")
        if tier >= 3:
            self.do("clerk.hall", "ask_manager", manager_id=manager(self.county), difficulty="林地界线有争议")
        if tier >= 4:
            self.do("clerk.hall", "pass_to_office", reason_code="professional", description=DESCRIPTION)
        return self
