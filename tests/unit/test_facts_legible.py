"""A figure that was hard to read in its picture is a fact only if something bears it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from yanku.finance.facts import facts_of
from yanku.finance.ontology import load_ontology
from yanku.finance.periods import months
from yanku.model.amount import read_amount
from yanku.model.document import Cell, Digest, Document, Flaw, Heading, Table
from yanku.model.finance import Company, Confidence, Fact, Profile, ReportKind
from yanku.model.place import Box, OnPage

ROWS = [("项目", "本期金额"), ("一、营业总收入", "1,200.00"), ("二、营业总成本", "900.00")]


def _place(row: int, column: int, page: int = 1) -> OnPage:
    return OnPage(page, Box(100 * column, 20 * row, 100 * column + 100, 20 * row + 20))


BALANCE = [
    ("项目", "2024年9月30日"),
    ("资产总计", "1,200.00"),
    ("负债合计", "900.00"),
    ("所有者权益合计", "300.00"),
]
HARD = Flaw("unsure_figure", "“900.00” may be read wrongly.", OnPage(1, Box(140, 44, 190, 56)))


def _document(title: str, rows: Sequence[Sequence[str]]) -> Document:
    cells = tuple(
        Cell(r, c, text, _place(r, c), amount=read_amount(text, "元") if r and c else None)
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    )
    table = Table(cells, (OnPage(1),), len(rows), len(rows[0]), unit="元")
    heading = Heading(title, 2, OnPage(1))
    return Document(Digest("0" * 64), "x.pdf", "application/pdf", (), (heading, table))


def _facts(document: Document) -> tuple[Fact, ...]:
    profile = Profile(
        "", Company("600123", "东海水务"), ReportKind.THIRD_QUARTER, False, months(2024, 1, 9)
    )
    return facts_of(document, profile, load_ontology())


def _values(*flaws: Flaw) -> dict[Decimal, Confidence]:
    facts = _facts(replace(_document("合并利润表 2024年1—9月", ROWS), flaws=flaws))
    return {fact.amount.value: fact.confidence for fact in facts}


def test_a_figure_that_was_hard_to_read_is_no_fact_if_nothing_bears_it_out() -> None:
    assert _values(HARD).keys() == {Decimal(1200)}


def test_a_figure_that_was_hard_to_read_and_adds_up_is_a_doubtful_fact() -> None:
    document = _document("合并资产负债表 2024年9月30日", BALANCE)
    sure = {f.amount.value: f.confidence for f in _facts(document)}
    assert sure[Decimal(900)] is not Confidence.DOUBTFUL
    read = {f.amount.value: f.confidence for f in _facts(replace(document, flaws=(HARD,)))}
    assert read == {**sure, Decimal(900): Confidence.DOUBTFUL}


def test_a_figure_whose_sign_is_not_sure_is_no_fact_though_it_adds_up() -> None:
    document = _document("合并资产负债表 2024年9月30日", BALANCE)
    sign = replace(HARD, code="unsure_sign")
    read = {f.amount.value for f in _facts(replace(document, flaws=(sign,)))}
    assert read == {Decimal(1200), Decimal(300)}


def test_other_flaws_and_other_pages_leave_a_fact_as_sure_as_it_was() -> None:
    plain = _values()
    assert plain.keys() == {Decimal(1200), Decimal(900)}
    assert _values(Flaw("hidden_text", "x", _place(2, 1))) == plain
    assert _values(Flaw("unsure_figure", "x", _place(2, 1, page=2))) == plain
    assert _values(Flaw("unsure_figure", "More figures.", OnPage(1))) == plain


def test_two_columns_that_were_given_one_period_by_a_misread_header_yield_no_facts() -> None:
    rows = [("项目", "2024年1—9月", "2024年1—9月"), ("一、营业总收入", "1,200.00", "1,100.00"),
            ("二、营业总成本", "900.00", "900.00")]  # fmt: skip
    facts = _facts(_document("合并利润表", rows))
    assert {fact.amount.value for fact in facts} == {Decimal(900)}


def test_figures_behind_the_label_of_a_second_statement_are_not_those_of_the_first() -> None:
    rows = [("资产", "2024年9月30日", "2023年12月31日", "2022年12月31日"),
            ("资产总计", "1,200.00", "我们不认识的项目", "77.00")]  # fmt: skip
    facts = _facts(_document("合并资产负债表", rows))
    assert {fact.amount.value for fact in facts} == {Decimal(1200)}
