"""What is seeded is whole, lawful and agrees with itself."""

import json
import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.law.identity import IdType, check_landline, check_mobile, check_uscc
from app.law.roles import STAFF_ROLES, Role, toxic_pairs
from app.law.workdays import add_months, add_workdays

SEED = Path(__file__).parents[2] / "seed"
AUTHORISATION = "授权委托书及代理人身份证明"
FRONTED = {"I01", "I02", "I04", "I05", "I06", "I12", "I13", "I19", "I28", "I31", "I32", "I33", "I34"}
MAY_BE_EMPTY = {"condition", "source_sharing", "note", "window", "basis"}


def unique(values):
    return [value for value, times in Counter(values).items() if times > 1] == []


def empty_texts(node, path=""):
    if isinstance(node, dict):
        for key, value in node.items():
            if not (value == "" and key in MAY_BE_EMPTY):
                yield from empty_texts(value, f"{path}.{key}")
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from empty_texts(value, f"{path}[{number}]")
    elif isinstance(node, str) and (not node or node.strip() != node):
        yield path


@pytest.mark.parametrize("file", sorted(SEED.rglob("*.json")), ids=lambda file: file.name)
def test_no_text_is_empty_or_padded_with_blanks(file):
    assert list(empty_texts(json.loads(file.read_text(encoding="utf-8")))) == []


def test_the_county_has_one_hall_and_eight_towns_with_codes_of_their_own(centres):
    assert Counter(centre["kind"] for centre in centres) == {"hall": 1, "town": 8}
    assert {c["division_code"] for c in centres} == {"469022", *(str(n) for n in range(469022100, 469022108))}
    for field in ("code", "name", "division_code", "ticket_letter", "phone"):
        assert unique(centre[field] for centre in centres), field
    for centre in centres:
        assert check_landline(centre["phone"]) is None
        hours = [centre[field] for field in ("opens_at", "lunch_from", "lunch_to", "closes_at")]
        assert hours == sorted(hours)
        assert len(set(hours)) == 4


def test_every_code_has_a_label_in_both_languages(codes):
    assert [code["code"] for code in codes["item_type"]] == ["01", "05", "07", "08", "09", "10", "20"]
    assert {code["code"] for code in codes["id_type"]} == set(IdType)
    for name, rows in codes.items():
        assert unique(row["code"] for row in rows), name
        assert all(set(row) == {"code", "zh", "en"} for row in rows), name


def test_retention_periods_and_settings_have_unique_keys(retention, settings):
    assert [row["years"] for row in retention] == [None, 30, 10]
    assert unique(row["code"] for row in retention)
    assert unique(row["key"] for row in settings)
    assert all({"zh", "en"} == set(row["label"]) == set(row["help"]) for row in settings)


def test_the_rule_is_quoted_whole_with_its_ten_stages(regulation):
    assert regulation["version"] == "2023-05-09"
    assert [article["number"] for article in regulation["articles"]] == list(range(1, 18))
    assert [stage["number"] for stage in regulation["articles"][14]["stages"]] == list(range(1, 11))
    assert "受审分离" in regulation["articles"][1]["text"]
    assert "5个工作日内" in regulation["articles"][14]["stages"][8]["text"]


def test_offices_departments_and_windows_have_codes_of_their_own(organisation, centres):
    assert check_uscc(organisation["bureau"]["uscc"]) is None
    assert [office["code"] for office in organisation["offices"]] == ["SW", "SC", "JT", "NL", "WJ", "TZ"]
    assert len(organisation["industry_departments"]) == 13
    for rows in (organisation["offices"], organisation["industry_departments"]):
        assert unique(row["code"] for row in rows)
        assert unique(row["name"] for row in rows)
    windows = organisation["windows"]
    assert unique((window["centre"], window["code"]) for window in windows)
    assert all(check_landline(row["phone"]) is None for row in (*windows, *organisation["offices"]))
    assert {w["code"] for w in windows if w["centre"] == "hall"} == {
        *(f"A{number:02d}" for number in range(1, 9)), "B01", "B02", "D01", "H01",
    }
    for centre in centres:
        if centre["kind"] == "town":
            own = [window for window in windows if window["centre"] == centre["code"]]
            assert [window["code"] for window in own] == ["T01", "T02"]
            assert {window["area"] for window in own} == {centre["ticket_letter"]}


