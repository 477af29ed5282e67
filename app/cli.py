"""The commands of `flask --app app`; each fetches what it does from the floor or room that owns it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from flask import current_app
from flask.cli import with_appcontext

if TYPE_CHECKING:
    from flask import Flask

NEW_FILE = click.Path(dir_okay=False, path_type=Path)
OLD_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class Command(click.Command):
    """A command that fails with one sentence on stderr and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        from subprocess import CalledProcessError

        from sqlalchemy.exc import DBAPIError

        from app.errors import Refusal

        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            raise click.ClickException(str(refusal)) from refusal
        except DBAPIError as failure:
            raise click.ClickException(f"The database refused: {' '.join(str(failure.orig).split())}") from failure
        except CalledProcessError as failure:
            raise click.ClickException(f"{failure.cmd[0]} failed with exit code {failure.returncode}.") from failure
        except OSError as failure:
            raise click.ClickException(f"{failure.strerror}: {failure.filename}") from failure


def register_commands(app: Flask) -> None:
    """Add our commands to those of Flask, Flask-Migrate and Flask-AppBuilder."""
    for command in (
        create_admin, sync_roles, seed, verify, tick, scheduler, outbox, ledger, seal, calendar, items, configuration,
        bench, doctor, backup, restore,
    ):  # fmt: skip
        app.cli.add_command(command)


def prepare() -> None:
    """Bring the database to this version: tables, roles, seed; each start does it, and finds little to do."""
    from flask_migrate import upgrade

    from app.configuration import seeding
    from app.extensions import db
    from app.web.roles_sync import sync_roles

    upgrade()
    sync_roles(current_app.appbuilder)
    seeding.seed(db.session(), demo=current_app.config["DEMO"])
    db.session.remove()
    # The workers are forked off next, and no two processes may share a connection.
    db.engine.dispose()


@click.command("create-admin", cls=Command)
@click.option("--username", prompt=True)
@click.option("--first-name", prompt=True)
@click.option("--last-name", prompt=True)
@click.option("--email", prompt=True)
@click.password_option()
@with_appcontext
def create_admin(username: str, first_name: str, last_name: str, email: str, password: str) -> None:
    """Make the county's first administrator."""
    from app.web.passwords import complaint

    manager = current_app.appbuilder.sm
    if sentence := complaint(password, username):
        raise click.ClickException(sentence)
    role = manager.find_role(current_app.config["AUTH_ROLE_ADMIN"])
    if role is None:
        raise click.ClickException("The roles are missing; run `flask --app app sync-roles` first.")
    if not manager.add_user(username, first_name, last_name, email, role, password):
        raise click.ClickException(f"The account {username} could not be made; is the name or the address taken?")
    click.echo(f"{username} may log in.")


@click.command("sync-roles", cls=Command)
@with_appcontext
def sync_roles() -> None:
    """Bring permissions and roles to this version, and report what the county changed; its changes stay."""
    from app.web import roles_sync

    for line in roles_sync.sync_roles(current_app.appbuilder).lines():
        click.echo(line)


@click.command(cls=Command)
@with_appcontext
def seed() -> None:
    """Load the reference data, and the demo with DEMO=1; only what is missing is added."""
    from app.configuration import seeding
    from app.extensions import db

    seeding.seed(db.session(), demo=current_app.config["DEMO"])


@click.command(cls=Command)
@with_appcontext
def verify() -> None:
    """Prove every invariant on every row; a line for each violation, and exit code 1."""
    from app.extensions import db
    from app.supervision import verify

    found = 0
    with click.progressbar(length=0, label="Applications", file=sys.stderr) as bar:

        def progress(done: int, of: int) -> None:
            bar.length = of
            bar.update(done - bar.pos)

        for line in verify.violations(db.session(), current_app.config["DATA_DIR"], progress):
            found += 1
            click.echo(line)
    if found:
        raise click.exceptions.Exit(1)
    click.echo("Nothing is violated.")


