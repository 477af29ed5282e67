"""The end before any decision: the applicant withdraws in writing, or a registration nobody returned to lapses."""

from app.engine.acts import Data, act
from app.engine.turn import Turn
from app.law import N_
from app.law.guards import APPLICANT
from app.stages.intake.inputs import LapseInput, WithdrawInput


@act("withdraw", WithdrawInput)
def withdraw(t: Turn, data: Data) -> None:
    """End it at the applicant's written wish; papers that are here go back, others are named as still to go back."""
    papers = {p.id: p for p in t.dossier.pieces if p.kind == "material"}
    t.require(
        set(data["returned"]) <= set(papers), "returned", N_("Only what the applicant handed in on paper goes back.")
    )
    t.claim(data["request"], "request", "withdrawal_request")
    t.settle()
    named = [papers[pk] for pk in data["returned"]]
    here = [piece for piece in named if piece.holder in t.grant.units]
    for piece in here:
        piece.holder = APPLICANT
    t.payload["given_back"] = [piece.id for piece in here]
    t.issue("withdrawal", reason=data["reason"], returned=here, outstanding=[p for p in named if p not in here])


@act("lapse", LapseInput)
def lapse(t: Turn, data: Data) -> None:
    """Nobody came back with the papers while the registration was kept: it is in no ledger, and no matter was ended."""
