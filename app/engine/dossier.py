"""Everything recorded about one application: read lazily, at most once, shared by facts, page and documents."""

from functools import cache, cached_property
from typing import Any

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.engine import scope
from app.engine.clocks import ClockBook
from app.engine.settings import Settings
from app.law.guards import CERTIFICATE_CENTRE
from app.law.states import DeliveryMode, State
from app.law.workdays import Calendar
from app.models.application import Application, NegativeFiling, Review
from app.models.archive import ArchiveFile
from app.models.correction import CorrectionNotice, OwedMaterial
from app.models.custody import Piece, Slip
from app.models.delivery import Certificate, EmsDispatch
from app.models.escalation import Escalation
from app.models.examination import JointReview, Opinion, Suspension, Verification
from app.models.fees import Fee
from app.models.hearing import Hearing
from app.models.rating import Rating
from app.models.trail import Document, Event

FINISHED = frozenset({State.DELIVERED, State.WITHDRAWN})
"""Whoever has applied is asked how they were served."""
WITH_MATERIAL = joinedload(OwedMaterial.material)
WITH_LINES = selectinload(CorrectionNotice.lines)
WITH_OFFICE = joinedload(Opinion.office)
WITH_PLACE = (joinedload(Application.item_version), joinedload(Application.office))
WITH_DOCUMENT = joinedload(Certificate.document)
WITH_CHANNEL = joinedload(Fee.channel)
WITH_PAGES = selectinload(ArchiveFile.pages)


