"""A question that leans on the one before is made whole, visibly, and one that stands is left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from yanku.finance.followup import continued, so_far
from yanku.finance.inquiry import understand
from yanku.finance.ontology import Ontology
from yanku.finance.periods import full_year, months
from yanku.model.finance import Company, Consolidation
from yanku.model.inquiry import Inquiry, Task
from yanku.testing.asked.plans import WORLD

TODAY = date(2025, 5, 20)
WATER = Company("600123", "东海水务", ("东海水务股份有限公司", "Donghai Water Co., Ltd."))
TOOLS = Company("300456", "北岭机床", ("北岭机床集团股份有限公司", "Beiling Machine Tools"))
LIBRARY = (WATER, TOOLS)
BEFORE = "东海水务2024年的营业收入是多少？"


def read(question: str, ontology: Ontology, before: str = BEFORE) -> Inquiry:
    whole = continued(before, question, LIBRARY, ontology, TODAY)
    assert whole is not None
    return understand(whole, LIBRARY, ontology, TODAY)


@pytest.mark.parametrize("question", ["那2023年呢？", "2023年呢", "换成2023年", "再看看2023年"])
def test_another_period_takes_the_place_of_the_first(question: str, ontology: Ontology) -> None:
    found = read(question, ontology)
    assert (found.companies, found.metrics) == ((WATER,), ("operating_revenue",))
    assert found.periods == (full_year(2023),)


@pytest.mark.parametrize("question", ["换成毛利率", "毛利率呢？", "那它的毛利率呢", "改成毛利率"])
def test_another_measure_takes_the_place_of_the_first(question: str, ontology: Ontology) -> None:
    found = read(question, ontology)
    assert (found.companies, found.metrics) == ((WATER,), ("gross_margin",))
    assert found.periods == (full_year(2024),)


@pytest.mark.parametrize("question", ["北岭机床呢？", "那北岭机床呢", "换成北岭机床"])
def test_another_company_takes_the_place_of_the_first(question: str, ontology: Ontology) -> None:
    assert read(question, ontology).companies == (TOOLS,)


@pytest.mark.parametrize(
    "question", ["和北岭机床比呢", "跟北岭机床对比一下", "那与北岭机床相比呢？"]
)
def test_a_comparison_keeps_both_companies(question: str, ontology: Ontology) -> None:
    assert read(question, ontology).companies == (WATER, TOOLS)


def test_a_part_of_the_year_is_of_the_same_year(ontology: Ontology) -> None:
    assert read("上半年呢", ontology).periods == (months(2024, 1, 6),)


def test_growth_unit_and_scope_are_added(ontology: Ontology) -> None:
    assert read("同比呢", ontology).metrics == ("operating_revenue.growth",)
    assert read("用亿元表示", ontology).unit == "亿元"
    assert read("母公司口径呢", ontology).consolidation is Consolidation.PARENT


def test_reasons_are_asked_of_the_same_figure(ontology: Ontology) -> None:
    found = read("为什么下降？", ontology)
    assert (found.task, found.companies) == (Task.TEXT, (WATER,))
    assert found.periods == (full_year(2024),)


def test_english_questions_lean_as_well(ontology: Ontology) -> None:
    before = "What was Donghai Water's revenue in 2024?"
    assert read("And in 2023?", ontology, before).periods == (full_year(2023),)
    assert read("what about net profit", ontology, before).metrics == ("net_profit",)
    assert read("how about Beiling Machine Tools?", ontology, before).companies == (TOOLS,)


def test_a_ranking_can_be_asked_of_another_measure(ontology: Ontology) -> None:
    found = read("那净利润呢", ontology, "哪家公司2024年营业收入最高？")
    assert (found.task, found.metrics) == (Task.RANK, ("net_profit",))


@pytest.mark.parametrize(
    "question",
    [
        "北岭机床2023年净利润",
        "东海水务的主要客户有哪些",
        "谢谢",
        "那五粮液呢",
        "公司的会计政策是什么",
    ],
)
def test_a_question_that_stands_alone_is_left_as_it_is(question: str, ontology: Ontology) -> None:
    assert continued(BEFORE, question, LIBRARY, ontology, TODAY) is None


def test_nothing_leans_on_a_question_about_nothing(ontology: Ontology) -> None:
    assert continued("你好", "那2023年呢", LIBRARY, ontology, TODAY) is None


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        ("华宁2024年营业收入是多少", "华宁医药", "华宁医药华宁2024年营业收入是多少"),
        ("东海水务2024年利润是多少", "归母净利润", "东海水务2024年归母净利润是多少"),
        ("2024年营业收入是多少", "东海水务", "东海水务2024年营业收入是多少"),
        ("东海水务去年赚了多少钱", "那前年呢", "东海水务前年赚了多少钱"),
        ("东海水务 24 营收", "那北岭呢？", "北岭24营收"),
        (
            "东海水务2024年营业收入",
            "占总资产的比例呢",
            "东海水务2024年营业收入占总资产的比例是多少",
        ),
    ],
)
def test_what_was_asked_back_or_said_loosely_can_be_gone_on_with(
    before: str, question: str, whole: str, ontology: Ontology
) -> None:
    assert continued(before, question, list(WORLD.values()), ontology, TODAY) == whole


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        ("2024年营业收入第二高的公司是哪家", "第三呢", "2024年营业收入第三高的公司是哪家"),
        ("2024年营业收入第二低的公司是哪家", "那第三呢", "2024年营业收入第三低的公司是哪家"),
        ("2024年营业收入倒数第二的公司", "第三呢", "2024年营业收入倒数第三公司"),
        ("2024年营业收入第二低的公司", "倒数第四呢", "2024年营业收入倒数第四公司"),
        ("东海水务哪一年营业收入最高", "最低的呢", "东海水务哪一年营业收入最低"),
    ],
)
def test_another_place_is_counted_from_where_the_one_before_was(
    before: str, question: str, whole: str, ontology: Ontology
) -> None:
    assert continued(before, question, list(WORLD.values()), ontology, TODAY) == whole


def test_a_question_without_an_order_has_no_other_place(ontology: Ontology) -> None:
    asked = "东海水务2024年营业收入是多少"
    assert continued(asked, "最低的呢", list(WORLD.values()), ontology, TODAY) is None


def in_turn(turns: Sequence[str], ontology: Ontology) -> str:
    """Return the last of some turns in full."""
    companies = list(WORLD.values())
    about = so_far(turns[:-1], companies, ontology, TODAY)
    return continued(about, turns[-1], companies, ontology, TODAY) or turns[-1]


TALKS = """
    东海水务2024年营收 | 和北岭机床比呢 | 谁更高 => 东海水务和北岭机床2024年营收谁更高
    东海水务和北岭机床2024年谁的营收高 | 高多少 | 净利润呢 => 东海水务和北岭机床2024年净利润高多少
    东海水务2024年净利润 | 这和北岭机床差多少 => 东海水务和北岭机床2024年净利润差多少
    东海水务2024年净利润 | 同比增长多少 => 东海水务2024年净利润同比增长多少
    东海水务2024年净利润 | 和2023年相比呢 => 东海水务2024年净利润比2023年变动多少
    江南银行2024年不良率 | 比上年高了吗 => 江南银行2024年不良率比上年高了吗
    霁川生物近三年净利润 | 哪年最高 => 霁川生物近三年净利润哪年最高
    东海水务近三年营收 | 改成近五年 => 东海水务近五年营收
    东海水务2024年毛利率 | 再加上资产负债率 => 东海水务2024年毛利率、资产负债率
    东海水务2024年毛利率 | 再加上北岭机床 => 东海水务和北岭机床2024年毛利率
    东海水务2024年研发费用占营收比重 | 换成销售费用 => 东海水务2024年销售费用占营收比重
    东海水务2024年营收比2023年多多少 | 那2023年呢 => 东海水务2023年营收比2022年多多少
    远望证券2024年上半年净利润 | 去年同期呢 => 远望证券2023年上半年净利润
    2024年营收前三的公司 | 最低的三家呢 => 2024年营收最低的三家的公司
    2024年毛利率最高的公司是哪家 | 它的营收是多少 => 2024年毛利率最高的公司是哪家,它的营收是多少
    东海水务2024年净利润 | 保留两位小数 => 东海水务2024年净利润保留两位小数是多少
    东海水务2024年营收母公司口径是多少 | 合并的呢 => 东海水务2024年营收合并是多少
    东海水务2024年营收为什么增长 | 主要风险呢 | 净利润是多少 => 东海水务2024年净利润是多少
    北岭机床2024年研发费用 | 谢谢 | 那2023年呢 => 北岭机床2023年研发费用
    东海水务2024年总资产 | 负债呢 => 东海水务2024年负债
"""
"""Turns of conversations, and the last of each in full."""


@pytest.mark.parametrize("talk", [line.strip() for line in TALKS.strip().splitlines()])
def test_a_conversation_goes_on_from_what_was_spoken_of(talk: str, ontology: Ontology) -> None:
    turns, _, whole = talk.partition(" => ")
    assert in_turn(turns.split(" | "), ontology) == whole


def test_what_an_english_turn_compares_with_is_not_what_it_asks_about(ontology: Ontology) -> None:
    turns = ("What was Towen's gross margin in 2024?", "compared with 2023?")
    whole = understand(in_turn(turns, ontology), list(WORLD.values()), ontology, TODAY)
    assert (whole.task, whole.periods) == (Task.GROWTH, (full_year(2024), full_year(2023)))


@pytest.mark.parametrize(
    "question", ["最低的呢", "那五粮液呢", "今天天气呢", "2024年营收最高的公司是哪家"]
)
def test_a_turn_of_its_own_takes_nothing_over(question: str, ontology: Ontology) -> None:
    asked = "东海水务2024年营业收入是多少"
    assert continued(asked, question, list(WORLD.values()), ontology, TODAY) is None
