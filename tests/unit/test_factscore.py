"""Facts are scored to the last digit, and a wrong one counts even beside a right one."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from yanku.entry.cli.factscores import facts_json, facts_table, mismatches
from yanku.errors import InvalidRequest
from yanku.finance.agreement import Sourced
from yanku.finance.ontology import Ontology
from yanku.finance.periods import full_year, months, quarter
from yanku.flows.factscore import FactScore, Wanted, fact_scores, judge_facts, load_wanted
from yanku.model.amount import Amount
from yanku.model.finance import Consolidation, Period, Profile, ReportKind
from yanku.testing.library import a_fact, a_profile, an_entry


def wanted(value: str, column: str = "current", metric: str = "营业收入") -> Wanted:
    return Wanted("a.pdf", metric, "FY", column, Decimal(value), "CNY", "consolidated", 3)


def read(
    value: str,
    period: Period | None = None,
    profile: Profile | None = None,
    column: str = "",
    scope: Consolidation = Consolidation.CONSOLIDATED,
) -> Sourced:
    fact = replace(
        a_fact(value), period=period or full_year(2025), column=column, consolidation=scope
    )
    return fact, replace(an_entry("a", name="a.pdf"), profile=profile or a_profile())


def score(gold: list[Wanted], facts: list[Sourced], ontology: Ontology) -> FactScore:
    return fact_scores(judge_facts(gold, facts, ontology))["all"]["ALL"]


def test_a_figure_is_found_only_to_the_last_digit(ontology: Ontology) -> None:
    assert score([wanted("12.50")], [read("12.5")], ontology).recall == 1
    near = score([wanted("12.50")], [read("12.51")], ontology)
    assert (near.recall, near.precision, near.wrong) == (0, 0, 1)
    assert score([wanted("12.50")], [], ontology) == FactScore(1, 0, 0, 0, 0)


def test_a_wrong_value_beside_the_right_one_costs_precision(ontology: Ontology) -> None:
    both = score([wanted("12.50")], [read("12.5"), read("99")], ontology)
    assert (both.recall, both.precision) == (1, 0.5)


def test_columns_scopes_and_units_are_not_mixed_up(ontology: Ontology) -> None:
    prior = read("11", full_year(2024))
    parent = read("12.5", scope=Consolidation.PARENT)
    assert score([wanted("12.50")], [prior, parent], ontology).recall == 0
    assert score([wanted("11", "previous")], [prior, parent], ontology).recall == 1
    dollars = (replace(a_fact(), amount=Amount(Decimal("12.5"), "USD")), prior[1])
    assert score([wanted("12.50")], [dollars], ontology).wrong == 1


def test_figures_before_a_restatement_are_neither_right_nor_wrong(ontology: Ontology) -> None:
    facts = [
        read("11", full_year(2024), column="2024年 调整后"),
        read("10", full_year(2024), column="2024年 调整前"),
    ]
    both = score([wanted("11", "previous")], facts, ontology)
    assert (both.recall, both.precision) == (1, 1)


def test_a_third_quarter_is_scored_by_its_nine_months(ontology: Ontology) -> None:
    profile = Profile("", None, ReportKind.THIRD_QUARTER, False, months(2025, 1, 9))
    facts = [
        read("30", months(2025, 1, 9), profile),
        read("9", quarter(2025, 3), profile),
    ]
    both = score([wanted("30")], facts, ontology)
    assert (both.recall, both.precision) == (1, 1)


def test_scores_are_told_by_metric_period_and_column_with_every_mismatch(
    ontology: Ontology,
) -> None:
    verdicts = judge_facts([wanted("12.50"), wanted("7", "previous")], [read("12.5")], ontology)
    scores = fact_scores(verdicts)
    assert scores["metric"]["营业收入"].found == 1
    assert (scores["column"]["current"].recall, scores["column"]["previous"].recall) == (1, 0)
    assert set(scores["period"]) == {"FY"}
    (line,) = mismatches(verdicts)
    assert "wanted 7, read nothing" in line
    told = json.loads(json.dumps(facts_json(scores, verdicts), ensure_ascii=False))
    assert told["all"]["ALL"]["recall"] == 0.5
    assert [m["column"] for m in told["mismatches"]] == ["previous"]
    assert facts_table("set", scores).row_count == 5


def test_a_list_of_figures_is_read_with_both_columns_and_a_broken_line_is_named(
    tmp_path: Path,
) -> None:
    assert load_wanted(tmp_path) == []
    good = {"file": "a.pdf", "metric": "存货", "period": "Q1", "value": "1.10", "previous": "2",
            "unit": "CNY", "page": 6}  # fmt: skip
    path = tmp_path / "facts.jsonl"
    path.write_text(json.dumps(good) + "\n\n", "utf-8")
    found = load_wanted(tmp_path)
    assert [(w.column, w.value, w.scope) for w in found] == [
        ("current", Decimal("1.10"), "consolidated"),
        ("previous", Decimal(2), "consolidated"),
    ]
    path.write_text(json.dumps(good) + '\n{"file": "a.pdf"}\n', "utf-8")
    with pytest.raises(InvalidRequest, match="line 2"):
        load_wanted(tmp_path)


def test_a_day_is_scored_by_the_reports_end_and_the_year_end_before(ontology: Ontology) -> None:
    profile = Profile("", None, ReportKind.FIRST_QUARTER, False, months(2025, 1, 3))
    end = (replace(a_fact("5", metric="inventories"), period=Period(date(2025, 3, 31))),
           read("0", profile=profile)[1])  # fmt: skip
    opening = (replace(end[0], period=Period(date(2024, 12, 31)), amount=Amount(Decimal(4), "CNY")),
               end[1])  # fmt: skip
    gold = [wanted("5", metric="存货"), wanted("4", "previous", "存货")]
    assert score(gold, [end, opening], ontology).recall == 1
