"""Facts carry the checks they were put to, and how sure they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from tests.statements_read import ANNUAL, BALANCE, Q3, read, table, title

from yanku.finance.ontology import Ontology
from yanku.model.finance import (
    REPEATED,
    SECOND_READING,
    Confidence,
    Statement,
)


def test_identities_are_recorded_as_passed(ontology: Ontology) -> None:
    facts = read(ontology, Q3, title("合并资产负债表"), table(BALANCE))
    assets = [fact for fact in facts if fact.metric == "total_assets"]
    for fact in assets:
        assert {check.name for check in fact.checks} >= {
            "assets=liabilities+equity",
            "assets=current+non_current",
        }
        assert all(check.passed for check in fact.checks)


def test_a_misread_figure_fails_its_identity(ontology: Ontology) -> None:
    rows = [list(row) for row in BALANCE]
    rows[6][1] = "37.00"
    facts = read(ontology, Q3, title("合并资产负债表"), table(rows))
    current = {f.metric: f.checks for f in facts if f.period.end == date(2024, 9, 30)}
    assert not all(check.passed for check in current["total_liabilities"])
    previous = {f.metric: f.checks for f in facts if f.period.end == date(2023, 12, 31)}
    assert all(check.passed for check in previous["total_liabilities"])


def test_rounded_figures_pass_within_their_rounding(ontology: Ontology) -> None:
    rows = [list(row) for row in BALANCE]
    for row, value in ((5, "101"), (6, "30"), (7, "70"), (8, "101"), (3, "60"), (4, "40")):
        rows[row] = [rows[row][0], value, "90"]
    facts = read(ontology, Q3, title("合并资产负债表"), table(rows, "百万元"))
    now = [f for f in facts if f.metric == "total_assets" and f.period.end.year == 2024]
    assert now[0].amount.value == Decimal(101_000_000)
    assert all(check.passed for check in now[0].checks)


def test_a_figure_that_the_lines_of_its_page_say_too_says_so(ontology: Ontology) -> None:
    held = replace(table(BALANCE), confirmed=(2, 5), disputed=(6,))
    facts = read(ontology, Q3, title("合并资产负债表"), held)
    said = {
        (fact.metric, check.passed)
        for fact in facts
        for check in fact.checks
        if check.name == SECOND_READING
    }
    assert said == {("monetary_funds", True), ("total_assets", True), ("total_liabilities", False)}


def test_how_sure_a_fact_is_follows_from_the_kinds_of_its_checks(ontology: Ontology) -> None:
    held = replace(table(BALANCE), confirmed=(2, 5), disputed=(6,))
    facts = read(ontology, Q3, title("合并资产负债表"), held)
    levels = {fact.metric: fact.confidence for fact in facts}
    assert levels["total_assets"] is Confidence.CERTAIN
    assert levels["monetary_funds"] is Confidence.CHECKED
    assert levels["total_equity"] is Confidence.CHECKED
    assert levels["total_liabilities"] is Confidence.DOUBTFUL
    plain = read(ontology, Q3, title("合并资产负债表"), table(BALANCE[:3]))
    assert {fact.confidence for fact in plain} == {Confidence.SINGLE_WITNESS}


def test_a_list_that_differs_from_the_statement_is_in_doubt_and_the_statement_is_not(
    ontology: Ontology,
) -> None:
    income = [["项目", "2023年度", "2022年度"], ["一、营业收入", "12.50", "11.50"]]
    listed = [["项目", "2023年", "2022年"], ["营业收入", "12.50", "11.05"]]
    facts = read(
        ontology, ANNUAL, title("主要会计数据"), table(listed),
        title("合并利润表"), table(income, page=2),
    )  # fmt: skip
    found = {
        (fact.statement, fact.period.end.year): {c.name: c.passed for c in fact.checks}
        for fact in facts
    }
    assert found == {
        (Statement.KEY_INDICATORS, 2023): {REPEATED: True},
        (Statement.INCOME, 2023): {REPEATED: True},
        (Statement.KEY_INDICATORS, 2022): {REPEATED: False},
        (Statement.INCOME, 2022): {},
    }


def test_a_figure_before_its_restatement_is_held_against_nothing_but_its_like(
    ontology: Ontology,
) -> None:
    listed = [
        ["", "2023年", "2022年", ""],
        ["", "", "调整前", "调整后"],
        ["营业收入", "12.10", "11.10", "11.30"],
    ]
    income = [["项目", "2023年度", "2022年度"], ["一、营业收入", "12.10", "11.30"]]
    facts = read(
        ontology, ANNUAL, title("主要会计数据"), table(listed),
        title("合并利润表"), table(income, page=2),
    )  # fmt: skip
    before = [fact for fact in facts if fact.amount.value == Decimal("11.1")]
    assert [fact.checks for fact in before] == [()]
    assert all(c.passed for fact in facts for c in fact.checks)
