"""What every table shares: the base, keys, moments in county time, labels, creators, and who may see a row."""

from datetime import UTC, datetime
from typing import Annotated, Any

from flask_appbuilder import Model
from sqlalchemy import JSON, BigInteger, DateTime, ForeignKey, Integer, String
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

from app.law.clock import ZONE

__all__ = [
    "Created",
    "Key",
    "Labelled",
    "Model",
    "Moment",
    "OfApplication",
    "Ref",
    "Row",
    "Scoped",
    "label",
]

BigKey = BigInteger().with_variant(Integer, "sqlite")
Key = Annotated[int, mapped_column(BigKey, primary_key=True, autoincrement=True)]
Row = dict[str, Any]
Labelled = dict[str, str]


class Moment(TypeDecorator[datetime]):
    """A moment: kept in UTC, read in county time; a naive one is a programming error."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(ZONE)


def label(text: str, help_text: str = "") -> Labelled:
    """A column's `info`: its label and help in the source language, for forms, lists and sheets."""
    return {"label": text, "help": help_text}


def Ref(target: str, **options: Any) -> Any:  # noqa: N802  (reads as a type in a column list)
    """A foreign key column, indexed, never cascading."""
    options.setdefault("index", True)
    return mapped_column(BigKey, ForeignKey(target), **options)


class Created:
    """Who made the row, when; filled by the engine or by the web's CRUD, never by a form."""

    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[str] = mapped_column(String(64))


class Scoped:
    """A governed table whose rows carry the centre that took them and the office that decides."""

    @declared_attr
    def centre_id(cls) -> Mapped[int]:  # noqa: N805
        return Ref("centre.id")  # type: ignore[no-any-return]

    @declared_attr
    def office_id(cls) -> Mapped[int]:  # noqa: N805
        return Ref("office.id")  # type: ignore[no-any-return]


class OfApplication:
    """A governed table whose rows are seen with their application."""

    @declared_attr
    def application_id(cls) -> Mapped[int]:  # noqa: N805
        return Ref("application.id")  # type: ignore[no-any-return]


JsonColumn = JSON
