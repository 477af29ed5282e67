"""The page of a draft: what it changes, what is still missing, its parts, and its publication."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, flash, make_response, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.exc import IntegrityError

from app.configuration import revisions
from app.configuration.differences_told import complained, told
from app.configuration.item_forms import (
    Content,
    Drafted,
    ItemForms,
    MaterialForms,
    QuestionForms,
    StandardForms,
    by,
    digest,
)
from app.engine.differences import differences
from app.engine.item_inputs import FEE_KINDS, FIELD_TYPES, FORMS, PARTS, REQUIREMENTS
from app.errors import Complaint, Incomplete, NotFound, NotNow
from app.extensions import db
from app.law import N_
from app.models.revision import ItemRevision
from app.web import changes
from app.web.constraints import TAKEN
from app.web.listing import save

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from werkzeug.wrappers import Response as AnyResponse

DRAFT = "<int(max=9007199254740991):draft_id>"
PLACE = "<int(max=999):place>"
LONGEST_NOTE = 200
CHANGED = N_("Somebody changed this draft after you opened it. Look at it again.")
FORMS_OF = {"materials": "MaterialDraft", "extra_fields": "QuestionDraft", "fees": "StandardDraft"}


class DraftView(ItemForms):
    """One open draft."""

    route_base = "/drafts"
    class_permission_name = "ItemView"
    include_route_methods = {"show", "fields", "publish", "discard"}

    @expose(f"/{DRAFT}", methods=["GET"])
    @has_access
    @permission_name("edit")
    def show(self, draft_id: int) -> str:
        """What the draft changes, and what keeps it from being published."""
        draft = revisions.find(db.session(), draft_id)
        self.update_redirect()
        return self._page(draft, revisions.missing(db.session(), draft))

    @expose(f"/{DRAFT}/fields", methods=["GET", "POST"])
    @has_access
    @permission_name("edit")
    def fields(self, draft_id: int) -> AnyResponse | str:
        """The item's own fields."""
        draft = revisions.find(db.session(), draft_id)
        here = url_for(".show", draft_id=draft_id)

        def write(said: Content) -> str:
            found = revisions.find(db.session(), draft_id, lock=True)
            found.content = found.content | said
            return here

        title = gettext("Edit: %(name)s", name=str(draft))
        return self.draft_form(draft.content, title, write, lambda: _content(draft_id))

    @expose(f"/{DRAFT}/publish", methods=["POST"])
    @has_access
    @permission_name("edit")
    def publish(self, draft_id: int) -> AnyResponse:
        """Publish the draft: from now on it is what clerks see; what was filed keeps what it was filed under."""
        note = " ".join(request.form.get("note", "").replace("\0", "").split())
        try:
            item_id, number = save(lambda: self._publish(draft_id, note))
        except Incomplete as refusal:
            return self._refused(draft_id, refusal.complaints, note, refusal.status)
        except NotNow as refusal:
            flash(gettext(refusal.sentence, **refusal.params), "warning")
            return self._refused(draft_id, (), note, refusal.status)
        except IntegrityError:
            return self._refused(draft_id, (Complaint("code", TAKEN),), note, Incomplete.status)
        flash(gettext("Revision %(number)s was published.", number=number), "success")
        return redirect(url_for("ItemView.show", pk=item_id), 303)

    @expose(f"/{DRAFT}/discard", methods=["POST"])
    @has_access
    @permission_name("edit")
    def discard(self, draft_id: int) -> AnyResponse:
        """Throw the draft away."""

        def work() -> int | None:
            draft = revisions.find(db.session(), draft_id, lock=True)
            revisions.discard(draft)
            changes.record("discarded", draft)
            return draft.item_id

        item_id = save(work)
        flash(gettext("The draft was thrown away."), "success")
        return redirect(url_for("ItemView.show", pk=item_id) if item_id else url_for("ItemView.list"), 303)

    def _publish(self, draft_id: int, note: str) -> tuple[int, int]:
        session = db.session()
        draft = revisions.find(session, draft_id, lock=True)
        if request.form.get("seen") != digest(draft.content):
            raise NotNow(CHANGED)
        if len(note) > LONGEST_NOTE:
            raise Incomplete([Complaint("note", N_("At most %(most)s characters."), {"most": LONGEST_NOTE})])
        item = draft.item
        before = revisions.content_of(item) if item is not None else {}
        revision = revisions.publish(session, draft.content, by(), note, item, is_new=item is None, draft=draft)
        item = revision.item
        assert item is not None  # a published revision has its item
        told_of = [str(each) for each in differences(before, revision.content)] if before else [""]
        changes.record("changed" if before else "added", item, told_of)
        return item.id, item.revision

    def _refused(self, draft_id: int, complaints: Collection[Complaint], note: str, status: int) -> AnyResponse:
        draft = revisions.find(db.session(), draft_id)
        return make_response(self._page(draft, complaints or revisions.missing(db.session(), draft), note), status)

    def _page(self, draft: ItemRevision, complaints: Collection[Complaint], note: str = "") -> str:
        before = revisions.content_of(draft.item) if draft.item is not None else {}
        return self.render_template(
            "draft.html", title=gettext("Draft: %(item)s", item=str(draft)), draft=draft, said=_whole(draft), note=note,
            seen=digest(draft.content), changed=told(before, draft.content), is_new=draft.item is None,
            missing=complained(draft.content, complaints), words=WORDS, forms=FORMS_OF,
        )


