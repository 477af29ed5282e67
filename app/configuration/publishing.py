"""A year of working days from its file or its draft to its publication: what may be published, and what is refused."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select

from app.engine import recompute, transaction
from app.engine.actors import SYSTEM
from app.engine.now import now
from app.errors import Complaint, Incomplete, NotNow
from app.law import N_
from app.law.calendar_year import Day, complaints, doubts, past_changes
from app.models.calendar import CalendarDay
from app.models.publishing import CalendarDraft, DueDateMove

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.law.calendar_year import Said
    from app.models.publishing import CalendarPublication

LARGEST_FILE, MOST_LINES, MOST_COMPLAINTS, LONGEST_NAME = 100_000, 400, 10, 50
COLUMNS = ("day", "is_workday", "name")
WORDS = {"1": True, "true": True, "yes": True, "是": True, "0": False, "false": False, "no": False, "否": False}
ENCODINGS = ("utf-8-sig", "gb18030")
"""What spreadsheets save a table as, here."""

NO_TABLE = N_("This is no table of days. Save it as CSV with the columns day, is_workday and name.")


def read_days(data: bytes) -> list[Day]:
    """The days of a file in the form of seed/calendar.csv; Incomplete with what is wrong with its lines."""
    rows = csv.DictReader(io.StringIO(_text(data)))
    try:
        if not {*COLUMNS[:2]} <= {*(rows.fieldnames or ())}:
            raise Incomplete([Complaint("file", NO_TABLE)], NO_TABLE)
        lines = list(enumerate(rows, 2))
    except csv.Error as error:
        raise Incomplete([Complaint("file", NO_TABLE)], NO_TABLE) from error
    if len(lines) > MOST_LINES:
        raise _wrong([(N_("There are %(number)s lines; a year has 365 or 366 days."), {"number": len(lines)})])
    days: list[Day] = []
    wrong: list[Said] = []
    for number, row in lines:
        try:
            day = date.fromisoformat((row["day"] or "").strip())
            works = WORDS[(row["is_workday"] or "").strip().lower()]
        except (ValueError, KeyError):
            wrong.append((
                N_("Line %(line)s: a date like 2027-01-31 and 1 or 0 for a working day are needed."), {"line": number}
            ))  # fmt: skip
            continue
        name = " ".join((row.get("name") or "").split())
        if len(name) > LONGEST_NAME:
            wrong.append((
                N_("Line %(line)s: the name has more than %(most)s characters."), {"line": number, "most": LONGEST_NAME}
            ))  # fmt: skip
        days.append(Day(day, works, name))
    if wrong:
        raise _wrong(wrong)
    if not days:
        raise _wrong([(N_("The file holds no day."), {})])
    return days


def _text(data: bytes) -> str:
    if len(data) <= LARGEST_FILE and b"\0" not in data and not data.startswith(b"PK"):
        for encoding in ENCODINGS:
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise Incomplete([Complaint("file", NO_TABLE)], NO_TABLE)


def _wrong(said: Iterable[Said]) -> Incomplete:
    found = [Complaint("file", sentence, params) for sentence, params in said]
    first = found[0]
    return Incomplete(found[:MOST_COMPLAINTS], first.sentence, **first.params)


def next_year(session: Session) -> int:
    """The first year that is not published."""
    first = session.scalar(select(func.min(CalendarDay.day)).where(CalendarDay.published.is_(False)))
    last = session.scalar(select(func.max(CalendarDay.day)))
    return first.year if first else last.year + 1 if last else now().year


def years(session: Session) -> list[int]:
    """The years that can be prepared: those published of which days are to come, and the next."""
    following = next_year(session)
    return [*range(now().year, following), following]


def present(session: Session, year: int) -> dict[date, Day]:
    """The year as it holds now, or as it is estimated."""
    found = session.scalars(select(CalendarDay).where(CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31))))
    return {row.day: Day(row.day, row.is_workday, row.name) for row in found}


def check(session: Session, year: int, days: Iterable[Day], *, correcting: bool) -> None:
    """Refuse what may not hold: no whole year, a year out of turn, a day that has begun.

    `correcting` says that whoever asks knows that the year is published already.
    """
    days = list(days)
    if wrong := list(complaints(year, days)):
        raise _wrong(wrong)
    following = next_year(session)
    if year > following:
        raise NotNow(N_("Publish %(year)s first: the years are published one after another."), year=following)
    if year == following:
        return
    if year < now().year:
        raise NotNow(N_("%(year)s is over; its days stay as they are."), year=year)
    if not correcting:
        raise NotNow(N_("%(year)s is published already; what is to come of it can only be corrected."), year=year)
    if wrong := list(past_changes(days, present(session, year), now().date())):
        raise _wrong(wrong)


def doubts_of(session: Session, year: int, days: Iterable[Day]) -> list[Said]:
    """What is worth a second look before it is published."""
    return list(doubts(year, {each.day: each for each in days}, present(session, year)))


def publish(session: Session, year: int, days: Iterable[Day], by: str, *, correcting: bool) -> CalendarPublication:
    """Publish the days of a year and forget its draft; within the caller's transaction."""
    days = list(days)
    check(session, year, days, correcting=correcting)
    row, _ = recompute.publish(session, days, year, by)
    forget(session, year)
    return row


