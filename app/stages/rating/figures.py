"""Satisfaction in figures: one aggregate over the ratings within reach, and one over the complaints."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, case, func, select

from app.law.clock import ZONE
from app.models.application import Application
from app.models.catalogue import Item
from app.models.organisation import Centre, Office
from app.models.rating import Complaint, Rating
from app.stages.rating.work_orders import OPEN, WAITS_FOR_HANDLER

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

GRADED = tuple(f"grade{grade}" for grade in range(1, 6))
CONTENT = GRADED[:3]
MEASURES = (*GRADED, "finished", "unrated", "unreminded", "orders_open", "orders_late")
OF_COMPLAINTS = ("complaints", "complaints_open", "complaints_late")


@dataclass
class Figures:
    """The figures of a place or an item."""

    name: str
    of: Counter[str] = field(default_factory=Counter)

    @property
    def rated(self) -> int:
        """How many ratings count."""
        return sum(self.of[grade] for grade in GRADED)

    @property
    def rate(self) -> str:
        """满意率: the first three grades among all that were given."""
        return f"{sum(self.of[grade] for grade in CONTENT) * 100 / self.rated:.1f}%" if self.rated else "—"


@dataclass(frozen=True)
class Satisfaction:
    """The whole, and by centre, office and item."""

    total: Figures
    centres: list[Figures]
    offices: list[Figures]
    items: list[Figures]


def satisfaction(
    session: Session, now: datetime, since: date | None, until: date | None, *, demo: bool
) -> Satisfaction:
    """The figures of matters finished, and complaints filed, in these days; the demo's where it is one alone."""
    by: dict[str, dict[int, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    total = Figures("")
    for row in session.execute(_of_ratings(now, since, until, demo=demo)).mappings():
        measured = Counter({name: row[name] for name in MEASURES})
        total.of += measured
        for key in ("centre_id", "office_id", "item_id"):
            by[key][row[key]] += measured
    for row in session.execute(_of_complaints(now, since, until, demo=demo)).mappings():
        measured = Counter({name: row[name] for name in OF_COMPLAINTS})
        total.of += measured
        key = "centre_id" if row["centre_id"] is not None else "office_id"
        by[key][row[key]] += measured
    return Satisfaction(
        total,
        _named(by["centre_id"], session.execute(select(Centre.id, Centre.name).order_by(Centre.kind, Centre.id))),
        _named(by["office_id"], session.execute(select(Office.id, Office.name).order_by(Office.id))),
        _named(by["item_id"], session.execute(
            select(Item.id, Item.name).where(Item.id.in_(by["item_id"].keys())).order_by(Item.code)
        )),
    )  # fmt: skip


def _of_ratings(now: datetime, since: date | None, until: date | None, *, demo: bool) -> Any:
    """One row for each centre, office and item; the guard of the session says of which applications."""
    given = [_count(and_(Rating.state != "voided", Rating.grade == grade), f"grade{grade}") for grade in range(1, 6)]
    query = (
        select(
            Application.centre_id, Application.office_id, Application.item_id, *given,
            func.count().label("finished"),
            _count(Rating.state == "unrated", "unrated"),
            _count(Rating.reminded_at.is_(None), "unreminded"),
            _count(Rating.state.in_(sorted(OPEN)), "orders_open"),
            _count(and_(Rating.state.in_(sorted(WAITS_FOR_HANDLER)), Rating.due_at < now), "orders_late"),
        )
        .select_from(Rating)
        .join(Application, Application.id == Rating.application_id)
        .where(*_between(Rating.invited_at, since, until))
        .group_by(Application.centre_id, Application.office_id, Application.item_id)
    )  # fmt: skip
    return query if demo else query.where(Application.is_demo.is_(False))


def _of_complaints(now: datetime, since: date | None, until: date | None, *, demo: bool) -> Any:
    query = (
        select(
            Complaint.centre_id, Complaint.office_id,
            _count(Complaint.state != "voided", "complaints"),
            _count(Complaint.state.in_(sorted(OPEN)), "complaints_open"),
            _count(and_(Complaint.state.in_(sorted(WAITS_FOR_HANDLER)), Complaint.due_at < now), "complaints_late"),
        )
        .where(*_between(Complaint.opened_at, since, until))
        .group_by(Complaint.centre_id, Complaint.office_id)
    )  # fmt: skip
    return query if demo else query.where(Complaint.is_demo.is_(False))


def _count(condition: ColumnElement[bool], name: str) -> Any:
    return func.count(case((condition, 1))).label(name)


def _between(column: Any, since: date | None, until: date | None) -> list[ColumnElement[bool]]:
    found = []
    if since is not None:
        found.append(column >= datetime.combine(since, time.min, ZONE))
    if until is not None:
        found.append(column < datetime.combine(until + timedelta(days=1), time.min, ZONE))
    return found


def _named(measured: Mapping[int, Counter[str]], names: Iterable[Any]) -> list[Figures]:
    return [Figures(name, measured[pk]) for pk, name in names if pk in measured]
