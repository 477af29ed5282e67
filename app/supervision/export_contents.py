"""What may be taken out: for each kind its columns, and its rows one by one; personal data is masked always."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from sqlalchemy import Select, func, select

from app.engine import settings
from app.law import N_
from app.law.clock import ZONE
from app.law.do_not import LABELS as DO_NOT
from app.law.do_not import DoNot
from app.law.identity import mask_id, mask_name
from app.law.object_acts import EVERY_ACT
from app.law.roles import ROLE_LABELS, Role
from app.law.states import STATE_LABELS
from app.models.application import Application, Decision
from app.models.archive import ArchiveFile, ArchivePage, Retention
from app.models.catalogue import Item, ItemVersion
from app.models.delivery import Certificate
from app.models.organisation import Centre, Office
from app.models.trail import RefusedAct

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.exports import ExportRequest

AT_ONCE = 1_000
PERSON = "1"
DELIVERY = {"pickup": N_("Pickup at the certificate centre"), "ems": N_("By EMS"), "window": N_("At the window")}
RESULTS = {
    "grant": N_("Granted"), "refusal": N_("Licence refused"), "non_acceptance": N_("Not accepted"),
    None: N_("No decision"),
}  # fmt: skip


@dataclass(frozen=True)
class Content:
    """One kind of export: its columns with their headings, the query, and a cell's words by column."""

    label: str
    columns: Mapping[str, str]
    query: Callable[[], Select[Any]]
    day: Any
    """The moment by which the days of a request choose rows."""
    cells: Mapping[str, Callable[[Any], object]]
    only: frozenset[Role] = frozenset()
    """Who alone may ask; empty for everybody who may ask at all."""
    has_place: bool = True


def rows(session: Session, request: ExportRequest) -> Iterator[list[object]]:
    """The rows that lie within the reach of the session's actor, a thousand in memory at a time."""
    content = CONTENTS[request.what]
    begin = datetime.combine(request.from_on, time(0), ZONE)
    end = datetime.combine(request.to_on + timedelta(days=1), time(0), ZONE)
    query = content.query().where(content.day >= begin, content.day < end).order_by(content.day)
    if content.has_place and request.centre_id is not None:
        query = query.where(Application.centre_id == request.centre_id)
    if content.has_place and request.office_id is not None:
        query = query.where(Application.office_id == request.office_id)
    days = settings.calendar(session, settings.load(session)) if "actual_days" in request.columns else None
    for row in session.execute(query.execution_options(yield_per=AT_ONCE)):
        yield [
            _actual(days, row) if name == "actual_days" else content.cells.get(name, _plain(name))(row)
            for name in request.columns
        ]


def _plain(name: str) -> Callable[[Any], object]:
    return lambda row: _moment(getattr(row, name))


def _moment(value: object) -> object:
    return value.astimezone(ZONE).strftime("%Y-%m-%d %H:%M") if isinstance(value, datetime) else value


def _actual(days: Any, row: Any) -> object:
    """Working days from acceptance to closing, the day of acceptance not counted."""
    if row.accepted_at is None or row.closed_at is None:
        return ""
    first, last = row.accepted_at.astimezone(ZONE).date(), row.closed_at.astimezone(ZONE).date()
    return days.count_through(last) - days.count_through(first)


def _name(row: Any) -> str:
    return mask_name(row.applicant_name) if row.applicant_type == PERSON else str(row.applicant_name)


def _words(name: str, labels: Mapping[Any, str]) -> Callable[[Any], str]:
    def say(row: Any) -> str:
        code = getattr(row, name)
        return gettext(labels[code]) if code in labels else str(code or "")

    return say


_STATES = {state.value: label for state, label in STATE_LABELS.items()}
_PEOPLE: dict[str, Callable[[Any], object]] = {
    "applicant": _name,
    "id_no": lambda row: mask_id(row.id_type, row.id_no),
    "delivery_mode": _words("delivery_mode", DELIVERY),
}
_ACT_LABELS = {name: row.label for name, row in EVERY_ACT.items()}
_WHO = (Application.applicant_type, Application.applicant_name, Application.id_type, Application.id_no)


def _placed(*columns: Any) -> Select[Any]:
    return (
        select(*columns, Centre.name.label("centre"), Office.name.label("office"))
        .join(Centre, Centre.id == Application.centre_id)
        .join(Office, Office.id == Application.office_id)
    )


def _applications() -> Select[Any]:
    own = (
        Application.short_no, Application.state, Application.registered_at, Application.received_at,
        Application.accepted_at, Application.decided_at, Application.closed_at, Application.delivered_at,
        Application.delivery_mode, Application.provincial_no,
    )  # fmt: skip
    item = (Item.code.label("item_code"), Item.name.label("item_name"))
    return _placed(*own, *_WHO, *item).join(Item, Item.id == Application.item_id)


