"""Profit or loss, the turn from one to the other, whoever is left out, the middle of many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pytest
from tests.figured import TODAY, TOOLS, WATER, entry, fact

from yanku.finance.choose import Sourced
from yanku.finance.compute import settle, wanted
from yanku.finance.inquiry import understand
from yanku.finance.ontology import Ontology
from yanku.finance.periods import full_year, months, quarter
from yanku.model.finance import Company
from yanku.model.inquiry import Finding, Inquiry, Missing, Task

BANK = Company("601999", "江南银行")
COMPANIES = (WATER, TOOLS, BANK)
PROFIT = "net_profit_attributable"


def profits(figures: Mapping[Company, Mapping[int, int]], name: str = PROFIT) -> list[Sourced]:
    return [
        (
            fact(name, str(value), full_year(year), company=company),
            entry(f"{company.name}{year}", full_year(year), company),
        )
        for company, years in figures.items()
        for year, value in years.items()
    ]


BOOK = {
    WATER: {2021: 5, 2022: -3, 2023: -4, 2024: 6},
    TOOLS: {2021: 5, 2022: 3, 2023: 4, 2024: -6},
    BANK: {2021: 1, 2022: 2, 2023: 3, 2024: 4},
}


def ask(question: str, facts: Sequence[Sourced], ontology: Ontology) -> Finding | Missing:
    inquiry = understand(question, COMPANIES, ontology, TODAY)
    query = wanted(inquiry, ontology)
    given = [
        (f, e)
        for f, e in facts
        if f.company.code in query.companies
        and f.metric in query.metrics
        and (not query.period_ends or f.period.end in query.period_ends)
    ]
    return settle(inquiry, given, ontology)


def found(question: str, ontology: Ontology, facts: Sequence[Sourced] = ()) -> Finding:
    told = ask(question, facts or profits(BOOK), ontology)
    assert isinstance(told, Finding), told
    return told


def read(question: str, ontology: Ontology) -> Inquiry:
    return understand(question, COMPANIES, ontology, TODAY)


@pytest.mark.parametrize(
    ("question", "choice"),
    [
        ("东海水务2024年是盈利还是亏损", "盈利"),
        ("北岭机床2024年是赚是亏？", "亏损"),
        ("北岭机床2024年归母净利润是正还是负", "亏损"),
        ("北岭机床2024年赚了还是亏了", "亏损"),
        ("东海水务2023年盈亏情况如何", "亏损"),
    ],
)
def test_profit_or_loss_is_told_by_the_sign(question: str, choice: str, ontology: Ontology) -> None:
    assert found(question, ontology).choice == choice


def test_profit_or_loss_of_a_named_measure_is_of_that_measure(ontology: Ontology) -> None:
    facts = profits({WATER: {2024: -7}}, "net_profit_excluding_non_recurring")
    told = found("东海水务2024年扣非净利是赚是亏", ontology, [*facts, *profits(BOOK)])
    assert told.choice == "亏损"
    assert told.operands[0].fact.amount.value == Decimal(-7)


@pytest.mark.parametrize(
    ("question", "choice"),
    [
        ("东海水务2024年扭亏了吗", "是"),
        ("东海水务扭亏了吗", "是"),
        ("江南银行2024年扭亏为盈了吗", "否"),
        ("北岭机床2024年由盈转亏了吗", "是"),
        ("东海水务2023年由盈转亏了吗", "否"),
        ("东海水务哪年由盈转亏", "2022年"),
        ("东海水务什么时候扭亏", "2024年"),
        ("2024年扭亏的公司有哪些", "东海水务"),
        ("哪些公司2024年由盈转亏", "北岭机床"),
    ],
)
def test_a_turn_needs_the_other_sign_the_year_before(
    question: str, choice: str, ontology: Ontology
) -> None:
    told = found(question, ontology)
    assert told.choice == choice
    assert len(told.operands) >= 2


@pytest.mark.parametrize(
    "question", ["东海水务2021年扭亏了吗", "Did 东海水务 return to profit in 2021?"]
)
def test_a_turn_cannot_be_told_without_the_year_before(question: str, ontology: Ontology) -> None:
    assert isinstance(ask(question, profits(BOOK), ontology), Missing)


@pytest.mark.parametrize(
    ("question", "years"),
    [("江南银行净利润连续增长了几年", 3), ("江南银行净利润连续增长几年了", 3)],
)
def test_years_in_a_row_are_counted_wherever_their_number_is_asked(
    question: str, years: int, ontology: Ontology
) -> None:
    told = found(question, ontology, profits(BOOK, "net_profit"))
    assert told.amount is not None
    assert told.amount.value == years


def test_years_in_a_row_without_a_period_end_with_a_whole_year(ontology: Ontology) -> None:
    first = quarter(2025, 1)
    later = (fact("net_profit", "1", first, company=BANK), entry("一季报", first, BANK))
    told = found("江南银行净利润连续三年增长了吗", ontology, [*profits(BOOK, "net_profit"), later])
    assert told.choice == "是"


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("除东海水务外，2024年归母净利润最高的公司是哪家", "江南银行"),
        ("除了东海水务和江南银行以外，2024年归母净利润最高的是谁", "北岭机床"),
        ("除北岭外，2024年归母净利润最高的是谁", "东海水务"),
        ("剔除东海水务后，2024年归母净利润最高的是哪家公司", "江南银行"),
        ("Which company other than 东海水务 had the highest net profit attributable to owners"
         " of the parent in 2024?", "江南银行"),
    ],
)  # fmt: skip
def test_who_is_left_out_does_not_count(question: str, first: str, ontology: Ontology) -> None:
    told = found(question, ontology)
    assert told.choice == first
    assert any(
        "东海水务" in note or "北岭" in note for note in read(question, ontology).assumptions
    )


def test_what_is_no_company_is_not_left_out_silently(ontology: Ontology) -> None:
    inquiry = read("除利息外，东海水务2024年财务费用是多少", ontology)
    assert inquiry.task is Task.TEXT


@pytest.mark.parametrize(
    ("question", "value"),
    [("2024年各公司归母净利润的中位数", "4"), ("东海水务、江南银行2024年归母净利润的中位数", "5")],
)
def test_the_middle_of_many_is_told(question: str, value: str, ontology: Ontology) -> None:
    told = found(question, ontology)
    assert told.amount is not None
    assert told.amount.value == Decimal(value)


def test_a_mean_of_all_companies_says_who_has_no_figure(ontology: Ontology) -> None:
    facts = profits({WATER: {2024: 2}, BANK: {2024: 4}})
    facts += profits({TOOLS: {2024: 1}}, "total_assets")
    told = found("各公司2024年归母净利润的平均值", ontology, facts)
    assert told.amount is not None
    assert told.amount.value == Decimal(3)
    assert any("3家公司中2家" in note for note in told.assumptions)
    assert any("北岭机床" in note for note in told.assumptions)


def test_a_sum_of_all_companies_still_needs_every_one(ontology: Ontology) -> None:
    facts = profits({WATER: {2024: 2}, BANK: {2024: 4}})
    assert isinstance(ask("所有公司2024年归母净利润合计", facts, ontology), Missing)


def test_the_first_and_the_second_are_two(ontology: Ontology) -> None:
    told = found("2024年归母净利润第一和第二分别是谁", ontology)
    assert told.choice == "东海水务、江南银行"


def stretches() -> list[Sourced]:
    told = []
    for year, values in ((2023, (10, 30, 60, 100)), (2024, (20, 50, 90, 140))):
        for month, value in zip((3, 6, 9, 12), values, strict=True):
            period = months(year, 1, month)
            told.append(
                (fact("operating_revenue", str(value), period), entry(f"{year}-{month}", period))
            )
    return told


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("东海水务营收TTM", 140),
        ("东海水务滚动四季营业收入", 140),
        ("东海水务截至2024年9月末滚动十二个月营业收入", 130),
        ("东海水务最近十二个月的营业收入是多少", 140),
    ],
)
def test_trailing_quarters_are_added_up_to_the_last_one_meant(
    question: str, value: int, ontology: Ontology
) -> None:
    told = found(question, ontology, stretches())
    assert told.amount is not None
    assert told.amount.value == value


def test_what_does_not_add_up_has_no_trailing_sum(ontology: Ontology) -> None:
    assert read("东海水务毛利率TTM", ontology).task is Task.TEXT
    assert read("东海水务总资产TTM", ontology).task is Task.TEXT


def halves() -> list[Sourced]:
    return [
        (fact("operating_revenue", value, period), entry(name, period))
        for name, value, period in (
            ("2023年报", "100", full_year(2023)),
            ("2023半年报", "40", months(2023, 1, 6)),
            ("2024年报", "150", full_year(2024)),
            ("2024半年报", "60", months(2024, 1, 6)),
        )
    ]


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("东海水务2024年下半年营业收入", 90),
        ("东海水务2024年下半年营业收入环比增长", 50),
        ("东海水务2024年上半年营业收入环比增长", 0),
    ],
)
def test_a_second_half_is_the_year_less_the_first(
    question: str, value: int, ontology: Ontology
) -> None:
    told = found(question, ontology, halves())
    assert told.amount is not None
    assert told.amount.value == value
