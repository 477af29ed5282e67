"""Escalation (第十四条): one level up at a time, a working day a level, sent back once at most."""

from app.engine.acts import Data, act
from app.engine.notices import addresses
from app.engine.object_acts import object_act
from app.engine.turn import Turn
from app.law import N_
from app.law.clock import Clock, Limit
from app.law.roles import Role
from app.management.inputs import BY_PEOPLE, AnswerInput, CloseInput, EscalateInput, ReasonInput
from app.models.escalation import Escalation

NEXT = {
    Role.WINDOW_CLERK: Role.WINDOW_MANAGER,
    Role.TOWN_CLERK: Role.WINDOW_MANAGER,
    Role.WINDOW_MANAGER: Role.BUREAU_LEADER,
    Role.APPROVER: Role.OFFICE_HEAD,
    Role.OFFICE_HEAD: Role.BUREAU_LEADER,
    Role.SYSTEM: Role.BUREAU_LEADER,
}
"""Who stands above whom; no level is skipped. What the machinery finds stuck goes to the leader."""
A_LEVEL = Limit(1)
"""A working day."""


@act("escalate", EscalateInput)
def escalate(t: Turn, data: Data) -> None:
    """Bring the matter one level up, with the reason; the clocks of the application run on."""
    by_system = t.role is Role.SYSTEM
    t.require(
        data["type"] in BY_PEOPLE or by_system, "type", N_("Only the system finds a matter stuck: choose another kind.")
    )
    t.settle()
    level = NEXT[t.role]
    escalation = Escalation(
        application_id=t.application.id,
        type=data["type"],
        reason=data["reason"],
        level=level.value,
        state="open",
        version=1,
        raised_by_id=t.actor.user_id,
        raised_by_name=t.actor.name,
        raised_as=t.role.value,
        raised_at=t.now,
        was_returned=False,
        created_by=t.by,
    )
    t.session.add(escalation)
    t.timing.starts.append((Clock.ESCALATION, A_LEVEL, escalation))
    t.payload["level"] = level.value
    t.message = data["reason"][:200]
    t.told += addresses(level.value, t.dossier)


@object_act("answer_escalation", AnswerInput)
def answer(t: Turn, escalation: Escalation, data: Data) -> None:
    """Answer; whoever raised it carries on."""
    escalation.state, escalation.answer = "answered", data["answer"]
    escalation.answered_by_id, escalation.answered_by_name = t.actor.user_id, t.actor.name
    escalation.answered_at = t.now
    t.dossier.clocks.stop(Clock.ESCALATION, t.now, subject_id=escalation.id)
    t.message = data["answer"][:200]
    _tell_raiser(t, escalation)


@object_act("return_escalation", ReasonInput)
def send_back(t: Turn, escalation: Escalation, data: Data) -> None:
    """Send it back once; the second time it goes to the bureau leader by itself: nothing is bounced (req. 39)."""
    if escalation.was_returned:
        t.payload["passed_up"] = True
        _lift(t, escalation, data["reason"])
        return
    escalation.state, escalation.was_returned = "returned", True
    t.dossier.clocks.stop(Clock.ESCALATION, t.now, subject_id=escalation.id)
    t.message = data["reason"][:200]
    _tell_raiser(t, escalation)


@object_act("raise_again", ReasonInput)
def raise_again(t: Turn, escalation: Escalation, data: Data) -> None:
    """Put to the same level again what was sent back, with what was missing."""
    t.forbid_unless(
        t.role.value == escalation.raised_as, N_("Whoever raised it, or a colleague in the same role, carries it on.")
    )
    escalation.state = "open"
    _to_level(t, escalation, data["reason"])


@object_act("pass_up", ReasonInput)
def pass_up(t: Turn, escalation: Escalation, data: Data) -> None:
    """Bring it to the bureau leader; so does the machinery when the level let its day pass."""
    t.not_now_unless(escalation.level != Role.BUREAU_LEADER, N_("The bureau leader is the last level."))
    _lift(t, escalation, data["reason"])


@object_act("close_escalation", CloseInput)
def close(t: Turn, escalation: Escalation, data: Data) -> None:
    """Close what was answered."""
    t.forbid_unless(
        t.role.value == escalation.raised_as, N_("Whoever raised it, or a colleague in the same role, carries it on.")
    )
    escalation.state = "closed"


def _lift(t: Turn, escalation: Escalation, reason: str) -> None:
    escalation.level = Role.BUREAU_LEADER.value
    t.dossier.clocks.stop(Clock.ESCALATION, t.now, subject_id=escalation.id)
    _to_level(t, escalation, reason)


def _to_level(t: Turn, escalation: Escalation, reason: str) -> None:
    t.dossier.clocks.start(Clock.ESCALATION, A_LEVEL, t.now, t.by, escalation.id)
    t.message = reason[:200]
    t.told += addresses(escalation.level, t.dossier)


def _tell_raiser(t: Turn, escalation: Escalation) -> None:
    if escalation.raised_by_id is not None:
        t.tell(user_id=escalation.raised_by_id)
