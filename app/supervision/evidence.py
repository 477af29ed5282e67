"""What an accountability record rests on: the row it began with, the application, and who answers for it (req. 25)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from sqlalchemy import or_, select

from app.engine.object_acts import SUBJECTS
from app.law.clock import CLOCKS, ZONE, Clock
from app.law.do_not import CLAUSES, LABELS, DoNot
from app.law.lifecycle import TRANSITIONS
from app.law.object_acts import EVERY_ACT
from app.law.roles import BACK_CLASSES, ActClass
from app.models.application import Application
from app.models.calendar import Alert
from app.models.trail import Event, RefusedAct

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

BACK_ACTS = tuple(name for name, row in TRANSITIONS.items() if row.act_class in BACK_CLASSES)
MAKE_ACTS = tuple(name for name, row in TRANSITIONS.items() if row.act_class in {ActClass.MAKE, ActClass.PASS})
FRONT = ("receive", "receive_correction", "register")
OF_OTHERS = frozenset({Clock.FILING, Clock.OPINION, Clock.ESCALATION})
"""The leader, another office, another level is late: whoever acted last is not to blame, and who is shows nowhere."""
AT_THE_FRONT = frozenset({Clock.DRAFT_KEEP, Clock.REPLY, Clock.OWED, Clock.DELIVERY, Clock.ARCHIVE})
COMPLAINTS = frozenset({"complaint", "rating"})


@dataclass(frozen=True)
class Evidence:
    """The row that was named; what it says, and whom and which article it points to."""

    kind: str | None
    subject_id: int | None
    application_id: int | None
    words: str = ""
    respondent_id: int | None = None
    article: str = "第十三条"


def resolve(
    session: Session, source: str, source_id: int | None, source_kind: str | None, application_no: str | None
) -> Evidence | None:
    """What the source names, as far as whoever asks reaches it; None where there is nothing of the kind."""
    match source:
        case "lamp":
            return _lamp(session, session.get(Alert, source_id) if source_id else None)
        case "refused_act":
            return _refused(session.get(RefusedAct, source_id) if source_id else None)
        case "complaint":
            return _complaint(session, source_kind or "", source_id)
        case "wrong_acceptance":
            return _accepted(session, _application(session, source_id, application_no))
        case _:
            found = _application(session, source_id, application_no)
            return Evidence("application", found.id, found.id) if found is not None else None


def _lamp(session: Session, alert: Alert | None) -> Evidence | None:
    if alert is None:
        return None
    application, clock = session.get_one(Application, alert.application_id), Clock(alert.clock)
    words = gettext(
        "Application %(number)s: the lamp of «%(clock)s» turned %(level)s at %(at)s; it was due on %(due)s.",
        number=application.short_no, clock=gettext(CLOCKS[clock].label), level=_level(alert.level),
        at=f"{alert.raised_at.astimezone(ZONE):%Y-%m-%d %H:%M}", due=f"{alert.due_on:%Y-%m-%d}",
    )  # fmt: skip
    article = "第六条" if clock in {Clock.DELIVERY, Clock.CORRECTION, Clock.HANDLING} else "第十一条"
    return Evidence("alert", alert.id, application.id, words, responsible(session, application.id, clock), article)


def _level(level: str) -> str:
    return gettext("red") if level == "red" else gettext("yellow")


def responsible(session: Session, application_id: int, clock: Clock) -> int | None:
    """Who answers for a clock: whoever acted last on the side that it times; None where nobody did yet."""
    if clock in OF_OTHERS:
        return None
    if clock is Clock.HANDOVER:
        return _last(session, application_id, MAKE_ACTS)
    if clock in AT_THE_FRONT:
        return _last(session, application_id, FRONT)
    return _last(session, application_id, BACK_ACTS)


def _last(session: Session, application_id: int, acts: Iterable[str]) -> int | None:
    own = (Event.subject_kind == "application", Event.subject_id == application_id, Event.act.in_(tuple(acts)))
    query = select(Event.actor_id).where(*own, Event.actor_id.is_not(None)).order_by(Event.seq.desc()).limit(1)
    found: int | None = session.scalar(query)
    return found


def _refused(row: RefusedAct | None) -> Evidence | None:
    if row is None:
        return None
    act = gettext(EVERY_ACT[row.act].label) if row.act in EVERY_ACT else row.act
    category = DoNot(row.category)
    words = gettext(
        "%(who)s tried «%(act)s» on %(number)s at %(at)s and was refused: %(category)s.",
        who=row.actor_name, act=act, number=row.subject_no or "—",
        at=f"{row.at.astimezone(ZONE):%Y-%m-%d %H:%M}", category=gettext(LABELS[category]),
    )  # fmt: skip
    application_id = row.subject_id if row.subject_kind == "application" else None
    return Evidence("refused_act", row.id, application_id, words, row.actor_id, CLAUSES[category])


def _complaint(session: Session, kind: str, source_id: int | None) -> Evidence | None:
    """A complaint or a bad rating, where the house keeps any."""
    model: Any = SUBJECTS.get(kind) if kind in COMPLAINTS else None
    row = session.get(model, source_id) if model is not None and source_id else None
    return Evidence(kind, row.id, getattr(row, "application_id", None), article="第六条") if row is not None else None


def _accepted(session: Session, application: Application | None) -> Evidence | None:
    """An acceptance that was wrong, and the person who accepted (req. 35); what nobody accepted was not accepted."""
    if application is None or application.accepted_at is None:
        return None
    words = gettext(
        "Application %(number)s was accepted at %(at)s although it should not have been:",
        number=application.short_no, at=f"{application.accepted_at.astimezone(ZONE):%Y-%m-%d %H:%M}",
    )  # fmt: skip
    who = _last(session, application.id, ("accept",))
    return Evidence("application", application.id, application.id, words, who)


def _application(session: Session, pk: int | None, number: str | None) -> Application | None:
    if pk is None and not number:
        return None
    named = Application.id == pk if pk else or_(Application.short_no == number, Application.number == number)
    found: Application | None = session.scalar(select(Application).where(named))
    return found