def test_the_catalogue_is_the_thirty_four_items_with_well_formed_codes(items, organisation, codes, retention):
    assert list(items) == [f"I{number:02d}" for number in range(1, 35)]
    offices = {office["code"] for office in organisation["offices"]}
    departments = {department["code"] for department in organisation["industry_departments"]}
    periods = {row["code"] for row in retention}
    types = {row["code"] for row in codes["item_type"]}
    assert unique(item["impl_code"] for item in items.values())
    assert {item["industry_department"] for item in items.values()} == departments
    for code, item in items.items():
        assert item["item_type"] in types, code
        assert item["office"] in offices, code
        assert item["retention"] in periods, code
        assert re.fullmatch(rf"00{item['item_type']}\d{{8}}", item["basic_code"]), code
        expected = organisation["bureau"]["uscc"] + item["exercise_level"] + item["basic_code"]
        assert item["impl_code"] == expected, code
        assert len(item["impl_code"]) == 18 + 1 + 12, code
        assert set(item["service_objects"]) <= {"1", "2", "3", "4", "5", "6"}, code


def test_the_limits_of_every_item_are_lawful(items):
    for code, item in items.items():
        instant = item["handling"] == "instant"
        assert instant == (item["promised_days"] == 0), code
        if item["statutory_unit"] == "working_day":
            assert item["promised_days"] <= item["statutory_amount"] or instant, code
        assert item["correction_days"] == (1 if instant else 5), code
        assert item["extension_max"] == (10 if item["item_type"] == "01" else 0), code
    assert {code for code, item in items.items() if item["clock_start"] == "received"} == {"I18", "I23"}
    assert {code for code, item in items.items() if item["statutory_unit"] == "month"} == {"I30"}
    assert {code for code, item in items.items() if item["handling"] == "instant"} == {
        "I01", "I05", "I31", "I32", "I34",
    }
    assert {code for code, item in items.items() if item["is_fronted"]} == FRONTED


def test_a_promise_stays_within_a_limit_of_months_from_every_day_of_a_year(items, calendar):
    for item in items.values():
        if item["statutory_unit"] == "month":
            for start in (date(2026, 1, 1) + timedelta(days=number) for number in range(365)):
                promised = add_workdays(start, item["promised_days"], calendar).due
                assert promised <= add_months(start, item["statutory_amount"], calendar).due, (item["code"], start)


def test_only_the_item_with_a_fee_names_its_basis_and_standard(items):
    assert [code for code, item in items.items() if item["fee"]["has_fee"]] == ["I20"]
    assert items["I20"]["fee"]["basis"]
    standards = {code: item["fee"]["standards"] for code, item in items.items() if "standards" in item["fee"]}
    assert {code: [each["kind"] for each in rows] for code, rows in standards.items()} == {"I20": ["fee", "deposit"]}
    assert all(each["legal_basis"] and float(each["unit_price"]) > 0 for each in standards["I20"])


def test_every_guide_cites_a_law_and_an_article_and_fits_a_decision(items):
    for code, item in items.items():
        assert re.search(r"《.+?》.*第.+?条", item["legal_basis"]), code
        assert 5 <= len(item["legal_basis"]) <= 500, code


