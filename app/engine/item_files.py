"""Files of the catalogue: blank forms and samples of materials, files of handbooks; nobody's reach governs them."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.engine import scope
from app.errors import NotFound
from app.models.catalogue import Item, ItemMaterial
from app.models.handbook import Handbook
from app.models.trail import StoredFile

KINDS = {"form": "blank_form_id", "sample": "sample_id"}
"""What a material may have a file of -> the column that names it."""


def item_file(session: Session, item_code: str, material_position: int, kind: str) -> StoredFile | None:
    """The blank form (`form`) or the sample text (`sample`) of a material; None where the item has none.

    Staff get that of any item, whoever is not logged in only that of a public item in service.
    """
    material = session.scalar(
        select(ItemMaterial)
        .join(Item, Item.id == ItemMaterial.item_id)
        .where(Item.code == item_code, ItemMaterial.position == material_position, *_open_to_all(session))
    )
    return _file(session, getattr(material, KINDS[kind])) if material is not None and kind in KINDS else None


def handbook_file(session: Session, handbook: Handbook) -> StoredFile | None:
    """The file of a handbook; of those who see the handbook nobody is asked for more."""
    return _file(session, handbook.file_id)


def claim(session: Session, file_id: int, kind: str, subject_id: int, purpose: str) -> StoredFile:
    """Make an own upload that of a material or a handbook; inside a transaction. NotFound for any other file."""
    file: StoredFile | None = session.scalar(select(StoredFile).where(StoredFile.id == file_id))
    if file is None or file.application_id is not None or file.subject_id is not None:
        raise NotFound
    file.subject_kind, file.subject_id, file.purpose = kind, subject_id, purpose
    return file


def _open_to_all(session: Session) -> list[ColumnElement[bool]]:
    actor = scope.actor_of(session)
    if actor is not None and actor.user_id is not None:
        return []
    return [Item.is_active.is_(True), Item.is_public.is_(True), Item.is_secret.is_(False)]


def _file(session: Session, file_id: int | None) -> StoredFile | None:
    if file_id is None:
        return None
    with scope.unscoped(session):
        found: StoredFile | None = session.scalar(select(StoredFile).where(StoredFile.id == file_id))
    return found
