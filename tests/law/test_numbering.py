"""Numbers: how they look, which counter feeds them, and that no ill-formed one passes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.law import numbering
from app.law.numbering import DOCUMENT_KINDS, SerialOutOfRange, well_formed

DAY = date(2026, 11, 23)
IMPL_CODE = "11469022MB0A12342B4000164213003"


def test_an_application_number_is_the_items_code_the_day_and_the_serial():
    number = numbering.application_no(IMPL_CODE, DAY, 1)
    assert number == "11469022MB0A12342B4000164213003202611230001"
    assert len(number) == 43
    assert well_formed("application", "12441500196720244T3442199806003202206230068")


def test_the_numbers_for_people_are_short():
    assert numbering.short_no(DAY, 1) == "TC-20261123-0001"
    assert numbering.pickup_code(42) == "000042"
    assert numbering.ticket_no("A", 7) == "A007"
    assert numbering.slip_no(DAY, 12) == "JJ-20261123-0012"
    assert numbering.archive_no(2026, 12) == "DA-2026-000012"


def test_a_document_number_has_its_word_its_year_and_no_leading_zero():
    assert numbering.document_no("acceptance_notice", 2026, 12) == "屯审(受)〔2026〕12号"
    assert numbering.document_no("non_acceptance", 2026, 1) == "屯审(不受)〔2026〕1号"


def test_no_two_kinds_of_document_share_their_word():
    assert len(set(DOCUMENT_KINDS.values())) == len(DOCUMENT_KINDS)


def test_a_number_that_a_paper_of_ours_carries_or_will_is_known_by_its_form():
    assert all(numbering.is_own_paper(numbering.document_no(kind, 2027, 4711)) for kind in DOCUMENT_KINDS)
    assert not any(map(numbering.is_own_paper, ("琼林采2026001", "屯审(林)〔2026〕1号", "屯审(受)〔2026〕01号", "")))


def test_only_a_code_and_a_letter_that_numbers_can_begin_with_will_do():
    assert numbering.is_impl_code(IMPL_CODE)
    assert not any(map(numbering.is_impl_code, ("", "abc", IMPL_CODE.lower(), IMPL_CODE + "0")))
    assert numbering.is_area("A")
    assert not any(map(numbering.is_area, ("", "1", "AB", "a")))


@pytest.mark.parametrize(
    "make",
    [
        lambda: numbering.application_no(IMPL_CODE, DAY, 10_000),
        lambda: numbering.application_no(IMPL_CODE, DAY, 0),
        lambda: numbering.short_no(DAY, 10_000),
        lambda: numbering.pickup_code(1_000_000),
        lambda: numbering.pickup_code(-1),
        lambda: numbering.ticket_no("A", 1000),
        lambda: numbering.slip_no(DAY, 0),
        lambda: numbering.archive_no(2026, 1_000_000),
    ],
)
def test_a_serial_that_does_not_fit_is_refused_rather_than_cut(make):
    with pytest.raises(SerialOutOfRange):
        make()


@pytest.mark.parametrize(
    "make",
    [
        lambda: numbering.application_no("4000164213003", DAY, 1),
        lambda: numbering.ticket_no("甲", 1),
        lambda: numbering.document_no("acceptance_notice", 2026, 0),
    ],
)
def test_a_part_of_the_wrong_form_is_refused(make):
    with pytest.raises(ValueError, match="no number of the kind"):
        make()


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("application", "11469022MB0A12342B4000164213003202611310001"),  # 31 November
        ("application", "11469022MB0A12342B4000164213003202611230000"),
        ("application", "11469022MB0A12342B400016421300320261123001"),
        ("short", "TC-20261323-0001"),
        ("short", "TC-20261123-0001\n"),
        ("pickup", "12345"),
        ("pickup", "１２３４５６"),
        ("ticket", "A000"),
        ("slip", "JJ-20260230-0001"),
        ("archive", "DA-2026-000000"),
        ("acceptance_notice", "屯审(受)〔2026〕012号"),
        ("acceptance_notice", "屯审（受）〔2026〕12号"),
        ("acceptance_notice", "屯审(不受)〔2026〕12号"),
        ("acceptance_notice", "屯审(受)[2026]12号"),
    ],
)
def test_an_ill_formed_number_is_found(kind, number):
    assert not well_formed(kind, number)


def test_an_unknown_kind_of_number_is_an_error():
    with pytest.raises(KeyError):
        well_formed("nothing", "1")


@given(st.dates(date(2020, 1, 1), date(2099, 12, 31)), st.integers(1, 9999))
def test_every_number_built_is_well_formed(day, serial):
    assert well_formed("application", numbering.application_no(IMPL_CODE, day, serial))
    assert well_formed("short", numbering.short_no(day, serial))
    assert well_formed("slip", numbering.slip_no(day, serial))
    assert well_formed("pickup", numbering.pickup_code(serial))
    assert well_formed("archive", numbering.archive_no(day.year, serial))
    for kind in DOCUMENT_KINDS:
        assert well_formed(kind, numbering.document_no(kind, day.year, serial))


@given(st.sampled_from(sorted(DOCUMENT_KINDS)), st.sampled_from(sorted(DOCUMENT_KINDS)))
def test_a_documents_number_fits_its_own_kind_only(one, other):
    assert well_formed(other, numbering.document_no(one, 2026, 3)) == (one == other)


def test_each_series_counts_apart():
    names = [
        numbering.counter_for_application(IMPL_CODE, DAY),
        numbering.counter_for_application(IMPL_CODE, date(2026, 11, 24)),
        numbering.counter_for_short_no(DAY),
        numbering.counter_for_document("acceptance_notice", 2026),
        numbering.counter_for_document("acceptance_notice", 2027),
        numbering.counter_for_document("non_acceptance", 2026),
        numbering.counter_for_ticket(1, "A", DAY),
        numbering.counter_for_ticket(2, "A", DAY),
        numbering.counter_for_ticket(1, "B", DAY),
        numbering.counter_for_slip(DAY),
        numbering.counter_for_archive(2026),
    ]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= 60
