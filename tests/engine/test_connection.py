"""Every connection keeps the promises of durability."""

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from app.engine.connection import PATIENCE_MS, configure


def test_every_sqlite_connection_has_the_promised_settings(engine: Engine):
    with engine.connect() as first, engine.connect() as second:
        for connection in (first, second):
            settings = [
                connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            ]
            assert settings == ["wal", 2, 1, PATIENCE_MS]


@pytest.mark.database
def test_a_lock_is_waited_for_and_then_given_up(engine: Engine):
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            assert connection.exec_driver_sql("SHOW lock_timeout").scalar_one() == "5s"
            assert connection.exec_driver_sql("SHOW timezone").scalar_one() == "Asia/Shanghai"
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar_one() == "on"
    else:
        impatient = create_engine(engine.url)
        configure(impatient)
        with engine.connect().execution_options(immediate=True) as holder, holder.begin(), impatient.connect() as other:
            other.connection.cursor().execute("PRAGMA busy_timeout=1")
            with pytest.raises(OperationalError, match="locked"):
                other.execution_options(immediate=True).begin()
        impatient.dispose()


def test_an_immediate_transaction_of_a_session_takes_the_write_lock_before_it_reads(engine: Engine):
    with Session(engine) as session, engine.connect() as other:
        session.connection(execution_options={"immediate": True})
        other.connection.cursor().execute("PRAGMA busy_timeout=1")
        with pytest.raises(OperationalError, match="locked"):
            other.execution_options(immediate=True).begin()


def test_a_transaction_that_only_reads_hinders_no_writer(engine: Engine):
    with Session(engine) as reader, engine.connect().execution_options(immediate=True) as writer:
        reader.execute(text("SELECT count(*) FROM ab_user"))
        with writer.begin():
            writer.exec_driver_sql("INSERT INTO ab_role (name) VALUES ('x')")


def test_a_blind_write_after_a_stale_read_fails(engine: Engine):
    with Session(engine) as stale:
        stale.execute(text("SELECT count(*) FROM ab_role"))
        with engine.begin() as other:
            other.exec_driver_sql("INSERT INTO ab_role (name) VALUES ('x')")
        with pytest.raises(OperationalError, match="locked"):
            stale.execute(text("INSERT INTO ab_role (name) VALUES ('y')"))


@pytest.mark.database
def test_a_transaction_rolls_back_as_a_whole(engine: Engine):
    with Session(engine) as session:
        session.execute(text("INSERT INTO ab_role (name) VALUES ('x')"))
        session.rollback()
        assert session.execute(text("SELECT count(*) FROM ab_role WHERE name = 'x'")).scalar_one() == 0


@pytest.mark.database
def test_a_key_that_points_nowhere_is_refused(engine: Engine):
    lost = text("INSERT INTO ab_user_role (id, user_id, role_id) VALUES (1, 77, 77)")
    with Session(engine) as session, pytest.raises(IntegrityError):
        session.execute(lost)
