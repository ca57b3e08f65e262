"""What an answer says of a figure is what the figure is: its period, scope, name and unit."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.figured import TODAY, TOOLS, WATER, entry, fact
from tests.unit.test_many import BANK, answered, sourced, understood

from yanku.answer.compose import compose
from yanku.answer.wording import worded
from yanku.finance.choose import Sourced
from yanku.finance.compute import settle
from yanku.finance.inquiry import understand
from yanku.finance.measures import called
from yanku.finance.ontology import Ontology
from yanku.finance.periods import closing, full_year, months, quarter
from yanku.model.amount import Amount
from yanku.model.finance import Company, Consolidation, Statement
from yanku.model.inquiry import Finding

Y23 = full_year(2023)
HALF, FIRST = months(2023, 1, 6), quarter(2023, 1)


def quarters() -> list[Sourced]:
    return [
        sourced(WATER, HALF, "172.00"),
        sourced(WATER, FIRST, "73.00"),
        sourced(WATER, months(2022, 1, 6), "80.00"),
        sourced(WATER, quarter(2022, 1), "47.00"),
    ]


@pytest.mark.parametrize(
    ("question", "said", "wrong"),
    [
        ("东海水务2023年第二季度营业收入", "2023年第二季度营业收入为99.00元", "上半年营业收入为"),
        ("Revenue of 东海水务 in Q2 2023", "Q2 2023, was 99.00 CNY", "first half of 2023, was"),
        (
            "东海水务2023年第二季度营业收入同比增长率",
            "2023年第二季度",
            "上半年营业收入同比增长率为",
        ),
    ],
)
def test_a_quarter_worked_out_of_two_stretches_is_called_by_its_own_name(
    ontology: Ontology, question: str, said: str, wrong: str
) -> None:
    answer = answered(question, quarters(), ontology)
    assert said in answer.text
    assert wrong not in answer.text


def test_a_share_of_one_in_another_says_which_is_which(ontology: Ontology) -> None:
    facts = [
        sourced(WATER, Y23, "5.00", "rd_expenses"),
        sourced(WATER, Y23, "100.00", "operating_revenue"),
    ]
    answer = answered("东海水务2023年研发费用占营业收入的比例", facts, ontology)
    assert "研发费用占营业收入的比例为5.00%" in answer.text


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("东海水务2023年末货币资金 万元", "万元"),
        ("东海水务2023年末货币资金（亿元）", "亿元"),
        ("东海水务2023年末货币资金，百万元？", "百万元"),
        ("东海水务2023年末货币资金超过3亿元吗", ""),
        ("货币资金超过3亿元的公司有哪些", ""),
    ],
)
def test_a_unit_that_stands_by_itself_at_the_end_is_the_one_asked_for(
    ontology: Ontology, question: str, unit: str
) -> None:
    assert understood(question, ontology).unit == unit


def test_a_figure_of_the_parent_alone_is_called_so(ontology: Ontology) -> None:
    said = fact("operating_revenue", "7.00", Y23, consolidation=Consolidation.PARENT)
    answer = answered("东海水务母公司2023年营业收入", [(said, entry("a", Y23))], ontology)
    assert "东海水务母公司2023年度营业收入为7.00元" in answer.text


def test_points_and_tails_of_divisions_are_rounded() -> None:
    points = Amount(Decimal("0.07553488649523140969197263"), "pp")
    assert worded(points, "zh") == "0.08个百分点"
    assert worded(Amount(Decimal(100) / 3, "CNY"), "en") == "33.3333 CNY"


def test_companies_are_ranked_by_the_year_where_no_period_is_named(ontology: Ontology) -> None:
    facts = [
        sourced(company, period, value)
        for company, year, later in ((WATER, "10", "4"), (TOOLS, "20", "3"), (BANK, "30", "2"))
        for period, value in ((Y23, year), (quarter(2024, 1), later))
    ]
    answer = answered("营业收入最高的公司是哪家", facts, ontology)
    assert "江南银行2023年度" in answer.text


def test_a_year_that_most_companies_have_comes_before_a_quarter_that_all_have(
    ontology: Ontology,
) -> None:
    facts = [
        *(sourced(company, quarter(2024, 3), "3") for company in (WATER, TOOLS, BANK)),
        *(sourced(company, Y23, "20") for company in (WATER, TOOLS)),
    ]
    answer = answered("营业收入超过10元的公司有几家", facts, ontology)
    assert "2家" in answer.text
    assert any("江南银行" in note for note in answer.assumptions)


def test_balances_are_ranked_by_the_latest_day(ontology: Ontology) -> None:
    facts = [
        (
            fact("total_assets", value, day, company=company, statement=Statement.BALANCE_SHEET),
            entry(f"{company.code}{day.end}", day, company),
        )
        for company, before, now in ((WATER, "10", "40"), (TOOLS, "20", "30"))
        for day, value in ((closing(Y23), before), (closing(quarter(2024, 1)), now))
    ]
    answer = answered("东海水务和北岭机床总资产哪个高", facts, ontology)
    assert "东海水务更高" in answer.text


def test_an_english_answer_calls_a_company_by_its_english_name_unless_asked_by_another(
    ontology: Ontology,
) -> None:
    water = Company(WATER.code, WATER.name, ("Donghai Water Group Co., Ltd.",))
    facts = [sourced(WATER, Y23, "12.00"), sourced(WATER, full_year(2022), "10.00")]
    for question, name in (
        ("What was the revenue of Donghai Water in 2023?", "Donghai Water Group Co., Ltd.: "),
        ("How much did Donghai's revenue grow in 2023?", "Donghai Water Group Co., Ltd.: "),
        ("What was the revenue of 东海水务 in 2023?", "东海水务: "),
    ):
        inquiry = understand(question, (water, TOOLS), ontology, TODAY)
        found = settle(inquiry, facts, ontology)
        assert isinstance(found, Finding), (question, found)
        told = compose(inquiry, found, lambda name, lang: called(name, lang, ontology))
        assert told.text.startswith(name)
        assert "东海水务" not in told.text or "东海水务" in question