class Dossier:
    """Everything recorded about one application, read lazily and at most once; shared by facts, page and documents."""

    def __init__(self, session: Session, application: Application, calendar: Calendar, settings: Settings) -> None:
        self.session = session
        self.application = application
        self.calendar = calendar
        self.settings = settings
        self.fresh: list[Document] = []

    @property
    def item(self) -> dict[str, Any]:
        """The item as it was when the application was filed."""
        return self.application.item_version.snapshot

    def _rows(self, model: Any, *options: Any) -> list[Any]:
        if self.application.id is None:
            return []
        return list(self.session.scalars(_of_application(model, *options), {"application": self.application.id}))

    def _rows_after(self, act: str, model: Any, *options: Any) -> list[Any]:
        """The rows that only this act makes: where it was never done, nothing is read."""
        return self._rows(model, *options) if self.happened(act) else []

    def happened(self, act: str) -> bool:
        """Whether the act was ever done on the application."""
        return any(event.act == act for event in self.events)

    @cached_property
    def all_events(self) -> list[Event]:
        """What happened, oldest first: to the application, and to the small objects that hang on it."""
        return self._rows(Event)

    @property
    def events(self) -> list[Event]:
        """The application's own history, oldest first."""
        return [event for event in self.all_events if event.subject_kind == "application"]

    @cached_property
    def slips(self) -> list[Slip]:
        """Slips; their lines are read where they are counted or shown."""
        return self._rows(Slip)

    @cached_property
    def pieces(self) -> list[Piece]:
        """Physical papers."""
        return self._rows(Piece)

    @cached_property
    def reviews(self) -> list[Review]:
        """Reviews; the last one counts."""
        return self._rows(Review)

    @cached_property
    def filings(self) -> list[NegativeFiling]:
        """Negative filings."""
        return self._rows(NegativeFiling)

    @cached_property
    def owed(self) -> list[OwedMaterial]:
        """Materials that were tolerated, with what became of them; the receipt says whether there are any."""
        some = any(event.act == "receive" and event.payload.get("owed") for event in self.events)
        return self._rows(OwedMaterial, WITH_MATERIAL) if some else []

    @cached_property
    def corrections(self) -> list[CorrectionNotice]:
        """Correction notices with their lines."""
        return self._rows_after("request_correction", CorrectionNotice, WITH_LINES)

    @cached_property
    def suspensions(self) -> list[Suspension]:
        """Suspensions, the requests among them."""
        return self._rows_after("request_suspension", Suspension)

    @cached_property
    def verifications(self) -> list[Verification]:
        """Verifications."""
        return self._rows_after("record_verification", Verification)

    @cached_property
    def joint_reviews(self) -> list[JointReview]:
        """Joint reviews."""
        return self._rows_after("convene_joint_review", JointReview)

    @cached_property
    def opinions(self) -> list[Opinion]:
        """Opinions of other offices, asked and given."""
        return [each for each in self.opinions_of_group if each.application_id == self.application.id]

    @cached_property
    def hearings(self) -> list[Hearing]:
        """Hearings that somebody was told they may ask for."""
        return self._rows_after("offer_hearing", Hearing)

    @cached_property
    def group(self) -> list[Application]:
        """The other applications of the same thing (一件事), the lead first, whoever looks."""
        a = self.application
        if a.theme_id is None or a.id is None:
            return []
        lead = a.parent_id or a.id
        others = select(Application).where(Application.id != a.id).options(*WITH_PLACE)
        with scope.acting_on(self.session, a.id):
            rows = self.session.scalars(others.where(or_(Application.id == lead, Application.parent_id == lead)))
            return sorted(rows, key=lambda each: each.id)

    @cached_property
    def opinions_of_group(self) -> list[Opinion]:
        """What other offices were asked about the application, and about the others of its group."""
        if self.application.theme_id is None or self.application.id is None:
            return self._rows_after("request_opinion", Opinion, WITH_OFFICE)
        ids = [self.application.id, *(each.id for each in self.group)]
        with scope.acting_on(self.session, self.application.id):
            asked = select(Opinion).where(Opinion.application_id.in_(ids)).order_by(Opinion.id).options(WITH_OFFICE)
            return list(self.session.scalars(asked))

    @cached_property
    def escalations(self) -> list[Escalation]:
        """What went up."""
        return self._rows_after("escalate", Escalation)

    @cached_property
    def certificates(self) -> list[Certificate]:
        """Certificates, the voided ones included."""
        return self._rows(Certificate, WITH_DOCUMENT)

    @cached_property
    def fees(self) -> list[Fee]:
        """Fees and deposits, which came due at the acceptance; an item without a standard has none."""
        return self._rows(Fee, WITH_CHANNEL) if self.item.get("fees") else []

    @cached_property
    def dispatches(self) -> list[EmsDispatch]:
        """EMS parcels."""
        return self._rows(EmsDispatch)

    @cached_property
    def documents(self) -> list[Document]:
        """Official papers."""
        return self._rows(Document)

    def papers(self) -> list[Document]:
        """The official papers, those of the act under way included."""
        return [*(d for d in self.documents if d not in self.fresh), *self.fresh]

    @cached_property
    def archive(self) -> ArchiveFile | None:
        """The archive file, once the application is closed."""
        return next(iter(self._rows(ArchiveFile, WITH_PAGES)), None)

    @cached_property
    def rating(self) -> Rating | None:
        """What the applicant says of it, or is asked to say, once it has ended."""
        return next(iter(self._rows(Rating)), None) if self.state in FINISHED else None

    @cached_property
    def clocks(self) -> ClockBook:
        """The clock runs."""
        return ClockBook.open(self.session, self.application, self.calendar, self.application.centre.closes_at)

    @property
    def state(self) -> State:
        """Where the application stands."""
        return State(self.application.state)

    @property
    def certificate(self) -> Certificate | None:
        """The valid certificate."""
        return next((c for c in self.certificates if c.state == "valid"), None)

    def open_slip(self, kind: str) -> Slip | None:
        """The open slip of a kind; there is at most one."""
        return next((s for s in self.slips if s.kind == kind and s.state == "issued"), None)

    @property
    def open_filing(self) -> NegativeFiling | None:
        """The filing before the leader."""
        return next((f for f in self.filings if f.state == "open"), None)

    @property
    def owed_open(self) -> list[OwedMaterial]:
        """What the applicant still owes."""
        return [owed for owed in self.owed if owed.state == "open"]

    @property
    def to_collect(self) -> list[tuple[OwedMaterial, str]]:
        """What the handover slips ask the issuing desk to collect, and what it is to look at (req. 85, 86)."""
        sent = [event.payload.get("collect", ()) for event in self.events if event.act == "hand_over"]
        wanted = {line["owed_id"]: line["requirement"] for lines in sent for line in lines}
        return [(owed, wanted[owed.id]) for owed in self.owed if owed.id in wanted] if wanted else []

    @property
    def open_correction(self) -> CorrectionNotice | None:
        """The correction notice that waits for its answer."""
        return next((c for c in self.corrections if c.state == "open"), None)

    @property
    def open_suspension(self) -> Suspension | None:
        """The suspension that is requested or runs; there is at most one."""
        return next((s for s in self.suspensions if s.state in ("requested", "running")), None)

    @property
    def open_joint_review(self) -> JointReview | None:
        """The joint review that was convened and not concluded."""
        return next((j for j in self.joint_reviews if j.state == "open"), None)

    @property
    def open_escalation(self) -> Escalation | None:
        """What lies with a higher level, or was sent back from it once."""
        return next((e for e in self.escalations if e.state in ("open", "returned")), None)

    @property
    def result_pieces(self) -> list[Piece]:
        """Certificates and documents on paper, in somebody's hands; a certificate that is void is no result."""
        if not self.happened("replace_certificate"):
            return [p for p in self.pieces if p.kind != "material"]
        void = {c.id for c in self.certificates if c.state == "voided"}
        return [p for p in self.pieces if p.kind != "material" and p.certificate_id not in void]

    @property
    def issuing_desk(self) -> str:
        """The unit that hands the result out, by the mode the applicant chose (六.1)."""
        if self.application.delivery_mode == DeliveryMode.WINDOW:
            return f"centre:{self.application.centre_id}"
        return CERTIFICATE_CENTRE

    @property
    def result_held_by(self) -> frozenset[str]:
        """Who holds the result; of a certificate without paper, the unit that made it."""
        holders = frozenset(p.holder for p in self.result_pieces)
        if not holders and self.certificate is not None:
            return frozenset({self._electronic_holder(self.certificate)})
        return holders

    def _electronic_holder(self, certificate: Certificate) -> str:
        accepted = [s for s in self.slips if s.kind == "result" and s.state == "accepted"]
        return accepted[-1].to_unit if accepted else certificate.made_in

    @property
    def receiver_id(self) -> int | None:
        """Whoever took the papers."""
        taken = [e for e in self.events if e.act in ("receive", "register")]
        return taken[-1].actor_id if taken else None


@cache
def _of_application(model: Any, *options: Any) -> Select[Any]:
    """Built once, for to build it takes as long as to ask it; therefore options have names above."""
    return select(model).where(model.application_id == bindparam("application")).order_by(model.id).options(*options)
