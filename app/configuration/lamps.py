"""The lamps in plain words: when each clock's lamp turns, whom it tells, what a change would turn at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from sqlalchemy import inspect

from app.engine.lamps import LAMP_VERSION, of_row, turned_by
from app.engine.now import now
from app.engine.settings import calendar, load
from app.errors import Complaint
from app.extensions import db
from app.law import N_
from app.law.clock import CLOCKS, Clock, Lamp, Thresholds
from app.law.lamp_bounds import BOUNDS, complaints
from app.law.roles import ROLE_LABELS, STAFF_ROLES, Role
from app.models.calendar import Setting
from app.models.publishing import LampRule
from app.web import changes
from app.web.crud import GeneratedView

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wtforms import Form

PARTS = {
    "applicant": N_("the applicant"),
    "receiver": N_("whoever took the papers"),
    "issuing_desk": N_("the issuing desk"),
    "clerk": N_("whoever lists the file"),
    "addressee": N_("the level asked"),
    "next_level": N_("the next level"),
    "asked_office": N_("the office asked"),
    "asked_office_head": N_("the head of the office asked"),
    "handler": N_("whoever handles it"),
}
COLOURS = {Lamp.GREEN: N_("green"), Lamp.YELLOW: N_("yellow"), Lamp.RED: N_("red")}


class LampView(GeneratedView):
    """When the lamp of each clock turns yellow and red."""

    model = LampRule
    route_base = "/lamps"
    list_title = _("Lamps")
    readers, editors = frozenset(STAFF_ROLES), frozenset({Role.COUNTY_ADMIN})
    include_route_methods = {"list", "show", "edit"}
    list_columns = ["clock", *BOUNDS]
    show_columns = [*list_columns, "since"]
    add_columns = ()
    edit_columns = [*BOUNDS]
    search_columns = ()
    order_columns = ()
    base_order = ("clock", "asc")
    choices_of = {"clock": {clock.value: rule.label for clock, rule in CLOCKS.items()}}

    def name_of(self, row: LampRule) -> str:
        """The clock's name."""
        return gettext(CLOCKS[Clock(row.clock)].label)

    def complaints(self, row: LampRule) -> Iterator[Complaint]:
        """Within the bounds that no county can move."""
        return (Complaint(*said) for said in complaints(Clock(row.clock), of_row(row)))

    def impact(self, row: LampRule) -> Iterator[str]:
        """How many lamps would turn at once."""
        session, clock = db.session(), Clock(row.clock)
        was = Thresholds(**{name: changes.before(row, name) for name in BOUNDS})
        days = calendar(session, load(session))
        turned = turned_by(session, clock, was, of_row(row), days, now())
        for (before, after), number in sorted(turned.items()):
            yield ngettext(
                "%(num)s lamp turns from %(was)s to %(new)s at once.",
                "%(num)s lamps turn from %(was)s to %(new)s at once.",
                number, was=gettext(COLOURS[before]), new=gettext(COLOURS[after]),
            )  # fmt: skip
        if not turned:
            yield gettext("No lamp changes its colour at once.")

    def after(self, row: LampRule) -> None:
        """From here on every process shows the lamps by the changed rule."""
        row.since = now()
        version = db.session.get(Setting, LAMP_VERSION)
        if version is None:
            version = Setting(key=LAMP_VERSION, value=0)
            changes.stamp(version)
            db.session.add(version)
        version.value = int(str(version.value)) + 1

    def _edit_page(self, row: LampRule, form: Form) -> str:
        rule = CLOCKS[Clock(inspect(row).identity[0])]
        for name, told in (("last_days", rule.yellow_to), ("red_after", rule.red_to)):
            words = gettext(", ").join(map(_who, told)) or gettext("nobody")
            who = gettext("Told then: %(who)s.", who=words)
            form[name].description = f"{form[name].description} {who}"
        return super()._edit_page(row, form)


def _who(name: str) -> str:
    return gettext(PARTS[name]) if name in PARTS else gettext(ROLE_LABELS[Role(name)])
