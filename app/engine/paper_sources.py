"""Where the facts of each paper come from: the act, and the turn once its clocks ran and its numbers were drawn."""

from collections.abc import Callable, Mapping
from itertools import accumulate
from typing import Any

from app.engine import extra_fields, paper_sources_branches
from app.engine.code_sets import word
from app.engine.paper_common import (
    Facts,
    certificate_centre,
    common,
    day,
    due,
    fee,
    held_lines,
    limits,
    linked,
    masked_name,
    moment,
    owed_lines,
    piece_lines,
    result_lines,
    said,
    setting,
    unit_name,
    window_name,
)
from app.engine.paper_facts import PAPERS
from app.engine.turn import Turn
from app.law.clock import Clock
from app.law.identity import mask_phone
from app.models.application import Decision, NegativeFiling
from app.models.archive import ArchiveFile, ArchivePage, Retention
from app.models.custody import Slip
from app.models.delivery import DeliveryReceipt, EmsDispatch


def build(turn: Turn, kind: str, given: dict[str, Any]) -> Facts:
    """The facts of one paper, of the turn and what its act gave; KeyError for a kind without a source."""
    return common(turn, full_id=PAPERS[kind].full_id) | _SOURCES[kind](turn, **given)


def _one_time_notice(
    turn: Turn,
    *,
    lines: list[dict[str, Any]],
    round: int,  # noqa: A002  (the act names it so)
    again_reason: str | None,
    acknowledged_by: str | None,
) -> Facts:
    """The item's guide and its whole list: what was not found wanting is in order (第六条)."""
    item = turn.dossier.item
    return limits(item) | said(
        window=window_name(turn),
        round=round,
        again_reason=again_reason,
        basis=item["legal_basis"],
        conditions=item["conditions"],
        procedure=item["procedure"],
        fee=fee(item),
        online=str(item["online"]).strip() or word("online", "none"),
        lines=_notice_lines(turn, {line["material_id"]: line for line in lines}),
        acknowledged_by=acknowledged_by,
        supervision_phone=setting(turn, "supervision_phone"),
    )


def _notice_lines(turn: Turn, wanting: dict[int, dict[str, Any]]) -> list[Facts]:
    ids = {m.position: m.id for m in turn.application.materials}
    lines = []
    for material in turn.dossier.item["materials"]:
        found = wanting.get(ids[material["position"]], {"status": "in_order"})
        lines.append(
            said(
                name=material["name"],
                required=material["requirement"],
                originals=material["original_count"],
                copies=material["copy_count"],
                electronic=material["form"] == "electronic",
                issuer=material["issuer"],
                status=found["status"],
                requirement=found.get("requirement"),
            )
        )
    return lines


def _receipt_voucher(turn: Turn, *, identity_checked: str) -> Facts:
    a = turn.application
    return said(
        pickup_code=a.pickup_code,
        window=window_name(turn),
        identity_checked=identity_checked,
        materials=[
            said(name=m.name, status=m.status, form=m.form, pieces=m.pieces or 0, copy_verified=bool(m.copy_verified))
            for m in a.materials
        ],
        owed=owed_lines(turn),
        delivery_mode=a.delivery_mode,
        ems_address=a.ems_address if a.delivery_mode == "ems" else None,
        answer_due=due(turn, Clock.CORRECTION),
        extra=extra_fields.lines(turn.dossier.item, a.extra) or None,
    )


def _transfer_slip(turn: Turn, *, occasion: str, slip: Slip) -> Facts:
    return {"occasion": occasion, "from_unit": unit_name(turn, slip.from_unit), "lines": piece_lines(turn, slip)}


def _acceptance_notice(turn: Turn, *, deemed: bool, opinion: str | None) -> Facts:
    """The applicant's written answer; the opinion stays in the file."""
    a, item = turn.application, turn.dossier.item
    return limits(item) | {
        "received_on": day(a.received_at),
        "deemed": deemed,
        "clock_from": day(a.clock_from),
        "statutory_due": due(turn, Clock.STATUTORY),
        "promised_due": due(turn, Clock.PROMISED),
        "fee": fee(item),
        "delivery_mode": a.delivery_mode,
        "owed": owed_lines(turn),
        "supervision_phone": setting(turn, "supervision_phone"),
        **said(extra=extra_fields.lines(item, a.extra) or None),
    }


def _negative_filing_form(turn: Turn, *, filing: NegativeFiling, handler: str | None = None) -> Facts:
    """The proposal before the leader, whose opinion is written by hand; a refusal the head signs first (（四）3)."""
    a = turn.application
    head = {"name": turn.actor.name, "at": moment(turn.now), "text": word("filing", filing.kind)}
    return said(
        direction="non_acceptance" if filing.kind == "rejection" else "refusal",
        applicant_phone=a.phone,
        applicant_address=a.address,
        legal_rep=a.legal_rep,
        content=f"{word('relation', a.relation)}：{turn.dossier.item['result_name']}",
        handler=handler or turn.actor.name,
        statement=filing.statement,
        office_head=head if filing.kind == "refusal" else None,
        **_grounds(turn, filing),
    )


def _non_acceptance(turn: Turn, *, filing: NegativeFiling) -> Facts:
    return _grounds(turn, filing) | {"returned": held_lines(turn)}


