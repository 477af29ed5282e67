# ruff: noqa: INP001 - a script, no package
"""Draw the pages of docs/ that are drawn (PAGES below) from the code; the same code gives the same pages.

Run after a change of the law, an input, a model or the marks of a test: python tools/make_docs.py
"""

import ast
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from babel.messages.pofile import read_po  # noqa: E402 - the path of the project comes first
from marshmallow import fields, validate  # noqa: E402
from sqlalchemy import CheckConstraint, Column, Table, UniqueConstraint  # noqa: E402
from sqlalchemy import types as sa  # noqa: E402

import app  # noqa: E402
from app import models  # noqa: E402
from app.engine.acts import ACTS  # noqa: E402
from app.law.clock import CLOCKS, Clock, PauseKind, Yellow  # noqa: E402
from app.law.guards import Guard, GuardKind  # noqa: E402
from app.law.lifecycle import ALL_RUNNING, REFUSE_UNFILED, TRANSITIONS, Transition  # noqa: E402
from app.law.objects import OBJECTS, Move  # noqa: E402
from app.law.roles import (  # noqa: E402
    BOUNDS,
    FRONT_ACTS,
    NARROWER,
    OUTSIDE_THE_HALL_ONLY,
    REACH,
    ROLE_LABELS,
    TOXIC_PAIRS,
    ActClass,
    Role,
)
from app.law.states import MAKING, NEGATIVE, STATE_LABELS, TERMINAL, UNDECIDED, Kind, State  # noqa: E402
from app.models import ddl  # noqa: E402
from app.models.base import Model, Moment, OfApplication, Scoped  # noqa: E402
from app.models.encrypted import Encrypted, EncryptedJSON  # noqa: E402

CATALOGUE = ROOT / "translations" / "zh" / "LC_MESSAGES" / "messages.po"
DRAWN = "*Drawn from the code by `tools/make_docs.py`; change the code and draw it again.*\n"
GROUPS = {"UNDECIDED": UNDECIDED, "MAKING": MAKING, "NEGATIVE": NEGATIVE}
KINDS = {Kind.STATE: "moves the state", Kind.RECORD: "records", Kind.NUDGE: "nudges: an event, no new version"}
PAUSES = {PauseKind.NEVER: "never", PauseKind.EVERY_KIND: "every kind", PauseKind.EIGHT_KINDS: "the eight of 许可法45"}
YELLOWS = {Yellow.LAST_DAYS: "in its last days", Yellow.PAST_DUE: "once past due", Yellow.NOON: "noon of the due day"}
WAITS = "waits"

app.learn_acts()


# words


@cache
def _catalogue() -> dict[str, str]:
    if not CATALOGUE.exists():
        return {}
    with CATALOGUE.open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file) if m.id and m.string and not m.fuzzy}


def _zh(sentence: str) -> str:
    """The sentence in Chinese where the house has it, else as it is."""
    return _catalogue().get(sentence, sentence)


def _both(sentence: str) -> str:
    return sentence if _zh(sentence) == sentence else f"{sentence} {_zh(sentence)}"


def _cell(text: object) -> str:
    return " ".join(str(text).replace("|", "\\|").split())


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(each) or "—" for each in line) + " |" for line in lines) + "\n"


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _states(found: Iterable[State]) -> str:
    """The states in their order, groups by their name."""
    left, said = set(found), []
    for name, group in GROUPS.items():
        if group <= left:
            said.append(name)
            left -= group
    return ", ".join([*(f"`{s.value}`" for s in State if s in left), *said])


def _by(row: Transition) -> str:
    return ", ".join(f"{role.value}@{REACH[role].value}" for role in row.roles)


def _clocks(found: Sequence[Clock]) -> str:
    return "every clock" if tuple(found) == ALL_RUNNING else ", ".join(clock.value for clock in found)


def _effects(row: Transition) -> str:
    said = (
        ("starts", row.starts), ("where the item's clocks start with the receipt, starts", row.starts_at_receipt),
        ("stops", row.stops), ("pauses", row.pauses), ("resumes", row.resumes),
    )  # fmt: skip
    return "; ".join(f"{verb} {_clocks(clocks)}" for verb, clocks in said if clocks)


def _has_body(row: Transition) -> bool:
    return row.name in ACTS and row is not REFUSE_UNFILED


def _rows() -> list[Transition]:
    """Every row in order, the second form of `refuse` after the first."""
    rows = list(TRANSITIONS.values())
    rows.insert(rows.index(TRANSITIONS["refuse"]) + 1, REFUSE_UNFILED)
    return rows


