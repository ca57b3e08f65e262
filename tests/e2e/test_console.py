"""The console in a real browser, from the first start to the highlighted number."""

import re
from pathlib import Path

import pypdfium2
import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect
from tests.e2e.conftest import Furnished, ask, serving
from tests.houses import PASSWORD

from yanku.testing.samples.make import ANNUAL, MEMO, QUARTERLY, WORKBOOK, Samples

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

_LONG_MS = 240_000
_PAGES = ("/", "/library", "/receipts", "/people", "/account", "/nowhere")


def revenue(samples: Samples) -> str:
    """Return this year's revenue as the annual report's income statement prints it."""
    return samples.find(ANNUAL, "income", "revenue").amounts[0]


def printed_boxes(path: Path, page: int, text: str) -> list[tuple[float, float, float, float]]:
    """Return where a text stands on a page, from the top left, as a reader of our own sees it."""
    with pypdfium2.PdfDocument(path) as document:
        sheet = document[page - 1]
        height = sheet.get_height()
        words = sheet.get_textpage()
        found = []
        search = words.search(text)
        while (hit := search.get_next()) is not None:
            boxes = [words.get_charbox(n) for n in range(hit[0], hit[0] + hit[1])]
            left, right = min(b[0] for b in boxes), max(b[2] for b in boxes)
            bottom, top = min(b[1] for b in boxes), max(b[3] for b in boxes)
            found.append((left, height - top, right, height - bottom))
        return found


async def marked_box(page: Page, size: tuple[float, float]) -> tuple[float, float, float, float]:
    """Return the highlighted rectangle in points of the page under it."""
    marked = await page.locator(".paper .marked").bounding_box()
    paper = await page.locator(".paper img").bounding_box()
    assert marked is not None
    assert paper is not None
    across, down = size[0] / paper["width"], size[1] / paper["height"]
    left, top = (marked["x"] - paper["x"]) * across, (marked["y"] - paper["y"]) * down
    return left, top, left + marked["width"] * across, top + marked["height"] * down


async def test_from_first_start_to_the_highlighted_number(
    browser: Browser, samples: Samples, pictures: Path
) -> None:
    with serving() as served:
        context = await browser.new_context(base_url=served.address, locale="zh-CN")
        page = await context.new_page()
        await page.goto(served.setup)
        await page.get_by_label("用户名", exact=True).fill("chief")
        await page.get_by_label("密码").fill(PASSWORD)
        await page.get_by_role("button", name="创建管理员").click()
        await expect(page.get_by_text("还没有可以回答问题的文件")).to_be_visible()

        await page.get_by_role("link", name="打开文库").click()
        await page.locator("input[type=file]").set_input_files(samples.folder / QUARTERLY)
        row = page.locator("tbody tr", has_text=QUARTERLY)
        await expect(row).to_contain_text(re.compile("正在阅读|可以提问"), timeout=_LONG_MS)
        await expect(row).to_contain_text("可以提问", timeout=_LONG_MS)
        await page.screenshot(path=pictures / "first-library.png")

        await page.get_by_role("link", name="提问").click()
        suggestion = page.locator(".suggestion").first
        await expect(suggestion).to_be_visible()
        await suggestion.click()
        await expect(page.locator(".answer[aria-busy=false]")).to_be_visible(timeout=_LONG_MS)
        await page.locator(".sentences .chip").first.click()
        await expect(page.locator(".paper .marked")).to_be_in_viewport()
        await page.screenshot(path=pictures / "first-answer.png")

        await page.get_by_role("button", name="退出登录").click()
        await expect(page.get_by_role("heading", name="登录")).to_be_visible()
        await page.goto(served.setup)
        await expect(page.get_by_role("heading", name="登录")).to_be_visible()
        await context.close()


