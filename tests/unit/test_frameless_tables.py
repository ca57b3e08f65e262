"""Tables without a frame are read with their headers, units and all of their rows."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas
from tests.unit.papers import HEIGHT, paper, say

from yanku.model.document import Origin, Table
from yanku.model.place import InSheet
from yanku.parse.aligned import aligned_pieces
from yanku.parse.cells import GridCell, label_unit
from yanku.parse.grid import make_table
from yanku.parse.ink import Ink, Word, lines_of
from yanku.parse.pdf import read_pdf
from yanku.parse.source import Limits

COLUMNS = (360.0, 450.0, 530.0)
STATEMENT = [
    ("NON-CURRENT ASSETS",),
    ("Property, plant and equipment", "13", "1,234,567", "1,111,222"),
    ("Right-of-use assets", "14(a)", "234,567", "222,111"),
    ("Goodwill", "15", "98,765", "98,765"),
    ("Total non-current assets", "", "1,567,899", "1,432,098"),
]


def _tables(path: Path) -> list[Table]:
    content = read_pdf(path, path.name, Limits(), lambda *_: None)
    return [block for block in content.blocks if isinstance(block, Table)]


def _lines(
    canvas: Canvas, y: float, rows: Sequence[Sequence[str]], *, step: float = 16, size: float = 9
) -> float:
    """Print rows with labels on the left and the rest flush right under ``COLUMNS``."""
    for row in rows:
        say(canvas, 72, y, row[0], size)
        for x, text in zip(COLUMNS, row[1:], strict=False):
            say(canvas, x, y, text, size, right=True)
        y += step
    return y


def _rule(canvas: Canvas, y: float) -> None:
    canvas.line(70, HEIGHT - y, 532, HEIGHT - y)


def _text(table: Table, row: int) -> list[str]:
    return [cell.text for cell in table.cells if cell.row == row]


@pytest.mark.parametrize("room", [10, 26])
def test_an_english_statement_without_lines_has_its_years_and_its_unit(
    tmp_path: Path, room: float
) -> None:
    def page(canvas: Canvas) -> None:
        say(canvas, 72, 80, "CONSOLIDATED STATEMENT OF FINANCIAL POSITION", 13)
        say(canvas, 72, 98, "31 December 2024", 9)
        y = _lines(
            canvas, 122, [("", "", "2024", "2023"), ("", "Notes", *["HK$'000"] * 2)], step=12
        )
        _lines(canvas, y + room, STATEMENT)

    (table,) = _tables(paper(tmp_path / "english.pdf", page))
    assert table.caption == "CONSOLIDATED STATEMENT OF FINANCIAL POSITION"
    assert table.header_rows == 1
    assert _text(table, 2) == list(STATEMENT[1])
    amounts = [c.amount for c in table.cells if c.row == 2 and c.amount is not None]
    assert [(a.value, a.unit) for a in amounts] == [
        (Decimal(1_234_567_000), "HKD"),
        (Decimal(1_111_222_000), "HKD"),
    ]


def test_a_line_of_unit_currency_and_audit_right_above_the_titles_is_no_title(
    tmp_path: Path,
) -> None:
    def page(canvas: Canvas) -> None:
        say(canvas, 72, 80, "简明综合财务状况表", 11)
        for x, text in ((300, "单位：千元"), (372, "币种：人民币"), (456, "审计类型：未经审计")):
            say(canvas, x, 108, text, 9)
        _lines(canvas, 122, [("", "", "2025年9月30日", "2024年12月31日")])
        _lines(
            canvas,
            136,
            [
                ("物业及设备", "", "25,662,466", "25,267,837"),
                ("使用权资产", "", "1,837,014", "1,874,838"),
                ("商誉", "", "865,960", "972,352"),
            ],
            step=14,
        )

    (table,) = _tables(paper(tmp_path / "preamble.pdf", page))
    assert _text(table, 0) == ["2025年9月30日", "2024年12月31日"]
    assert table.header_rows == 1
    assert {c.amount.unit for c in table.cells if c.amount} == {"CNY"}
    assert table.unit == "千元"


def test_the_numbered_parts_of_a_statement_with_room_above_them_do_not_part_it(
    tmp_path: Path,
) -> None:
    parts = {
        "一、营业收入": [
            ("利息收入", "37", "169,863", "198,381"),
            ("利息支出", "37", "(81,842)", "(104,954)"),
            ("手续费及佣金净收入", "38", "23,894", "24,112"),
        ],
        "二、营业支出": [
            ("税金及附加", "43", "(1,271)", "(1,479)"),
            ("业务及管理费", "44", "(38,196)", "(40,582)"),
            ("其他资产减值损失", "", "(160)", "(489)"),
        ],
    }

    def page(canvas: Canvas) -> None:
        say(canvas, 260, 80, "合并利润表", 9)
        _lines(canvas, 120, [("", "附注四", "2025年度", "2024年度")])
        y = 150.0
        for part, rows in parts.items():
            say(canvas, 66, y, part, 9)
            y = _lines(canvas, y + 15, rows, step=15) + 12
        _lines(canvas, y, [("营业利润", "", "51,408", "55,206")])

    (table,) = _tables(paper(tmp_path / "parts.pdf", page))
    assert table.header_rows == 1
    assert [_text(table, row)[0] for row in range(1, table.rows)] == [
        "一、营业收入", "利息收入", "利息支出", "手续费及佣金净收入",
        "二、营业支出", "税金及附加", "业务及管理费", "其他资产减值损失", "营业利润",
    ]  # fmt: skip


def test_what_stands_between_two_lines_across_is_the_header(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        _rule(canvas, 100)
        _lines(canvas, 112, [("", "31", "31", ""), ("", "December", "December", "Change")], step=10)
        _lines(
            canvas,
            132,
            [("Item", "2024", "2023", "(%)"), ("", "(RMB'000)", "(RMB'000)", "")],
            step=10,
        )
        _rule(canvas, 146)
        _lines(
            canvas, 160, [("Revenue", "12,345", "11,111", "11.11"), ("Tax", "345", "333", "3.60")]
        )
        _rule(canvas, 182)

    (table,) = _tables(paper(tmp_path / "lines.pdf", page))
    assert table.header_rows == 1
    assert _text(table, 0) == [
        "Item",
        "31 December 2024 (RMB'000)",
        "31 December 2023 (RMB'000)",
        "Change (%)",
    ]
    assert [c.amount.unit for c in table.cells if c.row == 1 and c.amount] == ["CNY", "CNY", "%"]


def _first_page(canvas: Canvas) -> None:
    y = _lines(canvas, 600, [("Item", "2024", "2023", "2022")])
    _lines(canvas, y, [(f"Row {n}", f"{n},100", f"{n},200", f"{n},300") for n in range(1, 9)])


def test_a_single_row_overleaf_belongs_to_its_table(tmp_path: Path) -> None:
    def overleaf(canvas: Canvas) -> None:
        _lines(canvas, 90, [("Total", "36,800", "37,600", "38,400")])
        say(canvas, 72, 140, "The figures above were not audited, and they may still change.")

    (table,) = _tables(paper(tmp_path / "overleaf.pdf", _first_page, overleaf))
    assert (table.rows, table.columns) == (10, 4)
    assert _text(table, 9) == ["Total", "36,800", "37,600", "38,400"]


def test_a_single_line_with_figures_that_continues_nothing_stays_text(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        _lines(canvas, 90, [("Total", "36,800", "37,600", "38,400")])
        say(canvas, 72, 140, "The figures above were not audited, and they may still change.")

    assert _tables(paper(tmp_path / "alone.pdf", page)) == []


def test_a_row_overleaf_may_lack_a_column(tmp_path: Path) -> None:
    def overleaf(canvas: Canvas) -> None:
        _lines(canvas, 90, [("Other", "1,000", "", "1,300"), ("Total", "36,800", "", "38,400")])

    (table,) = _tables(paper(tmp_path / "gap.pdf", _first_page, overleaf))
    assert [(c.column, c.text) for c in table.cells if c.row == 10] == [
        (0, "Total"),
        (1, "36,800"),
        (3, "38,400"),
    ]


def test_the_end_of_a_label_overleaf_is_put_back(tmp_path: Path) -> None:
    def first(canvas: Canvas) -> None:
        _first_page(canvas)
        _lines(
            canvas, 760, [("Profit attributable to the ordinary equity holders of", "1", "2", "3")]
        )

    def overleaf(canvas: Canvas) -> None:
        say(canvas, 72, 90, "the parent", 9)
        _lines(canvas, 108, [("Tax", "100", "200", "300"), ("Total", "36,800", "37,600", "38,400")])

    (table,) = _tables(paper(tmp_path / "label.pdf", first, overleaf))
    assert "Profit attributable to the ordinary equity holders of the parent" in _text(table, 9)


@pytest.mark.parametrize(
    ("printed", "unit"),
    [
        ("2024 RMB'000", "RMB'000"),
        ("31 December 2024 HK$ million (Unaudited)", "HK$ million"),
        ("2023 (Restated) RMB", "RMB"),
        ("Revenue grew to RMB", ""),
        ("RMB million or US$ million", ""),
    ],
)
def test_a_unit_under_a_date_is_the_columns_unit(printed: str, unit: str) -> None:
    assert label_unit(printed) == unit


def _grid(rows: Sequence[Sequence[str]], unit: str) -> Table:
    cells = [
        GridCell(i, j, text, text)
        for i, row in enumerate(rows)
        for j, text in enumerate(row)
        if text
    ]
    return make_table(cells, lambda _: InSheet("S", "A1"), (InSheet("S", "A1:D9"),), unit=unit)


def test_amounts_under_the_title_of_shares_get_no_unit() -> None:
    table = _grid(
        [("项目", "占比（%）"), ("甲", "1,234,567.00"), ("乙", "2,345.60"), ("丙", "-")], "元"
    )
    assert [c.amount.unit for c in table.cells if c.row and c.amount] == ["", ""]


def test_a_count_keeps_the_unit_of_its_table_unless_that_is_money() -> None:
    rows = [("股东", "数量", "比例"), ("甲", "1,000", "5.1%"), ("乙", "3,000", "7.2%")]
    assert [c.amount.unit for c in _grid(rows, "股").cells if c.row == 1 and c.amount] == [
        "shares",
        "%",
    ]
    assert [c.amount.unit for c in _grid(rows, "元").cells if c.row == 1 and c.amount] == ["", "%"]


def test_nothing_in_a_table_of_ratios_is_money_unless_its_row_says_so() -> None:
    body = [
        ("流动比事", "1.94", "1.57"),
        ("每股收益", "0.57", "0.31"),
        ("EBITDA(元)", "12.5", "13.5"),
    ]
    for title, first in (("主要财务比率", ""), ("主要财务数据", "CNY")):
        table = _grid([(title, "2024", "2025E"), *body], "百万元")
        units = [c.amount.unit for c in table.cells if c.column == 1 and c.amount]
        assert units == [first, "CNY/share", "CNY"]


def test_a_first_row_of_dashes_between_lines_is_a_row_and_no_header(tmp_path: Path) -> None:
    rows = [("Item", "Notes", "2024", "2023"), ("Goodwill", "", "–", "–"), *STATEMENT[1:]]

    def page(canvas: Canvas) -> None:
        say(canvas, 72, 80, "Movements in RMB million", 11)
        _lines(canvas, 110, rows)
        for n in range(len(rows) + 1):
            _rule(canvas, 98 + 16 * n)

    (table,) = _tables(paper(tmp_path / "level.pdf", page))
    assert table.header_rows == 1
    assert _text(table, 0) == ["Item", "Notes", "2024", "2023"]
    assert _text(table, 1) == ["Goodwill", "–", "–"]


def _statement(canvas: Canvas, rows: Sequence[Sequence[str]]) -> None:
    say(canvas, 72, 80, "合并利润表", 13)
    _lines(canvas, 112, [("项目", "", "2024年", "2023年"), *rows], size=9)


def test_a_numbered_row_without_figures_parts_no_statement(tmp_path: Path) -> None:
    rows = [
        ("四、利润总额", "", "1,234.00", "1,111.00"),
        ("五、净利润", "", "1,034.00", "911.00"),
        ("（一）按经营持续性分类",),
        ("持续经营净利润", "", "1,034.00", "911.00"),
        ("八、每股收益(人民币元)",),
        ("基本每股收益", "", "0.34", "0.30"),
    ]
    (table,) = _tables(paper(tmp_path / "a.pdf", lambda canvas: _statement(canvas, rows)))
    assert [_text(table, n)[0] for n in range(1, 7)] == [row[0] for row in rows]


def test_many_rows_without_figures_part_no_statement(tmp_path: Path) -> None:
    blanks = [(f"第{n}种没有发生的项目",) for n in range(8)]
    rows = [("货币资金", "", "1,234.00", "1,111.00"), *blanks, ("存货", "", "34.00", "11.00")]
    (table,) = _tables(paper(tmp_path / "a.pdf", lambda canvas: _statement(canvas, rows)))
    assert _text(table, 10) == ["存货", "34.00", "11.00"]


def test_a_table_set_apart_under_titles_of_its_own_is_another(tmp_path: Path) -> None:
    flows = [("项目", "2024年", "2023年"), ("营业收入", "1,234.00", "1,111.00"),
             ("净利润", "234.00", "111.00"), ("每股收益", "0.34", "0.11")]  # fmt: skip
    days = [("项目", "2024年末", "2023年末"), ("总资产", "9,234.00", "9,111.00"),
            ("总负债", "8,234.00", "8,111.00")]  # fmt: skip

    def page(canvas: Canvas) -> None:
        say(canvas, 72, 80, "主要会计数据", 13)
        y = _lines(canvas, 112, flows)
        _lines(canvas, y + 14, days)

    first, second = _tables(paper(tmp_path / "a.pdf", page))
    assert (first.rows, second.rows) == (4, 3)
    assert _text(second, 0)[1:] == ["2024年末", "2023年末"]


def test_who_signed_the_statement_above_heads_no_columns(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        _rule(canvas, 90)
        say(canvas, 72, 105, "法定代表人：王某", 9)
        say(canvas, 260, 105, "主管会计工作负责人：李某", 9)
        say(canvas, 440, 105, "会计机构负责人：赵某", 9)
        _rule(canvas, 112)
        _lines(canvas, 126, [("项目", "", "2024年", "2023年")])
        _rule(canvas, 132)
        rows = [("营业收入", "", "1,234.00", "1,111.00"), ("净利润", "", "234.00", "111.00")]
        _lines(canvas, 146, rows)

    (table,) = _tables(paper(tmp_path / "a.pdf", page))
    assert _text(table, 0) == ["项目", "2024年", "2023年"]


def test_a_title_of_two_rows_stands_beside_those_of_its_neighbours_below(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        say(canvas, 72, 80, "主要会计数据", 13)
        say(canvas, 445, 104, "上年同期", 9, right=True)
        say(canvas, 300, 113, "本报告期", 9, right=True)
        say(canvas, 390, 122, "调整前", 9, right=True)
        say(canvas, 480, 122, "调整后", 9, right=True)
        say(canvas, 560, 113, "增减(%)", 9, right=True)
        for n, label in enumerate(("营业收入", "净利润", "总资产")):
            for x, text in zip(
                (300, 390, 480, 560), ("1,234", "1,111", "1,112", "9.00"), strict=True
            ):
                say(canvas, x, 140 + 16 * n, text, 9, right=True)
            say(canvas, 72, 140 + 16 * n, label, 9)

    (table,) = _tables(paper(tmp_path / "a.pdf", page))
    spans = {c.text: (c.column, c.column_span) for c in table.cells if c.row < table.header_rows}
    assert spans["上年同期"] == (2, 2)
    assert spans["本报告期"] == (1, 1)


def test_a_numbered_row_at_the_foot_of_a_page_parts_no_statement(tmp_path: Path) -> None:
    def first(canvas: Canvas) -> None:
        rows = [
            (f"第{n}项经营活动产生的其他现金净额", "", f"{n},234.00", f"{n},111.00")
            for n in range(1, 38)
        ]
        _statement(canvas, [*rows, ("三、筹资活动产生的现金流量",)])

    def second(canvas: Canvas) -> None:
        rows = [
            ("取得借款收到的现金", "", "1,234.00", "1,111.00"),
            ("小计", "", "1,234.00", "1,111.00"),
        ]
        _lines(canvas, 80, rows)

    (table,) = _tables(paper(tmp_path / "a.pdf", first, second))
    assert table.rows == 41
    assert _text(table, 38) == ["三、筹资活动产生的现金流量"]


def test_a_table_beside_another_in_one_grid_has_labels_and_units_of_its_own() -> None:
    rows = [("", "2024", "2023", "", "2024", "2023")]
    rows += [(f"项目{n}", "1,200", "1,300", "流动比率", "1.94", "1.57") for n in range(4)]
    table = _grid(rows, "百万元")
    units = {c.column: c.amount.unit for c in table.cells if c.row == 2 and c.amount}
    assert units == {1: "CNY", 2: "CNY", 4: "", 5: ""}


def test_labels_that_begin_below_one_another_right_of_figures_are_a_column_on_a_picture() -> None:
    def row(y: float) -> tuple[Word, ...]:
        texts = ((50, 90, "资产"), (150, 170, "475"), (175, 210, "财务费用"), (260, 280, "124"))
        return tuple(Word(text, x0, y, x1, y + 9, 9.0) for x0, x1, text in texts)

    def columns(origin: Origin) -> set[int]:
        words = tuple(word for n in range(6) for word in row(100.0 + 14 * n))
        (found,) = aligned_pieces(Ink(1, 600, 800, origin, words), lines_of(words))
        return {cell.column for cell in found.piece.cells}

    assert columns(Origin.OCR) == {0, 1, 2, 3}
    assert 3 not in columns(Origin.TEXT_LAYER)
