"""更正登记信息 (第十二条): what was taken down wrongly is put right, and what stood there stays in the history."""

from collections.abc import Mapping
from typing import Any

from app.engine import birth, extra_fields, trail
from app.engine.acts import Data, act
from app.engine.turn import Turn
from app.law import N_
from app.law.guards import not_party, original_effective
from app.law.states import State
from app.models.application import Application
from app.stages.intake.inputs import AmendInput
from app.stages.intake.people import NATURAL_PERSON, write_down, wrong_about, wrong_number

AFTER_RECEIPT = frozenset({"phone", "address"})
"""All that may still be put right once papers rest on what was registered."""
OF_THE_APPLICANT = ("applicant_type", "applicant_name", "id_type", "id_no", "phone", "address", "legal_rep", "relation")
OF_AN_AGENT = ("name", "id_type", "id_no", "phone")


@act("amend", AmendInput)
def amend(t: Turn, data: Data) -> None:
    """Put right what was taken down wrongly; once the papers are taken, the phone and the address alone (第十二条)."""
    a = t.application
    said = _said(data, ("reason",))
    if t.dossier.state is not State.DRAFT:
        for name in set(said) - AFTER_RECEIPT:
            t.require(False, name, N_("Once the papers are taken, only the phone and the address are put right."))
    t.settle()
    before = {"applicant": applicant_of(a), "agent": agent_of(a)}
    if said.get("applicant_type") == NATURAL_PERSON and a.legal_rep:
        said["legal_rep"] = ""
    _judge(t, said)
    answers = _answers(t, said)
    _relate(t, said)
    file = t.claim(said.get("agent", {}).get("authorisation"), "agent.authorisation", "authorisation")
    t.settle()
    write_down(a, said)
    a.extra = answers
    if file is not None:
        a.authorisation_id = file.id
    t.forbid_unless(not t.actor.is_party(a.id_no_index, a.agent_id_index), not_party.sentence)
    old = _replaced(before["applicant"], applicant_of(a))
    if agent := _replaced(before["agent"], agent_of(a)):
        old["agent"] = agent
    t.require(t.session.is_modified(a), "", N_("Nothing would be different."))
    t.payload["before"] = trail.masked(AmendInput(), old)


def applicant_of(a: Application) -> dict[str, str]:
    """What is registered of the applicant."""
    return {name: getattr(a, name) or "" for name in OF_THE_APPLICANT}


def agent_of(a: Application) -> dict[str, str]:
    """What is registered of the agent; nothing where there is none."""
    return {name: getattr(a, f"agent_{name}") or "" for name in OF_AN_AGENT} if a.agent_name else {}


def _said(data: Data, but: tuple[str, ...] = ()) -> dict[str, Any]:
    """What the input says: what is left out stays as it is."""
    found = {name: value for name, value in data.items() if value is not None and name not in but}
    if "agent" in found:
        found["agent"] = _said(found["agent"])
    return {name: value for name, value in found.items() if value != {}}


def _judge(t: Turn, said: Mapping[str, Any]) -> None:
    """The registration as it would be is judged whole, as when it was made."""
    a = t.application
    earlier = {"original_no": "known" if a.original_id else None}
    for name, sentence in wrong_about({**applicant_of(a), **earlier, **said}, t.today):
        t.require(False, name, sentence)
    if "agent" not in said:
        return
    agent = {**agent_of(a), **said["agent"]}
    for name in (*OF_AN_AGENT, *(() if a.agent_name else ("authorisation",))):
        t.require(agent.get(name), f"agent.{name}", N_("This is needed."))
    for name, sentence in wrong_number(agent, t.today):
        t.require(False, f"agent.{name}", sentence)


def _answers(t: Turn, said: Mapping[str, Any]) -> dict[str, Any] | None:
    """The answers to the item's own questions, those given now in the place of those given before."""
    present = t.application.extra
    if "extra" not in said:
        return present
    given = said["extra"]
    answers, wrong = extra_fields.read(t.dossier.item, {**(present or {}), **given})
    t.complaints += wrong
    return answers or None


def _relate(t: Turn, said: Mapping[str, Any]) -> None:
    """The earlier application, where this one changes its decision: in effect, and within the clerk's own sight."""
    if said.get("relation", t.application.relation) == "new":
        t.application.original_id = None
    elif number := said.get("original_no"):
        found = birth.in_effect(t.session, number)
        seen = found is not None and t.actor.sees(found.centre_id, found.office_id)
        t.not_now_unless(seen, original_effective.sentence)
        assert found is not None
        t.application.original_id = found.id


def _replaced(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """What stood there before and is different now."""
    return {name: value for name, value in old.items() if value and value != new[name]}