@click.command(cls=Command)
@with_appcontext
def tick() -> None:
    """Do every duty that is due, once, and say what each found."""
    from app import jobs
    from app.extensions import db

    for name, tally in jobs.tick(db.session()).items():
        found = f"seen {tally.seen}, raised {tally.raised}, failed {tally.failed}" if tally else "done before"
        click.echo(f"{name}: {found}")


@click.group()
def scheduler() -> None:
    """The process that does the duties when they are due."""


@scheduler.command("run", cls=Command)
@click.option("--once-open", default="", help="Begin once HOST:PORT answers: the web server prepares the database.")
@with_appcontext
def run_scheduler(once_open: str) -> None:
    """Do the duties until a signal; of many such processes one leads."""
    from app import jobs
    from app.extensions import db

    if once_open and not once_open.rpartition(":")[2].isdecimal():
        raise click.BadParameter(f"«{once_open}» is not HOST:PORT.")
    jobs.run(db.engine, once_open)


@click.group()
def outbox() -> None:
    """The messages to the provincial platform."""


@outbox.command("run", cls=Command)
@click.option("--again", is_flag=True, help="Also what was refused and waits for its next try.")
@with_appcontext
def run_outbox(again: bool) -> None:
    """Send what may be sent now, until nothing is left; exit code 1 where a message was refused."""
    from app.engine import outbox
    from app.extensions import db

    courier = outbox.own_courier()
    if courier is None:
        raise click.ClickException("OUTBOX_URL is not set: there is nobody to send to.")
    if again:
        outbox.try_all_now(db.session())
    tally = outbox.deliver(db.session(), courier)
    waiting = outbox.waiting(db.session())
    click.echo(f"delivered {tally.seen - tally.failed}, refused {tally.failed}, waiting {waiting}")
    if tally.failed:
        raise click.exceptions.Exit(1)


ledger = click.Group("ledger", help="The weekly ledgers to the industry departments.")


@ledger.command("build", cls=Command)
@click.option("--week", default="", metavar="YYYY-MM-DD", help="The Monday of the last week that is built.")
@with_appcontext
def build_ledgers(week: str) -> None:
    """Build every ledger that is due and missing; exit code 1 where one cannot be built."""
    from app.stages.reporting.commands import build
    raise click.exceptions.Exit(build(week))


@ledger.command("send", cls=Command)
@click.option("--again", is_flag=True, help="Also what was not delivered and waits for its next try.")
@with_appcontext
def send_ledgers(again: bool) -> None:
    """Send the ledgers that may be sent now; exit code 1 where one was not delivered."""
    from app.stages.reporting.commands import send
    raise click.exceptions.Exit(send(again=again))


@click.command(cls=Command)
@with_appcontext
def seal() -> None:
    """Seal where every history stands, outside the database, and print the digest to be kept elsewhere."""
    from app.engine import seals
    from app.engine.now import now
    from app.extensions import db

    made, look = seals.seal(db.session(), now())
    click.echo(
        f"{made}, {len(made.heads)} histories moved: {made.digest}" if made else "Nothing moved since the last seal."
    )
    for fault in look.faults:
        click.echo(f"Not sealed: {fault}")
    if look.faults:
        raise click.exceptions.Exit(1)


@click.group()
def calendar() -> None:
    """The working-day calendar that every deadline is counted by."""


@calendar.command("publish", cls=Command)
@click.argument("file", type=OLD_FILE)
@click.option("--dry-run", is_flag=True, help="Only say what it would move.")
@click.option("--correct", is_flag=True, help="The year is published already, and days to come differ.")
@with_appcontext
def publish_calendar(file: Path, dry_run: bool, correct: bool) -> None:
    """Publish the year in FILE (day,is_workday,name) and list every due date that moves."""
    from app.configuration import publishing
    from app.errors import Incomplete
    from app.extensions import db

    try:
        for line in publishing.publish_file(db.session(), file.read_bytes(), correcting=correct, dry_run=dry_run):
            click.echo(line)
    except Incomplete as refusal:
        raise click.ClickException("\n".join(each.sentence % each.params for each in refusal.complaints)) from refusal


