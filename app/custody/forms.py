"""The forms that count papers: a line for each line of the slip, or for each piece that is here."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.custody.inputs import WAYS
from app.custody.supplements import filed
from app.engine.actors import Actor
from app.engine.dossier import Dossier
from app.engine.paper_common import RESULTS, title_of
from app.errors import Complaint
from app.law import N_
from app.web.forms import Row, Shape

SEND_BACK = N_("This goes back to whoever sent it. Go on?")


def _lines_of(kind: str, *, missing: bool = False) -> Callable[[Dossier, Actor], list[Row]]:
    """The lines of the open slip, counted as complete until somebody says otherwise."""

    def rows(dossier: Dossier, actor: Actor) -> list[Row]:
        slip = dossier.open_slip(kind)
        more = {"missing": 0} if missing else {}
        return [
            Row(line.name, {"line_id": line.id, "received": line.listed} | more, (_("listed: %(n)s", n=line.listed),))
            for line in (slip.lines if slip else ())
        ]

    return rows


def _slip_of(kind: str) -> Callable[[Dossier | None, Actor], Mapping[str, int]]:
    def begins(dossier: Dossier | None, actor: Actor) -> Mapping[str, int]:
        slip = dossier.open_slip(kind) if dossier else None
        return {"slip_id": slip.id} if slip else {}

    return begins


def pieces_here(dossier: Dossier, actor: Actor) -> list[Row]:
    """The papers that one's own unit holds."""
    units = {unit for grant in actor.grants for unit in grant.units}
    return [
        Row(each.name, {"piece_id": each.id, "pieces": each.copies}, (_("here: %(n)s", n=each.copies),))
        for each in dossier.pieces
        if each.kind == "material" and each.holder in units
    ]


def results(dossier: Dossier, actor: Actor) -> list[Row]:
    """The decision and the certificate, which go over together."""
    copies = {each.document_id: each.copies for each in dossier.result_pieces}
    return [
        Row(title_of(each), {"document_id": each.id, "copies": copies.get(each.id, 1)}, (), each.number)
        for each in dossier.papers()
        if each.kind in RESULTS and each.state == "valid"
    ]


def still_owed(dossier: Dossier, actor: Actor) -> list[Row]:
    """What is still owed; the desk reads what was asked for, unless somebody says it better."""
    return [
        Row(each.material.name, {"owed_id": each.id, "requirement": each.requirement}, (), _due(each.due_on))
        for each in dossier.owed_open
    ]


def _due(day: date) -> str:
    return _("due %(day)s", day=day.isoformat())


def owed_by_name(dossier: Dossier | None) -> dict[int, str]:
    """What is still owed, to choose from."""
    owed = dossier.owed_open if dossier else []
    return {each.id: f"{each.material.name} · {each.requirement} · {_due(each.due_on)}" for each in owed}


def ways_in(dossier: Dossier | None) -> dict[str, str]:
    """How something owed may come; by sharing only where the list names a source."""
    is_shared = dossier is not None and any(filed(dossier, each)["shared_source"] for each in dossier.owed_open)
    return {way: _(label) for way, label in WAYS.items() if way != "shared" or is_shared}


def supplement(dossier: Dossier | None, actor: Actor) -> Mapping[str, Any]:
    """What is owed alone is what came, as it was to come."""
    owed = dossier.owed_open if dossier else []
    return {"pieces": 1} | ({"owed_id": owed[0].id, "how": owed[0].how} if len(owed) == 1 else {})


def electronic_as_a_file(data: Mapping[str, Any]) -> Iterator[Complaint]:
    """What came electronically is a file."""
    if data.get("form") == "electronic" and not data.get("file"):
        yield Complaint("file", N_("Attach the file: the office gets this material no other way."))


ON_PAPER_OR_AS_A_FILE = "how=window|ems|online"

SHAPES = {
    "send_file": Shape(rows={"lines": pieces_here}, skipped_if_blank={"lines": "pieces"}),
    "confirm_file": Shape(rows={"lines": _lines_of("file")}, begins=_slip_of("file")),
    "return_file": Shape(
        rows={"lines": _lines_of("file", missing=True)}, begins=_slip_of("file"), is_grave=True, ask=SEND_BACK
    ),
    "hand_over": Shape(
        rows={"lines": results, "collect": still_owed},
        irrelevant=lambda dossier: () if dossier.owed_open else ("collect",),
    ),
    "collect_supplement": Shape(
        choices={"owed_id": owed_by_name, "how": ways_in},
        begins=supplement,
        show_if={
            "form": ON_PAPER_OR_AS_A_FILE,
            "pieces": ON_PAPER_OR_AS_A_FILE,
            "copy_verified": "form=copy",
            "file": ON_PAPER_OR_AS_A_FILE,
        },
        blank_means={"pieces": 0},
        insists=electronic_as_a_file,
    ),
    "confirm_handover": Shape(rows={"lines": _lines_of("result")}, begins=_slip_of("result")),
    "return_handover": Shape(
        rows={"lines": _lines_of("result", missing=True)}, begins=_slip_of("result"), is_grave=True, ask=SEND_BACK
    ),
}
