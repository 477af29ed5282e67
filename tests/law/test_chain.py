"""The chain: one form for one record, and every way of changing history is found."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.law.chain import Link, canonical, first_break, genesis, link, seal
from app.law.workdays import ZONE

START = genesis("application", 1, "TC-20261123-0001")


def chain(*records: dict, start: str = START) -> list[Link]:
    links, previous = [], start
    for sequence, record in enumerate(records, 1):
        digest = link(previous, record)
        links.append(Link(sequence, previous, record, digest))
        previous = digest
    return links


EVENTS = [{"act": "register"}, {"act": "receive", "pieces": 3}, {"act": "accept", "opinion": "材料齐全"}]


def test_the_canonical_form_is_stable():
    assert (
        canonical({"b": [1, True, None], "a": "受理"})
        == '{"canonical":1,"record":{"a":"受理","b":[1,true,null]}}'.encode()
    )
    assert START == "e8bcd988140128003ea1e1d7e888ef657b326440ad3a146c465501764e5248bf"
    assert link(START, {"act": "register"}) == ("894c28fb66b2f0b0c298a37c42ab0b4ebab24ac07fb8d44e2f5b397287754e15")


def test_one_moment_has_one_form_whatever_its_zone():
    at = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)
    same = at.astimezone(UTC), at.astimezone(timezone(timedelta(hours=5)))
    assert {canonical({"at": moment}) for moment in same} == {canonical({"at": at})}
    assert b'"2026-11-23T01:00:00.000000+00:00"' in canonical({"at": at})


def test_days_amounts_and_codes_have_their_form():
    class Colour(StrEnum):
        RED = "red"

    record = {"day": date(2026, 11, 23), "amount": Decimal("12.50"), "lamp": Colour.RED, "pair": (1, 2)}
    assert b'"amount":"12.50","day":"2026-11-23","lamp":"red","pair":[1,2]' in canonical(record)


@pytest.mark.parametrize("value", [1.0, float("nan"), {1, 2}, b"x", object(), {1: 2}, datetime(2026, 11, 23)])  # noqa: DTZ001
def test_what_has_no_single_form_is_refused(value):
    with pytest.raises(TypeError):
        canonical({"value": value})


def test_each_subject_begins_its_own_chain():
    others = {genesis("slip", 1, "TC-20261123-0001"), genesis("application", 2, "TC-20261123-0001")}
    assert START not in others
    assert len(others | {genesis("application", 1, "TC-20261123-0002")}) == 3


def test_a_true_chain_holds():
    assert first_break(START, chain(*EVENTS)) is None
    assert first_break(START, []) is None


def test_an_edit_is_found():
    links = chain(*EVENTS)
    links[1] = replace(links[1], record={"act": "receive", "pieces": 4})
    assert first_break(START, links) == 2


def test_an_edit_with_its_digest_made_anew_is_found_at_the_next_event():
    links = chain(*EVENTS)
    changed = {"act": "receive", "pieces": 4}
    links[1] = replace(links[1], record=changed, digest=link(links[1].previous, changed))
    assert first_break(START, links) == 3


def test_a_deletion_is_found():
    links = chain(*EVENTS)
    assert first_break(START, [links[0], links[2]]) == 2
    assert first_break(START, links[1:]) == 1


def test_a_changed_order_and_a_repetition_are_found():
    links = chain(*EVENTS)
    assert first_break(START, [links[1], links[0], links[2]]) == 1
    assert first_break(START, [links[0], links[0], links[1]]) == 2


def test_a_renumbered_deletion_is_found():
    links = chain(*EVENTS)
    assert first_break(START, [links[0], replace(links[2], sequence=2)]) == 2


def test_another_subjects_chain_is_found():
    assert first_break(START, chain(*EVENTS, start=genesis("application", 2, "TC-20261123-0002"))) == 1


def test_a_seal_changes_with_every_head_count_and_earlier_seal():
    record = {"number": 1, "events": 4, "heads": {"application:1": {"seq": 3, "hash": "ab"}}}
    first = seal("", record)
    assert seal("", dict(reversed(record.items()))) == first
    others = {
        seal("", record | {"heads": {"application:1": {"seq": 3, "hash": "ce"}}}),
        seal("", record | {"heads": {"application:1": {"seq": 2, "hash": "ab"}}}),
        seal("", record | {"events": 5}),
        seal(first, record),
    }
    assert len(others | {first}) == 5


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
records = st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), values, max_size=4)


@given(st.lists(records, min_size=1, max_size=5), st.data())
def test_any_edited_record_is_found(found, data):
    links = chain(*found)
    place = data.draw(st.integers(0, len(links) - 1))
    other = data.draw(records)
    links[place] = replace(links[place], record=other)
    same = canonical(other) == canonical(found[place])
    assert first_break(START, links) == (None if same else place + 1)
