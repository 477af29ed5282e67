"""The demo's applications, conducted act by act as they would have been, each at its own past moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import click
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.configuration.demo_inputs import inputs
from app.configuration.demo_scene import Scene
from app.configuration.seed_files import Row, read
from app.engine import scope, settings
from app.engine.actors import SYSTEM, Actor, load
from app.engine.dossier import Dossier
from app.engine.perform import perform
from app.engine.perform_object import perform_object
from app.errors import Incomplete, Refusal
from app.law.clock import ZONE
from app.law.object_acts import OBJECT_ACTS
from app.models.application import Application
from app.models.trail import Event


class BrokenStoryError(Exception):
    """A step of a scenario was refused: the demo and the rules disagree."""


@dataclass(frozen=True)
class Step:
    """One act of one scenario."""

    story: Row
    act: str
    by: str
    at: datetime
    data: Row

    def __str__(self) -> str:
        return f"{self.story['ref']} {self.act} by {self.by} at {self.at:%Y-%m-%d %H:%M}"


def script() -> list[Step]:
    """All steps of all scenarios, in the order they happened."""
    steps = [_step(story, step) for story in read("demo/applications.json") for step in story["steps"]]
    return sorted(steps, key=lambda step: step.at)


def _step(story: Row, step: Row) -> Step:
    at = datetime.fromisoformat(step["at"]).replace(tzinfo=ZONE)
    return Step(story, step["act"], step["by"], at, step.get("data", {}))


def play(session: Session) -> None:
    """Conduct what is still to be played; nothing once anybody acted outside the script.

    A history that is the beginning of the script is that of a start that was cut short, and is played to its end.
    Raises BrokenStoryError where a step is refused.
    """
    steps = script()
    with _demo(session):
        history = session.execute(select(Event.act, Event.at, Event.application_id).order_by(Event.id)).all()
        if [(row.act, row.at) for row in history] != [(step.act, step.at) for step in steps[: len(history)]]:
            return
        player = _Player(session)
        for row, step in zip(history, steps, strict=False):
            player.cast[step.story["ref"]] = row.application_id
        if len(history) < len(steps):
            with click.progressbar(steps[len(history):], label="Playing the demo's applications") as rest:
                for step in rest:
                    player.play(step)


@contextmanager
def _demo(session: Session) -> Iterator[None]:
    """Applications registered meanwhile are marked as the demo's."""
    session.info["demo"] = True
    scope.bind(session, SYSTEM)
    try:
        yield
    finally:
        del session.info["demo"]
        scope.bind(session, None)
        session.rollback()


class _Player:
    """Plays steps; `cast` is the application of each scenario, by its `ref`."""

    def __init__(self, session: Session) -> None:
        self.cast: dict[str, int] = {}
        self._session = session
        self._settings = settings.load(session)
        self._calendar = settings.calendar(session, self._settings)
        self._user_ids = dict(session.execute(select(User.username, User.id)).all())
        self._actors: dict[str, Actor] = {}

    def play(self, step: Step) -> None:
        actor = self._actor(step)
        scope.bind(self._session, SYSTEM)  # the stage sees everything; perform binds whoever acts
        subject = self.cast.get(step.story["ref"])
        try:
            application = self._session.get(Application, subject) if subject else None
            dossier = Dossier(self._session, application, self._calendar, self._settings) if application else None
            entered = inputs(step.act, Scene(self._session, step.story, actor, step.at, step.data, dossier))
            request = f"demo:{step.story['ref']}"
            if dossier is not None and step.act in OBJECT_ACTS:
                self._play_on_object(step, dossier, actor, entered, request)
                return
            version = application.version if application else None
            answer = perform(
                self._session, step.act, subject, actor, entered, version, request_id=request, at=step.at
            )
        except Refusal as refusal:
            raise BrokenStoryError(f"{step}: {_reasons(refusal)}") from refusal
        self.cast[step.story["ref"]] = answer["id"]

    def _play_on_object(self, step: Step, dossier: Dossier, actor: Actor, entered: Row, request: str) -> None:
        """An act on the last object of its kind; an opinion is that of the office the step names."""
        row = OBJECT_ACTS[step.act]
        asked = {opinion.office.code: opinion for opinion in dossier.opinions}
        subject: Any = asked[step.data["office"]] if row.kind == "opinion" else dossier.escalations[-1]
        perform_object(
            self._session, row.kind, row.move, subject.id, actor, entered, subject.version, request_id=request,
            at=step.at,
        )  # fmt: skip

    def _actor(self, step: Step) -> Actor:
        if step.by == SYSTEM.username:
            return SYSTEM
        if step.by not in self._actors:
            found = load(self._session, self._user_ids[step.by], step.at.date())
            assert found is not None, f"{step.by} has no active account"
            self._actors[step.by] = found
        return self._actors[step.by]


def _reasons(refusal: Refusal) -> str:
    if not isinstance(refusal, Incomplete):
        return str(refusal)
    told = (f"{c.field}: {c.sentence % dict(c.params) if c.params else c.sentence}" for c in refusal.complaints)
    return f"{refusal} {'; '.join(told)}"
