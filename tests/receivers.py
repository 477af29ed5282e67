"""A receiver of the outbox, as docs/outbox.md describes one: it proves the signature, remembers keys, answers for each."""

from __future__ import annotations

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

from app.engine.couriers import signature

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KEY = b"agreed between both"

Messages = list[dict[str, Any]]


class Receiver:
    """What it heard, and how it answers; a test may change each way of answering."""

    def __init__(self) -> None:
        self.address = ""
        self.key = KEY
        self.heard: list[Messages] = []
        """The messages of each request, repetitions included."""
        self.kept: dict[str, dict[str, Any]] = {}
        """The messages it took, by key: a repetition is dropped."""
        self.refuse: Callable[[dict[str, Any]], str] = lambda _message: ""
        self.number: Callable[[dict[str, Any]], str] = lambda _message: ""
        """Under which number it says it keeps an application."""
        self.status: Callable[[Messages], int] = lambda _messages: 200
        self.answer: bytes | None = None
        self.meanwhile: Callable[[], object] = lambda: None
        """Done after the messages were taken and before anything is answered."""
        self.hangs_up = False

    def take(self, body: bytes, signed: str) -> tuple[int, bytes]:
        """Judge one request."""
        if signed != f"sha256={signature(self.key, body)}":
            return 401, b""
        messages = json.loads(body)["messages"]
        self.heard.append(messages)
        status = self.status(messages)
        refused = {m["key"]: why for m in messages if (why := self.refuse(m))}
        if status == 200:
            for message in messages:
                if message["key"] not in refused:
                    self.kept.setdefault(message["key"], message)
        self.meanwhile()
        taken = [m["key"] for m in messages if m["key"] not in refused]
        numbers = {m["key"]: number for m in messages if (number := self.number(m))}
        said = json.dumps({"taken": taken, "refused": refused, **({"numbers": numbers} if numbers else {})}).encode()
        return status, said if self.answer is None else self.answer

    def order_of(self, number: str) -> list[int]:
        """The events of one application in the order in which they were taken."""
        return [message["seq"] for message in self.kept.values() if message["number"] == number]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver at an address of this machine."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, answer = receiver.take(body, self.headers["X-OneWindow-Signature"])
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)
            self.close_connection = self.close_connection or receiver.hangs_up

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        receiver.address = f"http://127.0.0.1:{server.server_port}/events"
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
