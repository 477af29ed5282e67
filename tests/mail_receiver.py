"""A mail server on this machine that takes what it is sent, or refuses as a test says."""

from __future__ import annotations

import email.policy
import socketserver
from contextlib import contextmanager
from email import message_from_bytes
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage


class Mailbox:
    """What was sent, and how the server answers; a test may change each way of answering."""

    def __init__(self) -> None:
        self.address = ""
        self.letters: list[EmailMessage] = []
        """Every letter that was taken, repetitions included."""
        self.refuses: Callable[[str], str] = lambda _recipient: ""
        """What a recipient is refused with, such as «550 unknown»."""
        self.after_taking: Callable[[], object] = lambda: None
        """Done after a letter was taken and before that is answered."""

    @property
    def kept(self) -> dict[str, EmailMessage]:
        """The letters by their Message-ID: a mailbox drops a repetition."""
        return {str(letter["Message-ID"]): letter for letter in self.letters}


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """A mail server at an address of this machine."""
    box = Mailbox()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 test")
            while line := self.rfile.readline().decode().strip():
                verb = line.partition(" ")[0].upper()
                if verb == "RCPT" and (refusal := box.refuses(line.partition("<")[2].partition(">")[0])):
                    self._say(refusal)
                elif verb == "DATA":
                    self._take()
                else:
                    self._say("221 bye" if verb == "QUIT" else "250 ok")
                if verb == "QUIT":
                    return

        def _take(self) -> None:
            self._say("354 go on")
            lines = []
            while (line := self.rfile.readline()) != b".\r\n":
                lines.append(line.removeprefix(b"."))
            box.letters.append(message_from_bytes(b"".join(lines), policy=email.policy.default))  # type: ignore[arg-type]
            box.after_taking()
            self._say("250 taken")

        def _say(self, words: str) -> None:
            self.wfile.write(f"{words}\r\n".encode())

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        box.address = f"smtp://127.0.0.1:{server.server_address[1]}?from=ledger@tunchang.example"
        try:
            yield box
        finally:
            server.shutdown()
            thread.join()
