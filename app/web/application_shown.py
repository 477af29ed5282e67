"""An application as its page shows it: what is known of it, personal data masked unless it is revealed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.engine import extra_fields, offers
from app.engine.dossier import Dossier
from app.engine.settings import calendar, load
from app.errors import NotFound
from app.law import N_
from app.law.identity import ID_TYPES, IdType, mask_address, mask_id, mask_phone
from app.law.lifecycle import TRANSITIONS
from app.law.states import STATE_LABELS, DeliveryMode, Kind, State
from app.models.application import Application
from app.models.archive import ArchiveFile
from app.models.catalogue import Item
from app.models.custody import Slip
from app.models.rating import Rating
from app.models.theme import Theme
from app.models.trail import StoredFile
from app.web import branches_shown, clocks_shown, history_shown, words
from app.web.delivery import DELIVERY_MODES

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.engine.actors import Actor
    from app.engine.offers import Offer
    from app.models.application import ApplicationMaterial

APPLICANT_TYPES = {
    "1": N_("Natural person"),
    "2": N_("Enterprise"),
    "3": N_("Public institution"),
    "4": N_("Social organisation"),
    "5": N_("Administrative organ"),
    "6": N_("Other organisation"),
}
STATUSES = {
    "taken": N_("Taken"),
    "tolerated": N_("To be supplied later"),
    "shared": N_("Obtained by sharing"),
    "not_applicable": N_("Does not apply"),
}
FORMS = {"original": N_("Original"), "copy": N_("Copy"), "electronic": N_("Electronic")}
SLIP_KINDS = {"file": N_("File to the office"), "result": N_("Result to the desk")}
SLIP_STATES = {
    "issued": (N_("On its way"), "orange"),
    "accepted": (N_("Received complete"), "green"),
    "returned": (N_("Returned"), "red"),
}
ARCHIVE_STATES = {"open": N_("To be listed"), "listed": N_("Listed, to be confirmed"), "filed": N_("Filed")}
PURPOSES = {
    "authorisation": N_("Authorisation"),
    "material": N_("Material"),
    "certificate": N_("Scan of the certificate"),
    "signature": N_("Signature"),
    "ems_receipt": N_("EMS receipt"),
    "procedure": N_("Special procedure"),
    "verification": N_("Verification"),
    "minutes": N_("Minutes"),
    "opinion": N_("Opinion"),
    "payment": N_("Evidence of a payment"),
    "commitment": N_("Signed commitment to supply"),
    "hearing_request": N_("Written request for the hearing"),
    "hearing_record": N_("Record of the hearing"),
    "hearing_waiver": N_("Written waiver of the hearing"),
    "withdrawal_request": N_("Written request of withdrawal"),
}
GRAVE = frozenset({
    "terminate", "reject", "return_file", "return_rejection", "return_handover", "return_archive", "return_dispatch",
    "refuse", "return_suspension", "return_refusal", "withdraw",
})  # fmt: skip
BESIDES = (
    "request_correction", "record_verification", "request_opinion", "offer_hearing",
    "convene_joint_review", "request_suspension", "extend",
    "send_file", "amend", "change_delivery", "replace_certificate", "escalate", "record_provincial", "explain_overdue",
)  # fmt: skip
"""Lawful most of the time and seldom what comes next, in the order in which one looks for them."""
SELDOM = frozenset(
    {
        "amend", "change_delivery", "escalate", "offer_hearing", "record_provincial", "replace_certificate",
        "request_opinion", "withdraw",
    }
)  # fmt: skip
FEW = 4
MARKS = {"taken": "given", "shared": "given", "tolerated": "owed", None: "missing"}


@dataclass(frozen=True)
class MaterialShown:
    """One line of the checklist."""

    name: str
    tags: list[str]
    mark: str
    words: str
    file_id: int | None


@dataclass
class Shown:
    """Everything the page says, each part read when it is asked for."""

    dossier: Dossier
    actor: Actor
    now: datetime
    revealed: bool = False
    names: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        a = self.dossier.application
        self.id, self.short_no, self.number, self.version = a.id, a.short_no, a.number, a.version
        self.state = State(a.state)
        self.state_words = _(STATE_LABELS[self.state])
        self.item = self.dossier.item
        self.names = {a.centre.unit: a.centre.name, a.office.unit: a.office.name}

    @cached_property
    def offers(self) -> list[Offer]:
        """The acts lawful now for whoever looks: first the one that carries on, last those that send back."""
        found = offers.lawful(self.dossier, self.actor, self.now)
        return sorted(found, key=_rank)

    @cached_property
    def leads(self) -> list[tuple[str, str]]:
        """Where the page leads beside the acts."""
        return branches_shown.leads(self.dossier)

    @property
    def usual(self) -> list[Offer]:
        """The acts that stand on the page; where there are few, all of them."""
        return [each for each in self.offers if each not in self.seldom]

    @property
    def seldom(self) -> list[Offer]:
        """The acts that are rarely wanted and would hide the others."""
        few = len(self.offers) <= FEW
        return [] if few else [each for each in self.offers if each.name in SELDOM]

    def is_grave(self, name: str) -> bool:
        """Whether the act sends something back or refuses it."""
        return name in GRAVE

    def is_expected(self, name: str) -> bool:
        """Whether the act may be what one is expected to do next: no reminder is, and nothing rarely wanted."""
        return TRANSITIONS[name].kind is not Kind.NUDGE and name not in SELDOM

    @cached_property
    def clocks(self) -> list[clocks_shown.ClockShown]:
        """The clock runs."""
        return clocks_shown.clocks(self.dossier, self.now)

    @property
    def nearest(self) -> clocks_shown.ClockShown | None:
        """The running clock that ends first."""
        return clocks_shown.nearest(self.clocks)

    @cached_property
    def stages(self) -> list[history_shown.Stage]:
        """The way of the application."""
        return history_shown.stages(self.dossier)

    @property
    def history(self) -> list[history_shown.Happened]:
        """Every act, the latest first."""
        return history_shown.history(self.dossier)

    @property
    def materials(self) -> list[MaterialShown]:
        """The checklist as it was filed, and what became of each line."""
        return [_material(each) for each in self.dossier.application.materials]

    @property
    def applicant(self) -> list[tuple[str, Any]]:
        """Who applies."""
        a = self.dossier.application
        found = [
            (_("Applicant"), a.applicant_name),
            (_("Applicant type"), _(APPLICANT_TYPES[a.applicant_type])),
            (_(ID_TYPES[IdType(a.id_type)]), self._id(a.id_type, a.id_no)),
            (_("Mobile phone"), a.phone if self.revealed else mask_phone(a.phone)),
        ]
        if a.legal_rep:
            found.append((_("Legal representative"), a.legal_rep))
        if a.address:
            found.append((_("Address"), a.address if self.revealed else mask_address(a.address)))
        return found

    @property
    def answers(self) -> list[tuple[str, Any]]:
        """What the item's own questions were answered with."""
        spoken = {"true": _("Yes"), "false": _("No")}
        return [
            (line["label"], spoken[line["value"]] if line["type"] == "flag" else line["value"])
            for line in extra_fields.lines(self.item, self.dossier.application.extra)
        ]

    @property
    def agent(self) -> list[tuple[str, Any]]:
        """Who acts for the applicant."""
        a = self.dossier.application
        if not a.agent_name:
            return []
        phone = a.agent_phone or ""
        return [
            (_("Agent"), a.agent_name),
            (_(ID_TYPES[IdType(a.agent_id_type)]), self._id(a.agent_id_type, a.agent_id_no or "")),
            (_("Agent's phone"), phone if self.revealed else mask_phone(phone)),
        ]

    @cached_property
    def branches(self) -> list[branches_shown.Section]:
        """What happened besides the straight line."""
        return branches_shown.sections(self.dossier)

    @property
    def delivery(self) -> list[tuple[str, Any]]:
        """Where it was taken and decided, how the result leaves."""
        a = self.dossier.application
        found = [(_("Taken at"), a.centre.name), (_("Office"), a.office.name)]
        if a.delivery_mode:
            found.append((_("Delivery"), _(DELIVERY_MODES[a.delivery_mode])))
        if a.ems_address:
            found.append((_("EMS address"), a.ems_address if self.revealed else mask_address(a.ems_address)))
        if a.provincial_no:
            found.append((_("Provincial number"), a.provincial_no))
        if revision := self.item.get("revision"):
            found.append((_("Filed under"), _("revision %(number)s of the item", number=revision)))
        if a.closed_at:
            found.append((_("Closed at"), a.closed_at.strftime("%Y-%m-%d %H:%M")))
        return found

    @cached_property
    def slips(self) -> list[Slip]:
        """The handovers."""
        return self.dossier.slips

    def unit(self, key: str) -> str:
        """A unit's name."""
        return words.unit(key, self.names)

    @cached_property
    def files(self) -> list[Any]:
        """What was uploaded."""
        query = select(StoredFile.id, StoredFile.name, StoredFile.size, StoredFile.purpose)
        return list(
            self.dossier.session.execute(query.where(StoredFile.application_id == self.id).order_by(StoredFile.id))
        )

    @cached_property
    def archive(self) -> ArchiveFile | None:
        """The archive file, once the application is closed."""
        return self.dossier.archive if self.dossier.application.closed_at else None

    def _id(self, kind: str, number: str) -> str:
        return number if self.revealed else mask_id(kind, number)


