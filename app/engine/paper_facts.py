"""What stands on each paper: the facts an act hands over when it issues a document.

The dictionaries below are the contract between the acts and the paper templates (`templates/papers/<kind>.typ`). Facts
are fixed with the document and must print for ever, so `paper_check.complaints` looks at them before they are stored.
Dates are ISO strings (`2026-11-30`), moments ISO strings with the zone of the office (`2026-11-23T09:05:00+08:00`). A
required text is never blank; a list may be empty; a key that is not named here has no business on the paper.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NotRequired

from app.engine import paper_facts_branches as branches
from app.engine.paper_parts import (
    CatalogueEntry,
    CollectLine,
    Delivery,
    DocumentLine,
    Due,
    ExtraLine,
    Ground,
    InFull,
    Limit,
    Masked,
    MaterialLine,
    NoticeLine,
    Opinion,
    OwedLine,
    PieceLine,
    Signed,
)
from app.law import N_


class OneTimeNotice(Masked):
    """一次性告知单 (act notify): `lines` is the whole material list, `round` counts the notices of this application."""

    window: str
    round: int
    again_reason: NotRequired[str]
    basis: str
    conditions: str
    procedure: str
    statutory_limit: Limit
    promised_limit: Limit
    fee: str
    online: str
    lines: list[NoticeLine]
    acknowledged_by: NotRequired[str]
    supervision_phone: str


class ReceiptVoucher(Masked):
    """收件凭证 (act receive): `answer_due` is the end of the correction clock."""

    pickup_code: str
    window: str
    identity_checked: Literal["reader", "eyes", "e_id"]
    materials: list[MaterialLine]
    owed: list[OwedLine]
    delivery_mode: Delivery
    ems_address: NotRequired[str]
    answer_due: Due
    extra: NotRequired[list[ExtraLine]]


class TransferSlip(Masked):
    """材料移交单 (acts receive, send_file, receive_correction, collect_supplement)."""

    occasion: Literal["receive", "send_file", "receive_correction", "collect_supplement"]
    from_unit: NotRequired[str]
    lines: list[PieceLine]


class AcceptanceNotice(Masked):
    """受理通知书 (acts accept, deem_accepted): the clocks count from `clock_from`; `owed` is still open."""

    received_on: str
    deemed: bool
    clock_from: str
    statutory_limit: Limit
    promised_limit: Limit
    statutory_due: Due
    promised_due: Due
    fee: str
    delivery_mode: Delivery
    owed: list[OwedLine]
    supervision_phone: str
    extra: NotRequired[list[ExtraLine]]


class NegativeFilingForm(InFull):
    """否定备案登记表 (acts reject, refuse): an opinion that is absent leaves room for the pen."""

    direction: Literal["non_acceptance", "refusal"]
    applicant_phone: str
    applicant_address: NotRequired[str]
    legal_rep: NotRequired[str]
    received_on: str
    content: str
    reason_code: NotRequired[Ground]
    redirect_to: NotRequired[str]
    facts: str
    reasons: str
    legal_basis: str
    statement: NotRequired[str]
    handler: str
    office_head: NotRequired[Opinion]
    leader: NotRequired[Opinion]
    informed: NotRequired[str]


class NonAcceptance(Masked):
    """不予受理通知书 (act approve_rejection)."""

    received_on: str
    reason_code: Ground
    redirect_to: NotRequired[str]
    facts: str
    reasons: str
    legal_basis: str
    returned: list[PieceLine]


class GrantDecision(InFull):
    """准予行政许可决定书 (act grant): without `valid_to` it holds for the long term."""

    received_on: str
    accepted_on: str
    legal_rep: NotRequired[str]
    address: NotRequired[str]
    content: str
    basis: str
    conditions: NotRequired[str]
    valid_from: str
    valid_to: NotRequired[str]
    cert_no: NotRequired[str]


class HandoverSlip(Masked):
    """交接单 (act hand_over)."""

    from_unit: str
    to_desk: str
    promised_due: Due
    delivery_mode: Delivery
    documents: list[DocumentLine]
    collect: list[CollectLine]


class EmsList(Masked):
    """EMS清单 (act dispatch)."""

    ems_no: str
    recipient_masked: str
    recipient_phone_masked: str
    address: str
    sending_unit: str
    pieces: int
    documents: list[DocumentLine]


class ServiceReceipt(InFull):
    """送达回证 (act issue): `collected` are the lines of the handover slip ticked at the desk."""

    mode: Literal["pickup", "ems", "window", "left_in_place"]
    place: str
    documents: list[DocumentLine]
    collected: list[CollectLine]
    signer: str
    relation: Literal["self", "agent", "legal_rep", "left_in_place"]
    id_last4: str
    proxy_reason: NotRequired[str]
    ems_no: NotRequired[str]
    witness: NotRequired[str]
    remarks: NotRequired[str]


class FileCatalogue(Masked):
    """卷内目录 with 备考表 (acts archive, confirm_archive); `supplement` marks sheets added to a filed file."""

    archive_no: str
    title: str
    retention: str
    secrecy: str
    medium: Literal["paper", "electronic", "both"]
    location: NotRequired[str]
    closed_on: str
    entries: list[CatalogueEntry]
    lister: Signed
    supplement: NotRequired[bool]
    note: NotRequired[str]
    checker: NotRequired[Signed]


@dataclass(frozen=True)
class PaperKind:
    """A kind of paper: its facts, how many copies are printed, and whether the whole ID number stands on it."""

    title: str
    facts: type
    copies: int
    full_id: bool = False


PAPERS: Mapping[str, PaperKind] = {
    "one_time_notice": PaperKind(N_("One-time notice"), OneTimeNotice, 2),
    "receipt_voucher": PaperKind(N_("Receipt voucher"), ReceiptVoucher, 2),
    "transfer_slip": PaperKind(N_("Material transfer slip"), TransferSlip, 2),
    "acceptance_notice": PaperKind(N_("Acceptance notice"), AcceptanceNotice, 2),
    "negative_filing_form": PaperKind(N_("Negative filing form"), NegativeFilingForm, 1, full_id=True),
    "non_acceptance": PaperKind(N_("Notice of non-acceptance"), NonAcceptance, 2),
    "grant_decision": PaperKind(N_("Decision to grant"), GrantDecision, 2, full_id=True),
    "handover_slip": PaperKind(N_("Handover slip"), HandoverSlip, 2),
    "ems_list": PaperKind(N_("EMS list"), EmsList, 1),
    "service_receipt": PaperKind(N_("Receipt of service"), ServiceReceipt, 1, full_id=True),
    "file_catalogue": PaperKind(N_("File catalogue"), FileCatalogue, 1),
    "shortage_commitment": PaperKind(N_("Commitment to supply"), branches.ShortageCommitment, 2),
    "correction_notice": PaperKind(N_("Correction notice"), branches.CorrectionNotice, 2),
    "correction_receipt": PaperKind(N_("Receipt for the correction"), branches.CorrectionReceipt, 1),
    "suspension_notice": PaperKind(N_("Suspension notice"), branches.SuspensionNotice, 2),
    "extension_notice": PaperKind(N_("Extension notice"), branches.ExtensionNotice, 2),
    "hearing_notice": PaperKind(N_("Notice of the right to a hearing"), branches.HearingNotice, 2),
    "refusal_decision": PaperKind(N_("Decision to refuse"), branches.RefusalDecision, 2, full_id=True),
    "withdrawal": PaperKind(N_("Confirmation of withdrawal"), branches.Withdrawal, 2),
    "termination": PaperKind(N_("Notice of termination"), branches.Termination, 2),
    "fee_notice": PaperKind(N_("Payment notice"), branches.FeeNotice, 1),
}
