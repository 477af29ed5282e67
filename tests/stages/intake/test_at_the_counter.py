"""What the rule asks of every counter, proved from outside: any item, one receipt on the spot, no choice of office."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from app.engine import scope
from app.models.application import ApplicationMaterial
from app.models.catalogue import Item
from app.models.trail import Document, Notice, RefusedAct
from tests.factories import APPLICANT, tolerant
from tests.web.at_work import at_work
from tests.web.programs import Program, error, fields

if TYPE_CHECKING:
    from flask import Flask

    from tests.factories import County

WHO = {
    "applicant_type": "1", "applicant_name": APPLICANT["name"], "id_type": "resident_id", "id_no": APPLICANT["id_no"],
    "phone": "19900000001", "relation": "new",
}  # fmt: skip


def taken_in(program: Program, pk: int, **changes: Any) -> dict[str, Any]:
    """What a receipt of everything says, over the API."""
    materials = program.shown(pk)["materials"]
    how = {"申请表": {"form": "original"}, "身份证明": {"form": "copy", "copy_verified": True}}
    lines = [
        {"material_id": m["id"], "status": "taken", "pieces": 1, **how[m["name"]]}
        if m["name"] in how
        else {"material_id": m["id"], "status": "not_applicable", "pieces": 0}
        for m in materials
    ]
    told = {"identity_checked": "reader", "delivery_mode": "window", "sent_as": "scans"}
    return {"materials": lines, **told, **changes}


# 4: 无差别全科受理


@pytest.mark.req(4)
@pytest.mark.parametrize("clerk", ["clerk.hall", "clerk2.hall"])
def test_every_window_of_the_hall_takes_every_active_item(app: Flask, county: County, clerk: str) -> None:
    """4: any hall window takes any listed item; what is out of service is taken nowhere."""
    window = Program(app, county, clerk)
    listed = window.get("item/?q=(filters:!((col:is_active,opr:eq,value:!t)),page_size:100)").json["result"]
    codes = {each["code"] for each in listed}
    assert len(codes) == 4  # fronted or not, of both offices
    page = app.test_client()
    assert page.get("/application/items/I12").status_code == 302  # to the login
    offered = set()
    for code in sorted(codes):
        answer = window.post("application/", {"item": code, **WHO})
        assert (answer.status_code, answer.json["state"]) == (201, "draft"), code
        offered.add(window.shown(answer.json["id"])["item"]["code"])
    assert offered == codes
    with scope.unscoped(county.session):
        county.session.scalars(select(Item).where(Item.code == "I13")).one().is_active = False
        county.session.commit()
    assert error(window.post("application/", {"item": "I13", **WHO})) == (409, "not_now")


def test_every_window_of_the_hall_finds_every_item_while_one_types(app: Flask, county: County) -> None:
    hall, town = (at_work(app, who).get("/application/items/I04?q=I").json for who in ("clerk2.hall", "clerk.town"))
    assert {each["id"] for each in hall} == {"I04", "I05", "I12", "I13"}
    assert {each["id"] for each in town} == {"I04", "I05", "I12"}


# 59: 当场收件


@pytest.mark.req(59)
def test_what_is_in_order_is_received_on_the_spot_with_a_voucher_of_this_minute(app: Flask, county: County) -> None:
    clerk = Program(app, county, "clerk.town")
    pk = clerk.post("application/", {"item": "I12", **WHO}).json["id"]
    answer = clerk.do("receive", pk, **taken_in(clerk, pk))
    assert answer.json["state"] == "received"
    shown = clerk.shown(pk)
    [voucher] = [each for each in clerk.get(f"application/{pk}/documents").json if each["kind"] == "receipt_voucher"]
    # in one session: the clock stands still in this test, and no field takes another time
    assert shown["registered_at"] == shown["received_at"] == voucher["issued_at"] == "2026-03-02T10:00:00+08:00"
    assert clerk.get(f"application/{pk}/documents/{voucher['number']}.pdf").data.startswith(b"%PDF")

    other = clerk.post("application/", {"item": "I12", **WHO}).json["id"]
    dated = clerk.do("receive", other, **taken_in(clerk, other, received_at="2026-02-27T09:00:00+08:00"))
    assert (error(dated), fields(dated)) == ((422, "incomplete"), {"received_at"})
    assert clerk.shown(other)["state"] == "draft"
    assert "receipt_voucher" not in {each["kind"] for each in clerk.get(f"application/{other}/documents").json}


# 61: 一次性告知全部内容


@pytest.mark.req(61)
def test_a_notice_prints_every_line_it_was_given_and_a_different_second_one_is_flagged(
    app: Flask, county: County
) -> None:
    clerk = Program(app, county, "clerk.town")
    pk = clerk.post("application/", {"item": "I12", **WHO}).json["id"]
    materials = clerk.shown(pk)["materials"]
    lines = [
        {"material_id": each["id"], "status": "missing", "requirement": f"请提交{each['name']}"} for each in materials
    ]
    without = clerk.do("notify", pk, lines=[])
    assert error(without) == (422, "incomplete")
    assert [each["message"] for each in without.json["error"]["complaints"]] == ["“缺少或者不符合要求的材料”至少填写 1 项。"]
    assert clerk.do("notify", pk, lines=lines).status_code == 200
    [paper] = [d for d in county.rows(Document, pk) if d.kind == "one_time_notice"]
    with scope.unscoped(county.session):
        printed = str(paper.facts)
    assert [each["name"] for each in materials if each["name"] not in printed] == []
    assert [line["requirement"] for line in lines if line["requirement"] not in printed] == []
    assert clerk.get(f"application/{pk}/documents/{paper.number}.pdf").data.startswith(b"%PDF")

    fewer = clerk.do("notify", pk, lines=lines[:1])
    assert (error(fewer), fields(fewer)) == ((422, "incomplete"), {"again_reason"})
    assert clerk.do("notify", pk, lines=lines[:1], again_reason="其余材料申请人当场补齐").status_code == 200
    [flag] = [n for n in county.rows(Notice, pk) if n.cause == "notify"]
    assert (flag.role, flag.level) == ("window_manager", "yellow")
    twice = clerk.do("notify", pk, lines=[lines[0], lines[0]], again_reason="其余材料申请人当场补齐")
    assert twice.status_code == 422
    assert clerk.do("notify", pk, lines=lines[:1]).status_code == 200  # the same again is no new demand


# 62: 分类审核


@pytest.mark.req(62)
@pytest.mark.parametrize(("item", "office", "own", "other"), [
    ("I12", "农林水务审批室", "approver", "approver.other"), ("I04", "市场准入审批室", "approver.other", "approver"),
])  # fmt: skip
def test_a_receipt_goes_to_the_office_of_its_item_and_nobody_chooses(
    app: Flask, county: County, item: str, office: str, own: str, other: str
) -> None:
    clerk = Program(app, county, "clerk.town")
    for field in ("office_id", "office", "approver_id"):
        tried = clerk.post("application/", {"item": item, **WHO, field: 1})
        assert (error(tried), fields(tried)) == ((422, "incomplete"), {field})
    pk = clerk.post("application/", {"item": item, **WHO}).json["id"]
    tried = clerk.do("receive", pk, **taken_in(clerk, pk, office_id=1))
    assert fields(tried) == {"office_id"}
    clerk.do("receive", pk, **taken_in(clerk, pk))
    assert clerk.shown(pk)["office"]["name"] == office
    assert "confirm_file" in {each["name"] for each in Program(app, county, own).get(f"application/{pk}/transitions").json}
    stranger = Program(app, county, other)
    assert stranger.get(f"application/{pk}").status_code == 404
    assert stranger.post(f"application/{pk}/transitions/accept", {"version": 2, "opinion": "同意"}).status_code == 404


# 103: the same rules at a town's window as in the hall (rows 54-61)


@pytest.mark.req(103)
@pytest.mark.parametrize("clerk", ["clerk.town", "clerk.hall"])
def test_a_town_receives_by_the_same_rules_as_the_hall(app: Flask, county: County, clerk: str) -> None:
    item = tolerant(county)
    window = Program(app, county, clerk)
    pk = window.post("application/", {"item": item.code, **WHO}).json["id"]

    # 54: the list is the one of the day of filing
    with scope.unscoped(county.session):
        county.session.scalars(select(Item).where(Item.code == item.code)).one().materials[0].name = "新版申请表"
        county.session.commit()
    materials = {m["name"]: m["id"] for m in window.shown(pk)["materials"]}
    assert "申请表" in materials

    whole = taken_in(window, pk)
    whole["materials"][3] = {"material_id": materials["平面图"], "status": "tolerated", "pieces": 0}
    owed = {"material_id": materials["平面图"], "requirement": "按比例绘制", "how": "window", "due": "2026-03-09"}
    whole |= {"owed": [owed], "commitment": window.upload().json["id"]}

    def without(index: int, **changes: Any) -> dict[str, Any]:
        lines = [dict(line) for line in whole["materials"]]
        lines[index] |= changes
        return whole | {"materials": lines}

    refused = {
        "55 unjudged": whole | {"materials": whole["materials"][1:]},
        "56 identity": {k: v for k, v in whole.items() if k != "identity_checked"},
        "57 not compared": without(1, copy_verified=False),
        "58 core missing": without(0, status="tolerated", pieces=0),
        "60 no requirement": whole | {"owed": [{**owed, "requirement": ""}]},
        "60 no commitment": {k: v for k, v in whole.items() if k != "commitment"},
    }
    assert {name: window.do("receive", pk, **told).status_code for name, told in refused.items()} == dict.fromkeys(
        refused, 422
    )
    # 61: told once, with everything
    line = {"material_id": materials["身份证明"], "status": "copy_differs", "requirement": "请重新复印"}
    assert window.do("notify", pk, lines=[line]).status_code == 200
    # 56: an agent brings an authorisation
    agent = {"name": "示例乙", "id_type": "resident_id", "id_no": "469099200002290040", "phone": "19900000002"}
    assert window.post("application/", {"item": "I12", **WHO, "agent": agent}).status_code == 422
    # 59: what is in order is received on the spot
    mine = window.get("application/?q=(filters:!((col:state,opr:eq,value:draft)))").json["ids"]
    assert mine == [pk]
    received = window.do("receive", pk, **whole)
    assert (received.status_code, received.json["state"]) == (200, "received")
    kinds = {each["kind"] for each in window.get(f"application/{pk}/documents").json}
    assert {"one_time_notice", "receipt_voucher", "shortage_commitment"} <= kinds


@pytest.mark.req(103)
def test_a_town_s_window_takes_nothing_for_another_town_or_of_the_county_alone(app: Flask, county: County) -> None:
    town, other = Program(app, county, "clerk.town"), Program(app, county, "clerk.other")
    pk = town.post("application/", {"item": "I12", **WHO}).json["id"]
    assert other.get(f"application/{pk}").status_code == 404
    assert other.post(f"application/{pk}/transitions/receive", {"version": 1}).status_code == 404
    assert error(town.post("application/", {"item": "I13", **WHO})) == (403, "not_allowed")
    with scope.unscoped(county.session):
        assert "register" in {each.act for each in county.session.scalars(select(RefusedAct))}
    picked_up = town.do("receive", pk, **taken_in(town, pk, delivery_mode="pickup"))
    assert fields(picked_up) == {"delivery_mode"}
    assert [m.status for m in county.rows(ApplicationMaterial, pk)] == [None] * 3


