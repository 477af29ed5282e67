"""Where the facts of the hard cases' papers come from: the act, and the turn once its clocks ran."""

from collections.abc import Callable, Mapping, Sequence

from app.engine.paper_common import (
    Facts,
    day,
    due,
    held_lines,
    number_of,
    owed_lines,
    said,
    window_name,
)
from app.engine.turn import Turn
from app.law.clock import Clock
from app.law.roles import Role
from app.law.workdays import Deadline
from app.models.application import ApplicationMaterial
from app.models.calendar import ClockRun
from app.models.correction import CorrectionLine, CorrectionNotice, OwedMaterial
from app.models.custody import Piece
from app.models.examination import Suspension
from app.models.fees import Fee, PaymentChannel
from app.models.hearing import Hearing


def _correction_notice(turn: Turn, *, notice: CorrectionNotice) -> Facts:
    """Every defect, and beside them what is owed with its own date (第十五条（四）2)."""
    return said(
        received_on=day(turn.application.received_at),
        round=notice.round,
        leader_reason=notice.leader_reason,
        lines=[
            {
                "name": line.material.name,
                "problem": line.problem,
                "requirement": line.requirement,
                "basis": line.basis,
            }
            for line in notice.lines
            if line.kind == "defect"
        ],
        owed=owed_lines(turn),
        reply_due=due(turn, Clock.REPLY),
    )


def _termination(
    turn: Turn, *, cause: str, missed: Sequence[str], run: ClockRun, reason: str, legal_basis: str
) -> Facts:
    """What was not brought in time, by the paper that said so, and the papers that go back."""
    told_by = "correction_notice" if cause == "correction" else "shortage_commitment"
    return said(
        received_on=day(turn.application.received_at),
        cause=cause,
        notice_no=number_of(turn.dossier, told_by),
        missed=list(missed),
        missed_due={"date": day(run.due_on), "provisional": run.provisional},
        reason=reason,
        legal_basis=legal_basis,
        returned=held_lines(turn),
    )


def _shortage_commitment(turn: Turn) -> Facts:
    """What the applicant committed to bring, how and by when (第十五条（三）)."""
    return {"window": window_name(turn), "owed": owed_lines(turn)}


def _correction_receipt(
    turn: Turn,
    *,
    occasion: str,
    notice: CorrectionNotice | None = None,
    lines: Sequence[CorrectionLine] = (),
    owed: OwedMaterial | None = None,
) -> Facts:
    """What was handed in afterwards, for a correction notice or as owed material, and what is still to come."""
    notice = notice or turn.dossier.open_correction
    defects = [line for line in notice.lines if line.is_open] if notice else []
    taken = [_taken(line.material.name, line) for line in lines]
    taken += [_taken(owed.material.name, owed.material)] if owed else []
    at_a_window = turn.role is not Role.CERT_CLERK
    return said(
        occasion=occasion,
        window=f"{turn.application.centre.name}{window_name(turn)}" if at_a_window else window_name(turn),
        notice_no=number_of(turn.dossier, "shortage_commitment" if owed else "correction_notice"),
        materials=taken,
        open=[line.material.name for line in defects] + [each.material.name for each in turn.dossier.owed_open],
        answer_due=due(turn, Clock.CORRECTION) if occasion == "correction" else None,
        reply_due=due(turn, Clock.REPLY) if occasion == "part" else None,
    )


def _taken(name: str, line: CorrectionLine | ApplicationMaterial) -> Facts:
    status = line.status if isinstance(line, ApplicationMaterial) else "taken"
    return said(
        name=name, status=status, form=line.form, pieces=line.pieces or 0, copy_verified=bool(line.copy_verified)
    )


def _withdrawal(turn: Turn, *, reason: str | None, returned: Sequence[Piece], outstanding: Sequence[Piece]) -> Facts:
    """The end at the applicant's own wish: the papers that went back, and those another unit still holds."""
    return said(
        window=window_name(turn),
        reason=reason,
        returned=held_lines(turn, returned),
        outstanding=held_lines(turn, outstanding),
    )


def _suspension_notice(turn: Turn, *, suspension: Suspension) -> Facts:
    """How long the special procedure is going to take, and which limits do not count it (行政许可法45)."""
    book = turn.dossier.clocks
    paused = {pause.clock_run_id for pause in book.pauses if pause.suspension_id == suspension.id}
    return {
        "kind": suspension.kind,
        "basis": suspension.basis,
        "reason": suspension.reason,
        "from_day": day(suspension.decided_at),
        "planned_days": suspension.planned_days,
        "plan_due": due(turn, Clock.PLAN),
        "pauses": [run.clock for run in book.runs if run.id in paused],
    }


def _extension_notice(turn: Turn, *, days: int, reason: str, before: Facts) -> Facts:
    """Both limits before and after; why, and who approved it (行政许可法42)."""
    return {
        "days": days,
        "reason": reason,
        "promised_after": due(turn, Clock.PROMISED),
        "statutory_after": due(turn, Clock.STATUTORY),
        **before,
    }


def _hearing_notice(turn: Turn, *, hearing: Hearing) -> Facts:
    """Who may ask for a hearing, about what, until when (行政许可法46, 47)."""
    last = hearing.due_at.date()
    return {
        "hearing_no": hearing.number,
        "matter": hearing.matter,
        "told": hearing.told,
        "until": {"date": last.isoformat(), "provisional": not turn.calendar.is_published(last)},
    }


def _refusal_decision(turn: Turn, *, facts: str, reasons: str, legal_basis: str, statement: str) -> Facts:
    """Why not, by which law, and what the applicant said to it (行政许可法38)."""
    a = turn.application
    return said(
        received_on=day(a.received_at),
        accepted_on=day(a.accepted_at),
        legal_rep=a.legal_rep,
        address=a.address,
        facts=facts,
        reasons=reasons,
        legal_basis=legal_basis,
        statement=statement,
    )


def _fee_notice(turn: Turn, *, fee: Fee, channel: PaymentChannel, deadline: Deadline, again: str | None) -> Facts:
    """The standard as it was filed, the amount it comes to, and the public channel (第十五条（七）)."""
    return said(
        window=window_name(turn),
        fee_name=fee.name,
        kind=fee.kind,
        basis=fee.legal_basis,
        unit_price=str(fee.unit_price),
        unit_name=fee.unit_name,
        quantity=str(fee.quantity),
        amount=str(fee.amount),
        channel={"name": channel.name, "kind": channel.kind, "account": channel.account},
        payment_code=fee.payment_code,
        pay_by={"date": day(deadline.due), "provisional": deadline.provisional},
        again=again,
    )


SOURCES: Mapping[str, Callable[..., Facts]] = {
    "shortage_commitment": _shortage_commitment,
    "correction_receipt": _correction_receipt,
    "withdrawal": _withdrawal,
    "correction_notice": _correction_notice,
    "termination": _termination,
    "suspension_notice": _suspension_notice,
    "extension_notice": _extension_notice,
    "hearing_notice": _hearing_notice,
    "refusal_decision": _refusal_decision,
    "fee_notice": _fee_notice,
}
