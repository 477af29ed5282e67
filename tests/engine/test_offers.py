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
    from tests.factories import County

STEPS = ("register", "receive", "confirm_file", "accept", "review", "grant", "make_certificate", "hand_over",
         "confirm_handover", "issue", "archive", "confirm_archive")  # fmt: skip

PEOPLE = ("clerk.hall", "clerk.town", "clerk2.town", "clerk.other", "approver", "approver.other", "head", "assistant",
          "leader", "cert", "cert2", "admin")  # fmt: skip


def lets_in(session: Session, actor: Actor, act: Act, line: Line, version: int) -> bool | None:
    """Whether the engine comes as far as looking at the input; None where the application is out of reach."""
    try:
        dossier = dossiers.find(session, line.id)
        with scope.acting_on(session, line.id):
            perform._admit(act, actor, dossier, version, now())
    except NotFound:
        return None
    except (NotAllowed, NotNow):
        return False
    return True


def offered(session: Session, actor: Actor, line: Line) -> set[str] | None:
    """What the person is offered; None where the application is out of reach."""
    try:
        dossier = dossiers.find(session, line.id)
    except NotFound:
        return None
    return {offer.name for offer in offers.lawful(dossier, actor, now())}


def test_an_act_is_offered_exactly_where_the_engine_lets_in(county: County) -> None:
    line, seen = Line(county), set()
    for step in STEPS:
        getattr(line, step)()
        version = county.application(line.id).version
        people = [county.actor(username) for username in PEOPLE]
        with Session(county.session.get_bind()) as session:
            for actor in people:
                scope.bind(session, actor)
                granted = [act for act in in_order() if not act.transition.birth and actor.grants_of(act.transition.name)]
                let_in = {act.transition.name: lets_in(session, actor, act, line, version) for act in granted}
                found = offered(session, actor, line)
                if found is None:
                    assert set(let_in.values()) <= {None}, (step, actor.username)
                else:
                    assert found == {name for name, is_in in let_in.items() if is_in}, (step, actor.username)
                    seen |= found
    elsewhere = {"dispatch", "return_dispatch", "approve_rejection", "return_rejection"}
    assert seen == {act.transition.name for act in in_order() if not act.transition.birth} - elsewhere


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
    assert names[:2] == ["accept", "reject"]
