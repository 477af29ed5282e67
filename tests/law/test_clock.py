"""The clocks: due dates of the two worked journeys, when lamps turn, and whom they tell."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.law.clock import (
    CLOCKS,
    ZONE,
    Clock,
    Lamp,
    Limit,
    PauseKind,
    Thresholds,
    Unit,
    capped,
    deadline,
    due_at,
    escalates_at,
    is_late,
    lamp,
    pauses_clock,
    red_at,
)
from app.law.workdays import Deadline, Pause

CLOSING = time(17, 30)
D = date.fromisoformat
INSTANT = Limit(0, Unit.SAME_DAY)
EIGHT_KINDS = ["hearing", "bidding", "auction", "inspection", "testing", "quarantine", "appraisal", "expert_review"]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def due(calendar, limit, start, pauses=(), extension=0):
    return deadline(limit, moment(f"{start}T10:00"), CLOSING, calendar, pauses, extension=extension).due.isoformat()


# The journeys


@pytest.mark.req(27)
@pytest.mark.parametrize(
    ("clock", "start", "limit", "expected"),
    [
        ("correction", "2026-09-24", Limit(5), "2026-10-09"),
        ("handling", "2026-09-24", Limit(1), "2026-09-28"),
        ("owed", "2026-09-24", Limit(0, Unit.DATE, D("2026-10-09")), "2026-10-09"),
        ("promised", "2026-09-28", Limit(5), "2026-10-10"),
        ("statutory", "2026-09-28", Limit(20), "2026-10-30"),
        ("delivery", "2026-09-30", Limit(10), "2026-10-20"),
        ("handover", "2026-10-08", Limit(0, Unit.DATE, D("2026-10-10")), "2026-10-10"),
        ("archive", "2026-10-09", Limit(5), "2026-10-15"),
    ],
)
def test_the_due_dates_of_a_food_licence_taken_in_a_town(calendar, clock, start, limit, expected):
    assert due(calendar, limit, start) == expected, clock


def test_a_supplement_promised_at_receipt_lies_within_the_promised_limit_counted_from_that_day(calendar):
    assert due(calendar, Limit(5), "2026-09-24") == "2026-10-09"


@pytest.mark.req(27)
@pytest.mark.parametrize(
    ("clock", "start", "limit", "expected"),
    [
        ("correction", "2026-02-02", Limit(5), "2026-02-09"),
        ("handling", "2026-02-02", Limit(1), "2026-02-03"),
        ("reply", "2026-02-05", Limit(10), "2026-02-26"),
        ("correction again", "2026-02-12", Limit(5), "2026-02-26"),
        ("handling again", "2026-02-12", Limit(1), "2026-02-13"),
        ("promised", "2026-02-13", Limit(8), "2026-03-03"),
        ("statutory", "2026-02-13", Limit(20), "2026-03-19"),
        ("plan of the survey", "2026-02-26", Limit(5), "2026-03-04"),
        ("plan of the appraisal", "2026-03-06", Limit(10), "2026-03-20"),
        ("filing of the refusal", "2026-03-24", Limit(1), "2026-03-25"),
        ("delivery", "2026-03-25", Limit(10), "2026-04-09"),
        ("archive", "2026-03-25", Limit(5), "2026-04-01"),
    ],
)
def test_the_due_dates_of_a_pesticide_licence_taken_at_the_county(calendar, clock, start, limit, expected):
    assert due(calendar, limit, start) == expected, clock


def test_a_survey_moves_the_promised_limit_only_and_an_appraisal_both(calendar):
    survey = Pause(D("2026-02-26"), D("2026-03-03"))
    appraisal = Pause(D("2026-03-06"), D("2026-03-20"))
    accepted = "2026-02-13"
    assert due(calendar, Limit(8), accepted, [survey]) == "2026-03-10"
    assert due(calendar, Limit(8), accepted, [survey, appraisal]) == "2026-03-25"
    assert due(calendar, Limit(20), accepted, [appraisal]) == "2026-04-03"


def test_a_site_survey_never_pauses_the_statutory_clock():
    assert pauses_clock(CLOCKS[Clock.PROMISED], "site_survey")
    assert not pauses_clock(CLOCKS[Clock.STATUTORY], "site_survey")


@pytest.mark.parametrize("kind", EIGHT_KINDS)
def test_each_of_the_eight_special_procedures_pauses_both_limits_and_no_other_clock(kind):
    paused = {clock for clock, rule in CLOCKS.items() if pauses_clock(rule, kind)}
    assert paused == {Clock.PROMISED, Clock.STATUTORY}


# Limits of every unit


def test_an_instant_limit_of_no_days_is_the_same_day_whatever_its_unit(calendar):
    for limit in (Limit(0), INSTANT):
        assert due(calendar, limit, "2026-11-23") == "2026-11-23"
        assert due(calendar, limit, "2026-11-28") == "2026-11-30"


@pytest.mark.parametrize(
    ("limit", "expected"),
    [(Limit(20), "2027-01-05"), (Limit(1, Unit.MONTH), "2027-01-07"), (INSTANT, "2026-12-07")],
)
def test_an_extension_adds_working_days_to_a_limit_of_any_unit(calendar, limit, expected):
    assert due(calendar, limit, "2026-11-23", extension=10) == expected


def test_an_extension_carries_the_promised_limit_to_the_statutory_one_and_not_past_it(calendar):
    at = moment("2026-03-02T10:00")
    promised = deadline(Limit(18), at, CLOSING, calendar, extension=10)
    statutory = deadline(Limit(20), at, CLOSING, calendar, [], extension=5)
    assert capped(promised, statutory) == statutory


def test_a_written_date_stays_as_written(calendar):
    sunday = Limit(0, Unit.DATE, D("2026-11-29"))
    assert due(calendar, sunday, "2026-11-23") == "2026-11-29"


def test_a_limit_by_date_without_its_date_is_refused(calendar):
    with pytest.raises(ValueError, match="needs its date"):
        due(calendar, Limit(0, Unit.DATE), "2026-11-23")


def test_the_day_a_clock_starts_is_the_day_in_tunchang(calendar):
    at = datetime.fromisoformat("2026-11-22T20:00:00+00:00")  # four o'clock on Monday morning
    assert deadline(Limit(1), at, CLOSING, calendar).due == D("2026-11-24")


def test_an_act_is_in_time_until_closing_time_and_late_one_second_after():
    end = due_at(Deadline(D("2026-11-30"), provisional=False), CLOSING)
    assert end.isoformat() == "2026-11-30T17:30:00+08:00"
    assert not is_late(moment("2026-11-30T17:30:00"), end)
    assert is_late(moment("2026-11-30T17:30:01"), end)


# Lamps


def colour(calendar, clock, limit, end, now, *, paused=False, thresholds=None):
    return lamp(
        CLOCKS[clock],
        limit,
        moment(f"{end}T17:30") if end else None,
        moment(now),
        calendar,
        closing=CLOSING,
        paused=paused,
        thresholds=thresholds or Thresholds(),
    )


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-23T10:00", Lamp.GREEN),
        ("2026-11-26T17:59", Lamp.GREEN),
        ("2026-11-27T00:00", Lamp.YELLOW),  # one working day left
        ("2026-11-29T12:00", Lamp.YELLOW),
        ("2026-11-30T17:30:00", Lamp.YELLOW),
        ("2026-11-30T17:30:01", Lamp.RED),
    ],
)
def test_a_short_limit_turns_yellow_with_one_working_day_left_and_red_when_past_due(calendar, now, expected):
    assert colour(calendar, Clock.PROMISED, Limit(5), "2026-11-30", now) is expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-12-14T10:00", Lamp.GREEN),  # five of twenty left
        ("2026-12-15T10:00", Lamp.YELLOW),  # four of twenty: a fifth
        ("2026-12-21T17:30", Lamp.YELLOW),
        ("2026-12-21T17:31", Lamp.RED),
    ],
)
def test_a_long_limit_turns_yellow_in_its_last_fifth(calendar, now, expected):
    assert colour(calendar, Clock.STATUTORY, Limit(20), "2026-12-21", now) is expected


def test_a_limit_of_months_turns_yellow_in_its_last_fifth_too(calendar):
    quarter = Limit(3, Unit.MONTH)
    assert colour(calendar, Clock.STATUTORY, quarter, "2026-06-10", "2026-05-20T10:00") is Lamp.GREEN
    assert colour(calendar, Clock.STATUTORY, quarter, "2026-06-10", "2026-05-27T10:00") is Lamp.YELLOW


def test_a_limit_of_ten_days_is_still_a_short_one(calendar):
    assert colour(calendar, Clock.DELIVERY, Limit(10), "2026-12-07", "2026-12-03T10:00") is Lamp.GREEN
    assert colour(calendar, Clock.DELIVERY, Limit(10), "2026-12-07", "2026-12-04T10:00") is Lamp.YELLOW


@pytest.mark.req(72)
def test_an_instant_case_undecided_at_closing_is_red(calendar):
    assert colour(calendar, Clock.PROMISED, Limit(0), "2026-11-23", "2026-11-23T17:30:00") is Lamp.YELLOW
    assert colour(calendar, Clock.PROMISED, Limit(0), "2026-11-23", "2026-11-23T17:30:01") is Lamp.RED


@pytest.mark.req(64)
@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-24T17:30:00", Lamp.GREEN),
        ("2026-11-24T17:30:01", Lamp.YELLOW),
        ("2026-11-25T17:30:00", Lamp.YELLOW),
        ("2026-11-25T17:30:01", Lamp.RED),
    ],
)
def test_a_file_unconfirmed_after_one_working_day_is_yellow_and_after_two_red(calendar, now, expected):
    assert colour(calendar, Clock.HANDLING, Limit(1), "2026-11-24", now) is expected


def test_an_unconfirmed_file_is_escalated_after_the_third_working_day(calendar):
    end = moment("2026-11-27T17:30")  # a Friday
    rule = CLOCKS[Clock.HANDLING]
    assert red_at(rule, end, calendar, CLOSING) == moment("2026-11-30T17:30")
    assert escalates_at(rule, end, calendar, CLOSING) == moment("2026-12-01T17:30")


def test_two_working_days_past_the_promised_limit_the_bureau_leader_is_told(calendar):
    rule = CLOCKS[Clock.PROMISED]
    assert escalates_at(rule, moment("2026-11-27T17:30"), calendar, CLOSING) == moment("2026-12-01T17:30")
    assert rule.escalate_to == ("bureau_leader",)


def test_a_clock_without_a_next_level_by_days_has_no_such_moment(calendar):
    assert escalates_at(CLOCKS[Clock.STATUTORY], moment("2026-11-27T17:30"), calendar, CLOSING) is None


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-23T11:59", Lamp.GREEN),
        ("2026-11-23T12:00", Lamp.YELLOW),
        ("2026-11-23T17:30:01", Lamp.RED),
    ],
)
def test_a_negative_filing_turns_yellow_at_noon_of_its_day(calendar, now, expected):
    assert colour(calendar, Clock.FILING, INSTANT, "2026-11-23", now) is expected


def test_a_paused_clock_is_grey_and_one_without_a_due_date_shows_nothing(calendar):
    assert colour(calendar, Clock.PROMISED, Limit(5), "2026-11-30", "2026-12-30T10:00", paused=True) is Lamp.GREY
    assert colour(calendar, Clock.PROMISED, Limit(5), None, "2026-11-25T10:00") is Lamp.NONE


def test_the_county_may_move_the_thresholds(calendar):
    early = Thresholds(last_days=3)
    now = "2026-11-25T10:00"
    assert colour(calendar, Clock.REPLY, Limit(5), "2026-11-30", now, thresholds=early) is Lamp.YELLOW
    assert colour(calendar, Clock.REPLY, Limit(5), "2026-11-30", now) is Lamp.GREEN


@settings(deadline=None)
@given(
    clock=st.sampled_from(sorted(Clock)),
    amount=st.integers(0, 60),
    day=st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    hour=st.times(),
    hours=st.lists(st.integers(0, 24 * 150), min_size=2, max_size=2).map(sorted),
)
def test_a_lamp_never_turns_back_by_itself(calendar, clock, amount, day, hour, hours):
    at = datetime.combine(day, hour, ZONE)
    end = due_at(deadline(Limit(amount), at, CLOSING, calendar), CLOSING)
    seen = [
        lamp(CLOCKS[clock], Limit(amount), end, at + timedelta(hours=h), calendar, closing=CLOSING, paused=False)
        for h in hours
    ]
    order = [Lamp.GREEN, Lamp.YELLOW, Lamp.RED]
    assert order.index(seen[0]) <= order.index(seen[1])
    assert (seen[1] is Lamp.GREEN) <= (at + timedelta(hours=hours[1]) <= end)


# The table


def test_every_clock_has_its_rule_its_label_and_what_a_breach_means():
    assert set(CLOCKS) == set(Clock)
    assert all(rule.label and rule.breach and rule.clause for rule in CLOCKS.values())


def test_only_the_promised_and_the_statutory_clock_are_ever_paused():
    kinds = {clock: rule.pauses for clock, rule in CLOCKS.items() if rule.pauses is not PauseKind.NEVER}
    assert kinds == {Clock.PROMISED: PauseKind.EVERY_KIND, Clock.STATUTORY: PauseKind.EIGHT_KINDS}


def test_after_closing_only_the_clocks_that_outlive_it_alert():
    alerting = {clock for clock, rule in CLOCKS.items() if rule.alerts_after_closing}
    assert alerting == {Clock.HANDOVER, Clock.DELIVERY, Clock.ARCHIVE, Clock.CONTACT, Clock.RECTIFY}


def test_every_lamp_but_a_drafts_tells_somebody_at_yellow_and_at_red():
    silent = {clock for clock, rule in CLOCKS.items() if not (rule.yellow_to and rule.red_to)}
    assert silent == {Clock.DRAFT_KEEP}
