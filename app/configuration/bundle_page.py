"""Exchange of the configuration: taken out as a bundle, proposed elsewhere, and applied once a second person agrees."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, Any

from flask import flash, make_response, redirect, request, send_file, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import defer

from app.configuration.bundle import FATES, SAME, bring_in, differences, rehearse, take_out
from app.configuration.bundle_files import MOST_BYTES, Bringing, dump, pack, unpack
from app.configuration.bundle_rules import ROLES, roles_in
from app.configuration.bundle_words import told
from app.engine import staffing
from app.engine.files import plain_name
from app.engine.now import now
from app.errors import Complaint, Incomplete, NotAllowed, NotFound, NotNow, Refusal
from app.extensions import db
from app.law import N_
from app.law.roles import Role
from app.models.proposal import ConfigurationProposal
from app.web import changes, words
from app.web.actor import current_actor
from app.web.desk_cards import Card, CardLine
from app.web.listing import save

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Response
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as AnyResponse

    from app.configuration.bundle_files import Files
    from app.engine.actors import Actor

ONE = "<int(max=9007199254740991):number>"
STATES = {
    "proposed": (N_("waits for a second person"), "orange"), "applied": (N_("applied"), "green"),
    "refused": (N_("refused"), "red"), "withdrawn": (N_("withdrawn"), "grey"),
}  # fmt: skip
LONGEST_NOTE, MOST_SHOWN, MOST_LINES, MOST_COMPLAINTS, MOST_ON_DESK = 200, 50, 300, 500, 6
OWN = N_("You proposed this yourself: somebody else must review it.")
SETTLED = N_("This proposal is settled already.")
MOVED = N_("The configuration here was changed after you opened this page. Look at the differences again.")
NOTHING = N_("The bundle says nothing else than what holds here already.")
CLASH = N_("This clashes with something that is already recorded, or still depends on it.")


class BundleView(BaseView):
    """Bundles in and out; the county administrators'."""

    route_base = "/configuration-bundle"
    default_view = "start"
    list_title = _("Exchange of the configuration")
    readers = editors = frozenset({Role.COUNTY_ADMIN})

    @expose("/")
    @has_access
    @permission_name("list")
    def start(self) -> Response:
        """What was proposed, and the way in and out."""
        return self._start()

    @expose("/configuration.zip")
    @has_access
    @permission_name("list")
    def out(self) -> Response:
        """The configuration that holds here."""
        data = pack(take_out(db.session()))
        save(lambda: changes.note("exported configuration", hashlib.sha256(data).hexdigest()))
        name = f"configuration-{now().date()}.zip"
        return send_file(io.BytesIO(data), "application/zip", as_attachment=True, download_name=name)

    @expose("/", methods=["POST"])
    @has_access
    @permission_name("edit")
    def propose(self) -> AnyResponse:
        """Keep a bundle for a second person, if it could be applied as it is."""
        sent, note = request.files.get("bundle"), _note("note")
        if sent is None or not sent.filename:
            return self._start([Complaint("bundle", N_("Choose a file."))], 422)
        with sent.stream as stream:
            data = stream.read(MOST_BYTES + 1)
        try:
            files = unpack(data)
            complaints = rehearse(db.session(), files, current_actor().username)
        except Refusal as refusal:
            return self._start(_complaints(refusal), refusal.status)
        except IntegrityError:
            return self._start([Complaint("bundle", CLASH)], 409)
        if not complaints and all(each.fate == SAME or not each.lines for each in _compared(files)):
            complaints = (Complaint("bundle", NOTHING),)
        if complaints:
            return self._start(complaints, Incomplete.status)
        name, digest = plain_name(sent.filename), hashlib.sha256(data).hexdigest()
        number = save(lambda: _keep(name, digest, files, note))
        flash(gettext("The bundle waits for a second person."), "success")
        return redirect(url_for(".one", number=number), 303)

    @expose(f"/{ONE}")
    @has_access
    @permission_name("list")
    def one(self, number: int) -> Response:
        """A proposal, file by file against what holds here."""
        return self._one(_find(number))

    @expose(f"/{ONE}", methods=["POST"])
    @has_access
    @permission_name("edit")
    def settle(self, number: int) -> AnyResponse:
        """Apply it, refuse it, or take it back."""
        step, seen, remark = request.form.get("step", ""), request.form.get("seen", ""), _note("remark")
        if step not in _STEPS:
            raise NotFound
        try:
            save(lambda: _settle(number, step, seen, remark))
        except (Incomplete, NotAllowed, NotNow) as refusal:
            return self._one(_find(number), refusal, remark)
        except IntegrityError:
            return self._one(_find(number), NotNow(CLASH), remark)
        flash(gettext("Done: %(act)s.", act=gettext(STATES[_STEPS[step]][0])), "success")
        return redirect(url_for(".one", number=number), 303)

    def _start(self, complaints: Any = (), status: int = 200) -> Response:
        query = select(ConfigurationProposal).options(defer(ConfigurationProposal.files))
        latest = db.session.scalars(query.order_by(ConfigurationProposal.id.desc()).limit(MOST_SHOWN)).all()
        page = self.render_template(
            "bundle.html", title=self.list_title, latest=latest, states=STATES, complaints=_told(complaints),
            note=_note("note"),
        )  # fmt: skip
        return make_response(page, status)

    def _one(self, row: ConfigurationProposal, refusal: Refusal | None = None, remark: str = "") -> Response:
        found = _compared(row.files) if row.state == "proposed" else []
        at_work = _at_work(row.files) if any(each.name == ROLES and each.lines for each in found) else []
        complaints = _complaints(refusal) if refusal else ()
        page = self.render_template(
            "bundle_proposal.html", title=row.name, row=row, state=STATES[row.state], fates=FATES,
            found=[told(each, MOST_LINES) for each in found], is_own=row.proposer_id == current_actor().user_id,
            seen=_seen(row), remark=remark, complaints=_told(complaints), at_work=at_work,
        )  # fmt: skip
        return make_response(page, refusal.status if refusal else 200)


