"""The menu on the left: drawn once for everybody who sees the same entries, in each language and on each page of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flask import current_app, render_template, request, url_for
from flask_babel import get_locale
from markupsafe import Markup

from app.web.application_page import ApplicationPage
from app.web.lists import ApplicationList
from app.web.object_page import SHOWN, ObjectPage

if TYPE_CHECKING:
    from flask import Flask
    from flask_appbuilder import AppBuilder

FEW = 512
LAST = "Security"
"""The section of accounts and roles, which Flask-AppBuilder puts first."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One link, or a section with its links."""

    label: Any
    icon: str
    url: str
    entries: tuple[Entry, ...] = ()


def register(app: Flask) -> None:
    """Let the shell draw it, and offer the search for applications to whoever may list them."""
    app.jinja_env.globals["navigation"] = navigation
    app.jinja_env.globals["may_search"] = may_search


def navigation() -> Markup:
    """The entries that were granted to whoever asks, the page that is shown marked."""
    appbuilder: AppBuilder = current_app.appbuilder
    whose = (appbuilder, frozenset(appbuilder.sm.get_user_menu_access()), request.script_root)
    links = (link for entry in _entries(*whose) for link in entry.entries or (entry,))
    page = _place()
    here = tuple(link.url for link in links if _leads_to(link.url, page))
    return _drawn(*whose, here, str(get_locale()))


def may_search() -> bool:
    """Whether whoever asks may list applications; asked by the shell, not by the pages that do without a database."""
    found: bool = current_app.appbuilder.sm.has_access("can_list", ApplicationList.class_permission_name)
    return found


def _place() -> str:
    """The page shown; of one application or object, the list it stands on."""
    if request.blueprint == ApplicationPage.__name__:
        return url_for(f"{ApplicationList.__name__}.list")
    if request.blueprint == ObjectPage.__name__:
        shown = SHOWN.get((request.view_args or {}).get("kind", ""))
        return url_for(shown.list_endpoint) if shown is not None and shown.list_endpoint else request.path
    return request.path


def _leads_to(url: str, path: str) -> bool:
    section = url.replace("/list/", "/")
    return path == url or (len(section) > 1 and path.startswith(section))


@lru_cache(FEW)
def _entries(appbuilder: AppBuilder, granted: frozenset[str], _root: str) -> tuple[Entry, ...]:
    sections = [menu for menu in appbuilder.menu.get_list() if menu.name in granted]
    sections.sort(key=lambda menu: menu.name == LAST)
    return tuple(
        Entry(menu.label, menu.icon, "" if menu.childs else menu.get_url(), _links(menu.childs, granted))
        for menu in sections
    )


def _links(items: list[Any], granted: frozenset[str]) -> tuple[Entry, ...]:
    return tuple(Entry(item.label, item.icon, item.get_url()) for item in items if item.name in granted)


@lru_cache(FEW)
def _drawn(
    appbuilder: AppBuilder, granted: frozenset[str], root: str, here: tuple[str, ...], _language: str
) -> Markup:
    entries = _entries(appbuilder, granted, root)
    return Markup(render_template("appbuilder/_navigation.html", entries=entries, here=here))  # noqa: S704  (a template)
