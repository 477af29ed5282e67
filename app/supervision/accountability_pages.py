"""Pages of accountability: opened in one step from what happened, seen by overseers and the person concerned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from flask import jsonify, render_template, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext, lazy_gettext
from flask_babel import gettext as _
from flask_login import login_required
from markupsafe import Markup
from sqlalchemy import ColumnElement, or_, select

from app.engine.actors import PERMISSION_VIEW
from app.errors import NotFound
from app.extensions import db
from app.law import N_
from app.law.clock import ZONE
from app.law.roles import Role
from app.models.accountability import AccountabilityRecord
from app.models.accounts import User
from app.models.application import Application
from app.models.organisation import Staff
from app.models.trail import StoredFile
from app.supervision.accountability import KIND
from app.supervision.evidence import COMPLAINTS, resolve
from app.supervision.inputs import ARTICLES, MEASURES, SOURCES
from app.web import branches_shown, forms, notices, object_desk, object_page
from app.web.actor import current_actor
from app.web.conditions import ME
from app.web.files import send_stored
from app.web.object_list import ObjectList

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Response

    from app.engine.actors import Actor, Grant
    from app.engine.dossier import Dossier

OVERSEERS = frozenset({Role.SUPERVISOR, Role.BUREAU_LEADER})
MOST_PEOPLE = 30
STATES = {
    "open": N_("Opened, to be heard"),
    "heard": N_("Heard, to be decided"),
    "decided": N_("Decided, to be put right"),
    "corrected": N_("Put right"),
    "dropped": N_("Dropped"),
}


class AccountabilityList(ObjectList):
    """Who is held to account, for what, and where it stands."""

    kind = KIND
    model = AccountabilityRecord
    route_base = "/accountability"
    list_title = lazy_gettext("Accountability records")
    readers = OVERSEERS
    list_columns = ["number", "respondent_name", "article", "source", "state", "created_at", "decided_at"]
    label_columns = {"created_at": lazy_gettext("Begun at")}
    order_columns = ["number", "created_at", "decided_at"]
    search_columns = ["number", "respondent_name", "article", "source", "state", "created_at"]
    choices_of = {"article": ARTICLES, "source": SOURCES, "state": STATES}


class AccountabilityPages(BaseView):
    """What the form asks while one types, and the papers of a record."""

    route_base = "/accountability-of"
    class_permission_name = "AccountabilityList"
    default_view = "people"
    readers = OVERSEERS

    @expose("/people/<chosen>")
    @has_access
    @permission_name("list")
    def people(self, chosen: str) -> Response:
        """The staff whose name or user name matches what was typed."""
        typed = request.args.get("q", "").replace("\0", "").strip()[:50]
        match = or_(Staff.name.contains(typed, autoescape=True), User.username.contains(typed, autoescape=True))
        pk = int(chosen) if chosen.isdecimal() and len(chosen) < 16 else 0  # noqa: PLR2004  (an id)
        query = select(User.id, Staff.name, User.username).join(Staff, Staff.user_id == User.id)
        found = query.where(or_(User.id == pk, match)).order_by(User.id != pk, Staff.name).limit(MOST_PEOPLE)
        return jsonify([{"id": pk, "text": f"{name} ({username})"} for pk, name, username in db.session.execute(found)])


class AccountabilityPapers(BaseView):
    """The papers of a record within sight."""

    route_base = "/accountability-paper"
    class_permission_name = PERMISSION_VIEW
    default_view = "paper"

    @expose("/<int(max=9007199254740991):pk>")
    @login_required
    def paper(self, pk: int) -> Response:
        """One of them, under its own name."""
        own = select(StoredFile.id).where(StoredFile.id == pk, StoredFile.subject_kind == KIND)
        if db.session.scalar(own) is None:
            raise NotFound
        return send_stored(pk)


class _Records(object_desk.ObjectDesk):
    """Records that wait for somebody whom they do not concern."""

    kind, model = KIND, AccountabilityRecord
    list_endpoint: ClassVar[str] = "AccountabilityList.list"

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """Nobody carries on a record about themselves."""
        return AccountabilityRecord.respondent_id != ME


class ToHear(_Records):
    """The respondent is still to be heard."""

    name, title = "accountability-hear", N_("People to hear")
    roles, states = frozenset({Role.SUPERVISOR}), frozenset({"open"})


class ToJudge(_Records):
    """Heard, and opened by somebody else."""

    name, title = "accountability-decide", N_("Records to decide")
    roles, states = frozenset({Role.BUREAU_LEADER}), frozenset({"heard"})

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """Neither one's own matter nor one's own record."""
        return super().also(grant) & (AccountabilityRecord.opened_by_id != ME)


class ToPutRight(_Records):
    """Decided, and not put right yet."""

    name, title = "accountability-correct", N_("Decisions to be put right")
    roles, states = frozenset({Role.SUPERVISOR}), frozenset({"decided"})


def shown(record: AccountabilityRecord) -> list[tuple[Any, ...]]:
    """The record in words."""
    found: list[tuple[Any, ...]] = [
        (_("Number"), record.number),
        (_("State"), _(STATES[record.state])),
        (_("Person concerned"), record.respondent_name),
        (_("Article"), _(ARTICLES[record.article])),
        (_("What it began with"), _(SOURCES[record.source])),
        (_("Opened by"), f"{record.opened_by_name} · {_moment(record.created_at)}"),
        (_("Facts"), record.facts, True),
    ]
    if record.heard_at:
        found += [(_("The respondent's statement"), f"{record.statement} · {_moment(record.heard_at)}", True)]
    if record.decided_at:
        found += [(_("Decided by"), f"{record.decided_by_name} · {_moment(record.decided_at)}")]
        found += [(_("Measure"), _(MEASURES[record.measure]))] if record.measure else []
        found += [(_("Decision"), record.decision, True)]
    if record.correction:
        found += [(_("How it was put right"), record.correction, True)]
    return found


def _moment(value: datetime) -> str:
    return value.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")


def more(record: AccountabilityRecord) -> str:
    """The evidence: the row it rests on, the application as far as the reader reaches it, the papers."""
    links: list[tuple[str, str]] = []
    reader = set(current_actor().roles)
    if record.source_kind == "refused_act" and reader & OVERSEERS:
        links.append((_("The refused act"), url_for("RefusedActList.show", pk=record.source_id)))
    if record.source_kind in COMPLAINTS and reader & OVERSEERS:
        where = {"kind": record.source_kind, "subject_id": record.source_id}
        links.append((_("The complaint or rating"), url_for("ObjectPage.show", **where)))
    application = db.session.get(Application, record.evidence_application_id or 0, populate_existing=True)
    if application is not None:
        words = _("Application %(number)s", number=application.short_no)
        links.append((words, url_for("ApplicationPage.show", application_id=application.id)))
    own = select(StoredFile).where(StoredFile.subject_kind == KIND, StoredFile.subject_id == record.id)
    papers = [(file.name, url_for("AccountabilityPapers.paper", pk=file.id)) for file in db.session.scalars(own)]
    return Markup(render_template("_accountability_more.html", links=links, papers=papers))  # noqa: S704  (a template of ours)


def _begins(_ground: object, _actor: Actor) -> dict[str, Any]:
    """What the row named in the address says: the facts, the article, whoever answers for it."""
    found = _named()
    if found is None:
        return {}
    return {
        "facts": found.words, "article": found.article if found.article in ARTICLES else "",
        "respondent_id": found.respondent_id or "",
    }  # fmt: skip


def _hints(_ground: object) -> dict[str, str]:
    found = _named()
    words = found.words if found and found.words else ""
    return {
        "source": gettext("On record: %(what)s", what=words) if words else "",
        "respondent_id": gettext("Whoever answers for it; the person is told, and heard before anything is decided."),
    }


def _named() -> Any:
    asked = request.values
    source_id = asked.get("source_id", "")
    pk = int(source_id) if source_id.isdecimal() and len(source_id) < 16 else None  # noqa: PLR2004  (an id)
    number = asked.get("application_no", "").replace("\0", "")[:64]
    return resolve(db.session(), asked.get("source", ""), pk, asked.get("source_kind"), number)


def leads(dossier: Dossier) -> list[tuple[str, str]]:
    """From an application that was accepted: a wrong acceptance names whoever accepted it (第十三条)."""
    if dossier.application.accepted_at is None or not current_actor().grants_of("open_accountability"):
        return []
    return [(_("Wrong acceptance"), opening("wrong_acceptance", dossier.application.id))]


def opening(source: str, source_id: int, **more: Any) -> str:
    """The address that opens a record on what the row says."""
    return url_for("ObjectPage.new", kind=KIND, move="open", source=source, source_id=source_id, **more)


def register() -> None:
    """Show the records, let them wait on desks, and lead to them from applications."""
    object_page.SHOWN[KIND] = object_page.Kind(N_("Accountability record"), shown, more, "AccountabilityList.list")
    forms.SHAPES["open_accountability"] = forms.Shape(
        begins=_begins, hints=_hints, searched={"respondent_id": "AccountabilityPages.people"},
        show_if={"source_kind": "source=complaint", "application_no": "source=wrong_acceptance|other"},
    )  # fmt: skip
    notices.OBJECT_WORDS[KIND] = N_("Accountability record")
    branches_shown.register_leads(leads)
    object_desk.register(ToHear, ToJudge, ToPutRight)
