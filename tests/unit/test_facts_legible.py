"""A figure that was hard to read in its picture is a doubtful fact, and no other is."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from yanku.finance.facts import facts_of
from yanku.finance.ontology import load_ontology
from yanku.finance.periods import months
from yanku.model.amount import read_amount
from yanku.model.document import Cell, Digest, Document, Flaw, Heading, Table
from yanku.model.finance import Company, Confidence, Profile, ReportKind
from yanku.model.place import Box, OnPage

ROWS = [("项目", "本期金额"), ("一、营业总收入", "1,200.00"), ("二、营业总成本", "900.00")]


def _place(row: int, column: int, page: int = 1) -> OnPage:
    return OnPage(page, Box(100 * column, 20 * row, 100 * column + 100, 20 * row + 20))


def _statement() -> Document:
    cells = tuple(
        Cell(r, c, text, _place(r, c), amount=read_amount(text, "元") if r and c else None)
        for r, row in enumerate(ROWS)
        for c, text in enumerate(row)
    )
    table = Table(cells, (OnPage(1),), len(ROWS), 2, unit="元")
    title = Heading("合并利润表 2024年1—9月", 2, OnPage(1))
    return Document(Digest("0" * 64), "x.pdf", "application/pdf", (), (title, table))


def _doubtful(*flaws: Flaw) -> set[Decimal]:
    profile = Profile(
        "", Company("600123", "东海水务"), ReportKind.THIRD_QUARTER, False, months(2024, 1, 9)
    )
    facts = facts_of(replace(_statement(), flaws=flaws), profile, load_ontology())
    assert {fact.amount.value for fact in facts} == {Decimal(1200), Decimal(900)}
    return {f.amount.value for f in facts if f.confidence is Confidence.DOUBTFUL}


def test_a_fact_is_doubtful_where_a_digit_was_hard_to_read() -> None:
    word = OnPage(1, Box(140, 44, 190, 56))
    assert _doubtful(Flaw("unsure_figure", "“900.00” may be read wrongly.", word)) == {Decimal(900)}


def test_other_flaws_and_other_pages_leave_a_fact_as_sure_as_it_was() -> None:
    assert _doubtful() == set()
    assert _doubtful(Flaw("hidden_text", "x", _place(2, 1))) == set()
    assert _doubtful(Flaw("unsure_figure", "x", _place(2, 1, page=2))) == set()
    assert _doubtful(Flaw("unsure_figure", "More figures.", OnPage(1))) == set()
