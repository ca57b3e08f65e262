"""What the machine saw, through the HTTP door: exact, within rights, and gone when forgotten."""

from collections.abc import AsyncIterator
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from openpyxl import Workbook
from tests.doors import Door, open_door, upload
from tests.unit.papers import grid, paper, say

_MEMO = "# 利润\n\n单位：万元\n\n| 项目 | 2024年 |\n| --- | --- |\n| 营业收入 | 1,234.56 |\n"


@pytest.fixture
async def door(database_url: str, tmp_path: Path) -> AsyncIterator[Door]:
    async with open_door(database_url, tmp_path) as door:
        yield door


def a_report(folder: Path) -> bytes:
    """Return a PDF of two pages; the assets do not equal liabilities and equity."""

    def first(canvas: Any) -> None:
        say(canvas, 60, 60, "苇岸造纸股份有限公司", 14)
        say(canvas, 60, 90, "2024年年度报告", 14)
        say(canvas, 60, 120, "证券代码：600001", 11)

    def second(canvas: Any) -> None:
        say(canvas, 60, 60, "第十节 财务报告", 14)
        say(canvas, 240, 110, "合并资产负债表", 11)
        say(canvas, 60, 128, "2024年12月31日", 9)
        say(canvas, 440, 128, "单位：千元 币种：人民币", 9)
        rows = [
            ("项目", "2024年12月31日", "2023年12月31日"),
            ("资产总计", "9,000.00", "8,000.00"),
            ("负债合计", "4,000.00", "3,000.00"),
            ("所有者权益合计", "4,500.00", "5,000.00"),
        ]
        grid(canvas, 140, (60, 260, 400, 535), rows)

    return paper(folder / "report.pdf", first, second).read_bytes()


def a_book() -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "利润表"
    for row in (("项目", "2024年"), ("营业收入", 12.5), ("两倍", "=B2*2")):
        sheet.append(row)
    sheet["F9"] = "另一块"
    sheet["F10"] = 7
    book.create_sheet("空的")
    out = BytesIO()
    book.save(out)
    return out.getvalue()


async def sent(door: Door, client: httpx.AsyncClient, name: str, content: bytes | str) -> str:
    id = str((await upload(client, name, content)).json()["id"])
    await door.house.work(vectors=True, until_empty=True)
    state = (await client.get(f"/api/v1/documents/{id}")).json()
    assert state["progress"]["state"] == "live", state
    return f"/api/v1/documents/{id}"


async def test_the_report_shows_the_failed_identity_with_its_figures(
    door: Door, tmp_path: Path
) -> None:
    async with door.bearer(await door.person("ann")) as client:
        path = await sent(door, client, "report.pdf", a_report(tmp_path))
        report = (await client.get(f"{path}/report")).json()
        entry = (await client.get(path)).json()
    assert entry["seconds"] == report["seconds"] > 0
    assert [page["origin"] for page in report["pages"]] == ["text_layer", "text_layer"]
    assert report["tables"][0]["unit"] == "千元"
    failed = [check for check in report["checks"] if not check["passed"]]
    assert {check["name"] for check in failed} == {"assets=liabilities+equity"}
    assert report["checks_failed"] == len(failed) == 1
    values = {figure["value"].split(".")[0] for figure in failed[0]["figures"]}
    assert values == {"9000000", "4000000", "4500000"}
    assert all(figure["place"]["page"] == 2 for figure in failed[0]["figures"])
    assert report["pages"][1]["doubts"] >= 1


