"""The tables of the models and the tables of the migrations are the same, on both databases."""

import shutil
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Column, Engine, Integer, inspect
from sqlalchemy.exc import DBAPIError

from app.extensions import db
from app.models import ddl

MIGRATIONS = Path(__file__).parents[1] / "migrations"


@pytest.fixture
def check(app: Flask) -> Callable[[], int]:
    """Runs `flask db check` and says its exit code."""
    return lambda: app.test_cli_runner().invoke(args=["db", "check"]).exit_code


@pytest.fixture
def forgotten_column() -> Iterator[str]:
    table = db.metadata.tables["ab_role"]
    column = Column("forgotten", Integer)
    table.append_column(column)
    yield column.name
    table._columns.remove(column)


@pytest.mark.database
def test_nothing_is_missing_from_the_migrations(check: Callable[[], int], caplog: pytest.LogCaptureFixture):
    assert check() == 0, caplog.text


@pytest.mark.database
def test_a_column_without_a_migration_is_noticed(
    check: Callable[[], int], forgotten_column: str, caplog: pytest.LogCaptureFixture
):
    assert check() == 1
    assert f"'{forgotten_column}'" in caplog.text


@pytest.fixture
def next_migration(app: Flask, tmp_path: Path) -> Callable[[str], None]:
    """Upgrades by one more migration, whose body is given, in a copy of the folder."""

    def upgrade_by(body: str) -> None:
        folder = tmp_path / "migrations"
        shutil.copytree(MIGRATIONS, folder)
        newest = ScriptDirectory(str(folder)).get_current_head()
        (folder / "versions" / "next.py").write_text(
            f"import sqlalchemy as sa\nfrom alembic import op\nrevision = 'next'\ndown_revision = {newest!r}\n"
            f"def upgrade():\n{textwrap.indent(textwrap.dedent(body), '    ')}\n"
        )
        with app.app_context():
            upgrade(directory=str(folder))

    return upgrade_by


@pytest.mark.database
def test_triggers_and_children_outlive_a_migration_that_re_creates_their_table(
    next_migration: Callable, engine: Engine
):
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO ab_role (id, name) VALUES (901, 'parent')")
        connection.exec_driver_sql("INSERT INTO ab_user_role (id, role_id) VALUES (901, 901)")
    next_migration(
        """
        for table, column in (("event", "act"), ("ab_role", "name")):
            with op.batch_alter_table(table) as batch:
                batch.alter_column(column, type_=sa.String(99))
        """
    )
    with engine.connect() as connection:
        assert ddl.missing(connection) == []
        assert connection.exec_driver_sql("SELECT role_id FROM ab_user_role WHERE id = 901").scalar_one() == 901


def test_a_migration_that_leaves_a_row_without_its_parent_is_taken_back(next_migration: Callable, engine: Engine):
    with pytest.raises(Exception, match="1 rows of ab_user_role point to rows that do not exist"):
        next_migration("op.execute('INSERT INTO ab_user_role (id, user_id) VALUES (902, 12345)')")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM ab_user_role WHERE id = 902").scalar_one() == 0
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one() != "next"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


@pytest.mark.database
def test_a_migration_that_fails_leaves_nothing_behind(next_migration: Callable, engine: Engine):
    with pytest.raises(DBAPIError):
        next_migration("op.execute('CREATE TABLE half (id int)')\nop.execute('no such statement')")
    assert "half" not in inspect(engine).get_table_names()
