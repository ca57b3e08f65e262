"""Cutting documents: what a chunk says, what is said in front of it, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from yanku.chunk.cut import LIMIT, cut
from yanku.chunk.places import united
from yanku.chunk.sentences import pieces, size
from yanku.model.amount import Amount
from yanku.model.document import (
    Block,
    Cell,
    Digest,
    Document,
    Heading,
    Paragraph,
    RowGroup,
    Table,
)
from yanku.model.finance import Company, Period, Profile, ReportKind
from yanku.model.library import Chunk, DocumentId
from yanku.model.place import Box, InSheet, InText, OnPage, Place

ID = DocumentId("0" * 32)
PROFILE = Profile(
    title="2023年第三季度报告",
    company=Company("600001", "青禾股份"),
    report=ReportKind.THIRD_QUARTER,
    period=Period(date(2023, 9, 30), date(2023, 1, 1)),
)


def on(page: int, row: float = 0, column: float = 0) -> OnPage:
    return OnPage(page, Box(column * 100, row * 20, column * 100 + 90, row * 20 + 15))


def chunks_of(*blocks: Block, profile: Profile = PROFILE) -> tuple[Chunk, ...]:
    document = Document(Digest("d" * 64), "三季报.pdf", "application/pdf", (), blocks)
    return cut(document, ID, profile)


def table(
    rows: Sequence[Sequence[str]],
    *,
    page: int = 1,
    header_rows: int = 1,
    caption: str = "合并资产负债表",
    unit: str = "元",
) -> Table:
    cells = tuple(
        Cell(r, c, text, on(page, r, c), amount=_amount(text))
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    )
    return Table(cells, (on(page),), len(rows), len(rows[0]), header_rows, caption, unit)


def _amount(text: str) -> Amount | None:
    digits = text.replace(",", "")
    return Amount(Decimal(digits)) if digits.replace(".", "", 1).isdigit() else None


def test_a_row_reads_as_label_then_header_and_value_exactly_as_printed() -> None:
    (chunk,) = chunks_of(
        table([["项目", "2023年9月30日", "2022年12月31日"], ["货币资金", "1,234.50", "0.00"]])
    )
    assert chunk.text.splitlines() == [
        "项目",
        "货币资金 | 2023年9月30日: 1,234.50 | 2022年12月31日: 0.00",
    ]


def test_a_table_s_chunk_says_whose_numbers_these_are() -> None:
    _, chunk = chunks_of(
        Heading("一、主要财务数据", 1, on(1)),
        Paragraph("以下数据未经审计。" * 20, on(1)),
        table([["项目", "期末"], ["货币资金", "1"]]),
    )
    assert chunk.context == (
        "青禾股份（600001） 2023年第三季度报告 > 一、主要财务数据 > 合并资产负债表 单位：元"
    )


def test_a_document_that_says_nothing_of_itself_goes_by_its_file_name() -> None:
    (chunk,) = chunks_of(Paragraph("收入增长。", on(1)), profile=Profile())
    assert chunk.context == "三季报"


def test_each_line_of_a_table_leads_to_its_own_row() -> None:
    (chunk,) = chunks_of(table([["项目", "期末"], ["货币资金", "1"], ["存货", "2"]]))
    assert chunk.lines == (
        on(1, 0, 0),
        OnPage(1, Box(0, 20, 190, 35)),
        OnPage(1, Box(0, 40, 190, 55)),
    )
    assert chunk.place == OnPage(1, Box(0, 0, 190, 55))


def test_header_rows_join_to_a_path_under_a_spanning_header() -> None:
    cells = (
        Cell(0, 0, "项目", on(1, 0, 0), row_span=2),
        Cell(0, 1, "本期", on(1, 0, 1), column_span=2),
        Cell(1, 1, "金额", on(1, 1, 1)),
        Cell(1, 2, "比例(%)", on(1, 1, 2)),
        Cell(2, 0, "华东", on(1, 2, 0)),
        Cell(2, 1, "12", on(1, 2, 1)),
        Cell(2, 2, "3.4", on(1, 2, 2)),
    )
    (chunk,) = chunks_of(Table(cells, (on(1),), 3, 3, 2))
    assert chunk.text.splitlines()[-1] == "华东 | 本期 / 金额: 12 | 本期 / 比例(%): 3.4"


def test_a_merged_label_holds_for_every_row_it_spans_and_widens_no_place() -> None:
    cells = (
        Cell(0, 0, "境内", on(1, 0, 0), row_span=2),
        Cell(0, 1, "华东", on(1, 0, 1)),
        Cell(0, 2, "12", on(1, 0, 2)),
        Cell(1, 1, "华南", on(1, 1, 1)),
        Cell(1, 2, "34", on(1, 1, 2)),
    )
    (chunk,) = chunks_of(Table(cells, (on(1),), 2, 3))
    assert chunk.text.splitlines() == ["境内 | 华东 | 12", "境内 | 华南 | 34"]
    assert chunk.lines[1] == OnPage(1, Box(100, 20, 290, 35))


def test_rows_of_another_page_start_another_chunk_with_the_same_headers() -> None:
    first = table([["项目", "期末"], ["货币资金", "1"]])
    second = (
        Cell(2, 0, "存货", on(2, 0, 0)),
        Cell(2, 1, "2", on(2, 0, 1)),
    )
    joined = Table((*first.cells, *second), (on(1), on(2)), 3, 2, 1, "合并资产负债表", "元")
    one, two = chunks_of(joined)
    assert (one.place, two.text) == (OnPage(1, Box(0, 0, 190, 35)), "存货 | 期末: 2")
    assert two.place == OnPage(2, Box(0, 0, 190, 15))


def test_a_section_row_goes_in_front_of_the_chunks_below_it() -> None:
    rows = [["项目", "期末余额"], ["流动资产：", ""]]
    rows += [[f"流动资产之第{n}种项目", f"{n},000,000.00"] for n in range(1, 40)]
    chunks = chunks_of(table(rows))
    assert len(chunks) > 2
    assert all(chunk.context.endswith("流动资产： 单位：元") for chunk in chunks[1:])


def test_a_chunk_says_under_which_rows_its_own_stand_and_no_longer_than_they_do() -> None:
    rows = [["项目", "期末余额"], ["一、营业收入", ""], ["手续费净收入", "8,888.00"]]
    rows += [[f"其中：第{n}类业务的手续费净收入", f"{n},000,000.00"] for n in range(1, 40)]
    rows += [[f"第{n}种与之无关的营业支出项目", f"{n},000.00"] for n in range(1, 60)]
    whole = replace(table(rows), groups=(RowGroup(1, 41), RowGroup(2, 41)))
    first, second, *_, last = chunks_of(whole)
    assert first.context.endswith("合并资产负债表 单位：元")
    assert second.context.endswith("合并资产负债表 > 一、营业收入 > 手续费净收入 单位：元")
    assert last.context.endswith("合并资产负债表 单位：元")


def test_a_wide_row_is_cut_between_cells_and_keeps_its_label() -> None:
    headers = ["股东", *(f"第{n}项权益变动金额" for n in range(60))]
    (row,) = [["所有者投入", *(f"{n},123,456.78" for n in range(60))]]
    lines = [line for c in chunks_of(table([headers, row])) for line in c.text.splitlines()][1:]
    assert len(lines) > 2
    assert all(line.startswith("所有者投入 | ") for line in lines)
    assert all(size(line) <= LIMIT for line in lines)


def test_a_heading_that_carries_text_is_the_first_line_of_its_chunk() -> None:
    (chunk,) = chunks_of(
        Heading("第三节 经营情况", 1, on(1)),
        Heading("一、概述", 2, on(1)),
        Paragraph("本期收入12亿元。", on(1)),
        Paragraph("利润1亿元。", on(1)),
    )
    assert chunk.text.splitlines() == [
        "第三节 经营情况",
        "一、概述",
        "本期收入12亿元。",
        "利润1亿元。",
    ]


def test_text_under_another_heading_is_another_chunk_that_knows_the_way_down() -> None:
    _, chunk = chunks_of(
        Heading("第三节 经营情况", 1, on(1)),
        Paragraph("本期收入12亿元。" * 20, on(1)),
        Heading("二、风险", 2, on(1)),
        Paragraph("汇率波动。", on(1)),
    )
    assert chunk.context.endswith("> 第三节 经营情况 > 二、风险")
    assert chunk.text.startswith("二、风险\n")


def test_small_sections_of_one_part_share_a_chunk_and_a_new_part_does_not() -> None:
    chunks = chunks_of(
        Heading("第三节", 1, on(1)),
        Paragraph("正文。" * 50, on(1)),
        *(
            block
            for n in "一二三"
            for block in (Heading(f"（{n}）", 2, on(1)), Paragraph("无。", on(1)))
        ),
        Heading("第四节", 1, on(1)),
        Paragraph("无。", on(1)),
    )
    assert [chunk.text.splitlines()[0] for chunk in chunks] == ["第三节", "（一）", "第四节"]
    assert chunks[1].context.endswith("> 第三节")


def test_a_short_introduction_stands_in_front_of_its_table() -> None:
    (chunk,) = chunks_of(
        Paragraph("按地区列示如下：", on(1)), table([["地区", "收入"], ["华东", "12"]])
    )
    assert chunk.text.splitlines() == ["按地区列示如下：", "地区", "华东 | 收入: 12"]


def test_a_small_rest_of_a_table_joins_the_chunk_before_it() -> None:
    rows = [["项目", "期末余额"], *([f"第{n}种资产项目的名称", "1,000,000.00"] for n in range(14))]
    (chunk,) = chunks_of(table(rows))
    assert LIMIT < size(chunk.text) < LIMIT * 1.2


def test_a_header_in_the_middle_holds_for_the_rows_below_it() -> None:
    (chunk,) = chunks_of(
        table(
            [
                ["", "本报告期", "上年同期"],
                ["营业收入", "73", "57"],
                ["", "本报告期末", "上年度末"],
                ["总资产", "815", "799"],
            ]
        )
    )
    assert chunk.text.splitlines() == [
        "营业收入 | 本报告期: 73 | 上年同期: 57",
        "本报告期末 | 上年度末",
        "总资产 | 本报告期末: 815 | 上年度末: 799",
    ]


def test_a_row_of_words_without_a_label_is_no_header_if_it_titles_not_every_number() -> None:
    (chunk,) = chunks_of(
        table(
            [["股东", "性质", "数量"], ["甲", "法人", "7"], ["", "质押", ""], ["乙", "法人", "9"]]
        )
    )
    assert chunk.text.splitlines()[-1] == "乙 | 性质: 法人 | 数量: 9"


def test_a_row_whose_values_are_blank_is_no_section() -> None:
    rows = [["项目", "期末余额"], ["流动资产：", ""], ["商誉", ""]]
    rows += [[f"流动资产之第{n}种项目", f"{n},000,000.00"] for n in range(1, 40)]
    assert all("商誉" not in chunk.context for chunk in chunks_of(table(rows)))


def test_a_caption_that_repeats_its_heading_is_said_once() -> None:
    (chunk,) = chunks_of(
        Heading("1、合并资产负债表", 1, on(1)),
        Paragraph("正文。" * 100, on(1)),
        table([["项目", "期末"], ["存货", "1"]]),
    )[-1:]
    assert chunk.context.endswith("> 1、合并资产负债表 单位：元")


def test_a_long_paragraph_is_cut_at_sentences() -> None:
    sentence = "报告期内公司实现营业收入1,234,567.89元，同比增长12.5%。"
    chunks = chunks_of(Paragraph(sentence * 30, on(4)))
    assert len(chunks) > 2
    assert all(chunk.text.endswith("12.5%。") and size(chunk.text) <= LIMIT for chunk in chunks)
    assert {chunk.place for chunk in chunks} == {on(4)}


def test_text_without_a_full_stop_is_never_cut_inside_a_number() -> None:
    cut_up = pieces("合计" + "-1,234,567.89元" * 80, LIMIT)
    assert len(cut_up) > 2
    assert sum(piece.count("-1,234,567.89") for piece in cut_up) == 80


def test_an_english_decimal_does_not_end_a_sentence() -> None:
    text = "Revenue rose 3.5 percent to No. 12 in the ranking. " * 30
    assert all(piece.endswith("ranking.") for piece in pieces(text, LIMIT))


def test_a_table_of_headers_alone_is_not_lost() -> None:
    (chunk,) = chunks_of(table([["项目", "2021年"]]))
    assert chunk.text == "项目 | 2021年"


def test_a_very_long_header_is_printed_once_and_not_before_every_value() -> None:
    header = "说明" * 1_000
    chunks = chunks_of(table([["项目", header], *[[f"第{n}项", f"{n}"] for n in range(1, 200)]]))
    assert sum(len(chunk.text) for chunk in chunks) < 20_000
    assert "".join(chunk.text for chunk in chunks).replace("\n", "").count(header) == 1


def test_blank_blocks_make_no_chunks() -> None:
    assert chunks_of(Paragraph("  ", on(1)), Heading("", 1, on(1)), table([["", ""]])) == ()


def test_sheet_ranges_unite_to_the_range_around_them() -> None:
    places: list[Place] = [InSheet("利润表", "AA4"), InSheet("利润表", "B2:C9")]
    assert united(places) == InSheet("利润表", "B2:AA9")


def test_lines_of_text_unite_to_the_lines_from_first_to_last() -> None:
    assert united([InText(4, 4), InText(2, 3)]) == InText(2, 4)


def test_a_sheet_s_chunk_names_its_sheet() -> None:
    cells = (
        Cell(0, 0, "收入", InSheet("利润表", "A1")),
        Cell(0, 1, "12", InSheet("利润表", "B1")),
    )
    (chunk,) = chunks_of(Table(cells, (InSheet("利润表", "A1:B1"),), 1, 2))
    assert chunk.context.endswith("> 利润表")
    assert chunk.lines == (InSheet("利润表", "A1:B1"),)


def test_a_long_title_of_a_form_s_item_heads_what_follows_though_it_looks_like_text() -> None:
    title = (
        "Item 7. Management’s Discussion and Analysis of Financial Condition and Results of "
        "Operations"
    )
    _, chunk = chunks_of(
        Heading("Item 6. [Reserved]", 2, on(1)),
        Paragraph("Not applicable.", on(1)),
        Paragraph(title, on(1)),
        Paragraph("Net sales increased.", on(1)),
    )
    assert chunk.context.endswith(f"> {title[:40]}")
    assert chunk.text.splitlines() == [title, "Net sales increased."]


@pytest.mark.parametrize(
    "text",
    [
        "Item 7. Management’s Discussion and Analysis of Results of Operations 36",
        "Item 8. Financial Statements and Supplementary Data, and Note 5, have more on this.",
        "See Item 8. Financial Statements and Supplementary Data",
    ],
)
def test_a_line_of_the_contents_or_a_reference_is_no_title_of_an_item(text: str) -> None:
    (chunk,) = chunks_of(Paragraph(text, on(1)), Paragraph("Net sales increased.", on(1)))
    assert ">" not in chunk.context


def test_an_item_of_a_form_never_shares_a_chunk_with_the_one_before() -> None:
    chunks = chunks_of(
        Heading("PART I", 1, on(1)),
        Heading("Item 2. Properties", 2, on(1)),
        Paragraph("We own a plant.", on(1)),
        Heading("Item 3. Legal Proceedings", 2, on(1)),
        Paragraph("None.", on(1)),
    )
    assert [chunk.context.rpartition(" > ")[2] for chunk in chunks] == [
        "Item 2. Properties",
        "Item 3. Legal Proceedings",
    ]


def test_what_several_small_sections_share_is_the_way_to_their_chunk() -> None:
    (chunk,) = chunks_of(
        Heading("Item 1. Business", 2, on(1)),
        Heading("Segments", 4, on(1)),
        Paragraph("Films; and Adhesives.", on(1)),
        Heading("Seasonality", 4, on(1)),
        Paragraph("None.", on(1)),
    )
    assert chunk.context.endswith("> Item 1. Business")


def test_a_table_counts_as_the_heading_over_it_says_where_it_does_not_say_itself() -> None:
    title = (
        "Item 7—Management's Discussion and Analysis of Financial Conditions and Results of "
        "Operations (amounts in millions, except per share data)"
    )
    *_, chunk = chunks_of(
        Paragraph(title, on(1)),
        Heading("Membership Fees", 4, on(1)),
        table([["", "2022", "2021"], ["Membership fees", "$4,224", "$3,877"]], unit=""),
    )
    assert chunk.context.endswith("unit: amounts in millions")
