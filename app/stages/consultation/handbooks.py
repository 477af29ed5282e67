"""Handbooks of the items: drafted by the administrator or the office's head, published, never changed again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from app.engine import item_files
from app.engine.now import now
from app.errors import Complaint, NotAllowed, NotFound, NotNow, Refusal
from app.extensions import db
from app.law import N_
from app.law.roles import STAFF_ROLES, Role
from app.models.catalogue import Item
from app.models.handbook import SECTIONS, Handbook
from app.web import changes, words
from app.web.actor import current_actor
from app.web.crud import GeneratedView
from app.web.files import send_whole, take_in
from app.web.listing import save

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Response
    from werkzeug.wrappers import Response as AnyResponse

STATES = {"draft": N_("Draft"), "published": N_("Published"), "discarded": N_("Thrown away")}
NOT_YOURS = N_("The handbook of an item is written by the head of its office or the county administrator.")
SETTLED = N_("This version is settled; draft a new one.")
EMPTY = N_("Write at least what to look at when taking the item in.")
ONE_DRAFT = N_("A draft of this handbook was begun already; go on with that one.")


class HandbookView(GeneratedView):
    """Every version of every handbook."""

    model = Handbook
    route_base = "/handbooks"
    list_title, new_title = _("Handbooks"), _("New handbook")
    readers, editors = frozenset(STAFF_ROLES), frozenset({Role.COUNTY_ADMIN, Role.OFFICE_HEAD})
    include_route_methods = {
        "list", "show", "add", "edit", "choices", "current", "begin", "publish", "discard", "attach", "file",
    }  # fmt: skip
    choices_of = {"state": STATES}
    list_columns = ["item", "number", "state", "published_at", "published_by"]
    show_columns = ["item", "number", "state", *SECTIONS, "published_at", "published_by"]
    add_columns = ["item", *SECTIONS]
    edit_columns = list(SECTIONS)
    search_columns = ["item", "state", "published_at"]
    short_relations = ("item",)
    base_order = ("id", "desc")
    show_template = "handbook.html"
    sentences = {"one_draft_of_handbook": ("item", ONE_DRAFT)}

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> str:
        """One version, and what came before and after it."""
        row = self._row(pk)
        self.update_redirect()
        versions = select(Handbook).where(Handbook.item_id == row.item_id, Handbook.state != "discarded")
        return self.render_template(
            self.show_template, pk=pk, title=gettext("Handbook: %(item)s", item=row.item), row=row,
            sections=[(self.label_columns[name], getattr(row, name)) for name in SECTIONS],
            versions=db.session.scalars(versions.order_by(Handbook.id.desc())).all(), states=STATES,
            may_write=_may_write(row.item) and self.appbuilder.sm.has_access("can_edit", self.class_permission_name),
            draft=_draft_of(row.item_id),
        )  # fmt: skip

    @expose("/item/<code>", methods=["GET"])
    @has_access
    @permission_name("show")
    def current(self, code: str) -> AnyResponse | str:
        """The version of an item's handbook that is in force, or that there is none."""
        item = db.session.scalar(select(Item).where(Item.code == code))
        if item is None:
            raise NotFound
        found = in_force(item.id)
        if found is not None:
            return redirect(url_for(".show", pk=found.id))
        may_write = self.appbuilder.sm.has_access("can_edit", self.class_permission_name) and _may_write(item)
        return self.render_template(
            "handbook_none.html", title=gettext("Handbook: %(item)s", item=item), item=item, may_write=may_write
        )

    @expose("/edit/<pk>", methods=["GET", "POST"])
    @has_access
    def edit(self, pk: str) -> AnyResponse | str:
        """The texts of a draft; what was published is settled."""
        row = self._row(pk)
        if request.method == "GET" and _may_write(row.item) and row.state != "draft":
            flash(gettext(SETTLED), "warning")
            return redirect(url_for(".show", pk=pk))
        _look(row)
        return super().edit(pk)

    @expose("/begin/<int(max=9007199254740991):item_id>", methods=["POST"])
    @has_access
    @permission_name("edit")
    def begin(self, item_id: int) -> AnyResponse:
        """Draft the next version from the one in force; a draft that was begun already is opened."""
        item = db.session.get(Item, item_id)
        if item is None:
            raise NotFound
        if not _may_write(item):
            raise NotAllowed(NOT_YOURS)

        def work() -> int:
            draft = _draft_of(item_id)
            if draft is None:
                like = in_force(item_id)
                texts = {name: getattr(like, name) if like else "" for name in SECTIONS}
                file_id = like.file_id if like else None
                draft = Handbook(item_id=item_id, state="draft", file_id=file_id, **texts)
                changes.stamp(draft)
                db.session.add(draft)
                db.session.flush()
                changes.record("added", draft)
            return draft.id

        return redirect(url_for(".edit", pk=save(work)), 303)

    @expose("/publish/<pk>", methods=["POST"])
    @has_access
    @permission_name("edit")
    def publish(self, pk: str) -> AnyResponse:
        """Put a draft in force; the versions before it stay to be read."""
        return self._settle(pk, self._publish, gettext("The handbook was published."))

    @expose("/discard/<pk>", methods=["POST"])
    @has_access
    @permission_name("edit")
    def discard(self, pk: str) -> AnyResponse:
        """Throw a draft away."""
        return self._settle(pk, _discard, gettext("The draft was thrown away."))

    @expose("/attach/<pk>", methods=["POST"])
    @has_access
    @permission_name("edit")
    def attach(self, pk: str) -> AnyResponse:
        """Put a file to the draft, instead of the one before."""
        _look(self._row(pk))
        try:
            stored = take_in(request.files.get("file")).id
        except Refusal as refusal:
            flash(_first(refusal), "danger")
            return redirect(url_for(".show", pk=pk), 303)

        def work(row: Handbook) -> None:
            row.file_id = item_files.claim(db.session(), stored, "handbook", row.id, "handbook").id
            changes.record("changed", row, ["file"])

        return self._settle(pk, work, gettext("The file was put to the draft."))

    @expose("/file/<pk>", methods=["GET"])
    @has_access
    @permission_name("show")
    def file(self, pk: str) -> Response:
        """The file of a version."""
        found = item_files.handbook_file(db.session(), self._row(pk))
        if found is None:
            raise NotFound
        return send_whole(found)

    def pre_add(self, row: Handbook) -> None:
        """What is written is a draft."""
        row.state = "draft"

    def complaints(self, row: Handbook) -> Iterator[Complaint]:
        """Whose items one writes about."""
        if row.item is not None and not _may_write(row.item):
            yield Complaint("item", NOT_YOURS)

    def _settle(self, pk: str, work: Callable[[Handbook], None], sentence: str) -> AnyResponse:
        def settle() -> None:
            row = self._row(pk, lock=True)
            _look(row)
            work(row)

        try:
            save(settle)
        except NotNow as refusal:
            flash(words.of_refusal(refusal), "warning")
        else:
            flash(sentence, "success")
        return redirect(url_for(".show", pk=pk), 303)

    @staticmethod
    def _publish(row: Handbook) -> None:
        if not row.intake_points.strip():
            raise NotNow(EMPTY)
        last = select(func.max(Handbook.number)).where(Handbook.item_id == row.item_id)
        number = (db.session.scalar(last) or 0) + 1
        row.state, row.number = "published", number
        row.published_at, row.published_by = now(), current_actor().username
        changes.record("published", row, [str(number)])


