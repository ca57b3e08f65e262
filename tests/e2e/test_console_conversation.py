"""Figures side by side and questions that lean on one another, in a real browser."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pytest
from openpyxl import load_workbook
from playwright.async_api import Browser, Page, expect
from tests.e2e.conftest import Furnished, ask

from yanku.testing.samples.make import ANNUAL, Samples

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


async def test_several_years_come_as_a_table_and_a_chart_with_files(
    page: Page, samples: Samples, pictures: Path
) -> None:
    company = samples.companies[0].firm.short
    await page.goto("/")
    await ask(page, f"{company}近三年营业收入和同比")
    newest = page.locator(".turn").first
    await expect(newest.locator(".figures-table tbody tr")).to_have_count(3)
    await expect(newest.get_by_role("img", name="图示")).to_be_visible()
    revenue = samples.find(ANNUAL, "income", "revenue").amounts[0]
    last = newest.locator(".figures-table tbody tr").last
    await expect(last).to_contain_text(revenue)
    await last.locator(".chip").first.click()
    await expect(page.locator(".paper .marked")).to_be_in_viewport(timeout=60_000)
    await page.screenshot(path=pictures / "figures.png", full_page=True)
    async with page.expect_download() as waiting:
        await newest.get_by_role("link", name="导出 CSV").click()
    saved = await (await waiting.value).path()
    assert revenue.replace(",", "") in saved.read_text("utf-8-sig")


async def test_a_conversation_goes_on_and_says_how_a_question_was_read(
    page: Page, samples: Samples, pictures: Path
) -> None:
    company = samples.companies[0].firm.short
    await page.goto("/")
    await ask(page, f"{company}2024年的营业收入是多少？")
    await ask(page, "那2023年呢？")
    newest = page.locator(".turn").first
    revenue = samples.find(ANNUAL, "income", "revenue").amounts
    await expect(newest.locator(".sentences")).to_contain_text(revenue[1])
    await expect(newest).to_contain_text("按上文理解为")
    await expect(page.locator(".turn").last.locator(".sentences")).to_contain_text(revenue[0])
    await page.screenshot(path=pictures / "conversation.png", full_page=True)


async def test_each_quarter_comes_with_growth_and_a_workbook_with_sources_in_comments(
    page: Page, samples: Samples, pictures: Path
) -> None:
    company = samples.companies[0].firm.short
    await page.goto("/")
    await ask(page, f"列出{company}近三年各季度营收和同比")
    newest = page.locator(".turn").first
    rows = newest.locator(".figures-table tbody tr")
    await expect(rows.first).to_be_visible()
    await expect(newest.locator(".figures-table tbody td .chip").first).to_be_visible()
    await page.screenshot(path=pictures / "quarters.png", full_page=True)
    async with page.expect_download() as waiting:
        await newest.get_by_role("link", name="导出 Excel").click()
    saved = await (await waiting.value).path()
    sheet = load_workbook(io.BytesIO(saved.read_bytes())).worksheets[0]
    figures = [
        cell
        for row in sheet.iter_rows(min_row=3)
        for cell in row
        if isinstance(cell.value, int | float)
    ]
    assert len(figures) >= await rows.count()
    for cell in figures:
        assert cell.comment is not None, cell.coordinate
        assert re.search(r"\.(pdf|xlsx|docx), ", cell.comment.text), cell.comment.text


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_words_of_a_chart_have_the_colours_of_the_page_and_fit_a_phone(
    browser: Browser, furnished: Furnished, samples: Samples, scheme: Literal["light", "dark"]
) -> None:
    company = samples.companies[0].firm.short
    context = await browser.new_context(
        base_url=furnished.address,
        locale="zh-CN",
        viewport={"width": 380, "height": 780},
        color_scheme=scheme,
    )
    await furnished.enter(context)
    page = await context.new_page()
    await page.goto("/")
    await ask(page, f"列出{company}近三年各季度营收、净利润和同比")
    word = page.locator(".figures-chart svg text").first
    await expect(word).to_be_visible()
    soft = await page.evaluate("getComputedStyle(document.body).getPropertyValue('--soft')")
    red, green, blue = (int(soft.strip()[at : at + 2], 16) for at in (1, 3, 5))
    await expect(word).to_have_css("fill", f"rgb({red}, {green}, {blue})")
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(wide) <= 1
    await expect(page.get_by_role("region", name="图示")).to_be_visible()
    await context.close()


async def test_a_question_as_of_a_day_before_anything_came_is_declined_and_says_why(
    page: Page, samples: Samples, pictures: Path
) -> None:
    company = samples.companies[0].firm.short
    await page.goto("/")
    await page.get_by_label("资料截至").fill("2020-01-01")
    await ask(page, f"{company}2024年的营业收入是多少？")
    newest = page.locator(".turn").first
    await expect(newest.locator(".declined")).to_contain_text("截至2020-01-01")
    await page.screenshot(path=pictures / "as-of.png", full_page=True)
    await expect(newest.locator(".declined")).to_contain_text("public-by")
    today = datetime.now(UTC).date()
    await page.get_by_label("资料截至").fill(str(today))
    await page.get_by_label("按什么计").select_option("public")
    await ask(page, f"{company}2024年的营业收入是多少？")
    await expect(newest).to_contain_text(f"只用{today}前已公布的文件")
    await page.get_by_label("资料截至").fill("")
    await ask(page, f"{company}2024年的营业收入是多少？")
    await expect(newest.locator(".sentences")).to_contain_text("营业收入")


async def test_an_answer_is_given_again_from_its_receipt(
    page: Page, samples: Samples, pictures: Path
) -> None:
    company = samples.companies[0].firm.short
    await page.goto("/")
    await ask(page, f"{company}2024年的营业收入是多少？")
    await page.locator(".turn").first.get_by_role("link", name="凭据").click()
    await page.get_by_role("button", name="按当时重放").click()
    await expect(page.locator(".replayed .verdict")).to_contain_text("一致")
    await expect(page.locator(".replayed .answer[aria-busy=false]")).to_be_visible()
    await page.screenshot(path=pictures / "replay.png", full_page=True)


async def test_what_is_typed_while_an_answer_is_on_its_way_stays(
    page: Page, samples: Samples
) -> None:
    company = samples.companies[0].firm.short
    await page.goto("/")
    box = page.get_by_role("textbox", name="问题")
    await box.fill(f"{company}2024年的营业收入是多少？")
    await page.keyboard.press("Enter")
    await page.keyboard.insert_text("那净利润")
    await expect(page.locator(".answer[aria-busy=false]")).to_be_visible(timeout=240_000)
    await page.keyboard.insert_text("呢？")
    await expect(box).to_have_value("那净利润呢？")
    await expect(box).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator(".turn")).to_have_count(2)
    await expect(page.locator(".turn").first).to_contain_text("那净利润呢？")
    await expect(box).to_have_value("")


async def test_a_change_of_language_keeps_the_answers_and_what_is_typed(
    page: Page, samples: Samples
) -> None:
    company = samples.companies[0].firm.short
    revenue = samples.find(ANNUAL, "income", "revenue").amounts
    await page.goto("/")
    await ask(page, f"{company}2024年的营业收入是多少？")
    await ask(page, f"{company}2024年的净利润是多少？")
    await page.get_by_role("textbox", name="问题").fill("那2023年呢？")
    await page.get_by_role("button", name="English").click()
    box = page.get_by_role("textbox", name="Question")
    await expect(box).to_have_value("那2023年呢？")
    await expect(page.locator(".turn")).to_have_count(2)
    await expect(page.locator(".turn").last.locator(".sentences")).to_contain_text(revenue[0])
    await page.locator(".turn").last.locator(".sentences .chip").first.click()
    await expect(page.locator(".paper .marked")).to_be_in_viewport(timeout=60_000)
    # The next question leans on the one before, as if nothing had been.
    await ask(page, "那2023年呢？")
    await expect(page.locator(".turn").first).to_contain_text("净利润")
    await page.get_by_role("button", name="中文").click()
    await expect(page.locator(".turn")).to_have_count(3)
    await page.get_by_role("link", name="提问").click()
    await expect(page.locator(".turn")).to_have_count(0)
