"""Invariants across applications: numbers, tickets, stored answers, creators, roles."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User, assoc_user_role
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from app.engine import ties
from app.engine.now import now
from app.law import numbering
from app.law.roles import STAFF_ROLES, Role, toxic_pairs
from app.law.substitution import LENDABLE
from app.models.accountability import AccountabilityRecord
from app.models.application import Application
from app.models.archive import ArchiveFile, ArchiveView
from app.models.base import Model
from app.models.catalogue import ItemVersion
from app.models.counter import Counter, Ticket
from app.models.custody import Slip
from app.models.exports import ExportRequest
from app.models.ledger import LedgerBatch
from app.models.organisation import Centre, Posting, Staff
from app.models.trail import ActResult, AuditRow, Document, Event
from app.supervision.exports import GOOD_FOR

WEEKLY_LEDGER = "weekly_ledger"
Drawn = Iterator[tuple[int, str, str, str, int]]
"""Row id, table, number, the counter it was drawn from, its serial."""


def numbers_are_well_formed_and_drawn_in_order(session: Session) -> Iterator[str]:
    """8: numbers are well-formed, increase with their rows, and no counter has fallen behind what it gave."""
    counters = dict(map(tuple, session.execute(select(Counter.name, Counter.value))))
    given: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for row_id, kind, number, counter, serial in (
        *_application_numbers(session), *_document_numbers(session), *_other_numbers(session)
    ):  # fmt: skip
        if not numbering.well_formed(kind, number):
            yield f"{number} (row {row_id}) is no number of the kind {kind}"
        else:
            given[counter].append((row_id, serial, number))
    for counter, drawn in given.items():
        drawn.sort()
        for (_, earlier, _), (row_id, serial, number) in pairwise(drawn):
            if serial <= earlier:
                yield f"{number} (row {row_id}) was drawn after a higher number of its counter"
        if max(serial for _, serial, _ in drawn) > counters.get(counter, 0):
            yield f"the counter {counter} stands at {counters.get(counter, 0)}, behind the numbers it gave"


def _application_numbers(session: Session) -> Drawn:
    impl_code = ItemVersion.snapshot["impl_code"].as_string()
    found = select(Application.id, Application.number, Application.short_no, Application.registered_at, impl_code)
    for row in session.execute(found.join(Application.item_version)):
        day = row.registered_at.date()
        counter = numbering.counter_for_application(row[4], day)
        yield row.id, "application", row.number, counter, _serial(row.number)
        yield row.id, "short", row.short_no, numbering.counter_for_short_no(day), _serial(row.short_no)


def _document_numbers(session: Session) -> Drawn:
    found = select(Document.id, Document.kind, Document.number, Document.issued_at)
    for row in session.execute(found.where(Document.kind.in_(numbering.DOCUMENT_KINDS))):
        counter = numbering.counter_for_document(row.kind, row.issued_at.year)
        yield row.id, row.kind, row.number, counter, _serial(row.number.rstrip("号"))


def _other_numbers(session: Session) -> Drawn:
    for row in session.execute(select(Slip.id, Slip.number, Slip.issued_at)):
        yield row.id, "slip", row.number, numbering.counter_for_slip(row.issued_at.date()), _serial(row.number)
    for row in session.execute(select(ArchiveFile.id, ArchiveFile.number, ArchiveFile.opened_at)):
        counter = numbering.counter_for_archive(row.opened_at.year)
        yield row.id, "archive", row.number, counter, _serial(row.number)
    for kind, model in (("export_request", ExportRequest), ("accountability_record", AccountabilityRecord)):
        for row in session.execute(select(model.id, model.number, model.created_at)):
            counter = numbering.counter_for_oversight(kind, row.created_at.year)
            yield row.id, kind, row.number, counter, _serial(row.number)
    for row in session.execute(select(Ticket.id, Ticket.number, Ticket.centre_id, Ticket.day)):
        # the letter is that of the area it was taken for; since then it may have been sent to another one
        counter = numbering.counter_for_ticket(row.centre_id, row.number[0], row.day)
        yield row.id, "ticket", row.number, counter, _serial(row.number)
    for row in session.execute(select(LedgerBatch.id, LedgerBatch.number, LedgerBatch.created_at)):
        counter = numbering.counter_for_document(WEEKLY_LEDGER, row.created_at.year)
        yield row.id, WEEKLY_LEDGER, row.number, counter, _serial(row.number.rstrip("号"))


def _serial(number: str) -> int:
    """The digits a number ends with; of the application's long one, the last four."""
    digits = number[len(number.rstrip("0123456789")) :]
    return int(digits[-6:] or 0) if len(digits) < 12 else int(digits[-4:])  # noqa: PLR2004


def a_window_serves_one_ticket(session: Session) -> Iterator[str]:
    """15: a ticket is at one window; a window serves one ticket."""
    busy = Ticket.state.in_(["called", "serving"])
    crowded = select(Ticket.window_id, func.count()).where(busy).group_by(Ticket.window_id).having(func.count() > 1)
    for window_id, count in session.execute(crowded):
        if window_id is not None:
            yield f"window {window_id} serves {count} tickets at once"
    for row in session.execute(select(Ticket.id, Ticket.number).where(busy, Ticket.window_id.is_(None))):
        yield f"ticket {row.number} (row {row.id}) is served at no window"