async def test_the_highlight_lies_over_the_very_number_that_was_asked_for(
    page: Page, samples: Samples, pictures: Path
) -> None:
    await page.goto("/")
    company = samples.companies[0].firm.short
    await ask(page, f"{company}2024年的营业收入是多少？")
    amount = revenue(samples)
    await expect(page.locator(".sentences")).to_contain_text(amount)
    await page.locator(".sentences .chip").first.click()
    await expect(page.locator(".paper .marked")).to_be_in_viewport()
    loaded = "document.querySelector('.paper img')?.naturalWidth > 0"
    await page.wait_for_function(loaded, timeout=_LONG_MS)
    await page.screenshot(path=pictures / "highlight.png")

    shown = await page.locator(".page-number").inner_text()
    number = int(re.findall(r"\d+", shown)[0])
    with pypdfium2.PdfDocument(samples.folder / ANNUAL) as document:
        size = document[number - 1].get_size()
    left, top, right, bottom = await marked_box(page, size)
    over = [
        box
        for box in printed_boxes(samples.folder / ANNUAL, number, amount)
        if left - 2 <= box[0] and box[2] <= right + 2 and top - 2 <= box[1] and box[3] <= bottom + 2
    ]
    assert len(over) == 1
    # It points at the number, not at half of the page.
    assert bottom - top < size[1] / 20
    assert right - left < size[0] / 2


async def test_zooming_keeps_the_highlight_over_its_number(page: Page, samples: Samples) -> None:
    await page.goto("/")
    await ask(page, f"{samples.companies[0].firm.short}2024年的营业收入是多少？")
    await page.locator(".sentences .chip").first.click()
    await expect(page.locator(".paper .marked")).to_be_in_viewport()
    before = await marked_box(page, (1000, 1000))
    for _ in range(3):
        await page.get_by_role("button", name="放大").click()
    await expect(page.locator(".paper .marked")).to_be_in_viewport()
    after = await marked_box(page, (1000, 1000))
    assert before == pytest.approx(after, abs=2)


async def test_a_comparison_shows_its_calculation_and_a_decline_its_reason(
    page: Page, samples: Samples, pictures: Path
) -> None:
    await page.goto("/")
    company = samples.companies[0].firm.short
    await ask(page, f"{company}2024年营业收入同比增长多少？")
    await expect(page.locator(".calculation")).to_contain_text("上期")
    assert await page.locator(".calculation .chip").count() == 2
    await ask(page, "虚构股份2024年的营业收入是多少？")
    await expect(page.locator(".declined")).to_contain_text("虚构股份")
    await page.screenshot(path=pictures / "declined.png")
    await page.locator(".turn").first.get_by_role("link", name="凭据").click()
    await expect(page.get_by_text("参与的版本")).to_be_visible()
    await page.screenshot(path=pictures / "receipt.png")


async def test_everything_is_done_by_keyboard_alone(
    browser: Browser, furnished: Furnished, samples: Samples
) -> None:
    context = await browser.new_context(base_url=furnished.address, locale="zh-CN")
    page = await context.new_page()
    await page.goto("/sign-in")
    await expect(page.get_by_label("用户名")).to_be_focused()
    await page.keyboard.type("chief")
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    box = page.get_by_role("textbox", name="问题")
    await expect(box).to_be_focused()
    await page.keyboard.type("first line")
    await page.keyboard.press("Shift+Enter")
    await expect(box).to_have_value("first line\n")
    await box.fill("")
    await page.keyboard.insert_text(f"{samples.companies[0].firm.short}2024年的营业收入是多少？")
    await page.keyboard.press("Enter")
    await expect(page.locator(".answer[aria-busy=false]")).to_be_visible(timeout=_LONG_MS)
    chip = page.locator(".sentences .chip").first
    for _ in range(10):
        await page.keyboard.press("Tab")
        if await chip.evaluate("element => element === document.activeElement"):
            break
    await expect(chip).to_be_focused()
    outline = await chip.evaluate("element => getComputedStyle(element).outlineStyle")
    assert outline == "solid"
    await page.keyboard.press("Enter")
    await expect(page.locator(".source .close")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.locator(".source")).to_be_hidden()
    await expect(chip).to_be_focused()
    await context.close()