def _grounds(turn: Turn, filing: NegativeFiling) -> Facts:
    """Facts, reasons and law of a negative decision, and the authority to turn to (行政许可法32)."""
    return said(
        received_on=day(turn.application.received_at),
        reason_code=filing.reason_code,
        redirect_to=filing.redirect_to,
        facts=filing.facts,
        reasons=filing.reasons,
        legal_basis=filing.legal_basis,
    )


def _grant_decision(turn: Turn, *, decision: Decision) -> Facts:
    a = turn.application
    return said(
        received_on=day(a.received_at),
        accepted_on=day(a.accepted_at),
        legal_rep=a.legal_rep,
        address=a.address,
        content=decision.content,
        basis=decision.basis,
        conditions=decision.conditions,
        valid_from=day(decision.valid_from),
        valid_to=day(decision.valid_to) if decision.valid_to is not None else None,
    )


def _handover_slip(turn: Turn, *, slip: Slip, collect: list[Facts]) -> Facts:
    """What goes to the issuing desk; an application that was never accepted is due with its delivery."""
    numbers = {d.id: d.number for d in turn.dossier.papers()}
    carried = [(line, line.piece.document_id if line.piece else None) for line in slip.lines]
    return {
        "from_unit": unit_name(turn, slip.from_unit),
        "to_desk": unit_name(turn, slip.to_unit),
        "promised_due": due(turn, Clock.PROMISED, Clock.DELIVERY),
        "delivery_mode": turn.application.delivery_mode,
        "documents": [
            said(name=line.name, number=numbers.get(document_id or 0), copies=line.listed)
            for line, document_id in carried
        ],
        "collect": collect,
    }


def _ems_list(turn: Turn, *, dispatch: EmsDispatch) -> Facts:
    a = turn.application
    return {
        "ems_no": dispatch.ems_no,
        "recipient_masked": masked_name(a),
        "recipient_phone_masked": mask_phone(a.phone),
        "address": a.ems_address,
        "sending_unit": certificate_centre(),
        "pieces": dispatch.pieces,
        "documents": result_lines(turn.dossier, on_paper=True),
    }


def _service_receipt(turn: Turn, *, receipt: DeliveryReceipt, collected: list[Facts]) -> Facts:
    """Who signed, where: at the desk, or where the parcel went or the papers were left."""
    a = turn.application
    mode = "left_in_place" if receipt.relation == "left_in_place" else receipt.mode
    away = {"ems": a.ems_address, "left_in_place": a.ems_address or a.address}.get(mode)
    parcels = [d.ems_no for d in turn.dossier.dispatches if d.state == "delivered"]
    return said(
        mode=mode,
        place=away or unit_name(turn, receipt.desk),
        documents=result_lines(turn.dossier),
        collected=collected,
        signer=receipt.signer,
        relation=receipt.relation,
        id_last4=receipt.id_last4,
        ems_no=parcels[-1] if parcels else None,
        witness=receipt.witness,
    )


def _file_catalogue(
    turn: Turn, *, archive: ArchiveFile, pages: list[ArchivePage], supplement: bool, checker: bool, note: str | None
) -> Facts:
    """The list as its lister made it, and once it is confirmed, who checked it (第十五条（九）)."""
    a = turn.application
    retention = linked(turn, Retention, archive.retention, archive.retention_id)
    assert retention is not None  # the act chose it
    return said(
        actor_name=archive.listed_by_name,
        archive_no=archive.number,
        title=f"{a.applicant_name}{turn.dossier.item['name']}",
        retention=retention.name,
        secrecy=word("secrecy", "none"),
        medium=archive.medium,
        location=archive.location,
        closed_on=day(a.closed_at),
        entries=_entries(turn, archive, pages),
        lister={"name": archive.listed_by_name, "at": moment(archive.listed_at)},
        supplement=supplement or None,
        note=note,
        checker={"name": archive.confirmed_by_name, "at": moment(archive.confirmed_at)} if checker else None,
    )


def _entries(turn: Turn, archive: ArchiveFile, pages: list[ArchivePage]) -> list[Facts]:
    """The sheets, numbered on from those that were listed before them."""
    a = turn.application
    issued = {d.id: d.issued_at for d in turn.dossier.papers()}
    before = sum(p.pages for p in archive.current_pages if p.position < pages[0].position)
    firsts = accumulate((p.pages for p in pages), initial=before + 1)
    return [
        said(
            responsible=a.applicant_name if page.document_id is None else setting(turn, "organisation_name"),
            number=page.document_no,
            title=page.title,
            date=day(a.received_at if page.document_id is None else issued[page.document_id]),
            first_page=first,
            pages=page.pages,
        )
        for page, first in zip(pages, firsts, strict=False)
    ]


_SOURCES: Mapping[str, Callable[..., Facts]] = {
    "one_time_notice": _one_time_notice,
    "receipt_voucher": _receipt_voucher,
    "transfer_slip": _transfer_slip,
    "acceptance_notice": _acceptance_notice,
    "negative_filing_form": _negative_filing_form,
    "non_acceptance": _non_acceptance,
    "grant_decision": _grant_decision,
    "handover_slip": _handover_slip,
    "ems_list": _ems_list,
    "service_receipt": _service_receipt,
    "file_catalogue": _file_catalogue,
    **paper_sources_branches.SOURCES,
}
