"""Publishing many items at once, as an import does: each as `publish` does one, but in statements sent together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session, selectinload

from app.engine import versions
from app.engine.item_inputs import PARTS
from app.engine.now import now
from app.engine.publication import ITEM_NAMES, Content, content_of
from app.models.catalogue import Item, ItemField, ItemMaterial
from app.models.fees import ItemFee
from app.models.revision import ItemRevision

CHUNK = 500
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Planned:
    """An item to be changed, none for a new one, and what it shall say: of the right form, checked already."""

    item_id: int | None
    content: Content


def publish_many(session: Session, planned: Sequence[Planned], by: str, note: str) -> int:
    """Make the items say what is planned, each with its revision; inside a transaction, whose caller checked the whole.

    Answers how many were published.
    """
    for start in range(0, len(planned), CHUNK):
        _Part(session, planned[start : start + CHUNK], by, note).write()
    session.expire_all()
    return len(planned)


class _Part:
    """So many of them as one statement names."""

    def __init__(self, session: Session, planned: Sequence[Planned], by: str, note: str) -> None:
        self._session, self._by, self._note = session, by, note
        self._stamp: Row = {"created_at": now(), "created_by": by}
        self._new = [each.content for each in planned if each.item_id is None]
        self._changed = {each.item_id: each.content for each in planned if each.item_id is not None}

    def write(self) -> None:
        """The items, their lines, their revisions."""
        self._begin()
        numbers = self._items()
        contents = dict(self._contents())
        self._materials(contents)
        self._named(ItemField, "extra_fields", versions.QUESTION_FIELDS, contents)
        self._named(ItemFee, "fees", versions.STANDARD_FIELDS, contents)
        self._revisions(contents, numbers)

    def _send(self, statement: Any, rows: list[Row]) -> None:
        if rows:
            self._session.execute(statement, rows)

    def _begin(self) -> None:
        """What items said that came in without a revision is their first."""
        found = select(Item).where(Item.id.in_(self._changed)).order_by(Item.id).with_for_update()
        loads = (selectinload(Item.materials), selectinload(Item.extra_fields), selectinload(Item.fees))
        self._session.scalars(found.with_only_columns(Item.id)).all()
        first = self._session.scalars(found.where(Item.revision == 0).options(*loads)).all()
        rows = [
            {
                "item_id": item.id, "number": 1, "state": "published", "content": content_of(item), "note": "",
                "published_at": item.created_at, "published_by": item.created_by,
                "created_at": item.created_at, "created_by": item.created_by,
            }
            for item in first
        ]  # fmt: skip
        self._send(insert(ItemRevision), rows)
        self._send(update(Item), [{"id": item.id, "revision": 1} for item in first])

    def _items(self) -> dict[int, int]:
        """Write the items' own fields; answers the revision that each has now."""
        last = dict(self._session.execute(select(Item.id, Item.revision).where(Item.id.in_(self._changed))).all())
        changed = [{"id": pk, "revision": last[pk] + 1, **_own(content)} for pk, content in self._changed.items()]
        self._send(update(Item), changed)
        self._send(insert(Item), [{**_own(content), "revision": 1, **self._stamp} for content in self._new])
        return {pk: number + 1 for pk, number in last.items()}

    def _contents(self) -> Iterator[tuple[int, Content]]:
        """Each item by its key, the new ones too."""
        yield from self._changed.items()
        by_code = {content["code"]: content for content in self._new}
        for pk, code in self._session.execute(select(Item.id, Item.code).where(Item.code.in_(by_code))):
            yield pk, by_code[code]

    def _materials(self, contents: dict[int, Content]) -> None:
        """The lines that go, go; the others step aside first, since two of them may change places."""
        lines = [(pk, line) for pk, content in contents.items() for line in content["materials"]]
        kept = [line["id"] for _pk, line in lines if line["id"] is not None]
        mine = ItemMaterial.item_id.in_(self._changed)
        if self._changed:
            had = set(self._session.scalars(select(ItemMaterial.id).where(mine)))
            gone = delete(ItemMaterial).where(ItemMaterial.id.in_(had.difference(kept)))
            aside = update(ItemMaterial).where(mine).values(position=-ItemMaterial.position)
            for statement in (gone, aside):
                self._session.execute(statement, execution_options=_BLIND)
        self._send(update(ItemMaterial), [_line(line) for _pk, line in lines if line["id"] is not None])
        new = [{**_line(line), "item_id": pk, **self._stamp} for pk, line in lines if line["id"] is None]
        self._send(insert(ItemMaterial), [{name: value for name, value in row.items() if name != "id"} for row in new])

    def _named(self, model: Any, part: str, names: tuple[str, ...], contents: dict[int, Content]) -> None:
        """Questions and fees are known by their names."""
        present = select(model.item_id, model.name, model.id).where(model.item_id.in_(self._changed))
        rows = {(item_id, name): pk for item_id, name, pk in self._session.execute(present)}
        said = {(pk, each["name"]): _kept(each, names) for pk, content in contents.items() for each in content[part]}
        gone = [pk for key, pk in rows.items() if key not in said]
        if gone:
            self._session.execute(delete(model).where(model.id.in_(gone)), execution_options=_BLIND)
        self._send(update(model), [{"id": rows[key], **each} for key, each in said.items() if key in rows])
        new = [{"item_id": key[0], **each, **self._stamp} for key, each in said.items() if key not in rows]
        self._send(insert(model), new)

    def _revisions(self, contents: dict[int, Content], numbers: dict[int, int]) -> None:
        """What each item says now, its lines by their keys."""
        places = select(ItemMaterial.item_id, ItemMaterial.position, ItemMaterial.id)
        found = self._session.execute(places.where(ItemMaterial.item_id.in_(contents)))
        keys: dict[int, dict[int, int]] = {pk: {} for pk in contents}
        for item_id, position, pk in found:
            keys[item_id][position] = pk
        rows = [
            {
                "item_id": pk, "number": numbers.get(pk, 1), "state": "published", "note": self._note,
                "content": _whole(content, keys[pk]),
                "published_at": self._stamp["created_at"], "published_by": self._by, **self._stamp,
            }
            for pk, content in contents.items()
        ]  # fmt: skip
        self._send(insert(ItemRevision), rows)


_BLIND = {"synchronize_session": False}


def _own(content: Content) -> Row:
    return {name: content[name] for name in ITEM_NAMES}


def _line(line: Row) -> Row:
    return {name: line[name] for name in versions.MATERIAL_FIELDS}


def _kept(line: Row, names: tuple[str, ...]) -> Row:
    return {name: versions.kept(name, line[name]) for name in names}


def _whole(content: Content, keys: dict[int, int]) -> Content:
    """As `content_of` would give it."""
    parts = {part: sorted(content[part], key=lambda line: line["position"]) for part in PARTS}
    return _own(content) | {
        "materials": [{**_line(line), "id": keys[line["position"]]} for line in parts["materials"]],
        "extra_fields": [{name: line[name] for name in versions.QUESTION_FIELDS} for line in parts["extra_fields"]],
        "fees": [{name: line[name] for name in versions.STANDARD_FIELDS} for line in parts["fees"]],
    }
