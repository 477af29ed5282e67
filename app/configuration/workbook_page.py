"""The catalogue as a workbook: taken out, and brought in again after a dry run that shows the fate of every row."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import flash, make_response, redirect, request, send_file, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.exc import IntegrityError

from app.configuration.workbook_columns import LAYOUTS
from app.configuration.workbook_file import MOST_BYTES
from app.configuration.workbook_kept import fetch, keep
from app.configuration.workbook_plan import MOVED, Plan, apply, plan
from app.configuration.workbook_read import Fate
from app.configuration.workbook_write import write_workbook
from app.engine.now import now
from app.errors import NotFound, NotNow, Refusal, TooLarge, Unsupported
from app.extensions import db
from app.law import N_
from app.law.roles import Role
from app.web import changes, words
from app.web.actor import current_actor
from app.web.listing import save

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Response
    from werkzeug.wrappers import Response as AnyResponse

    from app.configuration.workbook_read import Line

FATES = {
    Fate.NEW: (N_("new"), "green"), Fate.CHANGED: (N_("changed"), "blue"), Fate.UNCHANGED: (N_("unchanged"), "grey"),
    Fate.HELD: (N_("held back with its item"), "orange"), Fate.REFUSED: (N_("refused"), "red"),
}  # fmt: skip
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_COMPLAINTS, ONE_BY_ONE, LONGEST_NUMBER, LONGEST_NOTE = 500, 300, 15, 200


@dataclass
class Run:
    """Rows that follow each other and meet the same fate."""

    first: int
    last: int
    fate: Fate
    name: str
    told: str

    @property
    def rows(self) -> str:
        """Their numbers."""
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"


class WorkbookView(BaseView):
    """Items and materials in one workbook; the county administrator's."""

    route_base = "/catalogue-workbook"
    default_view = "start"
    list_title = _("Catalogue as a workbook")
    readers = editors = frozenset({Role.COUNTY_ADMIN})

    @expose("/")
    @has_access
    @permission_name("list")
    def start(self) -> Response:
        """What one may take out and bring in."""
        return self._page()

    @expose("/catalogue.xlsx")
    @has_access
    @permission_name("list")
    def out(self) -> Response:
        """The catalogue as it stands."""
        data = write_workbook(db.session())
        save(lambda: changes.note("exported catalogue", gettext("Catalogue as a workbook")))
        name = gettext("catalogue")
        return send_file(io.BytesIO(data), XLSX, as_attachment=True, download_name=f"{name}-{now().date()}.xlsx")

    @expose("/", methods=["POST"])
    @has_access
    @permission_name("edit")
    def look(self) -> Response:
        """A dry run: what would become of every row."""
        sent = request.files.get("workbook")
        if sent is None or not sent.filename:
            return self._page(N_("Choose a file."), 422)
        with sent.stream as stream:
            data = stream.read(MOST_BYTES + 1)
        try:
            found = plan(db.session(), data)
        except (TooLarge, Unsupported) as refusal:
            return self._page(refusal, refusal.status)
        number = None
        if found.changes and not found.complaints:
            number = keep(db.session(), current_actor(), found, sent.filename)
        return self._looked(found, sent.filename, number)

    @expose("/apply", methods=["POST"])
    @has_access
    @permission_name("edit")
    def bring_in(self) -> AnyResponse:
        """Write what a dry run without complaints has shown, all of it or nothing."""
        sent = request.form.get("number", "")
        note = " ".join(request.form.get("note", "").replace("\0", "").split())[:LONGEST_NOTE]
        try:
            found, name = fetch(db.session(), int(sent) if sent.isdecimal() and len(sent) < LONGEST_NUMBER else 0)
            number = save(lambda: self._apply(found, name, note))
        except (NotFound, NotNow) as refusal:
            return self._page(refusal, refusal.status)
        except IntegrityError:
            return self._page(MOVED, NotNow.status)
        flash(gettext("%(number)s items were published.", number=number), "success")
        return redirect(url_for("ItemView.list"), 303)

    @staticmethod
    def _apply(found: Plan, name: str, note: str) -> int:
        note = note or gettext("From %(file)s", file=name)[:LONGEST_NOTE]
        number = apply(db.session(), found, current_actor().username, note)
        changes.note("imported catalogue", f"{name}: {number}")
        return number

    def _page(self, wrong: Refusal | str = "", status: int = 200) -> Response:
        sentence = words.of_refusal(wrong) if isinstance(wrong, Refusal) else gettext(wrong) if wrong else ""
        page = self.render_template("workbook.html", title=self.list_title, wrong=sentence, layouts=LAYOUTS)
        return make_response(page, status)

    def _looked(self, found: Plan, name: str, number: int | None) -> Response:
        said = [*(("", "", "", words.of_complaint(each)) for each in found.wrong), *_complaints(found)]
        page = self.render_template(
            "workbook_look.html", title=gettext("Dry run: %(file)s", file=name[:100]), found=found, fates=FATES,
            complaints=said[:MOST_COMPLAINTS], more=max(0, len(said) - MOST_COMPLAINTS), number=number,
            sheets=[(layout.title, list(_runs(found, layout))) for layout in LAYOUTS], layouts=LAYOUTS,
        )  # fmt: skip
        return make_response(page, 422 if found.complaints else 200)


def _complaints(found: Plan) -> Iterator[tuple[str, Any, str, str]]:
    """Sheet, row, heading, sentence."""
    for line in found.lines:
        for each in line.wrong:
            column = line.layout.column(each.field)
            heading = gettext(column.label) if column else ""
            yield gettext(line.layout.title), line.row, heading, words.of_complaint(each)


def _runs(found: Plan, layout: Any) -> Iterator[Run]:
    """The rows of a sheet; of many, those that meet the same fate without more to say stand together."""
    lines = [line for line in found.lines if line.layout is layout]
    together: Run | None = None
    for line in lines:
        run = Run(line.row, line.row, line.fate, line.name, _told(line))
        plain = not run.told and (line.fate is Fate.UNCHANGED or len(lines) > ONE_BY_ONE)
        if together and plain and together.fate is run.fate:
            together.last, together.name = run.last, ""
            continue
        if together:
            yield together
        together = run if plain else None
        if not plain:
            yield run
    if together:
        yield together


def _told(line: Line) -> str:
    """What of a row changes, in words."""
    said = [gettext(each) for each in line.changed] + [gettext("− %(name)s", name=each) for each in line.removed]
    return gettext("; ").join(said)