def _name(row: Transition) -> str:
    return f"{row.name} (no filing)" if row is REFUSE_UNFILED else row.name


# docs/lifecycle.md


def lifecycle() -> str:
    """States, moves, guards, clocks, bounds."""
    parts = (
        "# The life cycle of an application (办件)\n", DRAWN, _intro(), _drawing(), _states_table(), _moves(),
        _unbodied(), _guards(), _small(), _clock_table(), _bounds(),
    )  # fmt: skip
    return "\n".join(parts)


def _intro() -> str:
    done = sum(name in ACTS for name in TRANSITIONS)
    return (
        f"The table is `app/law/lifecycle.py`: {len(TRANSITIONS)} acts, of which {done} have a body in a room today "
        f"and {len(TRANSITIONS) - done} wait for one. A waiting act is law already, and is neither offered, granted "
        "nor listed: nobody can do it. What each act takes in stands in [acts.md](acts.md), the tables of the database "
        "in [tables.md](tables.md), the rule behind all of it in [rule.md](rule.md).\n"
    )


def _drawing() -> str:
    edges: dict[tuple[str, str], list[str]] = {}
    for row in _rows():
        if row.to is None:
            continue
        name = _name(row) if _has_body(row) else f"{_name(row)}…"
        for source in [s for s in State if s in row.sources] or ["[*]"]:
            edges.setdefault((str(source), row.to.value), []).append(name)
    lines = [f"    {source} --> {to}: {', '.join(names)}" for (source, to), names in edges.items()]
    ends = [f"    {state.value} --> [*]" for state in State if state in TERMINAL]
    drawing = "\n".join(["stateDiagram-v2", *lines, *ends])
    return f"## Moves at a glance\n\nActs with `…` wait for their body.\n\n```mermaid\n{drawing}\n```\n"


def _states_table() -> str:
    def group(state: State) -> str:
        named = [name for name, states in GROUPS.items() if state in states]
        return ", ".join(named + (["terminal"] if state in TERMINAL else []))

    rows = [(f"`{s.value}`", _zh(STATE_LABELS[s]), STATE_LABELS[s], group(s)) for s in State]
    return "## States\n\n" + _table(("state", "中文", "in English", "group"), rows)


def _moves() -> str:
    rows = [
        (
            f"[`{_name(row)}`](acts.md#{row.name})", _zh(row.label), row.kind.value, _states(row.sources),
            f"`{row.to.value}`" if row.to else "=", _by(row), _codes(g.name for g in row.guards), _effects(row),
            row.clause, "today" if _has_body(row) else WAITS,
        )
        for row in _rows()
    ]  # fmt: skip
    head = ("act", "中文", "kind", "from", "to", "by, and how far", "guards", "clocks", "clause", "body")
    legend = "; ".join(f"{kind.value} {meaning}" for kind, meaning in KINDS.items())
    return f"## Acts\n\nKinds: {legend}. `=` leaves the state as it is.\n\n" + _table(head, rows)


def _unbodied() -> str:
    waiting = [row for row in _rows() if not _has_body(row)]
    said = "\n".join(f"* `{_name(row)}` {_both(row.label)} ({row.clause})" for row in waiting)
    return f"## Acts that wait for their body\n\n{said}\n"


def _guards() -> str:
    found: dict[str, Guard] = {g.name: g for row in _rows() for g in row.guards}
    used = {name: [_name(r) for r in _rows() if name in {g.name for g in r.guards}] for name in found}
    rows = [
        (f"`{g.name}`", _status(g), g.sentence,
         "every act" if len(used[g.name]) == len(_rows()) else _codes(used[g.name]))
        for g in found.values()
    ]  # fmt: skip
    text = (
        "403: about persons, roles and places; the refusal is recorded. 409: about order, time and open things. The "
        "sentence is what a person reads where the guard does not hold.\n"
    )
    return f"## Guards in words\n\n{text}\n" + _table(("guard", "refusal", "sentence", "acts"), rows)


def _status(guard: Guard) -> int:
    return 403 if guard.kind is GuardKind.FORBIDDEN else 409


def _small() -> str:
    def said(move: Move) -> str:
        to = f"**{move.to}**" if move.terminal else move.to
        return f"{move.act}: {move.source or '—'} → {to} ({', '.join(move.roles)})"

    rows = [(f"`{kind}`", "; ".join(map(said, moves))) for kind, moves in OBJECTS.items()]
    text = "What moves beside the application (`app/law/objects.py`); `—` is birth, bold is terminal."
    return f"## Small life cycles\n\n{text}\n\n" + _table(("object", "moves"), rows)


