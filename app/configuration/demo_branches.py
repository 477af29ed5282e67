"""What the demo's people enter in the hard cases: shortages, corrections, suspensions, opinions, endings, fees."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from app.configuration.demo_scene import Scene
from app.configuration.seed_files import Row
from app.models.accounts import User
from app.models.application import ApplicationMaterial
from app.models.correction import CorrectionLine
from app.models.fees import PaymentChannel
from app.models.organisation import Office, Staff


def owed_lines(scene: Scene) -> tuple[list[Row], set[int]]:
    """The owed lines of a receipt, and the materials they are about."""
    lines = [scene.by_material(line) for line in scene.given.get("owed", [])]
    return lines, {line["material_id"] for line in lines}


def paper(scene: Scene, material: ApplicationMaterial) -> Row:
    """One paper handed in after the receipt: original or compared copy, with its scan."""
    listed = next(m for m in scene.papers.item["materials"] if m["position"] == material.position)
    copied = listed["copy_count"] > 0
    return {
        "form": "copy" if copied else "original", "copy_verified": copied, "pieces": 1,
        "file": scene.scan(material.name),
    }  # fmt: skip


def _collect_supplement(scene: Scene) -> Row:
    material = scene.material_at(scene.given["position"])
    owed = next(each for each in scene.papers.owed_open if each.material_id == material.id)
    return {"owed_id": owed.id, "how": "window", **paper(scene, material)}


def _request_correction(scene: Scene) -> Row:
    return {**scene.given, "lines": [scene.by_material(line) for line in scene.given["lines"]]}


def _answer(scene: Scene) -> Row:
    """The lines of the open notice at these positions of the list."""
    notice = scene.papers.open_correction
    assert notice is not None, "no correction notice is open"
    wanted = {scene.material_at(position).id for position in scene.given["positions"]}
    return {"lines": [_answered(scene, line) for line in notice.lines if line.material_id in wanted]}


def _answered(scene: Scene, line: CorrectionLine) -> Row:
    return {"line_id": line.id, **paper(scene, line.material)}


def _resume(scene: Scene) -> Row:
    return {**scene.given, "participants": _staff(scene, scene.given.get("participants", []))}


def _record_verification(scene: Scene) -> Row:
    return {**scene.given, "verifiers": _staff(scene, scene.given["verifiers"])}


def _convene(scene: Scene) -> Row:
    return {**scene.given, "offices": _offices(scene, scene.given["offices"])}


def _conclude(scene: Scene) -> Row:
    return {**scene.given, "attendees": _staff(scene, scene.given["attendees"])}


def _withdraw(scene: Scene) -> Row:
    unit = scene.application.centre.unit
    here = [p.id for p in scene.papers.pieces if p.kind == "material" and p.holder == unit]
    return {"request": scene.scan("撤回申请书"), "returned": here, **scene.given}


def _replace_certificate(scene: Scene) -> Row:
    return {"scan": scene.scan(scene.papers.item["result_name"]), **scene.given}


def _give_opinion(scene: Scene) -> Row:
    return {name: value for name, value in scene.given.items() if name != "office"}


def _notify_fee(scene: Scene) -> Row:
    channel = select(PaymentChannel.id).where(PaymentChannel.code == scene.given["channel"])
    given = {name: value for name, value in scene.given.items() if name != "channel"}
    return {**given, "channel_id": scene.session.scalars(channel).one()}


def _confirm_payment(scene: Scene) -> Row:
    fee = next(each for each in scene.papers.fees if each.kind == scene.given["fee_kind"])
    shown = {"evidence": scene.scan("缴款凭证")} if scene.actor.user_id is not None else {}
    return {"amount": str(fee.amount), "payer": scene.application.applicant_name, **shown, **scene.given}


def _without_kind(scene: Scene) -> Row:
    return {name: value for name, value in scene.given.items() if name != "fee_kind"}


def _staff(scene: Scene, usernames: list[str]) -> list[int]:
    found: dict[str, int] = dict(
        scene.session.execute(
            select(User.username, Staff.id).join(Staff, Staff.user_id == User.id).where(User.username.in_(usernames))
        ).all()  # type: ignore[arg-type]
    )
    return [found[name] for name in usernames]


def _offices(scene: Scene, codes: list[str]) -> list[int]:
    rows: Any = scene.session.execute(select(Office.code, Office.id).where(Office.code.in_(codes))).all()
    found = dict(rows)
    return [found[code] for code in codes]


SUPPLY: dict[str, Callable[[Scene], Row]] = {
    "collect_supplement": _collect_supplement,
    "request_correction": _request_correction,
    "receive_correction": _answer,
    "receive_correction_part": _answer,
    "resume": _resume,
    "record_verification": _record_verification,
    "convene_joint_review": _convene,
    "conclude_joint_review": _conclude,
    "request_opinion": _convene,
    "withdraw": _withdraw,
    "replace_certificate": _replace_certificate,
    "give_opinion": _give_opinion,
    "notify_fee": _notify_fee,
    "confirm_payment": _confirm_payment,
    "waive_fee": _without_kind,
    "waive_notified_fee": _without_kind,
    "refund_deposit": _without_kind,
}
