"""What the front end promises at a counter, tried in a browser on forms of the project's own macros."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask, render_template_string, request
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect
from playwright.sync_api import Browser, Page

from app.web import assets
from app.web.headers import ALWAYS
from tests.servers import serve

FRAME = """
{% extends "appbuilder/init.html" %}
{% from "_macros.html" import csrf, control, draft_note, error_summary, form_field, submit_row %}
{% block body %}<main data-person="{{ request.args.get('person', '1') }}">BODY</main>{% endblock %}
"""
INTAKE = """
<h1>Intake</h1>
<form method="post" action="/sent" data-no-enter data-draft="intake">
  {{ csrf() }}{{ draft_note() }}
  {{ form_field("id_no", "Number", attributes={"data-plain-digits": ""}) }}
  {{ form_field("name", "Name") }}
  {{ form_field("kind", "Kind", "radio", choices=[("person", "Person"), ("firm", "Firm")], value="person") }}
  {{ form_field("head", "Head", required=true, show_if="kind=firm") }}
  {{ form_field("item", "Item", "search-select", choices=[("1", "Felling trees"), ("2", "Food workshop")]) }}
  {{ submit_row("Send") }}
</form>
"""
QUESTION = """
<h1>Question</h1>
<form method="post" action="/sent">{{ csrf() }}{{ submit_row("Refuse", tone="danger", ask="Really?") }}</form>
"""
LIST = """
<h1>List</h1>
<div data-batch-list>
  <button type="button" data-batch="accept" data-batch-url="/sent" data-ask="Accept?">Accept</button>
  <table>{% for key in "123" %}
    <tr><td><input type="checkbox" data-batch-row value="{{ key }}" aria-label="Row {{ key }}"></td></tr>
  {% endfor %}</table>
</div>
"""
REFUSED = """
<h1>Refused</h1>
{{ error_summary([("name", "The name is missing.")]) }}
<form method="post">{{ csrf() }}{{ form_field("name", "Name", complaints=["The name is missing."]) }}</form>
"""
RECEIVED = "<h1>Received</h1>"
ENDED = "<h1>The login has ended</h1><form data-drafts-wait></form>"
PAGES = {"ended": ENDED, "intake": INTAKE, "question": QUESTION, "list": LIST, "refused": REFUSED, "received": RECEIVED}


@pytest.fixture
def sent() -> list[dict[str, list[str]]]:
    """What the pages posted."""
    return []


@pytest.fixture
def address(sent: list[dict[str, list[str]]]) -> Iterator[str]:
    """A small application with the project's templates and headers, and a page for each promise."""
    app = Flask("app")
    app.config.update(SECRET_KEY="test", BABEL_DEFAULT_LOCALE="en")
    Babel(app)
    CSRFProtect(app)
    assets.register(app)

    @app.get("/<name>")
    def page(name: str) -> str:
        return render_template_string(FRAME.replace("BODY", PAGES[name]))

    @app.post("/sent")
    def receive() -> str:
        sent.append(request.form.to_dict(flat=False))
        return page("received")

    @app.after_request
    def guard(response):
        response.headers.update(ALWAYS)
        return response

    with serve(app) as started:
        yield started


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Callable[[str], Page]]:
    """Opens a page, and lets nothing pass that the browser complains about."""
    context = browser.new_context(base_url=address, locale="en-GB")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    def go(name: str) -> Page:
        page.goto(f"/{name}")
        return page

    yield go
    context.close()
    assert not complaints


def focus(page: Page) -> str:
    return page.evaluate("document.activeElement.id")


def test_enter_goes_to_the_next_field_and_sends_nothing(open_page, sent):
    page = open_page("intake")

    page.fill("#field-id_no", "46900119900101001x")
    page.press("#field-id_no", "Enter")

    assert focus(page) == "field-name"
    assert sent == []


def test_full_width_digits_of_an_input_method_become_plain_ones(open_page):
    page = open_page("intake")

    page.fill("#field-id_no", "４６９００1 ｘ")
    page.press("#field-id_no", "Tab")

    assert page.input_value("#field-id_no") == "469001X"


