"""Acts of examination and decision (第十五条（五）)."""

from app.engine.acts import Data, act
from app.engine.turn import Turn
from app.law import N_
from app.models.application import Decision, Review
from app.stages.review import consult, hearings, opinions, refuse, suspend  # noqa: F401  (their acts are the review's)
from app.stages.review.inputs import GrantInput, ReviewInput


@act("review", ReviewInput)
def review(t: Turn, data: Data) -> None:
    """Judge every material that was taken, and conclude; the last review counts (req. 105)."""
    taken = {m.id: m for m in t.application.materials if m.status == "taken"}
    named = [line["material_id"] for line in data["materials"]]
    t.forbid_unless(
        set(named) <= {m.id for m in t.application.materials}, N_("Only materials of this application are reviewed.")
    )
    t.require(len(named) == len(set(named)), "materials", N_("Each material once."))
    for material_id, material in taken.items():
        if material_id not in named:
            t.require(False, "materials", N_("«%(name)s» is not judged yet."), name=material.name)
    for i, line in enumerate(data["materials"]):
        t.require(line["material_id"] in taken, f"materials.{i}", N_("This material was not taken."))
        t.require(line["result"] == "pass" or line["note"], f"materials.{i}.note", N_("Say why it fails."))
    failed = any(line["result"] == "fail" for line in data["materials"])
    t.require(
        not (failed and data["conclusion"] == "grant"), "conclusion", N_("A material fails: this cannot be granted.")
    )
    t.settle()
    t.session.add(
        Review(
            application_id=t.application.id,
            reviewer_id=t.actor.user_id,
            conclusion=data["conclusion"],
            opinion=data["opinion"],
            lines=[dict(line) for line in data["materials"]],
            reviewed_at=t.now,
            created_by=t.by,
        )
    )


@act("grant", GrantInput)
def grant(t: Turn, data: Data) -> None:
    """Grant the licence: the decision is in effect and never edited (行政许可法37)."""
    valid_from, valid_to = data["valid_from"], data["valid_to"]
    t.require(valid_from >= t.today, "valid_from", N_("A decision takes effect today or later."))
    t.require((valid_to is None) == data["long_term"], "valid_to", N_("Give the last day, or mark it long term."))
    t.require(valid_to is None or valid_to >= valid_from, "valid_to", N_("It ends before it begins."))
    t.settle()
    t.application.decided_at = t.now
    hearing_id, basis = hearings.on_record(t, data["basis"])
    decision = Decision(
        application_id=t.application.id,
        kind="grant",
        content=data["content"],
        basis=basis,
        conditions=data["conditions"] or "",
        valid_from=valid_from,
        valid_to=valid_to,
        long_term=data["long_term"],
        hearing_id=hearing_id,
        decided_by=t.actor.user_id,
        decided_at=t.now,
        created_by=t.by,
    )
    t.session.add(decision)
    t.issue("grant_decision", decision=decision)
