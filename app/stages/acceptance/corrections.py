"""The correction notice (第十五条（四）2), and the end of an application whose applicant let the time pass."""

from typing import Any

from app.engine.acts import Data, act
from app.engine.clocks import Limit
from app.engine.dossier import Dossier
from app.engine.turn import Turn
from app.law import N_
from app.law.clock import Clock, is_late
from app.law.roles import Role
from app.law.states import State
from app.models.correction import CorrectionLine, CorrectionNotice
from app.stages.acceptance.inputs import RequestCorrectionInput, TerminateInput

SHORTEST_REASON = 10


@act("request_correction", RequestCorrectionInput)
def request_correction(t: Turn, data: Data) -> None:
    """Tell the applicant everything to put right, at once; what is owed stands on the notice with its own date.

    Another notice is the head's, counted and seen by the supervisor: it names what the last one named, or papers handed
    in since.
    """
    number = len(t.dossier.corrections) + 1
    _judge(t, data["lines"])
    again = number == 1 or len(data["leader_reason"] or "") >= SHORTEST_REASON
    sentence = N_("Say why the applicant is asked again, in at least %(least)s characters.")
    t.require(again, "leader_reason", sentence, least=SHORTEST_REASON)
    t.settle()
    notice = CorrectionNotice(
        application_id=t.application.id,
        round=number,
        reply_days=data["reply_days"],
        leader_reason=data["leader_reason"] or "",
        state="open",
        requested_by_id=t.actor.user_id,
        requested_at=t.now,
        created_by=t.by,
        lines=[*(_defect(t, line) for line in data["lines"]), *_owed(t)],
    )
    t.session.add(notice)
    t.dossier.corrections.append(notice)
    t.timing.limits[Clock.REPLY] = Limit(notice.reply_days)
    t.payload["round"] = number
    if number > 1:
        t.level = "yellow"
        t.tell(role=Role.SUPERVISOR.value)
    t.issue("correction_notice", notice=notice)


def may_name(dossier: Dossier) -> set[int]:
    """The materials a notice may name: any that is not owed; another one, what came in since the last.

    That is what the last one named, and what it showed as owed and was supplied.
    """
    owed = {each.material_id for each in dossier.owed_open}
    all_of_them = {each.id for each in dossier.application.materials} - owed
    if not dossier.corrections:
        return all_of_them
    return all_of_them & {line.material_id for line in dossier.corrections[-1].lines}


def _judge(t: Turn, lines: list[dict[str, Any]]) -> None:
    names = {m.id: m.name for m in t.application.materials}
    named = [line["material_id"] for line in lines]
    t.forbid_unless(set(named) <= set(names), N_("Only materials of the item's published list may be asked for."))
    t.require(len(named) == len(set(named)), "lines", N_("Each material once."))
    owed = {each.material_id for each in t.dossier.owed_open}
    may = may_name(t.dossier)
    for i, material_id in enumerate(named):
        sentence = (
            N_("«%(name)s» is owed with a date of its own; it stands on the notice by itself.")
            if material_id in owed
            else N_("«%(name)s» was not on the last notice and did not come in since: everything is told at once.")
        )
        t.require(material_id in may, f"lines.{i}.material_id", sentence, name=names[material_id])


def _defect(t: Turn, line: dict[str, Any]) -> CorrectionLine:
    return CorrectionLine(
        application_id=t.application.id,
        kind="defect",
        material_id=line["material_id"],
        problem=line["problem"],
        requirement=line["requirement"],
        basis=line["basis"],
        created_by=t.by,
    )


def _owed(t: Turn) -> list[CorrectionLine]:
    """What is owed anyhow, so that the applicant reads everything in one place (req. 66)."""
    return [
        CorrectionLine(
            application_id=t.application.id,
            kind="owed",
            material_id=owed.material_id,
            problem="",
            requirement=owed.requirement,
            basis="",
            created_by=t.by,
        )
        for owed in t.dossier.owed_open
    ]


@act("terminate", TerminateInput)
def terminate(t: Turn, data: Data) -> None:
    """End what the applicant let lie past the written date, reminded and all the same."""
    t.issue("termination", reason=data["reason"], legal_basis=data["legal_basis"], **_missed(t))


def _missed(t: Turn) -> dict[str, Any]:
    """What was not brought in time: told now, for it falls away with the application."""
    clock = Clock.REPLY if t.dossier.state is State.CORRECTING else Clock.OWED
    runs = [r for r in t.dossier.clocks.runs if r.clock == clock and r.stopped_at is None and is_late(t.now, r.due_at)]
    notice = t.dossier.open_correction
    if notice is not None:
        cause, named = "correction", [line for line in notice.lines if line.is_open]
    else:
        late = {run.subject_id for run in runs}
        cause, named = "owed", [owed for owed in t.dossier.owed_open if owed.id in late]
    first = min(runs, key=lambda run: run.due_at)
    return {"cause": cause, "missed": [each.material.name for each in named], "run": first}