def in_force(item_id: int) -> Handbook | None:
    """The published version of the highest number."""
    published = select(Handbook).where(Handbook.item_id == item_id, Handbook.state == "published")
    found: Handbook | None = db.session.scalar(published.order_by(Handbook.number.desc()).limit(1))
    return found


def _draft_of(item_id: int) -> Handbook | None:
    found: Handbook | None = db.session.scalar(
        select(Handbook).where(Handbook.item_id == item_id, Handbook.state == "draft")
    )
    return found


def _discard(row: Handbook) -> None:
    row.state = "discarded"
    changes.record("discarded", row)


def _may_write(item: Item) -> bool:
    """The administrator may; a head in the own office."""
    for grant in current_actor().grants:
        if grant.role is Role.COUNTY_ADMIN or (grant.role is Role.OFFICE_HEAD and item.office_id in grant.offices):
            return True
    return False


def _look(row: Handbook) -> None:
    """Only an open draft is written to, and only by those who may."""
    if not _may_write(row.item):
        raise NotAllowed(NOT_YOURS)
    if row.state != "draft":
        raise NotNow(SETTLED)


def _first(refusal: Any) -> str:
    """What is wrong with the upload, in one sentence."""
    complaints = getattr(refusal, "complaints", ())
    return words.of_complaint(complaints[0]) if complaints else words.of_refusal(refusal)
