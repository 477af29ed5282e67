"""One page to file one thing (一件事): all its applications from one ticket, the lead first (第十五条（五）, req. 77).

Each application is registered by an act of its own. Should one be refused, those filed before stay filed, and the page
goes on with the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any

from flask import flash, make_response, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.engine import files, missteps, versions
from app.engine.acts import ACTS
from app.errors import Busy, Complaint, Incomplete, NotAllowed, NotFound, NotNow, Refusal
from app.extensions import db
from app.law import N_
from app.law.roles import Role
from app.models.application import Application
from app.models.theme import Theme
from app.models.trail import StoredFile
from app.web import answers, form_input, words
from app.web.actor import conduct, current_actor
from app.web.forms import SHAPES, ActForm, Control

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as AnyResponse

    from app.models.catalogue import Item
    from app.web.answers import Answers
    from app.web.form_input import Given

EACH_ITS_OWN = ("item", "relation", "original_no", "extra", "theme_id", "parent_id")
"""What the applications of one thing do not share."""
LONGEST_KEY, LONGEST_NUMBER = 60, 15


@dataclass
class Part:
    """One application to be: its item, whether it is wanted, and the one filed already."""

    item: Item
    leads: bool
    wanted: bool
    may: bool
    filed: tuple[int, str] | None = None
    questions: Answers | None = None


class GroupFiling(BaseView):
    """Filing one thing at one's own window."""

    route_base = "/one-thing"
    default_view = "start"
    list_title = _("File one thing")
    readers = frozenset({Role.WINDOW_CLERK, Role.TOWN_CLERK})

    @expose("/")
    @has_access
    @permission_name("list")
    def start(self) -> str:
        """Which thing it is."""
        found = db.session.scalars(select(Theme).where(Theme.is_active.is_(True)).order_by(Theme.code)).all()
        themes = [(theme, _may_file(theme.lead_item)) for theme in found]
        return self.render_template("one_thing.html", title=gettext("File one thing"), themes=themes, theme=None)

    @expose("/<int(max=9007199254740991):theme_id>", methods=["GET", "POST"])
    @has_access
    @permission_name("list")
    def file(self, theme_id: int) -> AnyResponse:
        """The form of the whole thing, and its applications."""
        theme = db.session.get(Theme, theme_id)
        if theme is None or not theme.is_active:
            raise NotFound
        if request.method == "GET":
            return self._page(theme, _parts(theme))
        given = form_input.read(ACTS["register"].schema(), _shape())
        parts = _parts(theme, request.form.getlist("parts"))
        complaints = list(given.complaints)
        if not any(part.wanted for part in parts if not part.leads):
            complaints.append(Complaint("parts", N_("Choose what is filed together with it.")))
        if complaints:
            missteps.note(db.session(), current_actor(), "register", complaints)
            return self._page(theme, _parts(theme, request.form.getlist("parts")), given, Incomplete(complaints))
        return self._file(theme, parts, given)

    def _file(self, theme: Theme, parts: list[Part], given: Given) -> AnyResponse:
        """One after another; the ticket of the first is that of all."""
        pk, wanted = theme.id, [part.item.code for part in parts if part.wanted]
        for i, code in enumerate(wanted):
            if parts_filed(code):
                continue
            lead = parts_filed(wanted[0]) if i else None
            try:
                answer = conduct("register", None, self._data(pk, code, lead, given), None, f"{_key()}-{code}")
            except (Incomplete, NotNow, NotAllowed, Busy) as refusal:
                again = db.session.get_one(Theme, pk)
                return self._page(again, _parts(again, request.form.getlist("parts")), given, _of_part(refusal, code))
            given.values[f"filed.{code}"] = str(answer["id"])
            _filed()[code] = answer["id"]
        flash(gettext("%(count)s applications were filed as one thing.", count=len(wanted)), "success")
        return redirect(url_for("ApplicationPage.show", application_id=parts_filed(wanted[0])), 303)

    @staticmethod
    def _data(theme_id: int, code: str, lead: int | None, given: Given) -> dict[str, Any]:
        data = {**given.data, "item": code, "relation": "new", "theme_id": theme_id}
        if extra := answers.given(given.values, f"extra-{code}"):
            data["extra"] = extra
        if lead is not None:
            ticket = db.session.scalar(select(Application.ticket_id).where(Application.id == lead))
            data |= {"parent_id": lead, "ticket_id": ticket}
            if data.get("agent"):
                data["agent"] = {**data["agent"], "authorisation": _copy(given, code)}
        return data

    def _page(
        self, theme: Theme, parts: list[Part], given: Given | None = None, refusal: Refusal | None = None
    ) -> Response:
        complaints = refusal.complaints if isinstance(refusal, Incomplete) else ()
        form = ActForm(ACTS["register"], None, current_actor(), given, complaints)
        form.shape = _shape()
        for part in parts:
            if part.may:
                part.questions = _questions(part.item, given, complaints)
        shown = [each for each in form.summary if not each[0].startswith("extra-")]
        page = self.render_template(
            "one_thing.html", title=theme.name, theme=theme, parts=parts, form=form, summary=shown,
            key=_key() or token_urlsafe(24), copies=_copies(given),
            refusal=words.of_refusal(refusal) if refusal is not None and not isinstance(refusal, Incomplete) else "",
        )  # fmt: skip
        response = make_response(page, refusal.status if refusal is not None else 200)
        if isinstance(refusal, Busy):
            response.headers["Retry-After"] = str(refusal.retry_after)
        return response


