"""The daily seal: where every history stood, written down outside the database, each seal on top of the last.

A chain shows what was changed inside it. That its end was cut off, or the whole of it written anew, shows only against
a seal; and that the seals were written anew, only against a copy of them, or of the last digest, kept elsewhere.
"""

import fcntl
import json
import logging
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from app.engine.disk import keep_names
from app.engine.duties import Tally
from app.law import chain
from app.models.application import Application
from app.models.trail import Event

log = logging.getLogger(__name__)

NAME = "seal"
FOLDER = "seals"
AT_ONCE = 10_000
FILE = re.compile(r"(?P<number>[0-9]{6,})-[0-9]{4}-[0-9]{2}-[0-9]{2}\.json")
_EVENTS: Table = Event.__table__
_APPLICATIONS: Table = Application.__table__

_folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """Where a history stood: its last event, and whose history it is in words."""

    seq: int
    hash: str
    name: str


@dataclass(frozen=True, slots=True)
class Seal:
    """One seal: the heads that moved since the last, how many events there were, the digest over that and the last."""

    number: int
    made_at: str
    events: int
    heads: Mapping[str, Head]
    previous: str

    @property
    def record(self) -> dict[str, Any]:
        """What its digest covers."""
        heads = {subject: asdict(head) for subject, head in self.heads.items()}
        return {"number": self.number, "made_at": self.made_at, "events": self.events, "heads": heads}

    @property
    def digest(self) -> str:
        """What proves it, and what the next one builds on."""
        return chain.seal(self.previous, self.record)

    def __str__(self) -> str:
        return f"seal {self.number} of {self.made_at[:10]}"


@dataclass(slots=True)
class Shelf:
    """All seals in a folder that are what they were, and what is wrong with the others."""

    seals: list[Seal] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    highest: int = 0

    @property
    def last(self) -> Seal | None:
        """The newest."""
        return self.seals[-1] if self.seals else None

    def sealed(self) -> dict[str, tuple[Head, Seal]]:
        """Each history as it was sealed last."""
        return {subject: (head, seal) for seal in self.seals for subject, head in seal.heads.items()}


@dataclass(slots=True)
class Last:
    """The last event of a history, and of which application it is."""

    seq: int
    hash: str
    application_id: int | None


@dataclass(slots=True)
class Look:
    """The histories as they are now, beside their seals: what moved, and what is no longer what it was."""

    events: int
    moved: dict[str, Last]
    faults: list[str]


def configure(folder: Path) -> None:
    """Say where this process keeps the seals; the folder is made with the first."""
    global _folder  # noqa: PLW0603  (one process keeps its seals in one place)
    _folder = folder


def folder() -> Path:
    """Where the seals are kept."""
    if _folder is None:
        raise RuntimeError("seals.configure was not called")
    return _folder


def seal_daily(session: Session, moment: datetime) -> Tally:
    """Seal what moved, and log the digest for whoever keeps the log elsewhere."""
    made, look = seal(session, moment)
    for fault in look.faults:
        log.error("Not sealed: %s", fault)
    if made is not None:
        log.info("%s: %s", made, made.digest)
    return Tally(seen=len(look.moved), failed=len(look.faults))


def seal(session: Session, moment: datetime) -> tuple[Seal | None, Look]:
    """Write the next seal over what moved since the last; None where nothing did.

    A history that is no longer what was sealed of it is not sealed anew: it stays named until it is what it was.
    """
    with _alone():
        shelf = read(folder())
        look = look_at(session, shelf)
        heads = _heads(session, look.moved)
        session.rollback()
        if not heads:
            return None, look
        previous = shelf.last.digest if shelf.last else ""
        made = Seal(shelf.highest + 1, moment.isoformat(), look.events, heads, previous)
        _write(folder() / f"{made.number:06}-{made.made_at[:10]}.json", made)
    return made, look


