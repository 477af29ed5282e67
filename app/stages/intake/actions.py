"""Acts at the window (第十五条（二）（三）): register, tell once what is missing, receive."""

from secrets import randbelow

from app.engine import transfer, versions
from app.engine.acts import Data, act
from app.engine.turn import Turn
from app.law import N_, numbering
from app.law.guards import fronted_if_town
from app.law.identity import check_id, clean, last_four
from app.models.application import ApplicationMaterial
from app.models.custody import Piece
from app.models.encrypted import blind_index
from app.models.organisation import Window
from app.stages.intake.inputs import NotifyInput, ReceiveInput, RegisterInput
from app.stages.intake.tickets import own_window, serving


@act("register", RegisterInput)
def register(t: Turn, data: Data) -> None:
    """Register an application at the clerk's own window, under a ticket (第十一条: in real time)."""
    _check_people(t, data)
    t.settle()
    window = own_window(t)
    a = t.application
    # The guard knows the role; the place decides, whichever role somebody is posted there in.
    t.forbid_unless(a.item.is_fronted or not window.centre.is_town, fronted_if_town.sentence)
    a.ticket = serving(t, data["ticket_id"])
    a.window, a.centre = window, window.centre
    a.item_version = versions.current(t.session, a.item, t.by)
    _take_down(t, data)
    a.registered_at, a.created_by, a.is_demo = t.now, t.by, bool(t.session.info.get("demo"))
    a.pickup_code = numbering.pickup_code(randbelow(1_000_000))
    a.materials = [
        ApplicationMaterial(
            position=m["position"], name=m["name"], requirement=m["requirement"], tolerable=m["tolerable"]
        )
        for m in t.dossier.item["materials"]
    ]
    impl = a.item.impl_code
    t.draw(
        numbering.counter_for_application(impl, t.today),
        lambda n: setattr(a, "number", numbering.application_no(impl, t.today, n)),
    )
    t.draw(numbering.counter_for_short_no(t.today), lambda n: setattr(a, "short_no", numbering.short_no(t.today, n)))


def _check_people(t: Turn, data: Data) -> None:
    person = data["applicant_type"] == "1"
    t.require(person or data["legal_rep"], "legal_rep", N_("An organisation names its legal representative."))
    t.require(
        person == (data["id_type"] != "uscc"),
        "id_type",
        N_("A person shows a personal document, an organisation its social credit code."),
    )
    sentence = check_id(data["id_type"], clean(data["id_no"]), t.today)
    t.require(sentence is None, "id_no", sentence or "")
    agent = data["agent"]
    if agent is not None:
        wrong = check_id(agent["id_type"], clean(agent["id_no"]), t.today)
        t.require(wrong is None, "agent.id_no", wrong or "")
        file = t.claim(agent["authorisation"], "agent.authorisation", "authorisation")
        if file is not None:
            t.application.authorisation_id = file.id
    t.require(data["relation"] == "new" or data["original_no"], "original_no", N_("Name the earlier application."))


def _take_down(t: Turn, data: Data) -> None:
    a = t.application
    a.applicant_type, a.applicant_name, a.id_type = data["applicant_type"], data["applicant_name"], data["id_type"]
    a.id_no = clean(data["id_no"])
    a.id_no_index, a.id_last4_index = blind_index("id_no", a.id_no), blind_index("id_last4", last_four(a.id_no))
    a.phone, a.phone_index = data["phone"], blind_index("phone", data["phone"])
    a.address, a.legal_rep, a.relation = data["address"] or "", data["legal_rep"] or "", data["relation"]
    agent = data["agent"]
    if agent is not None:
        a.agent_name, a.agent_id_type, a.agent_id_no = agent["name"], agent["id_type"], clean(agent["id_no"])
        a.agent_id_index = blind_index("id_no", a.agent_id_no)
        a.agent_last4_index = blind_index("id_last4", last_four(a.agent_id_no))
        a.agent_phone = agent["phone"]


@act("notify", NotifyInput)
def notify(t: Turn, data: Data) -> None:
    """Tell the applicant once everything that is missing or wrong (第六条, 第十五条（三）)."""
    own = {m.id for m in t.application.materials}
    named = [line["material_id"] for line in data["lines"]]
    t.forbid_unless(set(named) <= own, N_("Only materials of the item's published list may be asked for."))
    t.require(len(named) == len(set(named)), "lines", N_("Each material once."))
    earlier = [e for e in t.dossier.events if e.act == "notify"]
    if earlier:
        before = {(line["material_id"], line["status"]) for line in earlier[-1].payload["lines"]}
        same = before == {(line["material_id"], line["status"]) for line in data["lines"]}
        if not same and t.require(
            data["again_reason"], "again_reason", N_("The applicant was told other materials before: say why.")
        ):
            t.tell(role="window_manager", unit=f"centre:{t.application.centre_id}")
    t.settle()
    t.payload["round"] = len(earlier) + 1
    t.issue(
        "one_time_notice",
        lines=data["lines"],
        round=len(earlier) + 1,
        again_reason=data["again_reason"],
        acknowledged_by=data["acknowledged_by"],
    )