@click.group()
def items() -> None:
    """The catalogue: items, materials and extra fields in one workbook."""


@items.command("import", cls=Command)
@click.argument("file", type=OLD_FILE)
@click.option("--dry-run", is_flag=True, help="Only tell the fate of the rows and everything that is wrong.")
@click.option("--note", default="", help="What changes, and why; stands beside each revision.")
@with_appcontext
def import_items(file: Path, dry_run: bool, note: str) -> None:
    """Bring the workbook FILE in, all of it or nothing; exit code 1 and a line for each complaint."""
    from app.configuration import workbook_commands
    from app.extensions import db

    note = note or file.name
    try:
        for line in workbook_commands.bring_in(db.session(), file.read_bytes(), note[:200], dry_run=dry_run):
            click.echo(line)
    except workbook_commands.WrongWorkbookError:
        raise click.exceptions.Exit(1) from None


@items.command("export", cls=Command)
@click.argument("file", type=NEW_FILE)
@click.option("--language", default="zh", type=click.Choice(["zh", "en"]), help="Of headings and words.")
@with_appcontext
def export_items(file: Path, language: str) -> None:
    """Write the catalogue to the workbook FILE; imported again, it changes nothing."""
    from app.configuration import workbook_commands
    from app.extensions import db

    with file.open("xb") as kept:
        kept.write(workbook_commands.take_out(db.session(), language))
    click.echo(f"{file} holds the catalogue.")


@click.group()
def configuration() -> None:
    """The county's configuration as a bundle of text; another county reviews it before it is applied there."""


@configuration.command("export", cls=Command)
@click.argument("file", type=NEW_FILE)
@with_appcontext
def export_configuration(file: Path) -> None:
    """Write the configuration to the bundle FILE: no people, no applications, no figures."""
    from app.configuration import bundle, bundle_files
    from app.extensions import db

    with file.open("xb") as kept:
        kept.write(bundle_files.pack(bundle.take_out(db.session())))
    click.echo(f"{file} holds the configuration.")


@click.command(cls=Command)
@click.option("--rows", default=100_000, show_default=True, help="About how many applications there are.")
@click.option("--database", default="", help="An empty database's address; without it SQLite in a scratch folder.")
def bench(rows: int, database: str) -> None:
    """Measure how fast this version works with many applications, on a county of its own."""
    from tempfile import TemporaryDirectory

    from app import create_app
    from app.supervision import bench
    from config import settings

    with TemporaryDirectory(prefix="onewindow-bench") as folder:
        given = settings({"DATA_DIR": folder, "DATABASE_URL": database})
        with create_app(given).app_context():
            prepare()
        for line in bench.measure(lambda: create_app(given), rows):
            click.echo(line)


@click.command(cls=Command)
@with_appcontext
def doctor() -> None:
    """Say what should be mended before a county works with this installation."""
    from app.extensions import db
    from app.supervision import doctor

    found = list(doctor.complaints(db.session(), current_app.config))
    for sentence in found:
        click.echo(sentence)
    if found:
        raise click.exceptions.Exit(1)
    click.echo("Nothing to mend.")


@click.command(cls=Command)
@click.argument("file", type=NEW_FILE)
@with_appcontext
def backup(file: Path) -> None:
    """Write the whole installation to FILE, while it works: database, uploads, seals and keys."""
    from app.extensions import db
    from app.supervision import backup

    backup.backup(db.engine, current_app.config["DATA_DIR"], file)
    click.echo(f"{file} holds the installation; whoever has it can read everything.")


@click.command(cls=Command)
@click.argument("file", type=OLD_FILE)
@with_appcontext
def restore(file: Path) -> None:
    """Bring back the installation in FILE, in an empty DATA_DIR and an empty database."""
    from app.extensions import db
    from app.supervision import backup

    backup.restore(db.engine, current_app.config["DATA_DIR"], file)
    click.echo("Restored; `flask --app app verify` proves it.")
