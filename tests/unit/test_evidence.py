"""Choosing evidence: nothing twice, everyone heard, never over the budget."""

from __future__ import annotations

from datetime import date

from yanku.model.finance import Company, Period, Profile
from yanku.model.library import Chunk, ChunkId, DocumentId
from yanku.model.place import OnPage
from yanku.model.search import Hit
from yanku.retrieve.evidence import balanced, distinct, fitting


def hit(
    text: str,
    *,
    company: str = "600001",
    year: int = 2023,
    document: str = "a",
    context: str = "",
    file: str = "报告.pdf",
) -> Hit:
    profile = Profile(
        company=Company(company, f"公司{company}") if company else None,
        period=Period(date(year, 12, 31)),
    )
    chunk = Chunk(ChunkId(f"{document}{text}"), DocumentId(document), 0, context, text, OnPage(1))
    return Hit(chunk, file, profile, 1.0, {})


def test_the_same_report_added_twice_is_cited_once() -> None:
    first, again = hit("收入 | 12\n利润 | 3"), hit("收入 | 12\n利润  |  3", document="b")
    assert distinct([first, again]) == (first,)


def test_a_row_that_differs_in_one_digit_is_another_piece_of_evidence() -> None:
    hits = (hit("收入 | 12"), hit("收入 | 13", document="b"))
    assert distinct(hits) == hits


def test_a_chunk_that_says_one_line_more_is_kept() -> None:
    hits = (hit("收入 | 12"), hit("收入 | 12\n利润 | 3", document="b"))
    assert distinct(hits) == hits


def test_the_same_line_of_another_company_or_year_is_kept() -> None:
    hits = (hit("减值 | 0"), hit("减值 | 0", company="600002"), hit("减值 | 0", year=2022))
    assert distinct(hits) == hits


def test_the_parent_s_own_figures_do_not_count_as_the_group_s() -> None:
    hits = (hit("存货 | 5", context="合并资产负债表"), hit("存货 | 5", context="母公司资产负债表"))
    assert distinct(hits) == hits


def test_files_that_name_no_company_are_the_same_only_under_the_same_name() -> None:
    kept, other = hit("收入 | 12", company=""), hit("收入 | 12", company="", file="另一.pdf")
    assert distinct([kept, hit("收入 | 12", company="", document="b"), other]) == (kept, other)


def test_the_second_company_is_heard_before_the_first_one_s_third_hit() -> None:
    one = [hit(f"甲{n}", company="600001") for n in range(5)]
    two = [hit(f"乙{n}", company="600002") for n in range(2)]
    assert balanced([*one, *two], 4) == (one[0], two[0], one[1], two[1])


def test_no_company_and_period_gets_more_than_its_quota() -> None:
    hits = [hit(f"甲{n}") for n in range(5)] + [hit("乙", year=2022)]
    assert balanced(hits, 10, most_each=2) == (hits[0], hits[5], hits[1])


def test_a_single_company_keeps_its_order() -> None:
    hits = tuple(hit(f"甲{n}") for n in range(5))
    assert balanced(hits, 3) == hits[:3]


async def _length(hit: Hit) -> int:
    return len(hit.chunk.text)


async def test_evidence_never_exceeds_the_budget_and_passes_over_what_is_too_large() -> None:
    hits = [hit("一" * 6), hit("二" * 50), hit("三" * 4), hit("四")]
    assert await fitting(hits, 10, _length) == (hits[0], hits[2])


async def test_without_a_budget_there_is_no_evidence() -> None:
    assert await fitting([hit("一")], 0, _length) == ()
