"""The configuration as a bundle: text that can be compared, proposed by one person and applied by another."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from app.configuration import seed_reference
from app.configuration.bundle_files import dump, pack, unpack
from app.engine.now import now
from app.extensions import db
from app.models.calendar import Setting
from app.models.catalogue import Item
from app.models.organisation import Office
from app.models.proposal import ConfigurationProposal
from app.models.revision import ItemRevision
from tests.generated import audit, client_of, value
from tests.web.forms import fields_of
from tests.web.logins import add_account, token_of_form
from tests.web.test_role_editor import acts_of

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

PAGE = "/configuration-bundle/"
Files = dict[str, Any]


@pytest.fixture
def seeded(house: Flask) -> Flask:
    """The small county with the settings and lamps of every installation, and a second administrator."""
    with house.app_context():
        seed_reference._settings(db.session())
        seed_reference._lamps(db.session())
        db.session.commit()
    add_account(house, "second", "county_admin")
    return house


def taken_out(client: FlaskClient) -> Files:
    return unpack(client.get(f"{PAGE}configuration.zip").data)


def propose(client: FlaskClient, data: bytes) -> TestResponse:
    fields = {"csrf_token": token_of_form(client, PAGE), "bundle": (io.BytesIO(data), "县里.zip"), "note": "统一配置"}
    return client.post(PAGE, data=fields, content_type="multipart/form-data")


def settle(client: FlaskClient, address: str, step: str, page: TestResponse | None = None) -> TestResponse:
    form = (page or client.get(address)).text.replace('<form method="post" class="card"', '<form id="model_form"')
    return client.post(address, data=fields_of(form) | {"step": step})


def changed(files: Files) -> Files:
    """A configuration that differs in every part."""
    files = json.loads(json.dumps(files))
    files["organisation/offices.json"]["SW"] = {"name": "社会事务审批室", "phone": "0898-9"}
    files["items/I12.json"] |= {"office": "SW", "promised_days": 4}
    files["items/I12.json"]["materials"][1]["copy_count"] = 2
    files["items/I77.json"] = files["items/I12.json"] | {"code": "I77", "impl_code": "11469022MB0A12342B4000177777001"}
    files["roles.json"]["window_manager"]["acts"] = sorted([*files["roles.json"]["window_manager"]["acts"], "register"])
    files["settings.json"]["draft_keep_days"] = 31
    files["lamps.json"]["promised"]["last_days"] = 3
    files["paragraphs.json"]["receipt_voucher"] = {"statement": "本凭证不代表受理。"}
    return files


@pytest.mark.database
def test_what_one_proposes_another_compares_and_applies_as_a_whole(seeded: Flask, admin: FlaskClient) -> None:
    files = changed(taken_out(admin))
    proposed = propose(admin, pack(files))
    assert proposed.status_code == 303, proposed.text
    address = proposed.headers["Location"]
    assert "register" not in acts_of(seeded, "manager.hall")
    own = settle(admin, address, "apply")
    assert (own.status_code, "You proposed this yourself" in own.text) == (403, True)
    second = client_of(seeded, "second")
    page = second.get(address)
    for words in (
        "items/I77.json", "organisation/offices.json",
        "Item I77", "Approval offices", "SW / Name", ">Promised limit<", "Material / 身份证明 / Photocopies",
        "Within the promised limit",
        "Window manager / Acts / Register", "Days a registration is kept", "Promised limit / Yellow: working days left",
        "Receipt voucher / Statement",
        "Lets 1 people do «Register»: 示manager.hall.",
    ):  # fmt: skip
        assert words in page.text, words
    assert settle(second, address, "apply", page).status_code == 303
    assert "register" in acts_of(seeded, "manager.hall")
    assert taken_out(second) == files
    assert value(seeded, select(Setting.value).where(Setting.key == "draft_keep_days")) == 31
    with seeded.app_context():
        item = db.session.scalars(select(Item).where(Item.code == "I12")).one()
        assert (item.office.code, item.promised_days, item.materials[1].copy_count) == ("SW", 4, 2)
        last = db.session.scalars(select(ItemRevision).where(ItemRevision.item_id == item.id)).all()[-1]
        assert (last.note, last.published_by) == ("统一配置", "second")
    assert settle(second, address, "apply", page).status_code == 409
    again = propose(admin, pack(files))
    assert (again.status_code, "says nothing else than what holds here" in again.text) == (422, True)
    assert any(what == "applied configuration_proposal" and by == "second" for what, _detail, by in audit(seeded))


def test_a_bundle_that_waits_lies_on_the_desk_of_every_other_administrator_until_it_is_settled(
    seeded: Flask, admin: FlaskClient, clerk: FlaskClient
) -> None:
    address = propose(admin, pack(changed(taken_out(admin)))).headers["Location"]
    second, words = client_of(seeded, "second"), "A configuration waits for you as the second person"
    desk = second.get("/").text
    assert words in desk
    assert f'href="{address}"' in desk
    for client in (admin, clerk):
        assert words not in client.get("/").text
    settle(second, address, "refuse")
    assert words not in second.get("/").text


def test_a_long_text_that_differs_only_at_its_end_is_a_difference(seeded: Flask, admin: FlaskClient) -> None:
    files = taken_out(admin)
    files["paragraphs.json"]["receipt_voucher"] = {"statement": f"本凭证{'不' * 400}代表受理。"}
    address = propose(admin, pack(files)).headers["Location"]
    settle(client_of(seeded, "second"), address, "apply")
    files["paragraphs.json"]["receipt_voucher"] = {"statement": f"本凭证{'不' * 400}代表受理！"}
    assert propose(admin, pack(files)).status_code == 303


def test_a_bundle_is_text_without_keys_or_people_and_the_same_bytes_each_time(
    seeded: Flask, admin: FlaskClient
) -> None:
    data = admin.get(f"{PAGE}configuration.zip").data
    assert admin.get(f"{PAGE}configuration.zip").data == data
    files = unpack(data)
    text = "".join(dump(each) for each in files.values())
    assert {name.partition("/")[0] for name in files} == {
        "bundle.json", "items", "organisation", "roles.json", "settings.json", "lamps.json", "paragraphs.json", "calendar",
    }  # fmt: skip
    assert '"id"' not in text
    assert "_id" not in text
    assert "clerk.hall" not in text
    assert pack(files) == data


WRONG: tuple[tuple[str, Any, str], ...] = (
    ("organisation/centres.json", {"hall2": {"kind": "hall"}}, "This is needed."),
    ("organisation/offices.json", {"XX": {"name": "农林水务审批室", "phone": ""}}, "This is taken already"),
    ("items/I12.json", {"code": "I12", "office": "NOWHERE", "department": "LY", "retention": "30y"}, "There is no «NOWHERE»"),
    ("items/I13.json", {"code": "I13", "office": "NL", "department": "LY", "retention": "30y", "promised_days": 99},
     "The promised limit may not exceed the statutory one."),
    ("roles.json", {"town_clerk": {"acts": ["accept"], "pages": []}}, "Town centre window clerk may never do this"),
    ("roles.json", {"town_clerk": {"acts": ["fly"], "pages": []}}, "There is no such thing in this version."),
    ("settings.json", {"draft_keep_days": 4}, "Please give a whole number from 5 to 90."),
    ("settings.json", {"draft_keep_days": "thirty"}, "This has the wrong form."),
    ("lamps.json", {"statutory": {"last_days": 0, "long_limit": 10, "long_percent": 20, "red_after": 0}}, "never later"),
    ("paragraphs.json", {"receipt_voucher": {"statement": "{nobody}"}}, "receipt_voucher.statement"),
    ("calendar/2020.json", {"2020-01-01": {"works": False, "name": ""}}, "calendar/2020.json"),
    ("calendar/2026.json", {"soon": 1}, "This has the wrong form."),
    ("items/x.json", [1], "This has the wrong form."),
    ("people.json", {}, "A bundle has no such file."),
)  # fmt: skip


def test_what_cannot_apply_is_said_at_once_and_nothing_is_kept(seeded: Flask, admin: FlaskClient) -> None:
    head = {"bundle.json": {"format": 1}}
    for name, said, sentence in WRONG:
        answer = propose(admin, pack(head | {name: said}))
        assert (answer.status_code, sentence in answer.text) == (422, True), (name, said, sentence)
    everything: Files = dict(head)
    for name, said, _sentence in WRONG:
        everything.setdefault(name, said)
    page = propose(admin, pack(everything)).text
    assert all(name in page for name, _said, _sentence in WRONG)
    assert value(seeded, select(func.count()).select_from(ConfigurationProposal)) == 0
    assert value(seeded, select(func.count()).where(Office.code == "XX")) == 0


def test_what_is_no_bundle_is_refused_with_a_sentence(seeded: Flask, admin: FlaskClient) -> None:
    def packed(name: str, text: str) -> bytes:
        kept = io.BytesIO()
        with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as bundle:
            bundle.writestr("bundle.json", '{"format": 1}')
            bundle.writestr(name, text)
        return kept.getvalue()

    for data, status, sentence in (
        (b"", 415, "This is no bundle"),
        (b"PK\x03\x04", 415, "This is no bundle"),
        (pack({"bundle.json": {"format": 9}}), 415, "This is no bundle"),
        (packed("../roles.json", "{}"), 415, "This is no bundle"),
        (packed("roles.json", "{"), 422, "This file cannot be read as JSON."),
        (packed("roles.json", "[" * 100_000), 422, "This file cannot be read as JSON."),
        (packed("settings.json", '{"\\ud800": 1}'), 422, "This file cannot be read as JSON."),
        (packed("roles.json", " " * 3_000_000), 413, "unpacks to far more"),
    ):
        answer = propose(admin, data)
        assert (answer.status_code, sentence in answer.text) == (status, True), (status, sentence)


def test_a_proposal_is_compared_with_what_holds_when_it_is_applied(seeded: Flask, admin: FlaskClient) -> None:
    address = propose(admin, pack(changed(taken_out(admin)))).headers["Location"]
    second = client_of(seeded, "second")
    page = second.get(address)
    with seeded.app_context():
        db.session.get(Setting, "draft_keep_days").value = 40
        db.session.commit()
    moved = settle(second, address, "apply", page)
    assert (moved.status_code, "was changed after you opened this page" in moved.text) == (409, True)
    assert settle(admin, address, "refuse").status_code == 403
    assert settle(admin, address, "withdraw").status_code == 303
    assert settle(second, address, "refuse", page).status_code == 409
    assert value(seeded, select(ConfigurationProposal.state)) == "withdrawn"


@pytest.mark.database
def test_the_database_knows_two_people_too(seeded: Flask, admin: FlaskClient) -> None:
    propose(admin, pack(changed(taken_out(admin))))
    with seeded.app_context():
        row = db.session.scalars(select(ConfigurationProposal)).one()
        fields = {c.name: getattr(row, c.name) for c in ConfigurationProposal.__table__.columns if c.name != "id"}
        fields |= {"state": "applied", "reviewer_id": row.proposer_id, "reviewed_at": now()}
        with pytest.raises(IntegrityError):
            db.session.execute(insert(ConfigurationProposal), [fields])


def test_bundles_are_the_administrators(clerk: FlaskClient) -> None:
    assert clerk.get(PAGE).status_code == 403
    assert clerk.get(f"{PAGE}configuration.zip").status_code == 403