def test_every_material_list_holds_form_identity_authorisation_and_its_own(items):
    for code, item in items.items():
        materials = item["materials"]
        assert 3 <= len(materials) <= 7, code
        assert [material["position"] for material in materials] == list(range(1, len(materials) + 1)), code
        assert unique(material["name"] for material in materials), code
        assert materials[0]["name"].endswith("申请表"), code
        assert not any(material["tolerable"] for material in materials[:2]), code
        agents = [m for m in materials if m["requirement"] == "conditional" and m["name"] == AUTHORISATION]
        assert len(agents) == 1, code
        assert not agents[0]["tolerable"], code
        for material in materials:
            where = (code, material["name"])
            assert material["form"] in {"original", "copy", "electronic", "original_and_copy"}, where
            assert (material["requirement"] == "conditional") == bool(material["condition"]), where
            assert material["original_count"] + material["copy_count"] > 0, where
            assert (material["copy_count"] > 0) == ("copy" in material["form"]), where


def test_owed_material_comes_within_five_days_and_within_the_promise(items):
    for code, item in items.items():
        most = min(5, item["promised_days"] or 5)
        for material in item["materials"]:
            assert material["tolerable"] == (material["supplement_days"] > 0), (code, material["name"])
            assert material["supplement_days"] <= most, (code, material["name"])
    none = {code for code, item in items.items() if not any(m["tolerable"] for m in item["materials"])}
    assert none == {"I03", "I05", "I10", "I16", "I22", "I23", "I26", "I27", "I29", "I30"}


def test_every_role_has_two_people_and_nobody_a_toxic_pair(staff):
    people = Counter(role for person in staff.values() for role in person["roles"])
    assert set(people) == set(STAFF_ROLES)
    assert min(people.values()) >= 2
    for username, person in staff.items():
        roles = frozenset(Role(role) for role in person["roles"])
        assert toxic_pairs(roles, in_county_hall=person["unit"] == "hall") == [], username


def test_every_town_and_every_office_is_staffed(staff, centres, organisation):
    posts = Counter((person["unit"], role) for person in staff.values() for role in person["roles"])
    for centre in centres:
        if centre["kind"] == "town":
            assert posts[centre["code"], "town_clerk"] == 2, centre["code"]
    for office in organisation["offices"]:
        assert posts[office["code"], "approver"] == 2, office["code"]
        assert posts[office["code"], "office_head"] == 2, office["code"]
        assert posts[office["code"], "approval_assistant"] == 1, office["code"]
    assert [posts["hall", role] for role in ("window_clerk", "window_manager", "cert_clerk")] == [4, 2, 2]


def test_staff_are_plainly_fictional_and_sit_where_they_belong(staff, centres, organisation):
    units = {centre["code"] for centre in centres} | {office["code"] for office in organisation["offices"]}
    units |= {department["code"] for department in organisation["industry_departments"]} | {"bureau"}
    windows = {(window["centre"], window["code"]) for window in organisation["windows"]}
    assert unique(person["name"] for person in staff.values())
    assert unique(person["phone"] for person in staff.values())
    taken = [(person["unit"], person["window"]) for person in staff.values() if person["window"]]
    assert unique(taken)
    assert set(taken) <= windows
    for username, person in staff.items():
        assert re.fullmatch(r"[a-z]+[a-z0-9.]*", username), username
        assert "示" in person["name"], username
        assert person["unit"] in units, username
        assert check_mobile(person["phone"]) is None, username
        assert person["phone"].startswith("1990000"), username


def test_town_clerks_are_hired_by_the_bureau_and_managed_by_their_town(staff, centres):
    names = {centre["code"]: centre["name"] for centre in centres}
    for person in staff.values():
        if "town_clerk" in person["roles"]:
            assert person["employer_org"] == "屯昌县行政审批服务局"
            assert person["managing_org"] == names[person["unit"]]


def test_the_rule_came_into_force_before_anything_shown_here(regulation, scenarios):
    first = min(step["at"] for scenario in scenarios for step in scenario["steps"])
    assert date.fromisoformat(regulation["version"]) < date.fromisoformat(first[:10])
