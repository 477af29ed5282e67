"""What an item may not say: contradictions, promises beyond the law, patterns that would stop the window."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from app.law import patterns
from app.law.publication import faults, first_day_broken

if TYPE_CHECKING:
    from app.law.workdays import Calendar

TODAY = date(2026, 3, 2)
MATERIAL: dict[str, Any] = {
    "position": 1, "name": "申请表", "requirement": "required", "condition": "", "is_core": True, "tolerable": False,
    "supplement_days": 0,
}  # fmt: skip
ITEM: dict[str, Any] = {
    "handling": "commitment", "promised_days": 5, "statutory_amount": 20, "statutory_unit": "working_day",
    "correction_days": 5, "extension_max": 10, "is_secret": False, "is_public": True, "is_active": True,
    "legal_basis": "《森林法》", "conditions": "符合条件", "procedure": "收件、受理", "impl_code": "11469022MB0A12342B4000164200012",
    "materials": [MATERIAL], "extra_fields": [], "has_fee": False, "fees": [],
}  # fmt: skip
QUESTION = {"name": "plate_no", "type": "text", "choices": [], "pattern": ""}
TOLERABLE = {"is_core": False, "tolerable": True, "supplement_days": 3}


def material(**changes: Any) -> dict[str, Any]:
    return {"materials": [MATERIAL, MATERIAL | {"position": 2, "name": "图", "is_core": False} | changes]}


FEE = {"name": "占用费", "kind": "fee", "is_active": True}
DEPOSIT = {"name": "押金", "kind": "deposit", "is_active": True}


def charges(*fees: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"has_fee": True, "fees": list(fees), **changes}


def question(**changes: Any) -> dict[str, Any]:
    return {"extra_fields": [QUESTION | changes]}


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({}, set()),
        ({"handling": "instant"}, {"promised_days"}),
        ({"handling": "instant", "promised_days": 0}, set()),
        ({"promised_days": 0}, {"promised_days"}),
        ({"promised_days": 20}, set()),
        ({"promised_days": 21}, {"promised_days"}),
        ({"promised_days": 40, "statutory_amount": 3, "statutory_unit": "month"}, set()),
        ({"promised_days": 60, "statutory_amount": 3, "statutory_unit": "month"}, {"promised_days"}),
        ({"correction_days": 6}, {"correction_days"}),
        ({"extension_max": 11}, {"extension_max"}),
        ({"is_secret": True}, {"is_public"}),
        ({"legal_basis": " ", "procedure": ""}, {"legal_basis", "procedure"}),
        ({"conditions": "", "is_active": False}, set()),
        ({"impl_code": "short"}, {"impl_code"}),
        ({"statutory_amount": 0}, {"statutory_amount"}),
        ({"materials": []}, {"is_active"}),
        ({"materials": [MATERIAL | {"is_core": False}]}, {"is_active"}),
        (material(**TOLERABLE), set()),
        (material(**TOLERABLE, position=1), {"materials.1.position"}),
        (material(name="申请表"), {"materials.1.name"}),
        (material(**TOLERABLE | {"supplement_days": 0}), {"materials.1.supplement_days"}),
        (material(supplement_days=3), {"materials.1.supplement_days"}),
        (material(**TOLERABLE | {"is_core": True}), {"materials.1.tolerable"}),
        (material(requirement="conditional"), {"materials.1.condition"}),
        (material(requirement="conditional", condition="委托代理人", is_core=True), {"materials.1.requirement"}),
        (question(), set()),
        (question(name="Plate"), {"extra_fields.0.name"}),
        (question(name="a" * 31), {"extra_fields.0.name"}),
        (question(type="choice"), {"extra_fields.0.choices"}),
        (question(type="choice", choices=["一", "二", "一"]), {"extra_fields.0.choices"}),
        (question(type="choice", choices=["一", "二"]), set()),
        (question(choices=["一", "二"]), {"extra_fields.0.choices"}),
        (question(type="number", pattern="1"), {"extra_fields.0.pattern"}),
        (question(pattern="(a+)+"), {"extra_fields.0.pattern"}),
        ({"extra_fields": [QUESTION, QUESTION]}, {"extra_fields.1.name"}),
        (charges(FEE, DEPOSIT), set()),
        (charges(), {"has_fee"}),
        (charges(is_active=False), set()),
        (charges(FEE | {"is_active": False}), {"has_fee"}),
        (charges(FEE, has_fee=False), {"has_fee"}),
        (charges(FEE | {"is_active": False}, has_fee=False), set()),
        (charges(FEE, FEE), {"fees.1.name", "fees.1.kind"}),
        (charges(FEE, FEE | {"name": "另一项"}), {"fees.1.kind"}),
        (charges(FEE, FEE | {"name": "旧标准", "is_active": False}), set()),
    ],
)
def test_what_contradicts_the_law_or_itself_is_named_by_its_field(
    changes: dict[str, Any], where: set[str], calendar: Calendar
) -> None:
    assert {fault.field for fault in faults(ITEM | changes, calendar, TODAY)} == where


def test_a_promise_in_working_days_is_held_against_months_on_every_day_of_the_coming_year(calendar: Calendar) -> None:
    assert first_day_broken(16, 1, calendar, TODAY) is None
    across_national_day = {"day": "2026-09-08", "promised": "2026-10-09", "statutory": "2026-10-08"}
    assert first_day_broken(18, 1, calendar, TODAY) == across_national_day
    assert first_day_broken(24, 1, calendar, TODAY) == {
        "day": "2026-03-02", "promised": "2026-04-03", "statutory": "2026-04-02",
    }  # fmt: skip
    assert first_day_broken(60, 3, calendar, date(2035, 12, 1)) is None  # nobody knows the calendar of 2036


@pytest.mark.parametrize(
    ("pattern", "right", "wrong"),
    [(r"琼[A-Z][A-Z0-9]{5,6}", "琼A12345", "琼a12345"), (r"\d+(\.\d{1,2})?", "12.50", "12.505"),
     (r"\d{6}", "572600", "٥٧٢٦٠٠"), ("[东西]区|南区", "东区", "北区")],
)  # fmt: skip
def test_a_pattern_is_followed_by_the_whole_answer(pattern: str, right: str, wrong: str) -> None:
    assert patterns.fault(pattern) is None
    assert patterns.matches(pattern, right)
    assert not patterns.matches(pattern, wrong)


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+", "(a|a)*", "(a|b|ab)*c", "a*a*a*b", "a?" * 40, "(a|a)" * 40, "(){99999}", "(a?){3}", r"(a)\1", "(?=a)a",
     "(?<!a)b", "(", "a{2,1}", "[", "a" * 201, r"(\d{1,3},?)*", "(?>a+)b"],
)  # fmt: skip
def test_a_pattern_that_cannot_be_read_or_reads_an_answer_in_endless_ways_is_refused(pattern: str) -> None:
    assert patterns.fault(pattern)


@pytest.mark.parametrize("pattern", ["a*a*", "a{0,60}a{0,60}a{0,60}b", "(a|a)" * 18 + "b", "(a{1,60}){2}b"])
def test_the_costliest_pattern_that_is_allowed_comes_to_an_end(pattern: str) -> None:
    assert patterns.fault(pattern) is None
    assert not patterns.matches(pattern, "a" * 499 + "!")
