"""The county's clocks, one rule each: what pauses it, when its lamp turns, whom it tells, what follows a breach."""

from dataclasses import dataclass
from enum import StrEnum

from app.law import N_


class Clock(StrEnum):
    """The clocks an application may carry."""

    DRAFT_KEEP = "draft_keep"
    HANDLING = "handling"
    CORRECTION = "correction"
    REPLY = "reply"
    OWED = "owed"
    FILING = "filing"
    PROMISED = "promised"
    STATUTORY = "statutory"
    PLAN = "plan"
    OPINION = "opinion"
    HANDOVER = "handover"
    DELIVERY = "delivery"
    ARCHIVE = "archive"
    ESCALATION = "escalation"
    CONTACT = "contact"
    RECTIFY = "rectify"


class PauseKind(StrEnum):
    """Which suspensions pause a clock: none, all of them, or the eight special procedures of 许可法 45."""

    NEVER = "never"
    EVERY_KIND = "every_kind"
    EIGHT_KINDS = "eight_kinds"


class Yellow(StrEnum):
    """When a lamp turns yellow: in the limit's last days, once it is past due, or at noon of the due day."""

    LAST_DAYS = "last_days"
    PAST_DUE = "past_due"
    NOON = "noon"


@dataclass(frozen=True)
class ClockRule:
    """One clock as the county keeps it.

    `red_after` and `escalate_after` are working days past due; `escalate_after` is None where no count of days leads
    to the next level. Those told are roles, or a part in the matter: applicant, receiver, issuing_desk, clerk,
    addressee, next_level, asked_office, asked_office_head, handler.
    """

    clock: Clock
    label: str
    breach: str
    clause: str
    pauses: PauseKind = PauseKind.NEVER
    yellow: Yellow = Yellow.LAST_DAYS
    yellow_to: tuple[str, ...] = ()
    red_after: int = 0
    red_to: tuple[str, ...] = ()
    escalate_after: int | None = None
    escalate_to: tuple[str, ...] = ()
    later: str = ""
    alerts_after_closing: bool = False


