"""Questions for parts of a company are answered from its breakdowns, or by nobody."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.american import MILLIONS
from tests.divided import asked, document, statement, value
from tests.statements_read import note, table

from yanku.finance.ontology import Ontology


@pytest.mark.parametrize(
    ("question", "millions"),
    [
        ("What were Towen's net sales of pumps in 2023?", 620),
        ("towen valves segment revenue 2023", 330),
        ("2023 operating income of the Pumps segment, Towen?", 110),
        ("Please, how much revenue did Towen generate in Canada in 2023?", 250),
        ("Towen Canadian sales 2023", 250),
        ("How much did Towen make in net sales from heat pumps in 2023?", 220),
    ],
)
def test_the_figure_of_a_part_is_found_by_its_name(
    ontology: Ontology, question: str, millions: int
) -> None:
    told = asked(ontology, question)
    assert value(told) == Decimal(millions * 10**6)
    assert told is not None
    assert len(told.citations) == 1


@pytest.mark.parametrize(
    ("question", "percent"),
    [
        ("What share of Towen's 2023 net sales came from pumps?", 62),
        ("What percentage of Towen's revenue was generated in the United States in 2023?", 55),
        ("How much of Towen's 2023 sales came from Canada, in percent?", 25),
    ],
)
def test_a_share_is_of_the_companys_own_figure(
    ontology: Ontology, question: str, percent: int
) -> None:
    told = asked(ontology, question)
    assert value(told) == Decimal(percent)
    assert told is not None
    assert told.calculations


@pytest.mark.parametrize(
    ("question", "choice"),
    [
        ("Which Towen segment had the highest net sales in 2023?", "Pumps"),
        ("Which of Towen's segments made the lowest segment profit in 2023?", None),
        ("Which segment of Towen grew the most in 2023?", "Pumps"),
        ("Which Towen segment had the biggest decline in sales in 2023?", "Valves"),
        ("Which region had the lowest sales for Towen in 2023?", "Other countries"),
        (
            "For Towen, which geographic region had the smallest year over year growth in 2023 "
            "revenues (on a percentage basis)?",
            "Canada",
        ),
        ("Which country had higher sales for Towen in 2023, Canada or the U.S.?", "United States"),
        ("Are there any product categories over 50% of Towen's revenue in 2023?", "yes"),
        ("Are there any product categories over 70% of Towen's revenue in 2023?", "no"),
    ],
)
def test_parts_are_put_in_an_order(ontology: Ontology, question: str, choice: str | None) -> None:
    told = asked(ontology, question)
    assert (told.choice if told is not None else None) == choice


def test_every_part_is_listed_with_the_total(ontology: Ontology) -> None:
    told = asked(ontology, "Towen's 2023 sales by geographic region")
    assert told is not None
    assert told.table is not None
    assert [row[0].text for row in told.table.rows] == [
        "United States", "Canada", "Other countries", "Total",
    ]  # fmt: skip


def test_where_a_company_is_at_work_is_told_by_its_sales(ontology: Ontology) -> None:
    told = asked(ontology, "What are the geographies that Towen primarily operates in as of 2023?")
    assert told is not None
    assert told.table is not None
    assert "Canada" in [row[0].text for row in told.table.rows]
    assert asked(ontology, "What risks does Towen see in the regions it operates in?") is None


def test_growth_of_a_part_is_on_the_year_before(ontology: Ontology) -> None:
    told = asked(ontology, "By how much did Towen's pumps revenue grow in 2023?")
    assert value(told) == Decimal(24)
    assert told is not None
    assert len(told.citations) == 2


@pytest.mark.parametrize(
    "question",
    [
        "What were Towen's organic sales of pumps in 2023?",
        "What were Towen's net sales of turbines in 2023?",
        "What were Towen's net sales of pumps to utilities in 2023?",
        "Why did Towen's pumps revenue grow in 2023?",
        "What was Towen's average pumps revenue in 2023?",
        "What is the operating margin of Towen's pumps in 2023?",
        "What were the adjusted earnings of Towen's pumps segment in 2023?",
        "What were Towen's net sales in 2023?",
        "Which Towen segment had the highest headcount in 2023?",
        "Who are the largest customers of Towen's pumps segment by revenue in 2023?",
    ],
)
def test_what_the_breakdowns_do_not_say_is_left_to_others(
    ontology: Ontology, question: str
) -> None:
    assert asked(ontology, question) is None


def test_two_tables_that_differ_settle_nothing(ontology: Ontology) -> None:
    one = [["", "2023"], ["Pumps", "620"], ["Valves", "380"], ["Total", "1,000"]]
    other = [["", "2023"], ["Pumps", "610"], ["Valves", "390"], ["Total", "1,000"]]
    by_segment = note("Net sales by segment:")
    read = document(
        *statement(), by_segment, table(one, MILLIONS), by_segment, table(other, MILLIONS)
    )
    assert asked(ontology, "What were Towen's net sales of pumps in 2023?", read) is None
    assert asked(ontology, "Which Towen segment had the highest sales in 2023?", read) is None


def test_a_country_is_not_the_segment_that_has_the_company_before_its_name(
    ontology: Ontology,
) -> None:
    rows = [["", "2023"], ["U.S.", "620"], ["Other countries", "380"], ["Total", "1,000"]]
    places = note("Net sales by geographic area:"), table(rows, MILLIONS)
    question = "What were the net sales of Towen U.S. in 2023?"
    assert value(asked(ontology, question, document(*statement(), *places))) == Decimal(620_000_000)
    said = note(
        "Towen U.S. is our largest segment. Towen U.S. sells pumps. We run Towen U.S. well."
    )
    assert asked(ontology, question, document(*statement(), said, *places)) is None
