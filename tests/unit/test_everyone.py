"""Figures of all companies side by side: who discloses nothing is named, and none is left out."""

from __future__ import annotations

from time import process_time

import pytest
from tests.figured import TODAY, TOOLS, WATER, entry, fact

from yanku.answer.compose import compose
from yanku.finance.choose import Sourced
from yanku.finance.compute import settle
from yanku.finance.inquiry import understand
from yanku.finance.measures import called
from yanku.finance.ontology import Ontology
from yanku.finance.periods import full_year
from yanku.model.answer import Grounded
from yanku.model.finance import Company
from yanku.model.inquiry import Finding, Inquiry, Task

BANK = Company("601999", "江南银行")
SILENT = Company("600777", "默远股份")
LIBRARY = (WATER, TOOLS, BANK, SILENT)
LAST, BEFORE = full_year(2024), full_year(2023)


def figures() -> list[Sourced]:
    made = []
    for company, revenue, profit in ((WATER, "10", "3"), (TOOLS, "30", "-2"), (BANK, "20", None)):
        document = entry(company.name, LAST, company)
        for period, times in ((LAST, 1), (BEFORE, 2)):
            given = {"operating_revenue": revenue, "net_profit": profit}
            made += [
                (fact(m, str(int(v) * times), period, company=company), document)
                for m, v in given.items()
                if v is not None
            ]
    return made


def read(question: str, ontology: Ontology) -> Inquiry:
    return understand(question, LIBRARY, ontology, TODAY)


def answered(question: str, ontology: Ontology) -> Grounded:
    inquiry = read(question, ontology)
    found = settle(inquiry, figures(), ontology)
    assert isinstance(found, Finding), found
    return compose(inquiry, found, lambda name, lang: called(name, lang, ontology))


def shown(answer: Grounded) -> list[tuple[str, ...]]:
    assert answer.table is not None
    return [tuple(cell.text for cell in row) for row in answer.table.rows]


@pytest.mark.parametrize(
    "question",
    [
        "列出所有公司2024年营业收入和净利润",
        "各公司2024年营业收入、净利润",
        "全部公司2024年营业收入、净利润对比表",
    ],
)
def test_several_measures_of_all_companies_stand_side_by_side(
    question: str, ontology: Ontology
) -> None:
    answer = answered(question, ontology)
    assert answer.table is not None
    assert answer.table.columns == ("公司", "营业收入", "净利润")
    assert shown(answer) == [
        ("东海水务", "10元", "3元"),
        ("北岭机床", "30元", "-2元"),
        ("江南银行", "20元", ""),
    ]
    cells = [cell for row in answer.table.rows for cell in row if cell.amount is not None]
    assert all(cell.citations for cell in cells)


def test_who_discloses_nothing_is_counted_and_named(ontology: Ontology) -> None:
    answer = answered("列出所有公司2024年营业收入和净利润", ontology)
    assert "4家公司中3家披露" in answer.assumptions
    assert "资料中没有：默远股份" in answer.assumptions
    assert any("江南银行" in note and "净利润" in note for note in answer.assumptions)


def test_all_companies_over_years_and_with_growth_are_tables_too(ontology: Ontology) -> None:
    years = answered("各家公司近两年营业收入", ontology)
    assert [row[0] for row in shown(years)] == ["2023年度", "2024年度"]
    two = answered("所有公司2023年和2024年营业收入", ontology)
    assert shown(two) == shown(years)
    growth = answered("所有公司2024年营业收入和同比", ontology)
    assert shown(growth)[0] == ("东海水务", "10元", "-50.00%")
    course = answered("所有公司营业收入、净利润的走势", ontology)
    assert len(shown(course)) == 6


def test_without_a_period_it_is_the_latest_year_that_most_have_and_says_so(
    ontology: Ontology,
) -> None:
    answer = answered("List revenue and net profit of all companies", ontology)
    assert "no period named: the latest, 2024" in answer.assumptions
    assert "3 of 4 companies disclose it" not in answer.assumptions[:1]
    assert shown(answer)[1] == ("北岭机床", "30 CNY", "-2 CNY")


def test_one_measure_of_all_companies_is_still_an_order(ontology: Ontology) -> None:
    inquiry = read("所有公司2024年营业收入", ontology)
    assert (inquiry.task, inquiry.everyone) == (Task.RANK, True)


def test_measures_of_named_companies_do_not_bring_in_the_others(ontology: Ontology) -> None:
    inquiry = read("东海水务、北岭机床2024年营业收入和净利润", ontology)
    assert (inquiry.companies, inquiry.everyone) == ((WATER, TOOLS), False)


def test_a_table_of_hundreds_of_companies_is_made_while_one_waits(ontology: Ontology) -> None:
    # Each figure looked for among all facts took sixteen seconds for 500 companies.
    library = [Company(f"6{n:05d}", f"第{n}号重工") for n in range(300)]
    metrics = ("operating_revenue", "net_profit", "rd_expenses", "operating_cost")
    facts = [
        (fact(metric, "7", period, company=company), entry(company.name, LAST, company))
        for company in library
        for period in (LAST, BEFORE)
        for metric in metrics
    ]
    question = "列出所有公司2024年营业收入和同比、净利润、毛利率"
    inquiry = understand(question, library, ontology, TODAY)
    started = process_time()
    found = settle(inquiry, facts, ontology)
    assert isinstance(found, Finding)
    compose(inquiry, found, lambda name, lang: called(name, lang, ontology))
    assert process_time() - started < 3
    assert len(found.rows) == 4 * 300