WORDS = REQUIREMENTS | FORMS | FIELD_TYPES | FEE_KINDS


def _content(draft_id: int) -> Content:
    return _whole(revisions.find(db.session(), draft_id))


def _whole(draft: ItemRevision) -> Content:
    """What a draft says; one of an earlier version says nothing of what there was not yet."""
    return {part: [] for part in PARTS} | draft.content


class PartOfDraft(Drafted):
    """The lines of one part of a draft: each has a form, and may go."""

    class_permission_name = "ItemView"
    include_route_methods = {"new", "line", "remove"}
    part = ""
    name_column = "name"
    new_line: Content = {}
    title_of_new: Any = ""

    @expose("/new", methods=["GET", "POST"])
    @has_access
    @permission_name("edit")
    def new(self, draft_id: int) -> AnyResponse | str:
        """The form of a line more."""
        lines = _content(draft_id)[self.part]
        begins = self.new_line | {"position": max((each["position"] for each in lines), default=0) + 1}
        return self._form(draft_id, begins, str(self.title_of_new), lambda found, said: [*found, begins | said])

    @expose(f"/{PLACE}", methods=["GET", "POST"])
    @has_access
    @permission_name("edit")
    def line(self, draft_id: int, place: int) -> AnyResponse | str:
        """The form of one line."""
        lines = _content(draft_id)[self.part]
        if place >= len(lines):
            raise NotFound

        def changed(found: list[Content], said: Content) -> list[Content]:
            return [each | said if i == place else each for i, each in enumerate(found)]

        title = gettext("Edit: %(name)s", name=lines[place][self.name_column])
        return self._form(draft_id, lines[place], title, changed)

    @expose(f"/{PLACE}/remove/<seen>", methods=["POST"])
    @has_access
    @permission_name("edit")
    def remove(self, draft_id: int, place: int, seen: str) -> AnyResponse:
        """Take a line out of the draft."""

        def work() -> None:
            draft = revisions.find(db.session(), draft_id, lock=True)
            if seen != digest(draft.content):
                raise NotNow(CHANGED)
            lines = _whole(draft)[self.part]
            if place >= len(lines):
                abort(404)
            self._write(draft, [each for i, each in enumerate(lines) if i != place])

        save(work)
        return redirect(url_for("DraftView.show", draft_id=draft_id), 303)

    def _form(
        self, draft_id: int, said: Content, title: str, merged: Callable[[list[Content], Content], list[Content]]
    ) -> AnyResponse | str:
        here = url_for("DraftView.show", draft_id=draft_id, _anchor=self.part)

        def write(typed: Content) -> str:
            draft = revisions.find(db.session(), draft_id, lock=True)
            self._write(draft, merged(_whole(draft)[self.part], typed))
            return here

        return self.draft_form(said, title, write, lambda: _content(draft_id))

    def _write(self, draft: ItemRevision, lines: list[Content]) -> None:
        ordered = sorted(lines, key=lambda each: each["position"])
        draft.content = draft.content | {self.part: ordered}


class MaterialDraft(PartOfDraft, MaterialForms):
    """The material list of a draft."""

    route_base = f"/drafts/{DRAFT}/materials"
    part, title_of_new = "materials", _("New material")
    new_line = {"id": None, "requirement": "required", "original_count": 0, "copy_count": 0, "supplement_days": 0}


class QuestionDraft(PartOfDraft, QuestionForms):
    """The questions of a draft."""

    route_base = f"/drafts/{DRAFT}/questions"
    part, name_column, title_of_new = "extra_fields", "label", _("New question")
    new_line = {"choices": []}


class StandardDraft(PartOfDraft, StandardForms):
    """The fees and deposits of a draft."""

    route_base = f"/drafts/{DRAFT}/fees"
    part, title_of_new = "fees", _("New fee or deposit")
    new_line = {"is_active": True}
