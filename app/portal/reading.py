"""What the public pages read: the only place that looks past the session's guard for somebody without login.

Nothing personal leaves this module but in the form the law lets the public see: a person's name masked, an
organisation's in full (行政许可法 40), of an application no more than where it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.engine import scope
from app.engine.paper_common import NATURAL_PERSON
from app.law import N_
from app.law.clock import CLOCKS, Clock
from app.law.identity import mask_name
from app.law.states import NEGATIVE, STATE_LABELS, TERMINAL, State
from app.models.accounts import User
from app.models.application import Application, Decision
from app.models.calendar import ClockRun
from app.models.catalogue import Item
from app.models.encrypted import blind_index
from app.models.organisation import Centre, Office, Posting, Staff, Window
from app.models.trail import Document, Event, StoredFile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

SHORTEST_NUMBER = 8
PAGE_ROWS = 50
PUBLIC_ITEM = and_(Item.is_active.is_(True), Item.is_public.is_(True), Item.is_secret.is_(False))
"""What the guide shows: an active item that the county published; one marked secret never (第九条)."""


def items(session: Session, words: str, office: str, *, fronted: bool) -> Sequence[Item]:
    """The public items whose name or code contains the words, of one office, or fronted to the towns."""
    query = select(Item).where(PUBLIC_ITEM).options(joinedload(Item.office)).order_by(Item.office_id, Item.code)
    if words:
        query = query.where(
            or_(Item.name.contains(words, autoescape=True), Item.code.contains(words, autoescape=True))
        )
    if office:
        query = query.where(Item.office.has(Office.code == office))
    if fronted:
        query = query.where(Item.is_fronted.is_(True))
    return session.scalars(query).all()


def item(session: Session, code: str) -> Item | None:
    """One public item with its materials, as it is in force."""
    query = select(Item).where(PUBLIC_ITEM, Item.code == code)
    wanted = (joinedload(Item.office), selectinload(Item.materials))
    found: Item | None = session.scalar(query.options(*wanted).execution_options(populate_existing=True))
    return found


def offices(session: Session) -> Sequence[Office]:
    """The offices that have something in the guide."""
    return session.scalars(select(Office).where(Office.id.in_(select(Item.office_id).where(PUBLIC_ITEM)))).all()


def centres(session: Session) -> Sequence[Centre]:
    """The hall first, then the towns."""
    return session.scalars(select(Centre).order_by(Centre.kind, Centre.id)).all()


@dataclass(frozen=True)
class Attendant:
    """Somebody who serves at a window, as the board shows them."""

    staff_id: int
    name: str
    window_id: int
    has_photo: bool


def at_windows(session: Session, centre_id: int, day: date) -> list[Attendant]:
    """Who is posted at the windows of a centre on that day."""
    rows = session.execute(
        select(Staff.id, Staff.name, Posting.window_id, Staff.photo_id)
        .join(Posting, Posting.staff_id == Staff.id)
        .join(User, User.id == Staff.user_id)
        .join(Window, Window.id == Posting.window_id)
        .where(Posting.centre_id == centre_id, _lasts(day), User.active.is_(True), Window.is_active.is_(True))
        .order_by(Posting.window_id, Staff.id)
    )
    return [Attendant(row.id, row.name, row.window_id, row.photo_id is not None) for row in rows]


def _lasts(day: date) -> Any:
    return and_(Posting.since <= day, or_(Posting.until.is_(None), Posting.until >= day))


def windows(session: Session, centre_id: int) -> Sequence[Window]:
    """The windows of a centre that are in use."""
    return session.scalars(
        select(Window).where(Window.centre_id == centre_id, Window.is_active.is_(True)).order_by(Window.code)
    ).all()


def photo(session: Session, staff_id: int, day: date) -> StoredFile | None:
    """The photo of somebody who serves at a window today; nobody else's leaves the house."""
    with scope.unscoped(session):
        found: StoredFile | None = session.scalar(
            select(StoredFile)
            .join(Staff, Staff.photo_id == StoredFile.id)
            .join(Posting, Posting.staff_id == Staff.id)
            .join(User, User.id == Staff.user_id)
            .join(Window, Window.id == Posting.window_id)
            .where(Staff.id == staff_id, _lasts(day), User.active.is_(True), Window.is_active.is_(True))
        )
    return found


@dataclass(frozen=True)
class Progress:
    """Where an application stands, for whoever knows its number and the end of the applicant's identity number."""

    number: str
    item: str
    centre: str
    office: str
    state: str
    registered_at: datetime
    accepted_at: datetime | None
    due_at: datetime | None
    """The promised day; none where it ended without a decision, for then nothing was promised any longer."""
    closed_at: datetime | None
    lapsed_at: datetime | None
    delivered_at: datetime | None
    is_over: bool
    overdue: tuple[str, ...]
    """What the office says about a limit it missed (优化营商环境条例 36)."""
    missed: tuple[str, ...]
    """The limits that are missed now, by name."""

    @property
    def moments(self) -> list[tuple[str, datetime | None]]:
        """What came when, and what is still to come; what will not come any more is left out."""
        found = [
            (N_("Registered at"), self.registered_at), (N_("Accepted at"), self.accepted_at),
            (N_("Promised by"), self.due_at), (N_("Closed at"), self.closed_at), (N_("Ended at"), self.lapsed_at),
            (N_("Delivered at"), self.delivered_at),
        ]  # fmt: skip
        to_come = () if self.is_over else (found[1], found[2], found[3], found[5])
        return [each for each in found if each[1] is not None or each in to_come]


