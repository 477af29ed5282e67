"""What the operator does with ledgers at the command line; each answers the exit code."""

from datetime import date

import click

from app.engine import ledgers
from app.engine.now import now
from app.errors import NotNow
from app.extensions import db
from app.law import N_
from app.law.weeks import Week
from app.stages.reporting import sending

FOREVER = float("inf")


def build(monday: str) -> int:
    """Build what is due and missing, through the week that begins with this Monday if one is named."""
    tally = ledgers.build(db.session(), now(), _week(monday) if monday else None)
    click.echo(f"built {tally.raised}, failed {tally.failed}")
    return int(tally.failed > 0)


def send(*, again: bool) -> int:
    """Send what may be sent."""
    way = sending.own_post()
    if way is None:
        raise NotNow(N_("LEDGER_URL is not set: there is nowhere to send."))
    if again:
        sending.try_all_now(db.session())
    tally = sending.send(db.session(), way, seconds=FOREVER)
    click.echo(f"sent {tally.raised}, not delivered {tally.failed}")
    return int(tally.failed > 0)


def _week(monday: str) -> Week:
    try:
        return Week(date.fromisoformat(monday))
    except ValueError:
        raise NotNow(N_("«%(day)s» is no Monday; write it like 2026-11-16."), day=monday) from None
