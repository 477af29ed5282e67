"""A ledger is sent until it is taken, once, and its department says that it has it."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from app.engine import scope
from app.engine.couriers import Undeliverable
from app.engine.now import now
from app.engine.outbox import CLAIM
from app.jobs import tick
from app.models.ledger import LedgerBatch, LedgerWorkbook
from app.models.organisation import IndustryDepartment, Office
from app.models.trail import Event, Notice
from app.stages.reporting.duties import send_ledgers
from app.stages.reporting.post import Letter, MailPost, post
from app.stages.reporting.sending import own_post, send, try_all_now
from tests.factories import County, Line
from tests.mail_receiver import Mailbox, mail_server
from tests.web.at_work import at_work
from tests.web.programs import Program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage

    import time_machine
    from flask import Flask
    from flask.testing import FlaskClient

    from tests.stages.reporting.conftest import Reporting


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as found:
        yield found


@pytest.fixture
def built(county: County, reporting: Reporting, once: Callable[..., None]) -> Reporting:
    """On Monday morning: one closing last week, ledgers built for both departments."""
    once(_one_closing, county, reporting)
    return reporting


def _one_closing(county: County, reporting: Reporting) -> None:
    reporting.at(3, 3)
    Line(county).until("certified")
    reporting.at(3, 9, 7, 31)
    reporting.build()


def _to(mailbox: Mailbox, address: str) -> list[EmailMessage]:
    return [letter for letter in mailbox.letters if letter["To"] == address]


@pytest.mark.database
def test_each_department_gets_its_ledger_by_mail_with_the_workbook_its_digest_and_a_link(
    built: Reporting, mailbox: Mailbox, sends_to: Callable[[str], None]
) -> None:
    sends_to(mailbox.address)
    tick(built.session)
    assert sorted(letter["To"] for letter in mailbox.letters) == ["ly@county.example", "scjg@county.example"]
    [letter] = _to(mailbox, "ly@county.example")
    [batch] = built.own()
    assert letter["From"] == "ledger@tunchang.example"
    assert letter["Subject"] == f"周台账{batch.number}：农林水务审批室，2026-03-02至2026-03-08"
    said = letter.get_body().get_content()  # type: ignore[union-attr]
    assert batch.hash in said
    assert f"https://window.tunchang.example/ledger/{batch.token}" in said
    [workbook] = letter.iter_attachments()
    content = workbook.get_content()
    assert hashlib.sha256(content).hexdigest() == batch.workbook_sha256
    assert batch.workbook_sha256 in said
    assert workbook.get_filename() == "2026-03-02_NL_LY.xlsx"
    assert (batch.state, batch.sent_at, batch.recipient, batch.tries) == ("sent", now(), "ly@county.example", 1)
    assert send_ledgers(built.session, now()).seen == 0
    assert len(mailbox.letters) == 2


def test_no_name_of_an_office_stops_the_post_or_adds_a_line_to_the_head_of_a_letter(
    built: Reporting, mailbox: Mailbox, sends_to: Callable[[str], None]
) -> None:
    sends_to(mailbox.address)
    built.session.execute(update(Office).values(name=Office.name + "\r\nBcc: else@county.example"))
    built.session.commit()
    assert (send_ledgers(built.session, now()).raised, len(mailbox.letters)) == (2, 2)
    assert {letter["Bcc"] for letter in mailbox.letters} == {None}


@pytest.mark.database
def test_what_is_refused_is_tried_again_after_1_2_4_minutes_and_taken_once(
    built: Reporting, mailbox: Mailbox, sends_to: Callable[[str], None], clock: time_machine.Traveller
) -> None:
    sends_to(mailbox.address)
    mailbox.refuses = lambda to: "452 mailbox full" if to == "ly@county.example" else ""
    waited = []
    for _ in range(4):
        assert send_ledgers(built.session, now()).failed == 1
        [batch] = built.own()
        assert batch.next_try_at is not None
        waited.append((batch.next_try_at - now()) / timedelta(minutes=1))
        clock.move_to(batch.next_try_at - timedelta(seconds=1))
        assert send_ledgers(built.session, now()).seen == 0
        clock.move_to(batch.next_try_at)
    assert waited == [1, 2, 4, 8]
    assert (batch.state, batch.tries) == ("failed", 4)
    assert batch.last_error == "The mail server refused this ledger: 452 mailbox full"
    mailbox.refuses = lambda _to: ""
    assert send_ledgers(built.session, now()).raised == 1
    [batch] = built.own()
    assert (batch.state, batch.tries, batch.last_error, batch.next_try_at) == ("sent", 5, "", None)
    assert len(_to(mailbox, "ly@county.example")) == 1
    with scope.unscoped(built.session):
        own = select(Event).where(Event.subject_kind == "ledger_batch", Event.subject_id == batch.id).order_by(Event.seq)
        assert [e.act for e in built.session.scalars(own)] == ["build_ledger", "fail_ledger", "retry_ledger"]
        told = built.session.scalars(select(Notice).where(Notice.cause == "fail_ledger")).all()
    assert [(n.role, n.subject_kind) for n in told] == [("supervisor", "ledger_batch")]


def test_where_nobody_answers_one_ledger_waits_and_not_all(
    built: Reporting, sends_to: Callable[[str], None]
) -> None:
    with mail_server() as gone:
        address = gone.address
    sends_to(address)
    tally = send_ledgers(built.session, now())
    assert (tally.seen, tally.failed) == (1, 1)
    assert sorted(batch.state for batch in built.batches()) == ["built", "failed"]
    [failed] = [batch for batch in built.batches() if batch.state == "failed"]
    assert failed.last_error.startswith("Nobody answers at the receiver's address: ")


class Dying:
    """A way on which the letter arrives, and whoever brought it dies on the way back."""

    needs_address = True

    def __init__(self, other: MailPost) -> None:
        self._other = other

    def carry(self, letter: Letter) -> str:
        self._other.carry(letter)
        raise MemoryError


@pytest.mark.database
def test_who_dies_after_sending_sends_the_same_letter_again_and_a_mailbox_can_tell(
    built: Reporting, mailbox: Mailbox, sends_to: Callable[[str], None], clock: time_machine.Traveller
) -> None:
    sends_to(mailbox.address)
    way = own_post()
    assert isinstance(way, MailPost)
    with pytest.raises(MemoryError):
        send(built.session, Dying(way), seconds=60)
    built.session.rollback()
    assert send_ledgers(built.session, now()).seen == 1  # the other one; this one is claimed still
    clock.shift(CLAIM + timedelta(seconds=1))
    assert send_ledgers(built.session, now()).raised == 1
    assert len(mailbox.letters) == 3
    assert len(mailbox.kept) == 2
    assert {batch.state for batch in built.batches()} == {"sent"}


def test_two_at_once_send_each_ledger_once(
    built: Reporting, mailbox: Mailbox, sends_to: Callable[[str], None]
) -> None:
    sends_to(mailbox.address)
    tallies: list[Any] = []

    def another() -> None:
        if len(mailbox.letters) == 1:  # the first sender is on its way back
            mailbox.after_taking = lambda: None
            tallies.append(send_ledgers(built.session, now()))

    from sqlalchemy.orm import Session

    mailbox.after_taking = another
    with Session(built.session.get_bind()) as other:
        tallies.append(send_ledgers(other, now()))
    assert sum(tally.raised for tally in tallies) == len(mailbox.letters) == len(mailbox.kept) == 2


def test_without_anywhere_to_send_and_without_an_address_a_ledger_waits_and_says_so(
    built: Reporting, mailbox: Mailbox, sends_to: Callable[[str], None]
) -> None:
    assert send_ledgers(built.session, now()).seen == 0
    built.session.get_one(IndustryDepartment, built.department.id).mail = ""
    built.session.commit()
    sends_to(mailbox.address)
    send_ledgers(built.session, now())
    assert [letter["To"] for letter in mailbox.letters] == ["scjg@county.example"]
    assert [batch.state for batch in built.own()] == ["built"]


def test_into_a_folder_each_ledger_goes_as_a_workbook_and_what_the_letter_would_say(
    built: Reporting, tmp_path: Path, sends_to: Callable[[str], None]
) -> None:
    sends_to(tmp_path.as_uri())
    assert send_ledgers(built.session, now()).raised == 2
    [batch] = built.own()
    content = (tmp_path / "2026-03-02_NL_LY.xlsx").read_bytes()
    facts = json.loads((tmp_path / "2026-03-02_NL_LY.json").read_text(encoding="utf-8"))
    assert hashlib.sha256(content).hexdigest() == batch.workbook_sha256 == facts["sha256"]
    assert (facts["number"], facts["seal"]) == (batch.number, batch.hash)
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".json", ".json", ".xlsx", ".xlsx"]
    assert batch.recipient == "2026-03-02_NL_LY.xlsx"


def test_a_folder_that_is_not_there_is_said(built: Reporting, tmp_path: Path, sends_to: Callable[[str], None]) -> None:
    sends_to((tmp_path / "none").as_uri())
    assert send_ledgers(built.session, now()).failed == 1
    errors = [batch.last_error for batch in built.batches() if batch.last_error]
    assert errors == ["The folder cannot be written: No such file or directory"]


def test_nobody_reads_on_a_page_or_by_program_where_on_the_server_the_folder_lies(
    app: Flask, built: Reporting, tmp_path: Path, sends_to: Callable[[str], None]
) -> None:
    [batch] = built.own()
    for folder in (tmp_path / "none", tmp_path):
        sends_to(folder.as_uri())
        try_all_now(built.session)
        send_ledgers(built.session, now())
        for who in ("department", "supervisor"):
            page = at_work(app, who).get(f"/object/ledger_batch/{batch.id}").text
            told = page + Program(app, built.county, who).get(f"ledger/{batch.id}").text
            assert str(tmp_path) not in told, who
            assert "file:" not in told, who
    assert "put into the agreed folder as 2026-03-02_NL_LY.xlsx" in page


def test_a_letter_to_another_machine_is_never_sent_in_the_clear() -> None:
    """smtp:// to a server elsewhere asks for encryption first; one that has none gets nothing."""
    with mail_server() as box:
        port = box.address.partition("?")[0].rpartition(":")[2]
        way = post(f"smtp://127.0.0.2:{port}?from=ledger@tunchang.example")
        assert way is not None
        letter = Letter("ly@county.example", "x", "x", "x.xlsx", b"x", "k", {})
        with pytest.raises(Undeliverable):
            way.carry(letter)
        assert box.letters == []


