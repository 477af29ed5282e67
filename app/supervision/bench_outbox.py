"""The dispatcher of the bench: so many messages, posted to a receiver in this very process, until each is delivered."""

from __future__ import annotations

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import perf_counter
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from app.engine.couriers import HttpCourier, signature
from app.engine.outbox import deliver
from app.supervision.measuring import Figure, Sent, milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

MESSAGES = 2000
KEY = b"known to both"


def reporting(session: Session, engine: Engine) -> Figure:
    """MESSAGES of those that wait, the oldest first, sent and marked delivered."""
    with _receiver() as address, Sent(engine) as sent:
        begun = perf_counter()
        tally = deliver(session, HttpCourier(urlsplit(address), KEY), most=MESSAGES)
        spent = milliseconds(begun)
    assert not tally.failed, f"{tally.failed} of {tally.seen} messages were refused"
    rate = tally.seen / spent * 1000
    return Figure(f"{tally.seen} messages reported ({rate:.0f} a second)", spent, len(sent.statements))


@contextmanager
def _receiver() -> Iterator[str]:
    """A receiver that proves each signature and takes everything."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        """Take what is signed."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        genuine = self.headers["X-OneWindow-Signature"] == f"sha256={signature(KEY, body)}"
        taken = [message["key"] for message in json.loads(body)["messages"]]
        answer = json.dumps({"taken": taken}).encode()
        self.send_response(200 if genuine else 401)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""
