"""Who answers where (答疑责任人); items without a guide or handbook, centres without such a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import exists, or_, select
from sqlalchemy.orm import selectinload

from app.engine.now import now
from app.errors import Complaint
from app.extensions import db
from app.law import N_
from app.law.publication import GUIDE_PARTS
from app.law.roles import STAFF_ROLES, Role
from app.models.catalogue import Item
from app.models.consultation import AnswerOwner
from app.models.handbook import Handbook
from app.models.organisation import Centre, Posting
from app.web.crud import GeneratedView

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sqlalchemy.orm import Session

EVERYBODY, ADMINISTRATOR = frozenset(STAFF_ROLES), frozenset({Role.COUNTY_ADMIN})


class AnswerOwnerView(GeneratedView):
    """Who answers for the questions of each centre; an assignment is ended by its last day, never deleted."""

    model = AnswerOwner
    route_base = "/answer-owners"
    list_title, new_title = _("Answer owners"), _("New answer owner")
    readers, editors = EVERYBODY, ADMINISTRATOR
    include_route_methods = {"list", "show", "add", "edit", "choices"}
    short_relations = ("centre",)
    list_columns = show_columns = add_columns = ["centre", "staff", "since", "until"]
    edit_columns = ["until"]
    search_columns = ["centre", "since", "until"]
    base_order = ("centre_id", "asc")
    sentences = {
        "owner_dates": ("until", N_("The last day lies before the first.")),
        "owner_once_a_day": ("since", N_("Somebody answers for this centre from that day on already.")),
    }

    def complaints(self, row: AnswerOwner) -> Iterator[Complaint]:
        """One person at a time, who works there."""
        if row.until is not None and row.until < row.since:
            yield Complaint(*self.sentences["owner_dates"])
            return
        others = select(AnswerOwner.id).where(
            AnswerOwner.centre_id == row.centre.id,
            AnswerOwner.id != (row.id or 0),
            or_(AnswerOwner.until.is_(None), AnswerOwner.until >= row.since),
        )
        if row.until is not None:
            others = others.where(AnswerOwner.since <= row.until)
        if db.session.scalar(others.limit(1)) is not None:
            yield Complaint("since", N_("Somebody else answers for this centre then; end that first."))
        works_there = select(Posting.id).where(
            Posting.staff_id == row.staff.id,
            Posting.centre_id == row.centre.id,
            Posting.since <= row.since,
            or_(Posting.until.is_(None), Posting.until >= row.since),
        )
        if db.session.scalar(works_there.limit(1)) is None:
            yield Complaint("staff", N_("This person has no post at the centre on that day."))


class CoverageView(BaseView):
    """What the consultation service does not cover yet; it should be nothing (一, req. 102)."""

    route_base = "/consultation-coverage"
    default_view = "gaps"
    readers = EVERYBODY

    @expose("/")
    @has_access
    @permission_name("list")
    def gaps(self) -> str:
        """The gaps, each with the way to close it."""
        session = db.session()
        return self.render_template(
            "coverage.html", title=gettext("What consultation does not cover"), items=uncovered_items(session),
            centres=centres_without_owner(session, now().date()), active=_active(session),
        )  # fmt: skip


def uncovered_items(session: Session) -> list[dict[str, Any]]:
    """The items in service without a published handbook, or whose guide lacks a part."""
    published = exists().where(Handbook.item_id == Item.id, Handbook.state == "published")
    query = select(Item, published).where(Item.is_active.is_(True)).options(selectinload(Item.materials))
    found = []
    for item, has_handbook in session.execute(query.order_by(Item.code)):
        has_guide = all(getattr(item, part).strip() for part in GUIDE_PARTS) and bool(item.materials)
        if not (has_handbook and has_guide):
            found.append({"item": item, "has_handbook": has_handbook, "has_guide": has_guide})
    return found


def centres_without_owner(session: Session, today: date) -> list[Centre]:
    """The hall and the town centres where nobody answers for questions today."""
    owned = exists().where(
        AnswerOwner.centre_id == Centre.id,
        AnswerOwner.since <= today,
        or_(AnswerOwner.until.is_(None), AnswerOwner.until >= today),
    )
    return list(session.scalars(select(Centre).where(~owned).order_by(Centre.id)))


def _active(session: Session) -> int:
    return len(session.scalars(select(Item.id).where(Item.is_active.is_(True))).all())
