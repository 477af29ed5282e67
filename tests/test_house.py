"""The walls of the house: imports point down, rooms do not visit, and what is dangerous is said only where it is listed."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
APP = ROOT / "app"
FLOORS = {"law": 0, "models": 1, "engine": 2, "web": 3}
ROOMS = {"stages", "custody", "management", "configuration", "supervision", "portal"}
BELOW_THE_ROOMS = 4
WIRING = {"__init__", "cli", "extensions", "errors", "jobs"}
MODULES = sorted(APP.rglob("*.py"))


def _names(path: Path) -> tuple[str, ...]:
    return path.relative_to(APP).with_suffix("").parts


def _floor(names: tuple[str, ...]) -> int | None:
    """The floor of a dotted path under app; None for the wiring."""
    if not names:
        return None
    return BELOW_THE_ROOMS if names[0] in ROOMS else FLOORS.get(names[0])


def _room(names: tuple[str, ...]) -> tuple[str, ...]:
    return names[:2] if names[0] == "stages" else names[:1]


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _imports(path: Path) -> list[tuple[int, tuple[str, ...]]]:
    """Every import, those inside functions included, as a dotted path with its line."""
    package = path.relative_to(ROOT).parent.parts
    found: list[tuple[int, tuple[str, ...]]] = []
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            found += [(node.lineno, tuple(alias.name.split("."))) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            stem = (*base, *(node.module or "").split(".")) if node.module else base
            found += [(node.lineno, (*stem, alias.name)) for alias in node.names]
    return found


def _says(pattern: str, paths: list[Path]) -> set[str]:
    return {str(path.relative_to(APP)) for path in paths if re.search(pattern, path.read_text(encoding="utf-8"))}


def test_every_module_stands_on_a_floor() -> None:
    assert [p for p in MODULES if _floor(_names(p)) is None and _names(p)[0] not in WIRING] == []


def test_imports_point_down_and_rooms_do_not_visit_each_other() -> None:
    wrong = []
    for path in MODULES:
        here = _names(path)
        mine = _floor(here)
        if mine is None:
            continue
        for line, full in _imports(path):
            if full[0] != "app" or full[1] in {"errors", "extensions"}:
                continue
            theirs = _floor(full[1:])
            if theirs is None or theirs > mine or (mine == theirs == BELOW_THE_ROOMS and _room(here) != _room(full[1:])):
                wrong.append(f"{path.relative_to(ROOT)}:{line} {'.'.join(full)}")
    assert wrong == []


def test_the_law_imports_the_standard_library_only() -> None:
    outside = [
        (str(path), full)
        for path in MODULES
        if _names(path)[0] == "law"
        for _, full in _imports(path)
        if full[0] not in sys.stdlib_module_names and full[:2] != ("app", "law")
    ]
    assert outside == []


def test_importing_the_law_loads_no_flask() -> None:
    script = "import app.law.lifecycle, sys; sys.exit('flask' in sys.modules or 'sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0


def test_the_engine_imports_no_flask() -> None:
    """Flask-AppBuilder's tables of users and roles are the one exception: they are tables."""
    tables = ("flask_appbuilder", "security", "sqla", "models")
    found = [
        (str(path.relative_to(APP)), ".".join(full))
        for path in MODULES
        if _names(path)[0] == "engine"
        for _, full in _imports(path)
        if full[0].startswith("flask") and full[:4] != tables
    ]
    assert found == []


def test_only_the_engine_commits_and_the_generated_views_of_reference_data() -> None:
    allowed = {"engine/transaction.py", "web/listing.py"}
    own_sessions = {"web/sessions.py", "web/login_limits.py", "web/accounts.py"}  # logins, outside any act
    assert _says(r"\.commit\(", MODULES) <= allowed | own_sessions


def test_only_the_engine_and_the_law_ask_for_the_time() -> None:
    assert _says(r"datetime\.now\(|date\.today\(|\.utcnow\(", MODULES) <= {"engine/now.py"}


UNSCOPED = {
    "engine/scope.py",
    "engine/refused.py",
    "engine/files.py",
    "engine/item_files.py",  # a blank form or a handbook's file hangs on no governed row
    "engine/invitations.py",
    "engine/lateness.py",
    "engine/reasons.py",
    "engine/staffing.py",
    "portal/reading.py",
    "stages/reporting/public.py",  # finds the one ledger a token opens
    "supervision/bench_act.py",
    "supervision/checker.py",
    "supervision/verify.py",
    "web/desk.py",  # each heap says the reach of its role, and its lines are read under the guard
}


def test_privileged_reading_is_said_only_where_it_is_listed() -> None:
    assert _says(r"unscoped\(", MODULES) <= UNSCOPED


def test_rooms_declare_views_of_the_house_and_never_flask_appbuilders_own() -> None:
    rooms = [path for path in MODULES if _floor(_names(path)) == BELOW_THE_ROOMS]
    assert _says(r"\bSQLAInterface\(|^from flask_appbuilder import .*ModelView|@action\(", rooms) == set()


def test_no_template_shadows_gettext_or_carries_a_script_a_style_or_an_address() -> None:
    wrong = []
    for path in sorted((APP / "templates").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        for pattern in (r"{%\s*set\s+_\s*=", r"<script(?![^>]*\bsrc=)", r"<style", r"\sstyle=", r"\son[a-z]+=", r"https?://"):
            wrong += [f"{path.relative_to(ROOT)} {pattern}"] if re.search(pattern, text) else []
    assert wrong == []


def test_the_project_names_no_path_of_a_machine_and_no_registry() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    pattern = re.compile(r"/work/|/root/|/opt/pypi|pypi\.org|registry\.npmjs|files\.pythonhosted")
    wrong = []
    for name in filter(None, tracked):
        path = ROOT / name
        if path == Path(__file__) or not path.is_file() or path.stat().st_size > 1_000_000 or path.suffix in {".png", ".br", ".gz", ".pdf"}:
            continue
        if pattern.search(path.read_text(encoding="utf-8", errors="ignore")):
            wrong.append(name)
    assert wrong == []


@pytest.mark.parametrize("language", ["zh"])
def test_the_chinese_catalogue_is_complete(language: str) -> None:
    from babel.messages.pofile import read_po

    path = ROOT / "translations" / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        catalogue = read_po(file)
    assert [m.id for m in catalogue if m.id and (not m.string or m.fuzzy)] == []


def test_no_file_is_far_over_three_hundred_lines() -> None:
    tables = {"law/lifecycle.py", "law/guards.py"}  # a row or a predicate a line
    long = {str(p.relative_to(APP)): n for p in MODULES if (n := p.read_text(encoding="utf-8").count("\n")) > 360}
    assert {name: n for name, n in long.items() if name not in tables} == {}