_RULES = (
    ClockRule(Clock.DRAFT_KEEP, N_("Keeping of a draft"), N_("The draft lapses."), "11"),
    ClockRule(
        Clock.HANDLING,
        N_("Confirmation of the file"),
        N_("The office has not confirmed the file it was sent."),
        "15(4)",
        yellow=Yellow.PAST_DUE,
        yellow_to=("approver",),
        red_after=1,
        red_to=("office_head",),
        escalate_after=2,
        escalate_to=("bureau_leader",),
        later=N_("The matter is escalated."),
    ),
    ClockRule(
        Clock.CORRECTION,
        N_("Acceptance or correction notice"),
        N_("Neither accepted nor corrected in time; after the fifth working day it is deemed accepted."),
        "15(4)2; 许可法32",
        yellow_to=("approver", "receiver"),
        red_to=("approver", "office_head", "supervisor"),
        escalate_to=("bureau_leader",),
        later=N_("When it is deemed accepted, the bureau leader is told."),
    ),
    ClockRule(
        Clock.REPLY,
        N_("Reply to the correction notice"),
        N_("The applicant has not replied; the application may be terminated."),
        "15(4)2",
        yellow_to=("applicant", "receiver"),
        red_to=("receiver", "office_head"),
    ),
    ClockRule(
        Clock.OWED,
        N_("Owed material"),
        N_(
            "Material promised at receipt has not come; before the decision the application may be terminated, after "
            "it the certificate is held."
        ),
        "15(3)",
        yellow_to=("applicant", "receiver"),
        red_to=("receiver", "office_head"),
    ),
    ClockRule(
        Clock.FILING,
        N_("Leader's decision on the negative filing"),
        N_("The bureau leader has not decided the negative filing in time."),
        "15(4)3",
        yellow=Yellow.NOON,
        yellow_to=("bureau_leader",),
        red_to=("bureau_leader", "supervisor"),
    ),
    ClockRule(
        Clock.PROMISED,
        N_("Promised limit"),
        N_("The promised limit is exceeded."),
        "15(5)",
        pauses=PauseKind.EVERY_KIND,
        yellow_to=("approver", "receiver"),
        red_to=("approver", "office_head", "receiver", "supervisor"),
        escalate_after=2,
        escalate_to=("bureau_leader",),
        later=N_("Two working days past due the bureau leader is told."),
    ),
    ClockRule(
        Clock.STATUTORY,
        N_("Statutory limit"),
        N_("The statutory limit is exceeded, against the law; the reason must be published."),
        "15(5); 许可法42, 45",
        pauses=PauseKind.EIGHT_KINDS,
        yellow_to=("office_head", "approver"),
        red_to=("office_head", "bureau_leader", "supervisor"),
        later=N_("An accountability record can be opened in one step."),
    ),
    ClockRule(
        Clock.PLAN,
        N_("Planned suspension"),
        N_("The suspension lasts longer than announced."),
        "15(5); 许可法45",
        yellow_to=("approver",),
        red_to=("approver", "office_head", "supervisor"),
    ),
    ClockRule(
        Clock.OPINION,
        N_("Opinion of another office"),
        N_("The office asked has not given its opinion."),
        "15(5)",
        yellow_to=("asked_office",),
        red_to=("asked_office_head",),
        escalate_after=1,
        escalate_to=("bureau_leader",),
        later=N_("One working day past due the bureau leader is told."),
    ),
    ClockRule(
        Clock.HANDOVER,
        N_("Handover to the window"),
        N_("The certificate has not reached the window within the promised limit."),
        "15(6)1(3)",
        yellow_to=("cert_clerk", "approver"),
        red_to=("office_head", "supervisor"),
        alerts_after_closing=True,
    ),
    ClockRule(
        Clock.DELIVERY,
        N_("Delivery to the applicant"),
        N_("The result has not been delivered in time."),
        "15(6); 许可法44",
        yellow_to=("issuing_desk",),
        red_to=("window_manager", "supervisor"),
        later=N_("Offer the applicant delivery by EMS."),
        alerts_after_closing=True,
    ),
    ClockRule(
        Clock.ARCHIVE,
        N_("Archiving"),
        N_("The file has not been archived in time."),
        "15(9)",
        yellow_to=("clerk", "approval_assistant"),
        red_to=("window_manager", "office_head", "archivist"),
        alerts_after_closing=True,
    ),
    ClockRule(
        Clock.ESCALATION,
        N_("Answer to an escalation"),
        N_("The escalation has not been answered."),
        "14",
        yellow_to=("addressee",),
        red_to=("next_level",),
        escalate_after=0,
        escalate_to=("next_level",),
        later=N_("It moves up one level."),
    ),
    # A work order begins with the rating, after closing: its own clocks must go on alerting.
    ClockRule(
        Clock.CONTACT,
        N_("First contact on a bad rating or complaint"),
        N_("The person who rated has not been contacted."),
        "15(8)",
        yellow_to=("handler",),
        red_to=("supervisor",),
        escalate_after=1,
        escalate_to=("bureau_leader",),
        later=N_("One working day past due the bureau leader is told."),
        alerts_after_closing=True,
    ),
    ClockRule(
        Clock.RECTIFY,
        N_("Reply to a bad rating or complaint"),
        N_("The bad rating or complaint has not been answered."),
        "15(8)",
        yellow_to=("handler",),
        red_to=("supervisor",),
        escalate_after=1,
        escalate_to=("bureau_leader",),
        later=N_("One working day past due the bureau leader is told."),
        alerts_after_closing=True,
    ),
)
CLOCKS: dict[Clock, ClockRule] = {rule.clock: rule for rule in _RULES}


def pauses_clock(rule: ClockRule, suspension_kind: str) -> bool:
    """Tell whether a suspension of this kind pauses the clock; 现场勘验 is none of the eight kinds of 许可法 45."""
    if rule.pauses is PauseKind.EIGHT_KINDS:
        return suspension_kind != "site_survey"
    return rule.pauses is PauseKind.EVERY_KIND
