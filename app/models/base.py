"""What every table shares: the base, keys, moments in county time, labels, creators, and who may see a row."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from flask_appbuilder import Model
from sqlalchemy import JSON, BigInteger, ColumnElement, DateTime, ForeignKey, Integer, Numeric, String, or_, true
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped, declared_attr, mapped_column
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.law import N_
from app.law.clock import ZONE

__all__ = [
    "HUNDREDTH",
    "CountyDay",
    "Created",
    "Hundredths",
    "Key",
    "Labelled",
    "Model",
    "Moment",
    "OfApplication",
    "OfPlaced",
    "Placed",
    "Ref",
    "Row",
    "Scoped",
    "Sight",
    "is_whole_hundredths",
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


class CountyDay(FunctionElement[str]):
    """The day in the county of a column of moments, as «2026-03-02», or null; found by the database.

    The county's time has been eight hours before UTC, in summer too, since 1991.
    """

    type = String(10)
    inherit_cache = True


@compiles(CountyDay)
def _on_sqlite(element: CountyDay, compiler: SQLCompiler, **options: Any) -> str:
    # To the second: of the last microsecond of a day SQLite would make the next.
    return f"date(substr({compiler.process(element.clauses, **options)}, 1, 19), '+8 hours')"


@compiles(CountyDay, "postgresql")
def _on_postgresql(element: CountyDay, compiler: SQLCompiler, **options: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **options)} AT TIME ZONE '{ZONE.key}', 'YYYY-MM-DD')"


HUNDREDTH, DECIMALS = Decimal("0.01"), 2


def is_whole_hundredths(number: Decimal) -> bool:
    """Whether a number has at most two decimals; 1.230 has."""
    _sign, digits, exponent = number.as_tuple()
    return isinstance(exponent, int) and (exponent >= -DECIMALS or not any(digits[exponent + DECIMALS :]))


class Hundredths(TypeDecorator[Decimal]):
    """Money in yuan, or a quantity: exact to two decimals, on SQLite too, which keeps such a number as a float."""

    impl = Numeric(12, 2)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        kept: TypeEngine[Any] = Numeric(12, 2, asdecimal=False) if dialect.name == "sqlite" else Numeric(12, 2)
        return dialect.type_descriptor(kept)

    def process_bind_param(self, value: Decimal | None, _dialect: Dialect) -> Decimal | None:
        if value is not None and not is_whole_hundredths(Decimal(value)):
            raise ValueError("more than two decimals would be rounded")
        return value

    def process_result_value(self, value: Any, _dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(str(value)).quantize(HUNDREDTH)


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


@dataclass(frozen=True, slots=True)
class Sight:
    """How far somebody sees what hangs on no application; `county` where a role sees all of it."""

    user_id: int | None
    roles: frozenset[str]
    county: bool
    centres: tuple[int, ...]
    offices: tuple[int, ...]
    department_id: int | None
    stands_for: tuple[int, ...] = ()
    """Whom they stand in for now; what these are told as persons they may read, what is these persons' own not."""
    held: tuple[tuple[str, tuple[int, ...], tuple[int, ...]], ...] = ()
    """Each role with the centres and offices where it is held: one role's sight never pools with another's places."""

    def centres_as(self, roles: Collection[str]) -> tuple[int, ...]:
        """The centres where one of these roles is held."""
        return tuple(sorted({pk for role, centres, _offices in self.held if role in roles for pk in centres}))

    def offices_as(self, roles: Collection[str]) -> tuple[int, ...]:
        """The offices where one of these roles is held."""
        return tuple(sorted({pk for role, _centres, offices in self.held if role in roles for pk in offices}))


class Placed(Created):
    """A governed object that hangs on no application; it stands at a centre, in an office, or concerns the county.

    Its state moves by acts alone, each an event of its own chain. `due_at` is the end of what it waits for now, and
    `late_told_at` when somebody was told that it had passed.
    """

    @declared_attr
    def centre_id(cls) -> Mapped[int | None]:  # noqa: N805
        return Ref("centre.id")  # type: ignore[no-any-return]

    @declared_attr
    def office_id(cls) -> Mapped[int | None]:  # noqa: N805
        return Ref("office.id")  # type: ignore[no-any-return]

    state: Mapped[str] = mapped_column(String(20), info=label(N_("State")))
    version: Mapped[int] = mapped_column(Integer, default=1)
    due_at: Mapped[datetime | None] = mapped_column(Moment, info=label(N_("Due")))
    late_told_at: Mapped[datetime | None] = mapped_column(Moment)

    @classmethod
    def seen_by(cls, sight: Sight) -> ColumnElement[bool]:
        """Which rows somebody sees; a class that holds more than its place's business says it more narrowly."""
        here: Any = cls
        if sight.county:
            return true()
        return or_(here.centre_id.in_(sight.centres), here.office_id.in_(sight.offices))


class OfPlaced:
    """A governed table whose rows are part of a placed object and seen with it; `part_of` is the key of `whole`."""

    whole: ClassVar[type[Placed]]
    part_of: ClassVar[str]


JsonColumn = JSON
