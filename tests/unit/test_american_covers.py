"""American reports say whose they are, and of when, in their own way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.american import INCOME, JUNE, MILLIONS, TOWEN, YEAR, cover, found
from tests.statements_read import note, read, spanning, table, title, values

from yanku.finance.ontology import Ontology
from yanku.finance.profile import profile_of
from yanku.model.document import Block, Paragraph, Role
from yanku.model.finance import Period, Profile, ReportKind
from yanku.model.place import OnPage

# ── whose, and of when ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "lines",
    [
        ("Commission file number 1-20485", "4T COMPANY", "(Exact name of registrant)"),
        ("Commission File Number: 001-33221", "4T COMPANY", "WASHINGTON 91-1100022"),
        ("Commission file number 1-3247", "4T COMPANY", "Incorporated in Ohio"),
        ("4T COMPANY", "(Exact name ofregistrant as specified in its charter)", "Ohio"),
        ("Commission file number 1-20485", "4T COMPANY", "Delaware", "9 South Street",
         "(Exact name of registrant as specified in its charter)"),
    ],
)  # fmt: skip
def test_a_registrant_is_named_below_the_file_number_or_above_its_label(
    lines: tuple[str, ...],
) -> None:
    profile = profile_of(cover("FORM 10-K", "For the fiscal year ended May 31, 2020", *lines))
    assert profile.company is not None
    assert profile.company.name == "4T COMPANY"
    assert profile.period == Period(date(2020, 5, 31), date(2019, 6, 1))


@pytest.mark.parametrize(
    ("stretch", "kind", "start"),
    [
        ("Three Months Ended", ReportKind.FIRST_QUARTER, date(2023, 5, 1)),
        ("Six Months Ended", ReportKind.HALF_YEAR, date(2023, 2, 1)),
        ("39 Weeks Ended", ReportKind.THIRD_QUARTER, date(2022, 11, 1)),
    ],
)
def test_a_quarterly_report_is_on_the_longest_stretch_of_its_statements(
    stretch: str, kind: ReportKind, start: date
) -> None:
    document = cover(
        "FORM 10-Q",
        "QUARTERLY REPORT UNDER THE SECURITIES EXCHANGE ACT OF 1934",
        "For the quarterly period ended July 29, 2023",
        "Commission File Number: 1-9595",
        "KESTREL BAY CO., INC.",
        f"{stretch} July 29, 2023",
    )
    profile = profile_of(document)
    assert (profile.report, profile.period) == (kind, Period(date(2023, 7, 29), start))


def test_a_cover_in_two_columns_still_says_when_and_under_which_symbol() -> None:
    document = cover(
        "FORM 10-Q",
        "For the quarterly period ended Commission file",
        "March 31, 2021 number",
        "KESTREL BAY & CO.",
        "(Exact name of registrant as specified in its charter)",
        "Title of each class Trading Symbol(s)",
        "Common stock KBC",
        "Losses were larger in the three months ended December 31, 2020.",
    )
    profile = profile_of(document)
    assert profile.period == Period(date(2021, 3, 31), date(2021, 1, 1))
    assert profile.company is not None
    assert "KBC" in profile.company.aliases


def test_a_form_is_titled_by_its_own_name() -> None:
    document = cover(
        "UNITED STATES", "SECURITIES AND EXCHANGE COMMISSION", "Washington, D.C. 20549",
        "FORM 10-K", "For the fiscal year ended September 24, 2022",
        "Commission File Number: 1-5805", "KESTREL BAY & CO.",
    )  # fmt: skip
    assert profile_of(document).title == "FORM 10-K"


def test_a_stretch_that_ended_on_another_day_is_not_that_of_the_report() -> None:
    document = cover(
        "FORM 10-Q",
        "For the quarterly period ended March 31, 2021",
        "Commission File Number: 1-5805",
        "KESTREL BAY & CO.",
        "Three months ended March 31,",
        "Income rose as in the nine months ended September 30, 2020, and in the six months ended "
        "June 30, 2020.",
    )
    profile = profile_of(document)
    assert profile.report is ReportKind.FIRST_QUARTER
    assert profile.period == Period(date(2021, 3, 31), date(2021, 1, 1))


def test_an_announcement_names_its_company_with_the_exchange_and_its_year_by_its_end() -> None:
    profile = profile_of(
        cover(
            "Silverline Announces Fourth Quarter Fiscal 2022 Results",
            "DENVER--(WIRE)-- Silverline Foods, Inc. (NYSE: SLVF) today announced results for the "
            "thirteen-week period and fifty-two-week period (“fiscal year”) ended January 28, 2023 "
            "compared to the same periods ended January 29, 2022.",
        )
    )
    assert profile.company is not None
    assert (profile.company.name, profile.company.aliases) == ("Silverline Foods, Inc.", ("SLVF",))
    assert profile.period == Period(date(2023, 1, 28), date(2022, 2, 1))


# ── columns ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "heads",
    [
        ["", "Six Months Ended July 29, 2023", "July 30, 2022"],
        ["", "July 29, 2023 (Unaudited)", "26 Weeks Ended July 30, 2022 (Unaudited)"],
    ],
)
def test_a_stretch_set_once_over_two_days_is_said_of_both(
    heads: list[str], ontology: Ontology
) -> None:
    facts = read(
        ontology, YEAR, title(INCOME), table([heads, ["Net sales", "518", "647"]], MILLIONS)
    )
    profile = Profile("", TOWEN, ReportKind.HALF_YEAR, False,
                      Period(date(2023, 7, 29), date(2023, 2, 1)))  # fmt: skip
    facts = read(
        ontology, profile, title(INCOME), table([heads, ["Net sales", "518", "647"]], MILLIONS)
    )
    assert values(facts, "operating_revenue") == {
        Period(date(2023, 7, 29), date(2023, 2, 1)): Decimal(518_000_000),
        Period(date(2022, 7, 30), date(2022, 2, 1)): Decimal(647_000_000),
    }


def test_a_column_of_a_region_is_not_the_companys(ontology: Ontology) -> None:
    rows = [["", "U.S.", "", "International", ""], ["", "2023", "2022", "2023", "2022"],
            ["Net sales", "60", "50", "40", "30"]]  # fmt: skip
    parts = spanning(rows, {(0, 1): 2, (0, 3): 2}, MILLIONS)
    assert read(ontology, YEAR, title(INCOME), parts) == ()


def test_a_quarter_by_number_is_one_of_the_companys_own_year(ontology: Ontology) -> None:
    rows = [["", "First quarter 2023", "First quarter 2022"], ["Net sales", "60", "50"]]
    facts = read(ontology, JUNE, title("Selected financial data"), table(rows, MILLIONS))
    assert values(facts, "operating_revenue") == {
        Period(date(2022, 9, 30), date(2022, 7, 1)): Decimal(60_000_000),
        Period(date(2021, 9, 30), date(2021, 7, 1)): Decimal(50_000_000),
    }


def test_years_in_a_running_title_head_the_columns_of_its_page(ontology: Ontology) -> None:
    head = Paragraph("For the years ended June 30, 2023 2022", OnPage(1), Role.HEADER)
    rows = [["Net sales", "60", "50"], ["Cost of sales", "(40)", "(30)"]]
    facts = read(ontology, JUNE, head, title(INCOME), table(rows, MILLIONS))
    assert found(facts)["operating_revenue"] == Decimal(60_000_000)
    assert found(facts, 2022)["operating_cost"] == Decimal(30_000_000)


@pytest.mark.parametrize("over", [title("Years ended"), note("For the fiscal years ended:")])
def test_what_stands_over_days_says_how_long_a_stretch_ends_on_them(
    over: Block, ontology: Ontology
) -> None:
    heads = ["", "September 24, 2022", "September 25, 2021"]
    profile = profile_of(cover("FORM 10-K", "For the fiscal year ended September 24, 2022"))
    assert profile.period == Period(date(2022, 9, 24), date(2021, 10, 1))
    own = replace(profile, company=TOWEN)
    printed = table([heads, ["Total net sales", "518", "647"]], MILLIONS)
    facts = read(ontology, own, title("CONSOLIDATED STATEMENTS OF OPERATIONS"), over, printed)
    assert values(facts, "operating_revenue") == {
        Period(date(2022, 9, 24), date(2021, 10, 1)): Decimal(518_000_000),
        Period(date(2021, 9, 25), date(2020, 10, 1)): Decimal(647_000_000),
    }
