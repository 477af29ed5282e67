"""What an installation starts with: reference data always, the demo county with `DEMO=1`."""

from pathlib import Path

from flask import current_app
from sqlalchemy.orm import Session

from app.configuration import (
    demo_player,
    seed_consultation,
    seed_demo,
    seed_fees,
    seed_group,
    seed_leaders,
    seed_people,
    seed_reference,
)
from app.engine import transaction


def seed(session: Session, demo: bool) -> None:
    """Load `seed/`, and `seed/demo/` with its applications where `demo`; only rows that are missing are added.

    Raises NotNow where the roles are not there yet.
    """
    load(session, demo)
    if demo:
        demo_player.play(session)


def load(session: Session, demo: bool) -> None:
    """Load the rows of `seed/`, and the places, items and people of `seed/demo/`."""
    transaction.run(session, lambda: seed_reference.load(session))
    if demo:
        people = seed_people.with_hashes(seed_people.newcomers(session), Path(current_app.config["DATA_DIR"]))
        transaction.run(session, lambda: _load_demo(session, people))
        seed_consultation.load_files(session)


def _load_demo(session: Session, people: list[seed_people.Row]) -> None:
    seed_demo.load(session)
    seed_fees.load(session)
    seed_group.load(session)
    seed_people.load(session, people)
    seed_leaders.load(session)
    session.flush()
    seed_consultation.load(session)
