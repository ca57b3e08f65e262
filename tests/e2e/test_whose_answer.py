"""An answer follows its source to the digit, and is made of what its reader may read alone."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
from tests.doors import Door, open_door, upload
from tests.reports import income_statement

MEMO = "# 备忘\n\n北岸仓库由物流部负责管理，库容为{volume}立方米。\n"


async def ask(client: httpx.AsyncClient, question: str) -> dict[str, Any]:
    response = await client.post("/api/v1/ask", json={"question": question})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()["answer"]
    return answer


def value_of(answer: dict[str, Any]) -> Decimal:
    return Decimal(answer["amount"]["value"])


async def add(door: Door, client: httpx.AsyncClient, name: str, content: str, **more: Any) -> str:
    sent = await upload(client, name, content, **more)
    await door.house.work(vectors=True, until_empty=True)
    return str(sent.json()["id"])


async def test_one_digit_changed_in_a_source_changes_every_answer_made_of_it(
    database_url: str, tmp_path: Path
) -> None:
    async with (
        open_door(database_url, tmp_path) as door,
        door.bearer(await door.person("ann")) as client,
    ):
        report, memo = "", ""
        for revenue, volume in (("1,200.00", "5,170"), ("1,300.00", "5,180")):
            text = income_statement(2024, revenue, before="1,000.00")
            report = await add(door, client, "annual.html", text, replaces=report)
            memo = await add(door, client, "memo.md", MEMO.format(volume=volume), replaces=memo)
            stated = await ask(client, "晨屿仪器2024年营业收入是多少？")
            assert value_of(stated) == Decimal(revenue.replace(",", ""))
            assert stated["citations"][0]["document"] == report
            worked = await ask(client, "晨屿仪器2024年营业收入同比增长多少？")
            assert value_of(worked) == (20 if volume == "5,170" else 30)
            quoted = await ask(client, "北岸仓库由哪个部门负责？")
            assert volume in quoted["text"]
            assert quoted["citations"][0]["document"] == memo


async def test_two_people_with_different_rights_get_different_answers(
    database_url: str, tmp_path: Path
) -> None:
    question = "晨屿仪器2024年营业收入是多少？"
    async with open_door(database_url, tmp_path) as door:
        ann, ben = await door.person("ann", "desk"), await door.person("ben", "bank")
        cay = await door.person("cay")
        for person, revenue in ((ann, "1,200.00"), (ben, "1,300.00")):
            async with door.bearer(person) as client:
                text = income_statement(2024, revenue)
                await add(door, client, f"{person.name}.html", text, groups=tuple(person.groups))
        for person, expected, hidden in ((ann, 1200, "1,300"), (ben, 1300, "1,200")):
            async with door.bearer(person) as client:
                answer = await ask(client, question)
                assert value_of(answer) == expected
                assert [c["file"] for c in answer["citations"]] == [f"{person.name}.html"]
                found = await client.post("/api/v1/search", json={"question": question})
                assert hidden not in found.text
                assert hidden not in str(answer)
        async with door.bearer(cay) as client:
            answer = await ask(client, question)
            assert answer["kind"] == "declined"
            assert not {"1,200", "1,300", "ann.html", "ben.html"} & set(str(answer).split())