@act("receive", ReceiveInput)
def receive(t: Turn, data: Data) -> None:
    """Take the papers in on the spot: every material judged, identity seen, copies compared (第十五条（三）)."""
    a = t.application
    window = own_window(t)
    _judge(t, data)
    check_delivery(t, data)
    t.settle()
    if not _ticket_is_open(t, data, window):
        t.payload["walk_in"] = True
        serving(t, data["ticket_id"])
    a.received_at, a.delivery_mode, a.ems_address = t.now, data["delivery_mode"], data["ems_address"]
    loads = _take(t, data)
    slip = transfer.send(t, "file", data["sent_as"], a.centre.unit, a.office.unit, loads)
    t.issue("receipt_voucher", identity_checked=data["identity_checked"])
    if data["sent_as"] == "paper":
        t.issue("transfer_slip", occasion="receive", slip=slip)


def _ticket_is_open(t: Turn, data: Data, window: Window) -> bool:
    ticket = t.application.ticket
    return data["ticket_id"] in (None, ticket.id) and ticket.state == "serving" and ticket.window_id == window.id


def _judge(t: Turn, data: Data) -> None:
    own = {m.id: m for m in t.application.materials}
    filed = {m["position"]: m for m in t.dossier.item["materials"]}
    lines = {line["material_id"]: line for line in data["materials"]}
    t.forbid_unless(set(lines) <= set(own), N_("Only materials of the item's published list may be asked for."))
    t.require(len(lines) == len(data["materials"]), "materials", N_("Each material once."))
    for material in t.application.materials:
        if material.id not in lines:
            t.require(False, "materials", N_("«%(name)s» is not judged yet."), name=material.name)
    for i, line in enumerate(data["materials"]):
        material = own[line["material_id"]]
        where = f"materials.{i}"
        match line["status"]:
            case "taken":
                t.require(
                    line["form"], f"{where}.form", N_("Say in which form «%(name)s» was taken."), name=material.name
                )
                t.require(
                    line["pieces"] > 0, f"{where}.pieces", N_("Count the pieces of «%(name)s»."), name=material.name
                )
                t.require(
                    line["form"] != "copy" or line["copy_verified"],
                    f"{where}.copy_verified",
                    N_("Compare the copy of «%(name)s» with its original."),
                    name=material.name,
                )
            case "tolerated":
                t.require(
                    False,
                    f"{where}.status",
                    N_("«%(name)s» cannot be supplied later: give the one-time notice instead."),
                    name=material.name,
                )
            case "shared":
                t.require(
                    filed[material.position]["shared_source"],
                    f"{where}.status",
                    N_("«%(name)s» is not obtained by sharing."),
                    name=material.name,
                )
            case "not_applicable":
                t.require(
                    material.requirement == "conditional",
                    f"{where}.status",
                    N_("«%(name)s» is always required."),
                    name=material.name,
                )


def check_delivery(t: Turn, data: Data) -> None:
    """The mode the applicant chose: a town's result leaves at that town or by EMS; EMS needs an address (六.1)."""
    t.require(
        not t.application.centre.is_town or data["delivery_mode"] != "pickup",
        "delivery_mode",
        N_("Taken at a town centre: the result leaves there or by EMS."),
    )
    t.require(data["delivery_mode"] != "ems" or data["ems_address"], "ems_address", N_("EMS needs an address."))


def _take(t: Turn, data: Data) -> list[transfer.Load]:
    """Write each judgement down; physical papers become pieces in the centre's hands."""
    a = t.application
    own = {m.id: m for m in a.materials}
    loads = []
    for line in data["materials"]:
        material = own[line["material_id"]]
        material.status = line["status"]
        if line["status"] != "taken":
            continue
        material.form, material.pieces = line["form"], line["pieces"]
        material.copy_verified, material.verified_by = line["copy_verified"], t.by if line["copy_verified"] else ""
        scan = t.claim(line["file"], "materials.file", "material")
        material.file_id = scan.id if scan else None
        piece = None
        if line["form"] != "electronic":
            piece = Piece(
                application_id=a.id,
                kind="material",
                name=material.name,
                copies=line["pieces"],
                first_holder=a.centre.unit,
                holder=a.centre.unit,
                material_id=material.id,
                created_at=t.now,
                created_by=t.by,
            )
            t.session.add(piece)
        on_paper = data["sent_as"] == "paper"
        if piece is not None or not on_paper:
            loads.append(transfer.Load(material.name, line["pieces"], piece if on_paper else None, material))
    return loads
