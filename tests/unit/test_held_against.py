"""Figures are held against just those that the question names, and each shows its source."""

from __future__ import annotations

from decimal import Decimal

from tests.figured import TODAY, TOOLS, WATER, entry, fact

from yanku.answer.compose import compose
from yanku.finance.choose import Sourced
from yanku.finance.compute import settle
from yanku.finance.measures import called
from yanku.finance.ontology import Ontology
from yanku.finance.periods import full_year
from yanku.finance.several import read_question
from yanku.model.answer import Grounded
from yanku.model.inquiry import Missing, Task

REVENUE = {WATER: {2021: 80, 2022: 150, 2023: 100, 2024: 120}, TOOLS: {2023: 90, 2024: 60}}
PROFIT = {WATER: {2023: 10, 2024: 11}, TOOLS: {2023: 3, 2024: -2}}


def book() -> list[Sourced]:
    """Revenues and net profits, each in the report on its year."""
    every = (("operating_revenue", REVENUE), ("net_profit", PROFIT))
    return [
        (
            fact(metric, str(value), full_year(year), company=company),
            entry(f"{company.name}{year}", full_year(year), company),
        )
        for metric, table in every
        for company, years in table.items()
        for year, value in years.items()
    ]


def answered(question: str, ontology: Ontology) -> Grounded:
    inquiry = read_question(question, (WATER, TOOLS), ontology, TODAY)
    finding = settle(inquiry, book(), ontology)
    assert not isinstance(finding, Missing), finding
    return compose(inquiry, finding, lambda name, language: called(name, language, ontology))


def test_a_ranking_over_years_is_told_year_by_year(ontology: Ontology) -> None:
    inquiry = read_question("2023年和2024年营收最高的公司", (WATER, TOOLS), ontology, TODAY)
    assert [(part.task, part.top, part.periods) for part in inquiry.parts] == [
        (Task.RANK, 1, (full_year(2023),)),
        (Task.RANK, 1, (full_year(2024),)),
    ]


def test_in_every_one_of_the_years_is_none_of_them_alone(ontology: Ontology) -> None:
    first = answered("2023年和2024年营收都排第一的公司", ontology)
    assert first.choice == "东海水务"
    both = answered("2023年和2024年净利润均排前1的公司有哪些", ontology)
    assert both.choice == "东海水务"
    above = answered("2023-2024年营收均超过80元的公司", ontology)
    assert above.choice == "东海水务"


def sources(answer: Grounded) -> set[str]:
    return {citation.file for citation in answer.citations}


def test_the_highest_year_is_held_against_the_lowest_of_those_named(ontology: Ontology) -> None:
    answer = answered("东海水务2022到2024年营收最高的一年比最低的一年多多少", ontology)
    assert answer.amount is not None
    assert answer.amount.value == 50
    assert "2022年 − 2023年" in answer.text
    assert sources(answer) == {"东海水务2022", "东海水务2023", "东海水务2024"}


def test_without_years_all_that_there_are_count(ontology: Ontology) -> None:
    answer = answered("东海水务营收最高和最低的年份相差多少", ontology)
    assert answer.amount is not None
    assert answer.amount.value == 70


def test_a_company_is_held_against_another_for_the_year_named_beside_each(
    ontology: Ontology,
) -> None:
    answer = answered("东海水务2024年营收比北岭机床2023年多多少", ontology)
    assert answer.amount is not None
    assert answer.amount.value == 30
    assert sources(answer) == {"东海水务2024", "北岭机床2023"}
    higher = answered("北岭机床2023年营收和东海水务2021年相比哪个高", ontology)
    assert higher.choice == "北岭机床"
    assert sources(higher) == {"东海水务2021", "北岭机床2023"}


def test_rates_of_growth_are_held_against_each_other_and_not_the_figures(
    ontology: Ontology,
) -> None:
    answer = answered("东海水务2024年营收增速比净利润增速高多少个百分点", ontology)
    assert answer.amount is not None
    assert (answer.amount.value, answer.amount.unit) == (Decimal(10), "pp")
    faster = answered("东海水务2024年营业收入和净利润哪个增长更快", ontology)
    assert faster.choice == "营业收入同比增长率"
    assert "20.00%" in faster.text
    assert "10.00%" in faster.text


def test_growth_of_two_companies_shows_the_growth_of_each(ontology: Ontology) -> None:
    answer = answered("东海水务和北岭机床2024年营收哪家增长更快", ontology)
    assert answer.choice == "东海水务"
    assert "-33.33%" in answer.text


def test_who_was_ahead_in_two_years_is_told_for_both(ontology: Ontology) -> None:
    answer = answered("东海水务和北岭机床2023年和2024年营收哪个高", ontology)
    assert answer.choice is None
    assert all(f"{value}元" in answer.text for value in (100, 120, 90, 60))
