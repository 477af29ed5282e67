"""Exports (第五条): asked for, approved by somebody else, used once within seven days, or over."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime, timedelta

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.engine import export_store, scope
from app.engine.actors import SYSTEM, Actor, Grant
from app.engine.acts import Data
from app.engine.duties import Tally
from app.engine.now import now
from app.engine.object_acts import BODIES, object_act, subject
from app.engine.object_admission import admit, on_what
from app.engine.perform_object import perform_object
from app.engine.turn import Step
from app.errors import Refusal
from app.law import N_, numbering
from app.law.clock import ZONE
from app.law.roles import PLACE_REACH, Reach, Role
from app.models.exports import DECIDERS, ExportRequest
from app.models.organisation import Centre, Office
from app.models.trail import AuditRow
from app.supervision.export_contents import CONTENTS, rows
from app.supervision.inputs import ApproveExportInput, ExportInput, Nothing, RefuseExportInput

log = logging.getLogger(__name__)

KIND, NAME, AUDITED = "export_request", "expire_exports", "export"
GOOD_FOR = timedelta(days=7)
MOST_DAYS = 366

subject(KIND, ExportRequest)


@object_act("request_export", ExportInput)
def request(step: Step, _none: None, data: Data) -> ExportRequest:
    """Say what is to leave, of which days and place, for what and for whom; the columns are fixed with it."""
    content = CONTENTS[data["what"]]
    step.forbid_unless(
        not content.only or step.role in content.only, N_("Your role does not read this, so it takes none of it out.")
    )
    days = (data["to_on"] - data["from_on"]).days
    step.require(0 <= days < MOST_DAYS, "to_on", N_("At most a year, and not before the first day."))
    step.require(data["to_on"] <= step.today, "to_on", N_("What lies ahead cannot be taken out."))
    centre_id, office_id = _place(step, data, has_place=content.has_place)
    step.settle()
    found = ExportRequest(
        what=data["what"], columns=list(content.columns), from_on=data["from_on"], to_on=data["to_on"],
        centre_id=centre_id, office_id=office_id, purpose=data["purpose"], recipient=data["recipient"],
        requester_id=step.actor.user_id, requester_name=step.actor.name,
    )  # fmt: skip
    year = step.now.year
    step.draw(
        numbering.counter_for_oversight(KIND, year),
        lambda n: setattr(found, "number", numbering.oversight_no(KIND, year, n)),
    )
    step.message = data["purpose"][:200]
    for role in sorted(DECIDERS):
        step.tell(role=role)
    return found


def _place(step: Step, data: Data, *, has_place: bool) -> tuple[int | None, int | None]:
    """The place asked for; a role that reaches one place alone means that one, and has to say which of several."""
    centre_id, office_id = data["centre_id"], data["office_id"]
    if not has_place:
        step.require(centre_id is None, "centre_id", N_("These rows belong to no place."))
        step.require(office_id is None, "office_id", N_("These rows belong to no place."))
        return None, None
    reach = PLACE_REACH[step.role]
    if reach is Reach.CENTRE and centre_id is None:
        centre_id = _only(step, step.grant.centres, "centre_id")
    if reach is Reach.OFFICE and office_id is None:
        office_id = _only(step, step.grant.offices, "office_id")
    for model, pk, where in ((Centre, centre_id, "centre_id"), (Office, office_id, "office_id")):
        step.require(pk is None or step.session.get(model, pk) is not None, where, N_("Not one of the choices."))
    return centre_id, office_id


def _only(step: Step, places: frozenset[int], where: str) -> int | None:
    one = step.require(len(places) == 1, where, N_("You work at several places: say which."))
    return next(iter(places)) if one else None


@object_act("approve_export", ApproveExportInput)
def approve(step: Step, found: ExportRequest, data: Data) -> None:
    """Let it leave, once, within seven days."""
    _decide(step, found, data["reason"] or "")
    found.due_at = step.now + GOOD_FOR


@object_act("refuse_export", RefuseExportInput)
def refuse(step: Step, found: ExportRequest, data: Data) -> None:
    """Nothing leaves, and the requester is told why."""
    _decide(step, found, data["reason"])


def _decide(step: Step, found: ExportRequest, reason: str) -> None:
    found.decided_by_id, found.decided_by_name, found.decided_at = step.actor.user_id, step.actor.name, step.now
    found.reason = reason
    step.message = reason[:200]
    step.tell(user_id=found.requester_id)


@contextmanager
def _read_ahead(session: Session, actor: Actor, pk: int) -> Iterator[tuple[Grant, export_store.Aside] | None]:
    """The rows of a request that may be used now, and the grant by which they were read."""
    scope.bind(session, actor)
    found = session.get(ExportRequest, pk)
    grant = None
    if found is not None:
        with suppress(Refusal):
            grant = admit(BODIES["use_export"], found, on_what(session, found, actor, None, now()), found.version)
    if found is None or grant is None:
        yield None
        return
    with _rows_of(session, found, actor, grant) as below:
        yield grant, below


@contextmanager
def _rows_of(session: Session, found: ExportRequest, actor: Actor, grant: Grant) -> Iterator[export_store.Aside]:
    """As far as the requester reaches now, in the role that grants it."""
    reader = Actor(actor.user_id, actor.username, actor.name, (grant,))
    # An act reads whatever it is about; what leaves is read as the requester reads it.
    with Session(session.get_bind()) as own:
        scope.bind(own, reader)
        with export_store.aside(rows(own, found)) as below:
            yield below


@object_act("use_export", Nothing, ahead=_read_ahead)
def use(step: Step, found: ExportRequest, _data: Data) -> None:
    """Write the file; who, when and what is kept."""
    moment = step.now.astimezone(ZONE)
    content = CONTENTS[found.what]
    watermark = gettext(
        "Export %(number)s · taken out by %(who)s at %(when)s · approved by %(approver)s · for %(recipient)s · "
        "not to be passed on",
        number=found.number, who=step.actor.name, when=f"{moment:%Y-%m-%d %H:%M}", approver=found.decided_by_name,
        recipient=found.recipient,
    )  # fmt: skip
    head = ([watermark], [gettext(content.columns[name]) for name in found.columns])
    with ExitStack() as stack:
        grant, below = step.ahead or (None, None)
        if grant != step.grant:  # it was approved, or a role changed hands, in this very moment
            below = stack.enter_context(_rows_of(step.session, found, step.actor, step.grant))
        found.rows, found.sha256 = below.count, export_store.write(found.id, head, below)
    found.used_at, found.due_at = step.now, None
    found.file_name = f"{found.number}-{gettext(content.label)}-{step.actor.name}-{moment:%Y%m%d%H%M}.csv"
    step.payload |= {"rows": found.rows, "sha256": found.sha256}
    step.session.add(
        AuditRow(
            at=step.now, actor_id=step.actor.user_id, what=AUDITED, detail=found.number, reason=found.purpose,
            request_id=step.request_id, created_by=step.by,
        )
    )  # fmt: skip
    step.tell(role=Role.SUPERVISOR.value)


@object_act("expire_export", Nothing)
def expire(_step: Step, found: ExportRequest, _data: Data) -> None:
    """The seven days are over."""
    found.due_at = None


def expire_all(session: Session, moment: datetime) -> Tally:
    """End what was approved and not used in time; forget the files that nobody came for."""
    scope.bind(session, SYSTEM)
    over = select(ExportRequest.id, ExportRequest.version).where(
        ExportRequest.state == "approved", ExportRequest.due_at < moment
    )
    found = session.execute(over).all()
    tally = Tally(seen=export_store.sweep(moment))
    for pk, version in found:
        try:
            perform_object(session, KIND, "expire", pk, SYSTEM, {}, version)
        except Refusal:
            tally += Tally(seen=1)  # used in the meantime
        except Exception:
            log.exception("The export request %s cannot be ended.", pk)
            tally += Tally(seen=1, failed=1)
        else:
            tally += Tally(seen=1, raised=1)
    return tally
