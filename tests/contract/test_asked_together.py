"""A question that asks several things goes through the whole house as one, with one receipt."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.houses import add_text, open_test_house
from tests.houses_direct import publish_text

from yanku.flows.context import Context
from yanku.flows.replay import Verdict
from yanku.model.answer import Declined, Grounded, Reason
from yanku.testing.library import a_fact
from yanku.testing.model import FakeModel
from yanku.wiring import House

REASON = "Reed Mills 2025年营业收入增长的主要原因是新厂投产后纸浆销量大幅增加。"


@asynccontextmanager
async def house_of(database_url: str, folder: Path) -> AsyncIterator[House]:
    async with open_test_house(database_url, folder, model=FakeModel()) as house:
        owner = await house.accounts.local()
        facts = [a_fact("12.50"), a_fact("3.25", metric="operating_cost")]
        await publish_text(house, owner, REASON, facts=facts)
        await publish_text(
            house, owner, "Oak Works 2025.", facts=[a_fact("8", "Oak Works")], company="Oak Works"
        )
        yield house


async def test_every_part_is_answered_under_one_receipt(database_url: str, tmp_path: Path) -> None:
    async with house_of(database_url, tmp_path) as house:
        owner = await house.accounts.local()
        done = await house.ask.answer(
            "Reed Mills 2025年营业收入是多少，毛利率多少，Oak Works的营业收入呢", principal=owner
        )
        found = done.answer
        assert isinstance(found, Grounded)
        for said in ("12.50元", "74.00%", "8元"):
            assert said in found.text
        assert len({citation.document for citation in found.citations}) == 2
        again = await house.replay.replay(done.receipt, principal=owner)
        assert again.receipt.answer == found
        assert again.verdict is Verdict.SAME


async def test_a_reason_is_quoted_beside_a_figure_and_advice_is_declined_by_name(
    database_url: str, tmp_path: Path
) -> None:
    async with house_of(database_url, tmp_path) as house:
        owner = await house.accounts.local()
        done = await house.ask.answer(
            "Reed Mills 2025年营业收入是多少，增长的主要原因是什么，该不该买入", principal=owner
        )
        found = done.answer
        assert isinstance(found, Grounded)
        assert "12.50元" in found.text
        assert "新厂投产" in found.text
        assert [part.reason for part in found.parts][-1] is Reason.OFF_TOPIC


async def test_what_lacks_on_one_side_is_told_beside_the_other_with_its_source(
    database_url: str, tmp_path: Path
) -> None:
    async with house_of(database_url, tmp_path) as house:
        owner = await house.accounts.local()
        done = await house.ask.answer(
            "Reed Mills和Oak Works 2025年谁的毛利率更高？", principal=owner
        )
        assert isinstance(done.answer, Declined)
        assert "已有：Reed Mills2025年度毛利率为74.00%" in done.answer.message
        assert done.answer.nearest
        assert {c.quote.split(":")[0] for c in done.answer.nearest} == {"营业收入 | 2025年度"}


async def test_a_follow_up_leans_on_a_question_of_several_things(
    database_url: str, tmp_path: Path
) -> None:
    async with house_of(database_url, tmp_path) as house:
        owner = await house.accounts.local()
        first = await house.ask.answer(
            "Reed Mills 2025年营业收入是多少，营业成本呢", principal=owner
        )
        done = await house.ask.answer(
            "那Oak Works呢", principal=owner, context=Context(after=first.receipt)
        )
        assert isinstance(done.answer, Grounded)
        assert "8元" in done.answer.text
        assert any("Oak Works" in note for note in done.answer.assumptions)


def report(company: str, code: str, *parts: str) -> str:
    head = f"# {company}股份有限公司\n\n# 2025年年度报告\n\n股票代码：{code}　股票简称：{company}\n"
    return "\n\n".join((head, *parts))


CUSTOMERS = """## 主要销售客户情况

| 项目 | 金额 |
|---|---|
| 前五名客户合计销售金额占年度销售总额比例 | 41.20% |"""
SUPPLIERS = """## 主要供应商情况

| 项目 | 金额 |
|---|---|
| 前五名供应商合计采购金额占年度采购总额比例 | 33.10% |"""


async def test_two_parts_of_a_report_are_quoted_together_or_neither(
    database_url: str, tmp_path: Path
) -> None:
    asked = "2025年前五名客户和前五名供应商"
    async with open_test_house(database_url, tmp_path, model=FakeModel()) as house:
        owner = await house.accounts.local()
        whole, half = (
            report("岚桥泵业", "999811", CUSTOMERS, SUPPLIERS),
            report("北固船舶", "999812", CUSTOMERS),
        )
        await add_text(house, tmp_path, "岚桥泵业2025年年度报告.md", whole, owner)
        await add_text(house, tmp_path, "北固船舶2025年年度报告.md", half, owner)
        both = (await house.ask.answer(f"岚桥泵业{asked}", principal=owner)).answer
        assert isinstance(both, Grounded)
        assert "41.20%" in both.text
        assert "33.10%" in both.text
        one = (await house.ask.answer(f"北固船舶{asked}", principal=owner)).answer
        assert "41.20%" not in (one.text if isinstance(one, Grounded) else "")
