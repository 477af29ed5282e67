"""Whom an act or a lamp tells: audiences by name, resolved to a person, or to a role within a unit."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from app.engine.dossier import Dossier
from app.law.guards import CERTIFICATE_CENTRE
from app.law.roles import Role
from app.models.trail import Notice

Address = tuple[str | None, str | None, int | None]
"""(role, unit, user id): a role everywhere, a role in a unit, a unit, or one person."""


def addresses(  # noqa: PLR0911  (one line an audience)
    audience: str, dossier: Dossier, subject_id: int | None = None
) -> list[Address]:
    """Where an audience of the tables is found; the applicant has no desk here.

    `subject_id` is the opinion or escalation that a clock belongs to.
    """
    a = dossier.application
    office, centre = f"office:{a.office_id}", f"centre:{a.centre_id}"
    match audience:
        case "approver" | "office_head" | "approval_assistant":
            return [(audience, office, None)]
        case "office":
            return [(Role.APPROVER.value, office, None)]
        case "bureau_leader" | "supervisor" | "archivist" | "cert_clerk":
            return [(audience, None, None)]
        case "window_manager":
            return [(audience, centre, None)]
        case "receiver":
            return [(None, None, dossier.receiver_id)] if dossier.receiver_id else []
        case "clerk":
            lister = dossier.archive.listed_by_id if dossier.archive else None
            return [(None, None, lister or dossier.receiver_id)] if lister or dossier.receiver_id else []
        case "sender":
            sent = [s for s in dossier.slips if s.kind == "result"]
            return [(None, None, sent[-1].sender_id)] if sent else []
        case "issuing_desk":
            desk = dossier.issuing_desk
            return [(Role.CERT_CLERK.value, None, None)] if desk == CERTIFICATE_CENTRE else [(None, desk, None)]
        case _:
            return _of_subject(audience, dossier, subject_id) if subject_id else []


def _of_subject(audience: str, dossier: Dossier, subject_id: int) -> list[Address]:
    """Whom an opinion or an escalation waits for; above the bureau leader is nobody."""
    match audience:
        case "asked_office" | "asked_office_head":
            role = Role.APPROVER if audience == "asked_office" else Role.OFFICE_HEAD
            return [(role.value, f"office:{o.office_id}", None) for o in dossier.opinions if o.id == subject_id]
        case "addressee":
            levels = [escalation.level for escalation in dossier.escalations if escalation.id == subject_id]
            return [found for level in levels for found in addresses(level, dossier)]
        case "next_level":
            return [(Role.BUREAU_LEADER.value, None, None)]
        case _:
            return []


def notices(
    found: Iterable[Address],
    *,
    cause: str,
    level: str,
    at: datetime,
    by: str,
    params: dict[str, Any],
    text: str = "",
    application_id: int | None = None,
    subject: tuple[str, int] | None = None,
) -> list[Notice]:
    """One notice row per address, each once; about an application, or about the subject (kind, id) that has none."""
    kind, subject_id = subject or (None, None)
    return [
        Notice(
            application_id=application_id,
            subject_kind=kind,
            subject_id=subject_id,
            role=role,
            unit=unit,
            user_id=user,
            cause=cause,
            level=level,
            at=at,
            created_by=by,
            params=params,
            text=text,
        )
        for role, unit, user in dict.fromkeys(found)
    ]
