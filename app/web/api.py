"""The API's resources, in the order in which its description lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app

from app.web import language
from app.web.api_application import ApplicationApi
from app.web.api_catalogue import ItemApi, MaterialApi
from app.web.api_files import FileApi
from app.web.api_objects import EscalationApi, OpinionApi
from app.web.api_records import ArchiveApi, CertificateApi, HandoverSlipApi, OwedMaterialApi, SuspensionApi
from app.web.api_reference import StaffApi, WindowApi
from app.web.api_ticketing import TicketApi
from app.web.openapi import OpenApi

if TYPE_CHECKING:
    from flask_appbuilder import AppBuilder

RESOURCES = (
    ApplicationApi, FileApi, HandoverSlipApi, OwedMaterialApi, CertificateApi, ArchiveApi, TicketApi, ItemApi,
    MaterialApi, WindowApi, StaffApi, SuspensionApi, OpinionApi, EscalationApi, OpenApi,
)


def register(appbuilder: AppBuilder) -> None:
    """Open the API to programs with a bearer token."""
    language.register(current_app._get_current_object())
    for resource in RESOURCES:
        appbuilder.add_api(resource)
