"""Tables, files and questions that lean on one another, through the HTTP door."""

import csv
import io
from collections.abc import AsyncIterator
from pathlib import Path

import openpyxl
import pytest
from tests.doors import Door, open_door
from tests.houses import add_text

from yanku.model.people import Principal
from yanku.testing.model import FakeModel

REPORT = """# 东海水务股份有限公司2024年年度报告

证券代码：600123 证券简称：东海水务

## 合并利润表

单位：元

| 项目 | 2024年度 | 2023年度 |
| --- | --- | --- |
| 一、营业总收入 | 1,250,000.55 | 1,000,000.45 |
| 其中：营业收入 | 1,250,000.55 | 1,000,000.45 |
| 研发费用 | 125,000.00 | 100,000.25 |
"""


@pytest.fixture
async def door(database_url: str, tmp_path: Path) -> AsyncIterator[Door]:
    async with open_door(database_url, tmp_path, model=FakeModel("资料未提及。")) as door:
        yield door


@pytest.fixture
async def ann(door: Door, tmp_path: Path) -> Principal:
    ann = await door.person("ann")
    await add_text(door.house, tmp_path, "东海水务2024年年度报告.md", REPORT, ann)
    return ann


async def test_several_years_come_as_a_table_whose_cells_are_cited(
    door: Door, ann: Principal
) -> None:
    async with door.bearer(ann) as client:
        asked = {"question": "东海水务近两年营业收入"}
        answer = (await client.post("/api/v1/ask", json=asked)).json()["answer"]
    table = answer["table"]
    assert table["columns"] == ["期间", "营业收入"]
    assert [row[0]["text"] for row in table["rows"]] == ["2023年度", "2024年度"]
    assert [row[1]["amount"]["value"] for row in table["rows"]] == ["1000000.45", "1250000.55"]
    cited = {citation["number"] for citation in answer["citations"]}
    assert all(set(row[1]["citations"]) <= cited and row[1]["citations"] for row in table["rows"])


async def test_a_chat_client_gets_the_table_too_each_figure_with_its_marks(
    door: Door, ann: Principal
) -> None:
    turns = [{"role": "user", "content": "东海水务近两年营业收入"}]
    async with door.bearer(ann) as client:
        whole = (await client.post("/v1/chat/completions", json={"messages": turns})).json()
        body = {"messages": turns, "stream": True}
        pieces = (await client.post("/v1/chat/completions", json=body)).text
    said = whole["choices"][0]["message"]["content"]
    assert "| 期间 | 营业收入 |" in said
    assert "| 2024年度 | 1,250,000.55元[" in said
    assert "| 2024年度 | 1,250,000.55元[" in pieces
    annotations = whole["choices"][0]["message"]["annotations"]
    assert all(one["url_citation"]["end_index"] > 0 for one in annotations)


async def test_a_table_is_exported_with_exact_values_and_sources(
    door: Door, ann: Principal
) -> None:
    async with door.bearer(ann) as client:
        asked = {"question": "东海水务近两年营业收入"}
        receipt = (await client.post("/api/v1/ask", json=asked)).json()["receipt"]
        text = (await client.get(f"/api/v1/receipts/{receipt}/table.csv")).text
        book = await client.get(f"/api/v1/receipts/{receipt}/table.xlsx")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0] == ["期间", "营业收入 (CNY)", "营业收入 [source]"]
    assert [row[1] for row in rows[1:]] == ["1000000.45", "1250000.55"]
    assert all("东海水务2024年年度报告.md, line" in row[2] for row in rows[1:])
    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).active
    assert sheet is not None
    assert sheet["A1"].value == "东海水务近两年营业收入"
    assert (sheet["B3"].value, sheet["B4"].value) == (1000000.45, 1250000.55)
    assert sheet["B3"].comment is not None
    assert "东海水务2024年年度报告.md" in sheet["B3"].comment.text


async def test_an_answer_without_a_table_and_the_answer_of_another_have_no_file(
    door: Door, ann: Principal
) -> None:
    ben = await door.person("ben")
    async with door.bearer(ann) as client:
        asked = {"question": "东海水务2024年营业收入"}
        one = (await client.post("/api/v1/ask", json=asked)).json()["receipt"]
        asked = {"question": "东海水务近两年营业收入"}
        two = (await client.post("/api/v1/ask", json=asked)).json()["receipt"]
        assert (await client.get(f"/api/v1/receipts/{one}/table.csv")).status_code == 404
    async with door.bearer(ben) as client:
        assert (await client.get(f"/api/v1/receipts/{two}/table.csv")).status_code == 404
        leaning = {"question": "换成研发费用", "after": two}
        assert (await client.post("/api/v1/ask", json=leaning)).status_code == 404


async def test_a_question_leans_on_the_receipt_before_and_says_how_it_was_read(
    door: Door, ann: Principal
) -> None:
    async with door.bearer(ann) as client:
        first = {"question": "东海水务2024年营业收入是多少？"}
        receipt = (await client.post("/api/v1/ask", json=first)).json()["receipt"]
        leaning = {"question": "那2023年呢？", "after": receipt}
        second = (await client.post("/api/v1/ask", json=leaning)).json()
        assert second["answer"]["amount"]["value"] == "1000000.45"
        assert any("按上文理解为" in note for note in second["answer"]["assumptions"])
        leaning = {"question": "换成研发费用", "after": second["receipt"]}
        third = (await client.post("/api/v1/ask", json=leaning)).json()
        assert third["answer"]["amount"]["value"] == "100000.25"
        kept = (await client.get(f"/api/v1/receipts/{third['receipt']}")).json()
    assert kept["question"] == "换成研发费用"
    assert "2023年" in kept["reading"]


async def test_a_chat_leans_on_its_own_turns(door: Door, ann: Principal) -> None:
    turns = [
        {"role": "user", "content": "东海水务2024年营业收入是多少？"},
        {"role": "assistant", "content": "……"},
        {"role": "user", "content": "那2023年呢？"},
        {"role": "assistant", "content": "……"},
        {"role": "user", "content": "研发费用呢"},
    ]
    async with door.bearer(ann) as client:
        reply = (await client.post("/v1/chat/completions", json={"messages": turns})).json()
    assert "100,000.25" in reply["choices"][0]["message"]["content"]


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ({"response_format": {"type": "text"}, "tools": [], "tool_choice": "auto"}, 200),
        ({"response_format": {"type": "json_schema", "json_schema": {"name": "x"}}}, 400),
        ({"response_format": {"type": "json_object"}}, 400),
        ({"tool_choice": "required"}, 400),
        ({"tool_choice": {"type": "function", "function": {"name": "x"}}}, 400),
    ],
)
async def test_a_chat_that_wants_what_no_answer_can_be_is_told_so(
    door: Door, ann: Principal, wanted: dict[str, object], status: int
) -> None:
    turns = [{"role": "user", "content": "东海水务2024年营业收入是多少？"}]
    async with door.bearer(ann) as client:
        reply = await client.post("/v1/chat/completions", json={"messages": turns, **wanted})
    assert reply.status_code == status, reply.text
