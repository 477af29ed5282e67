"""Who is logged in, and who tries too often."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Float, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Key, Model, Moment, Ref


class LoginSession(Model):
    """One login, of a browser or of a program; its cookie or token is worth what this row says."""

    __tablename__ = "login_session"
    __table_args__ = (CheckConstraint("kind in ('cookie', 'token')", name="login_session_kind"),)
    id: Mapped[Key]
    user_id: Mapped[int] = Ref("ab_user.id")
    kind: Mapped[str] = mapped_column(String(10))
    # Of the key that the cookie or token carries: a stolen copy of the database opens no session.
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    # Two people's logins at one address show who may have done another's work (`supervision.detector`).
    address: Mapped[str | None] = mapped_column(String(45))
    started_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class LoginLimit(Model):
    """How many tries one name at one address, or one address, has made in its window of time."""

    __tablename__ = "login_limit"
    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    tries: Mapped[int] = mapped_column(Integer)
    # Seconds since 1970, the unit of the `limits` library.
    expires_at: Mapped[float] = mapped_column(Float, index=True)
