"""Turns in memory, for the facts of papers: an application far on its way, and what each act gives."""

from __future__ import annotations

import csv
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.engine.actors import Actor, Grant
from app.engine.clocks import ClockBook, limit_of
from app.engine.dossier import Dossier
from app.engine.paper_common import due
from app.engine.settings import Settings
from app.engine.turn import Turn
from app.law.clock import CLOCKS, ZONE, Clock, Limit, pauses_clock
from app.law.guards import CERTIFICATE_CENTRE
from app.law.lifecycle import TRANSITIONS
from app.law.roles import Role
from app.law.workdays import Calendar, Deadline
from app.models.application import Application, ApplicationMaterial, Decision, NegativeFiling
from app.models.archive import ArchiveFile, ArchivePage, Retention
from app.models.calendar import ClockRun
from app.models.catalogue import ItemVersion
from app.models.correction import CorrectionLine, CorrectionNotice, OwedMaterial
from app.models.custody import Piece, Slip, SlipLine
from app.models.delivery import Certificate, DeliveryReceipt, EmsDispatch
from app.models.examination import Suspension
from app.models.fees import Fee, PaymentChannel
from app.models.hearing import Hearing
from app.models.organisation import Centre, Office, Window
from app.models.trail import Document

SEED = Path(__file__).parents[2] / "seed"
RECEIVED = datetime(2026, 9, 24, 9, 5, tzinfo=ZONE)
ACCEPTED = datetime(2026, 9, 28, 10, 0, tzinfo=ZONE)
NOW = datetime(2026, 9, 30, 15, 30, tzinfo=ZONE)
PERSON_ID, AGENT_ID, PHONE, AGENT_PHONE = "469099198506151239", "46909919900101004X", "19900000001", "19900000002"
CREDIT_CODE = "91469022MA5T12345J"

ITEM: dict[str, Any] = {
    "code": "I04",
    "name": "食品经营许可（新办）",
    "impl_code": "11469022MB0A12342B4000131001004",
    "item_type": "01",
    "handling": "commitment",
    "statutory_amount": 20,
    "statutory_unit": "working_day",
    "promised_days": 5,
    "clock_start": "accepted",
    "correction_days": 5,
    "result_name": "食品经营许可证",
    "legal_basis": "《食品安全法》第三十五条",
    "conditions": "有固定的经营场所。",
    "procedure": "收件→受理→审查→决定→出件",
    "online": "",
    "has_fee": False,
    "fee_text": "",
    "materials": [
        {
            "position": 1,
            "name": "申请表",
            "requirement": "required",
            "form": "original",
            "original_count": 1,
            "copy_count": 0,
            "issuer": "申请人",
        },
        {
            "position": 2,
            "name": "身份证明",
            "requirement": "required",
            "form": "original_and_copy",
            "original_count": 1,
            "copy_count": 1,
            "issuer": "公安机关",
        },
        {
            "position": 3,
            "name": "管理制度",
            "requirement": "required",
            "form": "electronic",
            "original_count": 0,
            "copy_count": 0,
            "issuer": "",
        },
        {
            "position": 4,
            "name": "授权委托书",
            "requirement": "conditional",
            "form": "original",
            "original_count": 1,
            "copy_count": 0,
            "issuer": "申请人",
        },
    ],
}
INSTANT = {"handling": "instant", "statutory_amount": 0, "promised_days": 0, "correction_days": 0}
MONTHS = {"statutory_amount": 3, "statutory_unit": "month", "promised_days": 40}
OTHER_POWER = {"item_type": "10"}
PERSON: dict[str, Any] = {
    "applicant_type": "1",
    "applicant_name": "示例甲",
    "id_type": "resident_id",
    "id_no": PERSON_ID,
    "address": "",
    "legal_rep": "",
    "agent_name": "",
}
ORGANISATION: dict[str, Any] = {
    "applicant_type": "2",
    "applicant_name": "屯昌示例餐饮有限公司",
    "id_type": "uscc",
    "id_no": CREDIT_CODE,
    "address": "屯昌县枫木镇示例路8号",
    "legal_rep": "示例丙",
    "agent_name": "示例丁",
    "agent_id_type": "resident_id",
    "agent_id_no": AGENT_ID,
    "agent_phone": AGENT_PHONE,
}


