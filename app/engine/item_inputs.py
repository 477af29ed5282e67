"""What an item says, as page, program or workbook write it down: a schema for each part, and the words of its codes."""

from decimal import Decimal
from typing import Any

from marshmallow import fields

from app.engine.inputs import Input, choice, flag, hundredths, many, number, row_id, text
from app.law import N_

ITEM_TYPES = {
    "01": N_("Administrative licence"), "05": N_("Administrative payment"), "07": N_("Administrative confirmation"),
    "08": N_("Administrative award"), "09": N_("Administrative ruling"), "10": N_("Other administrative power"),
    "20": N_("Public service"),
}  # fmt: skip
LEVELS = {
    "1": N_("National"), "2": N_("Provincial"), "3": N_("Municipal"), "4": N_("County"), "5": N_("Town"),
    "6": N_("Village"),
}  # fmt: skip
HANDLING = {"instant": N_("Instant"), "commitment": N_("Within the promised limit")}
UNITS = {"working_day": N_("Working days"), "month": N_("Months")}
CLOCK_STARTS = {"accepted": N_("Acceptance"), "received": N_("Receipt")}
REQUIREMENTS = {"required": N_("Required"), "conditional": N_("Where its condition holds")}
FORMS = {
    "original": N_("Original"), "copy": N_("Copy"), "electronic": N_("Electronic"),
    "original_and_copy": N_("Original and copy"),
}  # fmt: skip
FIELD_TYPES = {
    "text": N_("Text"), "number": N_("A number"), "date": N_("Date"), "choice": N_("One of several"),
    "flag": N_("A tick"),
}  # fmt: skip
FEE_KINDS = {"fee": N_("Fee"), "deposit": N_("Deposit")}
LONG = 10_000
PARTS = frozenset({"materials", "extra_fields", "fees"})
"""What an item has many of."""


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


class LineInput(Input):
    """One line of an item's material list, as it stands in the item."""

    position = number(N_("Position"), 1, 999)
    name = text(N_("Name"), 1, 200)
    requirement = choice(N_("Requirement"), REQUIREMENTS)
    condition = text(N_("When it is needed"), 0, 200, required=False)
    form = choice(N_("Form"), FORMS)
    original_count = number(N_("Originals"), 0, 99)
    copy_count = number(N_("Photocopies"), 0, 99)
    issuer = text(N_("Issuer"), 0, 100, required=False)
    is_core = flag(N_("Core material"))
    tolerable = flag(N_("May be supplied later"))
    supplement_days = number(N_("Days to supply"), 0, 60)
    shared_source = text(N_("Shared from"), 0, 100, required=False)
    review_points = text(N_("Review points"), 0, LONG, required=False)


class MaterialInput(LineInput):
    """One line of an item's material list, by itself."""

    item_id = row_id(N_("Item"))


class LineOfItem(LineInput):
    """One line of the list; one that was there before by its row."""

    id = row_id(N_("Row"), required=False)


class QuestionInput(Input):
    """A question that an item asks besides those of every application."""

    position = number(N_("Position"), 1, 999)
    name = text(N_("Field code"), 1, 30)
    label = text(N_("Question"), 1, 60)
    type = choice(N_("Type of answer"), FIELD_TYPES)
    choices = fields.List(
        text(N_("Choice"), 1, 60), load_default=list, metadata={"label": N_("Choices"), "personal": "", "help": ""}
    )
    required = flag(N_("Must be answered"))
    pattern = text(N_("Pattern"), 0, 200, required=False)
    help = text(N_("How to fill it in"), 0, 200, required=False)


class StandardInput(Input):
    """What an item charges, or holds as a deposit: by which law, at what price, for what."""

    position = number(N_("Position"), 1, 999)
    name = text(N_("Name"), 1, 100)
    kind = choice(N_("Fee or deposit"), FEE_KINDS)
    legal_basis = text(N_("Legal basis"), 5, 500)
    unit_price = hundredths(N_("Unit price (yuan)"), "0.01", "99999999.99")
    unit_name = text(N_("Charged per"), 1, 30)
    is_active = flag(N_("In force"))


class ContentInput(ItemInput):
    """An item whole: its fields, its material list, its own questions, its fees."""

    materials = many(N_("Materials"), LineOfItem, most=100)
    extra_fields = many(N_("Questions of this item"), QuestionInput, most=30)
    fees = many(N_("Fees and deposits"), StandardInput, most=20)


def tidy(content: dict[str, Any]) -> dict[str, Any]:
    """The content as JSON keeps it, with empty text where nothing was said."""
    said: dict[str, Any] = {name: _plain(value, name) for name, value in content.items()}
    for part in PARTS & said.keys():
        said[part] = [tidy(line) for line in said[part]]
    return said


def _plain(value: Any, name: str) -> Any:
    if value is None and name != "id":
        return ""
    return f"{value:.2f}" if isinstance(value, Decimal) else value
