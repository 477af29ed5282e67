"""The demo county: approval offices, industry departments, windows and the catalogue of items."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.configuration import seed_fees
from app.configuration.seed_files import Row, absent, ids, read, stamp
from app.engine import publication
from app.models.archive import Retention
from app.models.catalogue import Item, ItemMaterial
from app.models.organisation import Centre, IndustryDepartment, Office, Window

ITEM_FIELDS = (
    "code", "name", "basic_code", "impl_code", "item_type", "exercise_level", "handling", "statutory_amount",
    "statutory_unit", "promised_days", "clock_start", "correction_days", "extension_max", "needs_verification",
    "result_name", "legal_basis", "conditions", "quantity", "procedure", "place", "online", "is_fronted",
)
"""What an item of the file and one of the catalogue have in common."""


def load(session: Session) -> None:
    """Add the demo's organisation and items that are missing."""
    organisation = read("demo/organisation.json")
    for model, name in ((Office, "offices"), (IndustryDepartment, "industry_departments")):
        for row in absent(session, model.code, organisation[name], "code"):
            session.add(model(**row, **stamp()))
    session.flush()
    _windows(session, organisation["windows"])
    _items(session)
    session.flush()


def _windows(session: Session, rows: list[Row]) -> None:
    centres = ids(session, Centre.code, Centre.id)
    present = {tuple(row) for row in session.execute(select(Window.centre_id, Window.code))}
    for row in rows:
        centre_id = centres[row["centre"]]
        if (centre_id, row["code"]) not in present:
            told = {name: value for name, value in row.items() if name != "centre"}
            session.add(Window(centre_id=centre_id, is_active=True, **told, **stamp()))


def _items(session: Session) -> None:
    offices = ids(session, Office.code, Office.id)
    departments = ids(session, IndustryDepartment.code, IndustryDepartment.id)
    periods = ids(session, Retention.code, Retention.id)
    items = []
    for row in absent(session, Item.code, read("demo/items.json"), "code"):
        fee = row["fee"]
        items.append(
            Item(
                **{name: row[name] for name in ITEM_FIELDS}, office_id=offices[row["office"]],
                department_id=departments[row["industry_department"]], retention_id=periods[row["retention"]],
                has_fee=fee["has_fee"], fee_text=fee["basis"] + fee["standard_text"],
                is_active=True, is_public=True, materials=[_material(line) for line in row["materials"]],
                fees=seed_fees.standards(fee), **stamp(),
            )
        )
    session.add_all(items)
    session.flush()
    for item in items:
        publication.begin(session, item)


def _material(row: Row) -> ItemMaterial:
    told = {name: value for name, value in row.items() if name != "source_sharing"}
    return ItemMaterial(shared_source=row["source_sharing"], **told, **stamp())