async def test_the_first_tab_leads_past_the_menu(page: Page) -> None:
    await page.goto("/library")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#main")).to_be_focused()


@pytest.mark.parametrize(("locale", "width"), [("zh-CN", 1440), ("en-GB", 1440), ("en-GB", 390)])
async def test_every_page_speaks_the_browsers_language_and_fits_its_width(
    browser: Browser, furnished: Furnished, pictures: Path, locale: str, width: int
) -> None:
    context = await browser.new_context(
        base_url=furnished.address, locale=locale, viewport={"width": width, "height": 844}
    )
    await furnished.enter(context)
    page = await context.new_page()
    for path in (*_PAGES, f"/documents/{furnished.documents[ANNUAL]}"):
        await page.goto(path)
        await expect(page.locator("#main h1")).to_be_visible()
        language = await page.evaluate("document.documentElement.lang")
        assert language == ("zh-CN" if locale == "zh-CN" else "en-US")
        menu = await page.get_by_role("navigation").inner_text()
        assert bool(re.search("[一-鿿]", menu)) == (locale == "zh-CN")
        too_wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not too_wide, path
        name = path.strip("/").split("/")[0] or "ask"
        await page.screenshot(path=pictures / f"{name}-{locale}-{width}.png", full_page=True)
    await context.close()


async def test_a_language_once_chosen_stays(page: Page) -> None:
    await page.goto("/library")
    await page.get_by_role("button", name="English").click()
    await expect(page.get_by_role("heading", name="Library")).to_be_visible()
    await page.goto("/receipts")
    await expect(page.get_by_role("heading", name="History")).to_be_visible()


async def test_a_sheet_and_a_text_are_shown_with_their_cited_place(
    page: Page, furnished: Furnished, pictures: Path
) -> None:
    book, memo = furnished.documents[WORKBOOK], furnished.documents[MEMO]
    await page.goto(f"/documents/{book}")
    await expect(page.locator(".grid")).to_be_visible()
    sheet = await page.locator(".grid").get_attribute("aria-label")
    await page.goto(f"/source/{book}?sheet={sheet}&cells=B5:C6")
    await expect(page.locator(".grid td.marked")).to_have_count(4)
    await page.screenshot(path=pictures / "sheet.png")
    await page.goto(f"/source/{memo}?lines=3-4")
    await expect(page.locator(".lines li.marked")).to_have_count(2)
    await page.screenshot(path=pictures / "lines.png")


async def test_what_is_not_ones_own_looks_like_what_is_not_there(
    browser: Browser, furnished: Furnished
) -> None:
    context = await browser.new_context(base_url=furnished.address, locale="zh-CN")
    await furnished.enter(context, "mina")
    page = await context.new_page()
    seen = []
    for id in (furnished.documents[ANNUAL], "0" * 32):
        for path in (f"/documents/{id}", f"/source/{id}?page=1"):
            response = await page.goto(path)
            assert response is not None
            seen.append((response.status, await page.locator("#main").inner_text()))
    assert len(set(seen)) == 1
    assert seen[0][0] == 404
    await page.goto("/library")
    await expect(page.get_by_text("文库里还没有您能阅读的文件")).to_be_visible()
    response = await page.goto("/people")
    assert response is not None
    assert response.status == 404
    await context.close()


async def test_a_hostile_name_is_text_and_deleting_asks_first(page: Page, tmp_path: Path) -> None:
    name = "<img src=x onerror=document.title='owned'>{{1+1}}.txt"
    file = tmp_path / name
    file.write_text("A memo of no importance: the depot is run by logistics.", "utf-8")
    await page.goto("/library")
    await page.locator("input[type=file]").set_input_files(file)
    row = page.locator("tbody tr", has_text="onerror")
    await expect(row).to_contain_text("可以提问", timeout=_LONG_MS)
    await expect(row.get_by_role("link")).to_have_text(name)
    await row.get_by_role("button", name=re.compile("^删除")).click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text(name)
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(row).to_be_visible()
    await row.get_by_role("button", name=re.compile("^删除")).click()
    await dialog.get_by_role("button", name="删除").click()
    await expect(row).to_have_count(0)
    assert "owned" not in await page.title()


