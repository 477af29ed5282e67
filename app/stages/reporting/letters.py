"""What is written to a department about its ledger, in Chinese."""

from app.engine.ledgers import installation
from app.law import N_
from app.models.ledger import LedgerBatch
from app.stages.reporting.post import Letter
from app.stages.reporting.wording import chinese

SUBJECT = N_("Weekly ledger %(number)s: %(office)s, %(first)s to %(last)s")
TEXT = N_(
    "To %(department)s\n\n"
    "Attached is the weekly ledger of %(office)s for %(first)s to %(last)s (第十五条（十）).\n"
    "Number: %(number)s\nApplications closed: %(closed)s\nLater changes: %(changes)s\n"
    "Seal of the ledger: %(seal)s\nSHA-256 of the workbook: %(sha256)s\n\n"
    "Please acknowledge it here: %(link)s\n"
)


def letter_of(batch: LedgerBatch, workbook: bytes) -> Letter:
    """The letter that takes a ledger to its department."""
    facts = {
        "number": batch.number, "office": batch.office.name, "department": batch.department.name,
        "first": batch.week_from.isoformat(), "last": batch.week_to.isoformat(), "closed": batch.closed_count,
        "changes": batch.change_count, "seal": batch.hash, "sha256": batch.workbook_sha256, "link": link_of(batch),
    }  # fmt: skip
    say = chinese()
    return Letter(
        batch.department.mail, say(SUBJECT) % facts, say(TEXT) % facts, name_of(batch), workbook, batch.hash, facts
    )


def name_of(batch: LedgerBatch) -> str:
    """The workbook's name: the week, and the codes of office and department."""
    plain = ("".join(c if c.isalnum() else "-" for c in code) for code in (batch.office.code, batch.department.code))
    return f"{batch.week_from}_{'_'.join(plain)}.xlsx"


def link_of(batch: LedgerBatch) -> str:
    """Where the ledger is acknowledged without login."""
    return f"{installation().public_url}/ledger/{batch.token}"