def named(session: Session, number: str) -> int | None:
    """Which application either of its numbers names, whoever asks; it is not told, only counted by."""
    with scope.unscoped(session):
        found: int | None = session.scalar(
            select(Application.id).where(or_(Application.short_no == number, Application.number == number))
        )
    return found


def progress(session: Session, number: str, last_four: str, now: datetime) -> Progress | None:
    """Where the application of this number stands; None alike for a wrong number and for a wrong end."""
    index = blind_index("id_last4", last_four)
    with scope.unscoped(session):
        row = session.execute(
            select(
                Application.id, Application.short_no, Application.state, Application.registered_at,
                Application.accepted_at, Application.decided_at, Application.closed_at, Application.delivered_at,
                Item.name.label("item"), Centre.name.label("centre"), Office.name.label("office"),
            )
            .join(Item, Item.id == Application.item_id)
            .join(Centre, Centre.id == Application.centre_id)
            .join(Office, Office.id == Application.office_id)
            .where(
                or_(Application.short_no == number, Application.number == number),
                or_(Application.id_last4_index == index, Application.agent_last4_index == index),
            )
        ).one_or_none()  # fmt: skip
        if row is None:
            return None
        runs = session.execute(
            select(ClockRun.clock, ClockRun.due_at, ClockRun.stopped_at, ClockRun.paused_on)
            .where(ClockRun.application_id == row.id, ClockRun.clock.in_([Clock.PROMISED, Clock.STATUTORY]))
            .order_by(ClockRun.id)
        ).all()
        own = (Event.subject_kind == "application", Event.subject_id == row.id)
        said = session.scalars(
            select(Event.payload).where(*own, Event.act == "explain_overdue").order_by(Event.id)
        ).all()
        lapsed_at = session.scalar(select(Event.at).where(*own, Event.to_state == State.LAPSED.value))
    # What was promised stays promised when it is done; while a clock is paused nobody knows the day.
    days = [run.due_at for run in runs if run.clock == Clock.PROMISED and run.paused_on is None]
    was_decided = row.decided_at is not None and row.accepted_at is not None  # a non-acceptance keeps no promise
    is_over = row.state in TERMINAL | NEGATIVE
    promised = days[-1] if days and (was_decided or not is_over) else None
    missed = {CLOCKS[Clock(run.clock)].label for run in runs if run.due_at < (run.stopped_at or now)}
    return Progress(
        row.short_no, row.item, row.centre, row.office, STATE_LABELS[State(row.state)], row.registered_at,
        row.accepted_at, promised, row.closed_at, lapsed_at, row.delivered_at, is_over,
        tuple(str(payload["reason"]) for payload in said if payload.get("reason")), tuple(sorted(missed)),
    )  # fmt: skip


@dataclass(frozen=True)
class Granted:
    """A decision as it is made public (行政许可法 40)."""

    id: int
    number: str
    item: str
    holder: str
    office: str
    decided_at: datetime
    valid_from: date | None
    valid_to: date | None
    long_term: bool


def decisions(session: Session, words: str, before: int | None) -> tuple[list[Granted], int | None]:
    """A page of granted licences, the newest first, and the place where the next begins; none of a secret item."""
    query: Select[Any] = (
        select(
            Decision.id, Document.number, Item.name.label("item"), Application.applicant_name,
            Application.applicant_type, Office.name.label("office"), Decision.decided_at, Decision.valid_from,
            Decision.valid_to, Decision.long_term,
        )
        .join(Application, Application.id == Decision.application_id)
        .join(Item, Item.id == Application.item_id)
        .join(Office, Office.id == Application.office_id)
        .join(Document, and_(Document.application_id == Application.id, Document.kind == "grant_decision"))
        .where(Decision.kind == "grant", Item.is_secret.is_(False), Document.state == "valid")
        .order_by(Decision.id.desc())
        .limit(PAGE_ROWS + 1)
    )  # fmt: skip
    if words:
        query = query.where(or_(Item.name.contains(words, autoescape=True), Document.number == words))
    if before is not None:
        query = query.where(Decision.id < before)
    with scope.unscoped(session):
        rows = session.execute(query).all()
    found = [_granted(row) for row in rows[:PAGE_ROWS]]
    return found, found[-1].id if len(rows) > PAGE_ROWS else None


def _granted(row: Any) -> Granted:
    is_person = row.applicant_type == NATURAL_PERSON
    return Granted(
        row.id, row.number, row.item, mask_name(row.applicant_name) if is_person else row.applicant_name, row.office,
        row.decided_at, row.valid_from, row.valid_to, row.long_term,
    )  # fmt: skip


def without_photo(session: Session, centre_ids: Sequence[int] | None, day: date) -> list[tuple[Staff, Centre, Window]]:
    """Who serves at a window today, with the place; those of the centres given, or everywhere."""
    query = (
        select(Staff, Centre, Window)
        .join(Posting, Posting.staff_id == Staff.id)
        .join(Centre, Centre.id == Posting.centre_id)
        .join(Window, Window.id == Posting.window_id)
        .join(User, User.id == Staff.user_id)
        .where(_lasts(day), User.active.is_(True))
        .order_by(func.coalesce(Staff.photo_id, 0) > 0, Centre.id, Window.code)
    )
    if centre_ids is not None:
        query = query.where(Posting.centre_id.in_(centre_ids))
    return [(row[0], row[1], row[2]) for row in session.execute(query)]
