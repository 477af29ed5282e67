"""The generated lists of applications, handover slips and archive files; nothing here writes but through the engine."""

from __future__ import annotations

import re
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import TYPE_CHECKING

from flask import flash, make_response, redirect, request, url_for
from flask_appbuilder import action, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext, lazy_gettext
from sqlalchemy import select
from wtforms import DateField

from app.engine.actors import PERMISSION_VIEW
from app.errors import Incomplete, NotAllowed, NotFound, Refusal
from app.extensions import db
from app.law import N_
from app.law.states import STATE_LABELS
from app.models.application import Application
from app.models.archive import ArchiveFile
from app.models.custody import Slip
from app.web import words
from app.web.actor import conduct
from app.web.application_shown import ARCHIVE_STATES, SLIP_KINDS, SLIP_STATES
from app.web.archive_looks import LONGEST_REASON, SHORTEST_REASON, is_reason, keep_view
from app.web.crud import GeneratedView
from app.web.widgets import NativeDate

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

MOST_AT_ONCE, LONGEST_KEY = 50, 60
CHOSEN = re.compile(r"([0-9]{1,15}):([0-9]{1,9})")
"""An application and the version it was seen in."""

STATES = {state.value: label for state, label in STATE_LABELS.items()}
MEDIA = {"scans": N_("Scans, at once"), "paper": N_("Paper, on a slip")}
ARCHIVE_MEDIA = {"paper": N_("Paper"), "electronic": N_("Electronic"), "both": N_("Paper and electronic")}


@dataclass(frozen=True)
class Outcome:
    """What became of one application of a bulk act."""

    id: int
    number: str
    sentence: str = ""


class ReadOnlyList(GeneratedView):
    """A list of governed rows within reach; a row leads to its application."""

    class_permission_name = PERMISSION_VIEW
    include_route_methods = {"list", "show"}
    show_columns = add_columns = edit_columns = ()
    base_order = ("id", "desc")

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> AnyResponse:
        """The application that the row is or belongs to."""
        row = self._row(pk)
        here = row.id if isinstance(row, Application) else row.application_id
        return redirect(url_for("ApplicationPage.show", application_id=here))