def test_ctrl_enter_sends_the_form(open_page, sent):
    page = open_page("intake")

    page.fill("#field-name", "Wang")
    page.press("#field-name", "Control+Enter")
    page.wait_for_url("**/sent")

    assert sent[0]["name"] == ["Wang"]


def test_a_double_click_sends_once(open_page, sent):
    page = open_page("intake")

    page.dblclick("[type=submit]")
    page.wait_for_url("**/sent")

    assert len(sent) == 1


def test_a_field_that_does_not_apply_is_neither_shown_nor_required_nor_sent(open_page, sent):
    page = open_page("intake")
    assert page.is_hidden("#field-head")

    page.click("[type=submit]")
    page.wait_for_url("**/sent")

    assert "head" not in sent[0]


def test_the_field_appears_once_it_applies(open_page):
    page = open_page("intake")

    page.check("[name=kind][value=firm]")

    assert page.is_visible("#field-head")


def test_fast_typing_and_enter_choose_the_row_that_was_typed(open_page):
    page = open_page("intake")

    page.click("#field-item-ts-control")
    page.keyboard.type("food")
    page.keyboard.press("Enter")

    assert page.input_value("#field-item") == "2"


def test_a_draft_is_put_back_when_one_returns(open_page):
    page = open_page("intake")
    page.fill("#field-name", "Wang")
    page.check("[name=kind][value=firm]")
    page.goto("/list")

    open_page("intake")

    assert page.input_value("#field-name") == "Wang"
    assert page.is_checked("[name=kind][value=firm]")
    assert page.is_visible("[data-draft-note]")


def test_a_sent_form_leaves_no_draft(open_page):
    page = open_page("intake")
    page.fill("#field-name", "Wang")
    page.click("[type=submit]")
    page.wait_for_url("**/sent")

    open_page("intake")

    assert page.input_value("#field-name") == ""


def test_what_was_sent_when_the_login_had_ended_waits_for_the_same_person_alone(open_page):
    page = open_page("intake")
    page.route("**/sent", lambda route: route.fulfill(status=302, headers={"Location": "/ended"}))
    page.fill("#field-name", "Wang")
    page.click("[type=submit]")
    page.wait_for_url("**/ended")

    open_page("intake")
    assert page.input_value("#field-name") == "Wang"

    open_page("list?person=2")
    open_page("intake")
    assert page.input_value("#field-name") == ""


@pytest.mark.parametrize(("answer", "posts"), [("no", 0), ("yes", 1)])
def test_a_grave_act_asks_first(open_page, sent, answer, posts):
    page = open_page("question")

    page.click("main [type=submit]")
    assert page.inner_text("#ask-sentence") == "Really?"
    page.click(f"#ask [value={answer}]")
    page.wait_for_url("**/sent" if posts else "**/question")

    assert len(sent) == posts


def test_a_bulk_action_posts_the_ticked_rows(open_page, sent):
    page = open_page("list")

    page.check("[data-batch-row][value='1']")
    page.check("[data-batch-row][value='3']")
    page.click("[data-batch]")
    page.click("#ask [value=yes]")
    page.wait_for_url("**/sent")

    assert sent[0]["rowid"] == ["1", "3"]
    assert sent[0]["action"] == ["accept"]


def test_a_bulk_action_without_rows_says_so(open_page, sent):
    page = open_page("list")

    page.click("[data-batch]")

    assert page.inner_text("#ask-sentence") == "Tick at least one row first."
    assert sent == []


def test_complaints_are_read_first_and_lead_to_their_field(open_page):
    page = open_page("refused")
    assert page.evaluate("document.activeElement.className") == "error-summary"

    page.click(".error-summary a")

    assert page.url.endswith("#field-name")
    assert page.get_attribute("#field-name", "aria-invalid") == "true"


def test_dark_mode_and_large_type_are_remembered_by_the_server(open_page):
    page = open_page("list")
    page.context.add_cookies(
        [{"name": name, "value": value, "url": page.url} for name, value in (("theme", "dark"), ("text", "large"))]
    )

    open_page("list")

    assert page.get_attribute("html", "data-theme") == "dark"
    assert page.get_attribute("html", "data-text") == "large"
    assert page.get_attribute("html", "lang") == "en"
