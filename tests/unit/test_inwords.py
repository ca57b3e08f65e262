"""A figure that only sentences give is told where they agree, and nothing else is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from yanku.answer.evidence import lines_of
from yanku.answer.inwords import told_in_words
from yanku.finance.dates import find_periods
from yanku.finance.inquiry import understand
from yanku.finance.labels import plain
from yanku.finance.meant import own_names
from yanku.finance.ontology import Ontology
from yanku.finance.periods import full_year, quarter, ways_to_write
from yanku.model.amount import Amount
from yanku.model.answer import Grounded
from yanku.model.finance import Company, Profile
from yanku.model.library import Chunk, ChunkId, DocumentId
from yanku.model.place import InText
from yanku.model.search import Hit

MILL = Company("600355", "茗溪纸品")
TOOLS = Company("300456", "北岭机床")


def note(text: str, company: Company | None = MILL) -> Hit:
    chunk = Chunk(ChunkId(text), DocumentId(text[:8]), 0, "年报点评", text, InText(1, 1))
    return Hit(chunk, "点评.pdf", Profile("点评", company), 1.0, {})


def told(question: str, ontology: Ontology, *notes: Hit) -> Grounded | None:
    inquiry = understand(question, [MILL, TOOLS], ontology, date(2025, 6, 1))
    [name] = inquiry.metrics
    return told_in_words(
        inquiry,
        lines_of(notes),
        lambda text: [(s.start, s.end, s.period) for s in find_periods(text)],
        own_names(name, inquiry.companies, ontology),
        unit=ontology.measure(name).unit,
        called=ontology.name(name),
        plain=plain,
    )


@pytest.mark.parametrize(
    "text",
    [
        "盈利承压。单季度来看，公司2024年Q4毛利率23.40%，同比-1.12pcts，净利率6.1%。",
        "24Q4公司总体毛利率为23.40%（同比+0.6pct）、25Q1总体毛利率25.2%。",
        "2024年第四季度的综合毛利率、销售费用率、整体净利率分别为23.40%、7.10%、6.10%，同比变动-1.1pct。",
        "2024Q4毛利率达到23.40%。",
        "4Q24毛利率23.40%。",
    ],
)
def test_the_figure_right_after_period_and_measure_is_told(text: str, ontology: Ontology) -> None:
    answer = told("茗溪纸品24Q4毛利率", ontology, note(text))
    assert answer is not None
    assert answer.amount == Amount(Decimal("23.40"), "%")
    assert "2024年第四季度毛利率为23.40%" in answer.text
    assert any("正文" in said for said in answer.assumptions)


@pytest.mark.parametrize(
    "text",
    [
        "24Q4包装业务毛利率23.40%。",
        "24Q4经调整毛利率23.40%。",
        "24Q4毛利率同比提升1.20pct。",
        "我们预计24Q4毛利率23.40%。",
        "24Q3毛利率23.40%，24Q4净利率6.1%。",
        "2024年第四季度的毛利率、净利率分别为23.40%。",
        "2024年毛利率23.40%。",
        "24Q1-4毛利率23.40%。",
    ],
)
def test_what_is_of_a_part_of_another_period_or_only_expected_is_not_told(
    text: str, ontology: Ontology
) -> None:
    assert told("茗溪纸品24Q4毛利率", ontology, note(text)) is None


def test_a_note_on_another_company_or_on_several_tells_nothing(ontology: Ontology) -> None:
    text = "24Q4公司毛利率23.40%。"
    assert told("茗溪纸品24Q4毛利率", ontology, note(text, TOOLS)) is None
    assert told("茗溪纸品24Q4毛利率", ontology, note(text, None)) is None


def test_the_most_exact_of_agreeing_figures_is_told_and_differing_ones_are_not(
    ontology: Ontology,
) -> None:
    rounded, exact = note("24Q4毛利率23.4%。"), note("2024Q4毛利率为23.37%。")
    answer = told("茗溪纸品24Q4毛利率", ontology, rounded, exact)
    assert answer is not None
    assert answer.amount == Amount(Decimal("23.37"), "%")
    assert len(answer.citations) == 2
    assert told("茗溪纸品24Q4毛利率", ontology, rounded, note("24Q4毛利率24.9%。")) is None


def test_quarters_are_looked_for_as_notes_write_them() -> None:
    assert ways_to_write(quarter(2024, 4)) == ("24Q4", "2024Q4", "4Q24", "第四季度", "单季度")
    assert ways_to_write(full_year(2024)) == ()
