"""What the machine saw, in a real browser: boxes over the page, the report, keys, rights."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from openpyxl import Workbook
from playwright.async_api import Browser, Page, expect
from tests.e2e.conftest import Furnished

from yanku.testing.samples.make import ANNUAL, MEMO, WORKBOOK, Samples

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

_LONG_MS = 120_000


async def look(page: Page, document: str, query: str = "") -> None:
    await page.goto(f"/documents/{document}/seen{query}")
    await expect(page.locator(".seen[data-shown]")).to_be_visible(timeout=_LONG_MS)


async def shown_page(page: Page) -> int:
    return int(await page.locator(".seen").get_attribute("data-shown") or 0)


async def test_a_cell_shows_its_amount_its_header_and_what_it_was_taken_for(
    page: Page, furnished: Furnished, samples: Samples, pictures: Path
) -> None:
    row = samples.find(ANNUAL, "income", "revenue")
    await page.goto(f"/documents/{furnished.documents[ANNUAL]}")
    await page.get_by_role("link", name="机器所见").click()
    await expect(page.locator(".seen[data-shown]")).to_be_visible(timeout=_LONG_MS)
    await page.get_by_role("spinbutton", name="页码").fill(str(row.page))
    await page.keyboard.press("Enter")
    await expect(page.locator(f".seen[data-shown='{row.page}']")).to_be_visible()
    boxes = page.locator(".seen-box.amount")
    assert await boxes.count() > 10
    detail = page.locator(".seen-detail")
    for n in range(await boxes.count()):
        await boxes.nth(n).hover()
        if await detail.locator(".seen-said").inner_text() == row.amounts[0]:
            break
    await expect(detail).to_contain_text(f"{row.amounts[0]} CNY")
    await expect(detail).to_contain_text("operating_revenue")
    await expect(detail).to_contain_text("利润表")
    await page.screenshot(path=pictures / "seen-cell.png")


async def test_pages_are_turned_and_boxes_stepped_through_by_keyboard(
    page: Page, furnished: Furnished
) -> None:
    await look(page, furnished.documents[ANNUAL], "?page=2")
    await page.keyboard.press("ArrowRight")
    await expect(page.locator(".seen[data-shown='3']")).to_be_visible()
    assert page.url.endswith("?page=3")
    await page.keyboard.press("ArrowLeft")
    await expect(page.locator(".seen[data-shown='2']")).to_be_visible()
    await page.keyboard.press("j")
    first = await page.locator(".seen-said").inner_text()
    await page.keyboard.press("j")
    second = await page.locator(".seen-said").inner_text()
    await page.keyboard.press("k")
    assert await page.locator(".seen-said").inner_text() == first != second
    await expect(page.locator(".seen-box.marked")).to_have_count(1)
    strip = page.get_by_role("slider")
    await strip.focus()
    await page.keyboard.press("ArrowRight")
    await expect(strip).to_have_attribute("aria-valuenow", "3")
    # Before the first page there is none.
    await look(page, furnished.documents[ANNUAL], "?page=1")
    await page.keyboard.press("ArrowLeft")
    assert await shown_page(page) == 1


async def test_layers_are_switched_off_and_on(page: Page, furnished: Furnished) -> None:
    await look(page, furnished.documents[ANNUAL], "?page=6")
    headings = page.locator(".seen-box.heading")
    await expect(headings.first).to_be_visible()
    switch = page.get_by_role("group").get_by_role("button", name="标题")
    await switch.click()
    await expect(switch).to_have_attribute("aria-pressed", "false")
    await expect(headings.first).to_be_hidden()
    await switch.click()
    await expect(headings.first).to_be_visible()


async def test_a_box_lies_over_the_page_it_was_read_on(page: Page, furnished: Furnished) -> None:
    await look(page, furnished.documents[ANNUAL], "?page=6")
    paper = await page.locator(".seen-paper img").bounding_box()
    assert paper is not None
    for n in range(await page.locator(".seen-box").count()):
        box = await page.locator(".seen-box").nth(n).bounding_box()
        assert box is not None
        assert paper["x"] - 1 <= box["x"]
        assert box["x"] + box["width"] <= paper["x"] + paper["width"] + 1
        assert paper["y"] - 1 <= box["y"]
        assert box["y"] + box["height"] <= paper["y"] + paper["height"] + 1


async def test_a_sheet_shows_its_regions_and_a_text_its_blocks(
    page: Page, furnished: Furnished, pictures: Path
) -> None:
    await look(page, furnished.documents[WORKBOOK])
    assert await page.locator(".seen-sheet td.edge-top.edge-left").count() >= 1
    cell = page.locator(".seen-sheet td.amount").first
    await cell.click()
    await expect(cell).to_have_class(re.compile("marked"))
    await expect(page.locator(".seen-detail")).to_contain_text("表头")
    await page.screenshot(path=pictures / "seen-sheet.png")
    tabs = page.locator(".seen-tools button")
    assert await tabs.count() > 1
    await tabs.nth(1).click()
    await expect(tabs.nth(1)).to_have_attribute("aria-current", "true")
    await look(page, furnished.documents[MEMO])
    assert await page.locator(".seen-line.heading").count() >= 1
    assert await page.locator(".seen-text td.header-cell").count() >= 1
    await page.screenshot(path=pictures / "seen-text.png")


async def test_a_long_sheet_is_shown_some_rows_at_a_time(page: Page, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["项目", "2024年"])
    for n in range(450):
        sheet.append([f"科目{n}", n * 1.5])
    book.save(tmp_path / "long.xlsx")
    await page.goto("/library")
    await page.locator("input[type=file]").set_input_files(tmp_path / "long.xlsx")
    row = page.locator("tbody tr", has_text="long.xlsx")
    await expect(row).to_contain_text("可以提问", timeout=_LONG_MS)
    address = await row.get_by_role("link").get_attribute("href")
    await look(page, str(address).rpartition("/")[2])
    rows = page.locator(".seen-sheet tbody tr")
    await expect(rows).to_have_count(200)
    for last in ("科目398", "科目449"):
        await page.locator(".seen-scroller .tools button").last.click()
        await expect(rows.last).to_contain_text(last)
    await expect(page.locator(".seen-scroller .tools button").last).to_be_disabled()


@pytest.mark.parametrize(("locale", "width"), [("zh-CN", 1440), ("en-GB", 1440), ("en-GB", 390)])
async def test_the_view_speaks_the_browsers_language_and_fits_its_width(
    browser: Browser, furnished: Furnished, pictures: Path, locale: str, width: int
) -> None:
    context = await browser.new_context(
        base_url=furnished.address, locale=locale, viewport={"width": width, "height": 844}
    )
    await furnished.enter(context)
    page = await context.new_page()
    await look(page, furnished.documents[ANNUAL], "?page=5")
    words = await page.locator(".seen-side h2, .seen-side h3, .seen-key").all_inner_texts()
    assert len(words) > 8
    for said in words:
        assert bool(re.search("[一-鿿]", said)) == (locale == "zh-CN"), said
    assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    await page.screenshot(path=pictures / f"seen-{locale}-{width}.png", full_page=True)
    await context.close()


async def test_who_may_not_read_it_sees_nothing_of_it(
    browser: Browser, furnished: Furnished
) -> None:
    context = await browser.new_context(base_url=furnished.address, locale="zh-CN")
    await furnished.enter(context, "mina")
    page = await context.new_page()
    seen = []
    for id in (furnished.documents[ANNUAL], "0" * 32):
        response = await page.goto(f"/documents/{id}/seen")
        assert response is not None
        seen.append((response.status, await page.locator("#main").inner_text()))
    assert seen[0] == seen[1]
    assert seen[0][0] == 404
    await context.close()


async def test_a_document_taken_away_meanwhile_is_said_in_words(
    page: Page, furnished: Furnished
) -> None:
    gone = '{"code": "not_found"}'
    # Before the page opens: a busy browser let a request pass that was on its way at the time.
    await page.route("**/pages/3/blocks", lambda route: route.fulfill(status=404, body=gone))
    await look(page, furnished.documents[ANNUAL], "?page=2")
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("alert")).to_have_text("内容不存在，或者不对您开放。")
    await page.keyboard.press("ArrowRight")
    await expect(page.locator(".seen[data-shown='4']")).to_be_visible()
