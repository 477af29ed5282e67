"""The API's resources, in the order in which its description lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app

from app.web import language, refused_writes
from app.web.api_application import ApplicationApi
from app.web.api_catalogue import ItemApi, MaterialApi
from app.web.api_consultation import ConsultationApi, HelpServiceApi
from app.web.api_fees import FeeApi, PaymentChannelApi
from app.web.api_files import FileApi
from app.web.api_hearing import HearingApi
from app.web.api_ledger import LedgerApi
from app.web.api_objects import EscalationApi, OpinionApi
from app.web.api_oversight import ExportRequestApi
from app.web.api_people import SubstitutePeriodApi, WhereaboutsApi
from app.web.api_rating import ComplaintApi, RatingApi
from app.web.api_records import ArchiveApi, CertificateApi, HandoverSlipApi, OwedMaterialApi, SuspensionApi
from app.web.api_reference import StaffApi, WindowApi
from app.web.api_theme import ThemeApi
from app.web.api_ticketing import TicketApi
from app.web.openapi import OpenApi

if TYPE_CHECKING:
    from flask_appbuilder import AppBuilder

RESOURCES = (
    ApplicationApi,
    FileApi,
    HandoverSlipApi,
    OwedMaterialApi,
    CertificateApi,
    ArchiveApi,
    TicketApi,
    ItemApi,
    MaterialApi,
    WindowApi,
    StaffApi,
    SuspensionApi,
    OpinionApi,
    EscalationApi,
    WhereaboutsApi,
    SubstitutePeriodApi,
    ExportRequestApi,
    ConsultationApi,
    HelpServiceApi,
    RatingApi,
    ComplaintApi,
    FeeApi,
    PaymentChannelApi,
    LedgerApi,
    ThemeApi,
    HearingApi,
    OpenApi,
)


def register(appbuilder: AppBuilder) -> None:
    """Open the API to programs with a bearer token."""
    language.register(current_app._get_current_object())
    refused_writes.register(current_app._get_current_object(), RESOURCES)
    for resource in RESOURCES:
        appbuilder.add_api(resource)