class ApplicationList(ReadOnlyList):
    """The applications within reach."""

    model = Application
    route_base = "/applications"
    list_title = lazy_gettext("Applications")
    include_route_methods = {"list", "show", "action_post", "accept_several"}
    method_permission_name = {"accept": "accept", "reject": "reject", "issue": "issue"}
    list_columns = [
        "short_no", "item.name", "applicant_name", "state", "centre.name", "registered_at", "next_due_at",
    ]  # fmt: skip
    label_columns = {
        "item": lazy_gettext("Item"),
        "item.name": lazy_gettext("Item"),
        "centre.name": lazy_gettext("Taken at"),
    }
    order_columns = ["short_no", "registered_at", "next_due_at"]
    search_columns = ["short_no", "provincial_no", "applicant_name", "state", "item", "registered_at"]
    short_relations = ("item",)
    search_form_extra_fields = {"registered_at": DateField(lazy_gettext("Registered at"), widget=NativeDate())}
    choices_of = {"state": STATES}

    @expose("/action_post", methods=["POST"])
    def action_post(self) -> AnyResponse | str:
        """Do what was chosen with the rows that were ticked, as far as they are within reach."""
        chosen = self.actions.get(request.form.get("action", ""))
        if chosen is None:
            raise NotFound
        if not self.appbuilder.sm.has_access(self.get_action_permission_name(chosen.name), self.class_permission_name):
            raise NotAllowed
        found = [self.datamodel.find(key) for key in request.form.getlist("rowid")[:MOST_AT_ONCE]]
        return chosen.func([row for row in found if row is not None])

    @action("accept", lazy_gettext("Accept"), icon="fa-check", single=False)
    def accept(self, rows: list[Application]) -> str:
        """Ask for the opinion with which all of them are accepted."""
        return self._ask_opinion(rows)

    @action("reject", lazy_gettext("Propose non-acceptance"), icon="fa-edit", single=False)
    def reject(self, rows: list[Application]) -> AnyResponse:
        """Open the form of the one that was ticked."""
        return self._open("reject", rows)

    @action("issue", lazy_gettext("Issue"), icon="fa-file", single=False)
    def issue(self, rows: list[Application]) -> AnyResponse:
        """Open the form of the one that was ticked."""
        return self._open("issue", rows)

    @expose("/accept", methods=["POST"])
    @has_access
    @permission_name("accept")
    def accept_several(self) -> AnyResponse | str:
        """Accept each of them by itself, and say what became of each."""
        sent = request.form.getlist("application")[:MOST_AT_ONCE]
        chosen = [(int(found[1]), int(found[2])) for each in sent if (found := CHOSEN.fullmatch(each))]
        numbers = dict(self._numbers([pk for pk, _version in chosen]))
        opinion, key = request.form.get("opinion", ""), request.form.get("idempotency_key", "")[:LONGEST_KEY]
        outcomes = [
            self._accept(pk, numbers[pk], version, opinion, f"{key}-{pk}") for pk, version in chosen if pk in numbers
        ]
        return self.render_template("accept_several.html", title=gettext("Accept"), outcomes=outcomes)

    def _accept(self, pk: int, number: str, version: int, opinion: str, key: str) -> Outcome:
        try:
            conduct("accept", pk, {"opinion": opinion}, version, key)
        except Incomplete as refusal:
            return Outcome(pk, number, " ".join(words.of_complaint(each) for each in refusal.complaints))
        except Refusal as refusal:
            return Outcome(pk, number, words.of_refusal(refusal))
        return Outcome(pk, number)

    def _numbers(self, keys: list[int]) -> list[tuple[int, str]]:
        found = db.session.execute(select(Application.id, Application.short_no).where(Application.id.in_(keys)))
        return [(pk, number) for pk, number in found]

    def _ask_opinion(self, rows: list[Application]) -> str:
        chosen = [(row.id, row.version, row.short_no, row.applicant_name) for row in rows]
        return self.render_template(
            "accept_several.html", title=gettext("Accept"), chosen=chosen, key=token_urlsafe(24), outcomes=None
        )

    def _open(self, act: str, rows: list[Application]) -> AnyResponse:
        if len(rows) == 1:
            return redirect(url_for("ApplicationPage.act", application_id=rows[0].id, name=act))
        flash(gettext("Tick one application: this act has a form of its own."), "warning")
        return redirect(url_for(".list"))


class SlipList(ReadOnlyList):
    """The handover slips of applications within reach."""

    model = Slip
    route_base = "/slips"
    list_title = lazy_gettext("Handover slips")
    list_columns = [
        "number", "kind", "medium", "state", "sender_name", "issued_at", "due_at", "settled_by_name", "settled_at",
    ]  # fmt: skip
    order_columns = ["issued_at"]
    search_columns = ["number", "kind", "state", "sender_name"]
    choices_of = {
        "kind": SLIP_KINDS, "medium": MEDIA, "state": {code: label for code, (label, _tone) in SLIP_STATES.items()},
    }  # fmt: skip


class ArchiveList(ReadOnlyList):
    """The archive files of applications within reach; whoever looks into one says why."""

    model = ArchiveFile
    route_base = "/archives"
    list_title = lazy_gettext("Archive files")
    include_route_methods = {"list", "show"}
    list_columns = ["number", "state", "medium", "opened_at", "listed_by_name", "confirmed_by_name", "location"]
    order_columns = ["opened_at"]
    search_columns = ["number", "state", "location"]
    choices_of = {"state": ARCHIVE_STATES, "medium": ARCHIVE_MEDIA}

    @expose("/show/<pk>", methods=["GET", "POST"])
    @has_access
    def show(self, pk: str) -> AnyResponse | str:
        """Ask why, keep it, then show the sheets of the file."""
        file = self._row(pk)
        reason = request.form.get("reason", "").strip()
        if request.method == "POST" and is_reason(reason):
            keep_view(file, reason)
            file = self._row(pk)
            return self.render_template("archive_file.html", title=file.number, file=file, states=ARCHIVE_STATES)
        wrong = words.reason_wanted(SHORTEST_REASON, LONGEST_REASON) if request.method == "POST" else ""
        page = self.render_template(
            "archive_reason.html", title=file.number, reason=reason[:LONGEST_REASON], wrong=wrong
        )
        return make_response(page, 422 if wrong else 200)
