"""What the demo's people enter besides what a scenario gives, found in the dossier as on the page."""

from collections.abc import Callable
from typing import Any

from app.configuration import demo_branches, demo_scans
from app.configuration.demo_branches import owed_lines
from app.configuration.demo_scene import Scene
from app.configuration.seed_files import Row
from app.engine.paper_common import RESULTS
from app.law.identity import last_four
from app.models.application import ApplicationMaterial
from app.models.custody import Slip

AUTHORISATION = "授权委托书及代理人身份证明"


def inputs(act: str, scene: Scene) -> Row:
    """The whole input of the act: what the scenario gives, and the rest."""
    supply = SUPPLY.get(act)
    return supply(scene) if supply else dict(scene.given)


def _register(scene: Scene) -> Row:
    who, agent = scene.story["applicant"], scene.story.get("agent")
    entered = {
        "item": scene.story["item"], "relation": "new", "applicant_type": who["type"], "applicant_name": who["name"],
        "id_type": who["id_type"], "id_no": who["id_no"], "phone": who["phone"], "address": who["address"],
        **scene.given,
    }
    if "legal_rep" in who:
        entered["legal_rep"] = who["legal_rep"]
    if agent:
        entered["agent"] = {**agent, "authorisation": scene.scan("授权委托书")}
    return entered


def _notify(scene: Scene) -> Row:
    return {"lines": [scene.by_material(line) for line in scene.given["lines"]]}


def _receive(scene: Scene) -> Row:
    listed = {m["position"]: m for m in scene.papers.item["materials"]}
    address = {"ems_address": scene.story["ems_address"]} if "ems_address" in scene.story else {}
    owed, tolerated = owed_lines(scene)
    judged = [
        {"material_id": m.id, "status": "tolerated", "pieces": 0}
        if m.id in tolerated
        else _judged(scene, m, listed[m.position])
        for m in scene.application.materials
    ]
    commitment = {"owed": owed, "commitment": scene.scan("容缺受理承诺书")} if owed else {}
    return {
        "materials": judged, "identity_checked": "reader", "delivery_mode": scene.story["delivery_mode"], **address,
        **scene.given, **commitment,
    }  # fmt: skip


def _judged(scene: Scene, material: ApplicationMaterial, listed: Row) -> Row:
    needed = material.requirement == "required" or (material.name == AUTHORISATION and "agent" in scene.story)
    if not needed:
        return {"material_id": material.id, "status": "not_applicable", "pieces": 0}
    copied = listed["copy_count"] > 0
    form = "copy" if copied else listed["form"]
    scanned = form == "electronic" or scene.given["sent_as"] == "scans"
    return {
        "material_id": material.id, "status": "taken", "form": form, "copy_verified": copied,
        "pieces": listed["copy_count"] or listed["original_count"],
        "file": scene.scan(material.name) if scanned else None,
    }


def _send_file(scene: Scene) -> Row:
    unit = scene.application.centre.unit
    here = [p for p in scene.papers.pieces if p.kind == "material" and p.holder == unit]
    return {"lines": [{"piece_id": p.id, "pieces": p.copies} for p in here], **scene.given}


def _open_slip(scene: Scene, kind: str) -> Slip:
    slip = scene.papers.open_slip(kind)
    assert slip is not None, f"no {kind} slip is open"
    return slip


def _confirm(kind: str) -> Callable[[Scene], Row]:
    def supply(scene: Scene) -> Row:
        slip = _open_slip(scene, kind)
        return {"slip_id": slip.id, "lines": [{"line_id": line.id, "received": line.listed} for line in slip.lines]}

    return supply


def _count(slip: Slip, missing: dict[int, int]) -> list[Row]:
    """Every line of the slip; `missing` by line id."""
    return [
        {"line_id": line.id, "received": line.listed - missing.get(line.id, 0), "missing": missing.get(line.id, 0)}
        for line in slip.lines
    ]