def _ledger() -> Select[Any]:
    certificate = (
        select(func.max(Certificate.number))
        .where(Certificate.application_id == Application.id, Certificate.state == "valid")
        .correlate(Application)
        .scalar_subquery()
    )
    own = (
        Application.short_no, Application.received_at, Application.accepted_at, Application.closed_at,
        Application.delivery_mode, Item.code.label("item_code"), Item.name.label("item_name"),
        ItemVersion.snapshot["promised_days"].as_integer().label("promised_days"), Decision.kind.label("result"),
        certificate.label("certificate"),
    )  # fmt: skip
    return (
        _placed(*own, *_WHO)
        .join(Item, Item.id == Application.item_id)
        .join(ItemVersion, ItemVersion.id == Application.item_version_id)
        .outerjoin(Decision, Decision.application_id == Application.id)
    )


def _catalogue() -> Select[Any]:
    own = (
        ArchiveFile.number.label("archive_no"), Application.short_no, Retention.name.label("retention"),
        ArchivePage.position, ArchivePage.title, ArchivePage.document_no, ArchivePage.responsible, ArchivePage.pages,
    )  # fmt: skip
    return (
        _placed(*own)
        .select_from(ArchivePage)
        .join(ArchiveFile, (ArchiveFile.id == ArchivePage.archive_id) & (ArchiveFile.listing == ArchivePage.listing))
        .join(Application, Application.id == ArchiveFile.application_id)
        .outerjoin(Retention, Retention.id == ArchiveFile.retention_id)
    )


def _refused() -> Select[Any]:
    return select(
        RefusedAct.at, RefusedAct.actor_name, RefusedAct.roles, RefusedAct.act, RefusedAct.subject_no,
        RefusedAct.category,
    )  # fmt: skip


_PLACE = {"centre": N_("Taken at"), "office": N_("Decided in")}
_WHOSE = {"applicant": N_("Applicant"), "id_no": N_("ID number")}

CONTENTS: Mapping[str, Content] = {
    "applications": Content(
        N_("Applications by the day of registration"),
        {
            "short_no": N_("Number"), "item_code": N_("Item code"), "item_name": N_("Item"), **_WHOSE, **_PLACE,
            "state": N_("State"), "registered_at": N_("Registered at"), "received_at": N_("Received at"),
            "accepted_at": N_("Accepted at"), "decided_at": N_("Decided at"), "closed_at": N_("Closed at"),
            "delivered_at": N_("Delivered at"), "delivery_mode": N_("Delivery"),
            "provincial_no": N_("Provincial number"),
        },
        _applications, Application.registered_at, {**_PEOPLE, "state": _words("state", _STATES)},
    ),
    "ledger_rows": Content(
        N_("Closed applications as the weekly ledger lists them"),
        {
            "short_no": N_("Number"), "item_name": N_("Item"), "item_code": N_("Item code"), **_WHOSE, **_PLACE,
            "received_at": N_("Received at"), "accepted_at": N_("Accepted at"), "closed_at": N_("Closed at"),
            "promised_days": N_("Promised working days"), "actual_days": N_("Working days taken"),
            "result": N_("Result"), "certificate": N_("Certificate number"), "delivery_mode": N_("Delivery"),
        },
        _ledger, Application.closed_at, {**_PEOPLE, "result": _words("result", RESULTS)},
    ),
    "archive_catalogue": Content(
        N_("Catalogue of archive files by the day they opened"),
        {
            "archive_no": N_("Archive number"), "short_no": N_("Number"), "retention": N_("Retention"),
            "position": N_("Position"), "title": N_("Title"), "document_no": N_("Document number"),
            "responsible": N_("Responsible"), "pages": N_("Pages"), **_PLACE,
        },
        _catalogue, ArchiveFile.opened_at, {},
    ),
    "refused_acts": Content(
        N_("Refused acts"),
        {
            "at": N_("At"), "actor_name": N_("By"), "roles": N_("Roles held"), "act": N_("Act"),
            "subject_no": N_("Number"), "category": N_("What the rule forbids"),
        },
        _refused, RefusedAct.at,
        {
            "act": _words("act", _ACT_LABELS),
            "category": lambda row: gettext(DO_NOT[DoNot(row.category)]),
            "roles": lambda row: "、".join(
                gettext(ROLE_LABELS[Role(each)]) for each in row.roles.split(",") if each in set(Role)
            ),
        },
        only=frozenset({Role.SUPERVISOR}), has_place=False,
    ),
}  # fmt: skip
"""What may be asked for; the columns of a request are all of these, fixed when it is made."""

LABELS = {what: content.label for what, content in CONTENTS.items()}
