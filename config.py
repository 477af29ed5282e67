"""The settings of one installation, read from the environment and from its data folder."""

from __future__ import annotations

import ipaddress
import os
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parent
COOKIE_KEY, OUTBOX_KEY = "secret_key", "outbox_key"
MEGABYTE = 1024 * 1024


class SettingsError(click.ClickException):
    """The environment asks for something this installation refuses; the message is one sentence."""


def settings(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Everything the application is configured by."""
    data_dir = Path(environ.get("DATA_DIR") or ROOT / "var").resolve()
    host = environ.get("HOST") or "127.0.0.1"
    demo = _switch(environ, "DEMO", default="1")
    if demo and not is_loopback(host):
        raise SettingsError(f"DEMO=1 listens on this machine alone, and HOST={host} is not a loopback address.")
    if not data_dir.exists() or not any(data_dir.iterdir()):
        make_secrets(data_dir)
    secrets_dir = data_dir / "secrets"
    return {
        "APP_NAME": "一窗",
        "DEMO": demo,
        "HOST": host,
        "PORT": _number(environ, "PORT", 8080, least=0),
        "WORKERS": _number(environ, "WORKERS", 2),
        "THREADS": _number(environ, "THREADS", 4),
        "DATA_DIR": data_dir,
        "SQLALCHEMY_DATABASE_URI": environ.get("DATABASE_URL") or f"sqlite:///{data_dir / 'onewindow.db'}",
        # A failing statement must not carry its values, people's numbers among them, into the log; a connection that
        # a restart of the server cut is replaced before it is used.
        "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True, "pool_pre_ping": True},
        "SECRETS_DIR": secrets_dir,
        "SECRET_KEY": _read_secret_key(secrets_dir),
        # Secure everywhere but in the demo, which speaks plain http and only to this machine.
        "SESSION_COOKIE_SECURE": not demo,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "OUTBOX_URL": _receiver(environ, "OUTBOX_URL"),
        "LEDGER_URL": _post(environ, "LEDGER_URL"),
        "PUBLIC_URL": _own_address(environ, "PUBLIC_URL", host),
        "MAX_CONTENT_LENGTH": 25 * MEGABYTE,
        "COMPRESS_MIMETYPES": ["text/html"],
        **LANGUAGE,
        **FLASK_APPBUILDER,
    }


LANGUAGE: dict[str, Any] = {
    "BABEL_DEFAULT_LOCALE": "zh",
    "BABEL_DEFAULT_TIMEZONE": "Asia/Shanghai",
    # Relative to app/ it would be ignored without a word.
    "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "translations"),
    "LANGUAGES": {"zh": {"flag": "cn", "name": "中文"}, "en": {"flag": "gb", "name": "English"}},
}

FLASK_APPBUILDER: dict[str, Any] = {
    "AUTH_TYPE": 1,
    "AUTH_ROLE_ADMIN": "county_admin",
    "AUTH_ROLE_PUBLIC": "public",
    "FAB_ADD_SECURITY_API": True,
    "FAB_API_SWAGGER_UI": False,
    # Tables come from the migrations, permissions and roles from `sync-roles`: a worker asks neither at its start.
    "FAB_CREATE_DB": False,
    "FAB_UPDATE_PERMS": False,
}


def make_secrets(data_dir: Path) -> None:
    """Make the data folder and the keys of a new installation; only their owner reads them."""
    from app.models.keyring import make_keys

    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    make_keys(data_dir / "secrets")
    for name in (COOKIE_KEY, OUTBOX_KEY):
        path = data_dir / "secrets" / name
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))


def _read_secret_key(folder: Path) -> str:
    """Read the key that signs the cookies."""
    try:
        return (folder / COOKIE_KEY).read_text()
    except FileNotFoundError as missing:
        sentence = f"The key {missing.filename} is missing; keys are made for an empty DATA_DIR alone."
        raise SettingsError(sentence) from None


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _receiver(environ: Mapping[str, str], name: str) -> str:
    """Where events are reported to: an https address, a folder, or nowhere."""
    address = environ.get(name) or ""
    if address and not address.startswith("file:///") and not _may_be_posted_to(address):
        raise SettingsError(f"{name} is an https:// address without a password, or a folder as file:///….")
    return address


def _post(environ: Mapping[str, str], name: str) -> str:
    """How weekly ledgers are sent: by a mail server, into a folder, or not at all."""
    address = environ.get(name) or ""
    if address and not address.startswith("file:///") and not _is_mail_server(address):
        raise SettingsError(
            f"{name} is smtps://user:password@host:port?from=address (smtp:// encrypts by STARTTLS), "
            "or a folder as file:///…."
        )
    return address


def _is_mail_server(address: str) -> bool:
    """Whether it names a mail server with its port, and who writes."""
    try:
        parts = urlsplit(address)
        whole = bool(parts.hostname) and bool(parts.port)
        senders = parse_qs(parts.query).get("from", [])
    except ValueError:
        return False
    return whole and parts.scheme in {"smtp", "smtps"} and len(senders) == 1 and senders[0].count("@") == 1


def _own_address(environ: Mapping[str, str], name: str, host: str) -> str:
    """Where people reach this installation: links in letters begin with it."""
    here = f"[{host}]" if ":" in host else host
    address = (environ.get(name) or f"http://{here}:{environ.get('PORT') or 8080}").rstrip("/")
    try:
        parts = urlsplit(address)
        whole = bool(parts.hostname) and parts.port != 0
    except ValueError:
        whole = False
    if not whole or parts.scheme not in {"http", "https"} or parts.query or parts.fragment or parts.username:
        raise SettingsError(f"{name} is the address of this installation, like https://window.example.")
    return address


def _may_be_posted_to(address: str) -> bool:
    """Whether what is posted there is encrypted, or stays on this machine."""
    try:
        parts = urlsplit(address)
        whole = bool(parts.hostname) and parts.username is None and parts.port != 0
    except ValueError:
        return False
    return whole and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname)))


def _switch(environ: Mapping[str, str], name: str, default: str) -> bool:
    value = environ.get(name) or default
    if value not in {"0", "1"}:
        raise SettingsError(f"{name} is 0 or 1, not {value}.")
    return value == "1"


def _number(environ: Mapping[str, str], name: str, default: int, least: int = 1) -> int:
    value = environ.get(name) or str(default)
    if not value.isdecimal() or int(value) < least:
        raise SettingsError(f"{name} is a whole number from {least}, not {value}.")
    return int(value)


if __name__ == "__main__":
    try:
        settings()
    except SettingsError as error:
        error.show()
        sys.exit(error.exit_code)
