"""Triggers that hold what constraints cannot: history is only ever added to (第十一条).

Alembic's batch mode re-creates a table and silently drops its triggers, so `recreate` runs after every upgrade, and
`missing` names one that is gone.
"""

import re

from sqlalchemy import Connection, Table, UniqueConstraint, text

from app.models.base import Model

APPEND_ONLY = (
    "event",
    "act_result",
    "refused_act",
    "decision",
    "review",
    "verification",
    "item_version",
    "paragraph",
    "delivery_receipt",
    "archive_page",
    "archive_view",
    "audit_row",
    "calendar_publication",
    "due_date_move",
    "meeting",
    "trained",
    "study",
    "consultation_entry",
    "consultation_output",
    "ledger_row",
    "ledger_workbook",
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
    "hearing",
    "escalation",
    "fee",
    "alert",
    "ticket",
    "counter",
    "notice",
    "item_revision",
    "configuration_proposal",
    "leadership",
    "whereabouts",
    "substitute_period",
    "training",
    "relative",
    "export_request",
    "accountability_record",
    "consultation",
    "help_service",
    "handbook",
    "rating",
    "complaint",
    "ledger_batch",
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
        "theme_id",
        "parent_id",
    ),
    "document": ("application_id", "kind", "number", "token", "facts", "paragraphs", "issued_at", "created_by"),
    "certificate": ("application_id", "number", "scan_id", "valid_from", "valid_to", "made_at"),
    "slip": ("application_id", "number", "kind", "medium", "from_unit", "to_unit", "sender_id", "issued_at", "due_at"),
    "piece": ("application_id", "kind", "first_holder", "copies"),
    "outbox": ("application_id", "event_id", "payload", "created_at"),
    "clock_run": ("application_id", "clock", "run", "started_at"),
    "clock_pause": ("application_id", "clock_run_id", "suspension_id", "first_day"),
    "owed_material": ("application_id", "material_id", "requirement", "how", "due_on", "commitment_id"),
    "correction_notice": ("application_id", "round", "reply_days", "leader_reason", "requested_by_id", "requested_at"),
    "correction_line": ("application_id", "notice_id", "kind", "material_id", "problem", "requirement", "basis"),
    "suspension": ("application_id", "kind", "basis", "reason", "requester_id", "requested_at"),
    "joint_review": ("application_id", "offices", "meeting_on", "topic", "convened_at"),
    "opinion": ("application_id", "office_id", "question", "due_days", "shown", "asked_at"),
    "hearing": ("application_id", "number", "matter", "told", "offered_at"),
    "escalation": ("application_id", "type", "reason", "raised_by_id", "raised_at"),
    "export_request": (
        "number", "what", "columns", "from_on", "to_on", "centre_id", "office_id", "purpose", "recipient",
        "requester_id", "created_at", "created_by",
    ),
    "accountability_record": (
        "number", "respondent_id", "article", "source", "source_kind", "source_id", "evidence_application_id", "facts",
        "opened_by_id", "created_at", "created_by",
    ),
    "fee": ("application_id", "name", "kind", "legal_basis", "unit_price", "unit_name", "created_at", "created_by"),
    "ticket": ("centre_id", "day", "number", "walk_in", "item_id", "ahead", "kiosk_token", "issued_at", "created_by"),
    "configuration_proposal": ("name", "sha256", "files", "proposer_id", "created_at", "created_by"),
    "leadership": ("centre_id", "window_id", "staff_id", "since", "created_by"),
    "whereabouts": ("staff_id", "window_id", "centre_id", "destination", "note", "expected_back", "left_at"),
    "substitute_period": ("absent_id", "substitute_id", "since", "until", "reason", "planned_by_id"),
    "training": ("office_id", "held_on", "topic", "file_id"),
    "relative": ("owner_id", "name", "id_no", "id_no_index", "relation"),
    "consultation": ("number", "centre_id", "question", "first_responder_id", "first_responder_name", "created_at"),
    "help_service": ("centre_id", "kind", "consent", "item_id", "consultation_id", "helper_id", "given_at"),
    "rating": ("application_id", "token", "invited_at", "unit", "person_id", "person_name", "created_by"),
    "complaint": (
        "number", "centre_id", "office_id", "source", "title", "content", "application_no", "phone", "people",
        "created_at", "created_by",
    ),
    "ledger_batch": (
        "number", "office_id", "department_id", "week_from", "week_to", "closed_count", "change_count", "rows_hash",
        "previous_hash", "hash", "workbook_sha256", "token", "created_at", "created_by",
    ),
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
    "fee": ("payment_code", "payment_no", "paid_at", "method", "evidence_id", "settled_at", "refund_no", "refunded_at"),
    "ledger_batch": ("sent_at", "acknowledged_at"),
    "hearing": ("requested_at", "held_at", "record_id", "waived_at"),
    "outbox": ("delivered_at",),
    "whereabouts": ("back_at",),
    "substitute_period": ("started_at", "ended_at"),
    "rating": ("reminded_at", "grade", "rated_at", "number"),
    "stored_file": ("application_id", "subject_id"),
    "export_request": ("decided_by_id", "used_at", "sha256"),
    "accountability_record": ("statement", "decision", "decided_by_id", "correction"),
    "consultation": ("told_at", "manager_id", "office_id", "reason_code", "description"),
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
    rules["outbox_delivered_stays"] = ("outbox", "UPDATE", ("state",), "OLD.state = 'delivered'")
    rules["item_revision_settled_stays"] = ("item_revision", "UPDATE", (), "OLD.state <> 'draft'")
    rules["proposal_settled_stays"] = ("configuration_proposal", "UPDATE", (), "OLD.state <> 'proposed'")
    rules["handbook_settled_stays"] = ("handbook", "UPDATE", (), "OLD.state <> 'draft'")
    rules["consultation_tier_only_rises"] = ("consultation", "UPDATE", ("tier",), "NEW.tier < OLD.tier")
    notified = ("quantity", "amount", "channel_id", "document_id", "pay_by", "payer", "waiver_basis", "waiver_reason")
    rules["fee_settled_stays"] = ("fee", "UPDATE", notified, "OLD.settled_at IS NOT NULL")
    claimed = "OLD.application_id IS NOT NULL OR OLD.subject_id IS NOT NULL"
    rules["stored_file_claimed_stays"] = ("stored_file", "DELETE", (), claimed)
    return rules


