"""Dividends per share are taken from equity statements and from words, of the year they are of."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.american import INCOME, MILLIONS, YEAR
from tests.statements_read import note, read, table, title, values

from yanku.finance.ontology import Ontology
from yanku.model.document import Block, Heading

STATEMENT = [
    ["", "2023", "2022"],
    ["Net sales", "1,000", "900"],
    ["Operating income", "150", "120"],
]
EQUITY = "CONSOLIDATED STATEMENTS OF CHANGES IN EQUITY"


def told(ontology: Ontology, *blocks: Block) -> dict[int, Decimal]:
    facts = read(ontology, YEAR, title(INCOME), table(STATEMENT, MILLIONS), *blocks)
    assert {f.amount.unit for f in facts if f.metric == "dividend_per_share"} <= {"USD/share"}
    return {period.end.year: value for period, value in values(facts, "dividend_per_share").items()}


def equity(*rows: tuple[str, str]) -> tuple[Heading, Block]:
    return title(EQUITY), table([["", "Total"], *map(list, rows)], MILLIONS)


def test_a_row_between_two_balances_is_of_the_year_the_second_closes(ontology: Ontology) -> None:
    rows = equity(
        ("Balance at December 31, 2021", "800"),
        ("Net income", "90"),
        ("Dividends declared ($1.10 per share, Note 8)", "-220"),
        ("Balance at December 31, 2022", "670"),
        ("Dividends declared ($1.20 per share, Note 8)", "-240"),
        ("Preferred dividends declared ($25.00 per share)", "-5"),
        ("Balance at December 31, 2023", "425"),
    )
    assert told(ontology, *rows) == {2022: Decimal("1.10"), 2023: Decimal("1.20")}


def test_a_row_of_its_own_has_a_column_for_each_year(ontology: Ontology) -> None:
    rows = [["", "2023", "2022"], ["Dividends declared per share or RSU", "$1.20", "$1.10"]]
    found = told(ontology, title(EQUITY), table(rows, MILLIONS))
    assert found == {2023: Decimal("1.20"), 2022: Decimal("1.10")}


def test_one_row_may_say_the_dividends_of_all_its_years(ontology: Ontology) -> None:
    rows = [["", "2023", "2022"], ["Dividends declared ($1.20, $1.10 per share)", "-240", "-220"]]
    found = told(ontology, title(EQUITY), table(rows, MILLIONS))
    assert found == {2023: Decimal("1.20"), 2022: Decimal("1.10")}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Cash dividends declared in 2023 totaled $1.20 per share.", {2023: Decimal("1.20")}),
        (
            "Dividends paid to shareholders totaled $240 million ($1.20 per share) in 2023 and "
            "$220 million ($1.10 per share) in 2022.",
            {2023: Decimal("1.20"), 2022: Decimal("1.10")},
        ),
        ("In 2023 our quarterly dividend was $0.30 per share.", {}),
        ("The quarterly dividends declared in 2023 were $0.30 per share.", {}),
        ("A special dividend in 2023 was $2.00 per share.", {}),
        ("Cash dividends declared in 2030 totaled $9.90 per share.", {}),
    ],
)
def test_a_sentence_counts_where_it_names_the_year_and_the_whole_of_it(
    ontology: Ontology, text: str, found: dict[int, Decimal]
) -> None:
    assert told(ontology, note(text)) == found


def test_two_places_that_differ_say_nothing(ontology: Ontology) -> None:
    texts = ("Cash dividends declared in 2023 totaled $1.20 per share.",
             "Cash dividends declared in 2023 totaled $1.25 per share.")  # fmt: skip
    assert told(ontology, *map(note, texts)) == {}
