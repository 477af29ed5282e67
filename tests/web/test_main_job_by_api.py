"""The main job over the API: one application from a town's counter to a confirmed file, by the people it takes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from tests import samples
from tests.factories import APPLICANT, Line
from tests.web.programs import Program, error

if TYPE_CHECKING:
    import time_machine
    from flask import Flask

    from tests.factories import County

CHINA = ZoneInfo("Asia/Shanghai")


class Job:
    """One application, and whoever works on it; everything is read and done over the API."""

    def __init__(self, app: Flask, county: County, clock: time_machine.Traveller) -> None:
        self.app, self.county, self.clock = app, county, clock
        self.pk = 0
        self.answer: dict[str, Any] = {}
        self.version = 0

    def on(self, day: int, hour: int = 10) -> None:
        """Go to a day of October 2026."""
        self.clock.move_to(datetime(2026, 10, day, hour, 0, tzinfo=CHINA))

    def program(self, username: str) -> Program:
        """Log in anew, as on every morning."""
        return Program(self.app, self.county, username)

    def do(self, who: Program, act: str, **data: Any) -> None:
        """Do an act that is offered, and send it twice under one key, as a shaky line does."""
        offered = [each["name"] for each in who.get(f"application/{self.pk}/transitions").json]
        assert act in offered, (who.username, offered)
        body, path = {"version": self.version, **data}, f"application/{self.pk}/transitions/{act}"
        answer = who.post(path, body, key=f"{act}-{self.version}")
        assert answer.status_code == 200, answer.text
        assert who.post(path, body, key=f"{act}-{self.version}").json == answer.json
        self.answer, self.version = answer.json, answer.json["version"]

    def slip(self, who: Program) -> dict[str, Any]:
        """The open slip, counted in full."""
        query = f"(filters:!((col:application_id,opr:eq,value:{self.pk}),(col:state,opr:eq,value:issued)))"
        (pk,) = who.get(f"handover_slip/?q={query}").json["ids"]
        lines = who.get(f"handover_slip/{pk}").json["result"]["lines"]
        return {"slip_id": pk, "lines": [{"line_id": each["id"], "received": each["listed"]} for each in lines]}

    def running(self) -> dict[str, str]:
        """The clocks that run, and when they are due."""
        return {each["clock"]: each["due_on"] for each in self.answer["clocks"] if each["stopped_at"] is None}

    def papers(self, who: Program, *kinds: str) -> list[dict[str, Any]]:
        """The papers of these kinds; all where none is named."""
        found = who.get(f"application/{self.pk}/documents").json
        return [each for each in found if not kinds or each["kind"] in kinds]


@pytest.fixture
def job(app: Flask, county: County, clock: time_machine.Traveller) -> Job:
    """A job on its first morning."""
    job = Job(app, county, clock)
    job.on(19)
    return job


@pytest.mark.database
@pytest.mark.req(2)
@pytest.mark.req(3)
@pytest.mark.req(92)
def test_a_town_files_the_county_decides_and_the_town_issues(job: Job) -> None:
    take_in(job)
    decide(job)
    make(job)
    hand_out(job)
    file_away(job)
    look_back(job)


def take_in(job: Job) -> None:
    """The town's clerk registers under a walk-in ticket and receives, on the same day."""
    clerk = job.program("clerk.town")
    registered = clerk.post("application/", {
        "item": "I12", "applicant_type": "1", "applicant_name": APPLICANT["name"], "id_type": "resident_id",
        "id_no": APPLICANT["id_no"], "phone": "19900000001", "relation": "new",
    })  # fmt: skip
    assert registered.status_code == 201
    job.pk, job.version = registered.json["id"], registered.json["version"]
    (ticket,) = clerk.get("ticket/").json["result"]
    assert (ticket["walk_in"], ticket["state"]) == (True, "serving")
    form, identity, authorisation = clerk.shown(job.pk)["materials"]
    scan = clerk.upload("申请表.pdf").json["id"]
    job.do(
        clerk, "receive", identity_checked="reader", delivery_mode="window", sent_as="paper",
        materials=[
            {"material_id": form["id"], "status": "taken", "form": "original", "pieces": 1, "file": scan},
            {"material_id": identity["id"], "status": "taken", "form": "copy", "pieces": 1, "copy_verified": True},
            {"material_id": authorisation["id"], "status": "not_applicable", "pieces": 0},
        ],
    )  # fmt: skip
    assert job.answer["state"] == "received"
    assert job.running() == {"correction": "2026-10-26", "handling": "2026-10-20"}


def decide(job: Job) -> None:
    """The office confirms the file, accepts and reviews; its head grants."""
    job.on(20)
    approver = job.program("approver")
    taken = [each for each in approver.shown(job.pk)["materials"] if each["status"] == "taken"]
    assert approver.get(f"file/{taken[0]['file_id']}").data == samples.pdf()
    job.do(approver, "confirm_file", **job.slip(approver))
    job.do(approver, "accept", opinion="材料齐全，符合法定形式")
    assert job.answer["state"] == "accepted"
    assert job.running() == {"promised": "2026-10-27", "statutory": "2026-11-17"}
    judged = [{"material_id": each["id"], "result": "pass"} for each in taken]
    job.do(approver, "review", conclusion="grant", opinion="经审查符合条件，建议准予", materials=judged)
    assert error(approver.do("grant", job.pk, content="准予采伐")) == (403, "not_allowed")
    job.on(21)
    job.do(job.program("head"), "grant", content="准予采伐桉树12立方米", basis="《森林法》第五十七条",
           valid_from="2026-10-21", valid_to="2027-01-31")  # fmt: skip
    assert job.answer["state"] == "approved"


