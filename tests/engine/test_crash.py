"""Killed in the middle of acts: nothing that was answered is lost, nothing is half done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.engine import scope
from app.models.application import Application
from app.models.counter import Ticket
from app.models.trail import Event, Outbox

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Engine

    from tests.factories import County

ROOT = Path(__file__).parents[2]


@pytest.mark.database
@pytest.mark.parametrize("answers", [1, 15])
def test_kill_9_in_the_middle_of_acts_loses_nothing_that_was_answered(
    county: County, app: Flask, engine: Engine, database: str, answers: int
) -> None:
    county.session.close()
    said = _killed_after(answers, database, app.config["SECRETS_DIR"])
    assert len(said) >= answers
    with Session(engine) as session, scope.unscoped(session):
        kept = {a.short_no: a for a in session.scalars(select(Application))}
        assert set(said) <= set(kept)
        assert session.scalar(select(func.count()).where(Event.subject_kind == "application")) == len(kept)
        assert session.scalar(select(func.count()).select_from(Outbox)) == len(kept)
        assert {a.version for a in kept.values()} == {1}
        assert session.scalar(select(func.count()).select_from(Ticket)) == len(kept)


def _killed_after(answers: int, url: str, keys: Path) -> list[str]:
    command = [sys.executable, str(ROOT / "tests" / "engine" / "crash_worker.py"), url, str(keys)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment) as worker:
        assert worker.stdout is not None
        said = [worker.stdout.readline().strip() for _ in range(answers)]
        os.kill(worker.pid, signal.SIGKILL)
        said += worker.stdout.read().splitlines()
    # the last line may be cut by the kill
    return [line for line in said if line.startswith("TC-") and len(line) == len("TC-20260302-0001")]
