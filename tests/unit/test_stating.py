"""Of many passages that speak of a figure, those whose rows state it come first."""

from __future__ import annotations

from datetime import date

import pytest

from yanku.finance.inquiry import understand
from yanku.finance.ontology import Ontology
from yanku.finance.periods import full_year
from yanku.finance.stating import Stating
from yanku.flows.rows import Rows
from yanku.model.finance import Company, Profile, ReportKind
from yanku.model.inquiry import Inquiry
from yanku.model.search import Filter
from yanku.retrieve.tokens import Tokens

WATER = Company("600123", "东海水务", ("Donghai Water",))
TOOLS = Company("300456", "北岭机床")
ANNUAL = Profile("", WATER, ReportKind.ANNUAL, False, full_year(2023))
HEAD = "东海水务（600123） 2023年年度报告"


def asked(question: str, ontology: Ontology) -> Inquiry:
    return understand(question, [WATER, TOOLS], ontology, date(2025, 5, 20))


@pytest.fixture
def stating(ontology: Ontology) -> Stating:
    return Stating(asked("东海水务2023年营业收入是多少", ontology), ontology)


def weight(stating: Stating, *lines: str, context: str = HEAD) -> int:
    return stating.weight("\n".join(lines), context, ANNUAL)


STATED = "一、营业收入（元） | 2023年度: 12,345.00 | 2022年度: 11,000.00"


def test_a_row_of_the_very_name_and_year_outweighs_a_column_of_that_name(stating: Stating) -> None:
    parts = weight(stating, "自来水 | 营业收入: 8,000.00 | 毛利率（%）: 31.2")
    assert weight(stating, STATED) > parts > 0


def test_prose_states_nothing_in_rows(stating: Stating) -> None:
    assert weight(stating, "2023年公司营业收入为12,345.00元，同比增长12.2%。") == 0


def test_a_row_of_other_years_weighs_less(stating: Stating) -> None:
    other = weight(stating, "营业收入 | 2021年度: 9,000.00 | 2020年度: 8,500.00")
    assert weight(stating, STATED) > other


def test_the_current_column_of_a_report_is_that_of_its_year(ontology: Ontology) -> None:
    line = "营业收入 | 本期发生额: 12,345.00 | 上期发生额: 11,000.00"
    of = {
        year: Stating(asked(f"东海水务{year}年营业收入是多少", ontology), ontology)
        for year in (2021, 2022, 2023)
    }
    assert weight(of[2023], line) == weight(of[2022], line) > weight(of[2021], line)


def test_rows_of_a_segment_a_subsidiary_or_the_parent_weigh_less(stating: Stating) -> None:
    for title in ("供水分部经营成果", "主要子公司情况", "母公司利润表"):
        assert weight(stating, STATED, context=f"{HEAD} > {title}") < weight(stating, STATED)
        assert weight(stating, title, STATED) < weight(stating, STATED)


def test_a_list_of_key_figures_comes_before_the_statement(stating: Stating) -> None:
    statement = weight(stating, STATED, "减：营业成本 | 2023年度: 9,000.00 | 2022年度: 8,000.00")
    figures = weight(stating, STATED, "总资产 | 2023年末: 99,000.00 | 2022年末: 88,000.00")
    assert figures > statement > weight(stating, STATED)


def test_each_company_and_year_is_searched_for_by_what_reports_call_the_figure(
    ontology: Ontology,
) -> None:
    inquiry = asked("东海水务和北岭机床2023年归母净利润谁更高", ontology)
    condition = Filter(frozenset({"600123", "东海水务", "300456"}), frozenset({2023, 2024}))
    probes = Rows(inquiry, ontology).probes(condition, Tokens(ontology.vocabulary()))
    assert {(min(p.filter.companies), *p.filter.years) for p in probes} == {
        (code, year) for code in ("300456", "600123") for year in (2023, 2024)
    }
    assert all({"归属于", "上市公司", "股东", "净利润"} & set(p.words) for p in probes)


def test_many_companies_and_years_are_searched_for_together(ontology: Ontology) -> None:
    inquiry = asked("东海水务和北岭机床2023年归母净利润谁更高", ontology)
    condition = Filter(frozenset({"600123", "300456"}), frozenset(range(2010, 2020)))
    probes = Rows(inquiry, ontology).probes(condition, Tokens())
    assert [p.filter.years for p in probes] == [condition.years] * 2


def test_a_question_for_text_searches_for_no_rows(ontology: Ontology) -> None:
    inquiry = asked("东海水务2023年营业收入为什么下降", ontology)
    assert Rows(inquiry, ontology).probes(Filter(), Tokens()) == []
