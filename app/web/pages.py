"""The pages that every room uses: the desk, the page of an application, the lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app
from flask_babel import lazy_gettext as _
from jinja2 import pass_context

from app.web.application_page import ApplicationPage
from app.web.item_files import ItemFilePage
from app.web.lists import ApplicationList, ArchiveList, SlipList
from app.web.object_page import ObjectPage

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask_appbuilder import AppBuilder
    from jinja2.runtime import Context


def register(appbuilder: AppBuilder) -> None:
    """Open them, and let the search box on top lead to applications."""
    _ask_each_time(current_app.jinja_env.filters)
    appbuilder.add_link("Desk", href="DeskView.index", label=_("My desk"), icon="home", baseview=appbuilder.indexview)
    appbuilder.add_view_no_menu(ApplicationPage)
    appbuilder.add_view_no_menu(ObjectPage)
    appbuilder.add_view_no_menu(ItemFilePage)
    work = {"category": "Work", "category_label": _("Work")}
    appbuilder.add_view(ApplicationList, "Applications", label=_("Applications"), icon="list", **work)
    appbuilder.add_view(SlipList, "Handover slips", label=_("Handover slips"), icon="transfer", **work)
    appbuilder.add_view(ArchiveList, "Archive files", label=_("Archive files"), icon="archive", **work)
    current_app.config["SEARCH_ENDPOINT"] = "ApplicationPage.search"


def _ask_each_time(filters: dict[str, Any]) -> None:
    """Who may see what is asked for each visitor; on constants Jinja would ask when it compiles the template, once."""
    for name in ("is_item_visible", "is_menu_visible"):
        filters[name] = _in_context(filters[name])


def _in_context(is_visible: Callable[..., bool]) -> Callable[..., bool]:
    @pass_context
    def asked(_context: Context, *given: Any) -> bool:
        return is_visible(*given)

    return asked
