"""The facts of a paper are looked at before they are fixed; its words are the county's."""

from __future__ import annotations

import re

import pytest

from app.engine.paper_check import complaints
from app.engine.paper_facts import PAPERS
from app.engine.paper_parts import ApplicationInFull
from app.engine.paper_samples import sample
from app.engine.rendering import TEMPLATES
from app.engine.wording import CASES, EVERY, Wording, originals, resolve
from app.law.numbering import DOCUMENT_KINDS


@pytest.mark.parametrize("kind", PAPERS)
def test_complete_facts_raise_no_complaint_and_one_missing_is_named(kind: str) -> None:
    facts = sample(kind)
    assert complaints(kind, facts) == []
    for key in PAPERS[kind].facts.__required_keys__:  # type: ignore[attr-defined]
        without = {name: value for name, value in facts.items() if name != key}
        assert complaints(kind, without) == [f"{key}: missing"]


@pytest.mark.parametrize("part", ["basis", "procedure", "statutory_limit", "lines"])
def test_a_one_time_notice_without_one_of_its_four_parts_is_not_fixed(part: str) -> None:
    empty = {"basis": " ", "procedure": "", "statutory_limit": {}, "lines": [{}]}
    assert any(
        fault.startswith(part)
        for fault in complaints("one_time_notice", sample("one_time_notice", **{part: empty[part]}))
    )


def test_a_fault_deep_in_a_list_is_named_with_its_place() -> None:
    facts = sample("transfer_slip")
    facts["lines"][2]["form"] = "fax"
    facts["lines"][3]["pieces"] = "1"
    facts["lines"].append("one more")
    assert complaints("transfer_slip", facts) == [
        "lines[2].form: 'fax' is none of original, copy, electronic",
        "lines[3].pieces: not int",
        "lines[5]: not a group of facts",
    ]
    assert complaints("transfer_slip", sample("transfer_slip", lines="all of them")) == ["lines: not a list"]


def test_a_whole_id_number_has_no_business_on_a_masked_paper() -> None:
    facts = sample("receipt_voucher")
    facts["application"]["id_no"] = "469099198506151239"
    assert complaints("receipt_voucher", facts) == ["application.id_no: has no business on this paper"]


def test_the_papers_with_the_whole_id_number_are_those_whose_facts_hold_it() -> None:
    for paper in PAPERS.values():
        assert paper.full_id == (paper.facts.__annotations__["application"] is ApplicationInFull)


def test_every_paper_has_its_wording_and_a_word_for_its_number() -> None:
    assert originals().keys() - {EVERY} == PAPERS.keys()
    assert PAPERS.keys() <= DOCUMENT_KINDS.keys()


@pytest.mark.parametrize("kind", PAPERS)
def test_every_text_of_the_wording_is_printed_and_every_text_printed_is_there(kind: str) -> None:
    layout = (TEMPLATES / "_layout.typ").read_text(encoding="utf-8")
    template = (TEMPLATES / f"{kind}.typ").read_text(encoding="utf-8")
    asked = set(re.findall(r"\bp\.([a-z_]+)", layout + template))
    assert asked == {key for key in Wording().texts(kind) if not key.endswith(CASES)}
    assert resolve(kind, sample(kind)).keys() == asked


def test_a_placeholder_without_a_fact_is_refused() -> None:
    facts = sample("receipt_voucher")
    del facts["centre"]["phone"]
    with pytest.raises(KeyError):
        resolve("receipt_voucher", facts)
