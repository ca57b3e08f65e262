"""Figures side by side and questions that lean on one another, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page, expect
from tests.e2e.conftest import ask

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
    await expect(newest.get_by_role("img")).to_be_visible()
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
