"""第十五条: ten stages, each with a page for whoever does the work of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories import Line
from tests.web.at_work import at_work
from tests.web.logins import grant_everything

if TYPE_CHECKING:
    from flask import Flask

    from tests.factories import County

STAGES = {
    "（一）咨询指导": ("guide", "/consultations/list/"),
    "（二）取号": ("clerk.hall", "/counter/"),
    "（三）收件": ("clerk.town", "/application/new"),
    "（四）受理": ("approver", "/desk/acceptance"),
    "（五）审查与决定": ("approver", "/desk/review"),
    "（六）出件": ("clerk.town", "/desk/issuing"),
    "（七）收费": ("clerk.town", "/fees/list/"),
    "（八）评价": ("supervisor", "/ratings/list/"),
    "（九）归档": ("clerk.town", "/archives/list/"),
    "（十）推送信息": ("supervisor", "/ledgers/list/"),
}


@pytest.mark.req(40)
def test_each_of_the_ten_stages_is_reached_by_whoever_works_there_and_by_nobody_unknown(
    app: Flask, county: County
) -> None:
    grant_everything(app)
    Line(county).until("delivered")
    for stage, (who, address) in STAGES.items():
        assert at_work(app, who).get(address).status_code == 200, stage
        assert app.test_client().get(address).status_code in {302, 401}, stage
    assert app.test_client().get("/kiosk/hall").status_code == 200