@cache
def calendar() -> Calendar:
    with (SEED / "calendar.csv").open(encoding="utf-8", newline="") as file:
        return Calendar.from_rows(
            (date.fromisoformat(row["day"]), row["is_workday"] == "1", row["name"], row["published"] == "1")
            for row in csv.DictReader(file)
        )


def materials() -> list[ApplicationMaterial]:
    taken = [("original", 1, False), ("copy", 2, True), ("electronic", 1, False)]
    rows = [
        ApplicationMaterial(
            id=70 + line["position"],
            position=line["position"],
            name=line["name"],
            requirement=line["requirement"],
            tolerable=False,
            status="not_applicable",
            pieces=0,
            copy_verified=False,
        )
        for line in ITEM["materials"]
    ]
    for row, (form, pieces, verified) in zip(rows, taken, strict=False):
        row.status, row.form, row.pieces, row.copy_verified = "taken", form, pieces, verified
    return rows


def application(applicant: dict[str, Any], item: dict[str, Any], **changes: Any) -> Application:
    centre = Centre(
        id=3,
        kind="town",
        name="枫木镇便民服务中心",
        address="屯昌县枫木镇人民路1号",
        phone="0898-67800003",
        closes_at=time(17, 30),
    )
    told: dict[str, Any] = {
        "id": 9,
        "number": "11469022MB0A12342B4000131001004202609240001",
        "short_no": "TC-20260924-0001",
        "pickup_code": "482913",
        "state": "accepted",
        "version": 3,
        "phone": PHONE,
        "relation": "new",
        "is_demo": False,
        "delivery_mode": "window",
        "received_at": RECEIVED,
        "accepted_at": ACCEPTED,
        "clock_from": ACCEPTED.date(),
        "decided_at": NOW,
        "closed_at": NOW,
        "centre_id": 3,
        "office_id": 5,
        "window_id": 11,
    }
    return Application(
        **{**told, **applicant, **changes},
        centre=centre,
        office=Office(id=5, name="市场准入审批室"),
        window=Window(id=11, name="综合窗口1号"),
        item_version=ItemVersion(snapshot=item),
        materials=materials(),
    )


def paper(row_id: int, kind: str, number: str, at: datetime, title: str) -> Document:
    return Document(
        id=row_id, kind=kind, number=number, state="valid", issued_at=at, facts={}, paragraphs={"title": title}
    )


def opened(
    applicant: dict[str, Any] = PERSON,
    *,
    at: datetime = NOW,
    settings: dict[str, Any] | None = None,
    item: dict[str, Any] | None = None,
    **changes: Any,
) -> Turn:
    """A turn on an application that is granted, made, and in the certificate centre's hands."""
    item = ITEM | (item or {})
    a, known, session = application(applicant, item, **changes), Settings(settings or {}), Session()
    dossier = Dossier(session, a, calendar(), known)
    dossier.clocks = ClockBook(session, a, calendar(), a.centre.closes_at)
    for clock, act in ((Clock.CORRECTION, "receive"), (Clock.STATUTORY, "accept"), (Clock.PROMISED, "accept")):
        dossier.clocks.start(clock, limit_of(clock, item, known, act), at if at > NOW else ACCEPTED, "clerk")
    decision = paper(31, "grant_decision", "屯审(准)〔2026〕31号", NOW, "准予行政许可决定书")
    scan = paper(32, "certificate", "JY24690220000011", NOW, "食品经营许可证")
    dossier.documents = [paper(30, "acceptance_notice", "屯审(受)〔2026〕87号", ACCEPTED, "受理通知书"), decision, scan]
    dossier.certificates = [Certificate(id=41, state="valid", physical_pieces=2, document_id=32)]
    dossier.pieces = [
        *(
            Piece(
                id=50 + m.position, kind="material", name=m.name, copies=m.pieces, holder="office:5", material_id=m.id
            )
            for m in a.materials
            if m.form in {"original", "copy"}
        ),
        Piece(id=61, kind="certificate", name="食品经营许可证", copies=2, holder=CERTIFICATE_CENTRE, document_id=32),
        Piece(id=62, kind="document", name="准予行政许可决定书", copies=1, holder=CERTIFICATE_CENTRE, document_id=31),
    ]
    dossier.all_events, dossier.dispatches, dossier.owed, dossier.corrections = [], [], [], []
    actor = Actor(7, "clerk", "示例乙", ())
    grant = Grant(Role.TOWN_CLERK, frozenset())
    return Turn(session, actor, grant, TRANSITIONS["accept"], max(at, NOW), known, calendar(), "r", dossier)


