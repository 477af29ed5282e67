"""Every figure is a count of its list, seen as far as whoever asks reaches (invariant 31)."""

from __future__ import annotations

import re
from datetime import UTC, timedelta
from html import unescape
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, text, update

from app.engine import scope
from app.engine.now import now
from app.engine.settings import calendar, load
from app.jobs import tick
from app.law.clock import Clock
from app.models.application import Application
from app.models.calendar import Alert, ClockRun
from app.supervision import figures
from app.supervision.spans import Days
from tests.factories import County, Line
from tests.web.at_work import at_work

if TYPE_CHECKING:
    from collections.abc import Callable

    import time_machine
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

WHO = {"supervisor": None, "leader": None, "head": ("office_id", "NL"), "head.other": ("office_id", "SC"),
       "manager.hall": ("centre_id", "hall")}  # fmt: skip


@pytest.fixture
def busy(county: County, clock: time_machine.Traveller, once: Callable[..., None]) -> None:
    """A county with something at every stage, some of it late."""
    once(_at_work, county, clock)


def _at_work(county: County, clock: time_machine.Traveller) -> None:
    """A county with something at every stage, in two offices and three places, some of it late."""
    for item, clerk, state in (
        ("I12", "clerk.town", "filed"), ("I12", "clerk.town", "accepted"), ("I12", "clerk.other", "received"),
        ("I13", "clerk.hall", "accepted"), ("I13", "clerk.hall", "draft"),
    ):  # fmt: skip
        Line(county, clerk=clerk, item=item).until(state)
    other = Line(county, item="I04").register().receive().confirm_file("approver.other").accept("approver.other")
    Line(county, item="I04").register()
    clock.shift(timedelta(days=14))
    tick(county.session)
    other.do("approver.other", "escalate", type="special_complex", reason="材料涉及历史档案缺失，无法判断。")
    county.session.commit()


def numbers(client: FlaskClient) -> dict[str, int]:
    """Every number on the page that leads to applications, by its address."""
    page = client.get("/figures/?from=2026-03-01&to=2026-03-31")
    assert page.status_code == 200
    found = re.findall(r'href="(/figures/behind/[^"]+)"[^>]*>(?:<span[^>]*>)*(?:<span[^>]*>[^<]*</span>)?\s*(\d+)', page.text)
    return {unescape(address): int(number) for address, number in found}


@pytest.mark.database
@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("who", WHO)
def test_every_number_is_the_length_of_its_list_and_the_same_as_plain_sql_says(
    app: Flask, session: Session, who: str
) -> None:
    client = at_work(app, who)
    shown = numbers(client)
    assert shown
    for address, number in shown.items():
        listed = client.get(address).text.count('data-label="Next deadline"')
        assert listed == number, address
    column, code = WHO[who] or ("", "")
    table = {"office_id": "office", "centre_id": "centre"}.get(column)
    reach = f" AND a.{column} = (SELECT id FROM {table} WHERE code = '{code}')" if table else ""
    session.rollback()
    plain = dict(session.execute(text(f"SELECT state, count(*) FROM application a WHERE 1 = 1{reach} GROUP BY state")).all())
    states = {re.search(r"state=(\w+)", address)[1]: n for address, n in shown.items() if "/state?" in address}
    assert states == plain
    late = f"SELECT count(*) FROM application a WHERE next_due_at < :now{reach}"
    overdue = sum(n for address, n in shown.items() if "/overdue?" in address)
    assert overdue == session.scalar(text(late), {"now": _moment(session)})
    red = (
        "SELECT count(*) FROM clock_run c JOIN application a ON a.id = c.application_id WHERE c.stopped_at IS NULL AND "
        "c.paused_on IS NULL AND EXISTS (SELECT 1 FROM alert l WHERE l.clock_run_id = c.id AND l.due_on = c.due_on AND "
        f"l.level = 'red'){reach}"
    )
    assert sum(n for address, n in shown.items() if "level=red" in address) == session.scalar(text(red))


def _moment(session: Session) -> object:
    if session.get_bind().dialect.name == "sqlite":
        return now().astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return now()


