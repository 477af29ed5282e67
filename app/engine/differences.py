"""What two revisions of an item say differently: field by field, and line by line of its parts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.engine.item_inputs import PARTS, ItemInput, LineInput, QuestionInput, StandardInput

FIELDS = {
    "": tuple(ItemInput().fields),
    "materials": tuple(LineInput().fields),
    "extra_fields": tuple(QuestionInput().fields),
    "fees": tuple(StandardInput().fields),
}
NAME = {"materials": "name", "extra_fields": "label", "fees": "name"}
Content = Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """One field that changed; of a line that came or went, `field` is empty and one side None."""

    part: str
    """«materials», «extra_fields», «fees», or nothing for the item itself."""
    line: str
    field: str
    old: Any
    new: Any

    def __str__(self) -> str:
        where = f"{self.part} {self.line}".strip()
        if not self.field:
            return f"{where}: {'−' if self.new is None else '+'}"
        return f"{f'{where}: ' if where else ''}{self.field}: {self.old} → {self.new}"


def differences(old: Content, new: Content) -> list[Difference]:
    """Everything that changed, in the order of the form; against nothing, everything that is said."""
    found = [
        Difference("", "", name, old.get(name), new.get(name)) for name in FIELDS[""] if old.get(name) != new.get(name)
    ]
    for part in sorted(PARTS, reverse=True):
        found += _of_lines(part, old.get(part) or [], new.get(part) or [])
    return found


def _of_lines(part: str, old: list[Content], new: list[Content]) -> Iterator[Difference]:
    before = {_key(part, each, old): each for each in old}
    for each in new:
        earlier = before.pop(_key(part, each, old), None)
        name = str(each[NAME[part]])
        if earlier is None:
            yield Difference(part, name, "", None, each)
            continue
        for field in FIELDS[part]:
            if earlier.get(field) != each.get(field):
                yield Difference(part, name, field, earlier.get(field), each.get(field))
    for each in before.values():
        yield Difference(part, str(each[NAME[part]]), "", each, None)


def _key(part: str, line: Content, old: list[Content]) -> Any:
    """By what a line is the same line: a question or fee by its name, a material by its row, a new one by its name."""
    if part != "materials":
        return line["name"]
    rows = {each.get("id") for each in old}
    return line["id"] if line.get("id") in rows and line.get("id") else ("new", line["name"])
