"""The menu on the left shows what was granted, in the reader's language, and where one is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.extensions import db
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
