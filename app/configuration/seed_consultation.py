"""The demo's handbooks, made of each item's own guide; blank forms and sample texts; who answers in each centre."""

from datetime import date

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.configuration.seed_files import SEED, SEEDER, Row, read, stamp
from app.engine import actors, files, transaction
from app.engine.now import now
from app.models.catalogue import Item, ItemMaterial
from app.models.consultation import AnswerOwner
from app.models.handbook import SECTIONS, Handbook
from app.models.organisation import Centre, Staff
from app.models.trail import StoredFile

WORDS, PDF = "demo/handbooks.json", "application/pdf"
PAPERS = {"blank_form": "blank_form.pdf", "sample": "sample_text.pdf"}
"""What stands for every blank form and every sample text."""
UPLOADER = "admin1"


def load(session: Session) -> None:
    """Add the handbooks of items that have none, and the owners of centres that never had one."""
    words = read(WORDS)
    written = set(session.scalars(select(Handbook.item_id)))
    for item in session.scalars(select(Item).order_by(Item.code)):
        if item.id not in written:
            session.add(_handbook(item, words))
    owned = set(session.scalars(select(AnswerOwner.centre_id)))
    staff = dict(session.execute(select(User.username, Staff.id).join(Staff.account)).all())
    for pk, code in session.execute(select(Centre.id, Centre.code)):
        if pk not in owned and words["owners"].get(code) in staff:
            since = date.fromisoformat(words["owners_since"])
            session.add(AnswerOwner(centre_id=pk, staff_id=staff[words["owners"][code]], since=since, **stamp()))


def load_files(session: Session) -> None:
    """Put a blank form and a sample text to the first core material of each item that has neither."""
    lacking = _lacking(session)
    uploader = session.scalar(select(User.id).where(User.username == UPLOADER))
    actor = actors.load(session, uploader, now().date()) if uploader is not None and lacking else None
    if actor is None:
        return
    words = read(WORDS)
    kept = {
        kind: files.lay_aside(session, actor, name, (SEED / "demo" / name).read_bytes(), PDF)
        for kind, name in PAPERS.items()
    }
    like = {kind: {"sha256": file.sha256, "size": file.size} for kind, file in kept.items()}

    def put() -> None:
        for material in _lacking(session):
            for kind in PAPERS:
                name = words[kind].format(material=material.name)
                file = StoredFile(
                    name=name, media_type=PDF, uploader_id=uploader, uploaded_at=now(), subject_kind="item_material",
                    subject_id=material.id, purpose=kind, created_by=SEEDER, **like[kind],
                )  # fmt: skip
                session.add(file)
                session.flush()
                setattr(material, f"{kind}_id", file.id)

    transaction.run(session, put)


def _lacking(session: Session) -> list[ItemMaterial]:
    """Of each item the first core material, where it has no file."""
    core = select(ItemMaterial).where(ItemMaterial.is_core.is_(True))
    first: dict[int, ItemMaterial] = {}
    for material in session.scalars(core.order_by(ItemMaterial.item_id, ItemMaterial.position)):
        first.setdefault(material.item_id, material)
    return [each for each in first.values() if each.blank_form_id is None and each.sample_id is None]


def _handbook(item: Item, words: Row) -> Handbook:
    """The first version, as the item's own guide says it."""
    promised = words["instant"] if item.instant else words["workdays"].format(days=item.promised_days)
    said = {
        "name": item.name, "result_name": item.result_name, "legal_basis": item.legal_basis, "office": item.office.name,
        "conditions": item.conditions, "procedure": item.procedure, "promised": promised,
        "materials": "\n".join(f"{each.position}. {each.name}" for each in item.materials),
        "fee": item.fee_text if item.has_fee else words["free"], "place": item.place or words["unknown"],
        "online": item.online or words["unknown"],
    }  # fmt: skip
    texts = {name: words[name].format(**said) for name in SECTIONS}
    return Handbook(
        item_id=item.id, number=1, state="published", published_at=now(), published_by=UPLOADER, **texts, **stamp()
    )
