"""What a ledger says of applications: the facts of each, some hundreds at a time, identity numbers masked.

Its questions are put to the tables and not to the classes, each put together once: there are eight for each ledger, and
the system asks them, which sees all.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from app.law.clock import Clock
from app.law.identity import mask_id
from app.law.workdays import ONE_DAY, Calendar, workdays_between
from app.models.application import Application, Decision
from app.models.archive import ArchivePage
from app.models.base import CountyDay
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
IDS = bindparam("ids", expanding=True, literal_execute=True)
"""Written into the statement, since binding hundreds of ids takes longer than reading what they name."""


def _of(table: Any, *columns: str) -> Any:
    """The rows of a table that hang on the applications IDS, each with the application's id before its columns."""
    return select(table.c.application_id, *(table.c[name] for name in columns)).where(table.c.application_id.in_(IDS))


_APPLICATION, _RUN, _EVENT = Application.__table__.c, ClockRun.__table__.c, Event.__table__.c
_APPLICATIONS = select(
    *(_APPLICATION[name] for name in (
        "id", "number", "state", "applicant_name", "id_type", "id_no", "centre_id", "window_id", "office_id",
        "item_version_id", "delivery_mode",
    )),
    *(CountyDay(_APPLICATION[f"{what}_at"]).label(f"{what}_on") for what in (
        "received", "accepted", "closed", "delivered",
    )),
).where(_APPLICATION.id.in_(IDS))  # fmt: skip
_ENDED_RUNS = (
    _of(ClockRun.__table__, "id", "clock", "outcome", "extension")
    .add_columns(CountyDay(_RUN.started_at).label("started"), CountyDay(_RUN.stopped_at).label("stopped"))
    .where(_RUN.clock.in_(LIMITS), _RUN.stopped_at.is_not(None))
    .where(or_(_RUN.clock == Clock.PROMISED.value, _RUN.outcome == "late"))
    .order_by(_RUN.id)
)
_PAUSES = _of(ClockPause.__table__, "clock_run_id", "first_day", "last_day").where(
    ClockPause.__table__.c.last_day.is_not(None)
)
_DECISIONS = _of(Decision.__table__, "kind")
_CERTIFICATES = _of(Certificate.__table__, "number", "valid_from", "valid_to").where(
    Certificate.__table__.c.state == "valid"
)
_SHEET = ArchivePage.__table__.c
_SUPPLEMENTS = (
    select(_SHEET.application_id, func.count())
    .where(_SHEET.application_id.in_(IDS), _SHEET.supplementary.is_(True))
    .group_by(_SHEET.application_id)
)
_HANDLING = (
    _of(Event.__table__, "act", "actor_name")
    .where(_EVENT.act.in_((*HANDLED, DEEMED)))
    .order_by(_EVENT.application_id, _EVENT.seq)
)
_EXPLANATIONS = (
    _of(Event.__table__, "payload")
    .where(_EVENT.act == "explain_overdue")
    .order_by(_EVENT.application_id, _EVENT.seq)
)


def facts_of(session: Session, ids: Sequence[int], days: Calendar) -> Iterator[tuple[int, Facts]]:
    """The facts of these applications as they are now, in the order of the ids."""
    names = _Names(session)
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        known = _Known(session, some, days)
        rows = {row.id: row for row in session.execute(_APPLICATIONS, {"ids": some}).all()}
        yield from ((pk, _facts(rows[pk], known, names)) for pk in some)


def _facts(row: Any, known: "_Known", names: "_Names") -> Facts:
    certificate, run = known.certificates.get(row.id), known.promised.get(row.id)
    actual, paused = known.days(run)
    return {
        "number": row.number,
        **names.item(row.item_version_id),
        "applicant": row.applicant_name,
        "id_type": row.id_type,
        "id_no": mask_id(row.id_type, row.id_no),
        "centre": names.centres[row.centre_id],
        "window": names.windows.get(row.window_id, ""),
        "received_on": row.received_on,
        "accepted_on": row.accepted_on,
        "closed_on": row.closed_on,
        "actual_days": actual,
        "result": known.results.get(row.id) or ("withdrawn" if row.state == "withdrawn" else "terminated"),
        "certificate_no": certificate.number if certificate else "",
        "valid_from": certificate.valid_from.isoformat() if certificate else None,
        "valid_to": certificate.valid_to.isoformat() if certificate and certificate.valid_to else None,
        "office": names.offices[row.office_id],
        "handler": known.handlers.get(row.id, ""),
        "delivery_mode": row.delivery_mode,
        "delivered_on": row.delivered_on,
        "overdue": row.id in known.overdue,
        "overdue_reason": known.explained.get(row.id, ""),
        "deemed": row.id in known.deemed,
        "paused_days": paused,
        "extended_days": run.extension if run else 0,
        "supplementary_sheets": known.supplements.get(row.id, 0),
    }


class _Known:
    """What else is on record about some applications, each table asked once."""

    def __init__(self, session: Session, ids: Sequence[int], days: Calendar) -> None:
        self._days = days
        these = {"ids": ids}
        self._read_clocks(session, these)
        self.results = {pk: RESULTS[kind] for pk, kind in session.execute(_DECISIONS, these).all()}
        self.certificates = {row.application_id: row for row in session.execute(_CERTIFICATES, these).all()}
        self.supplements = _pairs(session.execute(_SUPPLEMENTS, these))
        self._read_events(session, these)

    def _read_clocks(self, session: Session, these: Facts) -> None:
        runs = session.execute(_ENDED_RUNS, these).all()
        self.overdue = {row.application_id for row in runs if row.outcome == "late"}
        self.promised = {row.application_id: row for row in runs if row.clock == Clock.PROMISED.value}
        self._pauses: dict[int, list[Any]] = defaultdict(list)
        for row in session.execute(_PAUSES, these).all():
            self._pauses[row.clock_run_id].append(row)

    def _read_events(self, session: Session, these: Facts) -> None:
        self.handlers: dict[int, str] = {}
        self.deemed: set[int] = set()
        for pk, act, name in session.execute(_HANDLING, these).all():
            if act == DEEMED:
                self.deemed.add(pk)
            else:
                self.handlers[pk] = name
        rows = session.execute(_EXPLANATIONS, {"ids": sorted(self.overdue)}) if self.overdue else ()
        self.explained = {pk: str(payload.get("reason", "")) for pk, payload in rows}

    def days(self, run: Any) -> tuple[int | None, int]:
        """The working days the promised limit ran, and those of them that did not count; None where it never ran."""
        if run is None:
            return None, 0
        before, end = date.fromisoformat(run.started), date.fromisoformat(run.stopped)
        spans = ((max(p.first_day - ONE_DAY, before), p.last_day) for p in self._pauses.get(run.id, ()))
        paused = sum(max(0, workdays_between(after, through, self._days)) for after, through in spans)
        return workdays_between(before, end, self._days) - paused, paused


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


def _pairs(rows: Iterable[Any]) -> dict[int, Any]:
    return dict(map(tuple, rows))
