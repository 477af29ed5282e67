"""The life cycle as a table: what may happen from where, by whom, and that nothing else may."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.law import delivery_guards, guards
from app.law.clock import Clock
from app.law.guards import Guard, GuardKind
from app.law.lifecycle import REFUSE_UNFILED, TRANSITIONS, lawful_from
from app.law.objects import OBJECTS, move
from app.law.roles import BACK_CLASSES, BOUNDS, FRONT_ACTS, REACH, Bound, Reach, Role, may_ever
from app.law.states import MAKING, NEGATIVE, STATE_LABELS, TERMINAL, UNDECIDED, DeliveryMode, Kind, State

GROUPS = {"UNDECIDED": UNDECIDED, "MAKING": MAKING, "NEGATIVE": NEGATIVE}
TABLE = [line.split(" | ") for line in (Path(__file__).parent / "lifecycle_table.txt").read_text().splitlines()]


def _states(text: str) -> frozenset[State]:
    names = [] if text == "-" else text.split(", ")
    return frozenset().union(*(GROUPS.get(name) or frozenset({State(name)}) for name in names))


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row[0])
def test_every_row_of_the_life_cycle_stands_in_the_table_as_written(row: list[str]) -> None:
    name, kind, sources, to, by = row
    found = REFUSE_UNFILED if name.endswith("(unfiled)") else TRANSITIONS[name]
    assert found.kind == kind
    assert found.sources == _states(sources)
    assert found.to == (None if to == "=" else State(to))
    assert sorted(found.roles) == sorted(by.split(", "))


def test_the_table_holds_no_other_row() -> None:
    assert set(TRANSITIONS) == {row[0].removesuffix(" (unfiled)") for row in TABLE}


@pytest.mark.req(32)
def test_from_every_state_exactly_the_rows_that_name_it_are_lawful() -> None:
    for state, name in product(State, TRANSITIONS):
        written = next(row for row in TABLE if row[0] == name)
        assert (TRANSITIONS[name] in lawful_from(state)) == (state in _states(written[2])), (state, name)


def test_every_state_is_reached_and_every_unfinished_one_is_left() -> None:
    reached = {State.DRAFT}
    for _ in State:
        reached |= {row.to for state in reached for row in lawful_from(state) if row.to is not None}
    assert reached == set(State)
    for state in State:
        leaves = [row for row in lawful_from(state) if row.to not in (None, state)]
        assert bool(leaves) != (state in TERMINAL), state


def test_an_application_is_delivered_only_from_a_certificate_or_a_negative_decision() -> None:
    into = {row.name: row.sources for row in TRANSITIONS.values() if row.to is State.DELIVERED}
    assert into == {"issue": frozenset({State.CERTIFIED, State.HANDED_OVER}) | NEGATIVE}


def test_nothing_leads_back_into_a_draft() -> None:
    assert [row.name for row in TRANSITIONS.values() if row.to is State.DRAFT] == ["register"]


def test_every_act_starts_with_a_role_that_its_bounds_leave_open() -> None:
    for row in TRANSITIONS.values():
        for role in row.roles:
            assert may_ever(role, row.name, row.act_class), (row.name, role)
            assert BOUNDS[role][row.act_class] is Bound.STARTING, (row.name, role)


def test_the_bounds_are_those_of_the_rule() -> None:
    written = (Path(__file__).parent / "bounds_table.txt").read_text().splitlines()
    assert {line.split()[0]: line.split()[1:] for line in written} == {
        role.value: [bound.value for bound in row.values()] for role, row in BOUNDS.items()
    }


@pytest.mark.req(1)
def test_every_act_of_the_back_office_asks_that_the_actor_took_nothing_in_and_the_reverse() -> None:
    for row in TRANSITIONS.values():
        assert (guards.not_receiver in row.guards) == (row.act_class in BACK_CLASSES), row.name
        assert (guards.not_decider in row.guards) == (row.name in FRONT_ACTS), row.name


def test_no_act_is_open_to_a_party_of_the_application() -> None:
    assert all(guards.not_party in row.guards for row in TRANSITIONS.values())


def test_supervision_the_archive_the_departments_and_the_administrator_hold_no_act() -> None:
    for role in (Role.SUPERVISOR, Role.ARCHIVIST, Role.INDUSTRY_DEPT, Role.COUNTY_ADMIN, Role.GUIDE):
        assert not any(may_ever(role, row.name, row.act_class) for row in TRANSITIONS.values()), role


def test_the_back_office_reaches_by_office_and_the_front_by_centre() -> None:
    for row in TRANSITIONS.values():
        if row.act_class in BACK_CLASSES:
            assert {REACH[role] for role in row.roles} <= {Reach.OFFICE, Reach.COUNTY}, row.name


def test_a_nudge_moves_no_version_and_every_move_does() -> None:
    for row in TRANSITIONS.values():
        assert row.moves_version == (row.kind is not Kind.NUDGE)
        assert (row.to is not None) == (row.kind is Kind.STATE), row.name


def test_every_label_and_clause_is_written() -> None:
    assert set(STATE_LABELS) == set(State)
    assert all(row.label and row.clause for row in TRANSITIONS.values())
    assert set(Clock) >= {clock for row in TRANSITIONS.values() for clock in (*row.starts, *row.stops, *row.pauses)}


# Guards, cell by cell: on facts where all is well every guard holds, and each fails on the one fact it is about.

GUARDS = {name: guard for module in (guards, delivery_guards) for name, guard in vars(module).items() if isinstance(guard, Guard)}

WELL = {
    "actor_id": 1, "role": Role.WINDOW_CLERK, "own_units": {"centre:1"}, "did_front_act": False, "did_back_act": False,
    "is_party": False, "item_active": True, "item_fronted": True, "on_application": True, "instant": False,
    "guide_complete": True, "needs_verification": False, "original_effective": True, "state": State.HANDED_OVER,
    "delivery_mode": DeliveryMode.WINDOW, "closed": True, "within_correction_days": True, "correction_rounds": 0,
    "file_confirmed": True, "file_open": False, "file_sender_id": 2, "pieces_here": True, "result_here": True,
    "result_held_by": {"centre:1"}, "issuing_desk": "centre:1", "slip_open": False, "slip_to": None, "slip_sender_id": 2,
    "granted": True, "scan_exists": True, "dispatched": False, "owed_open": 0, "fee_settled": True, "suspension_requested": False,
    "suspension_requester_id": 2, "extended": False, "joint_review_open": False, "opinions_open": False, "group_waits": (),
    "hearing_awaited": False, "presided": False,
    "verified": True,
    "review_says": "grant", "review_is_last": True, "reviewer_id": 2, "proposer_id": 2, "archive_state": "listed",
    "archive_lister_id": 2, "sheets_to_add": True, "archive_complete": True, "any_clock_breached": False,
    "within_promised_limit": True,
}  # fmt: skip
FAILS: dict[str, list[dict[str, object]]] = {
    "not_party": [{"is_party": True}],
    "on_application": [{"on_application": False}],
    "not_receiver": [{"did_front_act": True}],
    "not_decider": [{"did_back_act": True}],
    "item_active": [{"item_active": False}],
    "fronted_if_town": [{"role": Role.TOWN_CLERK, "item_fronted": False}],
    "original_effective": [{"original_effective": False}],
    "guide_complete": [{"guide_complete": False}],
    "no_file_open": [{"file_open": True}],
    "file_confirmed": [{"file_confirmed": False}, {"file_open": True}],
    "not_file_sender": [{"file_sender_id": 1}],
    "pieces_here": [{"pieces_here": False}],
    "within_correction_days": [{"within_correction_days": False}],
    "second_correction_by_head": [{"correction_rounds": 1, "role": Role.APPROVER}],
    "not_proposer": [{"proposer_id": 1}],
    "not_suspension_requester": [{"suspension_requester_id": 1}],
    "never_extended": [{"extended": True}],
    "no_clock_breached": [{"any_clock_breached": True}],
    "no_suspension_requested": [{"suspension_requested": True}],
    "no_joint_review_open": [{"joint_review_open": True}],
    "within_promised_limit": [{"within_promised_limit": False}],
    "opinions_in": [{"opinions_open": True}],
    "no_hearing_open": [{"hearing_awaited": True}],
    "nobody_to_be_heard": [{"hearing_awaited": True}],
    "not_presider": [{"presided": True}],
    "group_accepted": [{"group_waits": ("TC-20260302-0002 示例",)}],
    "verified_if_needed": [{"needs_verification": True, "verified": False}],
    "review_says_grant": [{"review_says": "refuse"}, {"review_says": None}, {"review_is_last": False}],
    "no_slip_open": [{"slip_open": True}],
    "approver_only_instant": [{"role": Role.APPROVER}],
    "not_reviewer": [{"reviewer_id": 1}],
    "not_reviewer_of_refusal": [{"reviewer_id": 1}],
    "not_dispatched": [{"dispatched": True}],
    "dispatched_if_ems": [{"delivery_mode": DeliveryMode.EMS}],
    "result_here": [{"result_here": False}],
    "slip_to_own_desk": [{"slip_to": "centre:2"}],
    "not_slip_sender": [{"slip_sender_id": 1}],
    "nothing_owed": [{"owed_open": 1}],
    "fee_settled": [{"fee_settled": False}],
    "scan_if_granted": [{"scan_exists": False}],
    "own_desk_issues": [{"issuing_desk": "certificate_centre"}],
    "ems_by_certificate_centre": [{"delivery_mode": DeliveryMode.EMS}],
    "at_the_desk": [{"result_here": False}, {"state": State.CERTIFIED}],
    "closed": [{"closed": False}],
    "archive_listed": [{"archive_state": "open"}, {"archive_state": None}],
    "not_archive_lister": [{"archive_lister_id": 1}],
    "archive_complete": [{"archive_complete": False}],
}


@pytest.mark.parametrize("name", FAILS)
def test_each_guard_holds_where_all_is_well_and_fails_on_its_own_fact(name: str) -> None:
    guard: Guard = GUARDS[name]
    assert guard.holds(SimpleNamespace(**WELL))  # type: ignore[arg-type]
    for change in FAILS[name]:
        assert not guard.holds(SimpleNamespace(**(WELL | change)))  # type: ignore[arg-type]
    assert guard.name == name
    assert guard.kind in GuardKind
    assert guard.sentence.endswith(".")


OPPOSITES = {
    "file_open": "no_file_open", "suspension_requested": "no_suspension_requested", "joint_review_open": "no_joint_review_open",
    "dispatched": "not_dispatched", "result_slip_open": "no_slip_open",
}  # fmt: skip


@pytest.mark.parametrize(("name", "opposite"), OPPOSITES.items())
def test_a_guard_and_its_opposite_never_hold_together(name: str, opposite: str) -> None:
    for value in (True, False):
        facts = SimpleNamespace(**(WELL | dict.fromkeys(
            ("file_open", "suspension_requested", "joint_review_open", "dispatched", "slip_open"), value
        )))  # fmt: skip
        assert GUARDS[name].holds(facts) != GUARDS[opposite].holds(facts)


def test_a_negative_document_is_issued_at_the_desk_without_a_slip_unless_another_unit_holds_its_paper() -> None:
    facts = WELL | {"state": State.NOT_ACCEPTED, "result_here": False}
    assert delivery_guards.at_the_desk.holds(SimpleNamespace(**(facts | {"result_held_by": set()})))  # type: ignore[arg-type]
    assert not delivery_guards.at_the_desk.holds(SimpleNamespace(**(facts | {"result_held_by": {"office:1"}})))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("state", "new", "holds"), [("open", False, True), ("filed", True, True), ("filed", False, False), ("listed", True, False)]
)
def test_a_file_is_listed_while_it_is_open_and_a_filed_one_only_for_new_sheets(state: str, new: bool, holds: bool) -> None:
    facts = WELL | {"archive_state": state, "sheets_to_add": new}
    assert delivery_guards.archive_open.holds(SimpleNamespace(**facts)) == holds  # type: ignore[arg-type]


# Small life cycles


def test_every_small_life_cycle_begins_and_ends() -> None:
    for kind, moves in OBJECTS.items():
        born = {m.to for m in moves if m.source is None}
        assert born, kind
        reached = set(born)
        for _ in moves:
            reached |= {m.to for m in moves if m.source in reached}
        assert {m.source for m in moves if m.source} <= reached, kind
        ends = {m.to for m in moves if m.terminal}
        assert not any(m.source in ends for m in moves), kind


def test_a_move_the_table_does_not_have_is_unknown() -> None:
    assert move("slip", "accept", "issued").to == "accepted"
    with pytest.raises(KeyError):
        move("slip", "accept", "returned")


def test_only_the_known_roles_make_small_moves() -> None:
    known = {role.value for role in Role} | {"public", "kiosk"}
    assert {role for moves in OBJECTS.values() for m in moves for role in m.roles} <= known
