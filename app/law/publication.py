"""May an item be published? What contradicts the law, or itself, in what an item is about to say."""

import dataclasses
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.law import N_, numbering, patterns
from app.law.workdays import Calendar, UnknownYear, add_months, add_workdays

GUIDE_PARTS = ("legal_basis", "conditions", "procedure")
DAYS_LOOKED_AT = 366
FIELD_NAME = re.compile(r"[a-z][a-z0-9_]{0,29}", re.ASCII)
Content = Mapping[str, Any]


@dataclass(frozen=True)
class Fault:
    """What is wrong, where: `materials.0.name` is the name of the first material."""

    field: str
    sentence: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)


def faults(item: Content, calendar: Calendar, today: date) -> list[Fault]:
    """Everything that keeps the item from being published today."""
    found = [*_limits(item, calendar, today), *_marks(item), *_materials(item["materials"])]
    found += [fault for i, each in enumerate(item["extra_fields"]) for fault in _question(f"extra_fields.{i}", each)]
    found += _twice("extra_fields", item["extra_fields"], "name", N_("Two questions have this name."))
    found += _fees(item, item.get("fees", []))
    return found + list(_lacking(item)) if item["is_active"] else found


def _limits(item: Content, calendar: Calendar, today: date) -> Iterator[Fault]:
    promised, statutory = item["promised_days"], item["statutory_amount"]
    if (item["handling"] == "instant") is not (promised == 0):
        yield Fault("promised_days", N_("An instant item promises no days, any other at least one."))
    elif promised and statutory and item["statutory_unit"] == "working_day" and promised > statutory:
        yield Fault("promised_days", N_("The promised limit may not exceed the statutory one."))
    elif promised and statutory and item["statutory_unit"] == "month":
        broken = first_day_broken(promised, statutory, calendar, today)
        if broken is not None:
            yield Fault(
                "promised_days",
                N_(
                    "The promised limit may not exceed the statutory one: of an application accepted on %(day)s it "
                    "would end on %(promised)s, the statutory limit on %(statutory)s."
                ),
                broken,
            )
    if item["correction_days"] > 5:  # noqa: PLR2004  (行政许可法 32)
        yield Fault("correction_days", N_("At most five working days."))
    if item["extension_max"] > 10:  # noqa: PLR2004  (行政许可法 42)
        yield Fault("extension_max", N_("At most ten working days (行政许可法 42)."))


def first_day_broken(promised_days: int, months: int, calendar: Calendar, today: date) -> dict[str, str] | None:
    """The first day of the coming year on which a promise in working days would outlast so many months.

    Days whose deadline lies beyond the last year of the calendar are not looked at.
    """
    for after in range(DAYS_LOOKED_AT):
        day = today + timedelta(days=after)
        try:
            promised = add_workdays(day, promised_days, calendar).due
            statutory = add_months(day, months, calendar).due
        except UnknownYear:
            return None
        if promised > statutory:
            return {"day": day.isoformat(), "promised": promised.isoformat(), "statutory": statutory.isoformat()}
    return None


def _marks(item: Content) -> Iterator[Fault]:
    if item["is_secret"] and item["is_public"]:
        yield Fault("is_public", N_("A secret item is never public."))


def _materials(lines: list[Content]) -> Iterator[Fault]:
    yield from _twice("materials", lines, "position", N_("Another material stands at this position."))
    yield from _twice("materials", lines, "name", N_("Another material has this name."))
    for i, each in enumerate(lines):
        if bool(each["tolerable"]) is not (each["supplement_days"] > 0):
            sentence = N_("Days to supply are given exactly where a paper may be supplied later.")
            yield Fault(f"materials.{i}.supplement_days", sentence)
        if each["tolerable"] and each["is_core"]:
            yield Fault(f"materials.{i}.tolerable", N_("A core material can never be supplied later."))
        if each["is_core"] and each["requirement"] != "required":
            yield Fault(f"materials.{i}.requirement", N_("A core material is always required."))
        if each["requirement"] == "conditional" and not each["condition"].strip():
            yield Fault(f"materials.{i}.condition", N_("Say when this material is needed."))


def _fees(item: Content, standards: list[Content]) -> Iterator[Fault]:
    """Nothing is charged that the item does not say, nor without a legal basis (行政许可法 58, 59)."""
    in_force = [each for each in standards if each["is_active"]]
    yield from _twice("fees", standards, "name", N_("Another fee has this name."))
    kinds: Counter[str] = Counter()
    for i, each in enumerate(standards):
        kinds[each["kind"]] += bool(each["is_active"])
        if each["is_active"] and kinds[each["kind"]] > 1:
            sentence = N_("One fee and one deposit at most are in force; put what is charged together into one.")
            yield Fault(f"fees.{i}.kind", sentence)
    if in_force and not item["has_fee"]:
        yield Fault("has_fee", N_("A fee or deposit is in force: say that the item has a fee."))
    if item["is_active"] and item["has_fee"] and not in_force:
        sentence = N_("Add the fee or deposit with its legal basis and price: without one nothing may be charged.")
        yield Fault("has_fee", sentence)


def _question(path: str, each: Content) -> Iterator[Fault]:
    """What is wrong with one of the item's own questions."""
    if not FIELD_NAME.fullmatch(each["name"]):
        sentence = N_("A small letter first, then small letters, digits and _, at most 30 characters.")
        yield Fault(f"{path}.name", sentence)
    choices = each["choices"]
    if each["type"] == "choice" and len(set(choices)) < 2:  # noqa: PLR2004
        yield Fault(f"{path}.choices", N_("Give at least two different choices."))
    elif each["type"] == "choice" and len(set(choices)) < len(choices):
        yield Fault(f"{path}.choices", N_("A choice stands there twice."))
    elif each["type"] != "choice" and choices:
        yield Fault(f"{path}.choices", N_("Only a question of one of several has choices."))
    if each["pattern"] and each["type"] != "text":
        yield Fault(f"{path}.pattern", N_("Only a text follows a pattern."))
    elif each["pattern"] and (wrong := patterns.fault(each["pattern"])):
        yield Fault(f"{path}.pattern", wrong)


def _twice(part: str, lines: list[Content], name: str, sentence: str) -> Iterator[Fault]:
    """The lines that say in this field what an earlier one said."""
    counted: Counter[Any] = Counter()
    for i, each in enumerate(lines):
        counted[each[name]] += 1
        if counted[each[name]] > 1:
            yield Fault(f"{part}.{i}.{name}", sentence)


def _lacking(item: Content) -> Iterator[Fault]:
    """What an active item lacks; an inactive one may still be incomplete (第六条)."""
    for part in GUIDE_PARTS:
        if not item[part].strip():
            yield Fault(part, N_("An active item needs this: it is told to every applicant at once."))
    if not numbering.is_impl_code(item["impl_code"]):
        yield Fault("impl_code", N_("The numbers of applications begin with this: 31 digits or capital letters."))
    if item["statutory_amount"] == 0 and item["handling"] != "instant":
        yield Fault("statutory_amount", N_("An active item needs its statutory limit."))
    if not item["materials"]:
        yield Fault("is_active", N_("List the materials of this item before it is made active."))
    elif not any(each["is_core"] for each in item["materials"]):
        yield Fault("is_active", N_("Mark the core materials: the application form and what proves who applies."))
