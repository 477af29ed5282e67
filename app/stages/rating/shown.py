"""Ratings and complaints as pages say them; who rated badly, and what they said, is for those who see to it alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import segno
from flask import current_app, render_template, url_for
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy import or_, select

from app.engine.code_sets import word
from app.engine.invitations import query_code
from app.extensions import db
from app.law.identity import mask_phone
from app.law.roles import Role
from app.models.application import Application
from app.models.rating import Complaint, Rating
from app.stages.rating.inputs import CHANNELS, CONCERNS, GRADES, OUTCOMES, SOURCES
from app.stages.rating.words import COMPLAINT_STATES, RATING_STATES, TONES
from app.web.actor import current_actor
from app.web.branches_shown import Section
from app.web.voices import hears, seen_state

if TYPE_CHECKING:
    from datetime import datetime

    from app.engine.dossier import Dossier

Facts = list[tuple[str, Any]]


def rating(row: Rating) -> Facts:
    """One rating in words; what was said, and what followed, for those who see to it."""
    is_heard = hears(row)
    found: Facts = [
        (gettext("State"), gettext(RATING_STATES[seen_state(row.state, is_heard=is_heard)])),
        (gettext("Served by"), row.person_name),
        (gettext("Finished at"), _at(row.invited_at)),
        (gettext("Reminded at"), _at(row.reminded_at)),
    ]
    if row.state == "invited":
        return [*found, (gettext("May be rated until"), _at(row.due_at))]
    if row.grade is not None and row.rated_at is not None:
        found.append((gettext("Rated at"), _at(row.rated_at)))
        if is_heard:
            found += [
                (gettext("Grade"), gettext(GRADES[str(row.grade)])),
                (gettext("Rating channel"), gettext(CHANNELS[row.channel]) if row.channel else ""),
                (gettext("Comment"), row.comment),
            ]
    if is_heard and row.concerns is not None:
        found += [(gettext("Whom it concerns"), gettext(CONCERNS[row.concerns])), *_order(row)]
    return found


def complaint(row: Complaint) -> Facts:
    """One complaint in words; the phone is masked."""
    place = row.centre if row.centre is not None else row.office
    return [
        (gettext("State"), gettext(COMPLAINT_STATES[row.state])),
        (gettext("Whom it concerns"), place.name if place is not None else ""),
        (gettext("Subject of the complaint"), row.title),
        (gettext("What it is about"), row.content),
        (gettext("Application number"), row.application_no),
        (gettext("Phone"), mask_phone(row.phone)),
        (gettext("Source"), gettext(SOURCES[row.source])),
        *_order(row),
        *_code(row),
    ]


def _code(row: Complaint) -> Facts:
    """For whoever complained by telephone, to be told by the supervisor who noted it."""
    by_phone = row.source == "phone" and Role.SUPERVISOR in current_actor().roles
    return [(gettext("Query code"), query_code(row.number))] if by_phone else []


def _order(row: Rating | Complaint) -> Facts:
    """What became of the work order so far."""
    found: Facts = [
        (gettext("Work order"), row.number),
        (gettext("Work order opened at"), _at(row.opened_at)),
        (gettext("Contact due"), _at(row.contact_due_at)),
        (gettext("Reply by"), _at(row.reply_due_at)),
    ]
    told: Facts = [
        (gettext("Extended to"), row.extended_to),
        (gettext("Contacted by"), _by(row.contacted_by_name, row.contacted_at)),
        (gettext("What was said"), row.contact_note),
        (gettext("Replied by"), _by(row.replied_by_name, row.replied_at)),
        (gettext("Outcome"), gettext(OUTCOMES[row.outcome]) if row.outcome else ""),
        (gettext("Rectification"), row.rectification),
        (gettext("Reason of the appeal"), row.appeal_reason),
        (gettext("Judged by"), _by(row.decided_by_name, row.decided_at)),
        (gettext("What the supervisor says"), row.decision),
    ]
    return found + [(term, value) for term, value in told if value]


def more_of_rating(row: Rating) -> str:
    """The way in for the applicant, at the counter: a code to scan, an address for the device; the evidence."""
    may_remind = bool(current_actor().grants_of("remind_rating"))
    if row.state == "invited" and may_remind:
        scanned, device = (url_for("RatePage.rate", token=row.token, via=via) for via in ("qr", "device"))
        # A phone comes from outside, by the office's own address; the device at the counter stays on this one.
        code = _picture(current_app.config["PUBLIC_URL"] + scanned)
        return _part("_rating_invitation.html", code=code, address=device,
                     wording=word("rating_reminder", "wording"))  # fmt: skip
    if row.evidence_id is None or not hears(row):
        return ""
    address = url_for("ApplicationPage.file", application_id=row.application_id, file_id=row.evidence_id)
    return _part("_order_more.html", evidence=address)


def more_of_complaint(row: Complaint) -> str:
    """The application it names where it is within reach, the evidence, and the phone for whoever says why."""
    named = or_(Application.short_no == row.application_no, Application.number == row.application_no)
    found = db.session.scalar(select(Application.id).where(named)) if row.application_no else None
    evidence = url_for("ComplaintPhone.evidence", complaint_id=row.id) if row.evidence_id is not None else ""
    return _part("_order_more.html", evidence=evidence, application_id=found, complaint=row)


def _part(template: str, **given: Any) -> str:
    return Markup(render_template(template, **given))  # noqa: S704  (rendered by the template, which escapes)


def _picture(address: str) -> Markup:
    """The address as a QR code, black on white whatever the theme."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(scale=5, border=2, dark="#000", light="#fff")
    return Markup(drawn)  # noqa: S704  (drawn of figures by segno)


def sections(dossier: Dossier) -> list[Section]:
    """The rating on the application's page."""
    row = dossier.rating
    if row is None:
        return []
    state = seen_state(row.state, is_heard=hears(row))
    return [
        Section(
            gettext("Rating"), gettext(RATING_STATES[state]), TONES[state], rating(row)[1:],
            href=url_for("ObjectPage.show", kind="rating", subject_id=row.id),
        )
    ]  # fmt: skip


def _at(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment is not None else ""


def _by(name: str, moment: datetime | None) -> str:
    return f"{name} · {_at(moment)}" if name else ""
