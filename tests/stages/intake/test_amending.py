"""What was taken down wrongly is put right, and the old value stays in the history, masked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.errors import Incomplete, NotAllowed, NotNow
from app.models.encrypted import blind_index
from app.models.organisation import Staff
from app.models.trail import Event
from tests.factories import APPLICANT, Line

if TYPE_CHECKING:
    from tests.factories import County

WHY = "登记时录入有误"
OTHER_ID = "469099200002290040"


def wrong(line: Line, **said: object) -> dict[str, str]:
    with pytest.raises(Incomplete) as refusal:
        line.do("clerk2.town", "amend", reason=WHY, **said)
    return {each.field: each.sentence for each in refusal.value.complaints}


def test_before_receipt_anything_but_the_item_is_put_right_and_the_old_value_is_kept_masked(county: County) -> None:
    line = Line(county).register()

    line.do("clerk2.town", "amend", reason=WHY, applicant_name="示例乙", id_no=OTHER_ID.lower(), phone="19900000002")

    a = county.application(line.id)
    assert (a.applicant_name, a.id_no, a.phone) == ("示例乙", OTHER_ID, "19900000002")
    assert (a.id_no_index, a.id_last4_index) == (blind_index("id_no", OTHER_ID), blind_index("id_last4", "0040"))
    assert (a.address, a.state, a.version) == ("海南省屯昌县枫木镇示例村1号", "draft", 2)
    payload = county.rows(Event, line.id)[-1].payload
    assert payload["before"] == {
        "applicant_name": APPLICANT["name"], "id_no": "469***********1239", "phone": "199****0001",
    }  # fmt: skip
    assert payload["id_no"] == "469***********0040"


def test_a_person_becomes_an_organisation_only_with_all_that_this_needs(county: County) -> None:
    line = Line(county).register()
    assert wrong(line, applicant_type="2").keys() == {"legal_rep", "id_type"}
    whole = {
        "applicant_type": "2",
        "applicant_name": "屯昌示例有限公司",
        "id_type": "uscc",
        "id_no": "91469022MA5T12345J",
    }
    line.do("clerk.town", "amend", reason=WHY, legal_rep="示例丙", **whole)
    assert county.application(line.id).legal_rep == "示例丙"
    line.do("clerk.town", "amend", reason=WHY, applicant_type="1", id_type="resident_id", id_no=OTHER_ID)
    assert county.application(line.id).legal_rep == ""


def test_an_agent_named_later_brings_everything_and_then_one_thing_at_a_time(county: County) -> None:
    line = Line(county).register()
    assert wrong(line, agent={"name": "示例丁", "id_type": "resident_id", "id_no": "46909919990101018"}).keys() == {
        "agent.phone", "agent.authorisation", "agent.id_no",
    }  # fmt: skip
    agent = {"name": "示例丁", "id_type": "resident_id", "id_no": "469099199901010182", "phone": "19900000003"}
    line.do("clerk.town", "amend", reason=WHY, agent={**agent, "authorisation": county.file("clerk.town")})
    line.do("clerk.town", "amend", reason=WHY, agent={"phone": "19900000004"})
    a = county.application(line.id)
    assert (a.agent_name, a.agent_phone, a.authorisation_id is not None) == ("示例丁", "19900000004", True)
    assert county.rows(Event, line.id)[-1].payload["before"] == {"agent": {"phone": "199****0003"}}


def test_an_earlier_decision_is_named_only_where_it_is_in_effect(county: County) -> None:
    granted = Line(county).until("approved")
    line = Line(county).register()
    assert wrong(line, relation="change").keys() == {"original_no"}
    undecided = county.application(line.id).short_no
    with pytest.raises(NotNow, match="not in effect"):
        line.do("clerk.town", "amend", reason=WHY, relation="change", original_no=undecided)
    number = county.application(granted.id).short_no
    line.do("clerk.town", "amend", reason=WHY, relation="change", original_no=number)
    assert county.application(line.id).original_id == granted.id
    line.do("clerk.town", "amend", reason=WHY, relation="new")
    assert county.application(line.id).original_id is None


@pytest.mark.parametrize("state", ["received", "accepted", "handed_over"])
def test_once_the_papers_are_taken_only_phone_and_address_are_put_right(county: County, state: str) -> None:
    line = Line(county).until(state)
    assert wrong(line, applicant_name="示例乙", legal_rep="示例丙").keys() == {"applicant_name", "legal_rep"}
    line.do("clerk2.town", "amend", reason=WHY, phone="19900000002", address="海南省屯昌县坡心镇示例村2号")
    assert county.application(line.id).phone == "19900000002"


def test_an_amendment_changes_something_and_says_why(county: County) -> None:
    line = Line(county).register()
    assert wrong(line, applicant_name=APPLICANT["name"]) == {"": "Nothing would be different."}
    with pytest.raises(Incomplete):
        line.do("clerk.town", "amend", phone="19900000002")
    with pytest.raises(NotAllowed):
        county.do("cert", "amend", line.id, {"reason": WHY, "phone": "19900000002"})


def test_nobody_puts_themselves_in_the_applicants_place(county: County) -> None:
    line = Line(county).register()
    staff = county.session.scalars(select(Staff).where(Staff.name == "示clerk.town")).one()
    staff.id_no, staff.id_no_index = OTHER_ID, blind_index("id_no", OTHER_ID)
    county.session.commit()
    with pytest.raises(NotAllowed, match="party"):
        line.do("clerk.town", "amend", reason=WHY, id_no=OTHER_ID)
