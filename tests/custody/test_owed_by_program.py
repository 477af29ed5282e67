"""A program sees what is owed within its reach, and does every act on it by the ids it read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.factories import Line, tolerant
from tests.web.programs import Program, error, fields

if TYPE_CHECKING:
    from flask import Flask

    from tests.factories import County


def test_what_is_owed_is_read_collected_and_ticked_by_program(app: Flask, county: County) -> None:
    tolerant(county)
    line = Line(county, item="I06").register()
    clerk, stranger = Program(app, county, "clerk.town"), Program(app, county, "clerk.other")
    owed = line.owed()
    given = {"materials": line.materials(), "identity_checked": "eyes", "delivery_mode": "window", "sent_as": "paper",
             "commitment": clerk.upload("承诺书.pdf").json["id"]}  # fmt: skip
    late = clerk.do("receive", line.id, **given, owed=[owed[0] | {"due": "2026-03-10"}])
    assert (error(late), fields(late)) == ((422, "incomplete"), {"owed.0.due"})
    assert clerk.do("receive", line.id, **given, owed=owed).status_code == 200

    mine = f"owed_material/?q=(filters:!((col:application_id,opr:eq,value:{line.id})))"
    [found] = clerk.get(mine).json["result"]
    assert (found["state"], found["due_on"], found["how"]) == ("open", "2026-03-09", "window")
    assert stranger.get("owed_material/").json["count"] == 0
    assert error(stranger.get(f"owed_material/{found['id']}")) == (404, "not_found")

    line.confirm_file().accept().review().grant().make_certificate().hand_over().confirm_handover()
    issuer = Program(app, county, "clerk2.town")
    signed = {"signer": "示例甲", "relation": "self", "id_last4": "1239", "ticks": [found["id"]]}
    signed["signature"] = issuer.upload("签名.pdf").json["id"]
    refused = issuer.do("issue", line.id, **signed)
    assert error(refused) == (409, "not_now")
    assert "平面图" in refused.json["error"]["message"]
    came = issuer.do("collect_supplement", line.id, owed_id=found["id"], how="window", form="original", pieces=1)
    assert came.json["closed_at"] is not None
    assert clerk.get(mine).json["result"][0]["state"] == "collected"
    assert issuer.do("issue", line.id, **signed).json["state"] == "delivered"


def test_the_papers_that_somebody_holds_are_named_with_the_application(app: Flask, county: County) -> None:
    line = Line(county).register().receive("paper")
    clerk = Program(app, county, "clerk.town")
    shown = clerk.shown(line.id)
    here = county.application(line.id).centre.unit
    assert [(each["name"], each["holder"]) for each in shown["pieces"]] == [("申请表", here), ("身份证明", here)]
    request = clerk.upload("撤回申请.pdf").json["id"]
    answer = clerk.do("withdraw", line.id, request=request, returned=[shown["pieces"][0]["id"]])
    assert (answer.json["state"], answer.json["archive"]) == ("withdrawn", "open")
    assert clerk.shown(line.id)["pieces"][0]["holder"] == "applicant"
