"""What stands on the papers of the hard cases: shortages, corrections, suspensions, refusals, endings, fees."""

from typing import Literal, NotRequired, TypedDict

from app.engine.paper_parts import (
    DefectLine,
    Due,
    InFull,
    Masked,
    MaterialLine,
    OwedLine,
    PieceLine,
)


class ShortageCommitment(Masked):
    """容缺受理承诺书 (act receive): what will come, how and by when, and what follows if it does not."""

    window: str
    owed: list[OwedLine]


class CorrectionNotice(Masked):
    """补正告知书 (act request_correction): every defect at once, and the owed materials with their own dates."""

    received_on: str
    round: int
    leader_reason: NotRequired[str]
    lines: list[DefectLine]
    owed: list[OwedLine]
    reply_due: Due


class CorrectionReceipt(Masked):
    """补正材料收件凭证 (acts receive_correction, receive_correction_part, collect_supplement).

    `notice_no` is the paper that asked for it, `open` what is still to come, `answer_due` the end of the office's time
    and `reply_due` of the applicant's.
    """

    occasion: Literal["correction", "part", "supplement"]
    window: str
    notice_no: NotRequired[str]
    materials: list[MaterialLine]
    open: list[str]
    answer_due: NotRequired[Due]
    reply_due: NotRequired[Due]


class SuspensionNotice(Masked):
    """特别程序(挂起)通知书 (act suspend): the time that is not counted, and for which limit (许可法45)."""

    kind: Literal[
        "site_survey",
        "expert_review",
        "hearing",
        "bidding",
        "auction",
        "inspection",
        "testing",
        "quarantine",
        "appraisal",
    ]
    basis: str
    reason: str
    from_day: str
    planned_days: int
    plan_due: Due
    pauses: list[Literal["promised", "statutory"]]


class ExtensionNotice(Masked):
    """延长期限告知书 (act extend): both limits before and after, and why (许可法42)."""

    days: int
    reason: str
    promised_before: Due
    promised_after: Due
    statutory_before: Due
    statutory_after: Due


class HearingNotice(Masked):
    """听证告知书 (act offer_hearing): who may ask for a hearing, about what, until when (许可法46, 47)."""

    hearing_no: str
    matter: str
    told: str
    until: Due


class RefusalDecision(InFull):
    """不予行政许可决定书 (acts approve_refusal, refuse): facts, reasons, law, the applicant's word (许可法38)."""

    received_on: str
    accepted_on: str
    legal_rep: NotRequired[str]
    address: NotRequired[str]
    facts: str
    reasons: str
    legal_basis: str
    statement: str


class Withdrawal(Masked):
    """撤回确认单 (act withdraw): the papers that went back, and those that other units still hold for the applicant."""

    window: str
    reason: NotRequired[str]
    returned: list[PieceLine]
    outstanding: list[PieceLine]


class Termination(Masked):
    """终止办理通知书 (act terminate): what was not brought in time, and the papers that wait to go back."""

    received_on: str
    cause: Literal["correction", "owed"]
    notice_no: NotRequired[str]
    missed: list[str]
    missed_due: Due
    reason: str
    legal_basis: str
    returned: list[PieceLine]


class Channel(TypedDict):
    """A public way to pay."""

    name: str
    kind: Literal["non_tax_platform", "bank_counter", "pos", "qr"]
    account: Literal["treasury", "office"]


class FeeNotice(Masked):
    """缴费告知单 (act notify_fee): what is charged, by which law and standard, and the public channel it is paid by."""

    window: str
    fee_name: str
    kind: Literal["fee", "deposit"]
    basis: str
    unit_price: str
    unit_name: str
    quantity: str
    amount: str
    channel: Channel
    payment_code: str
    pay_by: Due
    again: NotRequired[str]
