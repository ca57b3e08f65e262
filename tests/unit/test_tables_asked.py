"""Tables asked for in other words: none of what is listed is left out, and nothing else is read."""

from __future__ import annotations

from datetime import date

import pytest
from tests.figured import TODAY, TOOLS, WATER

from yanku.finance.ontology import Ontology
from yanku.finance.several import read_question
from yanku.model.inquiry import Inquiry, Span, Step, Task

MEASURES = ("operating_revenue", "net_profit", "basic_eps")


def read(question: str, ontology: Ontology) -> Inquiry:
    return read_question(question, (WATER, TOOLS), ontology, TODAY)


@pytest.mark.parametrize(
    "question",
    [
        "List revenue, net profit and basic EPS of 东海水务 for the last three years",
        "Show revenue, net profit and basic EPS of 东海水务 for the last three years",
        "Give me a table of revenue, net profit and basic EPS of 东海水务 for the last three years",
        "Please chart revenue, net profit and basic EPS of 东海水务 over the last three years",
        "把东海水务近三年的营业收入、净利润和基本每股收益做成表格",
        "用表格列出东海水务近三年营业收入、净利润、基本每股收益",
        "画一张东海水务近三年营业收入、净利润和基本每股收益的折线图",
    ],
)
def test_what_is_listed_after_an_imperative_is_one_table(question: str, ontology: Ontology) -> None:
    inquiry = read(question, ontology)
    assert inquiry.task is Task.SERIES
    assert (inquiry.metrics, inquiry.span) == (MEASURES, Span(3))
    assert inquiry.companies == (WATER,)


@pytest.mark.parametrize(
    "question",
    [
        "List quarterly revenue and its year-on-year growth of 东海水务 over the last three years",
        "Revenue and growth of 东海水务 by quarter, over the last three years",
        "列出东海水务各季度营业收入和同比，近三年",
    ],
)
def test_quarters_named_before_the_years_are_quarters_and_the_figure_stays(
    question: str, ontology: Ontology
) -> None:
    inquiry = read(question, ontology)
    assert inquiry.span == Span(12, Step.QUARTER)
    assert inquiry.metrics == ("operating_revenue", "operating_revenue.growth")


def test_quarterly_reports_are_a_source_and_no_quarters(ontology: Ontology) -> None:
    inquiry = read("Revenue of 东海水务 over the last three years", ontology)
    named = read("Revenue of 东海水务 over the last three years in quarterly reports", ontology)
    assert inquiry.span == Span(3)
    assert named.span in {Span(3), None}


def test_years_from_one_to_another_have_those_between(ontology: Ontology) -> None:
    question = "Give me revenue, net profit and basic EPS of 东海水务, 2022 to 2024"
    inquiry = read(question, ontology)
    assert [period.end for period in inquiry.periods] == [
        date(y, 12, 31) for y in range(2022, 2025)
    ]


@pytest.mark.parametrize(
    "question",
    [
        "Which had higher revenue in 2024, 东海水务 or 北岭机床, and what was its net profit?",
        "2024年谁的营收高，东海水务还是北岭机床，净利润各是多少",
    ],
)
def test_who_is_chosen_from_is_part_of_the_choice(question: str, ontology: Ontology) -> None:
    first, second = read(question, ontology).parts
    assert (first.task, first.companies, first.everyone) == (Task.COMPARE, (WATER, TOOLS), False)
    assert second.metrics == ("net_profit",)


@pytest.mark.parametrize(
    "question",
    [
        "东海水务2024年合并和母公司营业收入分别是多少",
        "东海水务2024年营业收入（合并、母公司）",
        "东海水务2024年营业收入和母公司营业收入",
        "东海水务2024年合并口径与母公司口径的营业收入",
        "东海水务2024年合并营业收入多少，母公司营业收入多少",
        "What was the consolidated and parent company revenue of 东海水务 in 2024?",
    ],
)
def test_group_and_parent_asked_for_in_one_breath_are_both_given(
    question: str, ontology: Ontology
) -> None:
    parts = read(question, ontology).parts
    assert [part.consolidation.value for part in parts] == ["consolidated", "parent"]
    assert {part.metrics for part in parts} == {("operating_revenue",)}
    assert {part.companies for part in parts} == {(WATER,)}
