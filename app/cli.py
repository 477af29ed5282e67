"""The commands of `flask --app app`; each fetches what it does from the floor or room that owns it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from flask.cli import with_appcontext

if TYPE_CHECKING:
    from flask import Flask


class Command(click.Command):
    """A command that fails with one sentence on stderr and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        from sqlalchemy.exc import DBAPIError

        from app.errors import Refusal

        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            raise click.ClickException(str(refusal)) from refusal
        except DBAPIError as failure:
            sentence = " ".join(str(failure.orig).split())
            raise click.ClickException(f"The database refused: {sentence}") from failure


def register_commands(app: Flask) -> None:
    """Add our commands to those of Flask, Flask-Migrate and Flask-AppBuilder."""
    for command in (create_admin,):
        app.cli.add_command(command)


@click.command("create-admin", cls=Command)
@click.option("--username", prompt=True)
@click.option("--first-name", prompt=True)
@click.option("--last-name", prompt=True)
@click.option("--email", prompt=True)
@click.password_option()
@with_appcontext
def create_admin(username: str, first_name: str, last_name: str, email: str, password: str) -> None:
    """Make the county's first administrator."""
    from flask import current_app

    manager = current_app.appbuilder.sm
    role = manager.find_role(current_app.config["AUTH_ROLE_ADMIN"])
    if role is None:
        raise click.ClickException("The roles are missing; run `flask --app app sync-roles` first.")
    if not manager.add_user(username, first_name, last_name, email, role, password):
        raise click.ClickException(f"The account {username} could not be made; is the name or the address taken?")
    click.echo(f"{username} may log in.")
