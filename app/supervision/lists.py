"""What the machinery did, to be read: lamps that turned, messages sent, runs of the duties."""

from __future__ import annotations

from collections.abc import Callable

from flask import g
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from sqlalchemy import select

from app.extensions import db
from app.law.clock import CLOCKS
from app.law.object_acts import EVERY_ACT
from app.law.roles import Role
from app.models.application import Application
from app.models.calendar import Alert, JobRun
from app.models.trail import Outbox
from app.supervision.accountability_pages import opening
from app.web.actor import current_actor
from app.web.crud import GeneratedView
from app.web.lists import ReadOnlyList

READERS = frozenset({Role.SUPERVISOR, Role.BUREAU_LEADER})
LAMPS = {"yellow": _("Yellow"), "red": _("Red")}
DELIVERY = {"pending": _("Not sent yet"), "delivered": _("Delivered"), "failed": _("Refused, waits")}
DUTIES = {
    "check_clocks": _("Check the clocks"),
    "deem_accepted": _("Deem accepted what stayed unanswered"),
    "escalate_stuck": _("Bring up what is stuck"),
    "end_absences": _("End absences at closing time"),
    "turn_substitutes": _("Begin and end substitutions"),
    "tell_late_objects": _("Tell of what is past its time"),
    "expire_exports": _("End exports not used in time"),
    "expire_tickets": _("Let numbers expire at closing time"),
    "report": _("Report to the provincial platform"),
    "build_ledgers": _("Build the weekly ledgers"),
    "send_ledgers": _("Send the weekly ledgers"),
    "seal": _("Seal the histories"),
    "lapse_drafts": _("Let old registrations lapse"),
    "expire_ratings": _("End the time to rate"),
    "sweep_files": _("Sweep unclaimed files"),
    "sweep_login_limits": _("Sweep login tries"),
    "sweep_job_runs": _("Sweep old job runs"),
}


def _number(application_id: int) -> str:
    """An application's number; those of all rows on the page come in one query."""
    numbers = g.setdefault("numbers_shown", {})
    if application_id not in numbers:
        shown = {row.application_id for row in db.session.identity_map.values() if isinstance(row, Alert | Outbox)}
        found = select(Application.id, Application.short_no).where(Application.id.in_({application_id, *shown}))
        numbers.update(dict(db.session.execute(found).all()))
    return numbers.get(application_id, "—")


def account_for(source: str) -> Callable[[int], str]:
    """One step from a row to the record of whoever answers for it."""

    def link(pk: int) -> str:
        if not current_actor().grants_of("open_accountability"):
            return "—"
        return Markup('<a href="{}">{}</a>').format(opening(source, pk), gettext("Hold to account"))

    return link


class AlertList(ReadOnlyList):
    """The lamps that turned; a row leads to its application."""

    model = Alert
    class_permission_name = "AlertList"
    route_base = "/alerts"
    list_title = _("Lamps that turned")
    readers = READERS
    list_columns = ["level", "clock", "application_id", "due_on", "raised_at", "id"]
    label_columns = {"application_id": _("Application"), "id": _("Accountability")}
    order_columns = ["due_on", "raised_at"]
    search_columns = ["level", "clock", "due_on", "raised_at"]
    choices_of = {"level": LAMPS, "clock": {clock.value: rule.label for clock, rule in CLOCKS.items()}}
    formatters_columns = {"application_id": _number, "id": account_for("lamp")}


def _act(name: str) -> str:
    return gettext(EVERY_ACT[name].label) if name in EVERY_ACT else name


def _why(said: str | None) -> str:
    """Our own sentence in the reader's language, and the receiver's words as they came."""
    sentence, colon, theirs = (said or "").partition(": ")
    return f"{gettext(sentence)}{colon}{theirs}" if sentence else "—"


class OutboxList(ReadOnlyList):
    """What the provincial platform was told, or is to be told still; a row leads to its application."""

    model = Outbox
    class_permission_name = "OutboxList"
    route_base = "/outbox"
    list_title = _("Messages to the provincial platform")
    readers = READERS
    list_columns = [
        "created_at", "application_id", "event.act", "state", "attempts", "last_error", "next_try_at", "delivered_at",
    ]  # fmt: skip
    label_columns = {"application_id": _("Application"), "event.act": _("Act")}
    order_columns = ["created_at", "attempts", "next_try_at"]
    search_columns = ["state", "attempts", "created_at", "delivered_at", "last_error"]
    choices_of = {"state": DELIVERY}
    formatters_columns = {"application_id": _number, "event.act": _act, "last_error": _why}


class JobRunList(GeneratedView):
    """When each duty ran, and what it saw, raised and failed at."""

    model = JobRun
    route_base = "/job-runs"
    list_title = _("Job runs")
    readers = READERS
    include_route_methods = {"list"}
    list_columns = ["job", "started_at", "ended_at", "seen", "raised", "failed", "error"]
    show_columns = add_columns = edit_columns = ()
    order_columns = ["started_at"]
    search_columns = ["job", "started_at", "raised", "failed"]
    base_order = ("id", "desc")
    choices_of = {"job": DUTIES}
