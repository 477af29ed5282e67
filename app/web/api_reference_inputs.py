"""What the administrator's programs may write of the reference data, field by field, and the rules across fields."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import select

from app.engine.inputs import Input, choice, flag, row_id, text
from app.engine.now import now
from app.errors import Complaint
from app.extensions import db
from app.law import N_
from app.law.identity import check_id, clean
from app.models.encrypted import blind_index
from app.models.fees import PaymentChannel
from app.models.organisation import Staff, Window

WINDOW_KINDS = {
    "comprehensive": N_("Comprehensive"), "certificate": N_("Certificates"), "guide": N_("Guide desk"),
    "help": N_("Help"),
}
CHANNEL_KINDS = {
    "non_tax_platform": N_("Non-tax payment platform"), "bank_counter": N_("Bank counter"),
    "pos": N_("Card at the window (POS)"), "qr": N_("QR code of the platform"),
}
CHANNEL_ACCOUNTS = {"treasury": N_("The treasury (non-tax income account)"), "office": N_("The account of the organ")}
ACCOUNT_NUMBER = re.compile(r"(?:[0-9][ -]?){10,}")
"""So many figures are an account or a phone, and not the name of a channel (第十五条（七）)."""


class WindowInput(Input):
    """A counter of a hall or town centre."""

    centre_id = row_id(N_("Centre"))
    code = text(N_("Code"), 1, 10)
    name = text(N_("Name"), 1, 100)
    kind = choice(N_("Kind"), WINDOW_KINDS)
    area = text(N_("Area"), 1, 10)
    phone = text(N_("Phone"), 0, 20, required=False)
    is_active = flag(N_("Active"))


class ChannelInput(Input):
    """A way to pay that the county made public."""

    code = text(N_("Code"), 1, 20)
    name = text(N_("Name"), 2, 50)
    kind = choice(N_("Kind"), CHANNEL_KINDS)
    account = choice(N_("Where the money goes"), CHANNEL_ACCOUNTS)
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


def window_complaints(_window: Window) -> Iterator[Complaint]:
    """Nothing across the fields of a window."""
    yield from ()


def channel_complaints(channel: PaymentChannel) -> Iterator[Complaint]:
    """The name of a public channel; an account or a phone that somebody typed is none."""
    if ACCOUNT_NUMBER.search(channel.name):
        sentence = N_("Name the public channel, not an account: money is never paid to an account somebody typed.")
        yield Complaint("name", sentence)


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