RULES = _rules()

ASKED_IN_ONE_STATEMENT = {"counter": ("name",), "alert": ("clock_run_id", "level", "due_on")}
"""Keys the house itself asks for while it inserts (ON CONFLICT): no trigger could tell that from a replacement."""


def _condition(dialect: str, columns: tuple[str, ...], old: str) -> str:
    differs = "IS NOT" if dialect == "sqlite" else "IS DISTINCT FROM"
    # JSON has no equality on PostgreSQL; its text has
    cast = "" if dialect == "sqlite" else "::text"
    changed = " OR ".join(f"OLD.{c}{cast} {differs} NEW.{c}{cast}" for c in columns)
    parts = [f"({part})" for part in (changed, old) if part]
    return " AND ".join(parts)


def _replacing() -> dict[str, str]:
    """Trigger name -> its statement, for SQLite: nothing takes the place of a row that may not go.

    INSERT OR REPLACE and UPDATE OR REPLACE remove the row in their way without asking the triggers of DELETE, whoever
    wrote them. Each key is therefore looked for first, and the refusal is worded as the constraint's own.
    """
    triggers: dict[str, str] = {}
    for name in (*APPEND_ONLY, *NEVER_DELETED):
        table = Model.metadata.tables[name]
        keys = [key for key in _keys(table) if key[0] != ASKED_IN_ONE_STATEMENT.get(name)]
        if not keys:
            continue
        moved = ", ".join(sorted({column for key, where in keys for column in (*key, *_named(table, where))}))
        for when, on, other in (
            ("insert", "INSERT", ""), ("update", f"UPDATE OF {moved}", f" AND {name}.rowid <> OLD.rowid"),
        ):  # fmt: skip
            body = " ".join(f"{_look_for(table, key, where)}{other};" for key, where in keys)
            trigger = f"{name}_not_replaced_by_{when}"
            triggers[trigger] = f"CREATE TRIGGER {trigger} BEFORE {on} ON {name} BEGIN {body} END"
    return triggers


def _keys(table: Table) -> list[tuple[tuple[str, ...], str]]:
    """What is unique in a table: columns, and the condition under which."""
    found = {(tuple(table.primary_key.columns.keys()), "")}
    found |= {(tuple(c.columns.keys()), "") for c in table.constraints if isinstance(c, UniqueConstraint)}
    for index in table.indexes:
        if index.unique:
            where = index.dialect_options["sqlite"]["where"]
            found.add((tuple(index.columns.keys()), "" if where is None else str(where)))
    return sorted(found)


def _named(table: Table, where: str) -> list[str]:
    """The columns a condition is about."""
    words = set(re.findall(r"[a-z_]+", where))
    return [column.name for column in table.columns if column.name in words]


def _look_for(table: Table, key: tuple[str, ...], where: str) -> str:
    """Refuse where a row has this key already, and, under a condition, where both rows meet it."""
    same = " AND ".join(f"{table.name}.{column} = NEW.{column}" for column in key)
    refusal = f"UNIQUE constraint failed: {', '.join(f'{table.name}.{column}' for column in key)}"
    if where:
        new = ", ".join(f"NEW.{column} AS {column}" for column in _named(table, where))
        same += f" AND ({where}) AND EXISTS (SELECT 1 FROM (SELECT {new}) WHERE {where})"  # noqa: S608  (our own tables)
    return f"SELECT RAISE(ABORT, '{refusal}') FROM {table.name} WHERE {same}"  # noqa: S608  (as above)


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
    if dialect == "sqlite":
        for name, statement in _replacing().items():
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
            connection.exec_driver_sql(statement)


def names(dialect: str) -> set[str]:
    """The names of all triggers a database of this kind has."""
    return {*RULES, *(_replacing() if dialect == "sqlite" else ())}


def missing(connection: Connection) -> list[str]:
    """Names of the triggers that should be there and are not."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    present = set(connection.execute(text(query)).scalars())
    return sorted(names(connection.dialect.name) - present)
