"""What stands on each paper comes from the turn and its act: complete, masked, and printable."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader

from app.engine import wording
from app.engine.clocks import limit_of
from app.engine.paper_check import complaints
from app.engine.paper_facts import PAPERS
from app.engine.paper_sources import build
from app.engine.reading import pdf
from app.errors import NotFound
from app.law.clock import ZONE, Clock
from app.law.guards import CERTIFICATE_CENTRE
from app.models.trail import Document
from tests.engine.paper_turns import (
    AGENT_ID,
    AGENT_PHONE,
    CREDIT_CODE,
    INSTANT,
    ITEM,
    MONTHS,
    NOW,
    ORGANISATION,
    OTHER_POWER,
    PERSON,
    PERSON_ID,
    PHONE,
    archive,
    decision,
    filing,
    given,
    opened,
    paper,
    parcel,
    receipt,
)

if TYPE_CHECKING:
    from app.engine.turn import Turn


def facts_of(kind: str, turn: Turn | None = None, **changes: Any) -> dict[str, Any]:
    """The facts of a paper, looked at as its act looks at them."""
    turn = turn or opened(delivery_mode="ems", ems_address="海南省屯昌县枫木镇示例路8号")
    facts = build(turn, kind, given(turn, kind) | changes)
    assert complaints(kind, facts) == []
    return facts


def read(kind: str, facts: dict[str, Any]) -> bytes:
    return pdf(
        Document(
            kind=kind,
            number="屯审(受)〔2026〕12号",
            token="kQ3vXo9ZtR7mB2pLw8sYdA",
            facts=json.loads(json.dumps(facts)),
            paragraphs=wording.resolve(kind, facts),
            issued_at=NOW,
        )
    )


@dataclass
class Case:
    """An applicant, an item and a day."""

    applicant: dict[str, Any] = field(default_factory=lambda: PERSON)
    item: dict[str, Any] = field(default_factory=dict)
    at: datetime = NOW

    def turn(self) -> Turn:
        return opened(
            self.applicant, item=self.item, at=self.at, delivery_mode="ems", ems_address="屯昌县枫木镇示例路8号"
        )


LATE_IN_THE_YEAR = datetime(2026, 12, 28, 10, 0, tzinfo=ZONE)
CASES = {
    "person": Case(),
    "organisation with an agent": Case(ORGANISATION),
    "instant": Case(item=INSTANT),
    "months": Case(ORGANISATION, MONTHS),
    "other power": Case(item=OTHER_POWER),
    "provisional": Case(at=LATE_IN_THE_YEAR),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@pytest.mark.parametrize("kind", PAPERS)
def test_every_paper_is_complete_and_prints(kind: str, case: Case) -> None:
    assert read(kind, facts_of(kind, case.turn())).startswith(b"%PDF")


@pytest.mark.parametrize("applicant", [PERSON, PERSON | {"agent_name": "示例丁"}, ORGANISATION])
@pytest.mark.parametrize("kind", [kind for kind, sheet in PAPERS.items() if not sheet.full_id])
def test_a_masked_paper_carries_no_whole_id_number_and_no_phone(kind: str, applicant: dict[str, Any]) -> None:
    said = json.dumps(
        facts_of(kind, opened(applicant, ems_address="屯昌县枫木镇", delivery_mode="ems")), ensure_ascii=False
    )
    assert not [secret for secret in (PERSON_ID, AGENT_ID, PHONE, AGENT_PHONE) if secret in said]


@pytest.mark.parametrize("kind", [kind for kind, sheet in PAPERS.items() if sheet.full_id])
def test_the_whole_id_number_stands_where_it_is_needed(kind: str) -> None:
    assert facts_of(kind)["application"]["id_no"] == PERSON_ID


def test_a_person_is_masked_and_an_organisation_is_public() -> None:
    person = facts_of("receipt_voucher")["application"]
    assert (person["applicant_name_masked"], person["id_no_masked"]) == ("示*甲", "469***********1239")
    assert "agent_name" not in person
    company = facts_of("receipt_voucher", opened(ORGANISATION))["application"]
    assert (company["applicant_name_masked"], company["id_no_masked"]) == ("屯昌示例餐饮有限公司", CREDIT_CODE)
    assert (company["agent_name"], company["id_type"]) == ("示例丁", "统一社会信用代码")


def test_the_county_names_the_organisation_and_the_phone_for_supervision() -> None:
    facts = facts_of("acceptance_notice")
    assert (facts["organisation"], facts["supervision_phone"]) == ("屯昌县行政审批服务局", "12345")
    named = {"organisation_name": "示例县行政审批局", "supervision_phone": "0898-00000001"}
    facts = facts_of("acceptance_notice", opened(settings=named))
    assert (facts["organisation"], facts["supervision_phone"]) == ("示例县行政审批局", "0898-00000001")


def test_only_a_demo_paper_says_so() -> None:
    assert "demo" not in facts_of("acceptance_notice")
    assert facts_of("acceptance_notice", opened(is_demo=True))["demo"] is True


def test_the_notice_lists_the_whole_list_with_what_is_wanting() -> None:
    facts = facts_of("one_time_notice")
    assert [(line["name"], line["status"]) for line in facts["lines"]] == [
        ("申请表", "in_order"),
        ("身份证明", "copy_differs"),
        ("管理制度", "in_order"),
        ("授权委托书", "in_order"),
    ]
    assert facts["lines"][1]["requirement"] == "与原件不符，请重新复印"
    assert [line["electronic"] for line in facts["lines"]] == [False, False, True, False]
    assert "issuer" not in facts["lines"][2]
    assert not {"again_reason", "acknowledged_by"} & facts.keys()
    assert (facts["window"], facts["fee"]) == ("综合窗口1号", "不收费")


def test_another_notice_says_why_and_who_took_it() -> None:
    facts = facts_of("one_time_notice", round=2, again_reason="申请人补交的材料有新的缺漏", acknowledged_by="示例丁")
    assert (facts["round"], facts["again_reason"], facts["acknowledged_by"]) == (
        2,
        "申请人补交的材料有新的缺漏",
        "示例丁",
    )


def test_the_voucher_says_what_was_taken_and_by_when_the_office_answers() -> None:
    facts = facts_of("receipt_voucher", opened())
    assert facts["materials"][1] == {
        "name": "身份证明",
        "status": "taken",
        "form": "copy",
        "pieces": 2,
        "copy_verified": True,
    }
    assert facts["materials"][3] == {
        "name": "授权委托书",
        "status": "not_applicable",
        "pieces": 0,
        "copy_verified": False,
    }
    assert facts["answer_due"] == {"date": "2026-10-10", "provisional": False}
    assert "ems_address" not in facts


def test_an_address_given_earlier_is_not_printed_where_nothing_is_posted() -> None:
    turn = opened(ems_address="海南省屯昌县枫木镇", delivery_mode="pickup")
    assert "ems_address" not in facts_of("receipt_voucher", turn)


def test_the_transfer_slip_carries_the_form_and_count_of_each_paper() -> None:
    assert facts_of("transfer_slip")["lines"] == [
        {"name": "申请表", "form": "original", "pieces": 1},
        {"name": "身份证明", "form": "copy", "pieces": 2},
    ]


def test_the_acceptance_notice_counts_by_the_clocks_of_the_application() -> None:
    facts = facts_of("acceptance_notice")
    assert (facts["received_on"], facts["clock_from"], facts["deemed"]) == ("2026-09-24", "2026-09-28", False)
    assert facts["promised_limit"] == {"amount": 5, "unit": "working_day"}
    assert facts["promised_due"] == {"date": "2026-10-10", "provisional": False}


def test_an_instant_item_is_due_the_same_day() -> None:
    facts = facts_of("acceptance_notice", opened(item=INSTANT))
    assert facts["promised_limit"] == facts["statutory_limit"] == {"amount": 0, "unit": "same_day"}
    assert facts["promised_due"] == {"date": "2026-09-28", "provisional": False}


def test_a_limit_in_months_stays_one() -> None:
    facts = facts_of("acceptance_notice", opened(item=MONTHS))
    assert facts["statutory_limit"] == {"amount": 3, "unit": "month"}
    assert facts["statutory_due"]["date"] == "2026-12-28"


def test_a_due_date_beyond_the_published_calendar_is_provisional() -> None:
    facts = facts_of("acceptance_notice", opened(at=LATE_IN_THE_YEAR))
    assert facts["promised_due"]["provisional"] is True


def test_the_filing_form_has_the_whole_proposal_and_leaves_room_for_the_opinions() -> None:
    facts = facts_of("negative_filing_form", opened(ORGANISATION))
    assert (facts["direction"], facts["handler"], facts["applicant_phone"]) == ("non_acceptance", "示例乙", PHONE)
    assert (facts["legal_rep"], facts["applicant_address"]) == ("示例丙", "屯昌县枫木镇示例路8号")
    assert facts["content"] == "新办：食品经营许可证"
    assert not {"office_head", "leader", "informed"} & facts.keys()
    assert facts_of("negative_filing_form", filing=filing("refusal"))["direction"] == "refusal"


def test_the_notice_of_non_acceptance_names_the_authority_and_the_papers_to_give_back() -> None:
    facts = facts_of("non_acceptance")
    assert (facts["reason_code"], facts["redirect_to"]) == ("wrong_authority", "海口市行政审批服务局")
    assert [(line["name"], line["form"]) for line in facts["returned"]] == [
        ("申请表", "original"),
        ("身份证明", "copy"),
    ]


def test_a_decision_for_the_long_term_has_no_last_day() -> None:
    facts = facts_of("grant_decision", decision=decision(valid_to=None, long_term=True, conditions="每年报告一次"))
    assert "valid_to" not in facts
    assert (facts["valid_from"], facts["conditions"], facts["accepted_on"]) == (
        "2026-09-30",
        "每年报告一次",
        "2026-09-28",
    )
    assert not {"legal_rep", "address", "cert_no"} & facts.keys()


def test_the_handover_slip_names_both_desks_and_the_number_of_each_result() -> None:
    facts = facts_of("handover_slip")
    assert (facts["from_unit"], facts["to_desk"]) == ("县政务服务大厅制证中心", "枫木镇便民服务中心")
    assert facts["documents"] == [
        {"name": "食品经营许可证", "number": "JY24690220000011", "copies": 2},
        {"name": "准予行政许可决定书", "number": "屯审(准)〔2026〕31号", "copies": 1},
    ]


def test_what_was_never_accepted_is_handed_over_by_the_day_of_its_delivery() -> None:
    turn = opened()
    turn.dossier.clocks.runs.clear()
    turn.dossier.clocks.start(
        Clock.DELIVERY, limit_of(Clock.DELIVERY, ITEM, turn.settings, "approve_rejection"), NOW, "clerk"
    )
    assert facts_of("handover_slip", turn)["promised_due"]["date"] == "2026-10-20"


def test_a_parcel_holds_no_certificate_that_is_electronic_alone() -> None:
    turn = opened(delivery_mode="ems", ems_address="海南省屯昌县枫木镇示例路8号")
    turn.dossier.pieces = [p for p in turn.dossier.pieces if p.kind != "certificate"]
    assert [line["name"] for line in facts_of("ems_list", turn)["documents"]] == ["准予行政许可决定书"]
    assert len(facts_of("service_receipt", turn)["documents"]) == 2


def test_a_parcel_goes_to_a_masked_person_and_a_named_organisation() -> None:
    facts = facts_of("ems_list")
    assert (facts["recipient_masked"], facts["recipient_phone_masked"]) == ("示*甲", "199****0001")
    company = opened(ORGANISATION, delivery_mode="ems", ems_address="海南省屯昌县枫木镇示例路8号")
    assert facts_of("ems_list", company)["recipient_masked"] == "屯昌示例餐饮有限公司"


def test_the_receipt_names_the_desk_the_parcel_or_the_place_where_papers_were_left() -> None:
    at_the_desk = facts_of("service_receipt", opened())
    assert (at_the_desk["mode"], at_the_desk["place"]) == ("window", "枫木镇便民服务中心")
    assert not {"ems_no", "witness"} & at_the_desk.keys()
    turn = opened(delivery_mode="ems", ems_address="海南省屯昌县枫木镇示例路8号")
    turn.dossier.dispatches = [parcel("returned"), parcel("delivered")]
    posted = facts_of("service_receipt", turn, receipt=receipt(mode="ems", desk=CERTIFICATE_CENTRE))
    assert (posted["place"], posted["ems_no"]) == ("海南省屯昌县枫木镇示例路8号", "1234567890123")
    left = receipt(relation="left_in_place", witness="示例己")
    facts = facts_of("service_receipt", opened(ORGANISATION), receipt=left)
    assert (facts["mode"], facts["place"], facts["witness"]) == ("left_in_place", "屯昌县枫木镇示例路8号", "示例己")


def test_the_catalogue_counts_its_sheets_through_the_file() -> None:
    facts = facts_of("file_catalogue")
    assert [(e["title"], e["first_page"], e["pages"], e["date"]) for e in facts["entries"]] == [
        ("准予行政许可决定书", 1, 2, "2026-09-30"),
        ("申请表", 3, 4, "2026-09-24"),
        ("受理通知书", 7, 1, "2026-09-28"),
    ]
    assert [e["responsible"] for e in facts["entries"]] == ["屯昌县行政审批服务局", "示例甲", "屯昌县行政审批服务局"]
    assert "number" not in facts["entries"][1]
    assert (facts["title"], facts["retention"], facts["secrecy"]) == ("示例甲食品经营许可（新办）", "30年", "无")
    assert not {"supplement", "note", "checker", "location"} & facts.keys()


def test_a_confirmed_file_names_the_lister_and_the_checker() -> None:
    told = archive(checker=True, note="已核对")
    told["archive"].confirmed_by_name, told["archive"].confirmed_at = "示例庚", NOW
    facts = facts_of("file_catalogue", **told)
    assert (facts["actor_name"], facts["note"]) == ("示例戊", "已核对")
    assert facts["checker"] == {"name": "示例庚", "at": "2026-09-30T15:30:00+08:00"}


def test_sheets_added_to_a_filed_file_go_on_counting() -> None:
    told = archive(supplement=True)
    file = told["archive"]
    file.pages, told["pages"] = file.pages[:2], file.pages[2:]
    facts = facts_of("file_catalogue", **told)
    assert facts["supplement"] is True
    assert [(e["title"], e["first_page"]) for e in facts["entries"]] == [("受理通知书", 7)]


def test_a_certificate_is_read_as_its_scan_and_not_as_a_sheet() -> None:
    with pytest.raises(NotFound):
        pdf(paper(32, "certificate", "JY24690220000011", NOW, "食品经营许可证"))


def test_a_paper_prints_the_moment_of_its_act() -> None:
    pages = PdfReader(BytesIO(read("grant_decision", facts_of("grant_decision")))).pages
    assert "2026年9月30日15时30分" in re.sub(r"\s", "", "".join(page.extract_text() for page in pages))
