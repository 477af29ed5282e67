"""Roles, their bounds, and which nobody may hold together."""

from __future__ import annotations

from itertools import combinations

import pytest

from app.law.lifecycle import TRANSITIONS
from app.law.roles import (
    BACK_CLASSES,
    BOUNDS,
    ROLE_LABELS,
    STAFF_ROLES,
    TOXIC_PAIRS,
    ActClass,
    Bound,
    Role,
    may_ever,
    toxic_pairs,
)


@pytest.mark.req(1)
def test_nobody_may_hold_a_desk_and_a_deciding_role() -> None:
    for desk in (Role.WINDOW_CLERK, Role.TOWN_CLERK, Role.WINDOW_MANAGER, Role.CERT_CLERK, Role.GUIDE):
        for decider in (Role.APPROVER, Role.APPROVAL_ASSISTANT, Role.OFFICE_HEAD, Role.BUREAU_LEADER):
            assert toxic_pairs(frozenset({desk, decider})) == [frozenset({desk, decider})]


def test_the_administrator_and_the_departments_hold_nothing_else() -> None:
    for alone in (Role.COUNTY_ADMIN, Role.INDUSTRY_DEPT):
        for other in STAFF_ROLES:
            assert other is alone or frozenset({alone, other}) in TOXIC_PAIRS


def test_whoever_supervises_does_not_act() -> None:
    for other in STAFF_ROLES:
        acts = any(bound is not Bound.NEVER for bound in BOUNDS[other].values())
        if acts:
            assert frozenset({Role.SUPERVISOR, other}) in TOXIC_PAIRS


def test_an_approver_may_be_head_and_a_clerk_makes_certificates_only_outside_the_hall() -> None:
    assert toxic_pairs(frozenset({Role.APPROVER, Role.OFFICE_HEAD})) == []
    both = frozenset({Role.WINDOW_CLERK, Role.CERT_CLERK})
    assert toxic_pairs(both, in_county_hall=False) == []
    assert toxic_pairs(both, in_county_hall=True) == [both]
    assert toxic_pairs(frozenset({Role.GUIDE, Role.WINDOW_CLERK})) == []


@pytest.mark.req(1)
def test_no_set_of_roles_that_may_be_held_together_both_takes_in_and_decides() -> None:
    for size in (1, 2, 3):
        for held in combinations(STAFF_ROLES, size):
            if toxic_pairs(frozenset(held), in_county_hall=False):
                continue
            takes = any(BOUNDS[role][ActClass.INTAKE] is not Bound.NEVER for role in held)
            decides = any(BOUNDS[role][c] is not Bound.NEVER for role in held for c in BACK_CLASSES)
            assert not (takes and decides), held


def test_within_deciding_an_approver_may_only_ever_grant() -> None:
    decide = [name for name, row in TRANSITIONS.items() if row.act_class is ActClass.DECIDE]
    assert [name for name in decide if may_ever(Role.APPROVER, name, ActClass.DECIDE)] == ["grant"]


@pytest.mark.req(82)
def test_only_the_certificate_centre_may_ever_post_by_ems() -> None:
    for name in ("dispatch", "return_dispatch"):
        allowed = [role for role in Role if may_ever(role, name, TRANSITIONS[name].act_class)]
        assert allowed == [Role.CERT_CLERK]


def test_every_role_has_a_name_people_read() -> None:
    assert set(ROLE_LABELS) == set(Role)
