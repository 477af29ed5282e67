"""The seal of a weekly ledger: the digest of its lines, chained to the ledger before it.

A line is what it says (`facts`), of which application, in which place, and whether it tells of a closing or of what
changed since an earlier ledger. The canonical form carries its own version.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

FORM = 1
CLOSED, CHANGE = "closed", "change"
NO_LEDGER_BEFORE = ""

HEAD = ("number", "office_id", "department_id", "week_from", "week_to", "closed_count", "change_count", "rows_hash")
"""What the seal covers besides the ledger before it."""

FACTS = (
    "number", "item", "impl_code", "handling", "applicant", "id_type", "id_no", "centre", "window", "received_on",
    "accepted_on", "closed_on", "promised_days", "actual_days", "result", "certificate_no", "valid_from", "valid_to",
    "office", "handler", "delivery_mode", "delivered_on", "overdue", "overdue_reason", "deemed", "paused_days",
    "extended_days", "supplementary_sheets",
)  # fmt: skip
"""What a line says, in the order of its columns; moments are days, codes are codes."""


def line_of(position: int, kind: str, application_id: int, changed: str, facts: str) -> bytes:
    """A line of canonical parts; the digest of a ledger's lines is that of these bytes in their order."""
    return f'[{position},"{kind}",{application_id},{changed},{facts}]\n'.encode()


def seal(batch: Any) -> str:
    """The hash of a ledger: of what its head says, of its lines' digest, and of the ledger before it."""
    head = {name: str(getattr(batch, name)) for name in HEAD}
    return hashlib.sha256(canonical([FORM, batch.previous_hash, head]).encode()).hexdigest()


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The facts that are no longer what an earlier line said."""
    return [name for name in FACTS if before.get(name) != after.get(name)]


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(value: Any) -> str:
    """The one way to write a value down; no line break stands in it."""
    return _ENCODER.encode(value)
