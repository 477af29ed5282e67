"""The pages on which a year of working days is prepared, looked at and published; what it moves is listed first."""

from __future__ import annotations

from calendar import Calendar as Months
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any

from flask import flash, make_response, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import format_date, gettext, ngettext
from flask_login import current_user
from sqlalchemy import select

from app.configuration import publishing
from app.engine import recompute
from app.engine.now import now
from app.errors import Incomplete, NotFound, NotNow
from app.extensions import db
from app.law import N_
from app.law.calendar_year import Day, is_weekend
from app.law.clock import CLOCKS
from app.law.roles import Role
from app.models.publishing import CalendarPublication
from app.web import changes, words
from app.web.listing import save

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from werkzeug.wrappers import Response as AnyResponse

    from app.errors import Refusal

MOST_LISTED, LATEST = 200, 10
STALE = N_("Somebody changed this draft after you opened it. It is shown as it is now; your ticks are not saved.")
YEAR = "<int(min=2000, max=2199):year>"
CHANGED = N_("The draft was changed after you saw what it moves. Look again, then publish.")


@dataclass(frozen=True)
class Cell:
    """One day of a month's table."""

    day: date
    works: bool
    name: str
    fixed: bool
    differs: bool


class CalendarYearView(BaseView):
    """A year from its draft to its publication; the county administrator's."""

    route_base = "/calendar-year"
    default_view = "all"
    readers = editors = frozenset({Role.COUNTY_ADMIN})

    @expose("/")
    @has_access
    @permission_name("list")
    def all(self) -> AnyResponse:
        """The years that can be prepared, and what was published last."""
        return self._all()

    @expose(f"/{YEAR}")
    @has_access
    @permission_name("list")
    def one(self, year: int) -> AnyResponse:
        """The draft of a year, month by month."""
        return self._one(year, _draft(year))

    @expose(f"/{YEAR}/begin", methods=["POST"])
    @has_access
    @permission_name("edit")
    def begin(self, year: int) -> AnyResponse:
        """Begin a draft, from a file or from the year as it holds or is estimated."""
        file, session = request.files.get("file"), db.session()
        if year not in publishing.years(session):
            raise NotFound
        try:
            days = publishing.read_days(file.read()) if file else [*publishing.present(session, year).values()]
            save(lambda: self._begin(year, days))
        except Incomplete as refusal:
            return self._all(refusal)
        return redirect(url_for(".one", year=year), 303)

    @expose(f"/{YEAR}", methods=["POST"])
    @has_access
    @permission_name("edit")
    def change(self, year: int) -> AnyResponse:
        """Keep the ticks; go on to what they would move, where that is asked."""
        try:
            save(lambda: self._change(year))
        except NotNow as refusal:
            return self._one(year, _draft(year), refusal)
        if request.form.get("step") == "look":
            return redirect(url_for(".look", year=year), 303)
        flash(gettext("The draft was saved."), "success")
        return redirect(url_for(".one", year=year), 303)

    @expose(f"/{YEAR}/discard", methods=["POST"])
    @has_access
    @permission_name("edit")
    def discard(self, year: int) -> AnyResponse:
        """Throw the draft away."""
        save(lambda: publishing.forget(db.session(), year))
        flash(gettext("The draft of %(year)s was thrown away.", year=year), "success")
        return redirect(url_for(".all"), 303)

    @expose(f"/{YEAR}/look")
    @has_access
    @permission_name("list")
    def look(self, year: int) -> AnyResponse:
        """What publishing the draft would move, and what is doubtful about it."""
        return self._look(year)

    @expose(f"/{YEAR}/publish", methods=["POST"])
    @has_access
    @permission_name("edit")
    def publish(self, year: int) -> AnyResponse:
        """Publish what was looked at; the list that is kept is that of this moment."""
        try:
            pk, moved = save(lambda: self._publish(year))
        except (Incomplete, NotNow) as refusal:
            if not publishing.draft(db.session(), year):
                raise
            return self._look(year, refusal)
        if str(moved) != request.form.get("moved"):
            flash(gettext("Work went on in the meantime: the list below is the one that counts."), "warning")
        flash(gettext("The calendar of %(year)s is published.", year=year), "success")
        return redirect(url_for("CalendarPublicationView.show", pk=pk), 303)

    # -- inside the writing transaction ---------------------------------------------------------------------------

    def _begin(self, year: int, days: list[Day]) -> None:
        session = db.session()
        publishing.check(session, year, days, correcting=True)
        publishing.keep(session, year, days, current_user.username)

    def _change(self, year: int) -> None:
        session = db.session()
        kept = _draft(year)
        if request.form.get("seen") != publishing.fingerprint(kept):
            raise NotNow(STALE)
        fixed = _fixed(year)
        days = [each if each.day in fixed else _as_ticked(each) for each in kept]
        publishing.keep(session, year, days, current_user.username)

    def _publish(self, year: int) -> tuple[int, int]:
        days = _draft(year)
        if request.form.get("seen") != publishing.fingerprint(days):
            raise NotNow(CHANGED)
        row = publishing.publish(db.session(), year, days, current_user.username, correcting=True)
        changes.record("published", row, [f"{row.days} days, {row.moved} due dates moved"])
        return row.id, row.moved

    # -- the pages ------------------------------------------------------------------------------------------------

    def _all(self, refusal: Refusal | None = None) -> AnyResponse:
        session = db.session()
        following, drafted = publishing.next_year(session), publishing.drafted(session)
        years = [(year, year != following, year in drafted) for year in reversed(publishing.years(session))]
        latest = select(CalendarPublication).order_by(CalendarPublication.id.desc()).limit(LATEST)
        return self._page(
            "calendar_years.html", refusal, title=gettext("Publish a year's calendar"), years=years,
            publications=session.scalars(latest).all(),
        )  # fmt: skip

    def _one(self, year: int, days: list[Day], refusal: Refusal | None = None) -> AnyResponse:
        session = db.session()
        shown = {each.day: each for each in days}
        return self._page(
            "calendar_draft.html", refusal, title=gettext("Calendar of %(year)s", year=year), year=year,
            seen=publishing.fingerprint(days), months=[*_months(year, shown)],
            special=[each for each in days if each.name or each.works is is_weekend(each.day)],
            doubts=[gettext(sentence, **params) for sentence, params in publishing.doubts_of(session, year, days)],
            corrects=year < publishing.next_year(session), working=sum(each.works for each in days),
        )  # fmt: skip

    def _look(self, year: int, refusal: Refusal | None = None) -> AnyResponse:
        session, days = db.session(), _draft(year)
        found = recompute.Plan(now())
        try:
            publishing.check(session, year, days, correcting=True)
            found = recompute.plan(session, days)
        except (Incomplete, NotNow) as wrong:
            refusal = refusal or wrong
        return self._page(
            "calendar_look.html", refusal, title=gettext("What publishing %(year)s would do", year=year), year=year,
            seen=publishing.fingerprint(days), found=found, impact=impact(found),
            listed=[*islice(recompute.listed(session, found, MOST_LISTED), MOST_LISTED)], clocks=CLOCKS,
            doubts=[gettext(sentence, **params) for sentence, params in publishing.doubts_of(session, year, days)],
        )  # fmt: skip

    def _page(self, template: str, refusal: Refusal | None, **shown: Any) -> AnyResponse:
        complaints = [("", words.of_complaint(each)) for each in getattr(refusal, "complaints", ())]
        if refusal is not None and not complaints:
            complaints = [("", words.of_refusal(refusal))]
        return make_response(
            self.render_template(template, complaints=complaints, **shown), refusal.status if refusal else 200
        )