async def test_a_broken_file_is_explained_in_the_readers_language(
    page: Page, tmp_path: Path
) -> None:
    file = tmp_path / "broken.pdf"
    file.write_bytes(b"%PDF-1.7\nand nothing of one")
    await page.goto("/library")
    await page.locator("input[type=file]").set_input_files(file)
    row = page.locator("tbody tr", has_text="broken.pdf")
    await expect(row).to_contain_text("未能读取", timeout=_LONG_MS)
    await expect(row.locator(".warn")).to_contain_text(re.compile("[一-鿿]{4}"))
    await row.get_by_role("button", name=re.compile("^删除")).click()
    await page.get_by_role("dialog").get_by_role("button", name="删除").click()
    await expect(row).to_have_count(0)


async def test_readers_are_taken_away_and_given_back(page: Page) -> None:
    await page.goto("/library")
    row = page.locator("tbody tr", has_text=MEMO)
    await expect(row.locator(".tag")).to_have_text("研究部")
    for _ in range(2):
        before = await row.locator(".tag").count()
        await row.get_by_role("button", name=re.compile("^更改阅读权限")).click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_role("checkbox").click()
        await dialog.get_by_role("button", name="保存").click()
        await expect(row.locator(".tag")).to_have_count(1 - before)


async def test_the_focus_stays_where_it_is_when_the_list_is_drawn_anew(
    page: Page, furnished: Furnished
) -> None:
    await page.goto("/library")
    rights = page.get_by_role("button", name=f"更改阅读权限: {MEMO}")
    await rights.focus()
    await rights.evaluate("(element) => { window.before = element }")
    sent = await page.request.post(
        f"{furnished.address}/api/v1/documents",
        headers={"Origin": furnished.address},
        multipart={
            "file": {"name": "another.txt", "mimeType": "text/plain", "buffer": b"Another memo."}
        },
    )
    assert sent.ok, await sent.text()
    row = page.locator("tbody tr", has_text="another.txt")
    await expect(row).to_contain_text("可以提问", timeout=_LONG_MS)
    assert not await page.evaluate("window.before.isConnected"), "nothing was drawn anew"
    await expect(rights).to_be_focused()
    await row.get_by_role("button", name=re.compile("^删除")).click()
    await page.get_by_role("dialog").get_by_role("button", name="删除").click()
    await expect(row).to_have_count(0)


async def test_a_token_is_shown_once_and_works(page: Page, furnished: Furnished) -> None:
    await page.goto("/account")
    await page.get_by_label("用途").fill("晨报脚本")
    await page.get_by_role("button", name="创建令牌").click()
    secret = await page.locator("code.secret").inner_text()
    response = await page.request.get(
        f"{furnished.address}/api/v1/session", headers={"Authorization": f"Bearer {secret}"}
    )
    assert (await response.json())["name"] == "chief"
    await page.reload()
    await expect(page.get_by_text("晨报脚本")).to_be_visible()
    assert secret not in await page.content()
    await page.get_by_role("button", name=re.compile("^撤销")).first.click()
    await expect(page.get_by_text("还没有令牌")).to_be_visible()


async def test_a_page_that_stays_open_after_signing_out_does_nothing_more(
    context: BrowserContext, page: Page
) -> None:
    await page.goto("/")
    await expect(page.locator(".suggestion").first).to_be_visible()
    other = await context.new_page()
    await other.goto("/account")
    await other.get_by_role("button", name="退出登录").click()
    await expect(other.get_by_role("heading", name="登录")).to_be_visible()
    await page.locator(".suggestion").first.click()
    await expect(page.get_by_role("heading", name="登录")).to_be_visible()
