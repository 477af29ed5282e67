"""Who applies: what must hold of the people an application names, and how they are written down."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from app.engine.paper_common import NATURAL_PERSON
from app.law import N_
from app.law.identity import check_id, clean, last_four
from app.models.application import Application
from app.models.encrypted import blind_index


def wrong_about(said: Mapping[str, Any], today: date) -> Iterator[tuple[str, str]]:
    """The field and the sentence of each fault; of a field that is not there for a fault of its own nothing is said."""
    if "applicant_type" in said:
        person = said["applicant_type"] == NATURAL_PERSON
        if not person and "legal_rep" in said and not said["legal_rep"]:
            yield "legal_rep", N_("An organisation names its legal representative.")
        if "id_type" in said and person is (said["id_type"] == "uscc"):
            yield "id_type", N_("A person shows a personal document, an organisation its social credit code.")
    if said.get("relation", "new") != "new" and "original_no" in said and not said["original_no"]:
        yield "original_no", N_("Name the earlier application.")
    yield from wrong_number(said, today)


def wrong_number(said: Mapping[str, Any], today: date) -> Iterator[tuple[str, str]]:
    """What is wrong with the number of somebody's identity document."""
    if said.get("id_type") and said.get("id_no"):
        sentence = check_id(said["id_type"], clean(said["id_no"]), today)
        if sentence is not None:
            yield "id_no", sentence


def write_down(a: Application, said: Mapping[str, Any]) -> None:
    """Write down what is said of the applicant and the agent, with what the numbers are found by; the rest stays."""
    for name in ("applicant_type", "applicant_name", "id_type", "relation"):
        if name in said:
            setattr(a, name, said[name])
    for name in ("address", "legal_rep"):
        if name in said:
            setattr(a, name, said[name] or "")
    if "id_no" in said:
        a.id_no = clean(said["id_no"])
        a.id_no_index, a.id_last4_index = blind_index("id_no", a.id_no), blind_index("id_last4", last_four(a.id_no))
    if "phone" in said:
        a.phone, a.phone_index = said["phone"], blind_index("phone", said["phone"])
    _write_agent_down(a, said.get("agent") or {})


def _write_agent_down(a: Application, agent: Mapping[str, Any]) -> None:
    for name in ("name", "id_type", "phone"):
        if name in agent:
            setattr(a, f"agent_{name}", agent[name])
    if "id_no" in agent:
        a.agent_id_no = clean(agent["id_no"])
        a.agent_id_index = blind_index("id_no", a.agent_id_no)
        a.agent_last4_index = blind_index("id_last4", last_four(a.agent_id_no))
