"""The forms that count papers: a line for each line of the slip, or for each piece that is here."""

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from app.engine.actors import Actor
from app.engine.dossier import Dossier
from app.engine.paper_common import RESULTS, title_of
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


SHAPES = {
    "send_file": Shape(rows={"lines": pieces_here}, skipped_if_blank={"lines": "pieces"}),
    "confirm_file": Shape(rows={"lines": _lines_of("file")}, begins=_slip_of("file")),
    "return_file": Shape(
        rows={"lines": _lines_of("file", missing=True)}, begins=_slip_of("file"), is_grave=True, ask=SEND_BACK
    ),
    "hand_over": Shape(rows={"lines": results}),
    "confirm_handover": Shape(rows={"lines": _lines_of("result")}, begins=_slip_of("result")),
    "return_handover": Shape(
        rows={"lines": _lines_of("result", missing=True)}, begins=_slip_of("result"), is_grave=True, ask=SEND_BACK
    ),
}
