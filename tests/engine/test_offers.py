"""What is offered is what is lawful: the offers and the engine give the same answer for everybody at every step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from app.engine import dossiers, offers, perform, scope
from app.engine.acts import in_order
from app.engine.now import now
from app.errors import NotAllowed, NotFound, NotNow
from tests.factories import Line

if TYPE_CHECKING:
    from app.engine.actors import Actor
    from app.engine.acts import Act
    from app.engine.dossier import Dossier
    from tests.factories import County

STEPS = ("register", "receive", "confirm_file", "accept", "review", "grant", "make_certificate", "hand_over",
         "confirm_handover", "issue", "archive", "confirm_archive")  # fmt: skip
HARD = ("until accepted", "request_suspension", "agree", "resume", "convene", "until heard", "refuse", "approve")
"""Another application: suspended, reviewed by several offices, refused."""

PEOPLE = ("clerk.hall", "clerk.town", "clerk2.town", "clerk.other", "approver", "approver.other", "head", "assistant",
          "leader", "cert", "cert2", "admin")  # fmt: skip


def lets_in(dossier: Dossier, actor: Actor, act: Act) -> bool:
    """Whether the engine comes as far as looking at the input."""
    try:
        with scope.acting_on(dossier.session, dossier.application.id):
            perform._admit(act, actor, dossier, dossier.application.version, now())
    except (NotAllowed, NotNow):
        return False
    return True


def within_reach(session: Session, line: Line) -> Dossier | None:
    """The application as this person finds it."""
    try:
        return dossiers.find(session, line.id)
    except NotFound:
        return None


def test_an_act_is_offered_exactly_where_the_engine_lets_in(county: County) -> None:
    line, seen = Line(county), set()
    for step in (*STEPS, *HARD):
        if step == HARD[0]:
            line = Line(county).until("accepted")
        else:
            _do(line, step)
        people = [county.actor(username) for username in PEOPLE]
        with Session(county.session.get_bind()) as session:
            for actor in people:
                scope.bind(session, actor)
                granted = [
                    act for act in in_order() if not act.transition.birth and actor.grants_of(act.transition.name)
                ]
                dossier = within_reach(session, line)
                if dossier is None:
                    continue
                let_in = {act.transition.name for act in granted if lets_in(dossier, actor, act)}
                found = {offer.name for offer in offers.lawful(dossier, actor, now())}
                assert found == let_in, (step, actor.username)
                seen |= found
    elsewhere = {"dispatch", "return_dispatch", "approve_rejection", "return_rejection", "terminate", "deem_accepted",
                 "lapse", "receive_correction", "receive_correction_part", "collect_supplement", "remind_applicant",
                 "explain_overdue", "notify_fee", "confirm_payment"}  # fmt: skip
    assert seen == {act.transition.name for act in in_order() if not act.transition.birth} - elsewhere


def _do(line: Line, step: str) -> None:
    county = line.county
    offices = {"offices": [county.office(code).id for code in ("NL", "SC")], "topic": "林地与经营场所的联合审查"}
    heard = {"attendees": [county.staff(who) for who in ("head", "head.other")], "conclusion": "各室一致认为权属有争议"}
    match step:
        case "agree":
            line.do("head", "suspend", opinion="同意")
        case "convene":
            line.do("head", "convene_joint_review", **offices, meeting_on=now().date().isoformat())
        case "until heard":
            line.do("head", "conclude_joint_review", **heard)
            line.review(conclusion="refuse")
        case "approve":
            line.do("leader", "approve_refusal", opinion="同意")
        case _:
            getattr(line, step)()


def test_an_offer_says_the_act_its_clause_and_the_role_it_would_be_done_in(county: County) -> None:
    line = Line(county).until("confirmed")
    actor = county.actor("approver")
    scope.bind(county.session, actor)
    offer = next(o for o in offers.lawful(dossiers.find(county.session, line.id), actor, now()) if o.name == "accept")
    assert (offer.label, offer.clause, offer.role) == ("Accept", "四.1", "approver")


def test_the_offers_stand_in_the_order_of_the_life_cycle(county: County) -> None:
    line = Line(county).until("confirmed")
    actor = county.actor("approver")
    scope.bind(county.session, actor)
    names = [o.name for o in offers.lawful(dossiers.find(county.session, line.id), actor, now())]
    assert names == [a.transition.name for a in in_order() if a.transition.name in names]
    assert names[:3] == ["request_correction", "accept", "reject"]
