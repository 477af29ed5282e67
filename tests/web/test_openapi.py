"""The description is truthful: every route is in it, nothing else is, and what is answered is what it says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from app.engine.acts import ACTS, in_order
from app.engine.object_acts import of_kind
from app.law.lifecycle import TRANSITIONS
from app.web.errors import CODES
from tests.factories import Line, charged, tolerant
from tests.web.programs import Program, error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tests.factories import County

METHODS = {"get", "post", "put", "delete", "patch"}
LINE = "/api/v1/application/{pk}/transitions/"


@pytest.fixture
def clerk(app: Flask, county: County) -> Program:
    """A town clerk's program."""
    return Program(app, county, "clerk.town")


@pytest.fixture
def document(clerk: Program) -> dict[str, Any]:
    """The description as a clerk's program reads it, in English."""
    return clerk.get("_openapi", headers={"Accept-Language": "en"}).json


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_every_route_is_described_and_every_description_has_its_route(app: Flask, document: dict[str, Any]) -> None:
    routes = set()
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/api/"):
            continue
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        names = [path]
        if path == LINE + "{name}":
            names = [LINE + act.transition.name for act in in_order() if not act.transition.birth]
        elif path.endswith("/transitions/{name}"):
            kind = path.split("/")[3]
            is_birth = "{pk}" not in path
            acts = [act for act in of_kind(kind) if act.transition.birth is is_birth]
            names = [path.replace("{name}", act.transition.move) for act in acts]
        routes |= {(name, method.lower()) for name in names for method in rule.methods - {"HEAD", "OPTIONS"}}
    assert {(path, method) for path, method, _ in operations(document)} == routes


def test_an_act_without_a_body_is_not_described(document: dict[str, Any]) -> None:
    described = {path.removeprefix(LINE) for path in document["paths"] if path.startswith(LINE)}
    assert described == set(ACTS) - {"register"}
    assert {"remind_rating"} == set(TRANSITIONS) - described - {"register"}


def test_the_description_is_a_sound_openapi_document(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    assert document["info"].keys() >= {"title", "version"}
    ids = [operation["operationId"] for _, _, operation in operations(document) if "operationId" in operation]
    assert len(ids) == len(set(ids))
    schemes = set(document["components"]["securitySchemes"])
    for path, method, operation in operations(document):
        where = f"{method} {path}"
        assert method in METHODS, where
        assert operation["responses"], where
        assert any(status.startswith("2") for status in operation["responses"]), where
        in_path = {each["name"] for each in operation.get("parameters", ()) if each["in"] == "path"}
        assert in_path == set(re.findall(r"{(\w+)}", path)), where
        security = operation.get("security", document["security"])
        assert {name for each in security for name in each} <= schemes, where
        assert bool(security) is (path != "/api/v1/security/login"), where
        for response in operation["responses"].values():
            assert "$ref" in response or response["description"], where
    for kind, reference in references(document):
        assert reference in document["components"][kind], reference
    for schema in schemas(document):
        Draft202012Validator.check_schema(schema)


def references(found: Any) -> Iterator[tuple[str, str]]:
    if isinstance(found, dict):
        if "$ref" in found:
            _, _, kind, name = found["$ref"].split("/")
            yield kind, name
        for each in found.values():
            yield from references(each)
    elif isinstance(found, list):
        for each in found:
            yield from references(each)


def schemas(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from document["components"]["schemas"].values()
    for _, _, operation in operations(document):
        bodies = [operation.get("requestBody", {}), *operation["responses"].values(), *operation.get("parameters", ())]
        for body in bodies:
            for content in body.get("content", {}).values():
                yield content["schema"]


def test_every_error_is_described_as_it_is_answered(document: dict[str, Any], clerk: Program) -> None:
    assert set(document["components"]["responses"]) == {str(status) for status in (*CODES, 500)}
    for answer in (clerk.get("application/999"), clerk.get("application/?q=(("), clerk.post("application/", {"item": 1})):
        fits(document, document["components"]["schemas"]["Error"], answer.json)
        error(answer)


def with_everything(county: County) -> None:
    """Applications with a material owed, a suspension, an opinion asked for, an escalation, a fee."""
    tolerant(county)
    line = Line(county, item="I06").register().receive().confirm_file().accept().suspend()
    line.resume()
    line.do("approver", "request_opinion", offices=[county.office("SC").id], question="是否属于限制区域", due_days=2)
    line.do("clerk.town", "escalate", type="missing_history", reason="早年的登记资料已经无法查找")
    charged(county)
    Line(county, item="I20").until("accepted").notify_fee()


def test_what_is_answered_fits_the_description(county: County, clerk: Program, document: dict[str, Any]) -> None:
    line = Line(county).until("filed")
    with_everything(county)
    named = ("handover_slip", "owed_material", "suspension", "opinion", "escalation", "certificate", "archive", "ticket",
             "item", "material", "window", "staff", "fee", "payment_channel")  # fmt: skip
    pks = {"application": line.id} | {name: clerk.get(f"{name}/").json["ids"][0] for name in named}
    looked_at = 0
    for path, method, operation in operations(document):
        resource = path.split("/")[3]
        answered = operation["responses"].get("200", {}).get("content", {}).get("application/json")
        if method != "get" or not answered or resource == "menu" or "{number}" in path:
            continue
        answer = clerk.get(path.removeprefix("/api/v1/").replace("{pk}", str(pks.get(resource, 0))))
        assert answer.status_code == 200, path
        fits(document, answered["schema"], answer.json)
        looked_at += 1
    besides = ("transitions", "events", "clocks", "documents", "of an opinion", "of an escalation", "of a fee", "_openapi")
    assert looked_at == 2 * len(pks) + len(besides)


def test_what_an_act_answers_fits_the_description(county: County, clerk: Program, document: dict[str, Any]) -> None:
    line = Line(county).register()
    given = {"materials": line.materials(), "identity_checked": "eyes", "delivery_mode": "window", "sent_as": "paper"}
    operation = document["paths"][LINE + "receive"]["post"]
    fits(document, operation["requestBody"]["content"]["application/json"]["schema"], {"version": 1, **given})
    answer = clerk.do("receive", line.id, **given)
    assert answer.status_code == 200
    fits(document, operation["responses"]["200"]["content"]["application/json"]["schema"], answer.json)
    (offer,) = [each for each in clerk.get(f"application/{Line(county).register().id}/transitions").json
                if each["name"] == "receive"]  # fmt: skip
    Draft202012Validator.check_schema(offer["schema"])
    assert not list(Draft202012Validator(offer["schema"]).iter_errors({"version": 1, **given}))
    for wrong in ({**given, "surprise": 1}, {**given, "sent_as": "pigeon"}, {**given, "materials": []}):
        assert list(Draft202012Validator(offer["schema"]).iter_errors({"version": 1, **wrong}))


def test_the_description_speaks_chinese_too(clerk: Program, document: dict[str, Any]) -> None:
    chinese = clerk.get("_openapi", headers={"Accept-Language": "zh"}).json
    assert chinese["paths"].keys() == document["paths"].keys()
    summary = document["paths"]["/api/v1/application/"]["get"]["summary"]
    assert chinese["paths"]["/api/v1/application/"]["get"]["summary"] != summary


def fits(document: dict[str, Any], schema: dict[str, Any], found: Any) -> None:
    """Look at an answer with the schema that the document gives for it."""
    whole = Draft202012Validator({**schema, "components": document["components"]})
    faults = [fault.message for fault in whole.iter_errors(found)]
    assert not faults, faults[:5]
