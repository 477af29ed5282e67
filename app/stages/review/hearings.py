"""Hearings (行政许可法36, 46-48): the right is told, somebody asks, the day is announced, it is held on the record."""

from app.engine.acts import Data, act
from app.engine.inputs import Input, day, file, row_id, text
from app.engine.object_acts import object_act, subject
from app.engine.turn import Turn
from app.law import N_, numbering
from app.law.hearing import DAYS_OF_NOTICE, DAYS_TO_ASK, DAYS_TO_HOLD
from app.law.workdays import add_workdays
from app.models.hearing import Hearing
from app.stages.review.people import people, recused

EXAMINED = ("review", "record_verification")
"""Whoever did one of these examined the application, and does not preside (48(3))."""

subject("hearing", Hearing)


class OfferHearingInput(Input):
    """Who was told that they may ask for a hearing, and about what."""

    matter = text(N_("What it is about"), 5, 500)
    told = text(N_("Who was told: the applicant, and whose interests it touches"), 2, 500)


class RequestHearingInput(Input):
    """Who asks for it, in writing."""

    requester = text(N_("Asked for by"), 2, 100)
    request = file(N_("Written request for the hearing"))


class SetHearingInput(Input):
    """When and where it is, announced to everybody who was told."""

    held_on = day(N_("Day of the hearing"))
    place = text(N_("Place"), 2, 200)


class HoldHearingInput(Input):
    """Who presided, who took part, what was said; the record is signed by all of them."""

    presider = row_id(N_("Presider"))
    parties = text(N_("Who took part"), 2, 1000)
    summary = text(N_("What was said"), 10, 2000)
    record = file(N_("Signed record"))


class WaiveHearingInput(Input):
    """Who was told does not want it, or no longer, in writing."""

    reason = text(N_("Reason"), 5, 300)
    waiver = file(N_("Written waiver"))


@act("offer_hearing", OfferHearingInput)
def offer(t: Turn, data: Data) -> None:
    """Tell the applicant and whoever is touched that they may ask for a hearing within five working days (47)."""
    for earlier in t.dossier.hearings:
        if earlier.state == "offered":  # nobody asked within the days it was open
            earlier.state, earlier.version = "ceased", earlier.version + 1
    hearing = Hearing(
        application_id=t.application.id,
        state="offered",
        matter=data["matter"],
        told=data["told"],
        offered_at=t.now,
        due_at=t.due_in(DAYS_TO_ASK, t.application.centre.closes_at),
        created_by=t.by,
    )
    year = t.now.year
    t.draw(numbering.counter_for_hearing(year), lambda n: setattr(hearing, "number", numbering.hearing_no(year, n)))
    t.session.add(hearing)
    t.issue("hearing_notice", hearing=hearing)


@object_act("request_hearing", RequestHearingInput)
def request(t: Turn, hearing: Hearing, data: Data) -> None:
    """Take the request in; the hearing is to be held within twenty working days."""
    t.not_now_unless(t.now <= hearing.due_at, N_("The five working days to ask for a hearing are over."))
    paper = _claimed(t, data["request"], "request", "hearing_request")
    hearing.requester, hearing.request_id, hearing.requested_at = data["requester"], paper, t.now
    hearing.due_at = t.due_in(DAYS_TO_HOLD, t.application.centre.closes_at)
    hearing.state = "requested"
    _tell_office(t, data["requester"])


@object_act("set_hearing", SetHearingInput)
def announce(t: Turn, hearing: Hearing, data: Data) -> None:
    """Announce day and place seven working days ahead (48(1)); another day is announced in the same way."""
    first = add_workdays(t.today, DAYS_OF_NOTICE, t.calendar).due
    last = max(first, hearing.due_at.date())
    t.require(
        first <= data["held_on"] <= last, "held_on",
        N_("Announced seven working days ahead and held within twenty of the request: from %(first)s to %(last)s."),
        first=first.isoformat(), last=last.isoformat(),
    )  # fmt: skip
    t.settle()
    hearing.held_on, hearing.place, hearing.announced_at, hearing.state = data["held_on"], data["place"], t.now, "set"
    t.message = f"{data['held_on'].isoformat()} {data['place']}"[:200]
    t.told += [(None, None, t.dossier.receiver_id)] if t.dossier.receiver_id else []
    _tell_office(t, t.message)


@object_act("hold_hearing", HoldHearingInput)
def hold(t: Turn, hearing: Hearing, data: Data) -> None:
    """Keep the record of the hearing; whoever examined the application did not preside (48(3)-(5))."""
    assert hearing.held_on is not None  # it was announced
    t.not_now_unless(t.today >= hearing.held_on, N_("The day of the hearing has not come."))
    named = people(t, [data["presider"]], "presider")
    t.settle()
    presider = named[0]
    verifiers = {row["id"] for v in t.dossier.verifications for row in v.verifiers}
    examiners = {e.actor_id for e in t.dossier.events if e.act in EXAMINED}
    t.forbid_unless(
        presider.user_id not in examiners and presider.id not in verifiers and not recused(t.dossier, [presider]),
        N_("%(name)s examined this application, or is a party to it, and does not preside."), name=presider.name,
    )  # fmt: skip
    hearing.record_id = _claimed(t, data["record"], "record", "hearing_record")
    hearing.presider_id, hearing.presider_name = presider.user_id, presider.name
    hearing.parties, hearing.summary, hearing.held_at, hearing.state = data["parties"], data["summary"], t.now, "held"
    _tell_office(t, data["summary"][:200])


@object_act("waive_hearing", WaiveHearingInput)
def waive(t: Turn, hearing: Hearing, data: Data) -> None:
    """Whoever may ask for it does without, in writing; the office cannot do so in their place."""
    _claimed(t, data["waiver"], "waiver", "hearing_waiver")
    hearing.waived_at, hearing.waiver, hearing.state = t.now, data["reason"], "waived"
    _tell_office(t, data["reason"][:200])


def on_record(t: Turn, basis: str) -> tuple[int | None, str]:
    """What was heard is a basis of the decision and named in it (48(2)): the hearing, and the basis with its record."""
    held = [each for each in t.dossier.hearings if each.state == "held"]
    if not held:
        return None, basis
    t.payload["basis"] = f"{basis}；听证笔录（{held[-1].number}）"
    return held[-1].id, t.payload["basis"]


def _claimed(t: Turn, file_id: int, where: str, purpose: str) -> int:
    paper = t.claim(file_id, where, purpose)
    t.settle()
    assert paper is not None  # else there was a complaint
    paper.application_id = t.application.id
    return paper.id


def _tell_office(t: Turn, message: str) -> None:
    t.message = message
    for role in ("approver", "office_head"):
        t.tell(role=role, unit=t.application.office.unit)
