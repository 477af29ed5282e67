"""The ways in which a ledger reaches its department: by mail, or as files in a folder."""

from __future__ import annotations

import json
import os
import smtplib
import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from app.engine.couriers import NO_FOLDER, NOBODY, PATIENCE, Undeliverable, what_failed
from app.engine.disk import keep_names
from app.law import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

REFUSED = N_("The mail server refused this ledger")
WORKBOOK = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
HERE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Letter:
    """One ledger on its way: to whom, what is written, its workbook, and by what a repetition is known."""

    to: str
    subject: str
    text: str
    name: str
    workbook: bytes
    key: str
    facts: Mapping[str, object]


class Post(Protocol):
    """Takes letters to departments."""

    needs_address: bool

    def carry(self, letter: Letter) -> str:
        """Hand one over; answers to which address, or as which file of the folder. Raises Undeliverable."""


def post(address: str) -> Post | None:
    """The way an installation sends its ledgers; None where it has none."""
    if not address:
        return None
    parts = urlsplit(address)
    return FolderPost(Path(unquote(parts.path))) if parts.scheme == "file" else MailPost(parts)


class MailPost:
    """Sends each ledger by SMTP, the workbook attached; encrypted, but for a server on this very machine."""

    needs_address = True

    def __init__(self, address: SplitResult) -> None:
        self._address = address
        self._sender = parse_qs(address.query)["from"][0]

    def carry(self, letter: Letter) -> str:
        """One connection for each: ledgers are few."""
        message = self._written(letter)
        try:
            with self._connected() as server:
                server.send_message(message, self._sender, [letter.to])
        except smtplib.SMTPResponseException as refusal:
            said = refusal.smtp_error.decode(errors="replace") if isinstance(refusal.smtp_error, bytes) else ""
            raise Undeliverable(f"{REFUSED}: {refusal.smtp_code} {said}".strip(), lasting=False) from refusal
        except smtplib.SMTPRecipientsRefused as refusal:
            code, said = refusal.recipients[letter.to]
            raise Undeliverable(f"{REFUSED}: {code} {said.decode(errors='replace')}", lasting=False) from refusal
        except (OSError, smtplib.SMTPException) as error:
            raise Undeliverable(f"{NOBODY}: {what_failed(error)}", lasting=True) from error
        return letter.to

    def _connected(self) -> smtplib.SMTP:
        host, port, safe = self._address.hostname or "", self._address.port or 0, ssl.create_default_context()
        if self._address.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=PATIENCE, context=safe)
        else:
            server = smtplib.SMTP(host, port, timeout=PATIENCE)
        try:
            if self._address.scheme == "smtp" and host not in HERE:
                server.starttls(context=safe)
            if self._address.username:
                server.login(unquote(self._address.username), unquote(self._address.password or ""))
        except BaseException:
            server.close()
            raise
        return server

    def _written(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        subject = " ".join(letter.subject.split())  # one line, whatever an office is called
        message["From"], message["To"], message["Subject"] = self._sender, letter.to, subject
        # The same whenever it is sent: a mailbox that has it already can tell.
        message["Message-ID"] = f"<{letter.key}@{Address(addr_spec=self._sender).domain}>"
        message.set_content(letter.text)
        message.add_attachment(letter.workbook, maintype=WORKBOOK[0], subtype=WORKBOOK[1], filename=letter.name)
        return message


class FolderPost:
    """Puts each workbook into a folder, and beside it what the letter would say; a workbook appears whole or not."""

    needs_address = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def carry(self, letter: Letter) -> str:
        """The facts first: whoever waits for workbooks finds them there."""
        path = self._folder / letter.name
        try:
            facts = json.dumps({**letter.facts, "key": letter.key}, ensure_ascii=False, indent=1).encode()
            for target, content in ((path.with_suffix(".json"), facts), (path, letter.workbook)):
                self._put(target, content)
            keep_names(self._folder)
        except OSError as error:
            raise Undeliverable(f"{NO_FOLDER}: {what_failed(error)}", lasting=True) from error
        return letter.name

    @staticmethod
    def _put(path: Path, content: bytes) -> None:
        draft = path.with_name(f".{path.name}.part")
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
