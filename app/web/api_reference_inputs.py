"""What the administrator's programs may write of the reference data, field by field, and the rules across fields."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from app.engine.inputs import Input, choice, flag, number, row_id, text
from app.engine.now import now
from app.errors import Complaint
from app.extensions import db
from app.law import N_
from app.law.identity import check_id, clean
from app.models.catalogue import Item, ItemMaterial
from app.models.encrypted import blind_index
from app.models.organisation import Staff, Window

ITEM_TYPES = {
    "01": N_("Administrative licence"), "05": N_("Administrative payment"), "07": N_("Administrative confirmation"),
    "08": N_("Administrative award"), "09": N_("Administrative ruling"), "10": N_("Other administrative power"),
    "20": N_("Public service"),
}
LEVELS = {
    "1": N_("National"), "2": N_("Provincial"), "3": N_("Municipal"), "4": N_("County"), "5": N_("Town"),
    "6": N_("Village"),
}
HANDLING = {"instant": N_("Instant"), "commitment": N_("Within the promised limit")}
UNITS = {"working_day": N_("Working days"), "month": N_("Months")}
CLOCK_STARTS = {"accepted": N_("Acceptance"), "received": N_("Receipt")}
REQUIREMENTS = {"required": N_("Required"), "conditional": N_("Where its condition holds")}
FORMS = {
    "original": N_("Original"), "copy": N_("Copy"), "electronic": N_("Electronic"),
    "original_and_copy": N_("Original and copy"),
}
WINDOW_KINDS = {
    "comprehensive": N_("Comprehensive"), "certificate": N_("Certificates"), "guide": N_("Guide desk"),
    "help": N_("Help"),
}
LONG = 10_000


class ItemInput(Input):
    """An item of the catalogue."""

    code = text(N_("Code"), 1, 20)
    name = text(N_("Name"), 1, 200)
    basic_code = text(N_("Basic code"), 1, 50)
    impl_code = text(N_("Implementation code"), 1, 50)
    item_type = choice(N_("Item type"), ITEM_TYPES)
    exercise_level = choice(N_("Exercise level"), LEVELS)
    office_id = row_id(N_("Office"))
    department_id = row_id(N_("Industry department"))
    handling = choice(N_("Handling"), HANDLING)
    statutory_amount = number(N_("Statutory limit"), 0, 999)
    statutory_unit = choice(N_("Unit of the statutory limit"), UNITS)
    promised_days = number(N_("Promised limit"), 0, 999)
    clock_start = choice(N_("Clock starts at"), CLOCK_STARTS)
    correction_days = number(N_("Correction limit"), 0, 5)
    extension_max = number(N_("Longest extension"), 0, 10)
    needs_verification = flag(N_("Needs verification"))
    result_name = text(N_("Result"), 1, 100)
    legal_basis = text(N_("Legal basis"), 0, LONG, required=False)
    conditions = text(N_("Conditions"), 0, LONG, required=False)
    quantity = text(N_("Quantity"), 0, LONG, required=False)
    procedure = text(N_("Procedure"), 0, LONG, required=False)
    place = text(N_("Place and phone"), 0, 300, required=False)
    online = text(N_("Online handling"), 0, 300, required=False)
    has_fee = flag(N_("Has a fee"))
    fee_text = text(N_("Fee basis and standard"), 0, 300, required=False)
    is_fronted = flag(N_("Fronted"))
    is_active = flag(N_("Active"))
    is_public = flag(N_("Public"))
    is_secret = flag(N_("Secret"))
    retention_id = row_id(N_("Retention"))


class MaterialInput(Input):
    """One line of an item's material list."""

    item_id = row_id(N_("Item"))
    position = number(N_("Position"), 1, 999)
    name = text(N_("Name"), 1, 200)
    requirement = choice(N_("Requirement"), REQUIREMENTS)
    condition = text(N_("When it is needed"), 0, 200, required=False)
    form = choice(N_("Form"), FORMS)
    original_count = number(N_("Originals"), 0, 99)
    copy_count = number(N_("Photocopies"), 0, 99)
    issuer = text(N_("Issuer"), 0, 100, required=False)
    tolerable = flag(N_("May be supplied later"))
    supplement_days = number(N_("Days to supply"), 0, 60)
    shared_source = text(N_("Shared from"), 0, 100, required=False)
    review_points = text(N_("Review points"), 0, LONG, required=False)


class WindowInput(Input):
    """A counter of a hall or town centre."""

    centre_id = row_id(N_("Centre"))
    code = text(N_("Code"), 1, 10)
    name = text(N_("Name"), 1, 100)
    kind = choice(N_("Kind"), WINDOW_KINDS)
    area = text(N_("Area"), 1, 10)
    phone = text(N_("Phone"), 0, 20, required=False)
    is_active = flag(N_("Active"))


class StaffInput(Input):
    """A person who works here."""

    user_id = row_id(N_("Account"))
    name = text(N_("Name"), 1, 100)
    phone = text(N_("Phone"), 1, 20, personal="phone")
    id_no = text(N_("ID number"), 1, 30, required=False, personal="id")
    employer = text(N_("Employer"), 1, 100)
    manager = text(N_("Managed by"), 1, 100)
    department_id = row_id(N_("Industry department"), required=False)


def item_complaints(item: Item) -> Iterator[Complaint]:
    """What the limits and marks of an item contradict."""
    instant = item.handling == "instant"
    if instant is not (item.promised_days == 0):
        yield Complaint("promised_days", N_("An instant item promises no days, any other at least one."))
    within = item.statutory_unit == "month" or item.statutory_amount == 0 or item.promised_days <= item.statutory_amount
    if not within:
        yield Complaint("promised_days", N_("The promised limit may not exceed the statutory one."))
    if item.is_secret and item.is_public:
        yield Complaint("is_public", N_("A secret item is never public."))


def material_complaints(material: ItemMaterial) -> Iterator[Complaint]:
    """A paper that may be supplied later needs its days, any other has none."""
    if bool(material.tolerable) is not (material.supplement_days > 0):
        yield Complaint("supplement_days", N_("Days to supply are given exactly where a paper may be supplied later."))


def window_complaints(_window: Window) -> Iterator[Complaint]:
    """Nothing across the fields of a window."""
    yield from ()


def staff_complaints(staff: Staff) -> Iterator[Complaint]:
    """An identity number, where one is given, is a right one, and no second account of one person has it."""
    if not staff.id_no:
        return
    number = clean(staff.id_no)
    if sentence := check_id("resident_id", number, now().date()):
        yield Complaint("id_no", sentence)
    same = select(Staff.id).where(Staff.id_no_index == blind_index("id_no", number), Staff.id != staff.id)
    if db.session.scalar(same) is not None:
        yield Complaint("id_no", N_("This person has an account already; two would defeat the separation of duties."))
