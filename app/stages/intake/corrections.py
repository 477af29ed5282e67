"""What the applicant brings in answer to a correction notice (第十五条（四）2): all of it, or a part."""

from app.engine import transfer
from app.engine.acts import Data, act
from app.engine.taking import judge, take
from app.engine.turn import Turn
from app.law import N_
from app.models.application import ApplicationMaterial
from app.models.correction import CorrectionLine, CorrectionNotice
from app.models.custody import Piece, Slip
from app.stages.intake.inputs import ReceiveCorrectionInput, ReceiveCorrectionPartInput


@act("receive_correction", ReceiveCorrectionInput)
def receive_correction(t: Turn, data: Data) -> None:
    """Take in what was still to be put right; the office's five days begin anew, and the file goes to it again.

    A file that went as scans is followed by scans, if every answer has one; otherwise what is on paper goes on a slip
    (§9(n)). Answers are taken as long as the application is not terminated, however late.
    """
    notice = _open_notice(t)
    lines = _judge(t, notice, data)
    for left in _unanswered(notice, lines):
        t.require(
            False,
            "lines",
            N_("«%(name)s» is still to be put right: take the rest as a part of the correction."),
            name=left.material.name,
        )
    t.settle()
    _take(t, lines)
    notice.state, notice.settled_at = "met", t.now
    slip = _send(t, notice)
    t.issue("correction_receipt", occasion="correction", notice=notice, lines=list(lines))
    if slip.medium == "paper":
        t.issue("transfer_slip", occasion="receive_correction", slip=slip)


@act("receive_correction_part", ReceiveCorrectionPartInput)
def receive_correction_part(t: Turn, data: Data) -> None:
    """Take in a part of what is to be put right; it waits at the centre, and the time to reply runs on."""
    notice = _open_notice(t)
    lines = _judge(t, notice, data)
    t.require(
        _unanswered(notice, lines), "lines", N_("With this everything is put right: take it as the whole correction.")
    )
    t.settle()
    _take(t, lines)
    t.issue("correction_receipt", occasion="part", notice=notice, lines=list(lines))


Answers = dict[CorrectionLine, tuple[str, Data]]
"""A line of the notice -> where its answer stands in the input, and the answer."""


def _open_notice(t: Turn) -> CorrectionNotice:
    notice = t.dossier.open_correction
    assert notice is not None  # the state says so
    return notice


def _judge(t: Turn, notice: CorrectionNotice, data: Data) -> Answers:
    """The lines answered; complains about what is answered already, owed, or not said of a paper."""
    own = {line.id: line for line in notice.lines}
    named = [line["line_id"] for line in data["lines"]]
    t.forbid_unless(set(named) <= set(own), N_("A line named does not stand on the correction notice."))
    t.require(len(named) == len(set(named)), "lines", N_("Each line once."))
    found: Answers = {}
    for i, given in enumerate(data["lines"]):
        line, where = own[given["line_id"]], f"lines.{i}"
        name = line.material.name
        t.require(
            line.kind == "defect",
            f"{where}.line_id",
            N_("«%(name)s» is owed, with a date of its own: collect it as owed material."),
            name=name,
        )
        t.require(line.answered_at is None, f"{where}.line_id", N_("«%(name)s» was put right already."), name=name)
        judge(t, given, where, name)
        t.require(
            given["file"] or given["form"] != "electronic",
            f"{where}.file",
            N_("Attach «%(name)s» as a file: the office gets it no other way."),
            name=name,
        )
        found[line] = where, given
    return found


def _unanswered(notice: CorrectionNotice, now: Answers) -> list[CorrectionLine]:
    return [line for line in notice.lines if line.is_open and line not in now]


def _take(t: Turn, lines: Answers) -> None:
    """Write each answer down; what was handed in last counts, and new papers are in the centre's hands."""
    own: dict[int, ApplicationMaterial] = {m.id: m for m in t.application.materials}
    for line, (where, given) in lines.items():
        material = own[line.material_id]
        take(t, material, given, where, t.application.centre.unit)
        line.answered_at, line.answered_by = t.now, t.by
        line.form, line.pieces, line.copy_verified = given["form"], given["pieces"], given["copy_verified"]
        line.file_id = material.file_id
    t.settle()


def _send(t: Turn, notice: CorrectionNotice) -> Slip:
    """Send all that came since the notice: its answers, the parts among them, and what was owed and supplied."""
    a = t.application
    answered = [line.material for line in notice.lines if line.answered_at and line.material.status == "taken"]
    pieces = _waiting(t, answered)
    scanned = all(each.file_id for each in answered) and t.dossier.slips[-1].medium == "scans"
    on_paper = bool(pieces) and not scanned
    if on_paper:
        materials = {each.id: each for each in answered}
        loads = [transfer.Load(p.name, p.copies, p, materials[p.material_id or 0]) for p in pieces]
    else:
        loads = [transfer.Load(each.name, each.pieces, None, each) for each in answered]
    return transfer.send(t, "file", "paper" if on_paper else "scans", a.centre.unit, a.office.unit, loads)


def _waiting(t: Turn, answered: list[ApplicationMaterial]) -> list[Piece]:
    """The last paper of each material that was handed in, where the centre holds it."""
    last = {piece.material_id: piece for piece in t.dossier.pieces}
    found = [last[each.id] for each in answered if each.form != "electronic"]
    return [piece for piece in found if piece.holder == t.application.centre.unit]
