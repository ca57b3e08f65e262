"""Everyday turns of speech are read as the plain words that mean the same, and said to be."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.figured import TODAY, TOOLS, WATER, entry, fact

from yanku.answer.declining import decline_unasked
from yanku.finance.compute import settle
from yanku.finance.inquiry import understand
from yanku.finance.ontology import Ontology, load_ontology
from yanku.finance.periods import full_year, quarter
from yanku.finance.placed import placed
from yanku.finance.several import read_question
from yanku.model.finance import Company
from yanku.model.inquiry import Beyond, Finding, Fold, Inquiry, Missing, Task

PAPER = Company("600777", "西岭纸业")


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return load_ontology()


def read(question: str, ontology: Ontology) -> Inquiry:
    return understand(question, [WATER, TOOLS, PAPER], ontology, TODAY)


@pytest.mark.parametrize(
    ("question", "measure", "lowest"),
    [
        ("2023年哪家最能赚", "net_profit_attributable", False),
        ("2023年谁最会赚钱", "net_profit_attributable", False),
        ("卖得最好的是哪家？2023年", "operating_revenue", False),
        ("2023年谁卖得最少", "operating_revenue", True),
        ("2023年哪家公司亏得最惨", "net_profit_attributable", True),
        ("2023年前三季度营收增长最快的是哪家", "operating_revenue.growth", False),
    ],
)
def test_who_is_first_is_asked_in_everyday_words(
    question: str, measure: str, lowest: bool, ontology: Ontology
) -> None:
    inquiry = read(question, ontology)
    assert (inquiry.task, inquiry.metrics, inquiry.top) == (Task.RANK, (measure,), 1)
    assert inquiry.lowest is lowest
    assert len(inquiry.companies) == 3


@pytest.mark.parametrize(
    "question",
    [
        "2023年谁亏了",
        "2023年亏损的公司",
        "2023年有没有亏损的公司",
        "2023年有亏钱的公司吗",
        "2023年哪几家亏损",
    ],
)
def test_who_is_in_the_red_are_companies_with_a_result_below_nothing(
    question: str, ontology: Ontology
) -> None:
    inquiry = read(question, ontology)
    assert (inquiry.task, inquiry.metrics) == (Task.RANK, ("net_profit_attributable",))
    assert [(bound.value, bound.below) for bound in inquiry.bounds] == [(Decimal(0), True)]
    assert any("理解" in note for note in inquiry.assumptions)


def test_how_many_are_in_the_red_is_a_number(ontology: Ontology) -> None:
    assert read("2023年有几家亏损", ontology).counted


def test_whether_any_figure_is_negative_is_asked_of_all(ontology: Ontology) -> None:
    inquiry = read("2023年经营现金流为负的有吗", ontology)
    assert (inquiry.task, inquiry.metrics) == (Task.RANK, ("net_cash_operating",))
    assert inquiry.everyone


@pytest.mark.parametrize(
    "question", ["东海水务2024Q3亏了没", "东海水务 24Q3 亏没亏", "东海水务2024年三季度亏不亏"]
)
def test_whether_one_company_is_in_the_red(question: str, ontology: Ontology) -> None:
    inquiry = read(question, ontology)
    assert (inquiry.task, inquiry.periods) == (Task.WHETHER, (quarter(2024, 3),))


def test_who_of_two_loses_more_has_the_lower_result(ontology: Ontology) -> None:
    inquiry = read("东海水务和北岭机床2023年哪家亏得多", ontology)
    assert (inquiry.task, inquiry.metrics) == (Task.COMPARE, ("net_profit_attributable",))
    assert inquiry.lowest


@pytest.mark.parametrize(
    ("question", "measure"),
    [
        ("东海水务2023 EPS 稀释", "diluted_eps"),
        ("东海水务2023年每股收益（基本）", "basic_eps"),
        ("东海水务2023年稀释EPS", "diluted_eps"),
        ("东海水务2023年扣除非经常性损益后的净资产收益率", "weighted_roe_excluding_non_recurring"),
    ],
)
def test_what_tells_a_measure_apart_may_stand_behind_it(
    question: str, measure: str, ontology: Ontology
) -> None:
    inquiry = read(question, ontology)
    assert (inquiry.task, inquiry.metrics) == (Task.LOOKUP, (measure,))


def test_the_years_of_a_stretch_may_be_counted_as_well(ontology: Ontology) -> None:
    inquiry = read("东海水务2021到2023三年平均净利润", ontology)
    assert (inquiry.task, inquiry.fold, len(inquiry.periods)) == (Task.TOTAL, Fold.MEAN, 3)


def test_growth_year_by_year_holds_in_every_year(ontology: Ontology) -> None:
    asked = "2021到2023年营收每年都增长的公司"
    inquiry = read_question(asked, [WATER, TOOLS, PAPER], ontology, TODAY)
    assert (inquiry.task, inquiry.metrics) == (Task.RANK, ("operating_revenue.growth",))
    assert inquiry.run is not None
    assert inquiry.run.count == 3


def test_each_company_has_its_own_mean_where_each_is_asked_for(ontology: Ontology) -> None:
    asked = "东海水务和北岭机床2021到2023年平均净利润各是多少"
    inquiry = read_question(asked, [WATER, TOOLS], ontology, TODAY)
    assert inquiry.task is Task.SEVERAL
    assert [[c.name for c in part.companies] for part in inquiry.parts] == [
        ["东海水务"],
        ["北岭机床"],
    ]
    pooled = "东海水务和北岭机床2021到2023年净利润合计"
    inquiry = read_question(pooled, [WATER, TOOLS], ontology, TODAY)
    assert inquiry.task is Task.TOTAL


def test_quarters_of_two_years_are_not_one_list_of_quarters(ontology: Ontology) -> None:
    inquiry = read("东海水务2025年一季度和2024年一季度的营收分别是多少", ontology)
    assert inquiry.task is Task.LOOKUP
    assert inquiry.periods == (quarter(2025, 1), quarter(2024, 1))


@pytest.mark.parametrize(
    ("question", "measure"),
    [
        ("东海水务2023年营收排第几", "operating_revenue"),
        ("东海水务毛利率在2023年排名第几？", "gross_margin"),
        ("2023年东海水务净利润同比在库里排名多少", "net_profit.growth"),
    ],
)
def test_the_place_of_one_company_is_asked_among_all(
    question: str, measure: str, ontology: Ontology
) -> None:
    inquiry = read_question(question, [WATER, TOOLS, PAPER], ontology, TODAY)
    assert (inquiry.task, inquiry.metrics, inquiry.standing) == (Task.RANK, (measure,), WATER.code)
    assert len(inquiry.companies) == 3


def test_a_place_is_told_by_who_has_it_and_without_a_figure_there_is_none(
    ontology: Ontology,
) -> None:
    asked = read_question("北岭机床2023年营收排第几", [WATER, TOOLS, PAPER], ontology, TODAY)
    year = full_year(2023)
    facts = [
        (
            fact("operating_revenue", value, year, company=company),
            entry(company.code, year, company),
        )
        for company, value in ((WATER, "30"), (TOOLS, "20"), (PAPER, "25"))
    ]
    whose = placed(asked, lambda one: settle(one, facts, ontology))
    assert whose.place == 3
    told = settle(whose, facts, ontology)
    assert isinstance(told, Finding)
    assert told.choice == "北岭机床"
    without = placed(asked, lambda one: settle(one, facts[:1], ontology))
    assert isinstance(settle(without, facts[:1], ontology), Missing)
    assert without.companies == (TOOLS,)


def test_a_sum_may_be_said_before_its_measure(ontology: Ontology) -> None:
    inquiry = read("东海水务和北岭机床2023年合计营收", ontology)
    assert (inquiry.task, inquiry.fold) == (Task.TOTAL, Fold.SUM)


def test_a_unit_may_stand_alone_at_the_end(ontology: Ontology) -> None:
    inquiry = read("东海水务 2023 研发费用 亿", ontology)
    assert (inquiry.task, inquiry.unit) == (Task.LOOKUP, "亿元")


OIL = Company("601900", "东川石油", ("东川石油天然气股份有限公司",))


def test_three_characters_of_a_name_in_their_order_call_the_one_company_they_fit(
    ontology: Ontology,
) -> None:
    alone = understand("东石油2023年营收", [WATER, TOOLS, OIL], ontology, TODAY)
    assert alone.companies == (OIL,)
    assert any("东石油" in note for note in alone.assumptions)
    two = understand("东石油和北岭机床2023年营收谁高", [WATER, TOOLS, OIL], ontology, TODAY)
    assert set(two.companies) == {OIL, TOOLS}
    other = Company("601901", "东山石油")
    shared = understand("东石油2023年营收", [WATER, OIL, other], ontology, TODAY)
    assert shared.unknown == ("东石油",)


@pytest.mark.parametrize("asked", ["折合多少美元", "换算成港元是多少", "折算为欧元"])
def test_no_currency_is_turned_into_another(asked: str, ontology: Ontology) -> None:
    inquiry = read(f"东海水务2023年营收{asked}", ontology)
    assert inquiry.beyond is Beyond.EXCHANGE
    declined = decline_unasked(inquiry)
    assert declined is not None
    assert "汇率" in declined.message


def test_a_sum_named_before_its_parts_and_an_order_in_time_are_left_out(
    ontology: Ontology,
) -> None:
    parts = read("东海水务2023年营业总成本构成：营业成本、销售费用、研发费用金额", ontology)
    assert parts.task is Task.LOOKUP
    assert parts.metrics == ("operating_cost", "selling_expenses", "rd_expenses")
    series = read("东海水务近三年营收，请按时间顺序列出", ontology)
    assert series.task is Task.SERIES
    assert not any("“”" in note for note in (*parts.assumptions, *series.assumptions))
    assert read("东海水务2023年营业成本构成", ontology).task is Task.TEXT
