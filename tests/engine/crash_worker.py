"""A process that registers applications as fast as it can and says each one it was answered; made to be killed."""

from __future__ import annotations

import sys
from pathlib import Path
from threading import Thread

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from app import learn_acts
from app.engine import actors, scope
from app.engine.connection import configure
from app.engine.now import now
from app.engine.perform import perform
from app.models.encrypted import configure_keys
from app.models.keyring import read_keys

DATA = {"item": "I12", "applicant_type": "1", "applicant_name": "示例甲", "id_type": "resident_id", "id_no": "469099198506151239",
        "phone": "19900000001", "relation": "new"}  # fmt: skip


def work(engine, username: str) -> None:
    """Register until somebody kills the process."""
    from flask_appbuilder.security.sqla.models import User

    with Session(engine) as session:
        user_id = session.scalar(select(User.id).where(User.username == username))
        actor = actors.load(session, user_id, now().date())
        while True:
            print(perform(session, "register", None, actor, DATA, None)["short_no"], flush=True)  # noqa: T201  (the test reads it)


def main(url: str, keys: str) -> None:
    """Start a thread for each window."""
    learn_acts()
    configure_keys(read_keys(Path(keys)))
    engine = create_engine(url)
    configure(engine)
    scope.install()
    for username in ("clerk.town", "clerk2.town", "clerk.hall", "clerk2.hall"):
        Thread(target=work, args=(engine, username)).start()


if __name__ == "__main__":
    main(*sys.argv[1:])
