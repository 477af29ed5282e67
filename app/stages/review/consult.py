"""Acts that bring others in: people who verify, offices that meet or give their opinion (第十五条（五）)."""

from collections.abc import Sequence

from app.engine.acts import Data, act
from app.engine.asking import ask
from app.engine.turn import Turn
from app.law import N_
from app.law.clock import Clock
from app.models.base import Row
from app.models.examination import JointReview, Verification
from app.stages.review.inputs import (
    ConcludeJointReviewInput,
    ConveneJointReviewInput,
    RecordVerificationInput,
    RequestOpinionInput,
)
from app.stages.review.people import as_rows, is_receiver, offices, offices_of, people, recused

MESSAGE = 300
"""As long as a line on a desk may be."""


@act("record_verification", RecordVerificationInput)
def record_verification(t: Turn, data: Data) -> None:
    """Record what two or more people found who verified the substance together (req. 73, 行政许可法34)."""
    verifiers = people(t, data["verifiers"], "verifiers")
    attachments = t.claim_all(data["attachments"], "attachments", "verification")
    t.settle()
    barred = recused(t.dossier, verifiers)
    for each in verifiers:
        t.forbid_unless(
            each.id not in barred,
            N_("%(name)s, or a declared relative, is a party to this application."),
            name=each.name,
        )
        t.forbid_unless(
            not is_receiver(t.dossier, each.user_id),
            N_("%(name)s took this application in at the front and does not verify it."),
            name=each.name,
        )
    t.session.add(
        Verification(
            application_id=t.application.id,
            verifiers=as_rows(verifiers),
            method=data["method"],
            findings=data["findings"],
            conclusion=data["conclusion"],
            attachments=attachments,
            recorded_at=t.now,
            created_by=t.by,
        )
    )
    t.payload["verifiers"] = as_rows(verifiers)


@act("convene_joint_review", ConveneJointReviewInput)
def convene_joint_review(t: Turn, data: Data) -> None:
    """Call offices together within the promised limit; no clock stops for it (req. 76)."""
    named = offices(t, data["offices"], "offices")
    promised = t.dossier.clocks.latest(Clock.PROMISED)
    assert promised is not None  # it runs since the acceptance
    t.require(
        t.today <= data["meeting_on"] <= promised.due_on,
        "meeting_on",
        N_("The offices meet from today on and within the promised limit, which ends on %(due)s."),
        due=promised.due_on.isoformat(),
    )
    t.settle()
    t.session.add(
        JointReview(
            application_id=t.application.id,
            offices=as_rows(named),
            meeting_on=data["meeting_on"],
            topic=data["topic"],
            state="open",
            convened_at=t.now,
            created_by=t.by,
        )
    )
    t.payload["offices"] = as_rows(named)
    t.message = f"{data['meeting_on'].isoformat()} {data['topic']}"[:MESSAGE]
    _tell(t, t.payload["offices"])


@act("conclude_joint_review", ConcludeJointReviewInput)
def conclude_joint_review(t: Turn, data: Data) -> None:
    """Write down what the meeting concluded, once every office named was heard (req. 76)."""
    meeting = t.dossier.open_joint_review
    assert meeting is not None  # the guard saw it
    attendees = people(t, data["attendees"], "attendees")
    minutes = t.claim(data["minutes"], "minutes", "minutes")
    t.settle()
    heard = offices_of(t.session, data["attendees"], t.today)
    heard |= {opinion.office_id for opinion in t.dossier.opinions if opinion.state == "given"}
    missing = [each["name"] for each in meeting.offices if each["id"] not in heard]
    t.not_now_unless(not missing, N_("Neither attended nor gave an opinion: %(offices)s."), offices=tuple(missing))
    meeting.state, meeting.concluded_at, meeting.conclusion = "concluded", t.now, data["conclusion"]
    meeting.attendees, meeting.minutes_id = as_rows(attendees), minutes.id if minutes else None
    t.payload["attendees"] = meeting.attendees
    _tell(t, meeting.offices)


@act("request_opinion", RequestOpinionInput)
def request_opinion(t: Turn, data: Data) -> None:
    """Ask other offices, each with its own clock; nothing is decided before they answered (req. 76, 77)."""
    a = t.application
    named = offices(t, data["offices"], "offices")
    for i, office in enumerate(named):
        t.require(office.id != a.office_id, f"offices.{i}", N_("This is the office that decides: ask others."))
    t.settle()
    asked = {opinion.office_id: opinion.office.name for opinion in t.dossier.opinions if opinion.state != "ceased"}
    again = tuple(office.name for office in named if office.id in asked)
    t.not_now_unless(not again, N_("Asked already: %(offices)s."), offices=again)
    for office in named:
        ask(t, office, data["question"], data["due_days"])
    t.payload["offices"] = as_rows(named)
    t.message = data["question"][:MESSAGE]


def _tell(t: Turn, named: Sequence[Row]) -> None:
    """The offices named, whoever works there."""
    for each in named:
        t.tell(unit=f"office:{each['id']}")