def publish_file(session: Session, data: bytes, *, correcting: bool, dry_run: bool) -> Iterator[str]:
    """Publish the year of a file, or only say what that would do: doubts, every due date that moves, the sum."""
    days = read_days(data)
    year = min(each.day for each in days).year
    check(session, year, days, correcting=correcting)
    yield from (f"Worth a second look: {sentence % params}" for sentence, params in doubts_of(session, year, days))
    done: recompute.Plan | CalendarPublication = recompute.plan(session, days)
    moves: Iterable[recompute.Moved | DueDateMove] = recompute.listed(session, done)
    if not dry_run:
        done = transaction.run(session, lambda: publish(session, year, days, SYSTEM.username, correcting=correcting))
        kept = select(DueDateMove).where(DueDateMove.publication_id == done.id).order_by(DueDateMove.id)
        moves = session.scalars(kept.execution_options(yield_per=recompute.AT_ONCE))
    for each in moves:
        late = ", overdue now" if each.overdue else ""
        yield f"{each.number} {each.clock}: {each.was_due_on} → {each.due_on}{late} ({each.item})"
    verb = "would move" if dry_run else "moved"
    yield f"{year}: {done.moved} due dates {verb}, {done.overdue} overdue by it, {done.settled} no longer provisional."


# -- the draft ----------------------------------------------------------------------------------------------------


def draft(session: Session, year: int) -> list[Day]:
    """The days of the draft, in order; none where nobody prepares this year."""
    found = session.scalars(select(CalendarDraft).where(_in_draft(year)).order_by(CalendarDraft.day))
    return [Day(row.day, row.is_workday, row.name) for row in found]


def drafted(session: Session) -> set[int]:
    """The years of which there is a draft."""
    return {day.year for day in session.scalars(select(CalendarDraft.day))}


def keep(session: Session, year: int, days: Iterable[Day], by: str) -> None:
    """Let these days be the draft of the year."""
    made = {"created_at": now(), "created_by": by}
    rows = [{"day": each.day, "is_workday": each.works, "name": each.name, **made} for each in days]
    forget(session, year)
    session.execute(insert(CalendarDraft), rows)


def forget(session: Session, year: int) -> None:
    """Throw the draft of a year away."""
    session.execute(delete(CalendarDraft).where(_in_draft(year)))


def fingerprint(days: Iterable[Day]) -> str:
    """What the draft says, in short: a page carries it, so that nobody overwrites or publishes unseen."""
    return hashlib.sha256(repr(list(days)).encode()).hexdigest()


def _in_draft(year: int) -> ColumnElement[bool]:
    return CalendarDraft.day.between(date(year, 1, 1), date(year, 12, 31))
