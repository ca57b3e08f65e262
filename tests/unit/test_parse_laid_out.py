"""Pages as they are laid out in the world: rules beside a text, lone units, figures like years."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas
from tests.unit.papers import HEIGHT, Draw, grid, paper, say

from yanku.model.amount import Amount
from yanku.model.document import Block, Heading, Paragraph, Table
from yanku.parse.pdf import read_pdf
from yanku.parse.source import Limits
from yanku.testing.tables.judge import judged
from yanku.testing.tables.press import Style
from yanku.testing.tables.suite import print_pdf

FORECAST = [
    ("项目/年度", "2024A", "2025E"),
    ("营业收入（百万元）", "6,603", "7,435"),
    ("市盈率", "108", "26"),
]


def _read(folder: Path, page: Draw) -> tuple[Block, ...]:
    return read_pdf(paper(folder / "a.pdf", page), "a.pdf", Limits(), lambda *_: None).blocks


def _amounts(table: Table, label: str) -> list[Amount | None]:
    row = next(c.row for c in table.cells if c.text == label)
    return [c.amount for c in table.cells if c.row == row and c.column]


@pytest.mark.parametrize("heights", [(60.0, 150.0, 400.0), (60.0,)])
def test_rules_that_part_a_page_are_no_table_and_the_table_within_is_read(
    tmp_path: Path, heights: tuple[float, ...]
) -> None:
    def page(canvas: Canvas) -> None:
        canvas.line(400, HEIGHT - 60, 400, HEIGHT - 780)
        canvas.line(50, HEIGHT - 780, 550, HEIGHT - 780)
        canvas.line(50, HEIGHT - 60, 400, HEIGHT - 60)
        for height in heights:
            canvas.line(400, HEIGHT - height, 550, HEIGHT - height)
        for number in range(20):
            say(
                canvas,
                60,
                90 + 22 * number,
                f"第{number}段说明公司新签订单与海外业务的进展情况良好。",
            )
        for number, text in enumerate(("推荐", "当前价格：50.81元", "分析师：王某")):
            say(canvas, 410, 90 + 90 * number, text)
        grid(canvas, 600, (60, 220, 300, 380), FORECAST, lines="none")

    blocks = _read(tmp_path, page)
    (table,) = [b for b in blocks if isinstance(b, Table)]
    assert _amounts(table, "营业收入（百万元）") == [
        Amount(Decimal(6_603_000_000), "CNY"),
        Amount(Decimal(7_435_000_000), "CNY"),
    ]
    texts = [b.text for b in blocks if isinstance(b, Heading | Paragraph)]
    assert any("第19段" in text for text in texts)
    assert texts[-1].startswith("分析师") or any("分析师" in text for text in texts)


def test_a_table_whose_cells_hold_much_text_stays_one(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        many = "\n".join(f"第{n}行：我们对收入的确认执行了检查合同等审计程序。" for n in range(30))
        say(canvas, 60, 60, "关键审计事项")
        for x in (50.0, 150.0, 550.0):
            canvas.line(x, HEIGHT - 80, x, HEIGHT - 600)
        for y in (80.0, 100.0, 600.0):
            canvas.line(50, HEIGHT - y, 550, HEIGHT - y)
        say(canvas, 60, 94, "关键审计事项", 9)
        say(canvas, 160, 94, "审计应对", 9)
        say(canvas, 60, 115, "收入确认", 9)
        for number, line in enumerate(many.split("\n")):
            say(canvas, 160, 115 + 14 * number, line, 9)

    (table,) = [b for b in _read(tmp_path, page) if isinstance(b, Table)]
    assert (table.rows, table.columns) == (2, 2)


@pytest.mark.parametrize(("said", "value"), [("元", "80192.5"), ("（人民币千元）", "80192500")])
def test_a_unit_alone_on_a_line_is_that_of_the_table_below(
    tmp_path: Path, said: str, value: str
) -> None:
    def page(canvas: Canvas) -> None:
        say(canvas, 60, 60, "（1）近三年主要会计数据和财务指标", 12)
        say(canvas, 60, 80, "公司是否需追溯调整或重述以前年度会计数据", 9)
        say(canvas, 60, 94, "□是 ☑否", 9)
        say(canvas, 500, 108, said, 9)
        rows = [("", "2024年", "2023年"), ("营业收入", "80,192.50", "101,744.80")]
        grid(canvas, 115, (60, 260, 400, 535), rows)

    blocks = _read(tmp_path, page)
    (table,) = [b for b in blocks if isinstance(b, Table)]
    assert _amounts(table, "营业收入")[0] == Amount(Decimal(value), "CNY")
    assert "追溯调整" not in table.caption
    assert said not in [b.text for b in blocks if not isinstance(b, Table)]


def test_a_number_that_a_narrow_cell_broke_twice_is_whole(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        rows = [("项目", "期初", "期末"), ("小计", "504,57\n1,554.\n72", "506,297,5\n83.98")]
        grid(canvas, 90, (60, 200, 240, 300), rows, height=40)

    (table,) = [b for b in _read(tmp_path, page) if isinstance(b, Table)]
    assert [a and a.value for a in _amounts(table, "小计")] == [
        Decimal("504571554.72"),
        Decimal("506297583.98"),
    ]


@pytest.mark.parametrize("printed", ["-2013", "(2013)", "2013"])
def test_a_figure_that_looks_like_a_year_is_one_among_figures(tmp_path: Path, printed: str) -> None:
    def page(canvas: Canvas) -> None:
        rows = [
            ("现金流量表(百万元)", "2023A", "2024A", "2025E"),
            ("资本支出", "5517", "4003", "2451"),
            ("长期投资", "-2321", printed, "-113"),
        ]
        grid(canvas, 90, (60, 220, 300, 380, 460), rows)

    (table,) = [b for b in _read(tmp_path, page) if isinstance(b, Table)]
    value = Decimal(printed.strip("()-")) * 1_000_000 * (1 if printed == "2013" else -1)
    assert _amounts(table, "长期投资")[1] == Amount(value, "CNY")


Lines = list[tuple[float, str, tuple[str, ...]]]


def _printed(canvas: Canvas, lines: Lines) -> None:
    """Print rows without rules: where a label begins, its text and its figures."""
    say(canvas, 60, 60, "经调整溢利" if not lines[0][1].isascii() else "Adjusted profit")
    for title, x in (("2024", 400.0), ("2023", 500.0)):
        say(canvas, x, 90, title, right=True)
    for number, (x, label, figures) in enumerate(lines):
        y = 112 + 16 * number
        say(canvas, x, y, label)
        for figure, right in zip(figures, (400.0, 500.0), strict=False):
            say(canvas, right, y, figure, right=True)


CHINESE: Lines = [
    (60.0, "母公司持有者之应占溢利", ("2,763,287", "2,742,165")),
    (60.0, "加：", ()),
    (75.0, "股权激励费用", ("156,206", "143,410")),
    (75.0, "可转债衍生金融工具部分的公允价值", ()),
    (90.0, "变动收益", ("(18,289)", "(342,542)")),
    (75.0, "汇率波动相关收益", ("14,759", "13,831")),
    (75.0, "并购所得资产摊销", ("42,482", "43,273")),
    (60.0, "经调整溢利", ("2,958,445", "2,600,137")),
]
ENGLISH: Lines = [
    (60.0, "Operating activities", ()),
    (75.0, "Net profit of the year", ("2,763,287", "2,742,165")),
    (75.0, "Net losses on disposal of", ()),
    (90.0, "property and equipment", ("156,206", "143,410")),
    (75.0, "Share-based payments", ("14,759", "13,831")),
    (75.0, "Interest received", ("42,482", "43,273")),
    (60.0, "Net cash from operations", ("2,976,734", "2,942,679")),
]


@pytest.mark.parametrize(
    ("lines", "whole", "head"),
    [
        (CHINESE, "可转债衍生金融工具部分的公允价值变动收益", "加："),
        (ENGLISH, "Net losses on disposal of property and equipment", "Operating activities"),
    ],
)
def test_a_label_goes_on_further_in_and_a_heading_stays_apart(
    tmp_path: Path, lines: Lines, whole: str, head: str
) -> None:
    (table,) = [
        b for b in _read(tmp_path, lambda canvas: _printed(canvas, lines)) if isinstance(b, Table)
    ]
    labels = [c.text for c in table.cells if c.column == 0]
    assert whole in labels
    assert head in labels
    assert len(_amounts(table, whole)) == 2


def test_two_labels_of_two_lines_one_below_the_other_stay_two(tmp_path: Path) -> None:
    """Their figures stand between their lines, all set as near as the lines of one label."""
    labels = [
        ("已实现及未实现权益类资本性", "投资亏损(收益)", ("155,590", "119,705")),
        ("已实现及未实现应占合营公司", "之亏损(收益)", ("6,804", "(1,880)")),
    ]

    def page(canvas: Canvas) -> None:
        say(canvas, 60, 60, "经调整溢利 单位：千元")
        for title, x in (("2024年", 400), ("2023年", 500)):
            say(canvas, x, 80, title, right=True)
        for number, (label, values) in enumerate(
            (("母公司应占溢利", ("2,763,287", "2,742,165")), ("股权激励费用", ("8,206", "3,410")))
        ):
            say(canvas, 60, 110 + 28 * number, label)
            for figure, x in zip(values, (400, 500), strict=True):
                say(canvas, x, 110 + 28 * number, figure, right=True)
        for number, (first, second, values) in enumerate(labels):
            say(canvas, 60, 162 + 28 * number, first)
            say(canvas, 75, 176 + 28 * number, second)
            for figure, x in zip(values, (400, 500), strict=True):
                say(canvas, x, 169 + 28 * number, figure, right=True)

    (table,) = [b for b in _read(tmp_path, page) if isinstance(b, Table)]
    for first, second, _ in labels:
        assert len(_amounts(table, first + second)) == 2


@pytest.mark.parametrize(
    ("seed", "style", "title"),
    [
        # Eight short labels with a note each, and one figure or two: the gap is no gutter.
        (271_130, Style.THREE_LINE, "盈利预测与财务指标"),
        # Titles of columns whose second lines are their units.
        (77_001, Style.ZEBRA, "Operating expenses by nature"),
    ],
)
def test_invented_tables_that_were_lost_once_are_read(
    tmp_path: Path, seed: int, style: Style, title: str
) -> None:
    printed = print_pdf(tmp_path, seed, style)
    content = read_pdf(printed.path, "a.pdf", Limits(), lambda *_: None)
    read = [block for block in content.blocks if isinstance(block, Table)]
    (score,) = [
        score
        for table, score in zip(printed.tables, judged(printed.tables, read), strict=True)
        if table.title == title
    ]
    assert score.misses == []