@pytest.mark.usefixtures("busy")
def test_figures_differ_by_reach_and_nobody_else_opens_them(app: Flask, county: County) -> None:
    whole, own, others = (sum(n for a, n in numbers(at_work(app, who)).items() if "/state?" in a)
                          for who in ("supervisor", "head", "head.other"))  # fmt: skip
    assert (whole, own, others) == (7, 5, 2)
    for who in ("clerk.town", "approver", "archivist", "admin", "cert"):
        assert at_work(app, who).get("/figures/").status_code != 200, who
    foreign = county.office("SC").id
    hidden = at_work(app, "head").get(f"/figures/behind/overdue?office={foreign}")
    assert "TC-2026" not in hidden.text
    assert "Refused acts" not in re.sub(r"<nav.*?</nav>", "", at_work(app, "head").get("/figures/").text, flags=re.DOTALL)


@pytest.mark.req(17)
def test_a_late_acceptance_and_a_late_issue_are_red_in_the_supervisor_s_lists(
    app: Flask, session: Session, county: County, clock: time_machine.Traveller
) -> None:
    slow, waiting = Line(county).until("confirmed"), Line(county).until("handed_over")
    clock.shift(timedelta(days=21))
    tick(session)
    clock.shift(60)
    tick(session)  # what silence accepted meanwhile has its own clocks
    red = {(a.application_id, a.clock) for line in (slow, waiting) for a in county.rows(Alert, line.id) if a.level == "red"}
    assert {(slow.id, "correction"), (waiting.id, "delivery")} <= red
    supervisor = at_work(app, "supervisor")
    shown = numbers(supervisor)
    for line, clock_name in ((slow, "promised"), (waiting, "delivery")):
        address = next(a for a in shown if "/lamp?" in a and f"clock={clock_name}" in a and "level=red" in a)
        assert county.application(line.id).short_no in supervisor.get(address).text
    assert "Acceptance or correction notice" in supervisor.get("/alerts/list/?_flt_3_level=red").text


@pytest.mark.req(72)
def test_an_instant_matter_that_nobody_decided_by_closing_time_is_red(
    app: Flask, session: Session, county: County, clock: time_machine.Traveller
) -> None:
    line = Line(county, item="I05").register().receive().confirm_file("approver.other").accept("approver.other")
    supervisor = at_work(app, "supervisor")
    assert not [a for a in numbers(supervisor) if "/overdue?" in a]
    clock.move_to(now().replace(hour=17, minute=30, second=1))
    tick(session)
    [address] = [a for a in numbers(supervisor) if "clock=promised" in a and "level=red" in a]
    assert county.application(line.id).short_no in supervisor.get(address).text


@pytest.mark.database
def test_the_pace_counts_working_days_without_pauses(app: Flask, county: County, clock: time_machine.Traveller) -> None:
    session = county.session
    straight = Line(county).until("accepted")
    paused = Line(county).until("accepted").suspend()
    clock.shift(timedelta(days=7))  # a Monday again: five working days, all of them paused for one
    paused.resume()
    clock.shift(timedelta(days=1))
    for line in (straight, paused):
        line.review().grant().make_certificate()
    with app.app_context(), scope.unscoped(session):
        days = Days(now().date() - timedelta(days=9), now().date())
        found = figures.pace(session, days, calendar(session, load(session)))
        run = select(func.count()).where(ClockRun.clock == Clock.PROMISED.value, ClockRun.outcome == "late")
        late = session.scalar(run)
    [own] = found.values()
    assert (own.number, own.promised, own.taken) == (2, 10, 6 + 1)
    assert own.late == late


def test_a_county_s_figures_leave_the_demo_out(app: Flask, session: Session, county: County) -> None:
    Line(county).until("received")
    demo = Line(county).until("received")
    session.execute(update(Application.__table__).where(Application.id == demo.id).values(is_demo=True))
    session.commit()
    assert sum(n for a, n in numbers(at_work(app, "supervisor")).items() if "/state?" in a) == 2
    app.config["DEMO"] = False
    try:
        assert sum(n for a, n in numbers(at_work(app, "supervisor")).items() if "/state?" in a) == 1
    finally:
        app.config["DEMO"] = True
