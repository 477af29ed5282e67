"""States of an application (办件) and the groups the transitions start from."""

from enum import StrEnum

from app.law import N_


class State(StrEnum):
    """Where an application stands; always the `to` of its last event."""

    DRAFT = "draft"
    RECEIVED = "received"
    CORRECTING = "correcting"
    REJECTION_FILING = "rejection_filing"
    ACCEPTED = "accepted"
    SUSPENDED = "suspended"
    REFUSAL_FILING = "refusal_filing"
    APPROVED = "approved"
    CERTIFIED = "certified"
    HANDED_OVER = "handed_over"
    REFUSED = "refused"
    NOT_ACCEPTED = "not_accepted"
    TERMINATED = "terminated"
    WITHDRAWN = "withdrawn"
    DELIVERED = "delivered"
    LAPSED = "lapsed"


STATE_LABELS: dict[State, str] = {
    State.DRAFT: N_("Registered"),
    State.RECEIVED: N_("Papers received"),
    State.CORRECTING: N_("Correction awaited"),
    State.REJECTION_FILING: N_("Non-acceptance before the leader"),
    State.ACCEPTED: N_("Accepted, under review"),
    State.SUSPENDED: N_("Suspended"),
    State.REFUSAL_FILING: N_("Refusal before the leader"),
    State.APPROVED: N_("Granted, certificate in making"),
    State.CERTIFIED: N_("Certificate made and scanned"),
    State.HANDED_OVER: N_("Handed to the issuing window"),
    State.REFUSED: N_("Licence refused"),
    State.NOT_ACCEPTED: N_("Not accepted"),
    State.TERMINATED: N_("Terminated"),
    State.WITHDRAWN: N_("Withdrawn"),
    State.DELIVERED: N_("Delivered and signed for"),
    State.LAPSED: N_("Registration lapsed"),
}

S = State
UNDECIDED = frozenset({S.RECEIVED, S.CORRECTING, S.REJECTION_FILING, S.ACCEPTED, S.SUSPENDED, S.REFUSAL_FILING})
MAKING = frozenset({S.APPROVED, S.CERTIFIED, S.HANDED_OVER})
NEGATIVE = frozenset({S.REFUSED, S.NOT_ACCEPTED, S.TERMINATED})
TERMINAL = frozenset({S.WITHDRAWN, S.DELIVERED, S.LAPSED})
WITH_THE_RESULT = frozenset({S.CERTIFIED, S.HANDED_OVER}) | NEGATIVE


class Kind(StrEnum):
    """What an act does: move the state, record facts, or only nudge (an event that moves no version)."""

    STATE = "S"
    RECORD = "R"
    NUDGE = "N"


class DeliveryMode(StrEnum):
    """How the applicant wants the result (第十五条（六）1)."""

    PICKUP = "pickup"
    EMS = "ems"
    WINDOW = "window"
