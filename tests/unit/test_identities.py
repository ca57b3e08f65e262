"""The laws of the statements speak of metrics there are, confirm what adds up, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from yanku.finance.identities import checked, load_laws
from yanku.finance.ontology import load_ontology
from yanku.model.amount import Amount
from yanku.model.finance import Fact, Period, Statement
from yanku.testing.library import a_fact

END = Period(date(2024, 12, 31))


def held(statement: Statement, **values: str) -> Mapping[str, dict[str, bool]]:
    """Return the checks of figures that stand in one statement, by metric."""
    facts: list[Fact] = [
        replace(
            a_fact(), metric=metric, statement=statement, period=END,
            amount=Amount(Decimal(value), "CNY"),
        )
        for metric, value in values.items()
    ]  # fmt: skip
    return {fact.metric: {c.name: c.passed for c in fact.checks} for fact in checked(facts)}


def test_every_law_has_a_name_of_its_own_and_speaks_of_metrics() -> None:
    laws, metrics = load_laws(), load_ontology().metrics
    assert len({law.name for law in laws}) == len(laws)
    for law in laws:
        names = {law.total, *(part.lstrip("-") for part in (*law.parts, *law.optional))}
        assert names <= metrics.keys(), law.name
        assert law.total not in {*law.parts, *law.optional}
        # A sum with parts that may be missing cannot tell a misreading from a line not printed.
        assert law.parts or not law.strict, law.name


def test_lines_that_add_up_to_their_total_are_confirmed_with_it() -> None:
    found = held(
        Statement.BALANCE_SHEET, monetary_funds="40.50", inventories="9.25", prepayments="0.25",
        total_current_assets="50.00",
    )  # fmt: skip
    assert {name: checks["total_current_assets=sum"] for name, checks in found.items()} == {
        "monetary_funds": True,
        "inventories": True,
        "prepayments": True,
        "total_current_assets": True,
    }


def test_a_sum_that_does_not_come_out_says_nothing_because_a_line_may_be_unknown() -> None:
    found = held(
        Statement.BALANCE_SHEET, monetary_funds="40.50", inventories="9.52",
        total_current_assets="49.75",
    )  # fmt: skip
    assert set(map(len, found.values())) == {0}


def test_treasury_shares_are_taken_away_however_they_are_printed() -> None:
    for printed in ("5.00", "-5.00"):
        found = held(
            Statement.BALANCE_SHEET, share_capital="20.00", retained_earnings="30.00",
            treasury_shares=printed, equity_attributable="45.00",
        )  # fmt: skip
        assert found["treasury_shares"] == {"equity_attributable=sum": True}


@pytest.mark.parametrize(("cost", "passed"), [("60.25", True), ("60.75", None)])
def test_a_brokers_profit_is_its_revenue_without_its_expenses(
    cost: str, passed: bool | None
) -> None:
    found = held(
        Statement.INCOME, total_operating_revenue="100.00", total_operating_cost=cost,
        operating_profit="39.75",
    )  # fmt: skip
    assert found["operating_profit"].get("operating_profit=revenue-expenses") is passed


def test_an_english_balance_sheet_is_held_by_net_assets() -> None:
    found = held(
        Statement.BALANCE_SHEET, total_non_current_assets="1500", net_current_assets="1200",
        total_assets_less_current_liabilities="2700", total_non_current_liabilities="700",
        total_equity="2000",
    )  # fmt: skip
    assert found["total_equity"] == {
        "equity=assets-current_liabilities-non_current_liabilities": True
    }
    assert found["net_current_assets"] == {
        "assets-current_liabilities=non_current+net_current": True
    }


def test_a_strict_law_that_does_not_hold_is_shown_on_every_figure_in_it() -> None:
    found = held(
        Statement.INCOME, net_profit="74.25", other_comprehensive_income="2.00",
        total_comprehensive_income="77.25",
    )  # fmt: skip
    assert {c for checks in found.values() for c in checks.items()} == {
        ("comprehensive=net_profit+other_comprehensive", False)
    }
    assert all(found.values())


def test_rounded_lines_confirm_their_sum_within_what_rounding_likely_leaves() -> None:
    lines = {"monetary_funds": "401", "inventories": "99", "prepayments": "201"}
    near = held(Statement.BALANCE_SHEET, **lines, total_current_assets="702")
    assert near["inventories"] == {"total_current_assets=sum": True}
    far = held(Statement.BALANCE_SHEET, **lines, total_current_assets="704")
    assert far["inventories"] == {}


def test_the_effect_of_exchange_rates_stands_before_the_change_in_cash_or_after_it() -> None:
    flows = {"net_cash_operating": "20.40", "net_cash_investing": "-9.20",
             "net_cash_financing": "-5.10", "opening_cash": "10.00"}  # fmt: skip
    before = held(
        Statement.CASH_FLOW, **flows, exchange_effect_on_cash="-0.60",
        net_increase_in_cash="5.50", closing_cash="15.50",
    )  # fmt: skip
    after = held(
        Statement.CASH_FLOW, **flows, exchange_effect_on_cash="-0.60",
        net_increase_in_cash="6.10", closing_cash="15.50",
    )  # fmt: skip
    for found in (before, after):
        assert found["net_increase_in_cash"] == {
            "cash_change=operating+investing+financing": True,
            "closing=opening+change": True,
        }
    wrong = held(
        Statement.CASH_FLOW, **flows, exchange_effect_on_cash="-0.60",
        net_increase_in_cash="6.01", closing_cash="15.50",
    )  # fmt: skip
    assert set(wrong["net_increase_in_cash"].values()) == {False}


def test_earnings_per_share_do_not_make_figures_of_thousands_exact_to_the_cent() -> None:
    thousands = {
        "net_profit": "76786309000",
        "other_comprehensive_income": "7220215000",
        "total_comprehensive_income": "84006523000",
    }
    facts = [
        replace(
            a_fact(), metric=metric, statement=Statement.INCOME, period=END,
            amount=Amount(Decimal(value), unit),
        )
        for metric, value, unit in (
            *((metric, value, "CNY") for metric, value in thousands.items()),
            ("basic_eps", "16.14", "CNY/share"),
        )
    ]  # fmt: skip
    found = {f.metric: [c.passed for c in f.checks] for f in checked(facts)}
    assert found["total_comprehensive_income"] == [True]
