"""Answers worked out from the cells of one table, or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

import pytest

from yanku.answer.evidence import lines_of
from yanku.answer.series import Cell, Series, chosen
from yanku.answer.stated import Stated, stated_in
from yanku.answer.worked import asks_for_one, result_asked, worked_out
from yanku.chunk.cut import cut
from yanku.finance.inquiry import understand
from yanku.finance.ontology import Ontology, load_ontology
from yanku.finance.profile import profile_of
from yanku.model.amount import Amount
from yanku.model.answer import Grounded
from yanku.model.document import Digest, Document
from yanku.model.inquiry import Inquiry
from yanku.model.library import DocumentId
from yanku.model.place import InSheet
from yanku.model.search import Hit
from yanku.parse.grid import GridCell
from yanku.parse.regions import sheet_blocks
from yanku.retrieve.tokens import Tokens

ROWS = (
    ("(in thousands)", "2031", "2030", "2029"),
    ("Kiln rental income", "$ 1,250", "$ 1,000", "$ 800"),
    ("Glaze sales", "300", "400", "500"),
    ("Other", "70", "(20)", "10"),
    ("Total kiln income", "1,620", "1,380", "1,310"),
)


@cache
def ontology() -> Ontology:
    return load_ontology()


@cache
def tokens() -> Tokens:
    return Tokens(ontology().vocabulary())


def hits(rows: Sequence[Sequence[str]]) -> tuple[Hit, ...]:
    cells = [
        GridCell(row, column, text, text)
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
        if text
    ]
    blocks = tuple(sheet_blocks("Income", cells))
    document = Document(Digest("0" * 64), "a.xlsx", "x", (), blocks)
    profile = profile_of(document)
    return tuple(
        Hit(chunk, "a.xlsx", profile, 1.0, {})
        for chunk in cut(document, DocumentId("0" * 32), profile)
    )


def read(question: str) -> Inquiry:
    return understand(question, [], ontology(), date(2032, 6, 1))


def told(question: str, rows: Sequence[Sequence[str]] = ROWS) -> Grounded | None:
    return worked_out(read(question), lines_of(hits(rows)), tokens().of)


@pytest.mark.parametrize(
    ("question", "value", "unit"),
    [
        ("What was the change in kiln rental income from 2030 to 2031?", "250000", "USD"),
        ("What was the increase / (decrease) in glaze sales in 2031 from 2030?", "-100000", "USD"),
        ("What is the percentage change in glaze sales between 2030 and 2031?", "-25", "%"),
        ("What was the average glaze sales from 2029 to 2031?", "400000", "USD"),
        ("What was the average glaze sales?", "400000", "USD"),
        ("What were the total glaze sales in 2030 and 2031?", "700000", "USD"),
        ("What is the ratio of glaze sales to other in 2029?", "50", ""),
        ("What was the other in 2030?", "-20000", "USD"),
        ("What is the difference between glaze sales and other in 2029?", "490000", "USD"),
        ("How much was the total kiln income in 2031?", "1620000", "USD"),
        ("What is glaze sales as a percentage of total kiln income in 2029?", "38.16793893", "%"),
        (
            "What percentage of total kiln income was made up of glaze sales in 2029?",
            "38.16793893",
            "%",
        ),
        ("What is the percentage of glaze sales in total kiln income in 2029?", "38.16793893", "%"),
        ("What was the sum of glaze sales and other in 2031?", "370000", "USD"),
        ("What is the average of glaze sales and other in 2031?", "185000", "USD"),
        ("What was the increase in glaze sales in 2031?", "-100000", "USD"),
        ("What was the percentage change in glaze sales expense in 2030?", "-20", "%"),
        ("What is the total other between 2029 to 2031?", "60000", "USD"),
        ("What was the average kiln rental income?", "1016666.67", "USD"),
    ],
)
def test_a_question_in_english_is_worked_out_from_the_cells_it_names(
    question: str, value: str, unit: str
) -> None:
    answer = told(question)
    assert answer is not None
    assert answer.amount is not None
    assert round(answer.amount.value, 8) == Decimal(value)
    assert answer.amount.unit == unit
    numbers = {citation.number for citation in answer.citations}
    assert numbers == {n for claim in answer.claims for n in claim.citations}
    for shown in answer.calculations:
        for operand in shown.operands:
            assert operand.amount in answer.citations[operand.citation - 1].values


@pytest.mark.parametrize(
    ("question", "year"),
    [
        ("In which year was glaze sales the largest?", "2029"),
        ("Which year had the lowest kiln rental income?", "2029"),
        ("In what year was other higher?", "2031"),
    ],
)
def test_the_year_in_which_a_row_is_largest_is_named(question: str, year: str) -> None:
    answer = told(question.replace("had the", "was the"))
    assert answer is not None
    assert answer.choice == year
    assert len(answer.citations) == 3


@pytest.mark.parametrize(
    "question",
    [
        "What was the change in brick sales from 2030 to 2031?",
        "What was the change in glaze sales of Foo Pottery from 2030 to 2031?",
        "What was the change in glaze sales from 2027 to 2031?",
        "What was the change in glaze sales?",
        "Why did glaze sales fall in 2031?",
        "What is the ratio of glaze sales to brick sales in 2029?",
        "In which year was glaze sales greater than 350?",
        "In which years did glaze sales exceed $900 thousand?",
        "What percentage was glaze sales in 2030 and 2031 respectively?",
        "What was the total kiln income in 2030 and 2031?",
        "What is the percentage of glaze sales in 2031?",
        "What is the difference between the first and the second quarter of 2029?",
    ],
)
def test_what_the_cells_do_not_say_is_not_worked_out(question: str) -> None:
    assert told(question) is None


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("How many years did glaze sales exceed $350 thousand?", 2),
        ("How many years was other below $20 thousand?", 2),
        ("How many years did kiln rental income exceed $2,000 thousand?", 0),
    ],
)
def test_the_years_beyond_a_figure_are_counted_and_each_is_shown(question: str, count: int) -> None:
    answer = told(question)
    assert answer is not None
    assert answer.amount == Amount(Decimal(count), "")
    assert len(answer.citations) == 3
    assert len(answer.claims) == 4


@pytest.mark.parametrize(
    "question",
    [
        "How many years did glaze sales exceed $350?",
        "How many years did glaze sales exceed 350 billion?",
        "How many years did glaze sales exceed 35%?",
    ],
)
def test_figures_are_not_counted_against_a_bound_of_another_scale(question: str) -> None:
    assert told(question) is None


def test_the_years_in_which_a_row_is_beyond_a_figure_are_named() -> None:
    one = told("In which year was glaze sales less than 350 thousand?")
    two = told("In which years did glaze sales exceed $350 thousand?")
    assert one is not None
    assert one.choice == "2031"
    assert two is not None
    assert two.choice == "2030, 2029"


@pytest.mark.parametrize(
    ("question", "figures"),
    [
        ("What were the glaze sales in 2030 and 2031 respectively?", ["300,000", "400,000"]),
        ("What are the respective values of glaze sales in 2029 and 2031?", ["300,000", "500,000"]),
        ("What was the other for 2031 to 2029 respectively?", ["70,000", "-20,000", "10,000"]),
    ],
)
def test_the_figures_of_several_years_are_each_given(question: str, figures: list[str]) -> None:
    answer = told(question)
    assert answer is not None
    assert len(answer.claims) == len(answer.citations) == len(figures)
    for claim, figure in zip(answer.claims, figures, strict=True):
        assert figure in claim.text


FISCAL = (
    ("(in thousands)", "Group / March 30, 2031", "March 31, 2030", "Change"),
    ("Glaze sales(1)", "300", "400", "(100)"),
    ("Net kiln income per share:", "", "", ""),
    ("Basic", "1.20", "1.10", "0.10"),
    ("Net kiln income", "900", "800", "100"),
)


def test_the_day_a_year_ends_and_what_one_header_says_more_part_no_series() -> None:
    answer = told("What was the change in the company's glaze sales from 2030 to 2031?", FISCAL)
    assert answer is not None
    assert answer.amount == Amount(Decimal(-100000), "")


def test_income_per_share_is_not_worked_out_of_income() -> None:
    question = "What was the change in basic net kiln income per share from 2030 to 2031?"
    assert told(question, FISCAL) is None


def test_a_column_of_plans_is_no_year_of_the_series_beside_it() -> None:
    rows = (("", "2031", "2032 budget"), ("Glaze sales", "300", "400"))
    assert told("What was the change in glaze sales from 2031 to 2032?", rows) is None


def test_two_rows_are_set_against_each_other_in_one_column_only() -> None:
    rows = (
        ("As of March 31, 2031", "Cost", "Fair value"),
        ("Bonds", "10", "12"),
        ("Notes", "20", "25"),
    )
    question = "What is the difference between the {} of notes and the {} of bonds in 2031?"
    same = told(question.format("cost", "cost"), rows)
    assert same is not None
    assert same.amount == Amount(Decimal(10), "")
    assert told("What is the ratio of notes cost to bonds in 2031?", rows) is None


def test_a_scale_printed_once_over_the_years_is_that_of_all_of_them() -> None:
    rows = (("", "2031 (in thousands)", "2030", "Growth"), ("Glaze sales", "300", "400", "25"))
    answer = told("What was the average glaze sales in 2030 and 2031?", rows)
    assert answer is not None
    assert answer.amount == Amount(Decimal(350000), "")
    [_, _, growth] = stated_in("Glaze sales | 2031 (in thousands): 300 | 2030: 400 | Growth: 25")
    assert growth.amount.value == 25


def test_a_scale_over_one_of_two_columns_of_a_year_is_lent_to_none() -> None:
    [_, other] = stated_in("Glaze | 2031 (in thousands): 300 | 2031 tonnes: 400")
    assert other.amount.value == 400


def test_rows_of_one_name_are_told_apart_by_what_they_stand_under() -> None:
    rows = (
        ("", "2031", "2030"),
        ("Current:", "", ""),
        ("State", "49", "44"),
        ("Deferred:", "", ""),
        ("State", "12", "20"),
    )
    current = told("What was the change in current state from 2030 to 2031?", rows)
    assert current is not None
    assert current.amount == Amount(Decimal(5), "")
    assert told("What was the change in state from 2030 to 2031?", rows) is None


def test_two_rows_of_the_same_name_that_differ_answer_nothing() -> None:
    rows = (*ROWS, ("Glaze sales", "5", "6", "7"))
    assert told("What was the change in glaze sales from 2030 to 2031?", rows) is None


def test_a_year_headed_otherwise_is_not_left_out_unseen() -> None:
    rows = (("", "2031", "2030 pro forma", "2029"), *ROWS[1:])
    assert told("What was the average glaze sales?", rows) is None


def test_years_may_be_the_rows() -> None:
    rows = (
        ("(in thousands)", "Leases", "Loans"),
        ("2031", "12", "30"),
        ("2030", "15", "20"),
    )
    answer = told("What was the change in leases from 2030 to 2031?", rows)
    assert answer is not None
    assert answer.amount == Amount(Decimal(-3000), "")


def test_a_mean_or_a_change_is_never_answered_with_one_cell() -> None:
    for question in (
        "What was the average glaze sales for 2030 and 2031?",
        "What was the change in glaze sales from 2030 to 2031?",
    ):
        assert not asks_for_one(read(question), tokens().of)


def test_a_row_that_dates_its_columns_is_a_header_though_its_label_cell_says_something() -> None:
    rows = (("", "Year ended 31 March", ""), *ROWS)
    answer = told("What was the change in glaze sales from 2030 to 2031?", rows)
    assert answer is not None
    assert answer.citations[0].place == InSheet("Income", "A4:D4")


@pytest.mark.parametrize(
    ("question", "result"),
    [
        ("What was the percentage change in glaze sales between 2030 and 2031?", True),
        ("What is the ratio of glaze sales to other in 2029?", True),
        ("How many years did glaze sales exceed $350 thousand?", True),
        ("What was the other in 2030?", False),
        ("What were the glaze sales in 2030 and 2031 respectively?", False),
        ("Why did glaze sales fall in 2031?", False),
    ],
)
def test_what_must_be_worked_out_is_told_from_what_is_printed(question: str, result: bool) -> None:
    assert (result_asked(read(question), tokens().of) is not None) is result


def test_balances_of_two_days_are_two_rows() -> None:
    rows = (
        ("", "2031", "2030"),
        ("Outstanding at 1 April", "9", "7"),
        ("Outstanding at 31 March", "4", "9"),
    )
    answer = told("What was the change in outstanding at 1 April from 2030 to 2031?", rows)
    assert answer is not None
    assert answer.amount == Amount(Decimal(2), "")


def test_a_figure_is_given_only_for_what_its_row_and_column_say() -> None:
    rows = (
        ("Options and their price", "Number of Shares"),
        ("Outstanding at March 31, 2031", "9"),
    )
    assert told("What was the price of outstanding shares in 2031?", rows) is None
    number = told("What was the number of outstanding shares in 2031?", rows)
    assert number is not None
    assert number.amount == Amount(Decimal(9), "")


def test_a_row_with_the_sign_of_money_at_one_of_its_figures_is_of_money() -> None:
    rows = (("", "2031", "2030"), ("Kiln income", "$ 1,250", "1,000"),
            ("Kilns sold, number of units", "$ 12", "10"))  # fmt: skip
    grown = told("What was the percentage change in kiln income between 2030 and 2031?", rows)
    assert grown is not None
    assert grown.amount == Amount(Decimal(25), "%")
    counted = "What was the change in kilns sold, number of units, between 2030 and 2031?"
    assert told(counted, rows) is None


def test_a_row_that_says_more_of_the_question_itself_goes_before_one_under_the_same_words() -> None:
    rows = (("Net bookings and in-store net bookings were:", "", ""),
            ("", "2031", "2030"), ("Net bookings", "638", "726"),
            ("In-store net bookings", "330", "440"))  # fmt: skip
    question = "What was the percentage change in in-store net bookings between 2030 and 2031?"
    grown = told(question, rows)
    assert grown is not None
    assert grown.amount == Amount(Decimal(-25), "%")


def test_a_column_of_rates_is_no_rival_of_the_figures_beside_it() -> None:
    [row] = hits((("", "2031", "(%)"), ("Total kiln costs", "330", "50%")))
    money, rate = Amount(Decimal(330), "USD"), Amount(Decimal(50), "%")
    words = frozenset({"total", "kiln", "cost"})
    line = lines_of([row])[-1]
    figures, rates = (
        Series(words, frozenset(), frozenset(), words, (Cell(line, Stated(a), 2031, True),), years)
        for a, years in ((money, frozenset({2031})), (rate, frozenset({2031})))
    )
    under = replace(rates, section=frozenset({"change"}))
    assert chosen(words, [figures, under]) == figures
    assert chosen(words, [figures, replace(under, cells=figures.cells)]) == figures
    other = (replace(figures.cells[0], stated=Stated(Amount(Decimal(9), "USD"))),)
    assert chosen(words, [figures, replace(under, cells=other)]) is None
