"""Figures are shown as they are asked for, and words that only say where they stand say nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from yanku.answer.wording import worded
from yanku.finance.inquiry import understand
from yanku.finance.ontology import Ontology
from yanku.model.amount import Amount
from yanku.model.inquiry import Beyond, Inquiry, Task
from yanku.testing.asked.plans import TODAY, WORLD


def read(question: str, ontology: Ontology) -> Inquiry:
    return understand(question, list(WORLD.values()), ontology, TODAY)


@pytest.mark.parametrize(
    ("said", "decimals"),
    [
        ("是多少？保留两位小数", 2),
        ("是多少（保留2位小数）", 2),
        ("是多少，结果请保留至小数点后两位？", 2),
        ("，精确到小数点后1位", 1),
        ("是多少，四舍五入保留三位小数", 3),
        ("是多少？请保留整数", 0),
        ("是多少", None),
    ],
)
def test_the_decimals_asked_for_are_read_and_choose_nothing(
    said: str, decimals: int | None, ontology: Ontology
) -> None:
    inquiry = read(f"东海水务2024年流动比率{said}", ontology)
    assert (inquiry.task, inquiry.decimals, inquiry.top) == (Task.RATIO, decimals, 0)
    assert inquiry.metrics == ("current_ratio",)


def test_decimals_and_unit_are_asked_for_together(ontology: Ontology) -> None:
    inquiry = read("东海水务2024年营业收入，以万元计，保留两位小数", ontology)
    assert (inquiry.task, inquiry.unit, inquiry.decimals) == (Task.LOOKUP, "万元", 2)


def test_a_figure_is_rounded_as_people_round_where_decimals_are_asked_for() -> None:
    assert worded(Amount(Decimal("12.345"), "%"), "zh", decimals=2) == "12.35%"
    assert worded(Amount(Decimal("1.5"), "times"), "zh", decimals=2) == "1.50倍"
    assert worded(Amount(Decimal("123456789"), "CNY"), "zh", "亿元", 2) == "1.23 亿元"
    assert worded(Amount(Decimal(1234), "people"), "zh", decimals=2) == "1,234人"


@pytest.mark.parametrize(
    "question",
    [
        "东海水务2024年年报中提及的毛利率具体是什么？",
        "在2024年的财务数据中，东海水务毛利率是多少",
        "在2024年的时候，东海水务的毛利率为多少",
        "请提供东海水务2024年毛利率的详细数据",
        "东海水务年报里披露的2024年毛利率",
    ],
)
def test_words_that_say_where_a_figure_stands_narrow_nothing(
    question: str, ontology: Ontology
) -> None:
    inquiry = read(question, ontology)
    assert (inquiry.task, inquiry.metrics) == (Task.RATIO, ("gross_margin",))
    assert not inquiry.unknown


def test_how_much_is_not_the_least(ontology: Ontology) -> None:
    assert not read("2024年营业收入前三分别是多少", ontology).lowest
    assert read("2024年营业收入最少的三家公司", ontology).lowest


@pytest.mark.parametrize(
    ("question", "top"),
    [("2024年哪五家公司营业收入最高？金额为？", 5), ("2024年营业收入前十二的公司", 12)],
)
def test_how_many_companies_are_asked_for_is_read_in_chinese_numerals(
    question: str, top: int, ontology: Ontology
) -> None:
    inquiry = read(question, ontology)
    assert (inquiry.task, inquiry.top, inquiry.lowest) == (Task.RANK, top, False)


def test_a_bound_in_chinese_numerals_needs_no_yuan(ontology: Ontology) -> None:
    inquiry = read("2024年总资产大于五亿的公司有多少家", ontology)
    assert [bound.value for bound in inquiry.bounds] == [Decimal(500_000_000)]


@pytest.mark.parametrize("word", ["利润", "费用"])
def test_a_word_of_many_measures_is_asked_back_beside_a_measure_too(
    word: str, ontology: Ontology
) -> None:
    inquiry = read(f"东海水务2024年营业收入和{word}", ontology)
    assert [one.said for one in inquiry.unclear] == [word]
    assert not inquiry.unknown


@pytest.mark.parametrize(
    "question", ["什么是流动比率？", "营业收入的定义是什么", "使用权资产是什么意思"]
)
def test_a_question_for_a_meaning_is_of_no_company(question: str, ontology: Ontology) -> None:
    inquiry = read(question, ontology)
    assert inquiry.task is Task.TEXT
    assert not inquiry.unknown
    assert not inquiry.unclear


@pytest.mark.parametrize(
    ("said", "ratio"),
    [
        ("营业成本率", "operating_cost_ratio"),
        ("三费比重", "three_expense_ratio"),
        ("非流动负债比率", "non_current_liabilities_share"),
        ("流动负债占总负债的比例", "current_liabilities_share"),
    ],
)
def test_shares_of_statements_have_names(said: str, ratio: str, ontology: Ontology) -> None:
    inquiry = read(f"东海水务2024年{said}", ontology)
    assert (inquiry.task, inquiry.metrics) in {
        (Task.RATIO, (ratio,)),
        (Task.RATIO, ("total_current_liabilities", "total_liabilities")),
    }


def test_first_letters_of_a_name_are_a_company_if_only_one_can_be_meant(
    ontology: Ontology,
) -> None:
    inquiry = read("DHSW 2024 营收", ontology)
    assert [company.name for company in inquiry.companies] == ["东海水务"]
    assert any("DHSW" in note.upper() for note in inquiry.assumptions)
    assert read("BYD 2024 营收", ontology).unknown == ("byd",)


@pytest.mark.parametrize("question", ["东海水务", "东海水务ROE 2024", "EBIT 东海水务 2024"])
def test_abbreviations_and_names_alone_are_answered_in_chinese(
    question: str, ontology: Ontology
) -> None:
    assert read(question, ontology).language == "zh"


def test_what_will_be_of_a_year_that_is_not_over_is_a_prediction(ontology: Ontology) -> None:
    assert read("东海水务2025年全年营收会是多少", ontology).beyond is Beyond.PREDICTION
    assert read("东海水务2025年第一季度营收是多少", ontology).beyond is None
    assert read("东海水务计划2025年营收会达到多少", ontology).beyond is None


@pytest.mark.parametrize(
    ("question", "task"),
    [
        ("东海水务2024年经营现金流和净利润之比", Task.RATIO),
        ("东海水务2024年营收有没有破百亿", Task.WHETHER),
        ("2024年营收破百亿的公司有哪些", Task.RANK),
        ("2024年营收正增长的公司数量", Task.RANK),
        ("东海水务营收近五年最低的一年", Task.COMPARE),
        ("江南银行2024年净息差比2023年降了多少个bp", Task.GROWTH),
        ("和泰电器2024年存货周转率是几次", Task.RATIO),
    ],
)
def test_ways_of_saying_are_read_as_the_work_they_ask_for(
    question: str, task: Task, ontology: Ontology
) -> None:
    assert read(question, ontology).task is task


@pytest.mark.parametrize(
    "question", ["东海水务2024年净利润为什么", "东海水务2024年净利润下降是为什么？"]
)
def test_a_why_at_the_end_stays_a_why(question: str, ontology: Ontology) -> None:
    assert read(question, ontology).task is Task.TEXT