async def test_the_blocks_of_a_page_have_boxes_headers_units_and_facts(
    door: Door, tmp_path: Path
) -> None:
    async with door.bearer(await door.person("ann")) as client:
        path = await sent(door, client, "report.pdf", a_report(tmp_path))
        seen = (await client.get(f"{path}/pages/2/blocks")).json()
        first = (await client.get(f"{path}/pages/1/blocks")).json()
        missing = await client.get(f"{path}/pages/3/blocks")
    assert missing.status_code == 404
    assert all(block["kind"] != "table" for block in first["blocks"])
    (table,) = [block for block in seen["blocks"] if block["kind"] == "table"]
    assert (table["caption"], table["unit"], table["rows"]) == ("合并资产负债表", "千元", 4)
    (assets,) = [cell for cell in table["cells"] if cell["text"] == "9,000.00"]
    assert Decimal(assets["value"]) == 9_000_000
    assert (assets["unit"], assets["headers"]) == ("CNY", ["2024年12月31日"])
    x0, y0, x1, y1 = assets["place"]["box"]
    assert 260 <= x0 < x1 <= 400
    assert 140 <= y0 < y1 <= 250
    doubted = [fact for fact in seen["facts"] if fact["place"] == assets["place"]]
    assert [fact["confidence"] for fact in doubted] == ["doubtful"]
    assert seen["page"]["number"] == 2


async def test_a_sheet_shows_its_regions_and_formulas(door: Door) -> None:
    async with door.bearer(await door.person("ann")) as client:
        path = await sent(door, client, "book.xlsx", a_book())
        report = (await client.get(f"{path}/report")).json()
        seen = (await client.get(f"{path}/sheets/利润表/blocks")).json()
        assert (await client.get(f"{path}/sheets/没有/blocks")).status_code == 404
        window = {"top": 3, "rows": 1}
        few = (await client.get(f"{path}/sheets/利润表/blocks", params=window)).json()
    assert report["sheets"] == ["利润表"]
    regions = [block["places"][0]["cells"] for block in seen["blocks"] if block["kind"] == "table"]
    assert regions == ["A1:B3", "F9:F10"]
    cells = [cell for block in seen["blocks"] for cell in block["cells"]]
    (formula,) = [cell for cell in cells if cell["formula"]]
    assert formula["formula"].lstrip("=") == "B2*2"
    assert seen["page"] is None
    tables = [block for block in few["blocks"] if block["kind"] == "table"]
    shown = [cell["text"] for cell in tables[0]["cells"]]
    assert "两倍" in shown
    assert "营业收入" not in shown


async def test_a_text_shows_its_blocks_by_lines(door: Door) -> None:
    async with door.bearer(await door.person("ann")) as client:
        path = await sent(door, client, "memo.md", _MEMO)
        seen = (await client.get(f"{path}/blocks")).json()
    assert [block["kind"] for block in seen["blocks"]][:1] == ["heading"]
    (table,) = [block for block in seen["blocks"] if block["kind"] == "table"]
    assert [cell["value"] for cell in table["cells"] if cell["value"]] == ["12345600"]


async def test_a_right_taken_away_holds_for_the_very_next_look(door: Door, tmp_path: Path) -> None:
    ann, bob = await door.person("ann", "desk"), await door.person("bob", "desk")
    (group,) = ann.groups
    async with door.bearer(ann) as mine, door.bearer(bob) as other:
        path = await sent(door, mine, "report.pdf", a_report(tmp_path))
        looks = [f"{path}/{rest}" for rest in ("report", "pages/2/blocks", "blocks", "pages/1")]
        assert {(await other.get(look)).status_code for look in looks} == {404}
        await mine.put(f"{path}/readers", json={"groups": [group]})
        assert {(await other.get(look)).status_code for look in looks} == {200}
        await mine.put(f"{path}/readers", json={"groups": []})
        assert {(await other.get(look)).status_code for look in looks} == {404}
        assert {(await mine.get(look)).status_code for look in looks} == {200}
        await mine.delete(path)
        assert {(await mine.get(look)).status_code for look in looks} == {404}


async def test_the_interface_describes_itself(door: Door) -> None:
    async with door.client() as client:
        paths = (await client.get("/api/v1/openapi.json")).json()["paths"]
    for rest in ("report", "blocks", "pages/{number}/blocks", "sheets/{sheet}/blocks"):
        described = paths[f"/api/v1/documents/{{document}}/{rest}"]["get"]
        assert described["summary"]
        assert described["responses"]["200"]["content"]["application/json"]["schema"]
