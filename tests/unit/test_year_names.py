"""A company's year goes by the name that the company gives it, where its document says which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from tests.figured import entry, fact
from tests.statements_read import read, table, title, values

from yanku.finance.choose import Figures
from yanku.finance.columns import Setting, columns_of
from yanku.finance.ontology import load_ontology
from yanku.finance.periods import full_year, month_end, quarter
from yanku.finance.profile import profile_of
from yanku.model.document import Block, Digest, Document, Heading, Paragraph
from yanku.model.finance import Company, Consolidation, Period, Profile, ReportKind
from yanku.model.place import OnPage

SHOP = Company("Lindo Stores, Inc.", "Lindo Stores, Inc.")
LATEST = Period(date(2023, 1, 28), date(2022, 2, 1))
BEFORE = Period(date(2022, 1, 29), date(2021, 2, 1))
COVER = ("FORM 10-K", "For the fiscal year ended January 28, 2023")


def _document(cover: Sequence[str], *said: str) -> Document:
    blocks: list[Block] = [Heading(line, 1, OnPage(1)) for line in cover]
    blocks += [Paragraph(text, OnPage(9)) for text in said]
    return Document(Digest("0" * 64), "a.pdf", "application/pdf", (), tuple(blocks))


@pytest.mark.parametrize(
    "said",
    [
        "Fiscal year 2022 ended on January 28, 2023.",
        "Fiscal 2022 was a 52-week year that ended January 28, 2023 and fiscal 2021 was one too.",
        "The fiscal years ended January 28, 2023 (“fiscal 2022”), January 29, 2022 (“fiscal 2021”)"
        " and January 30, 2021 (“fiscal 2020”) had 52 weeks each.",
        "Results for the 52 weeks ended January 28, 2023, referred to as fiscal 2022, are below.",
        "Fiscal 2022 (52 weeks ended January 28, 2023)",
    ],
)
def test_a_year_named_by_the_one_it_begins_in_is_known_from_what_the_document_says(
    said: str,
) -> None:
    assert profile_of(_document(COVER, said)).behind == 1


@pytest.mark.parametrize(
    "said",
    [
        "Fiscal 2023 ended January 28, 2023.",
        "The fiscal years ended January 28, 2023 (“fiscal 2023”), January 29, 2022 (“fiscal 2022”)"
        " and January 30, 2021 (“fiscal 2021”) had 52 weeks each.",
    ],
)
def test_a_year_named_by_the_one_it_ends_in_is_known_as_well(said: str) -> None:
    assert profile_of(_document(COVER, said)).behind == 0


@pytest.mark.parametrize(
    "said",
    [
        "Sales rose in fiscal 2022, as they did in fiscal 2021.",
        "We were founded in fiscal 2022. Our year ended January 28, 2023.",
        "Sales of fiscal 2022 compared to those of the year ended January 28, 2023 fell.",
        "The quarter ended October 29, 2022 (“third quarter of fiscal 2022”) was a good one.",
        "Fiscal 2022 ended January 28, 2023. Fiscal 2023 ended January 28, 2023.",
        "“Fiscal 1922” ended January 28, 2023.",
    ],
)
def test_what_does_not_name_the_year_or_names_it_twice_tells_nothing(said: str) -> None:
    assert profile_of(_document(COVER, said)).behind is None


@pytest.mark.parametrize(
    ("headline", "behind"),
    [
        ("Lindo Stores Announces Fourth Quarter Fiscal 2022 Results", 1),
        ("Lindo Stores Reports Fourth Quarter and Full Year Fiscal 2023 Results", 0),
        ("Lindo Stores Announces Fourth Quarter Fiscal 2022 Results, Fiscal 2023 Outlook", None),
    ],
)
def test_the_headline_of_an_announcement_names_the_year_it_is_on(
    headline: str, behind: int | None
) -> None:
    said = "Results for the thirteen and fifty-two weeks ended January 28, 2023."
    assert profile_of(_document(("March 9, 2023", headline), said)).behind == behind


def test_a_company_of_calendar_years_has_no_name_to_learn() -> None:
    cover = ("FORM 10-K", "For the fiscal year ended December 31, 2022")
    said = "Fiscal 2021 ended December 31, 2022."
    assert profile_of(_document(cover, said)).behind is None


def _figures(behind: int | None) -> Figures:
    report = entry("a", LATEST, SHOP)
    report = replace(report, profile=replace(report.profile, behind=behind))
    values = (("1000", LATEST), ("900", BEFORE), ("300", Period(LATEST.end, date(2022, 11, 1))),
              ("200", Period(BEFORE.end, date(2021, 11, 1))))  # fmt: skip
    facts = [fact("operating_revenue", v, p, company=SHOP, unit="USD") for v, p in values]
    debts = [
        fact("total_assets", v, Period(p.end), company=SHOP, unit="USD") for v, p in values[:2]
    ]
    return Figures([(f, report) for f in (*facts, *debts)], Consolidation.CONSOLIDATED, "en")


@pytest.mark.parametrize(("behind", "year"), [(1, 2022), (0, 2023), (None, 2023)])
def test_the_year_asked_for_is_the_one_that_the_company_calls_so(
    behind: int | None, year: int
) -> None:
    figures = _figures(behind)
    names = frozenset({SHOP.code})
    for asked, value in ((full_year(year), 1000), (full_year(year - 1), 900)):
        chosen = figures.choose(names, "operating_revenue", asked)
        assert chosen is not None
        assert chosen.fact.amount.value == value
    last = figures.choose(names, "operating_revenue", quarter(year, 4))
    assert last is not None
    assert last.fact.amount.value == 300
    closing = figures.choose(names, "total_assets", Period(month_end(year, 12)))
    assert closing is not None
    assert closing.fact.amount.value == 1000
    assert figures.choose(names, "operating_revenue", full_year(year + 1)) is None


def test_a_name_that_one_document_of_a_company_says_holds_in_its_others() -> None:
    known, silent = _figures(1), _figures(None)
    earlier = entry("b", BEFORE, SHOP)
    older = fact("operating_revenue", "900", BEFORE, company=SHOP, unit="USD")
    figures = replace(known, sourced=[*known.sourced, (older, earlier)])
    names = frozenset({SHOP.code})
    latest = figures.choose(names, "operating_revenue", full_year(2022))
    before = figures.choose(names, "operating_revenue", full_year(2021))
    assert latest is not None
    assert before is not None
    assert latest.fact.amount.value == 1000
    assert before.fact.amount.value == 900
    assert before.entry.id == "b"
    assert "does not say" not in before.notes[0]
    assert figures.choose(names, "operating_revenue", full_year(2023)) is None
    assert silent.choose(names, "operating_revenue", full_year(2023)) is not None


def test_a_year_whose_name_is_not_known_is_given_with_its_days_and_a_warning() -> None:
    said = _figures(None).choose(frozenset({SHOP.code}), "operating_revenue", full_year(2023))
    known = _figures(1).choose(frozenset({SHOP.code}), "operating_revenue", full_year(2022))
    assert said is not None
    assert known is not None
    assert "the year ended 2023-01-28" in said.notes[0]
    assert "does not say by which year" in said.notes[0]
    assert "does not say" not in known.notes[0]


def test_a_column_of_a_bare_year_is_of_the_year_that_the_company_calls_so() -> None:
    texts = {1: ["Fiscal 2022"], 2: ["Fiscal 2021"]}
    setting = Setting(ReportKind.ANNUAL, LATEST, statement=True, behind=1)
    found = columns_of(texts, setting)
    assert [found[n].duration for n in (1, 2)] == [LATEST, replace(BEFORE, end=date(2022, 1, 28))]


def test_the_statements_of_a_year_named_by_its_beginning_are_of_that_year() -> None:
    profile = Profile("", SHOP, ReportKind.ANNUAL, False, LATEST, behind=1)
    rows = [["", "Fiscal 2022", "Fiscal 2021"], ["Net sales", "1,000", "900"],
            ["Net income", "100", "90"]]  # fmt: skip
    head = title("CONSOLIDATED STATEMENTS OF INCOME")
    facts = read(load_ontology(), profile, head, table(rows, "$ in millions"))
    ends = {p.end.year: value for p, value in values(facts, "operating_revenue").items()}
    assert ends == {2023: 1_000_000_000, 2022: 900_000_000}
