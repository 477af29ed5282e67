"""The form of an act, made from the schema that checks it; a room says only where its form differs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from marshmallow import fields

from app.web import answers, words
from app.web.answers import Answers
from app.web.form_input import Given

if TYPE_CHECKING:
    from marshmallow import Schema

    from app.engine.actors import Actor
    from app.engine.acts import Act
    from app.engine.dossier import Dossier
    from app.engine.object_acts import ObjectAct
    from app.errors import Complaint

FEW_CHOICES = 4
KINDS = (
    (fields.Boolean, "checkbox"), (fields.Integer, "number"), (fields.Decimal, "number"), (fields.Date, "date"),
)  # fmt: skip
PLAIN_DIGITS = frozenset({"id", "phone", "ems", "hidden"})
"""Personal fields made of figures: what an input method types wide becomes plain."""


@dataclass(frozen=True)
class Row:
    """One line that stands in a form from the start: what it is about, and what its fields begin with."""

    name: str
    values: Mapping[str, Any]
    tags: tuple[str, ...] = ()
    hint: str = ""
    choices: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Field -> the only choices that make sense here."""
    show_if: str = ""
    """The field of the form, and the value, with which the line appears: `materials.0.status=tolerated`."""


@dataclass(frozen=True)
class Shape:
    """Where the form of an act differs from what its schema says. Fields of lines are named `lines.field`.

    The functions are asked about the application's dossier; in an act on a small object about the object itself, which
    is None while it is being born.
    """

    rows: Mapping[str, Callable[[Dossier, Actor], list[Row]]] = field(default_factory=dict)
    begins: Callable[[Dossier | None, Actor], Mapping[str, Any]] = lambda _dossier, _actor: {}
    """What fields begin with."""
    irrelevant: Callable[[Dossier], Collection[str]] = lambda _dossier: ()
    """Fields that make no sense for this application."""
    choices: Mapping[str, Callable[[Dossier | None], Mapping[Any, str]]] = field(default_factory=dict)
    searched: Mapping[str, str] = field(default_factory=dict)
    """Field -> the endpoint that finds its values while one types."""
    show_if: Mapping[str, str] = field(default_factory=dict)
    goes_with: Mapping[str, str] = field(default_factory=dict)
    """Field -> the lines with which it appears."""
    hints: Callable[[Dossier | None], Mapping[str, str]] = lambda _dossier: {}
    """Field -> what is said below it of this application."""
    left_out: Collection[str] = ()
    skipped_if_blank: Mapping[str, str] = field(default_factory=dict)
    """Lines -> the field without which a line is not sent; of several (a|b) any will do."""
    blank_means: Mapping[str, Any] = field(default_factory=dict)
    """Field -> the value of a blank one."""
    is_grave: bool = False
    ask: str = ""
    """A sentence to confirm before it is sent."""
    insists: Callable[[Mapping[str, Any]], Iterable[Complaint]] = lambda _data: ()
    """What the form asks for beyond what the act does, of the data that is sent."""
    instead: tuple[str, str] | None = None
    """A sentence that says when another act is the right one, and that act."""
    asked: Callable[[Dossier | None, Mapping[str, Any]], Mapping[str, Any]] = lambda dossier, _values: (
        dossier.item if dossier else {}
    )
    """The item whose own questions are answered here, from the application or from what the form says."""
    warns: Callable[[Mapping[str, Any], Actor], Iterable[str]] = lambda _item, _actor: ()
    """What whoever fills it in should know about themselves and the item; it never stops them."""
    asked_by: str = ""
    """The field that names this item; the address of the form may begin with it."""


SHAPES: dict[str, Shape] = {}
"""Act -> its shape; the rooms write here what they declare."""


@dataclass(frozen=True)
class Control:
    """One field as the page shows it."""

    path: str
    label: str
    kind: str
    value: Any = ""
    choices: tuple[tuple[str, str], ...] = ()
    required: bool = False
    hint: str = ""
    complaints: tuple[str, ...] = ()
    show_if: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    file_name: str = ""

    is_lines = is_group = is_answers = False


@dataclass(frozen=True)
class Group:
    """Fields that belong together and may all be left blank."""

    path: str
    label: str
    controls: list[Control]

    is_lines, is_group, is_answers = False, True, False

    @property
    def is_open(self) -> bool:
        """Whether anything was typed or is wrong in it."""
        return any(control.value or control.complaints for control in self.controls)


@dataclass(frozen=True)
class Line:
    """A row of a table: what is always asked, what only under a condition, and what goes with it unseen."""

    row: Row
    controls: list[Control]

    @property
    def asked(self) -> list[Control]:
        """One cell each."""
        return [each for each in self.controls if each.kind != "hidden" and not each.show_if]

    @property
    def details(self) -> list[Control]:
        """Together in the last cell, since they appear and vanish."""
        return [each for each in self.controls if each.kind != "hidden" and each.show_if]

    @property
    def hidden(self) -> list[Control]:
        """The keys of the row."""
        return [each for each in self.controls if each.kind == "hidden"]


