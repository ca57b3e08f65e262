"""A figure is divided where parts add up to it, and what it is of is told by the company's own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.american import INCOME, MILLIONS, YEAR
from tests.divided import GOODS, PLACES, SEGMENTS, STATEMENT, divided, document
from tests.statements_read import note, table, title

from yanku.finance.breakdown import breakdowns_of
from yanku.finance.facts import facts_of
from yanku.finance.ontology import Ontology
from yanku.finance.partnames import name_of
from yanku.model.breakdown import Breakdown, Kind, Standing

BY_SEGMENT = note("Results by segment were as follows:")


def of_sales(found: tuple[Breakdown, ...], year: int = 2023) -> list[dict[str, int]]:
    return [
        {part.name: int(part.amount.value / 10**6) for part in one.parts}
        for one in found
        if "operating_revenue" in one.metrics and one.period.end == date(year, 12, 31)
    ]


def test_rows_that_add_up_to_the_companys_sales_are_its_segments(ontology: Ontology) -> None:
    found = divided(ontology, BY_SEGMENT, table(SEGMENTS, MILLIONS))
    assert of_sales(found) == [{"pumps": 620, "valves": 330, "all other": 60, "eliminations": -10}]
    assert of_sales(found, 2022) == [
        {"pumps": 500, "valves": 360, "all other": 50, "eliminations": -10}
    ]
    sales = next(one for one in found if "operating_revenue" in one.metrics)
    assert sales.kinds == {Kind.SEGMENT}
    assert [part.standing for part in sales.parts] == [
        Standing.RUN, Standing.RUN, Standing.BESIDE, Standing.SET_OFF,
    ]  # fmt: skip


def test_profits_of_segments_count_where_only_their_own_sum_proves_them(
    ontology: Ontology,
) -> None:
    found = divided(ontology, BY_SEGMENT, table(SEGMENTS, MILLIONS))
    profits = [one for one in found if one.measure == "Total segment operating income"]
    assert [one.period.end.year for one in profits] == [2023, 2022]
    assert not profits[0].metrics
    assert profits[0].total.amount.value == Decimal(175_000_000)
    # What the company earned is what its segments did and what is left to none of them.
    whole = next(one for one in found if "operating_profit" in one.metrics)
    assert [part.name for part in whole.parts] == ["pumps", "valves", "all other", "unallocated"]


def test_parts_that_stand_side_by_side_are_read_with_the_headers_over_them(
    ontology: Ontology,
) -> None:
    found = divided(ontology, note("Net sales by geographic area:"), table(PLACES, MILLIONS))
    assert of_sales(found) == [{"united states": 550, "canada": 250, "other countries": 200}]
    assert of_sales(found, 2022) == [{"united states": 500, "canada": 240, "other countries": 160}]
    assert {kind for one in found for kind in one.kinds} == {Kind.REGION}


def test_what_a_part_is_made_of_is_kept_under_it(ontology: Ontology) -> None:
    found = divided(ontology, note("Sales by product category:"), table(GOODS, MILLIONS))
    sales = next(one for one in found if one.period.end.year == 2023)
    assert [part.name for part in sales.parts] == ["pumps", "valves and other"]
    well = sales.named("well pumps")
    assert well is not None
    assert well.amount.value == Decimal(400_000_000)


@pytest.mark.parametrize(
    "rows",
    [
        [["", "2023"], ["Pumps", "620"], ["Valves", "330"], ["Total", "1,000"]],
        [["", "2023"], ["Pumps", "620"], ["Valves", "381"], ["Total", "1,001"]],
        [["", "2022"], ["Pumps", "620"], ["Valves", "380"], ["Total", "1,000"]],
        [["", "2023"], ["First quarter", "620"], ["Second quarter", "380"], ["Total", "1,000"]],
        [["", "2023"], ["Organic sales", "620"], ["Acquisitions", "380"], ["Total", "1,000"]],
        [["", "2023"], ["Pumps", "60%"], ["Valves", "40%"], ["Total", "100%"]],
    ],
    ids=["no sum", "not the company's", "another year", "quarters", "effects", "shares"],
)
def test_figures_that_nothing_proves_are_no_breakdown(
    ontology: Ontology, rows: list[list[str]]
) -> None:
    assert of_sales(divided(ontology, BY_SEGMENT, table(rows, MILLIONS))) == []


def test_a_sum_may_be_apart_by_what_rounding_leaves_and_no_more(ontology: Ontology) -> None:
    near = [["", "2023"], ["Pumps", "620"], ["Valves", "381"], ["Total", "1,000"]]
    rows = [*STATEMENT[:1], ["Net sales", "10,000", "9,000"], *STATEMENT[2:]]
    rounded = [["", "2023"], ["Pumps", "6,200"], ["Valves", "3,801"], ["Total", "10,000"]]
    assert of_sales(divided(ontology, BY_SEGMENT, table(near, MILLIONS))) == []
    read = document(title(INCOME), table(rows, MILLIONS), BY_SEGMENT, table(rounded, MILLIONS))
    found = breakdowns_of(read, facts_of(read, YEAR, ontology))
    assert of_sales(found) == [{"pumps": 6200, "valves": 3801}]


def test_a_table_without_a_unit_is_counted_in_that_of_the_statement(ontology: Ontology) -> None:
    rows = [["", "2023"], ["Pumps", "620"], ["Valves", "380"], ["Total", "1,000"]]
    assert of_sales(divided(ontology, BY_SEGMENT, table(rows, ""))) == [
        {"pumps": 620, "valves": 380}
    ]


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Total net sales", ""),
        ("Total Pumps Business Segment", "pumps"),
        ("Pumps (1)(2)", "pumps"),
        ("Business", "business"),
        ("Total reportable segments", ""),
        ("North America segment revenue", "north america"),
    ],
)
def test_a_name_is_what_is_left_of_a_label(label: str, name: str) -> None:
    assert name_of(label) == name
