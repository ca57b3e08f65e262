"""The list of figures says what each is, where it stands, and how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from yanku.entry.cli.figures import Language, _end, _metric, fact_json, listed
from yanku.errors import InvalidRequest
from yanku.finance.agreement import compared, with_rivals
from yanku.finance.ontology import load_ontology
from yanku.finance.periods import full_year, months, quarter
from yanku.finance.standing import report_of, standing
from yanku.model.amount import Amount
from yanku.model.finance import (
    CONFIRMED,
    SECOND_READING,
    Check,
    Confidence,
    Fact,
    Period,
    Profile,
    ReportKind,
    confidence_of,
)
from yanku.model.library import Entry
from yanku.model.place import Box, InSheet, InText, OnPage
from yanku.testing.library import a_fact, a_profile, an_entry

ANNUAL = Profile("", None, ReportKind.ANNUAL, False, full_year(2025))
Q3 = Profile("", None, ReportKind.THIRD_QUARTER, False, months(2025, 1, 9))
HALF = Profile("", None, ReportKind.HALF_YEAR, False, months(2025, 1, 6))
KEYS = [
    "file", "code", "company", "year", "period", "end_date", "statement", "metric", "label",
    "value", "unit", "scope", "column",
]  # fmt: skip


def of(period: Period, column: str = "") -> Fact:
    return replace(a_fact(), period=period, column=column)


def entry(name: str, profile: Profile | None = None) -> Entry:
    return replace(an_entry(name, name=name), profile=profile or a_profile())


@pytest.mark.parametrize(
    ("period", "profile", "said"),
    [
        (full_year(2025), ANNUAL, "period"),
        (full_year(2024), ANNUAL, "prior_period"),
        (full_year(2023), ANNUAL, "other_period"),
        (quarter(2025, 4), ANNUAL, "quarter"),
        (Period(date(2025, 12, 31)), ANNUAL, "period_end"),
        (Period(date(2024, 12, 31)), ANNUAL, "prior_period_end"),
        (Period(date(2023, 12, 31)), ANNUAL, "other_end"),
        (months(2025, 1, 9), Q3, "year_to_date"),
        (months(2024, 1, 9), Q3, "prior_year_to_date"),
        (quarter(2025, 3), Q3, "period"),
        (quarter(2024, 3), Q3, "prior_period"),
        (Period(date(2025, 9, 30)), Q3, "period_end"),
        (Period(date(2024, 12, 31)), Q3, "prior_period_end"),
        (months(2025, 1, 6), HALF, "period"),
        (months(2024, 1, 6), HALF, "prior_period"),
        (quarter(2025, 2), HALF, "quarter"),
        (months(2024, 1, 9), Profile(), "year_to_date"),
        (months(2024, 4, 9), Profile(), "period"),
        (Period(date(2024, 9, 30)), Profile(), "period_end"),
    ],
)
def test_a_column_is_told_as_seen_from_its_report(
    period: Period, profile: Profile, said: str
) -> None:
    assert standing(of(period), profile) == said


def test_a_column_before_a_restatement_is_a_column_of_its_own() -> None:
    before, after = of(full_year(2024), "2024年 调整前"), of(full_year(2024), "2024年 调整后")
    assert standing(before, ANNUAL) == "prior_period_before_restatement"
    assert standing(after, ANNUAL) == "prior_period"
    assert standing(of(full_year(2024), "2024年 调整后 调整前"), ANNUAL).endswith("restatement")


def test_year_and_period_are_the_reports_or_else_the_figures_own() -> None:
    assert report_of(of(full_year(2024)), Q3) == (2025, "Q3")
    assert report_of(of(months(2024, 1, 6)), Profile()) == (2024, "H1")
    assert report_of(of(Period(date(2024, 5, 31))), Profile()) == (2024, "")


def test_a_fact_is_one_flat_object_with_the_fields_promised() -> None:
    fact = replace(
        a_fact("-1200.50"),
        checks=(Check("closing=opening+change", True), Check(SECOND_READING, False)),
        place=OnPage(7, Box(1.5, 2.0, 3.0, 4.0)),
    )
    told = fact_json(fact, entry("年报.pdf"))
    assert list(told)[: len(KEYS)] == KEYS
    assert (told["file"], told["year"], told["period"]) == ("年报.pdf", 2025, "FY")
    assert (told["value"], told["unit"], told["column"]) == ("-1200.50", "CNY", "period")
    assert (told["page"], told["box"]) == (7, [1.5, 2.0, 3.0, 4.0])
    assert told["checks"] == {"closing=opening+change": True, SECOND_READING: False}
    assert told["confidence"] == "doubtful"
    in_sheet = fact_json(replace(fact, place=InSheet("利润表", "C4")), entry("x.xlsx"))
    assert (in_sheet["page"], in_sheet["sheet"], in_sheet["cell"]) == (None, "利润表", "C4")
    assert fact_json(replace(fact, place=InText(3, 4)), entry("x.docx"))["lines"] == [3, 4]


def test_what_another_document_says_otherwise_stands_beside_each_of_both() -> None:
    own = (a_fact("100"), entry("2025.pdf"))
    later = replace(a_profile(), period=full_year(2026))
    restated = (replace(a_fact("101"), restated=True), entry("2026.pdf", later))
    said = [fact_json(f, e, others) for f, e, others in with_rivals(compared([own, restated]))]
    assert [[o["value"] for o in one["others"]] for one in said] == [["101"], ["100"]]
    assert [one["restated"] for one in said] == [False, True]
    assert [one["checks"] for one in said] == [{}, {}]


def test_documents_that_agree_confirm_each_other_and_a_report_and_its_abstract_must() -> None:
    own = (a_fact("123450000"), entry("report.pdf"))
    rounded = (a_fact("123000000"), entry("abstract.pdf"))
    assert [f.checks for f, _ in compared([own, rounded])] == [(Check(CONFIRMED, True),)] * 2
    other = (a_fact("124450000"), entry("abstract.pdf"))
    assert [f.checks for f, _ in compared([own, other])] == [(Check(CONFIRMED, False),)] * 2
    assert compared([own]) == [own]


def test_a_report_published_later_corrects_and_does_not_contradict() -> None:
    first = (a_fact("100"), entry("a.pdf", a_profile(published=date(2026, 3, 1))))
    corrected = (a_fact("101"), entry("b.pdf", a_profile(published=date(2026, 5, 1))))
    assert [f.checks for f, _ in compared([first, corrected])] == [(), ()]


def test_more_passed_checks_never_make_a_fact_less_sure_nor_failed_ones_surer() -> None:
    pool = [Check("a=b", True), Check("c=d", True), Check(SECOND_READING, True),
            Check(CONFIRMED, True)]  # fmt: skip
    failed = [Check(c.name, False) for c in pool]
    some: list[Check] = []
    for check in pool:
        assert confidence_of([*some, check]).rank <= confidence_of(some).rank
        some.append(check)
        for bad in failed:
            assert confidence_of([*some, bad]).rank >= confidence_of(some).rank
    assert confidence_of([]) is Confidence.SINGLE_WITNESS
    assert confidence_of(pool[:2]) is Confidence.CHECKED
    assert confidence_of(pool[1:3]) is Confidence.CERTAIN


def lines(found: Sequence[tuple[Fact, Entry]], language: Language) -> list[str]:
    return list(listed(found, language, load_ontology()))


def test_a_list_for_people_names_the_doubt_under_the_figure_in_both_languages() -> None:
    fact = replace(a_fact("1234.50"), checks=(Check("a=b", False),))
    chinese = lines([(fact, entry("年报.pdf"))], Language.ZH)
    assert "营业收入" in chinese[0]
    assert "存疑" in chinese[0]
    assert "1,234.50 CNY" in chinese[0]
    assert chinese[1].strip() == "✗ a=b"
    assert "doubtful" in lines([(fact, entry("年报.pdf"))], Language.EN)[0]
    assert lines([], Language.EN) == []


@pytest.mark.parametrize(
    ("said", "end"),
    [
        ("2024", date(2024, 12, 31)),
        ("2024FY", date(2024, 12, 31)),
        ("2024年", date(2024, 12, 31)),
        ("2024H1", date(2024, 6, 30)),
        ("2024Q1", date(2024, 3, 31)),
        ("2024年三季度", date(2024, 9, 30)),
        ("2024-09-30", date(2024, 9, 30)),
    ],
)
def test_a_period_is_named_as_people_name_it(said: str, end: date) -> None:
    assert _end(said) == end


def test_a_period_or_metric_that_is_none_is_refused_with_a_hint() -> None:
    ontology = load_ontology()
    for said in ("soon", "2023和2024"):
        with pytest.raises(InvalidRequest, match="2024H1"):
            _end(said)
    assert _metric("营收", ontology) == "operating_revenue"
    assert _metric("total_assets", ontology) == "total_assets"
    with pytest.raises(InvalidRequest, match="goodwill"):
        _metric("誉", ontology)
    with pytest.raises(InvalidRequest, match="is no metric"):
        _metric("happiness", ontology)


def test_amounts_of_another_unit_never_agree() -> None:
    one = a_fact("4.93")
    other = replace(one, amount=Amount(Decimal("4.93"), "CNY/share"))
    told = compared([(one, entry("a.pdf")), (other, entry("b.pdf"))])
    assert all(check.passed is False for fact, _ in told for check in fact.checks)