def _shape() -> Any:
    """The form of a registration without what each application has for itself."""
    shape = SHAPES["register"]
    return replace(shape, left_out=(*shape.left_out, *EACH_ITS_OWN), asked_by="")


def _parts(theme: Theme, chosen: list[str] | None = None) -> list[Part]:
    """The applications of the thing; at first all are wanted that may be filed here."""
    found = []
    for item in theme.items:
        leads, may = item.id == theme.lead_item_id, _may_file(item)
        wanted = may and (leads or chosen is None or item.code in chosen)
        found.append(Part(item, leads, wanted, may, _number_of(parts_filed(item.code))))
    return found


def _may_file(item: Item) -> bool:
    """A town's window files what is fronted alone."""
    return item.is_active and (item.is_fronted or Role.TOWN_CLERK not in current_actor().roles)


def _filed() -> dict[str, int]:
    """What this request filed already, by item."""
    found: dict[str, int] = request.environ.setdefault("onewindow.filed", {})
    return found


def parts_filed(code: str) -> int | None:
    """The application of this item that was filed by this form, as far as it says."""
    sent = request.form.get(f"filed.{code}", "")
    return _filed().get(code) or (int(sent) if sent.isdecimal() and len(sent) <= LONGEST_NUMBER else None)


def _number_of(application_id: int | None) -> tuple[int, str] | None:
    if application_id is None:
        return None
    number = db.session.scalar(select(Application.short_no).where(Application.id == application_id))
    return (application_id, number) if number else None


def _of_part(refusal: Refusal, code: str) -> Refusal:
    """The item's own questions stand under its code."""
    if not isinstance(refusal, Incomplete):
        return refusal
    return Incomplete([
        Complaint(f"extra-{code}{each.field.removeprefix('extra')}", each.sentence, each.params)
        if each.field.partition(".")[0] == "extra"
        else each
        for each in refusal.complaints
    ])  # fmt: skip


def _questions(item: Item, given: Given | None, complaints: Any) -> Answers:
    path = f"extra-{item.code}"
    told: dict[str, list[str]] = {}
    for each in complaints:
        told.setdefault(each.field, []).append(words.of_complaint(each))
    values = given.values if given is not None else {}
    found = answers.controls(path, versions.snapshot(item), values, told, Control, changes=False)
    return answers.Answers(path, item.name, found)


def _copy(given: Given, code: str) -> int:
    """Each application has its own authorisation: a copy of the one that was uploaded, made once."""
    known = request.form.get(f"copy.{code}", "")
    if known.isdecimal() and len(known) <= LONGEST_NUMBER:
        return int(known)
    original = given.data["agent"].get("authorisation", "")
    pk = int(original) if str(original).isdecimal() else 0
    file = db.session.scalar(select(StoredFile).where(StoredFile.id == pk))
    if file is None:
        return pk
    data = files.open_bytes(file.sha256)
    made = files.lay_aside(db.session(), current_actor(), file.name, data, file.media_type).id
    given.values[f"copy.{code}"] = str(made)
    return made


def _copies(given: Given | None) -> dict[str, str]:
    values = given.values if given is not None else {}
    return {name: value for name, value in values.items() if name.startswith(("copy.", "filed."))}


def _key() -> str:
    sent = request.form.get("idempotency_key", "")
    return sent if len(sent) <= LONGEST_KEY and sent.isprintable() else ""