def _return_file(scene: Scene) -> Row:
    slip = _open_slip(scene, "file")
    lines = {line.material_id: line.id for line in slip.lines}
    missing = {lines[scene.material_at(told["position"]).id]: told["missing"] for told in scene.given["lines"]}
    return {**scene.given, "slip_id": slip.id, "lines": _count(slip, missing)}


def _return_handover(scene: Scene) -> Row:
    slip = _open_slip(scene, "result")
    return {"slip_id": slip.id, "lines": _count(slip, {slip.lines[0].id: 1}), **scene.given}


def _accept(scene: Scene) -> Row:
    return {"opinion": "材料齐全，符合法定形式，予以受理。", **scene.given}


def _review(scene: Scene) -> Row:
    taken = [m for m in scene.application.materials if m.status == "taken"]
    return {
        "materials": [{"material_id": m.id, "result": "pass"} for m in taken], "conclusion": "grant",
        "opinion": "材料真实有效，符合法定条件，建议准予。", **scene.given,
    }


def _grant(scene: Scene) -> Row:
    item = scene.papers.item
    decided = {
        "content": f"准予{item['name']}，核发{item['result_name']}。", "basis": item["legal_basis"],
        "valid_from": scene.at.date().isoformat(), **scene.given,
    }
    if decided["valid_to"] == "long_term":
        decided |= {"valid_to": None, "long_term": True}
    return decided


def _make_certificate(scene: Scene) -> Row:
    return {"scan": scene.scan(scene.papers.item["result_name"]), "physical_pieces": 1, **scene.given}


def _hand_over(scene: Scene) -> Row:
    results = [d for d in scene.papers.documents if d.kind in RESULTS and d.state == "valid"]
    collect = [{"owed_id": owed.id, "requirement": owed.requirement} for owed in scene.papers.owed_open]
    return {"lines": [{"document_id": d.id, "copies": 1} for d in results], "collect": collect, **scene.given}


def _issue(scene: Scene) -> Row:
    who = scene.story["applicant"]
    signed = {"signer": who["name"], "relation": "self", "id_last4": last_four(who["id_no"]), **scene.given}
    signed["signature"] = demo_scans.upload_signature(scene.session, scene.actor, signed["signer"])
    signed["ticks"] = [owed.id for owed, _ in scene.papers.to_collect]
    if scene.application.delivery_mode == "ems":
        signed["ems_receipt"] = scene.scan("邮件回执")
    return signed


def _archive(scene: Scene) -> Row:
    archive = scene.papers.archive
    assert archive is not None, "the application is not closed"
    listed = archive.current_pages if archive.state == "filed" else []
    documents = {d.id for d in scene.papers.documents if d.state == "valid" and d.kind != "file_catalogue"}
    materials = {m.id for m in scene.application.materials if m.status == "taken"}
    documents -= {page.document_id for page in listed}
    materials -= {page.material_id for page in listed}
    pages: list[dict[str, Any]] = [{"document_id": row_id, "pages": 1} for row_id in sorted(documents)]
    pages += [{"material_id": row_id, "pages": 1} for row_id in sorted(materials)]
    return {"medium": "electronic", "retention_id": scene.papers.item["retention_id"], "pages": pages, **scene.given}


def _confirm_archive(scene: Scene) -> Row:
    return {"checked": True, **scene.given}


SUPPLY: dict[str, Callable[[Scene], Row]] = {
    "register": _register,
    "notify": _notify,
    "receive": _receive,
    "send_file": _send_file,
    "confirm_file": _confirm("file"),
    "return_file": _return_file,
    "accept": _accept,
    "review": _review,
    "grant": _grant,
    "make_certificate": _make_certificate,
    "hand_over": _hand_over,
    "confirm_handover": _confirm("result"),
    "return_handover": _return_handover,
    "issue": _issue,
    "archive": _archive,
    "confirm_archive": _confirm_archive,
    **demo_branches.SUPPLY,
}
"""How each act's input is completed; the scenarios give the whole input of the others."""
