"""The wording of papers: each paragraph with its placeholders, its history, and a look at the paper beforehand."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from typing import TYPE_CHECKING, Any

from flask import flash, make_response, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from sqlalchemy import select

from app.configuration.item_forms import by
from app.configuration.wording_names import name_of, name_of_key, title_of
from app.engine import paper_samples, placeholders, rendering, wording
from app.engine.now import now
from app.engine.settings import load
from app.engine.wording import EVERY, WORDING_VERSION, Wording, originals
from app.errors import Complaint, Incomplete, NotFound, NotNow
from app.extensions import db
from app.law import numbering
from app.law.roles import Role
from app.models.calendar import Setting
from app.models.wording import Paragraph
from app.web import changes
from app.web.crud_writing import STALE
from app.web.listing import save

if TYPE_CHECKING:
    from collections.abc import Collection

    from werkzeug.wrappers import Response as AnyResponse


class WordingView(BaseView):
    """What the county's papers say."""

    route_base = "/wording"
    default_view = "list"
    readers = editors = frozenset({Role.COUNTY_ADMIN})
    extra_args = {"original_of": lambda kind, key: originals()[kind][key]}

    @expose("/list/")
    @has_access
    def list(self) -> str:
        """Every paper with its paragraphs."""
        current = _current()
        papers = [(kind, title_of(kind), [_line(current, kind, key) for key in texts])
                  for kind, texts in originals().items()]  # fmt: skip
        return self.render_template("wording.html", title=gettext("Wording of papers"), papers=papers)

    @expose("/edit/<kind>/<key>", methods=["GET", "POST"])
    @has_access
    @permission_name("edit")
    def edit(self, kind: str, key: str) -> AnyResponse | str:
        """One paragraph: its text, its placeholders, and how the paper would look."""
        if key not in originals().get(kind, {}):
            raise NotFound
        before = _current().text(kind, key)
        if request.method == "GET":
            return self._page(kind, key, before, _mark(before))
        text = request.form.get("text", "").replace("\r\n", "\n").replace("\0", "").strip()
        if request.form.get("do") == "original":
            text = originals()[kind][key]
        if found := placeholders.complaints(kind, key, text):
            return make_response(self._page(kind, key, text, request.form.get("seen", ""), found), Incomplete.status)
        if request.form.get("do") == "preview":
            return self._page(kind, key, text, request.form.get("seen", ""), preview=True)
        try:
            save(lambda: _write(kind, key, text))
        except NotNow as refusal:
            flash(gettext(refusal.sentence), "warning")
            return make_response(self._page(kind, key, text, _mark(_current().text(kind, key))), refusal.status)
        flash(gettext("%(name)s was saved.", name=name_of(kind, key)), "success")
        return redirect(url_for(".list", _anchor=kind))

    def _page(
        self, kind: str, key: str, text: str, seen: str, complaints: Collection[Complaint] = (), *,
        preview: bool = False,
    ) -> str:  # fmt: skip
        history = db.session.scalars(
            select(Paragraph).where(Paragraph.kind == kind, Paragraph.key == key).order_by(Paragraph.id.desc())
        ).all()
        return self.render_template(
            "wording_edit.html", title=name_of(kind, key), kind=kind, key=key, text=text, seen=seen,
            complaints=[(each.field, gettext(each.sentence, **each.params)) for each in complaints],
            placeholders=[(path, gettext(label)) for path, label in placeholders.of(kind).items()],
            pictures=_pictures(kind, key, text) if preview else [], history=history, original=originals()[kind][key],
        )


def _line(current: Wording, kind: str, key: str) -> dict[str, Any]:
    text = current.text(kind, key)
    return {"key": key, "name": name_of_key(key), "text": text, "is_own": text != originals()[kind][key]}


def _current() -> Wording:
    session = db.session()
    return wording.load(session, load(session))


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _write(kind: str, key: str, text: str) -> None:
    """Add the text as the one that holds from now on; papers that were issued keep theirs."""
    session = db.session()
    version = session.get(Setting, WORDING_VERSION, with_for_update=True)
    before = _current().text(kind, key)
    if request.form.get("seen") != _mark(before):
        raise NotNow(STALE)
    if text == before:
        return
    original = originals()[kind][key]
    row = Paragraph(kind=kind, key=key, text=None if text == original else text, created_at=now(), created_by=by())
    session.add(row)
    if version is None:
        version = Setting(key=WORDING_VERSION, value=0)
        changes.stamp(version)
        session.add(version)
    version.value = int(str(version.value)) + 1
    session.flush()
    changes.record("changed", row, [f"{kind}.{key}"])


def _pictures(kind: str, key: str, text: str) -> list[str]:
    """The paper with sample facts, as it would look with this text; of every paper, the receipt stands for all."""
    shown = "receipt_voucher" if kind == EVERY else kind
    try:
        facts = paper_samples.sample(shown)
    except KeyError:
        return []
    facts |= {"demo": True, **_case_of(key, facts)}
    current = _current()
    changed = {name: dict(texts) for name, texts in current.changed.items()}
    changed.setdefault(kind, {})[key] = text
    paragraphs = wording.resolve(shown, facts, Wording(changed, current.county))
    number = numbering.document_no(shown, now().year, 1)
    sheets = rendering.pictures(shown, facts, number, now(), token="-" * 16, paragraphs=paragraphs)
    return [b64encode(sheet).decode() for sheet in sheets]


def _case_of(key: str, facts: dict[str, Any]) -> dict[str, Any]:
    """What makes the sample a case of the paragraph that is looked at; the plain one is the licence's."""
    changed: dict[str, Any] = {}
    if key.endswith("_other"):
        changed["application"] = facts["application"] | {"licence": False}
    if "owed" in facts and not key.endswith("_owed") and key != "owed":
        changed["owed"] = []
    if "deemed" in facts:
        changed["deemed"] = key.endswith("_deemed")
    return changed
