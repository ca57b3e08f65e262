"""Companies are counted, listed and ranked by the place that their own reports say they are in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.houses import add_person, open_test_house
from tests.houses_direct import publish_text

from yanku.model.answer import Answer, Declined, Grounded
from yanku.model.people import Principal
from yanku.testing.library import a_fact
from yanku.wiring import House

PLACES = {
    "岚桥泵业": ("注册地址 | 内容: 杭州市滨江区江南大道8号", "30"),
    "云栖数科": ("公司注册地址 | 内容: 浙江省杭州市余杭区文一路1号", "90"),
    "北固船舶": ("注册地址 | 内容: 镇江市京口区长江路2号", "500"),
    "无址信托": ("公司电话 | 内容: 010-1234", "700"),
}


@asynccontextmanager
async def house_of(database_url: str, folder: Path) -> AsyncIterator[House]:
    async with open_test_house(database_url, folder) as house:
        owner = await house.accounts.local()
        for company, (line, revenue) in PLACES.items():
            facts = [a_fact(revenue, company)]
            await publish_text(house, owner, f"{company}\n{line}", facts=facts, company=company)
        yield house


async def answered(house: House, question: str, who: Principal | None = None) -> Answer:
    who = who or await house.accounts.local()
    return (await house.ask.answer(question, principal=who)).answer


async def test_who_is_registered_in_a_place_is_told_with_the_address_of_each(
    database_url: str, tmp_path: Path
) -> None:
    async with house_of(database_url, tmp_path) as house:
        counted = await answered(house, "在杭州注册的公司有几家")
        assert isinstance(counted, Grounded)
        assert counted.amount is not None
        assert counted.amount.value == 2
        assert len(counted.citations) == 2
        assert all("杭州" in citation.quote for citation in counted.citations)
        assert any("4家公司中3家" in note for note in counted.assumptions)
        listed = await answered(house, "注册地在镇江的公司有哪些")
        assert isinstance(listed, Grounded)
        assert listed.choice == "北固船舶"


async def test_a_ranking_is_among_those_registered_there(database_url: str, tmp_path: Path) -> None:
    async with house_of(database_url, tmp_path) as house:
        found = await answered(house, "哪家上市公司，在杭州注册，2025年营业收入最高？金额为？")
        assert isinstance(found, Grounded)
        assert found.choice == "云栖数科"
        assert "90元" in found.text
        assert "北固船舶" not in found.text
        few = await answered(house, "在杭州注册的上市公司中，2025年营业收入大于50元的有多少家？")
        assert isinstance(few, Grounded)
        assert few.amount is not None
        assert few.amount.value == 1


@pytest.mark.parametrize(
    "question", ["在杭州注册的公司哪家的食堂最好吃", "在杭州注册的公司2025年专利数量最多的是哪家"]
)
async def test_what_else_is_asked_and_not_understood_is_no_half_answer(
    database_url: str, tmp_path: Path, question: str
) -> None:
    async with house_of(database_url, tmp_path) as house:
        assert isinstance(await answered(house, question), Declined)


async def test_who_may_read_none_of_their_reports_learns_of_no_place(
    database_url: str, tmp_path: Path
) -> None:
    async with house_of(database_url, tmp_path) as house:
        stranger = await add_person(house, "mei")
        assert isinstance(await answered(house, "在杭州注册的公司有几家", stranger), Declined)