@dataclass(frozen=True)
class Lines:
    """A table: one row for each thing to judge or count."""

    path: str
    label: str
    lines: list[Line]
    complaints: tuple[str, ...] = ()

    is_lines, is_group, is_answers = True, False, False

    @property
    def show_if(self) -> str:
        """The table appears with the first of its lines."""
        conditions = [line.row.show_if for line in self.lines]
        return ";".join(conditions) if all(conditions) else ""


class ActForm:
    """The form of one act on one application, empty or as it was sent."""

    def __init__(
        self, act: Act | ObjectAct, dossier: Dossier | None, actor: Actor, given: Given | None = None,
        complaints: Collection[Complaint] = (), begins: Mapping[str, Any] | None = None, subject: Any = None,
    ) -> None:  # fmt: skip
        self.act, self.dossier, self.actor = act, dossier, actor
        self.ground = dossier if dossier is not None else subject
        """What the shape's functions are asked about: the application's dossier, or the small object."""
        self.schema: Schema = act.schema()
        self.shape = SHAPES.get(act.transition.name, Shape())
        has_rows = self.ground is not None or (act.transition.birth and act.transition.subject_kind != "application")
        self.rows = {path: rows(self.ground, actor) if has_rows else [] for path, rows in self.shape.rows.items()}
        self.given = given or Given({**dict(self._begins()), **(begins or {})})
        self._complaints: dict[str, list[str]] = {}
        for each in complaints:
            self._complaints.setdefault(self.given.shown_at(each.field), []).append(words.of_complaint(each))

    @cached_property
    def parts(self) -> list[Control | Group | Lines | Answers]:
        """The form from top to bottom."""
        return list(self._parts())

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """What to know before one begins; where the item is only chosen here, it comes with the item's questions."""
        return tuple(self.shape.warns(self.dossier.item, self.actor)) if self.dossier is not None else ()

    @property
    def summary(self) -> list[tuple[str, str]]:
        """Every complaint, each with the field it leads to."""
        shown = {control.path for control in self._controls()} | {part.path for part in self.parts}
        return [
            (path if path in shown else "", f"{self._labels[path]}: {sentence}" if path in self._labels else sentence)
            for path, sentences in self._complaints.items()
            for sentence in sentences
        ]

    @property
    def has_files(self) -> bool:
        """Whether a file may be uploaded."""
        return any(control.kind in {"file", "files"} for control in self._controls())

    # -- what stands in it ----------------------------------------------------------------------------------------

    def _controls(self) -> Iterator[Control]:
        for part in self.parts:
            if isinstance(part, Control):
                yield part
            elif isinstance(part, Group | Answers):
                yield from part.controls
            else:
                for line in part.lines:
                    yield from line.controls

    @cached_property
    def _labels(self) -> dict[str, str]:
        named = {control.path: control.label for control in self._controls()}
        for part in self.parts:
            if isinstance(part, Lines):
                for line in part.lines:
                    named |= {control.path: f"{line.row.name}, {control.label}" for control in line.controls}
        return named

    @cached_property
    def _hints(self) -> Mapping[str, str]:
        return self.shape.hints(self.ground)

    def _begins(self) -> Iterator[tuple[str, Any]]:
        yield from self.shape.begins(self.ground, self.actor).items()
        for path, rows in self.rows.items():
            for i, row in enumerate(rows):
                for name, value in row.values.items():
                    yield f"{path}.{i}.{name}", value

    def _parts(self) -> Iterator[Control | Group | Lines | Answers]:
        without = {*self.shape.left_out, *(self.shape.irrelevant(self.ground) if self.ground else ())}
        for name, each in self.schema.fields.items():
            if name in without:
                continue
            if isinstance(each, fields.Dict):
                yield self._answers(name, each)
            elif isinstance(each, fields.Nested):
                inner = [self._control(f"{name}.{key}", key, one) for key, one in each.schema.fields.items()]
                yield Group(name, gettext(each.metadata["label"]), [replace(one, required=False) for one in inner])
            elif isinstance(each, fields.List) and isinstance(each.inner, fields.Nested):
                yield self._lines(name, each)
            elif isinstance(each, fields.List):
                yield self._several(name, each)
            else:
                yield self._control(name, name, each)

    def _answers(self, name: str, each: fields.Field) -> Answers:
        item = self.shape.asked(self.dossier, self.given.values)
        is_new = self.dossier is None
        found = answers.controls(name, item, self.given.values, self._complaints, Control, changes=not is_new)
        warnings = tuple(self.shape.warns(item, self.actor)) if is_new and item else ()
        return Answers(name, gettext(each.metadata["label"]), found, self.shape.asked_by, warnings=warnings)

    def _lines(self, name: str, each: fields.List) -> Lines:
        columns = each.inner.schema.fields  # type: ignore[attr-defined]
        lines = []
        for i, row in enumerate(self.rows.get(name, ())):
            controls = [
                self._control(f"{name}.{i}.{key}", f"{name}.{key}", one, row)
                for key, one in columns.items()
                if not one.metadata.get("hidden") or key in row.values
            ]
            lines.append(Line(row, controls))
        return Lines(name, gettext(each.metadata["label"]), lines, tuple(self._complaints.get(name, ())))

    def _several(self, name: str, each: fields.List) -> Control:
        """Rows to tick, or files: what was chosen and what was uploaded stand ticked."""
        kinds, given = each.inner.metadata.get("file"), self.given.values.get(name) or []
        if kinds:
            uploads = ((str(value), self.given.file_names.get(f"{name}.{value}", "")) for value in given)
            choices = tuple((value, file_name) for value, file_name in uploads if file_name)
        else:
            choices = tuple(self._choices(name, each, None).items())
        return Control(
            name, gettext(each.metadata["label"]), "files" if kinds else "ticks", [str(value) for value in given],
            choices, required=each.required, hint=gettext(each.metadata["help"]) if each.metadata["help"] else "",
            complaints=tuple(self._complaints.get(name, ())), show_if=self.shape.show_if.get(name, ""),
            attributes={"accept": ",".join(f".{ending}" for ending in kinds)} if kinds else {},
        )  # fmt: skip

    def _control(self, path: str, declared: str, each: fields.Field, row: Row | None = None) -> Control:
        """One field; `declared` is the name under which the shape speaks of it."""
        told = each.metadata
        choices = self._choices(declared, each, row)
        kind = self._kind(declared, each, choices)
        value = self.given.values.get(path)
        value = "" if value is None else value
        show_if = self.shape.show_if.get(declared, "")
        if show_if and row is not None:
            show_if = f"{path.rpartition('.')[0]}.{show_if}"
        if declared in self.shape.goes_with:
            show_if = ";".join(each.show_if for each in self.rows.get(self.shape.goes_with[declared], ()))
        may_be_blank = kind == "hidden" or declared in self.shape.blank_means or self._is_skippable(declared)
        return Control(
            path, gettext(told["label"]), kind, value, tuple(choices.items()),
            required=each.required and not may_be_blank,
            hint=self._hints.get(path) or (gettext(told["help"]) if told.get("help") else ""),
            complaints=tuple(self._complaints.get(path, ())), show_if=show_if,
            attributes=self._attributes(declared, each, kind), file_name=self.given.file_names.get(path, ""),
        )  # fmt: skip

    def _is_skippable(self, declared: str) -> bool:
        """Whether the field stands in a line that need not be sent."""
        return declared.partition(".")[0] in self.shape.skipped_if_blank

    def _choices(self, declared: str, each: fields.Field, row: Row | None) -> dict[str, str]:
        offered = self.shape.choices.get(declared)
        if offered is not None:
            return {str(value): label for value, label in offered(self.ground).items()}
        only = row.choices.get(declared.rpartition(".")[2]) if row is not None else None
        options: Mapping[str, str] = each.metadata.get("options", {})
        return {value: gettext(label) for value, label in options.items() if only is None or value in only}

    def _kind(self, declared: str, each: fields.Field, choices: Mapping[str, str]) -> str:
        if declared in self.shape.searched:
            return "search"
        if choices:
            is_judged = each.required and not self._is_skippable(declared)
            return "radio" if len(choices) <= FEW_CHOICES and is_judged else "select"
        told = next((kind for kind in ("hidden", "file") if each.metadata.get(kind)), None)
        typed = next((kind for kinds, kind in KINDS if isinstance(each, kinds)), None)
        return told or typed or ("textarea" if each.metadata.get("multiline") else "text")

    def _attributes(self, declared: str, each: fields.Field, kind: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        limits = next((each for each in each.validators if hasattr(each, "max")), None)
        if limits is not None and kind == "number":
            found |= {"min": limits.min, "max": limits.max}
            found |= {"step": "0.01"} if isinstance(each, fields.Decimal) else {}
        elif limits is not None and kind in {"text", "textarea"}:
            found["maxlength"] = limits.max
        if each.metadata.get("personal") in PLAIN_DIGITS:
            found["data-plain-digits"] = ""
        if kind == "file":
            found["accept"] = ",".join(f".{ending}" for ending in each.metadata["file"])
        if kind == "search":
            found["endpoint"] = self.shape.searched[declared]
        return found
