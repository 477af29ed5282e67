"""The demo's fees: the public channels of the county, and the standards of the items that charge."""

from decimal import Decimal

from sqlalchemy.orm import Session

from app.configuration.seed_files import Row, absent, read, stamp
from app.models.fees import ItemFee, PaymentChannel


def load(session: Session) -> None:
    """Add the public payment channels that are missing."""
    for row in absent(session, PaymentChannel.code, read("demo/payment_channels.json"), "code"):
        session.add(PaymentChannel(is_active=True, **row, **stamp()))
    session.flush()


def standards(fee: Row) -> list[ItemFee]:
    """What a new item charges or holds, by its entry in the file of items."""
    return [
        ItemFee(is_active=True, **{**row, "unit_price": Decimal(row["unit_price"])}, **stamp())
        for row in fee.get("standards", ())
    ]
