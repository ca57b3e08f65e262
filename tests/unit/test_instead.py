"""The profit of the shareholders is told, by its own name, where no other profit is disclosed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.figured import TODAY, TOOLS, WATER, entry, fact

from yanku.finance.inquiry import understand
from yanku.finance.instead import disclose_more, instead
from yanku.finance.ontology import Ontology, load_ontology
from yanku.finance.periods import full_year
from yanku.finance.remainder import less
from yanku.model.amount import Amount
from yanku.model.finance import Company


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return load_ontology()


@pytest.mark.parametrize(
    ("question", "metrics"),
    [
        ("东海水务2024年净利润", ("net_profit_attributable",)),
        ("东海水务2024年净利润同比", ("net_profit_attributable.growth",)),
        ("东海水务2024年净利率", ("attributable_net_margin",)),
    ],
)
def test_the_next_measure_is_named_and_said_to_be_another(
    question: str, metrics: tuple[str, ...], ontology: Ontology
) -> None:
    told = instead(understand(question, [WATER, TOOLS], ontology, TODAY), ontology)
    assert told is not None
    assert told.metrics == metrics
    assert any("没有披露净利" in note and "归母净利" in note for note in told.assumptions)


@pytest.mark.parametrize(
    "question",
    [
        "东海水务2024年净利润和归母净利润各是多少",
        "东海水务2024年母公司净利润",
        "东海水务2024年营业收入",
    ],
)
def test_nothing_stands_in_for_what_is_told_apart(question: str, ontology: Ontology) -> None:
    assert instead(understand(question, [WATER, TOOLS], ontology, TODAY), ontology) is None


def test_a_ranking_goes_by_the_measure_that_more_companies_disclose(ontology: Ontology) -> None:
    third = Company("600777", "西岭纸业")
    inquiry = understand("2024年净利润最高的公司", [WATER, TOOLS, third], ontology, TODAY)
    other = instead(inquiry, ontology)
    assert other is not None
    year = full_year(2024)
    paper = entry("a", year)
    few = [(fact("net_profit", "1", year), paper)]
    many = [(fact("net_profit_attributable", "2", year, company=c), paper) for c in (WATER, third)]
    assert disclose_more(few, many, inquiry, other)
    assert not disclose_more(few, many[:1], inquiry, other)


@pytest.mark.parametrize(
    ("whole", "part", "left", "rounded"),
    [
        ("448000000", "903135476.96", "-455000000", True),
        ("1500000000", "1200000000", "300000000", False),
        ("903135476.96", "448000000.12", "455135476.84", False),
        ("12000", "3456.78", "8543.22", False),
    ],
)
def test_a_difference_is_no_more_exact_than_the_rounder_of_its_two_figures(
    whole: str, part: str, left: str, rounded: bool
) -> None:
    found = less(Amount(Decimal(whole), "CNY"), Amount(Decimal(part), "CNY"), "zh")
    assert found is not None
    amount, notes = found
    assert amount == Amount(Decimal(left), "CNY")
    assert bool(notes) is rounded


def test_a_difference_that_a_rounded_figure_leaves_open_is_none() -> None:
    assert (
        less(Amount(Decimal("58000000"), "CNY"), Amount(Decimal("57191717.1"), "CNY"), "zh") is None
    )
