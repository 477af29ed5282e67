"""The demo's applications, conducted act by act as they would have been, each at its own past moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import click
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.configuration.demo_inputs import inputs
from app.configuration.demo_references import resolve
from app.configuration.demo_scene import Scene
from app.configuration.seed_files import SEED, Row, read
from app.engine import queue, scope, settings
from app.engine.actors import SYSTEM, Actor, kiosk, load, public
from app.engine.dossier import Dossier
from app.engine.object_acts import SUBJECTS
from app.engine.perform import perform
from app.engine.perform_object import perform_object
from app.errors import Incomplete, Refusal
from app.law.clock import ZONE
from app.law.object_acts import OBJECT_ACTS
from app.law.roles import Role
from app.models.application import Application
from app.models.organisation import Centre
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
    request: str

    def __str__(self) -> str:
        return f"{self.story['ref']} {self.act} by {self.by} at {self.at:%Y-%m-%d %H:%M}"


def script() -> list[Step]:
    """All steps of all scenarios, of applications and of what hangs on none, in the order they happened."""
    objects = sorted(path.name for path in (SEED / "demo" / "objects").glob("*.json"))
    stories = [*read("demo/applications.json"), *(story for name in objects for story in read(f"demo/objects/{name}"))]
    steps = [_step(story, i, step) for story in stories for i, step in enumerate(story["steps"], 1)]
    return sorted(steps, key=lambda step: step.at)


def _step(story: Row, place: int, step: Row) -> Step:
    at = datetime.fromisoformat(step["at"]).replace(tzinfo=ZONE)
    return Step(story, step["act"], step["by"], at, step.get("data", {}), f"demo:{story['ref']}:{place}")


def play(session: Session) -> None:
    """Conduct what is still to be played; nothing once anybody acted outside the script.

    A history that is the beginning of the script is that of a start that was cut short, and is played to its end.
    Raises BrokenStoryError where a step is refused.
    """
    steps = script()
    with _demo(session):
        # One act is one request, whatever number of histories it adds to.
        rows = select(Event.request_id, Event.subject_kind, Event.subject_id).order_by(Event.id)
        rows = rows.where(Event.act != "end_ticket")  # what the house does by itself at midnight is in no script
        history: dict[str, Row] = {}
        for row in session.execute(rows):
            history.setdefault(row.request_id, {})[row.subject_kind] = row.subject_id
        if list(history) != [step.request for step in steps[: len(history)]]:
            return
        player = _Player(session)
        for step in steps[: len(history)]:
            of_story = history[step.request].get(step.story.get("kind", "application"))
            if of_story is not None:
                player.cast.setdefault(step.story["ref"], of_story)
        if len(history) < len(steps):
            with click.progressbar(steps[len(history):], label="Playing the demo's applications") as rest:
                for step in rest:
                    player.end_tickets_before(step.at)
                    player.play(step)
                    session.expunge_all()  # else each commit lets go of all that was ever read
        player.end_tickets_before(steps[-1].at + timedelta(days=1))


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
        self._today: date | None = None

    def play(self, step: Step) -> None:
        scope.bind(self._session, SYSTEM)  # the stage sees everything; perform binds whoever acts
        actor = self._actor(step)
        subject = self.cast.get(step.story["ref"])
        try:
            if "kind" in step.story:
                self._play_placed(step, subject, actor)
                return
            application = self._session.get(Application, subject) if subject else None
            dossier = Dossier(self._session, application, self._calendar, self._settings) if application else None
            given = resolve(step.data, self._session, actor, self.cast)
            entered = inputs(step.act, Scene(self._session, step.story, actor, step.at, given, dossier))
            request = step.request
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

    def end_tickets_before(self, moment: datetime) -> None:
        """End what windows left open on the days before, each a minute after its midnight, as the duty would have."""
        if moment.date() == self._today:
            return
        self._today = moment.date()
        scope.bind(self._session, SYSTEM)
        for ticket in queue.left_at_windows(self._session, moment.date()):
            midnight = datetime.combine(ticket.day + timedelta(days=1), time(0, 1), ZONE)
            perform_object(self._session, "ticket", "end", ticket.id, SYSTEM, {}, ticket.version, at=midnight)

    def _play_placed(self, step: Step, subject: int | None, actor: Actor) -> None:
        """An act on the story's own object, which hangs on no application; the first one brings it into being."""
        row = OBJECT_ACTS[step.act]
        entered = resolve(step.data, self._session, actor, self.cast)
        found = self._session.get(SUBJECTS[row.kind], subject, populate_existing=True) if subject else None
        answer = perform_object(
            self._session, row.kind, row.move, subject, actor, entered, found.version if found else None,
            request_id=step.request, at=step.at,
        )  # fmt: skip
        self.cast.setdefault(step.story["ref"], answer["id"])
        self._actors.clear()  # it may say who stands in for whom, or whom they must keep away from

    def _play_on_object(self, step: Step, dossier: Dossier, actor: Actor, entered: Row, request: str) -> None:
        """An act on the last object of its kind; an opinion is that of the office the step names, a fee its kind's."""
        row = OBJECT_ACTS[step.act]
        if row.kind == "fee":
            subject: Any = next(each for each in dossier.fees if each.kind == step.data["fee_kind"])
        elif row.kind == "opinion":
            subject = next(each for each in dossier.opinions if each.office.code == step.data["office"])
        else:
            model = SUBJECTS[row.kind]
            own = select(model).where(model.application_id == dossier.application.id)
            subject = self._session.scalars(own.order_by(model.id.desc()).limit(1)).one()
        perform_object(
            self._session, row.kind, row.move, subject.id, actor, entered, subject.version, request_id=request,
            at=step.at,
        )  # fmt: skip

    def _actor(self, step: Step) -> Actor:
        if step.by == SYSTEM.username:
            return SYSTEM
        if step.by == Role.PUBLIC.value:
            return public(self._opened(step))
        if step.by.startswith(f"{Role.KIOSK.value}:"):
            there = select(Centre.id).where(Centre.code == step.by.partition(":")[2])
            return kiosk(self._session.scalars(there).one())
        if step.by not in self._actors:
            found = load(self._session, self._user_ids[step.by], step.at.date())
            assert found is not None, f"{step.by} has no active account"
            self._actors[step.by] = found
        return self._actors[step.by]

    def _opened(self, step: Step) -> tuple[str, int] | None:
        """What the token of a public page opens: the last object of the act's kind, if there is one yet."""
        kind, subject = OBJECT_ACTS[step.act].kind, self.cast.get(step.story["ref"])
        model = SUBJECTS[kind]
        if "kind" in step.story or not hasattr(model, "application_id"):
            return (kind, subject) if subject else None
        own = select(model.id).where(model.application_id == subject).order_by(model.id.desc()).limit(1)
        return kind, self._session.scalars(own).one()


def _reasons(refusal: Refusal) -> str:
    if not isinstance(refusal, Incomplete):
        return str(refusal)
    told = (f"{c.field}: {c.sentence % dict(c.params) if c.params else c.sentence}" for c in refusal.complaints)
    return f"{refusal} {'; '.join(told)}"