def _clock_table() -> str:
    def acts(effect: str, clock: Clock) -> str:
        return _codes(dict.fromkeys(r.name for r in _rows() if clock in getattr(r, effect)))

    rows = []
    for clock, rule in CLOCKS.items():
        starts = ", ".join(filter(None, (acts("starts", clock), acts("starts_at_receipt", clock) and "the receipt ¹")))
        red = f"past due by {rule.red_after} wd" if rule.red_after else "past due"
        later = rule.later or ("told to " + ", ".join(rule.escalate_to) if rule.escalate_to else "")
        rows.append((
            f"`{clock.value}`", _both(rule.label), rule.clause, starts, acts("stops", clock), PAUSES[rule.pauses],
            f"{YELLOWS[rule.yellow]}: {', '.join(rule.yellow_to)}" if rule.yellow_to else "",
            f"{red}: {', '.join(rule.red_to)}" if rule.red_to else "", later,
            "yes" if rule.alerts_after_closing else "no", rule.breach,
        ))  # fmt: skip
    head = ("clock", "what", "clause", "starts with", "stops with", "paused by", "yellow, told", "red, told", "then",
            "alerts after closing", "a breach means")  # fmt: skip
    text = (
        "Day 0 is the day of the event; a deadline ends at closing time of its last day; limits are counted in working "
        "days of the published calendar. ¹ Where the item says that its clocks start with the receipt."
    )
    return f"## Clocks\n\n{text}\n\n" + _table(head, rows)


def _bounds() -> str:
    members = {c: [name for name, row in TRANSITIONS.items() if row.act_class is c] for c in ActClass}
    classes = _table(("class", "acts"), [(c.value.upper(), _codes(members[c])) for c in ActClass])
    matrix = _table(
        ("role", "中文", *(c.value.upper() for c in ActClass)),
        [(f"`{r.value}`", _zh(ROLE_LABELS[r]), *(BOUNDS[r][c].value for c in ActClass)) for r in BOUNDS],
    )
    narrower = "\n".join(
        f"* `{role.value}` in {c.value.upper()}: only {_codes(n for n in TRANSITIONS if n in only)}"
        for (role, c), only in NARROWER.items()
    )
    order = list(Role)
    pairs = sorted((sorted(pair, key=order.index) for pair in TOXIC_PAIRS), key=lambda p: [order.index(r) for r in p])
    toxic = {role: [other.value for first, other in pairs if first is role] for role in order}
    lines = "\n".join(f"* `{role.value}` with {_codes(others)}" for role, others in toxic.items() if others)
    hall = " and ".join(f"`{r.value}`" for r in order if r in OUTSIDE_THE_HALL_ONLY)
    front = _codes(name for name in TRANSITIONS if name in FRONT_ACTS)
    legend = "`●` what a county starts with, `○` what it may grant, `✗` never, whatever the role editor says."
    separation = "Whoever did one of these on an application does no act of BACK, DECIDE or LEADER on it, and back"
    return (
        f"## Bounds\n\n{legend}\n\n{matrix}\n{classes}\nNarrower than its class:\n\n{narrower}\n\n"
        f"{separation} (受审分离): {front}.\n\n"
        f"## Toxic pairs\n\nRoles nobody holds together, refused when they are given:\n\n{lines}\n"
        f"* {hall} in the county hall; elsewhere they go together\n"
    )


# docs/acts.md


def acts() -> str:
    """Each act in words, with its input."""
    text = (
        "Every act goes through `engine.perform`, whoever asks: a page, the API, a bulk action, a job, the demo. The "
        "API takes these fields at `POST /api/v1/application/<id>/transitions/<name>`, with `version`; it registers at "
        "`POST /api/v1/application/`. An unknown field is refused by name; no input carries the time of an event. "
        "Personal fields are masked in the history.\n"
    )
    return "\n".join(["# Acts\n", DRAWN, text, *map(_act, TRANSITIONS.values())])


