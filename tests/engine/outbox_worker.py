"""A process that sends what may be sent, under the clock of the test; made to be killed."""

from __future__ import annotations

import sys
from datetime import datetime
from urllib.parse import urlsplit

import time_machine
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.engine.connection import configure
from app.engine.couriers import HttpCourier
from app.engine.outbox import deliver
from tests.receivers import KEY


def main(url: str, address: str, moment: str) -> None:
    """Send to the receiver at `address`."""
    engine = create_engine(url)
    configure(engine)
    with time_machine.travel(datetime.fromisoformat(moment), tick=False), Session(engine) as session:
        deliver(session, HttpCourier(urlsplit(address), KEY))


if __name__ == "__main__":
    main(*sys.argv[1:])
