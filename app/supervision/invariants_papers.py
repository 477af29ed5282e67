"""Invariants of papers: who holds what, what was decided, what was certified, what was archived."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.law.guards import APPLICANT, CERTIFICATE_CENTRE
from app.law.roles import Role
from app.law.states import State
from app.models.application import ApplicationMaterial, Decision
from app.models.archive import ArchiveFile, ArchivePage
from app.models.custody import Piece, Slip, SlipLine
from app.models.delivery import Certificate, DeliveryReceipt
from app.models.organisation import Posting, Staff
from app.models.trail import Document, StoredFile
from app.supervision.histories import History, Judge

SETTLING = ("confirm_file", "return_file", "confirm_handover", "return_handover")
RECALLING = ("withdraw", "terminate")
"""The end of a matter calls back what is on its way; nobody counts it."""
DECIDING = {
    "grant": "grant", "approve_rejection": "non_acceptance", "approve_refusal": "refusal", "refuse": "refusal",
}  # fmt: skip
Posts = dict[int, list[tuple[str, date, date | None]]]


def invariants(session: Session) -> tuple[tuple[int, Judge], ...]:
    """The invariants of papers; one asks where people were posted."""
    posts = _posts(session)
    return (
        (16, lambda h: slips_are_settled_by_another_of_the_receiving_unit(h, posts)),
        (17, pieces_have_the_holder_their_slips_led_to),
        (18, decisions_are_what_was_decided),
        (20, certificates_rest_on_a_grant_and_a_scan),
        (22, files_are_archived_closed_complete_and_by_two),
    )


def _posts(session: Session) -> Posts:
    """Where each account's person was posted, and when."""
    posts: Posts = {}
    found = select(Staff.user_id, Posting.centre_id, Posting.office_id, Posting.since, Posting.until)
    for user_id, centre_id, office_id, since, until in session.execute(found.join(Posting.staff)):
        unit = f"centre:{centre_id}" if centre_id else f"office:{office_id}"
        posts.setdefault(user_id, []).append((unit, since, until))
    return posts


def slips_are_settled_by_another_of_the_receiving_unit(h: History, posts: Posts) -> Iterator[str]:
    """16: a slip is settled once, by another person of the receiving unit, after it was issued; its lines add up."""
    for slip in h.rows[Slip]:
        lines = [line for line in h.rows[SlipLine] if line.slip_id == slip.id]
        if slip.state == "issued":
            continue
        if slip.settled_by_id is None and slip.settled_at in {e.at for e in h.acts(*RECALLING)}:
            continue
        settled = [e for e in h.acts(*SETTLING) if e.at == slip.settled_at and e.actor_id == slip.settled_by_id]
        if not settled:
            yield f"{h}: slip {slip.number} is {slip.state}, and no act says so"
            continue
        if slip.settled_by_id == slip.sender_id or slip.settled_at < slip.issued_at:
            yield f"{h}: slip {slip.number} was settled by its sender, or before it was sent"
        if not _belongs(settled[0], slip, posts):
            yield f"{h}: slip {slip.number} was settled by {slip.settled_by_name}, who is not of {slip.to_unit}"
        for line in lines:
            if line.received is None or line.received + line.missing != line.listed:
                yield f"{h}: slip {slip.number}: «{line.name}» lists {line.listed}, and its count does not add up"
            elif slip.state == "accepted" and line.missing:
                yield f"{h}: slip {slip.number} was accepted while «{line.name}» is missing {line.missing}"


def _belongs(event: Row[Any], slip: Row[Any], posts: Posts) -> bool:
    if slip.to_unit == CERTIFICATE_CENTRE:
        return bool(event.role == Role.CERT_CLERK)
    day = slip.settled_at.date()
    return any(
        unit == slip.to_unit and since <= day and (until is None or day <= until)
        for unit, since, until in posts.get(slip.settled_by_id, ())
    )