def _act(row: Transition) -> str:
    arrow = f"{_states(row.sources) or '—'} → {f'`{row.to.value}`' if row.to else 'the same'}"
    facts = [("From, to", arrow), ("By", _by(row)), ("Clause", row.clause)]
    facts += [(head, value) for head, value in (
        ("Clocks", _effects(row)), ("Papers", _codes(row.papers)), ("Tells", ", ".join(row.tells)),
    ) if value]  # fmt: skip
    lines = [f"## {row.name}\n", f"**{_both(row.label)}** — {KINDS[row.kind]}.\n"]
    lines += [f"* {head}: {value}" for head, value in facts]
    lines += [f"* Refused ({_status(g)}) by `{g.name}`: {g.sentence}" for g in row.guards]
    found = ACTS.get(row.name)
    if found is None:
        return "\n".join([*lines, "\nThis act has no body yet.\n"])
    module = found.body.__module__.replace(".", "/")
    lines.append(f"* Body: `{module}.py` — {_sentence(found.body.__doc__)}\n")
    return "\n".join([*lines, _table(("field", "label", "takes", "needed", "help"), _fields(found.schema().fields))])


def _sentence(doc: str | None) -> str:
    return " ".join((doc or "").strip().split("\n\n")[0].split())


def _fields(found: dict[str, fields.Field], path: str = "") -> Iterator[tuple[str, ...]]:
    for name, field in found.items():
        here = f"{path}{name}"
        told = field.metadata
        needed = "yes" if field.required else "no"
        if isinstance(field, fields.List) and isinstance(field.inner, fields.Nested):
            yield f"`{here}[]`", told["label"], f"{told['minItems']} to {told['maxItems']} lines", needed, ""
            yield from _fields(field.inner.schema.fields, f"{here}[].")
        elif isinstance(field, fields.List):
            each = _takes(field.inner) if field.inner.metadata.get("file") else "id of a row"
            takes = f"{told['minItems']} to {told['maxItems']}, each: {each}"
            yield f"`{here}[]`", told["label"], takes, needed, told.get("help") or ""
        elif isinstance(field, fields.Nested):
            yield f"`{here}`", told["label"], "a group", needed, ""
            yield from _fields(field.schema.fields, f"{here}.")
        else:
            helps = (told.get("help"), f"personal ({told['personal']})" if told.get("personal") else "")
            yield f"`{here}`", told["label"], _takes(field), needed, " ".join(filter(None, helps))


def _takes(field: fields.Field) -> str:
    """What a field takes, in words."""
    told = field.metadata
    words = {fields.Boolean: "true or false", fields.Date: "date", fields.Dict: "answers by the names of the questions"}
    if told.get("options"):
        return "one of " + _codes(told["options"])
    if told.get("file"):
        return "id of an uploaded file: " + ", ".join(told["file"])
    if told.get("hidden"):
        return "id of a row"
    return words.get(type(field)) or _limits(field)


def _limits(field: fields.Field) -> str:
    for check in field.validators:
        if isinstance(check, validate.Regexp):
            return f"text like `{check.regex.pattern}`"
    least, most = next((check.min, check.max) for check in field.validators if hasattr(check, "max"))
    return f"number {least} to {most}" if isinstance(field, fields.Integer) else f"text of {least} to {most} characters"


# docs/tables.md


def tables() -> str:
    """Each table with its columns, constraints and triggers."""
    mapped = sorted((m.class_ for m in Model.registry.mappers if m.class_.__module__.startswith(f"{models.__name__}.")),
                    key=lambda c: c.__tablename__)  # fmt: skip
    text = (
        "Accounts, roles and permissions are Flask-AppBuilder's own `ab_…` tables. *Governed* tables are read only "
        "within the reach of whoever asks and written only inside an act. No foreign key cascades. `app/models/ddl.py` "
        "makes the triggers after every upgrade; on SQLite, others keep OR REPLACE from taking the place of a row.\n"
    )
    return "\n".join(["# Tables\n", DRAWN, text, *map(_one_table, mapped)])


def _one_table(kind: type[Any]) -> str:
    table: Table = kind.__table__
    rows = [(f"`{c.name}`", _type(c.type), "" if c.nullable else "yes", _notes(c)) for c in table.columns]
    said = [f"* {line}" for line in (*_rules(table), *_triggers(table.name))]
    governed = "Governed by centre and office.\n" if issubclass(kind, Scoped) else (
        "Governed with its application.\n" if issubclass(kind, OfApplication) else "")  # fmt: skip
    parts = [f"## {table.name}\n", f"{_sentence(kind.__doc__)} (`{kind.__module__.replace('.', '/')}.py`)\n", governed,
             _table(("column", "type", "needed", "about"), rows), "\n".join(said) + "\n" if said else ""]  # fmt: skip
    return "\n".join(part for part in parts if part)


