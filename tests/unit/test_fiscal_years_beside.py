"""Years that end on other days stand beside one another, each with its own last day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from yanku.answer.tabled import table_of
from yanku.finance.inquiry import understand
from yanku.finance.measures import called
from yanku.finance.ontology import Ontology
from yanku.model.amount import Amount
from yanku.model.finance import Company, Period
from yanku.model.inquiry import Finding, Row

PUMPS = Company("Pumps Inc.", "Pumps Inc.")
VALVES = Company("Valves Inc.", "Valves Inc.")
TODAY = date(2026, 5, 1)


def year(end: date) -> Period:
    return Period(end, end.replace(year=end.year - 1))


def table(ontology: Ontology, *figures: tuple[Company, Period, int]) -> list[list[str]]:
    rows = tuple(
        Row(company, "operating_revenue", period, Amount(Decimal(value), "USD"))
        for company, period, value in figures
    )
    inquiry = understand(
        "List Pumps Inc. and Valves Inc. revenue for 2024 and 2025",
        [PUMPS, VALVES],
        ontology,
        TODAY,
    )
    made = table_of(
        Finding((), rows=rows), inquiry, lambda name, lang: called(name, lang, ontology)
    )
    return [[cell.text for cell in row] for row in made.rows]


def test_a_year_is_one_row_and_each_figure_says_when_its_own_year_ends(
    ontology: Ontology,
) -> None:
    june, august = date(2025, 6, 28), date(2025, 8, 30)
    rows = table(
        ontology,
        (PUMPS, year(june), 5),
        (PUMPS, year(june.replace(year=2024)), 4),
        (VALVES, year(august), 8),
        (VALVES, year(august.replace(year=2024)), 7),
    )
    assert [row[0] for row in rows] == ["2024 (own fiscal years)", "2025 (own fiscal years)"]
    assert [cell.partition(" (")[0] for row in rows for cell in row[1:]] == [
        "4 USD", "7 USD", "5 USD", "8 USD",
    ]  # fmt: skip
    assert "2025-06-28" in rows[1][1]
    assert "2025-08-30" in rows[1][2]


def test_years_that_end_together_are_named_by_themselves(ontology: Ontology) -> None:
    end = date(2025, 12, 31)
    rows = table(ontology, *((one, year(end), 5) for one in (PUMPS, VALVES)),
                 *((one, year(end.replace(year=2024)), 5) for one in (PUMPS, VALVES)))  # fmt: skip
    assert len(rows) == 2
    assert not any("own fiscal" in cell for row in rows for cell in row)


def test_two_stretches_of_one_year_keep_rows_of_their_own(ontology: Ontology) -> None:
    half = Period(date(2025, 6, 30), date(2025, 1, 1))
    rows = table(
        ontology,
        (PUMPS, year(date(2025, 12, 31)), 5),
        (PUMPS, half, 2),
        (VALVES, year(date(2025, 12, 31)), 6),
    )
    assert len(rows) == 2
    assert not any("own fiscal" in cell for row in rows for cell in row)
