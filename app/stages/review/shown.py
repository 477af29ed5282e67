"""What examination shows on the application's page: special procedures, the extension, who else was brought in."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.engine.dossier import Dossier
from app.law import N_
from app.law.clock import CLOCKS, Clock
from app.law.examination import (
    PROCEDURE_RESULTS,
    SPECIAL_PROCEDURES,
    VERIFICATION_CONCLUSIONS,
    VERIFICATION_METHODS,
)
from app.models.application import NegativeFiling
from app.models.base import Row
from app.models.examination import JointReview, Opinion, Suspension, Verification
from app.stages.review.opinions import STANCES
from app.web.branches_shown import Section

LIMITS = (Clock.PROMISED, Clock.STATUTORY)
SUSPENSION_STATES = {
    "requested": (N_("Waits for the head"), "orange"),
    "returned": (N_("Declined"), "grey"),
    "running": (N_("Runs"), "blue"),
    "ended": (N_("Ended"), "green"),
    "ceased": (N_("Fell away"), "grey"),
}
FILING_STATES = {
    "open": (N_("Waits for the bureau leader"), "orange"),
    "approved": (N_("Approved"), "red"),
    "returned": (N_("Sent back"), "grey"),
    "lapsed": (N_("Fell away"), "grey"),
}
FILING_KINDS = {"rejection": N_("Non-acceptance proposed"), "refusal": N_("Refusal proposed")}
MEETING_STATES = {
    "open": (N_("Convened"), "orange"),
    "concluded": (N_("Concluded"), "green"),
    "ceased": (N_("Fell away"), "grey"),
}
OPINION_STATES = {
    "asked": (N_("Asked"), "orange"),
    "given": (N_("Given"), "green"),
    "ceased": (N_("Fell away"), "grey"),
}
CONCLUSION_TONES = {"conform": "green", "not_conform": "red", "unclear": "orange"}


def filings(dossier: Dossier) -> list[Section]:
    """What was proposed to the leader, and what the leader said."""
    if not (dossier.happened("reject") or dossier.happened("refuse")):
        return []
    return [
        Section(_(FILING_KINDS[each.kind]), _(state), tone, list(_filing(each)))
        for each in dossier.filings
        for state, tone in (FILING_STATES[each.state],)
    ]


def _filing(filing: NegativeFiling) -> Iterator[tuple[str, Any]]:
    yield _("Proposed at"), _moment(filing.proposed_at)
    yield _("Facts"), filing.facts
    yield _("Reasons"), filing.reasons
    yield _("Legal basis"), filing.legal_basis
    if filing.statement:
        yield _("Statement of the applicant"), filing.statement
    if filing.opinion:
        yield _("Opinion of the leader"), filing.opinion


def suspensions(dossier: Dossier) -> list[Section]:
    """Each special procedure: why, how long, with which result."""
    return [
        Section(
            _("Suspension: %(kind)s", kind=_(SPECIAL_PROCEDURES[each.kind])),
            _(state),
            tone,
            list(_suspension(each, dossier)),
        )
        for each in dossier.suspensions
        for state, tone in (SUSPENSION_STATES[each.state],)
    ]


def _suspension(each: Suspension, dossier: Dossier) -> Iterator[tuple[str, Any]]:
    yield _("Requested"), f"{each.requester_name} · {_moment(each.requested_at)}"
    yield _("Reason"), each.reason
    yield _("Legal basis"), each.basis
    yield _("Planned working days"), each.planned_days
    if each.decided_at is not None:
        decided = _("Declined at") if each.state == "returned" else _("Suspended since")
        yield decided, _moment(each.decided_at)
        yield _("Opinion of the head"), each.opinion
    if each.ended_at is not None:
        yield _("Resumed at"), _moment(each.ended_at)
        yield _("Result"), f"{_(PROCEDURE_RESULTS[each.result or 'other'])} · {each.result_text}"
        yield _("Participants"), _names(each.participants)
        dues = (e.payload["due"] for e in dossier.events if e.act == "resume" and e.at == each.ended_at)
        due = ((_(CLOCKS[clock].label), told[clock]) for told in dues for clock in LIMITS if clock in told)
        yield _("Limits after it"), " · ".join(f"{limit} {day}" for limit, day in due)


def extension(dossier: Dossier) -> list[Section]:
    """By how much the limits were extended, and why."""
    return [
        Section(
            _("Limit extended"), _("%(days)s working days more", days=event.payload["days"]), "blue",
            [(_("Approved by"), f"{event.actor_name} · {_moment(event.at)}"), (_("Reason"), event.payload["reason"])],
        )
        for event in dossier.events
        if event.act == "extend"
    ]  # fmt: skip


def examined(dossier: Dossier) -> list[Section]:
    """Who verified, met or gave an opinion."""
    return [
        *map(_verification, dossier.verifications),
        *map(_meeting, dossier.joint_reviews),
        *map(_opinion, dossier.opinions),
    ]


def _verification(each: Verification) -> Section:
    facts = [
        (_("Verified by"), _names(each.verifiers)),
        (_("Method"), _(VERIFICATION_METHODS[each.method])),
        (_("Recorded at"), _moment(each.recorded_at)),
        (_("Findings"), each.findings),
    ]
    conclusion = _(VERIFICATION_CONCLUSIONS[each.conclusion])
    return Section(_("Verification"), conclusion, CONCLUSION_TONES[each.conclusion], facts)


def _meeting(each: JointReview) -> Section:
    state, tone = MEETING_STATES[each.state]
    facts = [
        (_("Offices"), _names(each.offices)),
        (_("Day of the meeting"), each.meeting_on.isoformat()),
        (_("Topic"), each.topic),
    ]
    if each.concluded_at is not None:
        facts += [(_("Attendees"), _names(each.attendees)), (_("Outcome"), each.conclusion)]
    return Section(_("Joint review"), _(state), tone, facts)


def _opinion(each: Opinion) -> Section:
    state, tone = OPINION_STATES[each.state]
    facts = [(_("What is asked"), each.question), (_("Asked at"), _moment(each.asked_at))]
    if each.given_at is not None:
        facts += [
            (_("Stance"), _(STANCES[each.stance or "conditional"])),
            (_("Opinion"), each.text),
            (_("Given by"), f"{each.given_by_name} · {_moment(each.given_at)}"),
        ]
    return Section(_("Opinion of %(office)s", office=each.office.name), _(state), tone, facts)


def _names(rows: Iterable[Row]) -> str:
    return ", ".join(each["name"] for each in rows)


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M")
