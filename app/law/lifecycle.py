"""The transition table of an application: one move, one row, ordered by stage, quoting its clause.

`starts` and `stops` name clocks; `starts_at_receipt` are those of items whose clock starts with the receipt. `papers` are
document kinds, `tells` the people told besides the outbox. Roles are the grants a county starts with.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from app.law import N_
from app.law import delivery_guards as d
from app.law import guards as g
from app.law.clock import Clock
from app.law.guards import Guard
from app.law.roles import FRONT_ACTS, ActClass, Role
from app.law.states import MAKING, NEGATIVE, UNDECIDED, WITH_THE_RESULT, Kind, State

CLERKS = (Role.WINDOW_CLERK, Role.TOWN_CLERK)
DESKS = (*CLERKS, Role.CERT_CLERK)
OFFICE = (Role.APPROVER, Role.OFFICE_HEAD)
HEAD = (Role.OFFICE_HEAD,)
LEADER = (Role.BUREAU_LEADER,)
BOTH = (Clock.PROMISED, Clock.STATUTORY)
AFTER_CLOSING = (Clock.DELIVERY, Clock.ARCHIVE)
ALL_RUNNING = tuple(Clock)
ARCHIVABLE = WITH_THE_RESULT | {State.WITHDRAWN, State.DELIVERED}


@dataclass(frozen=True, slots=True)
class Transition:
    """One act on an application; `to` None leaves the state as it is."""

    name: str
    label: str
    kind: Kind
    sources: frozenset[State]
    to: State | None
    act_class: ActClass
    roles: tuple[Role, ...]
    guards: tuple[Guard, ...]
    clause: str
    starts: tuple[Clock, ...] = ()
    starts_at_receipt: tuple[Clock, ...] = ()
    stops: tuple[Clock, ...] = ()
    pauses: tuple[Clock, ...] = ()
    resumes: tuple[Clock, ...] = ()
    papers: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()

    @property
    def subject_kind(self) -> str:
        """What it is an act on."""
        return "application"

    @property
    def address(self) -> str:
        """What it is called where its subject is named already."""
        return self.name

    @property
    def birth(self) -> bool:
        """Whether the act brings the application into being."""
        return not self.sources

    @property
    def moves_version(self) -> bool:
        """A nudge makes nobody's page stale."""
        return self.kind is not Kind.NUDGE


def _row(
    name: str,
    label: str,
    kind: str,
    sources: Iterable[State],
    to: State | None,
    act_class: ActClass,
    roles: tuple[Role, ...],
    clause: str,
    *guards: Guard,
    **effects: tuple[str, ...] | tuple[Clock, ...],
) -> Transition:
    separation: tuple[Guard, ...] = ()
    if name in FRONT_ACTS:
        separation = g.FRONT
    elif act_class in (ActClass.BACK, ActClass.DECIDE, ActClass.LEADER):
        separation = g.BACK
    return Transition(
        name,
        label,
        Kind(kind),
        frozenset(sources),
        to,
        act_class,
        roles,
        (*g.ALWAYS, *separation, *guards),
        clause,
        **effects,  # type: ignore[arg-type]
    )