def make(job: Job) -> None:
    """The certificate centre makes and scans the certificate, and sends it to the town over a slip."""
    job.on(22)
    maker = job.program("cert")
    scan = maker.upload("林木采伐许可证.pdf", samples.pdf(2)).json["id"]
    job.do(maker, "make_certificate", cert_no="琼屯采字〔2026〕1号", scan=scan, physical_pieces=1)
    assert (job.answer["state"], job.answer["closed_at"] is not None) == ("certified", True)
    assert job.running() == {"archive": "2026-10-29", "delivery": "2026-11-04", "handover": "2026-10-27"}
    results = job.papers(maker, "grant_decision", "certificate")
    job.do(maker, "hand_over", lines=[{"document_id": each["id"], "copies": 1} for each in results])


def hand_out(job: Job) -> None:
    """Another clerk of the town takes it over and issues it against a signature; the office never could."""
    assert error(job.program("clerk2.town").do("issue", job.pk)) == (409, "not_now")
    job.on(23)
    clerk = job.program("clerk2.town")
    job.do(clerk, "confirm_handover", **job.slip(clerk))
    assert job.answer["state"] == "handed_over"
    for username in ("approver", "head", "assistant"):
        office = job.program(username)
        assert "issue" not in [each["name"] for each in office.get(f"application/{job.pk}/transitions").json]
        assert error(office.do("issue", job.pk)) == (403, "not_allowed")
    signature = clerk.upload("签名.png", samples.png()).json["id"]
    job.do(clerk, "issue", signer=APPLICANT["name"], relation="self", id_last4=APPLICANT["id_no"][-4:],
           signature=signature)  # fmt: skip
    assert job.answer["state"] == "delivered"
    assert job.running() == {"archive": "2026-10-29"}


def file_away(job: Job) -> None:
    """The first clerk lists the file, the office's assistant confirms it."""
    job.on(26)
    clerk, assistant = job.program("clerk.town"), job.program("assistant")
    sheets = [{"document_id": each["id"], "pages": 1} for each in job.papers(clerk)]
    taken = [each for each in clerk.shown(job.pk)["materials"] if each["status"] == "taken"]
    sheets += [{"material_id": each["id"], "pages": 2} for each in taken]
    item = clerk.get("item/?q=(filters:!((col:code,opr:eq,value:I12)))").json["result"][0]
    job.do(clerk, "archive", medium="both", retention_id=item["retention_id"], pages=sheets)
    assert error(clerk.do("confirm_archive", job.pk, checked=True)) == (403, "not_allowed")
    job.do(assistant, "confirm_archive", checked=True)
    assert (job.answer["archive"], job.running()) == ("filed", {})
    (file,) = assistant.get("archive/").json["ids"]
    assert len(assistant.get(f"archive/{file}?reason=核对案卷目录").json["result"]["pages"]) == len(sheets)


def look_back(job: Job) -> None:
    """Every paper can be read, and the history is whole."""
    leader = job.program("leader")
    for paper in job.papers(leader):
        printed = leader.get(f"application/{job.pk}/documents/{paper['number']}.pdf")
        assert printed.data.startswith(b"%PDF"), paper["kind"]
        assert (printed.data == samples.pdf(2)) is (paper["kind"] == "certificate")
    acts = [each["act"] for each in leader.get(f"application/{job.pk}/events").json]
    assert acts == ["register", "receive", "confirm_file", "accept", "review", "grant", "make_certificate", "hand_over",
                    "confirm_handover", "issue", "archive", "confirm_archive"]  # fmt: skip


@pytest.mark.req(69)
def test_a_rejection_needs_the_leader_before_there_is_a_notice(job: Job) -> None:
    line = Line(job.county).until("confirmed")
    job.pk, job.version = line.id, job.county.application(line.id).version
    approver, leader = job.program("approver"), job.program("leader")
    reasons = {"reason_code": "wrong_authority", "redirect_to": "省林业局", "facts": "申请采伐的林木在自然保护区内。",
               "reasons": "该区域的采伐由省级主管部门审批。", "legal_basis": "《森林法》第五十七条"}  # fmt: skip
    job.do(approver, "reject", **reasons)
    assert job.answer["state"] == "rejection_filing"
    assert error(approver.do("approve_rejection", job.pk, opinion="同意")) == (403, "not_allowed")
    job.do(leader, "return_rejection", opinion="请核实地点")
    job.do(approver, "reject", **reasons)
    assert job.papers(leader, "non_acceptance") == []
    job.do(leader, "approve_rejection", opinion="同意")
    assert job.answer["state"] == "not_accepted"
    (notice,) = job.papers(leader, "non_acceptance")
    assert leader.get(f"application/{job.pk}/documents/{notice['number']}.pdf").data.startswith(b"%PDF")
