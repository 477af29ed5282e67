"""Certificates (第十五条（五）): made once with their scan; one that is misprinted, damaged or lost is replaced."""

from sqlalchemy import select

from app.engine.acts import Data, act
from app.engine.turn import Turn
from app.law import N_, numbering
from app.law.guards import CERTIFICATE_CENTRE
from app.law.roles import Role
from app.models.application import Decision
from app.models.custody import Piece
from app.models.delivery import Certificate
from app.models.trail import Document, StoredFile
from app.stages.issuance.inputs import MakeCertificateInput, ReplaceCertificateInput

PDF = ("application/pdf",)


@act("make_certificate", MakeCertificateInput)
def make_certificate(t: Turn, data: Data) -> None:
    """Make the certificate and upload its scan; without a scan nothing is issued (第十五条（五）)."""
    t.require(
        data["physical_pieces"] or data["e_certificate"],
        "physical_pieces",
        N_("A certificate is on paper, electronic, or both."),
    )
    scan = _scan(t, data)
    _make(t, data["cert_no"], scan, data["physical_pieces"], e_certificate=data["e_certificate"])


@act("replace_certificate", ReplaceCertificateInput)
def replace_certificate(t: Turn, data: Data) -> None:
    """Make the same certificate anew before it is issued; the old number is void and kept (第十一条)."""
    old = t.dossier.certificate
    t.not_now_unless(old is not None, N_("The certificate is not scanned and uploaded."))
    assert old is not None
    scan = _scan(t, data)
    holders = t.dossier.result_held_by
    old.state = old.document.state = "voided"
    t.session.flush()  # only one is valid at a time
    t.payload["voided"] = old.number
    _make(t, data["cert_no"], scan, old.physical_pieces, e_certificate=old.e_certificate)
    for unit in sorted(holders):
        t.tell(unit=unit, role=Role.CERT_CLERK.value if unit == CERTIFICATE_CENTRE else None)


def _scan(t: Turn, data: Data) -> StoredFile:
    """The scan, once the number and everything else is found in order."""
    taken = t.session.scalar(select(Document.id).where(Document.number == data["cert_no"]))
    t.require(taken is None, "cert_no", N_("This certificate number is used already."))
    t.require(
        not numbering.is_own_paper(data["cert_no"]),
        "cert_no",
        N_("This is a number of the county's own papers; give the number of the certificate."),
    )
    scan = t.claim(data["scan"], "scan", "certificate", PDF)
    t.settle()
    assert scan is not None
    return scan


def _make(t: Turn, number: str, scan: StoredFile, physical_pieces: int, *, e_certificate: bool) -> None:
    """The certificate of the decision, with its validity, in the hands of whoever makes it."""
    a = t.application
    decision = t.session.scalars(select(Decision).where(Decision.application_id == a.id)).one()
    unit = CERTIFICATE_CENTRE if t.role is Role.CERT_CLERK else a.office.unit
    name = t.dossier.item["result_name"]
    document = Document(
        application_id=a.id,
        kind="certificate",
        number=number,
        token=t.new_token(),
        state="valid",
        act=t.transition.name,
        facts={"title": name},
        paragraphs={"title": name},
        issued_at=t.now,
        created_by=t.by,
    )
    certificate = Certificate(
        application_id=a.id,
        number=number,
        name=name,
        state="valid",
        valid_from=decision.valid_from,
        valid_to=decision.valid_to,
        scan_id=scan.id,
        document=document,
        made_in=unit,
        physical_pieces=physical_pieces,
        e_certificate=e_certificate,
        made_at=t.now,
        created_by=t.by,
    )
    t.session.add(certificate)
    t.dossier.fresh.append(document)
    if physical_pieces:
        piece = Piece(
            application_id=a.id,
            kind="certificate",
            name=name,
            copies=physical_pieces,
            first_holder=unit,
            holder=unit,
            document=document,
            certificate=certificate,
            created_at=t.now,
            created_by=t.by,
        )
        t.session.add(piece)
