"""What ties one account to others: the absent people it stands in for, and the relatives it must keep away from."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Date, Select, String, bindparam, cast, null, select, union_all
from sqlalchemy.orm import Session

from app.models.base import Moment
from app.models.organisation import Staff
from app.models.people import Relative
from app.models.substitution import SubstitutePeriod

_PERIOD, _RELATIVE = SubstitutePeriod.__table__.c, Relative.__table__.c
"""Read as tables: this is asked before anybody is known for whom rows could be within reach."""


@dataclass(frozen=True, slots=True)
class Ties:
    """Account -> accounts of the absent; account -> identity numbers of relatives, as they are looked up."""

    _lent: dict[int, list[tuple[int, datetime]]] = field(default_factory=dict)
    _relatives: dict[int, set[str]] = field(default_factory=dict)

    def absent(self, user_id: int) -> tuple[int, ...]:
        """Those this account stands in for today."""
        return tuple(theirs for theirs, _planned_at in self.lent(user_id))

    def lent(self, user_id: int) -> tuple[tuple[int, datetime], ...]:
        """Those this account stands in for today, each with the moment at which it was planned."""
        return tuple(self._lent.get(user_id, ()))

    def relatives(self, user_id: int) -> frozenset[str]:
        """The numbers of the relatives this account declared."""
        return frozenset(self._relatives.get(user_id, ()))


def of(session: Session, today: date, user_id: int | None = None) -> Ties:
    """The ties of one account, or of all, in one query."""
    asked = union_all(*selects(of_one=user_id is not None))
    return of_rows(session.execute(asked, {"today": today, "account": user_id}))


def of_rows(rows: Iterable[Any]) -> Ties:
    """The ties that these rows of `selects` tell."""
    found = Ties()
    for mine, planned_at, theirs, number in rows:
        if theirs is not None:
            found._lent.setdefault(mine, []).append((theirs, planned_at))  # noqa: SLF001
        else:
            found._relatives.setdefault(mine, set()).add(number)  # noqa: SLF001
    return found


def stood_in_for(account: Any, today: Any) -> Select[Any]:
    """The accounts of the absent people this account stands in for on that day."""
    substitute, absent = Staff.__table__.alias(), Staff.__table__.alias()
    return (
        select(absent.c.user_id)
        .select_from(SubstitutePeriod.__table__)
        .join(substitute, substitute.c.id == _PERIOD.substitute_id)
        .join(absent, absent.c.id == _PERIOD.absent_id)
        .where(_PERIOD.state == "active", _PERIOD.since <= today, _PERIOD.until >= today)
        .where(substitute.c.user_id == account)
    )


def selects(*, of_one: bool) -> tuple[Any, Any]:
    """Who stands in for whom, and who declared which number, of the bound `account` or of all, on the day `today`."""
    substitute, absent = Staff.__table__.alias(), Staff.__table__.alias()
    today, account = bindparam("today", type_=Date), bindparam("account", type_=BigInteger)
    mine, theirs = substitute.c.user_id.label("mine"), absent.c.user_id.label("theirs")
    lent = (
        select(mine, _PERIOD.created_at.label("planned_at"), theirs, cast(null(), String).label("number"))
        .select_from(SubstitutePeriod.__table__)
        .join(substitute, substitute.c.id == _PERIOD.substitute_id)
        .join(absent, absent.c.id == _PERIOD.absent_id)
        .where(_PERIOD.state == "active", _PERIOD.since <= today, _PERIOD.until >= today)
    )
    declared = select(
        _RELATIVE.owner_id,
        cast(null(), Moment).label("planned_at"),
        cast(null(), BigInteger).label("theirs"),
        _RELATIVE.id_no_index,
    ).where(_RELATIVE.state == "declared")
    if of_one:
        lent, declared = lent.where(substitute.c.user_id == account), declared.where(_RELATIVE.owner_id == account)
    return lent, declared


def recused(session: Session, *id_indexes: str | None) -> frozenset[int]:
    """The accounts whose holders declared one of these identity numbers as a relative's."""
    numbers = [each for each in id_indexes if each is not None]
    mine = select(_RELATIVE.owner_id).where(_RELATIVE.state == "declared", _RELATIVE.id_no_index.in_(numbers))
    return frozenset(session.scalars(mine)) if numbers else frozenset()
