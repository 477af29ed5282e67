"""The front end is what its sources say, and its templates need nothing but it."""

import gzip
import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import brotli
import flask_appbuilder
import pytest

NODE = shutil.which("node")
ROOT = Path(__file__).parents[2]
FRONTEND = ROOT / "frontend"
DIST = ROOT / "app" / "static" / "dist"
TEMPLATES = ROOT / "app" / "templates"
PAGES = sorted(TEMPLATES.rglob("*.html"))
MANIFEST = json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))

# Flask-AppBuilder's templates that ours replace, as they were when ours were written: where a new version brings
# another digest, read what changed there before taking the new digest over.
REPLACED = {
    "baselayout.html": "105fed3336242802",
    "flash.html": "a268376b17b04c6d",
    "general/alert.html": "a1d8f674dcdba297",
    "general/confirm.html": "b40fa102c061f75b",
    "general/lib.html": "d91fc4025d4fc213",
    "general/model/edit.html": "a10db10430c6aa9f",
    "general/model/list.html": "7c11106ff27fb6d2",
    "general/model/show.html": "67a574db1dc124a2",
    "general/security/login_db.html": "809558f64c446bff",
    "general/widgets/base_list.html": "16fec5c8fa0b3da9",
    "general/widgets/form.html": "640a41d53d00a184",
    "general/widgets/list.html": "2a0fad48fe42239c",
    "general/widgets/roles/list.html": "fbf2cb3dbc25ccb6",
    "general/widgets/roles/show.html": "3d84311595cea9f6",
    "general/widgets/search.html": "36c988fa2af397d9",
    "general/widgets/show.html": "babd5b80d4e383c4",
    "init.html": "63cd58ec542d996f",
}

FORBIDDEN = {
    "a variable named like gettext, which it would hide": r"\{%-?\s*set\s+_",
    "an inline script": r"<script(?![^>]*\ssrc=)",
    "an inline style": r"<style|\sstyle\s*=",
    "an inline handler": r"\son[a-z]+\s*=\s*[\"']",
    "an address of the network": r"https?://",
}


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", MANIFEST.values())
def test_a_built_file_is_named_by_its_digest_and_lies_there_compressed_as_well(name):
    content = (DIST / name).read_bytes()

    assert name.split(".")[-2] == hashlib.sha256(content).hexdigest()[:12]
    assert gzip.decompress((DIST / f"{name}.gz").read_bytes()) == content
    assert brotli.decompress((DIST / f"{name}.br").read_bytes()) == content


def test_nothing_lies_beside_what_the_manifest_names():
    named = {f"{name}{ending}" for name in MANIFEST.values() for ending in ("", ".gz", ".br")}

    assert {path.name for path in DIST.iterdir()} == named | {"manifest.json", "LICENSES.txt", "SOURCES.txt"}


def test_the_build_is_newer_than_its_sources():
    built_from = {path: digest for digest, path in (line.split() for line in read(DIST / "SOURCES.txt").splitlines())}
    present = [FRONTEND / name for name in ("build.mjs", "package.json", "package-lock.json")]
    present += [path for path in (FRONTEND / "src").rglob("*") if path.is_file()]

    digests = {str(path.relative_to(FRONTEND)): hashlib.sha256(path.read_bytes()).hexdigest() for path in present}

    assert digests == built_from, "Run `npm ci && npm run build` in frontend/."


if NODE and (FRONTEND / "node_modules").is_dir():  # `npm ci` was run there; elsewhere the test above must do

    def test_a_fresh_build_equals_the_one_that_is_delivered(tmp_path):
        subprocess.run([NODE, "build.mjs", tmp_path], cwd=FRONTEND, check=True)

        # The compressed ones may differ between versions of zlib; their content is compared above.
        for name in ["manifest.json", "LICENSES.txt", "SOURCES.txt", *MANIFEST.values()]:
            assert (tmp_path / name).read_bytes() == (DIST / name).read_bytes(), name


def test_no_two_style_sheets_mean_different_things_by_one_class():
    """The phone's and the printer's may: they change what another sheet says. A queue slip once bent handover slips."""
    homes: dict[str, list[str]] = {}
    for sheet in sorted((FRONTEND / "src" / "css").glob("*.css")):
        if sheet.stem not in {"phone", "print"}:
            for name in set(re.findall(r"^\.([\w-]+) \{", sheet.read_text(encoding="utf-8"), re.MULTILINE)):
                homes.setdefault(name, []).append(sheet.name)
    assert {name: sheets for name, sheets in homes.items() if len(sheets) > 1} == {}


def test_the_lock_of_the_front_end_names_no_place_to_load_from():
    lock = read(FRONTEND / "package-lock.json")

    assert '"resolved"' not in lock
    assert "http" not in lock


def test_every_replaced_template_is_known():
    theirs = Path(flask_appbuilder.__file__).parent / "templates" / "appbuilder"
    ours = TEMPLATES / "appbuilder"
    both = {str(page.relative_to(ours)) for page in ours.rglob("*.html") if (theirs / page.relative_to(ours)).exists()}

    assert both == set(REPLACED)


@pytest.mark.parametrize("name", REPLACED)
def test_the_original_of_a_replaced_template_has_not_changed(name):
    original = Path(flask_appbuilder.__file__).parent / "templates" / "appbuilder" / name

    assert hashlib.sha256(original.read_bytes()).hexdigest()[:16] == REPLACED[name]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TEMPLATES)))
@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_has(what, page):
    assert not re.findall(FORBIDDEN[what], read(page))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TEMPLATES)))
def test_a_template_names_only_files_and_icons_that_exist(page):
    icons = set(re.findall(r'<symbol id="(\w+)"', read(DIST / MANIFEST["icons.svg"])))

    assert set(re.findall(r"\basset\(['\"]([^'\"]+)", read(page))) <= set(MANIFEST)
    assert set(re.findall(r"\bicon\(['\"]([^'\"]+)", read(page))) <= icons
