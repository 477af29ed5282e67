"""What is filed as one thing, by program: each theme with its lead item and those that take part."""

from __future__ import annotations

from flask_appbuilder.models.sqla.interface import SQLAInterface
from marshmallow import fields

from app.law.roles import STAFF_ROLES
from app.models.theme import Theme
from app.web.api_answers import ItemName
from app.web.api_base import Answer, Resource
from app.web.api_records import columns


class ThemeRow(Answer):
    """One thing; `register` takes its `id` as `theme_id`."""

    id = fields.Integer(strict=True)
    code = fields.String()
    name = fields.String()
    is_active = fields.Boolean()
    lead_item = fields.Nested(ItemName)
    items = fields.List(fields.Nested(ItemName))


class ThemeApi(Resource):
    """The things whose applications are decided together; the county administrator writes them on their pages."""

    resource_name = "theme"
    class_permission_name: str | None = None
    readers = frozenset(STAFF_ROLES)
    datamodel = SQLAInterface(Theme)
    list_columns = show_columns = columns(ThemeRow)
    search_columns = ["id", "code", "name", "is_active"]
    order_columns = ["id", "code"]
    list_model_schema, show_model_schema = ThemeRow(), ThemeRow()