def pieces_have_the_holder_their_slips_led_to(h: History) -> Iterator[str]:
    """17: a physical piece has one holder: whom its slips led it to, and at last the applicant.

    A withdrawal gives papers back before; a certificate that is void goes nowhere any more.
    """
    travelled = sorted(
        (s for s in h.rows[Slip] if s.state == "accepted" and s.medium == "paper"), key=lambda s: (s.settled_at, s.id)
    )
    void = {c.id for c in h.rows[Certificate] if c.state == "voided"}
    given_back = {piece_id for e in h.acts("withdraw") for piece_id in e.payload.get("given_back", ())}
    for piece in h.rows[Piece]:
        holder = piece.first_holder
        for slip in travelled:
            if any(line.slip_id == slip.id and line.piece_id == piece.id for line in h.rows[SlipLine]):
                if slip.from_unit != holder:
                    yield f"{h}: «{piece.name}» left {slip.from_unit} on slip {slip.number} while {holder} held it"
                holder = slip.to_unit
        if piece.id in given_back:
            holder = APPLICANT
        if piece.kind != "material" and piece.certificate_id not in void and h.rows[DeliveryReceipt]:
            holder = APPLICANT
        if piece.holder != holder:
            yield f"{h}: «{piece.name}» (piece {piece.id}) is held by {piece.holder}, its slips led it to {holder}"


def decisions_are_what_was_decided(h: History) -> Iterator[str]:
    """18: one effective decision, and it says what the act that took it said."""
    decided = [e for e in h.acts(*DECIDING) if e.act != "refuse" or e.to_state == "refused"]
    decisions = h.rows[Decision]
    if len(decisions) != len(decided) or len(decisions) > 1:
        yield f"{h}: it was decided {len(decided)} times and has {len(decisions)} decisions"
        return
    for event, decision in zip(decided, decisions, strict=True):
        said = event.payload
        same = decision.kind == DECIDING[event.act] and decision.decided_at == event.at
        same = same and decision.decided_by == event.actor_id
        for name in ("content", "basis", "conditions", "valid_from", "valid_to") if event.act == "grant" else ():
            value = getattr(decision, name)
            same = same and (value.isoformat() if isinstance(value, date) else value or "") == said.get(name, "")
        if event.act != "grant":
            proposed = [e.payload for e in h.acts("reject", "refuse") if e.seq <= event.seq][-1:]
            basis = said.get("basis")  # with the record of a hearing, if one was held
            grounds = [(p["reasons"], basis or p["legal_basis"]) for p in proposed]
            same = same and [(decision.content, decision.basis)] == grounds
            same = same and (basis is None or all(basis.startswith(p["legal_basis"]) for p in proposed))
        if not same:
            yield f"{h}: decision {decision.id} is not what event {event.seq} «{event.act}» decided"


def certificates_rest_on_a_grant_and_a_scan(h: History) -> Iterator[str]:
    """20: a certificate exists only for a granted application, with its scan."""
    granted = any(d.kind == "grant" for d in h.rows[Decision])
    scans = {f.id for f in h.rows[StoredFile]}
    for certificate in h.rows[Certificate]:
        if not granted:
            yield f"{h}: certificate {certificate.number} was made without a grant"
        if certificate.scan_id not in scans:
            yield f"{h}: certificate {certificate.number} has no scan of this application"


def files_are_archived_closed_complete_and_by_two(h: History) -> Iterator[str]:
    """22: archived only after closing, by two people, complete."""
    closed = h.application.closed_at
    if (closed is not None) != bool(h.rows[ArchiveFile]):
        yield f"{h}: it is {'closed and has no' if closed else 'not closed and has an'} archive file"
    for file in h.rows[ArchiveFile]:
        if file.opened_at != closed:
            yield f"{h}: archive file {file.number} was opened at {file.opened_at}, closed at {closed}"
        if file.state != "filed":
            continue
        if None in (file.listed_by_id, file.confirmed_by_id) or file.listed_by_id == file.confirmed_by_id:
            yield f"{h}: archive file {file.number} was not archived by two people"
        yield from _gaps(h, file)


def _gaps(h: History, file: Row[Any]) -> Iterator[str]:
    listed = [page for page in h.rows[ArchivePage] if page.listing == file.listing]
    papers = {page.document_id for page in listed}
    materials = {page.material_id for page in listed}
    for paper in h.rows[Document]:
        was_there = paper.issued_at < file.listed_at and paper.state == "valid" and paper.kind != "file_catalogue"
        if was_there and paper.id not in papers:
            yield f"{h}: archive file {file.number} was confirmed without paper {paper.number}"
    for material in h.rows[ApplicationMaterial]:
        if material.status == "taken" and material.id not in materials and not _went_back(h, material):
            yield f"{h}: archive file {file.number} was confirmed without «{material.name}»"


def _went_back(h: History, material: Row[Any]) -> bool:
    """Nothing is left of it: the applicant withdrew and has the paper, and no scan was kept."""
    holders = {piece.holder for piece in h.rows[Piece] if piece.material_id == material.id}
    return h.application.state == State.WITHDRAWN and material.file_id is None and holders == {APPLICANT}
