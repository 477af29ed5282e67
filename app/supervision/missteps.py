"""What forms were sent back for, so that a county knows in what its people are to be trained (第十二条, req. 31)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flask_appbuilder.models.filters import BaseFilter
from flask_babel import gettext, lazy_gettext
from sqlalchemy import or_

from app.engine.acts import ACTS
from app.engine.object_acts import BODIES
from app.law.object_acts import EVERY_ACT
from app.law.roles import Role
from app.models.misstep import Misstep
from app.web.actor import current_actor
from app.web.crud import GeneratedView

if TYPE_CHECKING:
    from marshmallow import fields

READERS = frozenset({Role.WINDOW_MANAGER, Role.OFFICE_HEAD, Role.SUPERVISOR, Role.BUREAU_LEADER})


class OfOwnPeople(BaseFilter):
    """A manager sees the own hall or town, a head the own office, whoever supervises the county."""

    name = lazy_gettext("Own people")

    def apply(self, query: Any, _value: object) -> Any:
        """As far as whoever asks reaches."""
        actor = current_actor()
        if actor.sees_county:
            return query
        led, headed = actor.centres_as(*READERS), actor.offices_as(*READERS)
        return query.filter(or_(Misstep.centre_id.in_(led), Misstep.office_id.in_(headed)))


def _label(where: tuple[str, str]) -> str:
    """A field of an act by its labels, those of a group or line first."""
    act, path = where
    body = ACTS.get(act) or BODIES.get(act)
    words: list[str] = []
    inner: dict[str, fields.Field] = body.schema().fields if body else {}
    for part in filter(None, path.split(".")):
        field = inner.get(part)
        if field is None:
            words.append(part)
            continue
        words.append(gettext(field.metadata["label"]))
        nested = getattr(field, "inner", field)
        inner = nested.schema.fields if hasattr(nested, "schema") else {}
    return ", ".join(words) or "—"


def _said(sentence: str) -> str:
    """The sentence without what it named: that is not kept."""
    return re.sub(r"%\(\w+\)s", "…", gettext(sentence))


class MisstepList(GeneratedView):
    """How often whom was told what about which field; no application, and nothing that was typed."""

    model = Misstep
    route_base = "/missteps"
    list_title = lazy_gettext("Input that was sent back")
    readers = READERS
    include_route_methods = {"list"}
    base_filters = [["id", OfOwnPeople, None]]
    list_columns = ["day", "name", "act", "where", "sentence", "times"]
    show_columns = add_columns = edit_columns = ()
    order_columns = ["day", "name", "times"]
    search_columns = ["day", "name", "act", "times"]
    base_order = ("id", "desc")
    choices_of = {"act": {name: row.label for name, row in EVERY_ACT.items()}}
    label_columns = {"where": lazy_gettext("Field")}
    formatters_columns = {"where": _label, "sentence": _said}