# A table: one move, one row.
S, A, C = State, ActClass, Clock
# fmt: off
_ROWS = (
    # （二）取号 （三）收件
    _row("register", N_("Register"), "S", (), S.DRAFT, A.INTAKE, CLERKS, "二, 三, 第十一条",
         g.item_active, g.fronted_if_town, g.original_effective, starts=(C.DRAFT_KEEP,)),
    _row("amend", N_("Amend registration"), "R", {S.DRAFT} | UNDECIDED | MAKING, None, A.INTAKE, CLERKS, "第十二条"),
    _row("notify", N_("One-time notice"), "R", {S.DRAFT}, None, A.INTAKE, CLERKS, "第六条, 三",
         g.guide_complete, papers=("one_time_notice",)),
    _row("receive", N_("Receive papers"), "S", {S.DRAFT}, S.RECEIVED, A.INTAKE, CLERKS, "三",
         g.fronted_if_town, starts=(C.CORRECTION, C.HANDLING, C.OWED), starts_at_receipt=BOTH, stops=(C.DRAFT_KEEP,),
         papers=("receipt_voucher", "shortage_commitment", "transfer_slip"), tells=("applicant", "office")),
    _row("send_file", N_("Send file again"), "R", {S.RECEIVED, S.ACCEPTED, S.SUSPENDED}, None, A.INTAKE, CLERKS, "四",
         g.no_file_open, g.pieces_here, starts=(C.HANDLING,), papers=("transfer_slip",), tells=("office",)),
    _row("receive_correction", N_("Receive correction"), "S", {S.CORRECTING}, S.RECEIVED, A.INTAKE, CLERKS, "四.2",
         starts=(C.CORRECTION, C.HANDLING), starts_at_receipt=BOTH, stops=(C.REPLY,),
         papers=("correction_receipt", "transfer_slip"), tells=("applicant", "office")),
    _row("receive_correction_part", N_("Receive part of the correction"), "R", {S.CORRECTING}, None, A.INTAKE, CLERKS,
         "四.2", papers=("correction_receipt",), tells=("applicant",)),
    # （四）受理
    _row("confirm_file", N_("Confirm file arrived"), "R", {S.RECEIVED, S.ACCEPTED, S.SUSPENDED}, None, A.BACK, OFFICE, "四",
         g.file_open, g.not_file_sender, stops=(C.HANDLING,), tells=("receiver",)),
    _row("return_file", N_("Return file: pieces missing"), "R", {S.RECEIVED, S.ACCEPTED, S.SUSPENDED}, None, A.BACK, OFFICE,
         "四", g.file_open, g.not_file_sender, stops=(C.HANDLING,), tells=("receiver",)),
    _row("request_correction", N_("Request correction"), "S", {S.RECEIVED}, S.CORRECTING, A.BACK, OFFICE, "四.2",
         g.file_confirmed, g.within_correction_days, g.second_correction_by_head, starts=(C.REPLY,),
         stops=(C.CORRECTION, *BOTH), papers=("correction_notice",), tells=("applicant", "receiver")),
    _row("accept", N_("Accept"), "S", {S.RECEIVED}, S.ACCEPTED, A.BACK, OFFICE, "四.1",
         g.file_confirmed, starts=(*BOTH, C.OPINION), stops=(C.CORRECTION, C.HANDLING), papers=("acceptance_notice",),
         tells=("applicant", "receiver")),
    _row("deem_accepted", N_("Deemed accepted"), "S", {S.RECEIVED, S.REJECTION_FILING}, S.ACCEPTED, A.AUTO, (Role.SYSTEM,),
         "四.2, 行政许可法32", g.deemed, starts=(*BOTH, C.OPINION), stops=(C.CORRECTION, C.FILING), papers=("acceptance_notice",),
         tells=("approver", "office_head", "supervisor")),
    _row("reject", N_("Propose non-acceptance"), "S", {S.RECEIVED}, S.REJECTION_FILING, A.BACK, (Role.APPROVER,), "四.3",
         g.file_confirmed, g.within_correction_days, starts=(C.FILING,), papers=("negative_filing_form",),
         tells=("bureau_leader",)),
    _row("approve_rejection", N_("Approve non-acceptance"), "S", {S.REJECTION_FILING}, S.NOT_ACCEPTED, A.LEADER, LEADER, "四.3",
         g.not_proposer, g.within_correction_days, starts=AFTER_CLOSING, stops=(C.CORRECTION, C.FILING, C.HANDLING, *BOTH),
         papers=("non_acceptance",), tells=("applicant", "receiver", "approver")),
    _row("return_rejection", N_("Send non-acceptance back"), "S", {S.REJECTION_FILING}, S.RECEIVED, A.LEADER, LEADER, "四.3",
         g.not_proposer, stops=(C.FILING,), tells=("approver",)),
    _row("remind", N_("Remind"), "N", {S.RECEIVED, S.REJECTION_FILING, S.ACCEPTED, S.SUSPENDED, S.REFUSAL_FILING, S.APPROVED,
         S.CERTIFIED}, None, A.URGE, (*CLERKS, Role.WINDOW_MANAGER), "四.4", tells=("target",)),
    # （五）审查与决定
    _row("request_suspension", N_("Request suspension"), "R", {S.ACCEPTED}, None, A.BACK, (Role.APPROVER,), "五",
         g.file_confirmed, g.no_suspension_requested, tells=("office_head",)),
    _row("suspend", N_("Suspend"), "S", {S.ACCEPTED}, S.SUSPENDED, A.DECIDE, HEAD, "五, 行政许可法45",
         g.suspension_requested, g.not_suspension_requester, starts=(C.PLAN,), pauses=BOTH,
         papers=("suspension_notice",), tells=("applicant", "receiver")),
    _row("return_suspension", N_("Decline suspension"), "R", {S.ACCEPTED}, None, A.DECIDE, HEAD, "五",
         g.suspension_requested, tells=("approver",)),
    _row("resume", N_("Resume"), "S", {S.SUSPENDED}, S.ACCEPTED, A.BACK, (Role.APPROVER,), "五",
         stops=(C.PLAN,), resumes=BOTH, tells=("applicant",)),
    _row("extend", N_("Extend the limit"), "R", {S.ACCEPTED}, None, A.LEADER, LEADER, "行政许可法42",
         g.never_extended, g.no_clock_breached, papers=("extension_notice",), tells=("applicant", "approver")),
    _row("record_verification", N_("Record verification"), "R", {S.ACCEPTED, S.SUSPENDED}, None, A.BACK, (Role.APPROVER,),
         "五, 行政许可法34"),
    _row("convene_joint_review", N_("Convene joint review"), "R", {S.ACCEPTED}, None, A.DECIDE, HEAD, "五",
         g.no_joint_review_open, g.within_promised_limit, tells=("offices_named",)),
    _row("conclude_joint_review", N_("Conclude joint review"), "R", {S.ACCEPTED}, None, A.DECIDE, HEAD, "五",
         g.joint_review_open, tells=("offices_named",)),
    _row("request_opinion", N_("Ask other offices"), "R", {S.ACCEPTED}, None, A.BACK, OFFICE, "五",
         starts=(C.OPINION,), tells=("offices_named",)),
    _row("offer_hearing", N_("Tell of the right to a hearing"), "R", {S.ACCEPTED, S.SUSPENDED}, None, A.BACK, OFFICE,
         "行政许可法36, 46, 47", g.no_hearing_open, papers=("hearing_notice",), tells=("applicant", "receiver")),
    _row("review", N_("Review"), "R", {S.ACCEPTED}, None, A.BACK, (Role.APPROVER,), "五",
         g.file_confirmed, g.verified_if_needed, g.not_presider, tells=("office_head",)),
    _row("grant", N_("Grant licence"), "S", {S.ACCEPTED}, S.APPROVED, A.DECIDE, (Role.OFFICE_HEAD, Role.APPROVER),
         "五, 行政许可法37", g.approver_only_instant, g.not_reviewer, g.review_says_grant, g.no_suspension_requested,
         g.no_file_open, g.no_joint_review_open, g.group_accepted, g.opinions_in,
         g.nobody_to_be_heard, starts=(C.DELIVERY,), stops=(C.STATUTORY,),
         papers=("grant_decision",), tells=("applicant", "cert_clerk")),
    _row("refuse", N_("Refuse licence"), "S", {S.ACCEPTED}, S.REFUSAL_FILING, A.DECIDE, HEAD, "四.3, 五",
         g.not_reviewer, g.review_says_refuse, g.no_suspension_requested, g.no_file_open, g.no_joint_review_open,
         g.group_accepted, g.opinions_in, g.nobody_to_be_heard, starts=(C.FILING,), papers=("negative_filing_form",), tells=("bureau_leader",)),
    _row("approve_refusal", N_("Approve refusal"), "S", {S.REFUSAL_FILING}, S.REFUSED, A.LEADER, LEADER, "四.3, 五",
         g.not_proposer, g.not_reviewer_of_refusal, starts=AFTER_CLOSING, stops=(C.FILING, *BOTH),
         papers=("refusal_decision",), tells=("applicant", "receiver", "approver")),
    _row("return_refusal", N_("Send refusal back"), "S", {S.REFUSAL_FILING}, S.ACCEPTED, A.LEADER, LEADER, "四.3",
         g.not_proposer, stops=(C.FILING,), tells=("office_head", "approver")),
    _row("terminate", N_("Terminate"), "S", {S.CORRECTING, S.ACCEPTED}, S.TERMINATED, A.DECIDE, HEAD, "推定",
         d.may_terminate, starts=AFTER_CLOSING, stops=ALL_RUNNING, papers=("termination",), tells=("applicant", "receiver")),
    # （六）出件
    _row("make_certificate", N_("Make and scan certificate"), "S", {S.APPROVED}, S.CERTIFIED, A.MAKE,
         (Role.CERT_CLERK, Role.APPROVER), "五", starts=(C.HANDOVER, C.ARCHIVE), stops=(C.PROMISED,),
         tells=("office", "receiver")),
    _row("replace_certificate", N_("Replace certificate"), "R", {S.CERTIFIED, S.HANDED_OVER}, None, A.MAKE,
         (Role.CERT_CLERK, Role.APPROVER), "第十一条", d.not_dispatched, tells=("holder",)),
    _row("hand_over", N_("Hand over"), "R", WITH_THE_RESULT, None, A.PASS, (*OFFICE, *DESKS), "六.1, 六.2",
         g.no_slip_open, d.not_at_issuing_desk, d.result_to_send, d.not_dispatched, papers=("handover_slip",),
         tells=("issuing_desk",)),
    _row("confirm_handover", N_("Confirm handover"), "S", WITH_THE_RESULT, S.HANDED_OVER, A.ISSUE, DESKS, "六.1",
         d.result_slip_open, d.slip_to_own_desk, d.not_slip_sender, stops=(C.HANDOVER,), tells=("applicant",)),
    _row("return_handover", N_("Return handover"), "R", WITH_THE_RESULT, None, A.ISSUE, DESKS, "六.1",
         d.result_slip_open, d.slip_to_own_desk, tells=("sender",)),
    _row("collect_supplement", N_("Collect owed material"), "R", UNDECIDED | MAKING, None, A.ISSUE, DESKS, "三, 六.2",
         d.something_owed, stops=(C.OWED,), papers=("correction_receipt", "transfer_slip"), tells=("applicant", "office")),
    _row("change_delivery", N_("Change delivery"), "R", UNDECIDED | MAKING | NEGATIVE, None, A.ISSUE, DESKS, "六.1",
         d.not_dispatched, g.no_slip_open, tells=("issuing_desk",)),
    _row("dispatch", N_("Dispatch by EMS"), "R", WITH_THE_RESULT, None, A.POST, (Role.CERT_CLERK,), "六.1(2)",
         d.mode_is_ems, g.no_slip_open, d.result_here, d.not_dispatched, d.nothing_owed, d.fee_settled, d.scan_if_granted,
         papers=("ems_list",), tells=("applicant",)),
    _row("return_dispatch", N_("EMS returned"), "R", WITH_THE_RESULT, None, A.POST, (Role.CERT_CLERK,), "六.1(2)",
         d.dispatched, tells=("applicant",)),
    _row("issue", N_("Issue"), "S", WITH_THE_RESULT, S.DELIVERED, A.ISSUE, DESKS, "六",
         d.own_desk_issues, d.ems_by_certificate_centre, g.no_slip_open, d.at_the_desk, d.dispatched_if_ems, d.nothing_owed,
         d.fee_settled, d.scan_if_granted, stops=(C.DELIVERY,), papers=("service_receipt",), tells=("applicant",)),
    _row("withdraw", N_("Withdraw"), "S", {S.DRAFT} | UNDECIDED, S.WITHDRAWN, A.INTAKE, CLERKS, "推定",
         starts=(C.ARCHIVE,), stops=ALL_RUNNING, papers=("withdrawal",), tells=("office",)),
    # （七）收费 （八）评价
    _row("notify_fee", N_("Payment notice"), "R", {S.ACCEPTED, S.SUSPENDED} | MAKING, None, A.ISSUE, DESKS, "七",
         d.fee_due, papers=("fee_notice",), tells=("applicant",)),
    _row("confirm_payment", N_("Confirm payment"), "R", {S.ACCEPTED, S.SUSPENDED} | MAKING, None, A.ISSUE,
         (*DESKS, Role.SYSTEM), "七", d.fee_notice_open, tells=("office",)),
    _row("remind_rating", N_("Invite to rate"), "N", {S.DELIVERED, S.WITHDRAWN}, None, A.ISSUE, DESKS, "八",
         d.rating_not_reminded, tells=("applicant",)),
    _row("remind_applicant", N_("Remind applicant"), "N", UNDECIDED | MAKING, None, A.CARE, (*CLERKS, Role.APPROVER, Role.SYSTEM),
         "三", d.something_awaited, tells=("applicant",)),
    _row("escalate", N_("Escalate"), "N", {S.DRAFT} | UNDECIDED | MAKING, None, A.CARE,
         (*CLERKS, Role.WINDOW_MANAGER, *OFFICE, Role.SYSTEM), "第十四条", d.no_escalation_open, starts=(C.ESCALATION,),
         tells=("next_level",)),
    _row("explain_overdue", N_("Explain overdue"), "N", UNDECIDED | MAKING | NEGATIVE | {S.DELIVERED}, None, A.DECIDE, HEAD,
         "优化营商环境条例36", d.unexplained_breach, tells=("applicant",)),
    _row("record_provincial", N_("Provincial number"), "R", UNDECIDED | MAKING | NEGATIVE, None, A.CARE,
         (Role.APPROVER, *CLERKS), "五, 第十一条"),
    # （九）归档
    _row("archive", N_("List file for archive"), "R", ARCHIVABLE, None, A.FILE1, CLERKS, "九",
         d.closed, d.archive_open, papers=("file_catalogue",), tells=("approval_assistant",)),
    _row("return_archive", N_("Return archive file"), "R", ARCHIVABLE, None, A.FILE2, (Role.APPROVAL_ASSISTANT,), "九",
         d.archive_listed, d.not_archive_lister, tells=("clerk",)),
    _row("confirm_archive", N_("Confirm archive file"), "R", ARCHIVABLE, None, A.FILE2, (Role.APPROVAL_ASSISTANT,), "九",
         d.archive_listed, d.not_archive_lister, d.archive_complete, stops=(C.ARCHIVE,)),
    _row("lapse", N_("Registration lapses"), "S", {S.DRAFT}, S.LAPSED, A.AUTO, (Role.SYSTEM,), "推定",
         d.draft_expired, stops=(C.DRAFT_KEEP,), tells=("receiver",)),
)

# fmt: on

REFUSE_UNFILED = _row(
    "refuse",
    N_("Refuse licence"),
    "S",
    {S.ACCEPTED},
    S.REFUSED,
    A.DECIDE,
    HEAD,
    "五, 行政许可法38",
    g.not_reviewer,
    g.review_says_refuse,
    g.no_suspension_requested,
    g.no_file_open,
    g.no_joint_review_open,
    g.group_accepted,
    g.opinions_in,
    g.nobody_to_be_heard,
    starts=AFTER_CLOSING,
    stops=BOTH,
    papers=("refusal_decision",),
    tells=("applicant", "receiver"),
)
"""`refuse` where the county's setting needs no leader for refusals."""

TRANSITIONS: dict[str, Transition] = {row.name: row for row in _ROWS}
"""Every act on an application, by name, in the order of the regulation's stages."""


def lawful_from(state: State) -> tuple[Transition, ...]:
    """The rows that start in `state`."""
    return tuple(row for row in _ROWS if state in row.sources)