def file_slip(turn: Turn) -> Slip:
    lines = [
        SlipLine(name=p.name, listed=p.copies, piece=p, material_id=p.material_id)
        for p in turn.dossier.pieces
        if p.kind == "material"
    ]
    return Slip(kind="file", medium="paper", from_unit="centre:3", to_unit="office:5", lines=lines)


def result_slip(turn: Turn) -> Slip:
    lines = [SlipLine(name=p.name, listed=p.copies, piece=p) for p in turn.dossier.result_pieces]
    return Slip(kind="result", medium="paper", from_unit=CERTIFICATE_CENTRE, to_unit="centre:3", lines=lines)


def filing(kind: str = "rejection") -> NegativeFiling:
    return NegativeFiling(
        kind=kind,
        state="open",
        reason_code="wrong_authority",
        redirect_to="海口市行政审批服务局",
        opinion="",
        facts="经营场所在海口市，不在本县。",
        reasons="本机关对该场所没有管辖权。",
        legal_basis="《行政许可法》第三十二条",
    )


def correction(turn: Turn, **changes: Any) -> CorrectionNotice:
    """A notice of ten days with a defect."""
    lines = [
        CorrectionLine(
            id=91, kind="defect", material_id=71, material=turn.application.materials[0], problem="第2页漏填经营项目",
            requirement="补填并由申请人签名", basis="《食品经营许可和备案管理办法》第十二条",
        )
    ]  # fmt: skip
    told = {"round": 1, "reply_days": 10, "leader_reason": "", "lines": lines}
    return CorrectionNotice(id=90, state="open", requested_at=NOW, **{**told, **changes})


def reply(turn: Turn) -> ClockRun:
    """The time to answer a notice, as it runs."""
    return turn.dossier.clocks.start(Clock.REPLY, Limit(10), turn.now, "approver")


def owed(turn: Turn, **changes: Any) -> OwedMaterial:
    """A material that is owed until a written date."""
    told = {"requirement": "按比例绘制，标明各功能间", "how": "window", "due_on": date(2026, 10, 9), "state": "open"}
    return OwedMaterial(id=95, material_id=74, material=turn.application.materials[3], **{**told, **changes})


def suspended(turn: Turn, kind: str = "appraisal") -> dict[str, Any]:
    """A special procedure of ten days that begins with the turn, and what it pauses."""
    row = Suspension(
        id=95, kind=kind, basis="《行政许可法》第四十五条", reason="经营场所的卫生条件需要鉴定", planned_days=10,
        state="running", decided_at=turn.now,
    )  # fmt: skip
    book = turn.dossier.clocks
    book.pauses = []
    for row_id, run in enumerate(book.runs, 1):
        run.id = row_id
    for clock in (Clock.PROMISED, Clock.STATUTORY):
        if pauses_clock(CLOCKS[clock], kind):
            book.pause(clock, row.id, turn.now, "head")
    book.start(Clock.PLAN, Limit(10), turn.now, "head")
    return {"suspension": row}


def extended(turn: Turn) -> dict[str, Any]:
    """Both limits, three days longer."""
    book = turn.dossier.clocks
    book.pauses = []
    before = {f"{clock}_before": due(turn, clock) for clock in (Clock.PROMISED, Clock.STATUTORY)}
    book.extend(3)
    return {"days": 3, "reason": "经营场所正在整改，需要延长办理时间", "before": before}


MOVED = {"suspension_notice": suspended, "extension_notice": extended}
"""What moves the clocks of the turn when it is given."""
REFUSAL = {
    "facts": "经现场核查，经营场所没有洗消设施。",
    "reasons": "不具备与经营品种相适应的卫生条件。",
    "legal_basis": "《食品安全法》第三十三条第一款第二项",
    "statement": "已告知申请人，申请人放弃陈述申辩。",
}


def decision(**changes: Any) -> Decision:
    told: dict[str, Any] = {
        "content": "热食类食品制售",
        "basis": "《食品安全法》第三十五条",
        "conditions": "",
        "valid_from": date(2026, 9, 30),
        "valid_to": date(2031, 9, 29),
        "long_term": False,
    }
    return Decision(kind="grant", **{**told, **changes})


