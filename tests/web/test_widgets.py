"""The inputs of generated forms: the browser's own, with nothing chosen unseen."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from flask import Flask
from flask_appbuilder.fields import QuerySelectField
from flask_babel import Babel
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms.fields import BooleanField, DateField, DateTimeLocalField, StringField

from app.web.widgets import NativeDate, NativeDateTime, NativeFile, UnchosenSelect, control, first

# Flask-AppBuilder's own fields do so.
pytestmark = pytest.mark.filterwarnings("ignore:Yielding raw tuples from iter_choices:DeprecationWarning")

ITEMS = [SimpleNamespace(id=1, name="Tree felling"), SimpleNamespace(id=2, name="Food <workshop>")]


class ExampleForm(FlaskForm):
    """One field of each kind."""

    name = StringField("Name")
    due = DateField("Due", widget=NativeDate())
    at = DateTimeLocalField("At", widget=NativeDateTime())
    scan = StringField("Scan", widget=NativeFile())
    urgent = BooleanField("Urgent")
    item = QuerySelectField(
        "Item", query_func=lambda: ITEMS, get_pk_func=lambda item: item.id, get_label="name", widget=UnchosenSelect()
    )


@pytest.fixture
def in_request() -> Iterator[None]:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="test", WTF_CSRF_ENABLED=False)
    Babel(app)
    with app.test_request_context():
        yield


def form(**values: str) -> ExampleForm:
    return ExampleForm(formdata=MultiDict(values) if values else None)


def filters(*names: str) -> list[object]:
    return [type(name, (), {})() for name in names]


@pytest.mark.usefixtures("in_request")
class TestInputs:
    def test_a_date_is_the_browsers_own_and_has_four_digits_of_year(self):
        assert '<input class="form-control" id="due" max="9999-12-31" name="due" type="date"' in form().due()

    def test_a_moment_keeps_its_hour_and_minute(self):
        assert 'value="2026-11-23T09:40' in form(at="2026-11-23T09:40").at()

    def test_a_stored_file_can_be_removed_and_its_name_cannot_be_markup(self):
        html = form(scan="<b>.pdf").scan()

        assert 'name="_scan-delete"' in html
        assert "&lt;b&gt;.pdf" in html

    def test_no_row_is_chosen_beforehand_where_one_is_required(self):
        html = form().item()

        assert html.index('<option value=""></option>') < html.index("Tree felling")
        assert "selected" not in html

    def test_the_chosen_row_stays_chosen(self):
        assert '<option selected value="2">' in form(item="2").item()


@pytest.mark.usefixtures("in_request")
class TestFilter:
    def test_a_select_begins_with_any_and_shows_what_is_searched_for(self):
        html = control(form().item, "2")

        assert '<option value=""></option>' in html
        assert '<option value="2" selected>Food &lt;workshop&gt;</option>' in html

    def test_a_tick_becomes_a_choice_that_can_be_left_open(self):
        assert '<option value="y">' in control(form().urgent, "")

    def test_a_text_shows_what_is_searched_for(self):
        assert 'value="&lt;Wang"' in control(form().name, "<Wang")

    @pytest.mark.parametrize(
        ("field", "offered", "expected"),
        [
            ("name", ("FilterStartsWith", "FilterEndsWith", "FilterContains"), 2),
            ("due", ("FilterEqual", "FilterGreater", "FilterSmaller"), 1),
            ("item", ("FilterRelationOneToManyEqual", "FilterRelationOneToManyNotEqual"), 0),
            ("urgent", ("FilterEqual", "FilterNotEqual"), 0),
        ],
    )
    def test_the_expected_comparison_comes_first(self, field, offered, expected):
        assert first(form()[field], filters(*offered)) == expected
