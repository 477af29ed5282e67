"""The demo's scenarios are lawful, act by act, before any engine plays them."""

from collections import Counter
from datetime import datetime, time
from itertools import pairwise

import app as onewindow
from app.engine.acts import ACTS
from app.engine.object_acts import BODIES
from app.law.identity import check_ems_no, check_id, check_mobile
from app.law.lifecycle import TRANSITIONS
from app.law.object_acts import EVERY_ACT, OBJECT_ACTS
from app.law.roles import BACK_CLASSES, FRONT_ACTS, REACH, ActClass, Reach
from app.law.states import State

onewindow.learn_acts()
CAN_BE_DONE = {*ACTS, *BODIES}
PLAYED = {name for name in ACTS if name != "return_suspension"} | {
    name for name, act in BODIES.items() if act.transition.kind in {"opinion", "escalation"} and name != "pass_up"
}
"""Every act on an application, and on what is said of it, but for two that a finished story has no room for."""
STATES = set(State)
FROM = datetime(2026, 9, 21)  # noqa: DTZ001 - the files hold county time without a zone
UNTIL = datetime(2026, 11, 23, 8)  # noqa: DTZ001


def moment(step):
    return datetime.strptime(step["at"], "%Y-%m-%d %H:%M")  # noqa: DTZ007


def is_child(scenario):
    """Of one thing, filed with the lead application by the same applicant."""
    return "parent_id" in scenario["steps"][0].get("data", {})


def on_the_application(scenario):
    """The steps but for those on an opinion or an escalation, which move nothing."""
    return [step for step in scenario["steps"] if step["act"] not in OBJECT_ACTS]


def final_state(scenario):
    state = None
    for step in on_the_application(scenario):
        state = TRANSITIONS[step["act"]].to or state
    return state


def test_every_step_is_in_the_table_and_starts_where_the_last_one_ended(scenario):
    state = None
    assert {step["act"] for step in scenario["steps"]} <= CAN_BE_DONE
    for step in on_the_application(scenario):
        row = TRANSITIONS[step["act"]]
        assert row.birth if state is None else state in row.sources, step
        state = row.to or state


def test_every_step_is_done_by_somebody_whose_role_and_reach_allow_it(scenario, staff, items):
    item = items[scenario["item"]]
    for step in scenario["steps"]:
        row = EVERY_ACT[step["act"]]
        if step["by"] in ("system", "public"):
            assert step["by"] in row.roles
            continue
        person = staff[step["by"]]
        fitting = [role for role in row.roles if role in person["roles"]]
        if step["act"] == "give_opinion":
            assert fitting
            assert person["unit"] == step["data"]["office"]
            continue
        reach = {REACH[role] for role in fitting}
        assert (
            Reach.COUNTY in reach
            or (Reach.CENTRE in reach and person["unit"] == scenario["centre"])
            or (Reach.OFFICE in reach and person["unit"] == item["office"])
        ), step


def test_a_town_takes_fronted_items_only_and_never_offers_pickup(scenario, items):
    if scenario["centre"] != "hall":
        assert items[scenario["item"]]["is_fronted"]
        assert scenario["delivery_mode"] in {"window", "ems"}
    assert ("ems_address" in scenario) == (scenario["delivery_mode"] == "ems")


def test_the_receiver_never_decides_and_the_reviewer_never_grants_but_instant_items(scenario, items):
    front = {step["by"] for step in scenario["steps"] if step["act"] in FRONT_ACTS}
    back = {step["by"] for step in scenario["steps"] if EVERY_ACT[step["act"]].act_class in BACK_CLASSES}
    assert not front & back
    by = {}
    for step in scenario["steps"]:
        by.setdefault(step["act"], []).append(step["by"])
    if "grant" in by:
        instant = items[scenario["item"]]["handling"] == "instant"
        assert instant or by["grant"][0] != by["review"][-1]
    leaders = set(by.get("approve_rejection", []) + by.get("return_rejection", []) + by.get("approve_refusal", []))
    assert not leaders & set(by.get("reject", []) + by.get("refuse", []) + by.get("review", []))


def test_two_people_archive_and_no_slip_is_accepted_by_its_sender(scenario):
    sender = lister = None
    for step in scenario["steps"]:
        act_class = EVERY_ACT[step["act"]].act_class
        if step["act"] in {"receive", "send_file", "hand_over"}:
            sender = step["by"]
        elif step["act"] in {"confirm_file", "return_file", "confirm_handover", "return_handover"}:
            assert step["by"] != sender, step
        elif act_class is ActClass.FILE1:
            lister = step["by"]
        elif act_class is ActClass.FILE2:
            assert step["by"] != lister, step


