"""Publishing an item: checked whole, applied whole, each revision kept; and what it was filed under stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from app.configuration import revisions
from app.engine import transaction
from app.errors import Incomplete, NotNow
from app.models.catalogue import Item
from app.models.revision import ItemRevision
from tests.factories import Line

if TYPE_CHECKING:
    from tests.factories import County

QUESTION = {"position": 1, "name": "plate_no", "label": "车牌号", "type": "text", "choices": [], "required": True,
            "pattern": "琼[A-Z][A-Z0-9]{5,6}", "help": ""}  # fmt: skip
MATERIAL = {"position": 4, "name": "现场照片", "requirement": "required", "form": "electronic", "original_count": 0,
            "copy_count": 0, "tolerable": True, "supplement_days": 5}  # fmt: skip


def item_of(county: County, code: str) -> Item:
    county.session.rollback()
    return county.session.scalars(select(Item).where(Item.code == code)).one()


def publish(county: County, which: str, **changes: Any) -> ItemRevision:
    item = item_of(county, which)
    content = revisions.content_of(item) | changes
    return transaction.run(county.session, lambda: revisions.publish(county.session, content, "admin", "试行", item))


@pytest.mark.database
def test_a_published_revision_is_what_clerks_see_and_the_filed_one_stays(county: County) -> None:
    filed = Line(county).register()
    item = item_of(county, "I12")
    first, second, third = revisions.content_of(item)["materials"]
    lines = [second | {"position": 1}, first | {"position": 2}, MATERIAL]
    revision = publish(county, "I12", promised_days=4, materials=lines, extra_fields=[QUESTION])
    assert (revision.number, revision.published_by) == (2, "admin")
    item = item_of(county, "I12")
    assert [(m.id, m.name) for m in item.materials][:2] == [(second["id"], "身份证明"), (first["id"], "申请表")]
    assert [m.name for m in item.materials][2] == "现场照片"
    assert (item.promised_days, [e.name for e in item.extra_fields], item.revision) == (4, ["plate_no"], 2)
    kept = county.application(filed.id).item_version.snapshot
    assert (kept["promised_days"], len(kept["materials"]), kept["extra_fields"]) == (5, 3, [])
    assert third["name"] in [m["name"] for m in kept["materials"]]
    numbers = county.session.scalars(select(ItemRevision.number).order_by(ItemRevision.id)).all()
    assert numbers == [1, 2]


def test_everything_that_is_wrong_is_said_at_once_and_nothing_is_changed(county: County) -> None:
    with pytest.raises(Incomplete) as refused:
        publish(
            county, "I12", code="I13", promised_days=21, legal_basis=" ", office_id=999,
            materials=[MATERIAL | {"supplement_days": 0}, MATERIAL | {"name": "图", "position": 4, "is_core": True}],
            extra_fields=[QUESTION | {"pattern": "(a+)+"}, QUESTION | {"type": "choice", "choices": ["一"]}],
        )  # fmt: skip
    assert {each.field for each in refused.value.complaints} == {
        "code", "promised_days", "legal_basis", "office_id", "materials.0.supplement_days", "materials.1.position",
        "materials.1.tolerable", "extra_fields.0.pattern", "extra_fields.1.choices", "extra_fields.1.pattern",
        "extra_fields.1.name",
    }  # fmt: skip
    assert item_of(county, "I12").promised_days == 5


def test_two_drafts_of_one_item_do_not_meet_and_a_switch_goes_by_beside(county: County) -> None:
    item = item_of(county, "I12")
    session = county.session
    content = revisions.content_of(item) | {"promised_days": 3}
    transaction.run(session, lambda: revisions.begin_draft(session, item, content, "admin"))
    with pytest.raises(NotNow, match="admin"):
        publish(county, "I12", promised_days=4)
    transaction.run(session, lambda: revisions.switch(session, item, "is_fronted", False, "admin", ""))
    item = item_of(county, "I12")
    draft = revisions.draft_of(session, item)
    assert draft is not None
    assert (item.is_fronted, item.promised_days, draft.content["is_fronted"], draft.content["promised_days"]) == (
        False, 5, False, 3,
    )  # fmt: skip
    transaction.run(session, lambda: revisions.publish(session, draft.content, "admin", "", item, draft=draft))
    assert item_of(county, "I12").promised_days == 3
