"""Archives and protected documents on the console's pages."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas
from tests.e2e.conftest import serving
from tests.houses import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

WORD = "plain-Kx7"
_LONG_MS = 120_000


def an_archive() -> bytes:
    locked, out = io.BytesIO(), io.BytesIO()
    canvas = Canvas(locked, encrypt=StandardEncryption(WORD, "owner", strength=128))
    canvas.drawString(72, 720, "The budget is 8 million.")
    canvas.save()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("合同/locked.pdf", locked.getvalue())
        archive.writestr("说明.txt", "南湖项目的总投资为3.6亿元。")
    return out.getvalue()


async def test_a_protected_file_in_an_archive_is_unlocked_on_its_page(
    browser: Browser, tmp_path: Path, pictures: Path
) -> None:
    path = tmp_path / "材料.zip"
    path.write_bytes(an_archive())
    with serving() as served:
        context = await browser.new_context(base_url=served.address, locale="zh-CN")
        page = await context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(served.setup)
        await page.get_by_label("用户名", exact=True).fill("chief")
        await page.get_by_label("密码").fill(PASSWORD)
        await page.get_by_role("button", name="创建管理员").click()
        await page.get_by_role("link", name="打开文库").click()
        await page.locator("input[type=file]").set_input_files(path)
        locked = page.locator("tbody tr", has_text="材料.zip/合同/locked.pdf")
        await expect(locked).to_contain_text("密码", timeout=_LONG_MS)
        await expect(locked.get_by_role("button")).to_have_count(0)
        await page.screenshot(path=pictures / "inside-library.png")

        await page.get_by_role("link", name="材料.zip", exact=True).click()
        await expect(page.get_by_text("其中的文件：2 个")).to_be_visible()
        await page.screenshot(path=pictures / "inside-archive.png")
        await page.get_by_role("link", name="合同/locked.pdf").click()
        await page.get_by_label("密码").fill("a wrong one")
        await page.get_by_role("button", name="解锁").click()
        await expect(page.get_by_text("密码不对")).to_be_visible()
        await page.screenshot(path=pictures / "inside-locked.png")
        await page.get_by_label("密码").fill(WORD)
        await page.get_by_role("button", name="解锁").click()
        await expect(page.get_by_role("button", name="解锁")).to_have_count(0, timeout=_LONG_MS)
        await expect(page.get_by_text("来自")).to_be_visible()
        for _ in range(60):
            await page.reload()
            if await page.locator(".paper img").count():
                break
            await page.wait_for_timeout(500)
        await expect(page.locator(".paper img")).to_be_visible(timeout=_LONG_MS)
        await page.screenshot(path=pictures / "inside-unlocked.png")
        assert complaints == []
        await context.close()