_STEPS = {"apply": "applied", "refuse": "refused", "withdraw": "withdrawn"}


def card(session: Session, actor: Actor, _now: datetime) -> Card | None:
    """The bundles that wait for this administrator: those that somebody else proposed."""
    if Role.COUNTY_ADMIN not in actor.roles:
        return None
    waits = (ConfigurationProposal.state == "proposed", ConfigurationProposal.proposer_id != actor.user_id)
    query = select(ConfigurationProposal).where(*waits).options(defer(ConfigurationProposal.files))
    lines = [
        CardLine(url_for("BundleView.one", number=row.id), row.note or row.name,
                 f"{row.created_by} {row.created_at:%Y-%m-%d %H:%M}")
        for row in session.scalars(query.order_by(ConfigurationProposal.id).limit(MOST_ON_DESK))
    ]  # fmt: skip
    return Card("bundles", N_("A configuration waits for you as the second person"), lines, url_for("BundleView.start"))


def _note(name: str) -> str:
    return " ".join(request.form.get(name, "").replace("\0", "").split())[:LONGEST_NOTE]


def _compared(files: Files) -> list[Any]:
    return differences(take_out(db.session()), files)


def _at_work(files: Files) -> list[tuple[str, bool]]:
    """What the bundle's roles would do to the work, and whether it is grave."""
    bringing = Bringing(db.session(), files, current_actor().username, "")
    found = staffing.rehearse(db.session(), lambda: roles_in(bringing), now().date())
    return [(words.of_consequence(each), each.grave) for each in found]


def _seen(row: ConfigurationProposal) -> str:
    """What whoever looks at the page was shown: the bundle, and what holds here."""
    here = dump(take_out(db.session())) if row.state == "proposed" else ""
    return hashlib.sha256(f"{row.sha256} {here}".encode()).hexdigest()


def _find(number: int) -> ConfigurationProposal:
    row = db.session.get(ConfigurationProposal, number)
    if row is None:
        raise NotFound
    return row


def _keep(name: str, digest: str, files: Files, note: str) -> int:
    row = ConfigurationProposal(
        name=name, sha256=digest, files=files, note=note, state="proposed", proposer_id=current_actor().user_id
    )
    changes.stamp(row)
    db.session.add(row)
    db.session.flush()
    changes.record("proposed", row)
    return row.id


def _settle(number: int, step: str, seen: str, remark: str) -> None:
    """One person proposes, another decides; whoever proposed may only take it back."""
    session, actor = db.session(), current_actor()
    row = session.get(ConfigurationProposal, number, with_for_update=True)
    if row is None:
        raise NotFound
    if row.state != "proposed":
        raise NotNow(SETTLED)
    is_own = row.proposer_id == actor.user_id
    if is_own is not (step == "withdraw"):
        raise NotAllowed(OWN if is_own else "")
    if step == "apply":
        if seen != _seen(row):
            raise NotNow(MOVED)
        bring_in(session, row.files, actor.username, row.note or row.name[:LONGEST_NOTE])
    row.state, row.remark = _STEPS[step], remark
    if step != "withdraw":
        row.reviewer_id, row.reviewed_by, row.reviewed_at = actor.user_id, actor.username, now()
    session.flush()
    changes.record(row.state, row)


def _complaints(refusal: Refusal) -> Any:
    return getattr(refusal, "complaints", None) or [Complaint("bundle", refusal.sentence, refusal.params)]


def _told(complaints: Any) -> list[tuple[str, str]]:
    """Where, and what is wrong there; the first of them."""
    said = [(each.field if each.field != "bundle" else "", words.of_complaint(each)) for each in complaints]
    return said[:MOST_COMPLAINTS]
