"""What a ledger says of applications: the facts of each, some hundreds at a time, identity numbers masked."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, or_, select
from sqlalchemy.orm import Session

from app.law.clock import Clock
from app.law.identity import mask_id
from app.law.workdays import ONE_DAY, Calendar, workdays_between
from app.models.application import Application, Decision
from app.models.archive import ArchivePage
from app.models.calendar import ClockPause, ClockRun
from app.models.catalogue import ItemVersion
from app.models.delivery import Certificate
from app.models.organisation import Centre, Office, Window
from app.models.trail import Event

Facts = dict[str, Any]

AT_ONCE = 500
HANDLED = ("accept", "reject", "review")
"""Whoever did the last of these had the matter in hand (经办人)."""
DEEMED = "deem_accepted"
LIMITS = (Clock.PROMISED.value, Clock.STATUTORY.value)
RESULTS = {"grant": "granted", "refusal": "refused", "non_acceptance": "not_accepted"}


def facts_of(session: Session, ids: Sequence[int], days: Calendar) -> Iterator[tuple[int, Facts]]:
    """The facts of these applications as they are now, in the order of the ids."""
    names = _Names(session)
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        known = _Known(session, some, days)
        rows = {row.id: row for row in session.execute(_APPLICATIONS.where(among(Application.id, some)))}
        yield from ((pk, _facts(rows[pk], known, names)) for pk in some)


_APPLICATIONS = select(
    Application.id, Application.number, Application.state, Application.applicant_name, Application.id_type,
    Application.id_no, Application.centre_id, Application.window_id, Application.office_id, Application.received_at,
    Application.accepted_at, Application.closed_at, Application.delivered_at, Application.delivery_mode,
    Application.item_version_id,
)  # fmt: skip


def _facts(row: Any, known: "_Known", names: "_Names") -> Facts:
    certificate, run = known.certificates.get(row.id), known.promised.get(row.id)
    return {
        "number": row.number,
        **names.item(row.item_version_id),
        "applicant": row.applicant_name,
        "id_type": row.id_type,
        "id_no": mask_id(row.id_type, row.id_no),
        "centre": names.centres[row.centre_id],
        "window": names.windows.get(row.window_id, ""),
        "received_on": _day(row.received_at),
        "accepted_on": _day(row.accepted_at),
        "closed_on": _day(row.closed_at),
        "actual_days": known.days_used(run),
        "result": known.results.get(row.id) or ("withdrawn" if row.state == "withdrawn" else "terminated"),
        "certificate_no": certificate.number if certificate else "",
        "valid_from": certificate.valid_from.isoformat() if certificate else None,
        "valid_to": certificate.valid_to.isoformat() if certificate and certificate.valid_to else None,
        "office": names.offices[row.office_id],
        "handler": known.handlers.get(row.id, ""),
        "delivery_mode": row.delivery_mode,
        "delivered_on": _day(row.delivered_at),
        "overdue": row.id in known.overdue,
        "overdue_reason": known.explained.get(row.id, ""),
        "deemed": row.id in known.deemed,
        "paused_days": known.paused(run),
        "extended_days": run.extension if run else 0,
        "supplementary_sheets": known.supplements.get(row.id, 0),
    }


class _Known:
    """What else is on record about some applications, each table asked once."""

    def __init__(self, session: Session, ids: Sequence[int], days: Calendar) -> None:
        self._days = days
        self._read_clocks(session, ids)
        self.results = {pk: RESULTS[kind] for pk, kind in session.execute(_of(ids, Decision, Decision.kind))}
        valid = _of(ids, Certificate, Certificate.number, Certificate.valid_from, Certificate.valid_to)
        self.certificates = {row[0]: row for row in session.execute(valid.where(Certificate.state == "valid"))}
        supplements = _of(ids, ArchivePage, func.count()).where(ArchivePage.supplementary.is_(True))
        self.supplements = _pairs(session.execute(supplements.group_by(ArchivePage.application_id)))
        self._read_events(session, ids)

    def _read_clocks(self, session: Session, ids: Sequence[int]) -> None:
        run = ClockRun
        limits = _of(ids, run, run.id, run.clock, run.outcome, run.started_at, run.stopped_at, run.extension)
        told = or_(run.clock == Clock.PROMISED.value, run.outcome == "late")
        ended = limits.where(run.clock.in_(LIMITS), run.stopped_at.is_not(None), told).order_by(run.id)
        runs = session.execute(ended).all()
        self.overdue = {row.application_id for row in runs if row.outcome == "late"}
        self.promised = {row.application_id: row for row in runs if row.clock == Clock.PROMISED.value}
        pauses = _of(ids, ClockPause, ClockPause.clock_run_id, ClockPause.first_day, ClockPause.last_day)
        self._pauses: dict[int, list[Any]] = defaultdict(list)
        for row in session.execute(pauses.where(ClockPause.last_day.is_not(None))):
            self._pauses[row.clock_run_id].append(row)

    def _read_events(self, session: Session, ids: Sequence[int]) -> None:
        acts = (*HANDLED, DEEMED)
        done = _of(ids, Event, Event.act, Event.actor_name).where(Event.act.in_(acts))
        self.handlers: dict[int, str] = {}
        self.deemed: set[int] = set()
        for pk, act, name in session.execute(done.order_by(Event.application_id, Event.seq)):
            if act == DEEMED:
                self.deemed.add(pk)
            else:
                self.handlers[pk] = name
        explained = _of(sorted(self.overdue), Event, Event.payload).where(Event.act == "explain_overdue")
        rows = session.execute(explained.order_by(Event.application_id, Event.seq)) if self.overdue else ()
        self.explained = {pk: str(payload.get("reason", "")) for pk, payload in rows}

    def days_used(self, run: Any) -> int | None:
        """The working days the promised limit ran, pauses taken out; None where it never ran."""
        if run is None:
            return None
        return workdays_between(run.started_at.date(), run.stopped_at.date(), self._days) - self.paused(run)

    def paused(self, run: Any) -> int:
        """The working days of the promised limit that did not count."""
        if run is None:
            return 0
        before = run.started_at.date()
        spans = ((max(p.first_day - ONE_DAY, before), p.last_day) for p in self._pauses.get(run.id, ()))
        return sum(max(0, workdays_between(after, through, self._days)) for after, through in spans)


class _Names:
    """The names of places, and what an item said when an application was filed under it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._items: dict[int, Facts] = {}
        self.centres = _pairs(session.execute(select(Centre.id, Centre.name)))
        self.windows = _pairs(session.execute(select(Window.id, Window.name)))
        self.offices = _pairs(session.execute(select(Office.id, Office.name)))

    def item(self, version_id: int) -> Facts:
        """Name, code, handling and promised days."""
        found = self._items.get(version_id)
        if found is None:
            said = self._session.scalars(select(ItemVersion.snapshot).where(ItemVersion.id == version_id)).one()
            found = self._items[version_id] = {
                "item": said["name"], "impl_code": said["impl_code"], "handling": said["handling"],
                "promised_days": said["promised_days"],
            }  # fmt: skip
        return found


def _of(ids: Sequence[int], model: Any, *columns: Any) -> Any:
    """The rows of a table that hang on these applications, each with the application's id before its columns."""
    return select(model.application_id, *columns).where(among(model.application_id, ids))


def among(column: Any, ids: Sequence[int]) -> ColumnElement[bool]:
    """The column is one of these; written into the statement, since binding hundreds takes longer than reading them."""
    found: ColumnElement[bool] = column.in_(bindparam("ids", ids, expanding=True, literal_execute=True, unique=True))
    return found


def _pairs(rows: Iterable[Any]) -> dict[int, Any]:
    return dict(map(tuple, rows))


def _day(moment: datetime | None) -> str | None:
    day: date | None = moment.date() if moment else None
    return day.isoformat() if day else None
