"""Acts of custody (第十五条（四）（六）): the file to the office, the result to the desk, each over a slip."""

from collections.abc import Mapping

from app.custody import supplements  # noqa: F401  (its act is custody's)
from app.custody.inputs import (
    ConfirmFileInput,
    ConfirmHandoverInput,
    HandOverInput,
    ReturnFileInput,
    ReturnHandoverInput,
    SendFileInput,
)
from app.engine import transfer
from app.engine.acts import Data, act
from app.engine.paper_common import RESULTS, title_of
from app.engine.turn import Turn
from app.law import N_
from app.law.roles import Role
from app.models.custody import Piece, Slip
from app.models.trail import Document


@act("send_file", SendFileInput)
def send_file(t: Turn, data: Data) -> None:
    """Send the file to the office again, or the originals after the scans (req. 104)."""
    a = t.application
    here = {p.id: p for p in t.dossier.pieces if p.kind == "material" and p.holder in t.grant.units}
    named = {line["piece_id"]: line["pieces"] for line in data["lines"]}
    t.require(len(named) == len(data["lines"]), "lines", N_("Each piece once."))
    t.forbid_unless(set(named) <= set(here), N_("Your centre does not hold a piece named."))
    for i, line in enumerate(data["lines"]):
        t.require(
            line["pieces"] == here[line["piece_id"]].copies,
            f"lines.{i}.pieces",
            N_("«%(name)s» travels whole: %(copies)s pieces."),
            name=here[line["piece_id"]].name,
            copies=here[line["piece_id"]].copies,
        )
    t.settle()
    materials = {m.id: m for m in a.materials}
    on_paper = data["sent_as"] == "paper"
    loads = [
        transfer.Load(here[i].name, n, here[i] if on_paper else None, materials.get(here[i].material_id or 0))
        for i, n in named.items()
    ]
    slip = transfer.send(t, "file", data["sent_as"], a.centre.unit, a.office.unit, loads)
    if on_paper:
        t.issue("transfer_slip", occasion="send_file", slip=slip)


@act("confirm_file", ConfirmFileInput)
def confirm_file(t: Turn, data: Data) -> None:
    """Confirm that the file arrived complete; before that nothing is accepted (req. 104)."""
    slip = _open_slip(t, "file", data["slip_id"], needed=_is_paper(t))
    if transfer.count(t, slip, data["lines"]):
        transfer.accept(t, slip)
    t.settle()


@act("return_file", ReturnFileInput)
def return_file(t: Turn, data: Data) -> None:
    """Return a file whose pieces are missing or unreadable, with the reason; a second one tells the leader."""
    slip = _open_slip(t, "file", data["slip_id"], needed=True)
    transfer.count(t, slip, data["lines"])
    t.require(any(line.missing for line in slip.lines), "lines", N_("Nothing is missing: confirm the file."))
    t.settle()
    transfer.give_back(t, slip, data["reason"])
    if any(s.state == "returned" and s is not slip for s in t.dossier.slips if s.kind == "file"):
        t.tell(role=Role.BUREAU_LEADER.value)


@act("hand_over", HandOverInput)
def hand_over(t: Turn, data: Data) -> None:
    """Hand the result to the desk the applicant chose, on a slip (第十五条（六）1)."""
    held = {p.document_id: p for p in t.dossier.result_pieces}
    unit = t.unit
    here = {d.id: d for d in t.dossier.papers() if d.id not in held or held[d.id].holder == unit}
    results = {pk: d for pk, d in here.items() if _goes_on_paper(d, held)}
    named = {line["document_id"]: line["copies"] for line in data["lines"]}
    t.require(len(named) == len(data["lines"]), "lines", N_("Each document once."))
    t.forbid_unless(set(named) <= set(results), N_("Only results of this application are handed over."))
    t.require(
        set(named) == set(results), "lines", N_("Every result goes over together: the decision and the certificate.")
    )
    for i, line in enumerate(data["lines"]):
        piece = held.get(line["document_id"])
        t.require(
            piece is None or piece.copies == line["copies"],
            f"lines.{i}.copies",
            N_("There are %(copies)s pieces of it."),
            copies=piece.copies if piece else 0,
        )
    collect = _to_collect(t, data)
    t.settle()
    loads = [
        transfer.Load(title_of(results[i]), n, held.get(i) or _print(t, results[i], n, unit)) for i, n in named.items()
    ]
    slip = transfer.send(t, "result", "paper", unit, t.dossier.issuing_desk, loads)
    t.issue("handover_slip", slip=slip, collect=collect)


def _to_collect(t: Turn, data: Data) -> list[dict[str, str]]:
    """What the issuing desk collects: a line for each material still owed, with what is wanted (req. 85)."""
    owed = {each.id: each.material.name for each in t.dossier.owed_open}
    said = {line["owed_id"]: line["requirement"] for line in data["collect"]}
    t.require(len(said) == len(data["collect"]), "collect", N_("Each material once."))
    t.require(set(said) <= set(owed), "collect", N_("A line names what is not owed, or not any more."))
    for left in set(owed) - set(said):
        sentence = N_("«%(name)s» is still owed: say what the issuing desk has to collect.")
        t.require(False, "collect", sentence, name=owed[left])
    return [{"name": owed[pk], "requirement": wanted} for pk, wanted in said.items() if pk in owed]


@act("confirm_handover", ConfirmHandoverInput)
def confirm_handover(t: Turn, data: Data) -> None:
    """Take the result over at the desk; the office's handover counts as of when it was sent."""
    slip = _open_slip(t, "result", data["slip_id"], needed=True)
    if transfer.count(t, slip, data["lines"]):
        transfer.accept(t, slip)
    t.settle()
    t.timing.stopped_as_of = slip.issued_at


@act("return_handover", ReturnHandoverInput)
def return_handover(t: Turn, data: Data) -> None:
    """Return a handover whose pieces are missing or wrong, with the reason."""
    slip = _open_slip(t, "result", data["slip_id"], needed=True)
    transfer.count(t, slip, data["lines"])
    t.settle()
    transfer.give_back(t, slip, data["reason"])


def _is_paper(t: Turn) -> bool:
    slip = t.dossier.open_slip("file")
    return slip is not None and slip.medium == "paper"


def _open_slip(t: Turn, kind: str, slip_id: int | None, *, needed: bool) -> Slip:
    slip = t.dossier.open_slip(kind)
    assert slip is not None  # the guards saw it
    t.require(slip_id is not None or not needed, "slip_id", N_("Name the slip."))
    t.not_now_unless(slip_id in (None, slip.id), N_("This slip is not the open one."))
    t.settle()
    return slip


def _goes_on_paper(document: Document, held: Mapping[int | None, Piece]) -> bool:
    """A decision is printed when it goes; a certificate goes where it is on paper, an electronic one stays."""
    return (
        document.kind in RESULTS
        and document.state == "valid"
        and (document.kind != "certificate" or document.id in held)
    )


def _print(t: Turn, document: Document, copies: int, unit: str) -> Piece:
    piece = Piece(
        application_id=t.application.id,
        kind="document",
        name=title_of(document),
        copies=copies,
        first_holder=unit,
        holder=unit,
        document_id=document.id,
        created_at=t.now,
        created_by=t.by,
    )
    t.session.add(piece)
    t.dossier.pieces.append(piece)
    return piece
