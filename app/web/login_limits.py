"""How often one may try to log in: five times per name and address, and not without end per address."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from limits import RateLimitItemPerMinute
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import Engine, case, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from app.engine.now import now
from app.errors import TooMany
from app.models.security import LoginLimit

if TYPE_CHECKING:
    from limits import RateLimitItem

PER_NAME = RateLimitItemPerMinute(5, 15, namespace="name")
# Many colleagues of one hall share an address; only failed tries stay counted.
PER_ADDRESS = RateLimitItemPerMinute(100, 15, namespace="address")


class TableStorage(Storage):
    """Counters of the `limits` library in the table login_limit, so that all workers count together."""

    STORAGE_SCHEME = ["login-limit"]

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self._engine = engine
        self._insert = sqlite.insert if engine.dialect.name == "sqlite" else postgresql.insert

    @property
    def base_exceptions(self) -> type[Exception]:
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count `amount` in the open window, or in a new one of `expiry` seconds; atomic."""
        moment = now().timestamp()
        row = self._insert(LoginLimit).values(key=key, tries=amount, expires_at=moment + expiry)
        is_over = LoginLimit.expires_at <= moment
        count = row.on_conflict_do_update(
            index_elements=[LoginLimit.key],
            set_={
                "tries": case((is_over, amount), else_=LoginLimit.tries + amount),
                "expires_at": case((is_over, moment + expiry), else_=LoginLimit.expires_at),
            },
        ).returning(LoginLimit.tries)
        with self._engine.begin() as connection:
            return connection.execute(count).scalar_one()

    def get(self, key: str) -> int:
        tries = select(LoginLimit.tries).where(LoginLimit.key == key, LoginLimit.expires_at > now().timestamp())
        with self._engine.connect() as connection:
            return connection.execute(tries).scalar() or 0

    def get_expiry(self, key: str) -> float:
        expires_at = select(LoginLimit.expires_at).where(LoginLimit.key == key)
        with self._engine.connect() as connection:
            return connection.execute(expires_at).scalar() or now().timestamp()

    def clear(self, key: str) -> None:
        self._delete(LoginLimit.key == key)

    def reset(self) -> int:
        return self._delete(LoginLimit.key.is_not(None))

    def sweep(self) -> int:
        """Forget the windows that are over."""
        return self._delete(LoginLimit.expires_at <= now().timestamp())

    def check(self) -> bool:
        with self._engine.connect() as connection:
            connection.execute(select(1))
        return True

    def _delete(self, condition) -> int:
        with self._engine.begin() as connection:
            return connection.execute(delete(LoginLimit).where(condition)).rowcount


class LoginLimits:
    """Every try is taken before the password is looked at, and given back when it was the right one."""

    def __init__(self, engine: Engine) -> None:
        self.storage = TableStorage(engine)
        self._window = FixedWindowRateLimiter(self.storage)

    def take(self, username: str, address: str) -> None:
        """Count one try; raises TooMany, which says for how long."""
        if not self._window.test(PER_ADDRESS, address):
            raise self._too_many(PER_ADDRESS, address)
        name = _name_key(username, address)
        if not self._window.hit(PER_NAME, name):
            raise self._too_many(PER_NAME, name)
        if not self._window.hit(PER_ADDRESS, address):
            raise self._too_many(PER_ADDRESS, address)

    def give_back(self, username: str, address: str) -> None:
        """The password was right: the name starts anew, and the address has one failure less."""
        self._window.clear(PER_NAME, _name_key(username, address))
        self.storage.incr(PER_ADDRESS.key_for(address), PER_ADDRESS.get_expiry(), -1)

    def _too_many(self, item: RateLimitItem, identifier: str) -> TooMany:
        left = self.storage.get_expiry(item.key_for(identifier)) - now().timestamp()
        return TooMany(retry_after=max(1, round(left)))


def _name_key(username: str, address: str) -> str:
    # What is typed into the name field is sometimes a password.
    return hashlib.sha256(f"{username.strip().casefold()}\0{address}".encode()).hexdigest()