def read(folder: Path) -> Shelf:
    """Every seal in the folder, each proved by its digest and by the one before it."""
    shelf = Shelf()
    for number, path in _numbered(folder):
        if number <= shelf.highest:
            shelf.faults.append(f"{path.name} stands beside another seal of its number")
            continue
        shelf.faults += [f"seal {missing} is missing" for missing in range(shelf.highest + 1, number)]
        shelf.highest = number
        found = _read(path)
        if found is None or found.number != number:
            shelf.faults.append(f"seal {number} ({path.name}) was changed")
            continue
        last = shelf.last
        if (last.number if last else 0) == number - 1 and found.previous != (last.digest if last else ""):
            shelf.faults.append(f"seal {number} ({path.name}) does not follow the seal before it")
        shelf.seals.append(found)
    return shelf


def look_at(session: Session, shelf: Shelf) -> Look:
    """Every history, once through: where it stands now, and whether what was sealed of it is still there."""
    sealed = shelf.sealed()
    then = {subject: head.seq for subject, (head, _) in sealed.items()}
    now: dict[str, Last] = {}
    still: dict[str, str] = {}
    events, row = 0, _EVENTS.c
    subject_of = (row.subject_kind, row.subject_id)
    ordered = select(*subject_of, row.seq, row.hash, row.application_id).order_by(*subject_of, row.seq)
    for kind, subject_id, *last in session.execute(ordered.execution_options(yield_per=AT_ONCE)):
        subject = f"{kind}:{subject_id}"
        events += 1
        now[subject] = Last(*last)
        if then.get(subject) == now[subject].seq:
            still[subject] = now[subject].hash
    broken = {s: fault for s, (head, by) in sealed.items() if (fault := _fault(head, by, now.get(s), still.get(s)))}
    moved = {s: last for s, last in now.items() if s not in broken and last.seq > then.get(s, 0)}
    return Look(events, moved, list(broken.values()))


def _fault(head: Head, by: Seal, last: Last | None, digest: str | None) -> str:
    """What is wrong with a history beside its seal; nothing where it holds."""
    if last is None:
        return f"{head.name}: its history is gone, and {by} holds {head.seq} events of it"
    if last.seq < head.seq:
        return f"{head.name}: its history ends with event {last.seq}, and {by} holds {head.seq} events of it"
    if digest is None:
        return f"{head.name}: event {head.seq} is missing, and {by} holds it"
    return "" if digest == head.hash else f"{head.name}: event {head.seq} is not the one that {by} holds"


def _heads(session: Session, moved: Mapping[str, Last]) -> dict[str, Head]:
    """The heads with the numbers people know their histories by."""
    row = _APPLICATIONS.c
    found = session.execute(select(row.id, row.short_no).execution_options(yield_per=AT_ONCE))
    numbers = {each.id: f"application {each.short_no}" for each in found}

    def name(subject: str, application_id: int | None) -> str:
        kind, _, subject_id = subject.partition(":")
        if application_id is None:
            return f"{kind} {subject_id}"
        application = numbers.get(application_id, f"application {application_id}")
        return application if kind == "application" else f"{kind} {subject_id} of {application}"

    return {s: Head(last.seq, last.hash, name(s, last.application_id)) for s, last in sorted(moved.items())}


def _numbered(folder: Path) -> list[tuple[int, Path]]:
    named = ((FILE.fullmatch(path.name), path) for path in folder.glob("*.json"))
    return sorted((int(name["number"]), path) for name, path in named if name)


def _read(path: Path) -> Seal | None:
    """The seal in a file, if its digest is right."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        heads = {subject: Head(**head) for subject, head in said["heads"].items()}
        seal = Seal(said["number"], said["made_at"], said["events"], heads, said["previous"])
        whole = said["digest"] == seal.digest
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return seal if whole else None


def _write(path: Path, seal: Seal) -> None:
    """Put a whole file in place, readable by its owner alone."""
    draft = path.with_name(f".{path.name}.part")
    said = {**seal.record, "previous": seal.previous, "digest": seal.digest}
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(said, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    keep_names(path.parent)


@contextmanager
def _alone() -> Iterator[None]:
    """Nobody else seals meanwhile."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder() / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