# -- acknowledging without login


@pytest.fixture
def sent(built: Reporting, mailbox: Mailbox, sends_to: Callable[[str], None]) -> str:
    """The address in the letter to the forest department."""
    sends_to(mailbox.address)
    send_ledgers(built.session, now())
    said = _to(mailbox, "ly@county.example")[0].get_body().get_content()  # type: ignore[union-attr]
    found = re.search(r"https://window\.tunchang\.example(/ledger/\S+)", said)
    assert found is not None
    return found[1]


def _form(client: FlaskClient, address: str) -> dict[str, str]:
    tags = re.findall(r'<input [^>]*type="hidden"[^>]*>', client.get(address).text)
    return {re.search(r'name="(\w+)"', tag)[1]: re.search(r'value="([^"]*)"', tag)[1] for tag in tags}  # type: ignore[index]


@pytest.mark.database
def test_whoever_got_the_letter_acknowledges_once_and_the_event_says_by_whom(
    client: FlaskClient, built: Reporting, sent: str
) -> None:
    [batch] = built.own()
    client.get("/lang/en")
    page = client.get(sent)
    assert page.status_code == 200
    for shown in (batch.number, "2026-03-02 – 2026-03-08", batch.hash, batch.workbook_sha256):
        assert shown in page.text
    assert built.own()[0].state == "sent"  # to look, or a scanner of mail that follows links, changes nothing
    form = _form(client, sent)
    nameless = client.post(sent, data=form)
    assert (nameless.status_code, built.own()[0].state) == (422, "sent")
    assert "Say who received it." in nameless.text
    done = client.post(sent, data=form | {"receiver": "林示收"})
    assert (done.status_code, done.headers["Location"]) == (303, sent)
    [batch] = built.own()
    assert (batch.state, batch.acknowledged_by, batch.acknowledged_at) == ("acknowledged", "林示收", now())
    again = client.post(sent, data=form | {"receiver": "别人"})
    assert (again.status_code, built.own()[0].acknowledged_by) == (409, "林示收")
    assert "acknowledged this ledger" in client.get(sent).text
    with scope.unscoped(built.session):
        own = select(Event).where(Event.subject_kind == "ledger_batch", Event.subject_id == batch.id)
        last = built.session.scalars(own.order_by(Event.seq.desc()).limit(1)).one()
    assert (last.act, last.role, last.actor_id) == ("acknowledge_ledger", "public", None)


