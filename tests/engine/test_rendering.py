"""A document is facts with a number; reading it as paper gives the same sheet each time."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from app.engine import rendering
from app.engine.paper_facts import PAPERS
from app.engine.paper_samples import sample
from app.engine.rendering import render
from app.engine.wording import resolve

AT = datetime(2026, 9, 28, 9, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
NUMBER = "屯审(受)〔2026〕12号"
TOKEN = "kQ3vXo9ZtR7mB2pLw8sYdA"
FULL_ID = "469099198506151239"


def printed(kind: str, facts: dict[str, Any]) -> bytes:
    return render(kind, facts, NUMBER, AT, token=TOKEN, paragraphs=resolve(kind, facts))


def words(pdf: bytes) -> str:
    """The text of a sheet without its line ends and spaces."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def is_archival(pdf: bytes) -> bool:
    return b"<pdfaid:part>2</pdfaid:part>" in pdf and b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf


@pytest.mark.parametrize("kind", PAPERS)
def test_every_paper_says_whose_it_is_its_number_its_rule_and_who_acted_when(kind: str) -> None:
    facts = sample(kind)
    pdf = printed(kind, facts)
    said = words(pdf)
    assert is_archival(pdf)
    for wanted in (
        "屯昌县行政审批服务局",
        resolve(kind, facts)["title"],
        NUMBER,
        "示例乙",
        "2026年9月28日09时05分",
        "盖章处",
        "工作规范》（2023年5月9日印发）",
        "第1页",
    ):
        assert wanted in said
    assert TOKEN not in said


@pytest.mark.parametrize("kind", PAPERS)
def test_the_same_facts_give_the_same_bytes(kind: str) -> None:
    first = printed(kind, sample(kind))
    rendering._compiler.cache_clear()
    assert printed(kind, sample(kind)) == first


@pytest.mark.parametrize("kind", PAPERS)
def test_the_whole_id_number_stands_only_on_papers_that_need_it(kind: str) -> None:
    facts = sample(kind)
    facts["application"]["id_no"] = FULL_ID
    assert (FULL_ID in words(printed(kind, facts))) == PAPERS[kind].full_id


def test_what_a_citizen_wrote_is_printed_and_never_obeyed() -> None:
    text = (
        '#set text(size: 1pt) [a](b) *c* _d_ `e` $f$ <g> @h \\ // i /* j */ = k "l" {facts} #read("/etc/passwd") {{}}'
    )
    facts = sample("negative_filing_form", content=text, facts=text, statement=text)
    facts["application"]["item_name"] = text
    said = words(printed("negative_filing_form", facts))
    assert said.count(re.sub(r"\s", "", text)) == 4


def test_a_placeholder_in_a_citizens_text_is_not_filled_in() -> None:
    facts = sample("receipt_voucher")
    facts["centre"]["phone"] = "{application.id_no_masked}"
    assert "{application.id_no_masked}查询" in resolve("receipt_voucher", facts)["query"]


def test_an_opinion_of_two_thousand_characters_flows_over_the_pages() -> None:
    opinion = "经审查申请材料与鑫字号不一致，" * 135
    signed = {"name": "示例丙", "at": "2026-09-28T15:00:00+08:00", "text": opinion}
    facts = sample("negative_filing_form", facts=opinion, reasons=opinion, office_head=signed, leader=signed)
    pdf = printed("negative_filing_form", facts)
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert words(pdf).count("鑫") == 540
    for sheet, page in enumerate(pages, start=1):
        assert f"共{len(pages)}页第{sheet}页" in re.sub(r"\s", "", page.extract_text())


def test_thirty_materials_are_all_listed_under_a_heading_that_comes_back() -> None:
    lines = [
        {"name": f"第{n}项材料", "status": "taken", "form": "copy", "pieces": 2, "copy_verified": True}
        for n in range(1, 31)
    ]
    pdf = printed("receipt_voucher", sample("receipt_voucher", materials=lines))
    said = words(pdf)
    assert all(f"第{n}项材料" in said for n in range(1, 31))
    assert said.count("收取情况") == 2


def test_a_word_without_an_end_is_broken_into_lines() -> None:
    pdf = printed("grant_decision", sample("grant_decision", content="x" * 2000))
    lines = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).splitlines()
    assert sum(line.count("x") for line in lines) == 2000
    assert max(line.count("x") for line in lines) < 90


def test_rare_characters_are_drawn_by_the_second_font() -> None:
    facts = sample("acceptance_notice")
    facts["application"]["applicant_name"] = "示𬭎㐂𠮷"
    pdf = printed("acceptance_notice", facts)
    assert is_archival(pdf)
    assert "示𬭎㐂𠮷" in words(pdf)


def test_a_character_no_font_has_is_named_on_the_sheet_instead_of_stopping_it() -> None:
    facts = sample("acceptance_notice")
    facts["application"]["applicant_name"] = "示\U0002ebf0\U0001f600"
    pdf = printed("acceptance_notice", facts)
    assert not is_archival(pdf)
    assert "U+1F600、U+2EBF0" in words(pdf)
    assert printed("acceptance_notice", facts) == pdf


def test_what_cannot_be_seen_is_left_out() -> None:
    facts = sample("acceptance_notice")
    facts["application"]["applicant_name"] = "示\u200b\u202e\x00例\ufeff甲"
    pdf = printed("acceptance_notice", facts)
    assert is_archival(pdf)
    assert "示例甲：" in words(pdf)


def test_a_date_beyond_the_published_calendar_is_marked_provisional() -> None:
    due = {"date": "2027-01-05", "provisional": True}
    said = words(printed("acceptance_notice", sample("acceptance_notice", statutory_due=due)))
    assert "2027年1月5日（暂定）" in said
    assert "2026年10月10日（暂定）" not in said
    assert "放假安排公布后重新核定" in said


def test_acceptance_by_silence_counts_from_the_receipt_and_says_why() -> None:
    said = words(
        printed("acceptance_notice", sample("acceptance_notice", deemed=True, clock_from="2026-09-24", owed=[]))
    )
    assert "逾期不告知的，自收到申请材料之日起即为受理" in said
    assert "本件视为自2026年9月24日起受理" in said
    assert "容缺" not in said


def test_an_item_that_is_no_licence_is_not_granted_as_one() -> None:
    facts = sample("grant_decision")
    facts["application"]["licence"] = False
    said = words(printed("grant_decision", facts))
    assert "准予办理决定书" in said
    assert "行政许可" not in said


@pytest.mark.req(70)
def test_the_notice_of_non_acceptance_gives_reasons_remedies_date_and_place_of_the_seal() -> None:
    facts = sample("non_acceptance", reason_code="wrong_authority", redirect_to="海口市行政审批服务局")
    said = words(printed("non_acceptance", facts))
    for wanted in (
        facts["facts"],
        facts["reasons"],
        "《中华人民共和国民法典》第二百七十九条",
        "请向海口市行政审批服务局申请",
        "60日内向屯昌县人民政府申请行政复议",
        "6个月内依法向有管辖权的人民法院提起行政诉讼",
        "2026年9月28日（盖章处：行政许可专用章）",
    ):
        assert wanted in said


def test_a_demo_paper_is_marked_across_the_sheet() -> None:
    assert "演示件" in words(printed("grant_decision", sample("grant_decision", demo=True)))


def test_four_readers_at_once_each_get_their_own_paper() -> None:
    kinds = [*PAPERS] * 2
    with ThreadPoolExecutor(4) as readers:
        papers = list(readers.map(lambda kind: printed(kind, sample(kind)), kinds))
    assert papers == [printed(kind, sample(kind)) for kind in kinds]
