"""A stretch that no report prints is put together out of those that are printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from tests.figured import TODAY, TOOLS, WATER, entry, fact

from yanku.finance.choose import Sourced
from yanku.finance.compute import settle
from yanku.finance.inquiry import understand
from yanku.finance.ontology import Ontology
from yanku.finance.periods import full_year, months, quarter
from yanku.model.finance import ReportKind
from yanku.model.inquiry import Finding, Missing
from yanku.model.library import Entry

BOOK = entry("book", full_year(2023))
NINE, HALF = months(2023, 1, 9), months(2023, 1, 6)


def ask(question: str, facts: Sequence[Sourced], ontology: Ontology) -> Finding | Missing:
    return settle(understand(question, [WATER, TOOLS], ontology, TODAY), facts, ontology)


def value(found: Finding | Missing) -> Decimal:
    assert isinstance(found, Finding)
    assert found.amount is not None
    return found.amount.value


def _of_others(one: Entry) -> Entry:
    return replace(one, profile=replace(one.profile, report=ReportKind.OTHER, period=None))


def quarters(metric: str, *values: str) -> list[Sourced]:
    return [(fact(metric, v, quarter(2023, n)), BOOK) for n, v in enumerate(values, start=1)]


@pytest.mark.parametrize(
    ("question", "total"),
    [("东海水务2023年研发费用", "100"), ("东海水务2023年上半年研发费用", "30")],
)
def test_a_year_is_the_sum_of_its_quarters_in_one_document(
    question: str, total: str, ontology: Ontology
) -> None:
    found = ask(question, quarters("rd_expenses", "10", "20", "30", "40"), ontology)
    assert value(found) == Decimal(total)
    assert isinstance(found, Finding)
    assert " + " in found.formula


def test_a_year_of_which_a_quarter_lacks_is_not_summed(ontology: Ontology) -> None:
    found = ask("东海水务2023年研发费用", quarters("rd_expenses", "10", "20", "30"), ontology)
    assert isinstance(found, Missing)


def test_a_balance_is_no_sum_of_quarters(ontology: Ontology) -> None:
    found = ask("东海水务2023年末存货", quarters("inventories", "1", "2", "3", "4"), ontology)
    assert isinstance(found, Missing)


def test_a_quarters_margin_is_worked_out_of_what_the_year_to_date_leaves(
    ontology: Ontology,
) -> None:
    facts: list[Sourced] = [
        (fact("operating_revenue", "500.25", quarter(2023, 3)), BOOK),
        (fact("operating_cost", "900.55", NINE), BOOK),
        (fact("operating_cost", "600.35", HALF), BOOK),
    ]
    found = ask("东海水务2023年三季度毛利率", facts, ontology)
    margin = (Decimal("500.25") - Decimal("300.20")) / Decimal("500.25") * 100
    assert abs(value(found) - margin) < Decimal("0.000001")
    assert isinstance(found, Finding)
    assert found.period == quarter(2023, 3)
    names = [operand.name for operand in found.operands]
    assert names == ["营业收入", "2023年前三季度营业成本", "2023年上半年营业成本"]


def test_a_quarters_margin_is_not_worked_out_of_a_rounded_figure(ontology: Ontology) -> None:
    facts: list[Sourced] = [
        (fact("operating_revenue", "181536645.78", quarter(2023, 3)), BOOK),
        (fact("operating_cost", "58000000", NINE), BOOK),
        (fact("operating_cost", "40191717.10", HALF), BOOK),
    ]
    assert isinstance(ask("东海水务2023年三季度毛利率", facts, ontology), Missing)


def test_a_ratio_that_others_print_yields_to_the_reports_own_lines(ontology: Ontology) -> None:
    year = full_year(2023)
    others = entry("note", year)
    lines: list[Sourced] = [
        (fact("operating_revenue", "200", year), BOOK),
        (fact("operating_cost", "150", year), BOOK),
    ]
    printed: Sourced = (fact("printed_gross_margin", "24.9", year, unit="%"), _of_others(others))
    assert value(ask("东海水务2023年毛利率", [*lines, printed], ontology)) == Decimal(25)
    assert value(ask("东海水务2023年毛利率", [printed], ontology)) == Decimal("24.9")