def test_the_page_of_the_letter_shows_no_line_and_no_person(
    client: FlaskClient, built: Reporting, sent: str
) -> None:
    page = client.get(sent).text
    [row] = built.rows(built.own()[0])
    for hidden in (row.facts["applicant"], row.facts["number"], row.facts["id_no"], "ly@county.example"):
        assert hidden not in page


def test_a_forged_or_altered_token_opens_nothing(client: FlaskClient, built: Reporting, sent: str) -> None:
    token, form = sent.rpartition("/")[2], _form(client, sent)
    for wrong in ("x", token[:-1], f"{token}x", f"{token[:-1]}_", "%00", "' OR 1=1 --", str(built.own()[0].id), "9" * 4000):
        assert client.get(f"/ledger/{wrong}").status_code == 404, wrong
        assert client.post(f"/ledger/{wrong}", data=form | {"receiver": "别人"}).status_code == 404, wrong
    assert built.own()[0].state == "sent"


def test_a_token_opens_its_own_ledger_alone_and_nothing_else_of_the_house(
    client: FlaskClient, built: Reporting, sent: str
) -> None:
    [batch] = built.own()
    assert client.get(sent).status_code == 200
    for address in (f"/object/ledger_batch/{batch.id}", f"/ledgers/workbook/{batch.id}", f"/api/v1/ledger/{batch.id}"):
        assert client.get(address).status_code in {302, 401}, address


def test_what_was_not_sent_cannot_be_acknowledged(client: FlaskClient, built: Reporting) -> None:
    address = f"/ledger/{built.own()[0].token}"
    page = client.get(address)
    assert 'name="receiver"' not in page.text
    token = _form(client, "/login/")["csrf_token"]
    answer = client.post(address, data={"receiver": "林示收", "version": "1", "csrf_token": token})
    assert (answer.status_code, built.own()[0].state) == (409, "built")


def test_guessing_is_slowed_down(client: FlaskClient, built: Reporting, sent: str) -> None:
    answers = {client.get(f"/ledger/guess{i}").status_code for i in range(40)}
    assert answers == {404, 429}


def test_what_is_kept_of_the_workbook_is_what_was_sent(built: Reporting, mailbox: Mailbox, sent: str) -> None:
    [letter] = _to(mailbox, "ly@county.example")
    [workbook] = letter.iter_attachments()
    with scope.unscoped(built.session):
        kept = built.session.scalars(
            select(LedgerWorkbook.content).join(LedgerBatch).where(LedgerBatch.id == built.own()[0].id)
        ).one()
    assert kept == workbook.get_content()
    assert sent
