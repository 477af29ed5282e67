"""A scheduler in a process of its own, with a short lease and a check every second."""

from app import create_app
from app.engine import scheduler
from app.engine.duties import Duty, Every
from app.extensions import db
from app.supervision import checker

if __name__ == "__main__":
    with create_app().app_context():
        scheduler.run(db.engine, [Duty(checker.NAME, Every(1), checker.check)], lease_seconds=1.5)
