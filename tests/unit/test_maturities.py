"""The years in which debt falls due are read where their sum is the debt of the balance sheet."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.american import BALANCE, MILLIONS, TOWEN, YEAR
from tests.statements_read import note, table, title

from yanku.answer.maturing import told_of_maturities
from yanku.finance.facts import facts_of
from yanku.finance.inquiry import understand
from yanku.finance.maturities import schedule_of, years_of_maturity
from yanku.finance.ontology import Ontology
from yanku.finance.periods import full_year
from yanku.model.breakdown import Schedule
from yanku.model.document import Block, Digest, Document
from yanku.model.inquiry import Beyond
from yanku.model.people import UserId
from yanku.testing.library import an_entry

SHEET = [
    ["", "2023", "2022"],
    ["Total current assets", "900", "800"],
    ["Total assets", "2,500", "2,300"],
    ["Current portion of long-term debt", "60", "50"],
    ["Long-term debt", "990", "1,010"],
    ["Total liabilities", "1,500", "1,400"],
    ["Total equity", "1,000", "900"],
    ["Total liabilities and equity", "2,500", "2,300"],
]
DUE = [["2024", "60"], ["2025", "110"], ["2026", "80"], ["2027", "200"], ["2028", "150"],
       ["Thereafter", "460"], ["Total", "1,060"]]  # fmt: skip
LEASES = [["2024", "6"], ["2025", "5"], ["2026", "4"], ["2027", "3"], ["Thereafter", "9"]]


def scheduled(ontology: Ontology, *blocks: Block) -> Schedule | None:
    read = Document(
        Digest("0" * 64), "t.pdf", "application/pdf", (),
        (title(BALANCE), table(SHEET, MILLIONS), *blocks),
    )  # fmt: skip
    return schedule_of(read, facts_of(read, YEAR, ontology), full_year(2023))


def amounts(schedule: Schedule | None) -> list[tuple[str, int]]:
    parts = schedule.parts if schedule is not None else ()
    return [(part.name, int(part.amount.value / 10**6)) for part in parts]


@pytest.mark.parametrize("unit", [MILLIONS, ""], ids=["millions", "no unit"])
def test_what_falls_due_each_year_adds_up_to_the_debt(ontology: Ontology, unit: str) -> None:
    leases = note("Maturities of lease liabilities:"), table(LEASES, MILLIONS)
    debt = note("Maturities of long-term debt are as follows:"), table(DUE, unit)
    assert amounts(scheduled(ontology, *leases, *debt)) == [
        ("2024", 60), ("2025", 110), ("2026", 80), ("2027", 200), ("2028", 150),
        ("thereafter", 460),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "rows",
    [
        LEASES,
        [["2025", "60"], *DUE[1:]],
        [*DUE[:3], *DUE[4:]],
        [["2024", "60", "1"], ["2025", "110", "2"], ["2026", "80", "3"], ["2027", "200", "4"],
         ["Thereafter", "600", "5"]],
    ],
    ids=["another sum", "not the next year", "a year is missing", "two columns"],
)  # fmt: skip
def test_what_may_be_another_list_is_none(ontology: Ontology, rows: list[list[str]]) -> None:
    assert scheduled(ontology, note("Maturities of long-term debt:"), table(rows, MILLIONS)) is None


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("How much of Towen's term debt matures in 2025?", (2025,)),
        ("towen long-term debt maturities 2025, 2026", (2025, 2026)),
        ("How much debt will Towen have to repay in 2027?", (2027,)),
        ("Show Towen's debt maturities by year", ()),
        ("How much debt did Towen pay back in 2022, as repaid?", None),
        ("What interest rate do Towen's notes due in 2025 have?", None),
        ("What are Towen's lease maturities in 2025?", None),
        ("Which debt securities of Towen mature in 2025?", None),
        ("What was Towen's long-term debt in 2023?", None),
    ],
)
def test_a_question_for_maturities_names_debt_and_when_it_falls_due(
    ontology: Ontology, question: str, years: tuple[int, ...] | None
) -> None:
    inquiry = understand(question, [TOWEN], ontology, date(2024, 3, 1))
    assert inquiry.beyond in {None, Beyond.PREDICTION}
    assert years_of_maturity(inquiry) == years


def test_the_years_asked_for_are_told_and_none_that_is_not_listed(ontology: Ontology) -> None:
    schedule = scheduled(ontology, note("Maturities of debt:"), table(DUE, MILLIONS))
    assert schedule is not None
    inquiry = understand("Towen debt due in 2025", [TOWEN], ontology, date(2024, 3, 1))
    entry = an_entry("t", UserId("ann"))
    one = told_of_maturities(inquiry, (2025,), schedule, entry)
    assert one is not None
    assert one.amount is not None
    assert one.amount.value == Decimal(110_000_000)
    two = told_of_maturities(inquiry, (2025, 2026), schedule, entry)
    assert two is not None
    assert two.amount is None
    assert two.calculations[0].result.value == Decimal(190_000_000)
    assert told_of_maturities(inquiry, (2031,), schedule, entry) is None
