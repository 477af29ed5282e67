"""The menu on the left shows what was granted, in the reader's language, and where one is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.extensions import db
from app.models.catalogue import Item
from tests.factories import Line
from tests.web.at_work import at_work

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from tests.factories import County


def menu(client: FlaskClient, page: str) -> dict[str, bool]:
    """The links of the menu, each with whether it says that one is there."""
    nav = re.search(r"<nav .*?</nav>", client.get(page).text, re.DOTALL)[0]
    links = re.findall(r'<a class="nav-link" href="([^"]+)"( aria-current="page")?', nav)
    return {address: bool(here) for address, here in links}


def test_the_page_one_is_on_is_marked_and_a_page_below_it_with_it(app: Flask, county: County) -> None:
    clerk = at_work(app, "clerk.hall")
    assert [address for address, here in menu(clerk, "/").items() if here] == ["/"]
    assert [address for address, here in menu(clerk, "/applications/list/").items() if here] == ["/applications/list/"]
    assert [address for address, here in menu(clerk, "/about/").items() if here] == []


def test_an_application_and_an_object_stand_on_their_list(app: Flask, county: County) -> None:
    clerk = at_work(app, "clerk.hall")
    line = Line(county, clerk="clerk.hall", item="I13").register()
    [address] = [place for place, here in menu(clerk, f"/application/{line.id}").items() if here]
    assert address == "/applications/list/"
    assert [place for place, here in menu(clerk, "/object/ticket/new/take").items() if here] == ["/tickets/list/"]


def test_the_search_for_applications_is_offered_to_whoever_may_list_them(app: Flask, county: County) -> None:
    assert 'role="search"' in at_work(app, "clerk.hall").get("/").text
    for nobody in ("admin", "department"):
        assert 'role="search"' not in at_work(app, nobody).get("/").text, nobody


def test_each_is_offered_what_they_may_do_whoever_opened_the_page_first(app: Flask, county: County) -> None:
    item = county.session.scalars(select(Item.id).where(Item.code == "I12")).one()
    app.jinja_env.cache.clear()  # a page is put together for its first visitor
    clerk, admin = at_work(app, "clerk.hall"), at_work(app, "admin")
    for person, may_edit in ((clerk, False), (admin, True), (clerk, False)):
        assert ('class="action-bar"' in person.get(f"/items/show/{item}").text) is may_edit


def test_each_sees_the_entries_that_were_granted_and_loses_them_with_the_permission(app: Flask, county: County) -> None:
    clerk, admin = at_work(app, "clerk.hall"), at_work(app, "admin")
    assert "/slips/list/" in menu(clerk, "/")
    assert "/roles/list/" not in menu(clerk, "/")
    assert "/roles/list/" in menu(admin, "/")
    with app.app_context():
        manager = app.appbuilder.sm
        role, entry = manager.find_role("window_clerk"), manager.find_permission_view_menu("menu_access", "Handover slips")
        role.permissions.remove(entry)
        db.session.commit()
    assert "/slips/list/" not in menu(clerk, "/")
    assert "/slips/list/" in menu(at_work(app, "clerk.town"), "/")


def test_it_speaks_the_language_of_each_reader(app: Flask, county: County) -> None:
    clerk, of_the_menu = at_work(app, "clerk.hall"), re.compile(r"<nav .*?</nav>", re.DOTALL)
    for language, desk, other in (("en", "My desk", "我的工作台"), ("zh", "我的工作台", "My desk")):
        clerk.get(f"/lang/{language}")
        said = of_the_menu.search(clerk.get("/").text)[0]
        assert desk in said
        assert other not in said
