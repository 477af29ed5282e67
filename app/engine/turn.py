"""What the body of an act has at hand: a step on anything, a turn on an application."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.engine.actors import Actor, Grant
from app.engine.clocks import Timing
from app.engine.counters import draw
from app.engine.dossier import Dossier
from app.engine.files import PDF_ALONE
from app.engine.settings import Settings
from app.errors import Complaint, Incomplete, NotAllowed, NotNow
from app.law import N_, numbering
from app.law.guards import CERTIFICATE_CENTRE
from app.law.lifecycle import Transition
from app.law.limits import due_at
from app.law.object_acts import ObjectTransition
from app.law.roles import Reach, Role
from app.law.workdays import Calendar, add_workdays
from app.models.application import Application
from app.models.trail import Document, StoredFile

Assign = Callable[[int], None]


@dataclass
class Paper:
    """A document on its way: its row, the facts its act gave, and the row that names it once it is fixed."""

    document: Document
    given: dict[str, Any]
    of: Any = None


@dataclass
class Step:
    """What any act has at hand, whatever it is done on; `now` is the server's moment, `role` the one it is done in."""

    session: Session
    actor: Actor
    grant: Grant
    transition: Transition | ObjectTransition
    now: datetime
    settings: Settings
    calendar: Calendar
    request_id: str
    complaints: list[Complaint] = field(default_factory=list, kw_only=True)
    payload: dict[str, Any] = field(default_factory=dict, kw_only=True)
    draws: list[tuple[str, Assign]] = field(default_factory=list, kw_only=True)
    told: list[tuple[str | None, str | None, int | None]] = field(default_factory=list, kw_only=True)
    claimed: list[StoredFile] = field(default_factory=list, kw_only=True)
    beside: list[Callable[[], object]] = field(default_factory=list, kw_only=True)
    """Writes the events of what this act moves besides its subject (`object_moves`), once numbers are drawn."""
    ahead: Any = field(default=None, kw_only=True)
    """What was made ready before the act took its locks (`object_acts.Ahead`)."""
    message: str = field(default="", kw_only=True)
    level: str = field(default="info", kw_only=True)
    """The lamp of the notices this act sends."""

    def __post_init__(self) -> None:
        """Whoever stands in for somebody says so in everything the act leaves behind."""
        if self.grant.for_id is not None:
            self.actor = self.actor.standing_in(self.grant)
            self.payload["for_id"] = self.grant.for_id

    @property
    def role(self) -> Role:
        """The one role that grants the act and reaches what it is done on."""
        return self.grant.role

    @property
    def today(self) -> date:
        """The day of the act, in county time."""
        return self.now.date()

    @property
    def by(self) -> str:
        """The creator written on every row of this act."""
        return self.actor.username

    def require(self, condition: object, where: str, sentence: str, **params: Any) -> bool:
        """Collect a complaint about the input unless `condition` holds; answers whether it did."""
        if not condition:
            self.complaints.append(Complaint(where, sentence, params))
        return bool(condition)

    def settle(self) -> None:
        """Stop here if there is any complaint: what follows needs sound input."""
        if self.complaints:
            raise Incomplete(self.complaints)

    def not_now_unless(self, condition: object, sentence: str, **params: Any) -> None:
        """Refuse for now (409) unless `condition` holds; for order and time that hang on the input."""
        if not condition:
            raise NotNow(sentence, **params)

    def forbid_unless(self, condition: object, sentence: str, **params: Any) -> None:
        """Refuse (403, recorded) unless `condition` holds; for persons and places that hang on the input."""
        if not condition:
            raise NotAllowed(sentence, **params)

    def draw(self, counter: str, assign: Assign) -> None:
        """Take a number from a counter row once the body is done; counters are drawn sorted by name."""
        self.draws.append((counter, assign))

    def new_token(self) -> str:
        """An opaque token for a paper's QR code."""
        return token_urlsafe(16)

    def claim(self, file_id: int | None, where: str, purpose: str, kinds: tuple[str, ...] = ()) -> StoredFile | None:
        """The uploaded file the input names: the actor's own, unclaimed, of the right kind; now the application's."""
        if file_id is None:
            return None
        found: StoredFile | None = self.session.scalar(
            select(StoredFile).where(
                StoredFile.id == file_id,
                StoredFile.application_id.is_(None),  # a claimed file stays where it is
                StoredFile.subject_id.is_(None),
                StoredFile.uploader_id == self.actor.user_id,
            )
        )
        if found is None or found in self.claimed:
            sentence = N_("Upload the file first; it may be named once, by the person who uploaded it.")
            self.require(False, where, sentence)
            return None
        if kinds and found.media_type not in kinds:
            self.require(False, where, PDF_ALONE)
            return None
        found.purpose = purpose
        self.claimed.append(found)
        return found

    def claim_all(self, file_ids: Sequence[int], where: str, purpose: str) -> list[int]:
        """The uploaded files the input names, each claimed; their ids."""
        found = (self.claim(file_id, f"{where}.{i}", purpose) for i, file_id in enumerate(file_ids))
        return [file.id for file in found if file is not None]

    def tell(self, *, role: str | None = None, unit: str | None = None, user_id: int | None = None) -> None:
        """Put a line on somebody's desk besides those the transition names."""
        self.told.append((role, unit, user_id))

    def due_in(self, workdays: int, closing: time) -> datetime:
        """Closing time of the `workdays`-th working day after today (民法典 201)."""
        return due_at(add_workdays(self.today, workdays, self.calendar), closing)

    def draw_numbers(self) -> None:
        """Draw every number, counters sorted by name, as late as can be: their rows stay locked until the commit."""
        for counter, assign in sorted(self.draws, key=lambda pair: pair[0]):
            try:
                assign(draw(self.session, counter))
            except numbering.SerialOutOfRange:
                raise NotNow(N_("The numbers of this day or year are used up.")) from None


@dataclass
class Turn(Step):
    """One act being conducted on one application."""

    transition: Transition
    dossier: Dossier
    papers: list[Paper] = field(default_factory=list)
    timing: Timing = field(default_factory=Timing)
    closes: bool = False
    supplementary_sheet: bool = False

    @property
    def application(self) -> Application:
        """The application acted on."""
        return self.dossier.application

    @property
    def unit(self) -> str:
        """The unit the actor holds papers for, in the role of this act."""
        if self.role is Role.CERT_CLERK:
            return CERTIFICATE_CENTRE
        at_the_office = self.grant.reach is Reach.OFFICE
        return self.application.office.unit if at_the_office else self.application.centre.unit

    def issue(self, kind: str, of: Any = None, **given: Any) -> Document:
        """Fix an official paper in this act; its number and facts are written once the body is done.

        `of` is the row whose `document` it becomes, where one keeps it.
        """
        document = Document(
            application_id=self.application.id,
            kind=kind,
            token=self.new_token(),
            state="valid",
            act=self.transition.name,
            issued_at=self.now,
            created_by=self.by,
        )
        year = self.now.year
        self.draw(
            numbering.counter_for_document(kind, year),
            lambda n: setattr(document, "number", numbering.document_no(kind, year, n)),
        )
        self.papers.append(Paper(document, given, of))
        self.dossier.fresh.append(document)
        return document
