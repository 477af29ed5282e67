"""Triggers that hold what constraints cannot: history is only ever added to (第十一条).

Alembic's batch mode re-creates a table and silently drops its triggers, so `recreate` runs after every upgrade, and
`missing` names one that is gone.
"""

from sqlalchemy import Connection, text

APPEND_ONLY = (
    "event",
    "act_result",
    "refused_act",
    "decision",
    "review",
    "verification",
    "item_version",
    "delivery_receipt",
    "archive_page",
    "archive_view",
    "audit_row",
)
"""No update, no delete."""

NEVER_DELETED = (
    "application",
    "application_material",
    "negative_filing",
    "piece",
    "slip",
    "slip_line",
    "certificate",
    "ems_dispatch",
    "archive_file",
    "document",
    "outbox",
    "clock_run",
    "clock_pause",
    "owed_material",
    "correction_notice",
    "correction_line",
    "suspension",
    "joint_review",
    "opinion",
    "escalation",
    "alert",
    "ticket",
    "counter",
    "notice",
)
"""Rows whose state moves, but which never go."""

FROZEN: dict[str, tuple[str, ...]] = {
    "application": (
        "number",
        "short_no",
        "item_id",
        "item_version_id",
        "centre_id",
        "office_id",
        "registered_at",
        "created_by",
    ),
    "document": ("application_id", "kind", "number", "token", "facts", "paragraphs", "issued_at", "created_by"),
    "certificate": ("application_id", "number", "scan_id", "valid_from", "valid_to", "made_at"),
    "slip": ("application_id", "number", "kind", "medium", "from_unit", "to_unit", "sender_id", "issued_at"),
    "piece": ("application_id", "kind", "first_holder", "copies"),
    "outbox": ("event_id", "payload"),
    "clock_run": ("application_id", "clock", "run", "started_at"),
    "clock_pause": ("application_id", "clock_run_id", "suspension_id", "first_day"),
    "owed_material": ("application_id", "material_id", "requirement", "how", "due_on", "commitment_id"),
    "correction_notice": ("application_id", "round", "reply_days", "leader_reason", "requested_by_id", "requested_at"),
    "correction_line": ("application_id", "notice_id", "kind", "material_id", "problem", "requirement", "basis"),
    "suspension": ("application_id", "kind", "basis", "reason", "requester_id", "requested_at"),
    "joint_review": ("application_id", "offices", "meeting_on", "topic", "convened_at"),
    "opinion": ("application_id", "office_id", "question", "due_days", "asked_at"),
    "escalation": ("application_id", "type", "reason", "raised_by_id", "raised_at"),
}
"""Columns that never change once written."""

SET_ONCE: dict[str, tuple[str, ...]] = {
    "application": ("accepted_at", "clock_from", "decided_at", "closed_at", "delivered_at"),
    "slip": ("settled_at", "settled_by_id"),
    "clock_pause": ("last_day",),
    "owed_material": ("settled_at",),
    "correction_notice": ("settled_at",),
    "correction_line": ("answered_at",),
    "suspension": ("decided_at", "ended_at"),
    "opinion": ("given_at",),
    "stored_file": ("application_id",),
}
"""Columns that go from empty to a value, once."""


def _rules() -> dict[str, tuple[str, str, tuple[str, ...], str]]:
    """Trigger name -> (table, operation, columns whose change it refuses, old-row condition)."""
    rules: dict[str, tuple[str, str, tuple[str, ...], str]] = {}
    for table in APPEND_ONLY:
        rules[f"{table}_no_update"] = (table, "UPDATE", (), "")
    for table in (*APPEND_ONLY, *NEVER_DELETED):
        rules[f"{table}_no_delete"] = (table, "DELETE", (), "")
    for table, columns in FROZEN.items():
        rules[f"{table}_frozen"] = (table, "UPDATE", columns, "")
    for table, columns in SET_ONCE.items():
        for column in columns:
            rules[f"{table}_{column}_once"] = (table, "UPDATE", (column,), f"OLD.{column} IS NOT NULL")
    rules["stored_file_claimed_stays"] = ("stored_file", "DELETE", (), "OLD.application_id IS NOT NULL")
    return rules


RULES = _rules()


def _condition(dialect: str, columns: tuple[str, ...], old: str) -> str:
    differs = "IS NOT" if dialect == "sqlite" else "IS DISTINCT FROM"
    # JSON has no equality on PostgreSQL; its text has
    cast = "" if dialect == "sqlite" else "::text"
    changed = " OR ".join(f"OLD.{c}{cast} {differs} NEW.{c}{cast}" for c in columns)
    parts = [part for part in (f"({changed})" if changed else "", old) if part]
    return " AND ".join(parts)


def recreate(connection: Connection) -> None:
    """Drop and create every trigger."""
    dialect = connection.dialect.name
    if dialect == "postgresql":
        connection.execute(
            text(
                "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'history is only added to: %', TG_TABLE_NAME "
                "USING ERRCODE = 'integrity_constraint_violation'; END $$"
            )
        )
    for name, (table, operation, columns, old) in RULES.items():
        when = _condition(dialect, columns, old)
        clause = f" WHEN ({when})" if when else ""
        if dialect == "sqlite":
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
            connection.execute(
                text(
                    f"CREATE TRIGGER {name} BEFORE {operation} ON {table}{clause} "
                    f"BEGIN SELECT RAISE(ABORT, 'history is only added to: {table}'); END"
                )
            )
        else:
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name} ON {table}"))
            connection.execute(
                text(
                    f"CREATE TRIGGER {name} BEFORE {operation} ON {table} FOR EACH ROW{clause} "
                    "EXECUTE FUNCTION refuse_change()"
                )
            )


def missing(connection: Connection) -> list[str]:
    """Names of the triggers that should be there and are not."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    present = set(connection.execute(text(query)).scalars())
    return sorted(set(RULES) - present)