def _type(kind: sa.TypeEngine[Any]) -> str:
    if isinstance(kind, Encrypted):
        return "text, encrypted"
    if isinstance(kind, EncryptedJSON):
        return "JSON, encrypted"
    if isinstance(kind, Moment):
        return "moment"
    names = (
        (sa.Text, "text"), (sa.String, f"text({getattr(kind, 'length', '')})"), (sa.BigInteger, "big integer"),
        (sa.Integer, "integer"), (sa.Boolean, "yes or no"), (sa.Date, "date"), (sa.Time, "time"), (sa.JSON, "JSON"),
        (sa.Float, "float"),
    )  # fmt: skip
    return next(name for found, name in names if isinstance(kind, found))


def _notes(column: Column[Any]) -> str:
    info = column.info
    keys = [f"→ `{key.target_fullname}`" for key in sorted(column.foreign_keys, key=lambda k: k.target_fullname)]
    said = ("key" if column.primary_key else "", info.get("label", ""), info.get("help", ""), *keys,
            "unique" if column.unique else "")  # fmt: skip
    return "; ".join(filter(None, said))


def _rules(table: Table) -> Iterator[str]:
    checks = [(str(c.name), str(c.sqltext)) for c in table.constraints if isinstance(c, CheckConstraint)]
    yield from (f"`{name}`: {text}" for name, text in sorted(checks))
    uniques = [(str(c.name), c.columns.keys()) for c in table.constraints if isinstance(c, UniqueConstraint)]
    yield from (f"`{name}`: unique {_codes(columns)}" for name, columns in sorted(uniques) if len(columns) > 1)
    for index in sorted(table.indexes, key=lambda i: str(i.name)):
        where = index.dialect_options["sqlite"]["where"]
        if index.unique and where is not None:
            yield f"`{index.name}`: unique {_codes(index.columns.keys())} where {where}"


def _triggers(name: str) -> Iterator[str]:
    if name in ddl.APPEND_ONLY:
        yield "Trigger: rows are only ever added."
    if name in ddl.NEVER_DELETED:
        yield "Trigger: rows are never deleted."
    if name in ddl.FROZEN:
        yield f"Trigger: never changed once written: {_codes(ddl.FROZEN[name])}."
    if name in ddl.SET_ONCE:
        yield f"Trigger: set once: {_codes(ddl.SET_ONCE[name])}."


# docs/requirements.md


def requirements() -> str:
    """What the rule asks for, how it is read, where it lives, and the tests that prove it."""
    rows = json.loads((ROOT / "docs" / "requirements.json").read_text(encoding="utf-8"))
    proved = marked()
    done = sum(row["number"] in proved for row in rows)
    text = (
        f"What the rule asks for, clause by clause: {len(rows)} requirements, of which {done} are proved by the tests "
        "named. Such a test carries `@pytest.mark.req(n)`. The readings stand in "
        "[requirements.json](requirements.json)."
    )
    head = ("no.", "clause", "in Chinese", "read as", "lives in", "proved by")
    table = _table(head, [
        (row["number"], row["article"], row["chinese"], row["reading"], f"`{row['lives']}`",
         "; ".join(f"[{_said(name)}](../{path})" for path, name in proved.get(row["number"], ())))
        for row in rows
    ])  # fmt: skip
    return "\n".join(["# What the rule asks for\n", DRAWN, text + "\n", table])


def marked() -> Mapping[int, list[tuple[str, str]]]:
    """Requirement -> the tests that carry its mark, by file and name; read from their source, none is run."""
    found: dict[int, list[tuple[str, str]]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for number in sorted({n for decorator in node.decorator_list for n in _marks(decorator)}):
                    found.setdefault(number, []).append((path.relative_to(ROOT).as_posix(), node.name))
    return found


def _marks(decorator: ast.expr) -> Iterator[int]:
    """The numbers of `pytest.mark.req(…)`, those of single parameters among them."""
    for node in ast.walk(decorator):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.req":
            yield from (each.value for each in node.args if isinstance(each, ast.Constant))


def _said(name: str) -> str:
    """A test's name is a sentence."""
    return name.removeprefix("test_").replace("_", " ")


PAGES = {"lifecycle.md": lifecycle, "acts.md": acts, "tables.md": tables, "requirements.md": requirements}

if __name__ == "__main__":
    for page, draw in PAGES.items():
        (ROOT / "docs" / page).write_text(draw(), encoding="utf-8")
