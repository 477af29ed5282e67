"""Reference data by program: everybody reads items, materials, windows and staff, the administrator writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from flask_appbuilder.api import expose, protect
from flask_appbuilder.models.sqla.filters import FilterInFunction
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_appbuilder.security.decorators import permission_name
from marshmallow import fields
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.engine.inputs import Input
from app.errors import Complaint, Incomplete, NotFound
from app.extensions import db
from app.law import N_
from app.law.identity import clean, mask_phone
from app.law.roles import STAFF_ROLES, Role
from app.models.encrypted import blind_index
from app.models.organisation import Staff, Window
from app.web import changes
from app.web.api_base import Answer, Resource, body, read
from app.web.api_docs import said
from app.web.api_records import columns
from app.web.api_reference_inputs import (
    StaffInput,
    WindowInput,
    staff_complaints,
    window_complaints,
)
from app.web.constraints import explain
from app.web.listing import save
from app.web.staff_reach import staff_shown

if TYPE_CHECKING:
    from flask import Response


class WindowRow(Answer):
    """A counter."""

    id = fields.Integer(strict=True)
    centre_id = fields.Integer(strict=True)
    code = fields.String()
    name = fields.String()
    kind = fields.String()
    area = fields.String()
    phone = fields.String()
    is_active = fields.Boolean()


class StaffRow(Answer):
    """A person who works here; the phone is masked, the identity number never leaves."""

    id = fields.Integer(strict=True)
    user_id = fields.Integer(strict=True)
    name = fields.String()
    employer = fields.String()
    manager = fields.String()
    department_id = fields.Integer(strict=True, allow_none=True)
    phone = fields.Function(lambda person: mask_phone(person.phone), metadata={"type": "string"})


class ReferenceResource(Resource):
    """Rows that everybody reads and the administrator writes; nothing is deleted that history may name."""

    include_route_methods = {"get_list", "get", "post", "put"}
    class_permission_name: str | None = None
    readers = frozenset(STAFF_ROLES)
    editors = frozenset({Role.COUNTY_ADMIN})
    order_columns = ["id"]
    input_schema: type[Input]
    fixed: tuple[str, ...] = ()
    complaints: Callable[[Any], Iterable[Complaint]]

    @expose("/", methods=["POST"])
    @protect()
    @permission_name("post")
    @said(N_("Add one"), takes=Input, status=201, errors=(409, 413, 415, 422))
    def post(self) -> Response:
        data = body()
        row = self._save(lambda: self._add(data))
        return self.response(201, id=row.id, result=self.show_model_schema.dump(row))

    @expose("/<int:pk>", methods=["PUT"])
    @protect()
    @permission_name("put")
    @said(
        N_("Change what is named"), N_("Fields that are left out stay."), takes=Input, errors=(404, 409, 413, 415, 422)
    )
    def put(self, pk: int) -> Response:
        data = body()
        row = self._save(lambda: self._change(pk, data))
        return self.response(200, id=row.id, result=self.show_model_schema.dump(row))

    def changing(self) -> Input:
        """What may be changed: everything but the row it belongs to."""
        return self.input_schema(partial=True, exclude=self.fixed)

    def _save(self, work: Callable[[], Any]) -> Any:
        try:
            return save(work)
        except IntegrityError as error:
            raise Incomplete([explain(error, self.datamodel.obj.__table__, {})]) from error

    def _add(self, data: dict[str, Any]) -> Any:
        row = self.datamodel.obj()
        with db.session.no_autoflush:
            self._write(row, read(self.input_schema(), data))
        changes.stamp(row)
        db.session.add(row)
        db.session.flush()
        changes.record("added", row)
        return row

    def _change(self, pk: int, data: dict[str, Any]) -> Any:
        model = self.datamodel.obj
        row = db.session.scalar(select(model).where(model.id == pk).with_for_update())
        if row is None:
            raise NotFound
        with db.session.no_autoflush:
            given = read(self.changing(), data)
            self._write(row, given)
            told = changes.of(row, given)
        db.session.flush()
        changes.record("changed", row, told)
        return row

    def _write(self, row: Any, given: dict[str, Any]) -> None:
        columns_of = self.datamodel.obj.__table__.c
        for name, value in given.items():
            setattr(row, name, "" if value is None and not columns_of[name].nullable else value)
        named = [(name, key.column) for name in given for key in columns_of[name].foreign_keys if given[name]]
        absent = [name for name, key in named if db.session.scalar(select(key).where(key == given[name])) is None]
        complaints = [Complaint(name, N_("There is no such row.")) for name in absent]
        if complaints := [*complaints, *type(self).complaints(row)]:
            raise Incomplete(complaints)


class WindowApi(ReferenceResource):
    """The counters of hall and town centres."""

    resource_name = "window"
    datamodel = SQLAInterface(Window)
    list_columns = show_columns = search_columns = columns(WindowRow)
    order_columns = ["id", "code"]
    list_model_schema, show_model_schema = WindowRow(), WindowRow()
    input_schema, fixed, complaints = WindowInput, ("centre_id",), window_complaints


class StaffApi(ReferenceResource):
    """The people who work here."""

    resource_name = "staff"
    datamodel = SQLAInterface(Staff)
    base_filters = [["id", FilterInFunction, staff_shown]]
    list_columns = show_columns = columns(StaffRow)
    search_columns = [name for name in columns(StaffRow) if name != "phone"]
    order_columns = ["id", "name"]
    list_model_schema, show_model_schema = StaffRow(), StaffRow()
    input_schema, fixed, complaints = StaffInput, ("user_id",), staff_complaints

    def _write(self, row: Any, given: dict[str, Any]) -> None:
        super()._write(row, given)
        if "id_no" in given:
            row.id_no = clean(row.id_no) if row.id_no else None
            row.id_no_index = blind_index("id_no", row.id_no) if row.id_no else None
