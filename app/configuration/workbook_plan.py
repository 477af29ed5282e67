"""The dry run of a workbook: what would become of every row, and everything that is wrong; nothing is written."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.configuration.workbook_columns import ITEMS, LAYOUTS, OF
from app.configuration.workbook_read import Fate, Line, Written, read_workbook
from app.engine.differences import differences
from app.engine.inputs import read
from app.engine.item_inputs import PARTS, ContentInput, tidy
from app.engine.now import now
from app.engine.publication import UNIQUE, content_of
from app.engine.publication_many import Planned, publish_many
from app.engine.settings import calendar, load
from app.errors import Incomplete, NotNow
from app.law import N_
from app.law.publication import faults
from app.models.catalogue import Item
from app.models.revision import ItemRevision

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from app.engine.publication import Content
    from app.errors import Complaint

CHUNK = 500
TAKEN = N_("This is taken already; there can be only one.")
MOVED = N_("The catalogue was changed after this was looked at. Look at it again.")


@dataclass
class Plan:
    """The whole dry run."""

    lines: list[Line] = field(default_factory=list)
    wrong: list[Complaint] = field(default_factory=list)
    """What is wrong with the workbook itself."""
    changes: list[Planned] = field(default_factory=list)
    stamp: str = ""
    """What the catalogue was when this was looked at."""

    @property
    def complaints(self) -> int:
        """How much is wrong."""
        return len(self.wrong) + sum(len(line.wrong) for line in self.lines)

    @property
    def counts(self) -> Counter[tuple[str, Fate]]:
        """How many rows of each sheet meet which fate."""
        return Counter((line.layout.title, line.fate) for line in self.lines)


def plan(session: Session, data: bytes) -> Plan:
    """What this workbook would do to the catalogue; raises TooLarge or Unsupported where nothing can be read."""
    written = read_workbook(session, data)
    lines = [line for layout in LAYOUTS for line in written.lines.get(layout.part, ())]
    found = Plan(lines, written.wrong, stamp=stamp(session))
    if not written.wrong:
        found.changes = judge(session, written)
    for line in lines:
        if line.wrong:
            line.fate = Fate.REFUSED
    return found


def judge(session: Session, written: Written) -> list[Planned]:
    """Give every row its fate and its complaints; answers what would be written of the items without any."""
    return _Judge(session, written).judge()


def apply(session: Session, found: Plan, by: str, note: str) -> int:
    """Write what was planned, in the transaction at hand; NotNow where the catalogue is another one by now."""
    if stamp(session) != found.stamp:
        raise NotNow(MOVED)
    return publish_many(session, found.changes, by, note)


def stamp(session: Session) -> str:
    """What the catalogue is at this moment: with another one a dry run no longer holds."""
    rows = session.execute(select(Item.id, Item.code, Item.impl_code, Item.revision).order_by(Item.id)).all()
    drafts = select(ItemRevision.id, ItemRevision.item_id).where(ItemRevision.state == "draft")
    said = [*map(tuple, rows), *map(tuple, session.execute(drafts.order_by(ItemRevision.id)))]
    return sha256(repr(said).encode()).hexdigest()


class _Judge:
    """Compares what is written with what the catalogue says."""

    def __init__(self, session: Session, written: Written) -> None:
        self._session, self._written = session, written
        self._schema = ContentInput()
        self._days, self._today = calendar(session, load(session)), now().date()
        self._taken = {name: self._others(name) for name in UNIQUE}
        self._drafts = dict(
            session.execute(
                select(ItemRevision.item_id, ItemRevision.created_by).where(
                    ItemRevision.state == "draft", ItemRevision.item_id.is_not(None)
                )
            ).all()
        )

    def judge(self) -> list[Planned]:
        """Give every row its fate and its complaints; answers what would be written."""
        items = self._items()
        lines = {part: self._lines_of(part, items) for part in sorted(PARTS)}
        changes = []
        for codes in _chunks([*items]):
            query = select(Item).where(Item.code.in_(codes))
            loads = (selectinload(Item.materials), selectinload(Item.extra_fields), selectinload(Item.fees))
            old = {item.code: item for item in self._session.scalars(query.options(*loads))}
            for code in codes:
                own = {part: lines[part][code] for part in lines if part in self._written.lines}
                changes += self._item(items[code], own, old.get(code))
        return changes

    def _others(self, name: str) -> dict[Any, int]:
        """Value of a unique field -> the item that has it."""
        return dict(self._session.execute(select(getattr(Item, name), Item.id)).all())

    def _items(self) -> dict[str, Line]:
        """Code -> its row; a second row with the same code, and one without."""
        found: dict[str, Line] = {}
        numbers: dict[str, int] = {}
        for line in self._written.lines[ITEMS.part]:
            code, impl_code = line.said.get("code"), line.said.get("impl_code")
            if code is None:
                line.complain("code", N_("This is needed."))
            elif code in found:
                line.complain("code", N_("Row %(row)s has this code already."), row=found[code].row)
            else:
                found[code] = line
            if impl_code and impl_code in numbers:
                line.complain("impl_code", N_("Row %(row)s has this code already."), row=numbers[impl_code])
            numbers.setdefault(impl_code, line.row)
        return found

    def _lines_of(self, part: str, items: dict[str, Line]) -> dict[str, list[Line]]:
        """Code -> its rows of another sheet; a row whose item the workbook does not name."""
        found: dict[str, list[Line]] = defaultdict(list)
        for line in self._written.lines.get(part, ()):
            if line.said.get(OF) in items:
                found[line.said[OF]].append(line)
            elif not any(each.field == OF for each in line.wrong):
                line.complain(OF, N_("The sheet «%(sheet)s» has no row with this code."), sheet=ITEMS.title)
        return found

    def _item(self, line: Line, own: dict[str, list[Line]], item: Item | None) -> Iterator[Planned]:
        """The fate of one item with its lines."""
        old = _tidied(content_of(item)) if item is not None else {}
        content = self._content(line, own, old)
        given = self._checked(content, line, own, item)
        if given is None:
            for each in (line, *(row for rows in own.values() for row in rows)):
                each.fate = Fate.HELD
            return
        _tell(line, own, old, given)
        if line.fate is not Fate.UNCHANGED:
            yield Planned(item.id if item is not None else None, given)

    def _content(self, line: Line, own: dict[str, list[Line]], old: Content) -> Content:
        """What the item would say: what stands in the workbook, and of the rest what it says now."""
        columns = self._written.columns
        content = {name: old[name] for name in old if name not in PARTS} | line.said
        for part in PARTS:
            if part not in own:
                content[part] = old.get(part, [])
                continue
            rows = {each["name"]: each for each in old.get(part, ())}
            content[part] = [
                rows.get(each.said.get("name"), {})
                | {name: value for name, value in each.said.items() if name != OF}
                | ({"position": place} if "position" not in columns[part] else {})
                for place, each in enumerate(own[part], start=1)
            ]
        return content

    def _checked(
        self, content: Content, line: Line, own: dict[str, list[Line]], item: Item | None
    ) -> Content | None:
        """The content of the right form, None where anything is wrong; each complaint goes to its row."""
        if item is not None and item.id in self._drafts:
            sentence = N_("%(by)s has begun a draft of %(item)s; publish it or throw it away first.")
            line.complain("code", sentence, by=self._drafts[item.id], item=str(item))
        for name in UNIQUE:
            if self._taken[name].get(content.get(name), item and item.id) != (item and item.id):
                line.complain(name, TAKEN)
        try:
            given = tidy(read(self._schema, content))
        except Incomplete as refusal:
            for each in refusal.complaints:
                _complain(line, own, each.field, each.sentence, each.params)
            return None
        for fault in faults(given, self._days, self._today):
            _complain(line, own, fault.field, fault.sentence, fault.params)
        return None if any(each.wrong for each in (line, *(row for rows in own.values() for row in rows))) else given


def _complain(line: Line, own: dict[str, list[Line]], path: str, sentence: str, params: Any) -> None:
    """Say it at the row the path leads to; what could not even be read is not said twice."""
    part, _, rest = path.partition(".")
    place, _, name = rest.partition(".")
    at, name = (own[part][int(place)], name) if part in own and place.isdecimal() else (line, part)
    if not any(each.field == name for each in at.wrong):
        at.complain(name, sentence, **params)


def _tell(line: Line, own: dict[str, list[Line]], old: Content, new: Content) -> None:
    """The fate of each row of an item against what it says now."""
    found = differences(old, new)
    rows = {(part, str(each.said.get("label" if part == "extra_fields" else "name"))): each
            for part, lines in own.items() for each in lines}  # fmt: skip
    for each in found if old else ():
        at = rows.get((each.part, each.line), line)
        if not each.field and each.new is None:
            line.removed.append(each.line)
        elif not each.field:
            at.fate = Fate.NEW
        else:
            column = at.layout.column(each.field)
            at.fate = Fate.CHANGED
            at.changed.append(column.label if column else each.field)
    if not old:
        for each in (line, *rows.values()):
            each.fate = Fate.NEW
    elif found:
        line.fate = Fate.CHANGED


def _tidied(content: Content) -> Content:
    """What an item says, with the breaks and blanks that a workbook keeps."""
    said = {name: _plain(value) for name, value in content.items()}
    for part in PARTS & said.keys():
        said[part] = [_tidied(line) for line in said[part]]
    return said


def _plain(value: Any) -> Any:
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def _chunks(codes: Sequence[str]) -> Iterator[Sequence[str]]:
    return (codes[start : start + CHUNK] for start in range(0, len(codes), CHUNK))