def one_answer_for_each_key(session: Session) -> Iterator[str]:
    """25: one result per idempotency key."""
    twice = select(ActResult.actor_id, ActResult.key).group_by(ActResult.actor_id, ActResult.key)
    for actor_id, key in session.execute(twice.having(func.count() > 1)):
        yield f"the key {key} of account {actor_id} has more than one result"


def no_row_without_its_creator(session: Session) -> Iterator[str]:
    """27: no row without its creator."""
    for table in Model.metadata.sorted_tables:
        if "created_by" not in table.c or table.name.startswith("ab_"):
            continue
        key = next(iter(table.primary_key))
        nobodys = select(key).where(or_(table.c.created_by.is_(None), table.c.created_by == ""))
        for found in session.scalars(nobodys):
            yield f"{table.name} {found} does not say who made it"


def every_look_has_its_reason(session: Session) -> Iterator[str]:
    """28: whoever had personal data shown in full, or looked into an archive file, said why, and of what."""
    reveal, view = AuditRow.__table__.c, ArchiveView.__table__.c
    # The page shows nothing in full before its row is committed; what the row must say is looked at here.
    of_nothing = or_(
        and_(reveal.what == "reveal", reveal.application_id.is_(None)),
        and_(reveal.what == "reveal_complaint", func.trim(reveal.detail) == ""),
    )
    unsaid = or_(func.trim(reveal.reason) == "", of_nothing)
    shown = reveal.what.in_(("reveal", "reveal_complaint"))
    for row_id in session.scalars(select(reveal.id).where(shown, unsaid)):
        yield f"audit_row {row_id}: a reveal does not say of what, or why"
    for row_id in session.scalars(select(view.id).where(func.trim(view.reason) == "")):
        yield f"archive_view {row_id} does not say why"


def every_export_has_its_approval_and_its_audit_row(session: Session) -> Iterator[str]:
    """28: what was taken out was approved by somebody else, used in its seven days, and is on the list of looks."""
    approvals: dict[int, list[Any]] = defaultdict(list)
    own = select(Event.subject_id, Event.act, Event.actor_id, Event.at).where(Event.subject_kind == "export_request")
    for event in session.execute(own):
        approvals[event.subject_id].append(event)
    looks = select(AuditRow.detail, func.count()).where(AuditRow.what == "export").group_by(AuditRow.detail)
    counted = dict(map(tuple, session.execute(looks)))
    numbers = set()
    used = select(ExportRequest.id, ExportRequest.number, ExportRequest.requester_id, ExportRequest.sha256)
    for row in session.execute(used.where(ExportRequest.state == "used")):
        numbers.add(row.number)
        acts = {event.act: event for event in approvals[row.id]}
        approved, taken = acts.get("approve_export"), acts.get("use_export")
        if approved is None or approved.actor_id == row.requester_id:
            yield f"export_request {row.number} was used, and nobody else had approved it"
        elif taken is None or taken.actor_id != row.requester_id or not _in_time(approved, taken):
            yield f"export_request {row.number} was not used by whoever asked within seven days of its approval"
        if counted.get(row.number, 0) != 1:
            yield f"export_request {row.number} was used, and has {counted.get(row.number, 0)} audit rows"
    for number in sorted(counted.keys() - numbers):
        yield f"there is an audit row of the export {number or 'of no number'}, which was not used"


def _in_time(approved: Any, taken: Any) -> bool:
    return bool(approved.at <= taken.at <= approved.at + GOOD_FOR)


def nobody_holds_a_toxic_pair(session: Session) -> Iterator[str]:
    """30: nobody holds a pair of roles that may not meet in one person, those lent for some days included."""
    held: dict[str, set[Role]] = defaultdict(set)
    found = (
        select(User.id, User.username, RoleRow.name)
        .join(assoc_user_role, assoc_user_role.c.user_id == User.id)
        .join(RoleRow, RoleRow.id == assoc_user_role.c.role_id)
        .where(RoleRow.name.in_([role.value for role in STAFF_ROLES]))
    )
    in_hall = set(session.scalars(_at_the_county_hall()))
    ids = {}
    for user_id, username, role in session.execute(found):
        ids[username] = user_id
        held[username].add(Role(role))
    names = {user_id: username for username, user_id in ids.items()}
    own = {username: frozenset(roles) for username, roles in held.items()}
    tied = ties.of(session, now().date())
    for username, roles in sorted(held.items()):
        absent = tied.absent(ids[username])
        roles |= {role for each in absent for role in own.get(names.get(each, ""), ()) if role in LENDABLE}
        in_county_hall = not in_hall.isdisjoint({ids[username], *absent})
        for pair in toxic_pairs(frozenset(roles), in_county_hall=in_county_hall):
            yield f"the account {username} holds {' and '.join(sorted(pair))}"


def _at_the_county_hall():
    today = now().date()
    return (
        select(Staff.user_id)
        .join(Posting, Posting.staff_id == Staff.id)
        .join(Centre, Centre.id == Posting.centre_id)
        .where(Centre.kind == "hall", Posting.since <= today, or_(Posting.until.is_(None), Posting.until >= today))
    )


INVARIANTS: tuple[tuple[int, Callable[[Session], Iterator[str]]], ...] = (
    (8, numbers_are_well_formed_and_drawn_in_order),
    (15, a_window_serves_one_ticket),
    (25, one_answer_for_each_key),
    (27, no_row_without_its_creator),
    (28, every_look_has_its_reason),
    (28, every_export_has_its_approval_and_its_audit_row),
    (30, nobody_holds_a_toxic_pair),
)