def _rank(offer: Offer) -> tuple[bool, int, bool]:
    besides = BESIDES.index(offer.name) + 1 if offer.name in BESIDES else 0
    return offer.name in GRAVE, besides, TRANSITIONS[offer.name].kind is not Kind.STATE


def find_whole(session: Session, application_id: int) -> Dossier:
    """The dossier with what the page shows anyway, in few queries; NotFound where it is absent or out of reach."""
    query = select(Application, Rating).outerjoin(Rating, Rating.application_id == Application.id)
    found = session.execute(
        query.where(Application.id == application_id).options(
            joinedload(Application.item_version), joinedload(Application.centre), joinedload(Application.office),
            joinedload(Application.materials),
            joinedload(Application.theme).joinedload(Theme.lead_item).joinedload(Item.office),
        )
    ).unique().one_or_none()  # fmt: skip
    if found is None:
        raise NotFound
    application, rating = found
    settings = load(session)
    dossier = Dossier(session, application, calendar(session, settings), settings)
    dossier.rating = rating
    slips = select(Slip).where(Slip.application_id == application_id).order_by(Slip.id)
    dossier.slips = list(session.scalars(slips.options(joinedload(Slip.lines))).unique())
    dossier.archive = _archive(session, application_id) if application.closed_at else None
    if application.delivery_mode != DeliveryMode.EMS:
        dossier.dispatches = []  # a parcel on its way keeps the mode as it is
    return dossier


def _archive(session: Session, application_id: int) -> ArchiveFile | None:
    query = select(ArchiveFile).where(ArchiveFile.application_id == application_id)
    return session.scalars(
        query.options(joinedload(ArchiveFile.pages), joinedload(ArchiveFile.retention))
    ).unique().one_or_none()  # fmt: skip


def _material(each: ApplicationMaterial) -> MaterialShown:
    tags = [_("Always needed") if each.requirement == "required" else _("conditional")]
    if each.tolerable:
        tags.append(_("may follow"))
    said = _(STATUSES[each.status]) if each.status else _("not taken yet")
    if each.status == "taken" and each.form:
        said = _("%(form)s, %(pieces)s pieces", form=_(FORMS[each.form]), pieces=each.pieces)
        if each.copy_verified:
            said += " · " + _("compared")
    return MaterialShown(each.name, tags, MARKS.get(each.status, "none"), said, each.file_id)
