"""The page «why can somebody see or do this?»: answered by the engine's own rules, without a word of the applicant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import make_response, request
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.engine import actors
from app.engine.acts import ACTS, in_order
from app.engine.now import now
from app.engine.reasons import Answer, InRole, Reason, explain
from app.errors import NotAllowed, NotFound
from app.extensions import db
from app.law import N_
from app.law.roles import ROLE_LABELS, Role
from app.law.states import STATE_LABELS, State
from app.web import words
from app.web.actor import current_actor
from app.web.person_choice import people

if TYPE_CHECKING:
    from flask import Response

READERS = frozenset({Role.COUNTY_ADMIN, Role.SUPERVISOR})
LONGEST_NUMBER = 64
NOT_TOLD = N_("A condition about persons forbids it; whoever supervises sees which.")


class ReasonsView(BaseView):
    """Why somebody sees an application or may do an act, or why not."""

    route_base = "/why"
    default_view = "ask"
    list_title = _("Why may somebody see or do this?")
    readers = READERS

    @expose("/")
    @has_access
    @permission_name("list")
    def ask(self) -> Response:
        """A form that asks for a person, and an application or an act; below it the answer."""
        if not READERS.intersection(current_actor().roles):
            raise NotAllowed  # it answers beyond anybody's reach, whatever the role editor says
        typed = {name: request.args.get(name, "").replace("\0", "").strip() for name in ("person", "number", "act")}
        typed["number"] = typed["number"][:LONGEST_NUMBER]
        found = people(db.session(), typed["person"])
        page: dict[str, Any] = {"complaints": [], "found": found if len(found) > 1 else [], "answer": None}
        status = 200
        if typed["person"]:
            try:
                page |= self._answered(found, typed)
                if len(found) == 1 and not (typed["number"] or typed["act"]):
                    page["complaints"] = [("number", gettext("Name an application, or choose an act."))]
            except NotFound as refusal:
                page["complaints"], status = [(self._wrong(found), words.of_refusal(refusal))], NotFound.status
        choices = [(act.transition.name, gettext(act.transition.label)) for act in in_order()]
        html = self.render_template(
            "why.html", title=self.list_title, typed=typed, acts=choices,
            label=self._label(typed["act"]), **page,
        )  # fmt: skip
        return make_response(html, status)

    def _answered(self, found: list[tuple[int, str, str, bool]], typed: dict[str, str]) -> dict[str, Any]:
        """What is shown of the answer; nothing yet where several people are meant."""
        if not found:
            raise NotFound(N_("Nobody has this name or user name."))
        act = ACTS.get(typed["act"])
        if len(found) > 1 or not (typed["number"] or act):
            return {}
        [(pk, name, username, is_active)] = found
        actor = actors.load(db.session(), pk, now().date()) if is_active else None
        person = f"{name} ({username})"
        if actor is None:
            return {"person": person, "inactive": True}
        answer = explain(db.session(), actor, typed["number"], act, now())
        return {"person": person, "answer": answer, "seeing": _said(answer.seeing), "doing": _said(answer.doing),
                "state": _state(answer), "lawful": [gettext(each) for each in answer.lawful]}  # fmt: skip

    @staticmethod
    def _wrong(found: list[Any]) -> str:
        return "number" if found else "person"

    @staticmethod
    def _label(name: str) -> str:
        return gettext(ACTS[name].transition.label) if name in ACTS else ""


def _said(found: list[InRole]) -> list[tuple[str, bool, list[tuple[bool, str]]]]:
    """Role by role: its words, whether it opens the way, and each reason."""
    return [(gettext(ROLE_LABELS[Role(each.role)]), each.holds, [_reason(r) for r in each.reasons]) for each in found]


def _reason(reason: Reason) -> tuple[bool, str]:
    if reason.is_private and Role.SUPERVISOR not in current_actor().roles:
        return reason.holds, gettext(NOT_TOLD)
    return reason.holds, words.of_complaint(reason)


def _state(answer: Answer) -> str:
    return gettext(STATE_LABELS[State(answer.subject.state)]) if answer.subject else ""