def test_the_file_is_confirmed_before_it_is_judged(scenario):
    confirmed = False
    for step in scenario["steps"]:
        if step["act"] in {"receive", "send_file", "return_file", "receive_correction"}:
            confirmed = False
        elif step["act"] == "confirm_file":
            confirmed = True
        elif step["act"] in {"accept", "reject", "review", "grant"}:
            assert confirmed, step


def test_an_item_that_needs_verification_is_not_reviewed_without_one(scenario, items):
    acts = [step["act"] for step in scenario["steps"]]
    if items[scenario["item"]]["needs_verification"] and "review" in acts:
        assert acts.index("record_verification") < acts.index("review")


def test_an_item_with_a_fee_is_not_issued_before_it_is_paid(scenario, items):
    left = [i for i, step in enumerate(scenario["steps"]) if step["act"] in {"dispatch", "issue"}]
    for standard in items[scenario["item"]]["fee"].get("standards", ()) if left else ():
        before = scenario["steps"][: left[0]]
        settled = {"confirm_payment", "waive_fee", "waive_notified_fee"}
        assert any(s["act"] in settled and s["data"]["fee_kind"] == standard["kind"] for s in before), standard


def test_acts_happen_one_after_the_other_in_opening_hours_of_working_days(scenario, calendar):
    times = [moment(step) for step in scenario["steps"]]
    assert all(earlier < later for earlier, later in pairwise(times))
    for step, at in zip(scenario["steps"], times, strict=True):
        assert FROM <= at < UNTIL
        if step["by"] == "system":  # it does what is due when the counters have closed
            continue
        assert calendar.is_workday(at.date()), at
        assert time(8, 30) <= at.time() <= time(12) or time(14, 30) <= at.time() <= time(17, 30), at


def test_the_people_of_a_scenario_are_fictional_and_their_numbers_valid(scenario, items, codes, staff):
    applicant = scenario["applicant"]
    assert applicant["type"] in items[scenario["item"]]["service_objects"]
    assert (applicant["type"] == "1") == (applicant["id_type"] == "resident_id")
    assert ("legal_rep" in applicant) == (applicant["type"] != "1")
    for person in (applicant, *([scenario["agent"]] if "agent" in scenario else [])):
        assert check_id(person["id_type"], person["id_no"], UNTIL.date()) is None
        assert check_mobile(person["phone"]) is None
        assert "例" in person["name"]
        assert person["phone"].startswith("1990000")
        assert person["id_type"] == "uscc" or person["id_no"].startswith("469099")
    assert not {applicant["name"], applicant.get("legal_rep")} & {person["name"] for person in staff.values()}


def test_what_a_step_brings_fits_the_act(scenario, items, codes):
    positions = {material["position"] for material in items[scenario["item"]]["materials"]}
    reasons = {row["code"] for row in codes["rejection_reason"]}
    for step in scenario["steps"]:
        data = step.get("data", {})
        if step["act"] in {"receive", "send_file"}:
            assert data["sent_as"] in {"scans", "paper"}
        elif step["act"] in {"notify", "return_file"}:
            assert {line["position"] for line in data["lines"]} <= positions
        elif step["act"] == "reject":
            assert data["reason_code"] in reasons
            assert ("redirect_to" in data) == (data["reason_code"] == "wrong_authority")
            assert min(len(data["facts"]), len(data["reasons"])) >= 10
        elif step["act"] == "dispatch":
            assert check_ems_no(data["ems_no"]) is None
        elif step["act"] == "change_delivery":
            assert (data["delivery_mode"] == "ems") == ("ems_address" in data)
        elif step["act"] == "grant":
            assert data["valid_to"] == "long_term" or data["valid_to"] > step["at"][:10]
        elif step["act"] == "issue" and scenario["applicant"]["type"] != "1" and "agent" not in scenario:
            assert (data["signer"], data["relation"]) == (scenario["applicant"]["legal_rep"], "legal_rep")


def test_refs_times_certificates_and_mail_numbers_are_unique(scenarios):
    steps = [step for scenario in scenarios for step in scenario["steps"]]
    for values in (
        [scenario["ref"] for scenario in scenarios],
        [step["at"] for step in steps],
        [step["data"]["cert_no"] for step in steps if step["act"] == "make_certificate"],
        [step["data"]["ems_no"] for step in steps if step["act"] == "dispatch"],
        [scenario["applicant"]["id_no"] for scenario in scenarios if not is_child(scenario)],
        [scenario["applicant"]["phone"] for scenario in scenarios if not is_child(scenario)],
    ):
        assert len(values) == len(set(values))


def test_every_town_has_three_applications_every_state_two_and_every_act_one(scenarios, centres):
    places = Counter(scenario["centre"] for scenario in scenarios)
    assert min(places[centre["code"]] for centre in centres) >= 3
    ends = Counter(final_state(scenario) for scenario in scenarios)
    assert set(ends) == STATES
    assert min(ends.values()) >= 2
    assert {step["act"] for scenario in scenarios for step in scenario["steps"]} >= PLAYED
