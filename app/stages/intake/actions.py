"""Acts at the window (第十五条（二）（三）): register, and tell once what is missing; the others stand beside."""

from secrets import randbelow

from app.engine import extra_fields, versions
from app.engine.acts import Data, act
from app.engine.birth import is_taken_at
from app.engine.turn import Turn
from app.law import N_, numbering
from app.law.guards import fronted_if_town
from app.models.application import ApplicationMaterial
from app.stages.intake import amending, corrections, ending, receiving, reminding  # noqa: F401  (acts of this room)
from app.stages.intake.inputs import NotifyInput, RegisterInput
from app.stages.intake.one_thing import ELSEWHERE, join
from app.stages.intake.people import write_down
from app.stages.intake.tickets import own_window, serving


@act("register", RegisterInput)
def register(t: Turn, data: Data) -> None:
    """Register an application at the clerk's own window, under a ticket (第十一条: in real time)."""
    a, agent = t.application, data["agent"]
    file = t.claim(agent["authorisation"], "agent.authorisation", "authorisation") if agent else None
    join(t, data)
    answers, wrong = extra_fields.read(versions.snapshot(t.application.item), data["extra"])
    t.complaints += wrong
    t.settle()
    window = own_window(t)
    # The guard knows the role; the place decides, whichever role somebody is posted there in.
    t.forbid_unless(is_taken_at(window.centre, a.item), fronted_if_town.sentence)
    t.forbid_unless(a.parent is None or a.parent.centre_id == window.centre_id, ELSEWHERE)
    a.ticket = serving(t, data["ticket_id"])
    a.window, a.centre = window, window.centre
    a.item_version = versions.current(t.session, a.item, t.by)
    write_down(a, data)
    a.authorisation_id = file.id if file else None
    a.extra = answers or None
    a.registered_at, a.created_by, a.is_demo = t.now, t.by, bool(t.session.info.get("demo"))
    a.pickup_code = numbering.pickup_code(randbelow(1_000_000))
    a.materials = [
        ApplicationMaterial(
            position=m["position"], name=m["name"], requirement=m["requirement"], tolerable=m["tolerable"]
        )
        for m in t.dossier.item["materials"]
    ]
    impl = a.item.impl_code
    t.draw(
        numbering.counter_for_application(impl, t.today),
        lambda n: setattr(a, "number", numbering.application_no(impl, t.today, n)),
    )
    t.draw(numbering.counter_for_short_no(t.today), lambda n: setattr(a, "short_no", numbering.short_no(t.today, n)))


@act("notify", NotifyInput)
def notify(t: Turn, data: Data) -> None:
    """Tell the applicant once everything that is missing or wrong (第六条, 第十五条（三）)."""
    own = {m.id for m in t.application.materials}
    named = [line["material_id"] for line in data["lines"]]
    t.forbid_unless(set(named) <= own, N_("Only materials of the item's published list may be asked for."))
    t.require(len(named) == len(set(named)), "lines", N_("Each material once."))
    earlier = [e for e in t.dossier.events if e.act == "notify"]
    if earlier:
        before = {(line["material_id"], line["status"]) for line in earlier[-1].payload["lines"]}
        same = before == {(line["material_id"], line["status"]) for line in data["lines"]}
        if not same and t.require(
            data["again_reason"], "again_reason", N_("The applicant was told other materials before: say why.")
        ):
            t.level = "yellow"
            t.tell(role="window_manager", unit=f"centre:{t.application.centre_id}")
    t.settle()
    t.payload["round"] = len(earlier) + 1
    t.issue(
        "one_time_notice",
        lines=data["lines"],
        round=len(earlier) + 1,
        again_reason=data["again_reason"],
        acknowledged_by=data["acknowledged_by"],
    )