def impact(found: recompute.Plan | CalendarPublication) -> list[str]:
    """What a publication does to deadlines, in sentences."""
    return [
        ngettext("It moves %(num)s due date.", "It moves %(num)s due dates.", found.moved),
        ngettext("It makes %(num)s of them overdue.", "It makes %(num)s of them overdue.", found.overdue),
        ngettext(
            "%(num)s due date is no longer provisional.", "%(num)s due dates are no longer provisional.", found.settled
        ),
    ]


def _draft(year: int) -> list[Day]:
    found = publishing.draft(db.session(), year)
    if not found:
        raise NotFound
    return found


def _fixed(year: int) -> set[date]:
    """The days that stay as they are: those that have begun, of a year that is published."""
    if year >= publishing.next_year(db.session()):
        return set()
    return {day for day in publishing.present(db.session(), year) if day <= now().date()}


def _as_ticked(day: Day) -> Day:
    name = request.form.get(f"name-{day.day}", day.name).replace("\0", "").strip()
    return Day(day.day, f"works-{day.day}" in request.form, name[: publishing.LONGEST_NAME])


def _months(year: int, days: Mapping[date, Day]) -> Iterator[tuple[str, list[list[Cell | None]]]]:
    """The months in words, each with its weeks from Monday on."""
    fixed, held = _fixed(year), publishing.present(db.session(), year)

    def cell(day: date, month: int) -> Cell | None:
        each = days.get(day)
        if each is None or day.month != month:
            return None
        return Cell(day, each.works, each.name, day in fixed, day in held and held[day].works is not each.works)

    for month in range(1, 13):
        weeks: Iterable[list[date]] = Months().monthdatescalendar(year, month)
        title = format_date(date(year, month, 1), "LLLL")
        yield title, [[cell(day, month) for day in week] for week in weeks]
