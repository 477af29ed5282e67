"""The county's administrator, who cannot program, brings a new item to the counter of a town, and a clerk files it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from tests.factories import APPLICANT
from tests.web.logins import PASSWORD, grant_everything

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from playwright.sync_api import Page

    from tests.factories import County

SHOTS = os.environ.get("SHOTS", "")
PUBLISH = "form[action$='/publish'] [type=submit]"


@pytest.fixture
def people(app: Flask, county: County) -> County:
    """A county whose people may log in."""
    grant_everything(app)
    return county


def log_in(page: Page, username: str) -> Page:
    page.goto("/login/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_selector("h1:has-text('我的工作台')")
    return page


def typed(page: Page, **values: Any) -> Page:
    """Fill in fields by name: a tick by True, a choice by its words."""
    for name, value in values.items():
        field = page.locator(f"[name='{name.replace('__', '.')}']")
        if value is True:
            field.check()
        elif field.evaluate("each => each.tagName") == "SELECT":
            field.select_option(value if value.isascii() else None, label=None if value.isascii() else value, force=True)
        else:
            field.fill(value)
    return page


def look(page: Page, name: str) -> None:
    """Keep a picture where SHOTS names a folder."""
    if SHOTS:
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 1440, "height": 900})


def confirm(page: Page) -> None:
    page.click("#ask [value=yes]")


@pytest.mark.timeout(300)
def test_a_new_item_with_two_questions_and_a_tolerated_material_is_published_fronted_and_filed(  # noqa: PLR0915  (one journey)
    people: County, new_page: Callable[..., Page]
) -> None:
    page = log_in(new_page(), "admin")
    page.goto("/items/list/")
    page.click(".list-bar a.btn-primary")
    typed(
        page, code="K01", name="户外广告设置备案", basic_code="001099001000", impl_code="11469022MB0A12342B4001099001000",
        item_type="其他行政权力", office="市场准入审批室", department="林业局", result_name="备案凭证", retention="30年",
        is_active=True, handling="承诺件", promised_days="25", statutory_amount="1", statutory_unit="月",
        legal_basis="《户外广告管理办法》第五条", conditions="设置地点合法", procedure="收件、受理、审查、出件",
    )  # fmt: skip
    look(page, "fields")
    page.click("form [type=submit]")
    page.wait_for_selector("h1:has-text('草稿')")

    page.click(".action-bar a:has-text('新增材料')")
    typed(page, name="户外广告设置申请表", form="original", original_count="1", is_core=True).click("form [type=submit]")
    page.click(".action-bar a:has-text('新增材料')")
    typed(page, name="现场照片", form="electronic", tolerable=True, supplement_days="3").click("form [type=submit]")
    page.click(".action-bar a:has-text('新增补充信息项')")
    typed(page, label="广告位编号", name="place_no", type="文本", required=True, pattern=r"[A-Z]\d{4}", help="如A0012")
    look(page, "question")
    page.click("form [type=submit]")
    page.click(".action-bar a:has-text('新增补充信息项')")
    typed(page, label="设置方式", name="way", type="单选", choices="落地\n墙面").click("form [type=submit]")
    page.wait_for_selector("text=广告位编号")

    page.click(PUBLISH)
    confirm(page)
    assert "承诺时限不得超过法定时限：2026-" in page.inner_text(".error-summary")
    look(page, "draft")
    page.click(".error-summary a")
    typed(page, promised_days="10").click("form [type=submit]")
    typed(page, note="县政府要求新增").click(PUBLISH)
    confirm(page)
    page.wait_for_selector("text=第1版已公布")
    page.click("text=前移到镇")
    confirm(page)
    page.wait_for_selector("text=已前移到镇。")
    look(page, "item")

    clerk = log_in(new_page(), "clerk.town")
    clerk.click("text=登记办件")
    typed(clerk, applicant_name=APPLICANT["name"])
    clerk.click("#field-item-ts-control")
    clerk.keyboard.type("K01")
    clerk.wait_for_selector(".ts-dropdown .option:has-text('户外广告设置备案')")
    clerk.keyboard.press("Enter")
    clerk.wait_for_selector("text=广告位编号")
    assert clerk.input_value("[name=applicant_name]") == APPLICANT["name"]
    for name, value in (("applicant_type", "1"), ("id_type", "resident_id")):
        radio = clerk.locator(f"input[type=radio][name='{name}'][value='{value}']")
        radio.check() if radio.count() else clerk.select_option(f"select[name='{name}']", value)
    typed(clerk, id_no=APPLICANT["id_no"], phone="19900000001", extra__place_no="12", extra__way="墙面")
    clerk.click("form.card [type=submit]")
    assert "如A0012" in clerk.inner_text(".error-summary")
    look(clerk, "register")
    assert clerk.input_value("[name='extra.way']") == "墙面"
    typed(clerk, extra__place_no="B0345").click("form.card [type=submit]")
    clerk.wait_for_selector("text=已办理：登记")
    said = clerk.inner_text("[aria-labelledby=answers]")
    assert "B0345" in said
    assert "墙面" in said
    assert "事项第2版" in clerk.content()
    assert "可容缺" in clerk.inner_text("[aria-labelledby=materials]")
    look(clerk, "application")