def hearing() -> Hearing:
    """Told today that a hearing may be asked for until Friday."""
    told = {"number": "听证〔2026〕1号", "matter": "油烟排放争议", "told": "申请人；相邻住户示例乙"}
    return Hearing(state="offered", due_at=NOW + timedelta(days=7), offered_at=NOW, **told)


def parcel(state: str = "sent") -> EmsDispatch:
    return EmsDispatch(state=state, ems_no="1234567890123", ems_last4="0123", pieces=2)


def charged() -> dict[str, Any]:
    """What a notice of a fee gives."""
    fee = Fee(
        name="城市道路占用费", kind="fee", legal_basis="《城市道路管理条例》第三十七条", unit_price=Decimal("0.50"),
        unit_name="平方米·日", quantity=Decimal("120.00"), amount=Decimal("60.00"), payment_code="46902220260930000001",
    )  # fmt: skip
    channel = PaymentChannel(name="海南省非税收入统一缴款平台", kind="non_tax_platform", account="treasury")
    return {"fee": fee, "channel": channel, "deadline": Deadline(date(2026, 10, 20), provisional=False), "again": None}


def receipt(**changes: Any) -> DeliveryReceipt:
    told = {
        "mode": "window",
        "desk": "centre:3",
        "signer": "示例甲",
        "relation": "self",
        "id_last4": "1239",
        "witness": "",
    }
    return DeliveryReceipt(**{**told, **changes})


def archive(**changes: Any) -> dict[str, Any]:
    """What an act of archiving gives: the file and three sheets of it."""
    file = ArchiveFile(
        id=80,
        number="DA-2026-000012",
        state="listed",
        medium="both",
        listing=1,
        location="",
        retention_id=2,
        retention=Retention(id=2, name="30年"),
        listed_by_name="示例戊", listed_at=NOW,
    )
    file.pages = [
        ArchivePage(
            position=1,
            listing=1,
            title="准予行政许可决定书",
            document_no="屯审(准)〔2026〕31号",
            document_id=31,
            pages=2,
        ),
        ArchivePage(position=2, listing=1, title="申请表", document_no="", material_id=71, pages=4),
        ArchivePage(
            position=3, listing=1, title="受理通知书", document_no="屯审(受)〔2026〕87号", document_id=30, pages=1
        ),
    ]
    given = {"archive": file, "pages": file.pages, "supplement": False, "checker": False, "note": None}
    return given | changes


def given(turn: Turn, kind: str) -> dict[str, Any]:
    """What the act of this kind of paper gives."""
    lines = [{"material_id": 72, "status": "copy_differs", "requirement": "与原件不符，请重新复印"}]
    held = [piece for piece in turn.dossier.pieces if piece.kind == "material"]
    if kind == "shortage_commitment":
        turn.dossier.owed = [owed(turn)]
    if kind in MOVED:
        return MOVED[kind](turn)
    return {
        "one_time_notice": {"lines": lines, "round": 1, "again_reason": None, "acknowledged_by": ""},
        "receipt_voucher": {"identity_checked": "reader"},
        "transfer_slip": {"occasion": "receive", "slip": file_slip(turn)},
        "acceptance_notice": {"deemed": False, "opinion": "材料齐全"},
        "negative_filing_form": {"filing": filing()},
        "non_acceptance": {"filing": filing()},
        "grant_decision": {"decision": decision()},
        "handover_slip": {"slip": result_slip(turn), "collect": []},
        "ems_list": {"dispatch": parcel()},
        "service_receipt": {"receipt": receipt(), "collected": []},
        "file_catalogue": archive(),
        "shortage_commitment": {},
        "correction_receipt": {"occasion": "supplement", "owed": owed(turn, state="collected")},
        "withdrawal": {"reason": None, "returned": held[:1], "outstanding": held[1:]},
        "correction_notice": {"notice": correction(turn)},
        "termination": {
            "cause": "correction",
            "missed": ["申请表"],
            "run": reply(turn),
            "reason": "逾期未补正，经两次提醒仍未提交",
            "legal_basis": "《海南省政务服务条例》",
        },
        "refusal_decision": REFUSAL,
        "fee_notice": charged(),
        "hearing_notice": {"hearing": hearing()},
    }[kind]
