"""What is remembered: every table, imported here once so that the metadata is complete."""

from app.models import (
    application,
    archive,
    calendar,
    catalogue,
    correction,
    counter,
    custody,
    delivery,
    escalation,
    examination,
    organisation,
    publishing,
    revision,
    security,
    trail,
    wording,
)

__all__ = [
    "application",
    "archive",
    "calendar",
    "catalogue",
    "correction",
    "counter",
    "custody",
    "delivery",
    "escalation",
    "examination",
    "organisation",
    "publishing",
    "revision",
    "security",
    "trail",
    "wording",
]
