"""Couriers: the ways in which messages reach whoever is to hear them, by signed HTTP or as files in a folder.

What a receiver gets, answers and may rely on stands in docs/outbox.md.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from app.engine.disk import keep_names
from app.engine.now import now
from app.errors import NotNow
from app.law import N_

PROTOCOL = 1
PATIENCE = 10.0
"""How long a receiver may be silent, in seconds."""

MOST_ANSWERED = 1024 * 1024
LONGEST_NUMBER = 64
UNDERSTOOD = range(200, 300)
NOT_ABOUT_A_MESSAGE = frozenset({401, 403, 404, 405, 408, 429, 502, 503, 504})
"""So a receiver answers whatever it is sent: the address, the key or the receiver itself is not in order."""

NOBODY = N_("Nobody answers at the receiver's address")
ERROR = N_("The receiver answers with an error")
SENSELESS = N_("The receiver's answer makes no sense")
REFUSED = N_("The receiver refused this message")
UNANSWERED = N_("The receiver said nothing about this message")
NO_FOLDER = N_("The folder cannot be written")


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent of one row; the receiver tells a repetition by its key."""

    id: int
    key: str
    content: Mapping[str, Any]

    @property
    def line(self) -> dict[str, Any]:
        """As it is written down for the receiver."""
        return {"key": self.key, **self.content}


@dataclass(frozen=True, slots=True)
class Said:
    """What the receiver said of one message: nothing where it was taken, or why not; its own number if it named one."""

    why: str = ""
    number: str | None = None


class Undeliverable(Exception):  # noqa: N818  # a courier comes back with it
    """Nothing of what was sent is known to have arrived; `lasting` where nothing else would fare better now."""

    def __init__(self, why: str, *, lasting: bool) -> None:
        self.why, self.lasting = why, lasting
        super().__init__(why)


class Courier(Protocol):
    """Takes messages to one receiver, in their order."""

    target: str

    def carry(self, messages: Sequence[Message]) -> dict[str, Said]:
        """What was said of each message, by its key. Raises Undeliverable."""

    def rest(self) -> None:
        """Keep nothing open until the next message."""


def courier(address: str, key_file: Path) -> Courier | None:
    """The courier to a receiver's address; None where there is none to tell. Raises NotNow where the key is missing."""
    if not address:
        return None
    parts = urlsplit(address)
    if parts.scheme == "file":
        return FolderCourier(Path(unquote(parts.path)))
    try:
        return HttpCourier(parts, key_file.read_text().strip().encode())
    except FileNotFoundError:
        raise NotNow(
            N_("The key %(file)s is missing: write there the key you agreed on with the receiver."), file=key_file
        ) from None


class HttpCourier:
    """Posts messages as JSON, signed with the key both sides know, over one connection that stays open."""

    def __init__(self, address: SplitResult, key: bytes) -> None:
        self.target = f"{address.scheme}://{address.netloc}{address.path}"
        self._path = (address.path or "/") + (f"?{address.query}" if address.query else "")
        self._key = key
        kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
        self._connection = kind(address.hostname or "", address.port, timeout=PATIENCE)

    def carry(self, messages: Sequence[Message]) -> dict[str, Said]:
        """Post them in one request."""
        body = _plain({"protocol": PROTOCOL, "sent_at": now().isoformat(), "messages": [m.line for m in messages]})
        status, answer = self._post(body)
        if status not in UNDERSTOOD:
            raise Undeliverable(f"{ERROR}: HTTP {status}", lasting=status in NOT_ABOUT_A_MESSAGE)
        said = _read(answer)
        return {message.key: said.get(message.key, Said(UNANSWERED)) for message in messages}

    def rest(self) -> None:
        """End the connection."""
        self._connection.close()

    def _post(self, body: bytes) -> tuple[int, bytes]:
        """Send and hear the answer; a connection that the other side closed while it was idle is opened again."""
        headers = {"Content-Type": "application/json", "X-OneWindow-Signature": f"sha256={signature(self._key, body)}"}
        was_open = self._connection.sock is not None
        try:
            self._connection.request("POST", self._path, body, headers)
            with self._connection.getresponse() as answer:
                said = answer.read(MOST_ANSWERED)
                if not answer.isclosed():
                    self._connection.close()  # it says more than anybody asked for
                return answer.status, said
        except (OSError, HTTPException) as error:
            self._connection.close()
            if was_open and isinstance(error, ConnectionError):
                return self._post(body)
            raise Undeliverable(f"{NOBODY}: {what_failed(error)}", lasting=True) from error


class FolderCourier:
    """Puts each batch into a folder as one file, a message a line; the file appears whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.target = folder.as_uri()
        self._folder = folder
        self._last = datetime.fromtimestamp(0, now().tzinfo)

    def carry(self, messages: Sequence[Message]) -> dict[str, Said]:
        """Write them; the names of the files sort in the order in which they were written."""
        self._last = max(now(), self._last + timedelta(microseconds=1))
        path = self._folder / f"{self._last:%Y%m%dT%H%M%S.%f}-{messages[0].id}.jsonl"
        draft = path.with_name(f".{path.name}.part")
        try:
            with draft.open("wb") as file:
                file.writelines(_plain(message.line) + b"\n" for message in messages)
                file.flush()
                os.fsync(file.fileno())
            draft.rename(path)
            keep_names(self._folder)
        except OSError as error:
            raise Undeliverable(f"{NO_FOLDER}: {what_failed(error)}", lasting=True) from error
        return {message.key: Said() for message in messages}

    def rest(self) -> None:
        """Nothing is open."""


def signature(key: bytes, body: bytes) -> str:
    """What proves to the receiver that the body came from us as it is."""
    return hmac.new(key, body, hashlib.sha256).hexdigest()


def _plain(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _read(answer: bytes) -> dict[str, Said]:
    """Of each key that is spoken of: taken, under the number named, or why not."""
    try:
        said = json.loads(answer)
        numbers = {str(key): str(number)[:LONGEST_NUMBER] for key, number in said.get("numbers", {}).items()}
        taken = {str(key): Said(number=numbers.get(str(key))) for key in said["taken"]}
        return taken | {str(key): Said(f"{REFUSED}: {why}") for key, why in said.get("refused", {}).items()}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Undeliverable(SENSELESS, lasting=False) from error


def what_failed(error: Exception) -> str:
    """In one line what went wrong; where on this server a folder lies is nobody's business who reads it on a page."""
    if isinstance(error, OSError) and error.filename is not None:
        return error.strerror or type(error).__name__
    return (str(error) or type(error).__name__).splitlines()[0]
