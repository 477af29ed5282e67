"""The documents say what is so: the drawn ones equal the code, and what a page names exists."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from flask import Flask

from app.cli import register_commands
from tools import make_docs

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?://)([^)#\s]*)(?:#([^)\s]*))?\)")
OUTSIDE_APP = "app|migrations|seed|translations|scripts|tools|docs|tests"
INSIDE_APP = "law|models|engine|web|stages|custody|configuration|supervision|templates"
PATH = re.compile(rf"`((?:{OUTSIDE_APP}|{INSIDE_APP})/[\w./*-]+)")


def _section(title: str) -> str:
    """The part of the README under a heading, up to the next one of its kind or higher."""
    found = re.search(rf"^(#+) {title}\n(.*?)(?=^#{{1,2}} |\Z)", README, re.MULTILINE | re.DOTALL)
    assert found is not None, f"README has no heading «{title}»"
    return found[2]


def _rows(section: str) -> list[list[str]]:
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", make_docs.PAGES)
def test_a_drawn_page_is_what_the_code_draws_today(name: str) -> None:
    committed = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert committed == make_docs.PAGES[name](), "Run `python tools/make_docs.py`."


def test_the_readme_says_where_each_thing_is_added() -> None:
    said = {row[0] for row in _rows(_section("Where a thing is added"))}
    wanted = {
        "a transition", "a role", "an item field", "a printed document", "a job", "a ledger or figure", "a stage",
    }  # fmt: skip
    assert wanted <= said


@pytest.mark.parametrize("page", [p for p in PAGES if p.parent.name != "decisions"], ids=lambda page: page.name)
def test_every_file_a_page_names_exists(page: Path) -> None:
    """A decision may name what was drawn and never built."""
    named = PATH.findall(page.read_text(encoding="utf-8"))
    assert [path for path in named if not any((*ROOT.glob(path), *(ROOT / "app").glob(path)))] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    lost = []
    for target, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        file = (page.parent / target).resolve() if target else page
        if not file.exists() or (anchor and anchor not in _anchors(file)):
            lost.append(f"{target}#{anchor}" if anchor else target)
    assert lost == []


def test_the_readme_names_every_command_and_no_other() -> None:
    app = Flask("named")
    register_commands(app)
    said = {name for row in _rows(_section("Commands")) for name in re.findall(r"`([a-z-]+)", row[0])} - {"db"}
    assert said == set(app.cli.commands)


def test_the_readme_names_every_variable_that_is_read() -> None:
    read = set(re.findall(r'environ(?:\.get\(|, )"([A-Z_]+)"', (ROOT / "config.py").read_text(encoding="utf-8")))
    said = {name for row in _rows(_section("Settings")) for name in re.findall(r"`([A-Z_]+)`", row[0])}
    assert said == read


def test_every_requirement_quotes_the_rule_and_is_marked_by_no_number_of_another_list() -> None:
    rows = json.loads((ROOT / "docs" / "requirements.json").read_text(encoding="utf-8"))
    articles = json.loads((ROOT / "seed" / "regulation.json").read_text(encoding="utf-8"))["articles"]
    stages = [stage for each in articles for stage in each.get("stages", ())]
    rule = "".join(each["text"] for each in [*articles, *stages])
    assert [row["number"] for row in rows] == [*range(1, 106)]
    assert [(row["number"], piece) for row in rows for piece in row["chinese"].split("…") if piece not in rule] == []
    assert [row["number"] for row in rows if not row["reading"].endswith(".")] == []
    assert set(make_docs.marked()) <= {row["number"] for row in rows}
