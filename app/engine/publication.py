"""Publishing an item: everything is checked, then what clerks see and the revision change in one transaction."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.engine import versions
from app.engine.inputs import read
from app.engine.item_inputs import ContentInput, ItemInput, tidy
from app.engine.now import now
from app.engine.settings import calendar, load
from app.errors import Complaint, Incomplete, NotNow
from app.law import N_
from app.law.publication import faults
from app.models.archive import Retention
from app.models.catalogue import Item, ItemField, ItemMaterial
from app.models.fees import ItemFee
from app.models.organisation import IndustryDepartment, Office
from app.models.revision import ItemRevision

Content = dict[str, Any]

POINTS_TO = {"office_id": Office, "department_id": IndustryDepartment, "retention_id": Retention}
ITEM_NAMES = tuple(ItemInput().fields)
UNIQUE = ("code", "impl_code")


def content_of(item: Item) -> Content:
    """What the item says now, as a revision keeps it."""
    said = versions.snapshot(item)
    return {name: getattr(item, name) for name in ITEM_NAMES} | {
        "materials": said["materials"], "extra_fields": said["extra_fields"], "fees": said["fees"],
    }  # fmt: skip


def publish(
    session: Session, content: Mapping[str, Any], by: str, note: str, item: Item | None = None, *,
    is_new: bool = False, draft: ItemRevision | None = None, beside: ItemRevision | None = None,
) -> ItemRevision:  # fmt: skip
    """Make an item say `content`, from now on; inside a transaction (`transaction.run`), committed by whoever began it.

    The item is `item`, else the one with the content's code, else a new one; `is_new` refuses a code that is taken.
    `content` is whole, as `content_of` gives
    it; a material without `id` is the one of the same name. Raises Incomplete with every complaint at once, and NotNow
    while a draft of the item is open, but for the `draft` that is being published and one that goes on `beside`.
    """
    given = tidy(read(ContentInput(), content))
    item = None if is_new else _locked(session, item or _same_code(session, given))
    if item is not None and (other := draft_of(session, item)) not in (None, draft, beside):
        raise NotNow(
            N_("%(by)s has begun a draft of %(item)s; publish it or throw it away first."),
            by=other.created_by, item=str(item),
        )  # fmt: skip
    _name_lines(item, given)
    if complaints := complaints_of(session, given, item):
        raise Incomplete(complaints)
    if item is None:
        item = Item(created_at=now(), created_by=by, revision=0)
    else:
        begin(session, item)
    _apply(session, item, given, by)
    item.revision += 1
    revision = draft or ItemRevision(created_at=now(), created_by=by)
    revision.item, revision.content, revision.note = item, content_of(item), note
    revision.state, revision.number = "published", item.revision
    revision.published_at, revision.published_by = now(), by
    session.add(revision)
    session.flush()
    return revision


def check(
    session: Session, content: Mapping[str, Any], item: Item | None = None, *, is_new: bool = False
) -> list[Complaint]:
    """Everything that `publish` would complain of."""
    try:
        given = tidy(read(ContentInput(), content))
    except Incomplete as refusal:
        return list(refusal.complaints)
    return complaints_of(session, given, None if is_new else item or _same_code(session, given))


def complaints_of(session: Session, content: Content, item: Item | None) -> list[Complaint]:
    """What the law, the item itself and the rest of the catalogue say against it; the content is of the right form."""
    days = calendar(session, load(session))
    found = [Complaint(each.field, each.sentence, each.params) for each in faults(content, days, now().date())]
    for name, model in POINTS_TO.items():
        if session.get(model, content[name]) is None:
            found.append(Complaint(name, N_("There is no such row.")))
    for name in UNIQUE:
        same = select(Item.id).where(getattr(Item, name) == content[name], Item.id != (item.id if item else 0))
        if session.scalar(same) is not None:
            found.append(Complaint(name, N_("This is taken already; there can be only one.")))
    return found


def draft_of(session: Session, item: Item) -> ItemRevision | None:
    """The open draft of an item; there is at most one."""
    query = select(ItemRevision).where(ItemRevision.item_id == item.id, ItemRevision.state == "draft")
    found: ItemRevision | None = session.scalar(query)
    return found


def begin(session: Session, item: Item) -> None:
    """Record what an item says as its first revision, where it came in without one: by the seed, or long ago."""
    if item.revision:
        return
    item.revision = 1
    session.add(
        ItemRevision(
            item=item,
            number=1,
            state="published",
            content=content_of(item),
            published_at=item.created_at,
            published_by=item.created_by,
            created_at=item.created_at,
            created_by=item.created_by,
        )
    )


def _locked(session: Session, item: Item | None) -> Item | None:
    if item is not None:
        session.refresh(item, with_for_update=True)
    return item


def _same_code(session: Session, content: Content) -> Item | None:
    found: Item | None = session.scalar(select(Item).where(Item.code == content["code"]))
    return found


def _name_lines(item: Item | None, content: Content) -> None:
    """Give each material its row: the one it names, else the one that has its name."""
    rows = {m.id: m.name for m in item.materials} if item is not None else {}
    for line in content["materials"]:
        if line.get("id") not in rows:
            line["id"] = None
    taken = {line["id"] for line in content["materials"]}
    free = {name: row_id for row_id, name in rows.items() if row_id not in taken}
    for line in content["materials"]:
        if line["id"] is None:
            line["id"] = free.pop(line["name"], None)


def _apply(session: Session, item: Item, content: Content, by: str) -> None:
    for name in ITEM_NAMES:
        setattr(item, name, content[name])
    session.add(item)
    session.flush()
    _apply_materials(session, item, content["materials"], by)
    _apply_named(session, item, ItemField, item.extra_fields, content["extra_fields"], versions.QUESTION_FIELDS, by)
    _apply_named(session, item, ItemFee, item.fees, content["fees"], versions.STANDARD_FIELDS, by)
    session.flush()
    session.refresh(item)


def _apply_materials(session: Session, item: Item, lines: list[Content], by: str) -> None:
    rows = {m.id: m for m in item.materials}
    for row_id in rows.keys() - {line["id"] for line in lines}:
        session.delete(rows[row_id])
    for row in rows.values():
        row.position = -row.position  # two lines may change places
    session.flush()
    for line in lines:
        found = rows.get(line["id"]) or ItemMaterial(item_id=item.id, created_at=now(), created_by=by)
        for name in versions.MATERIAL_FIELDS:
            if name != "id":
                setattr(found, name, line[name])
        session.add(found)


def _apply_named(
    session: Session, item: Item, model: Any, present: list[Any], lines: list[Content], names: tuple[str, ...], by: str
) -> None:  # fmt: skip
    """The lines of a part that are known by their names."""
    rows = {each.name: each for each in present}
    for name in rows.keys() - {each["name"] for each in lines}:
        session.delete(rows[name])
    for each in lines:
        found = rows.get(each["name"]) or model(item_id=item.id, created_at=now(), created_by=by)
        for name in names:
            setattr(found, name, versions.kept(name, each[name]))
        session.add(found)
