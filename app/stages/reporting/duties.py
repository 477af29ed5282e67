"""What is done every week without anybody asking: ledgers are built on the first working day, and sent."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.engine import ledgers
from app.engine.duties import Tally
from app.stages.reporting.sending import SECONDS_AT_ONCE, own_post, send

BUILD, SEND = "build_ledgers", "send_ledgers"


def build_ledgers(session: Session, now: datetime) -> Tally:
    """Build every ledger that is due and missing; what a week missed is caught up."""
    return ledgers.build(session, now)


def send_ledgers(session: Session, _now: datetime) -> Tally:
    """Send what may be sent; nothing where this installation has nowhere to send."""
    way = own_post()
    return send(session, way, seconds=SECONDS_AT_ONCE) if way else Tally()
