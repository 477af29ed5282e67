"""Pages of charging: what the windows must tell applicants to pay, every fee within reach, the platform's address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement

from app.engine.item_inputs import FEE_KINDS
from app.law import N_
from app.law.lifecycle import TRANSITIONS
from app.law.roles import Role
from app.models.fees import Fee
from app.stages.fees import shown
from app.stages.fees.callback import PaymentCallback
from app.stages.fees.forms import SHAPES
from app.web import branches_shown, conditions, desk, forms, object_page
from app.web.lists import ReadOnlyList

if TYPE_CHECKING:
    from flask_appbuilder import AppBuilder
    from werkzeug.wrappers import Response as AnyResponse

    from app.engine.actors import Grant


class ToNotify(desk.Desk):
    """Accepted, and the applicant was not told yet what to pay and how."""

    name = "fees"
    title = N_("Payment notices to give")
    roles = (Role.WINDOW_CLERK, Role.TOWN_CLERK, Role.CERT_CLERK)
    states = TRANSITIONS["notify_fee"].sources
    act = "notify_fee"

    @classmethod
    def also(cls, grant: Grant) -> ColumnElement[bool]:
        """Something is due that nobody was told of."""
        return conditions.fee_is("due")


class FeeList(ReadOnlyList):
    """The fees and deposits of applications within reach; a row leads to its page."""

    model = Fee
    route_base = "/fees"
    list_title = _("Fees and deposits")
    list_columns = ["name", "kind", "state", "amount", "payment_code", "pay_by", "paid_at", "payment_no"]
    order_columns = ["amount", "pay_by", "paid_at"]
    search_columns = ["name", "kind", "state", "payment_code", "payment_no", "payer"]
    choices_of = {"kind": FEE_KINDS, "state": {state: words for state, (words, _tone) in shown.STATES.items()}}

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> AnyResponse:
        """The fee's own page."""
        return redirect(url_for("ObjectPage.show", kind="fee", subject_id=self._row(pk).id))


def register(appbuilder: AppBuilder) -> None:
    """Open the room."""
    forms.SHAPES.update(SHAPES)
    object_page.SHOWN["fee"] = object_page.Kind(N_("Fee or deposit"), shown.facts, list_endpoint="FeeList.list")
    branches_shown.register(shown.sections)
    desk.register(ToNotify)
    appbuilder.add_view(
        FeeList, "Fees", label=_("Fees and deposits"), icon="list", category="Work", category_label=_("Work")
    )
    appbuilder.add_view_no_menu(PaymentCallback)
