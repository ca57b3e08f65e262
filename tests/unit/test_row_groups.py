"""Rows stand under headings and under labels set further out; units of headings hold for them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from yanku.model.amount import Amount
from yanku.model.document import Table
from yanku.model.place import InSheet
from yanku.parse.cells import GridCell, announced_unit
from yanku.parse.grid import make_table
from yanku.parse.halves import halves
from yanku.parse.ink import Word
from yanku.parse.setapart import put_together


def _table(
    *rows: tuple[str, ...], indents: dict[str, float] | None = None, unit: str = ""
) -> Table:
    cells = [
        GridCell(n, column, text, text, indent=(indents or {}).get(text, 0.0))
        for n, row in enumerate(rows)
        for column, text in enumerate(row)
        if text
    ]
    return make_table(cells, lambda c: InSheet("s", f"{c.row}"), (InSheet("s", "A1"),), unit=unit)


def _under(table: Table) -> dict[str, tuple[str, ...]]:
    labels = {c.row: c.text for c in table.cells if c.column == 0}
    return {labels[row]: table.heads(row) for row in labels if table.heads(row)}


def test_a_heading_governs_the_rows_down_to_its_total() -> None:
    table = _table(
        ("项目", "2024年"),
        ("流动资产：", ""),
        ("货币资金", "100"),
        ("应收账款", ""),
        ("流动资产合计", "100"),
        ("非流动资产：", ""),
        ("固定资产", "300"),
        ("非流动资产合计", "300"),
        ("资产总计", "400"),
    )
    assert _under(table) == {
        "货币资金": ("流动资产：",),
        "应收账款": ("流动资产：",),
        "流动资产合计": ("流动资产：",),
        "固定资产": ("非流动资产：",),
        "非流动资产合计": ("非流动资产：",),
    }


def test_a_line_that_lacks_its_figures_is_no_heading() -> None:
    table = _table(
        ("项目", "2024年"),
        ("货币资金", "100"),
        ("结算备付金", ""),
        ("拆出资金", ""),
        ("应收账款", "200"),
        ("衍生金融资产", ""),
        ("存货", "300"),
    )
    assert table.groups == ()


def test_rows_set_in_stand_under_the_row_above_them() -> None:
    labels = {"分产品": 0.0, "白酒": 9.0, "高端": 18.0, "其他": 9.0}
    table = _table(
        ("类别", "收入"),
        ("营业收入", "600"),
        ("白酒", "500"),
        ("高端", "400"),
        ("其他", "100"),
        ("营业成本", "200"),
        indents=labels,
    )
    assert _under(table) == {
        "白酒": ("营业收入",),
        "高端": ("营业收入", "白酒"),
        "其他": ("营业收入",),
    }


def test_labels_set_in_the_middle_make_no_groups() -> None:
    rows = [(f"{'长' * n}项目", f"{n}00") for n in range(1, 9)]
    indents = {label: 40.0 - 4 * n for n, (label, _) in enumerate(rows)}
    assert _table(("项目", "金额"), *rows, indents=indents).groups == ()


def test_a_table_that_begins_with_a_line_of_one_text_has_headings_without_colons() -> None:
    table = _table(
        ("主要财务比率", "2024A", "2025E"),
        ("成长能力", "", ""),
        ("营业收入", "12.1", "13.2"),
        ("估值比率", "", ""),
        ("P/E", "20.1", "18.2"),
    )
    assert _under(table) == {"营业收入": ("成长能力",), "P/E": ("估值比率",)}


def test_the_unit_of_a_heading_holds_for_the_rows_under_it() -> None:
    table = _table(
        ("", "2024", "2023"),
        ("Net income", "$ 1,250", "$ 1,100"),
        ("Earnings per share:", "", ""),
        ("Basic", "6.11", "5.02"),
        ("Shares used in computing earnings per share:", "", ""),
        ("Diluted", "15,408,095", "15,744,231"),
        indents={"Basic": 9.0, "Diluted": 9.0},
        unit=announced_unit(
            "(In millions, except number of shares, which are in thousands, and per share amounts)"
        ),
    )
    amounts = {(c.row, c.column): c.amount for c in table.cells if c.amount is not None}
    assert amounts[1, 1] == Amount(Decimal(1_250_000_000), "USD")
    assert amounts[3, 1] == Amount(Decimal("6.11"), "USD/share")
    assert amounts[5, 1] == Amount(Decimal(15_408_095))


def test_a_ratio_of_prices_in_a_table_of_millions_is_no_money() -> None:
    table = _table(("", "2024A"), ("营业收入", "1,234"), ("P/E", "18.2"), ("EV/EBITDA", "9.1"),
                   unit="百万元")  # fmt: skip
    assert [c.amount for c in table.cells if c.amount is not None] == [
        Amount(Decimal(1_234_000_000), "CNY"),
        Amount(Decimal("18.2")),
        Amount(Decimal("9.1")),
    ]


def _words(*texts: tuple[str, float, float]) -> list[Word]:
    return [Word(text, x0, 10, x1, 18, 8) for text, x0, x1 in texts]


def test_a_mark_at_the_left_of_a_column_belongs_to_its_figure() -> None:
    words = _words(("Revenue", 0, 40), ("$", 100, 105), ("7,840", 150, 180), ("$", 200, 205),
                   ("(919", 250, 280), (")", 284, 287))  # fmt: skip
    assert [w.text for w in put_together(words)] == ["Revenue", "$7,840", "$(919)"]


def test_a_mark_over_a_column_and_one_far_away_stay_alone() -> None:
    words = _words(("$", 100, 105), ("2024", 120, 140), ("$", 200, 205), ("7,840", 400, 430))
    assert [w.text for w in put_together(words)] == ["$", "2024", "$", "7,840"]


def test_two_titled_tables_in_one_grid_are_two_and_assets_beside_liabilities_are_one() -> None:
    def cells(a: str, b: str) -> list[GridCell]:
        years = ("2023A", "2024E")
        rows = [(a, *years, b, *years), ("现金", "1", "2", "营业收入", "3", "4"),
                ("存货", "5", "6", "营业成本", "7", "8")]  # fmt: skip
        return [
            GridCell(n, column, text, text)
            for n, row in enumerate(rows)
            for column, text in enumerate(row)
        ]

    assert len(halves(cells("资产负债表（百万元）", "利润表（百万元）"))) == 2
    assert [c.text for c in halves(cells("资产负债表", "主要财务比率"))[1][:2]] == [
        "主要财务比率",
        "2023A",
    ]
    assert len(halves(cells("资产", "负债和股东权益"))) == 1


def test_a_list_of_names_and_what_each_is_has_no_header() -> None:
    rows = [("投资评级", "增持（首次）"), ("目标价", "26.52元"), ("总股本(百万股)", "468.44"),
            ("资产负债率(%)", "66.71")]  # fmt: skip
    assert _table(*rows).header_rows == 0
    assert _table(("产品", "毛利率"), ("白酒", "70.1%"), ("啤酒", "31.2%")).header_rows == 1
    assert _table(("主要指标", "数值"), ("收入(元)", "26.52"), ("增速(%)", "3.1")).header_rows == 1


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        (
            "其中：境外资产202.82（单位：亿元 币种：人民币）。1、资产及负债状况（单位：元）",
            "元",
        ),
        ("境外资产 202.82（单位：亿元），占总资产的比例为13.38%。", ""),
        ("单位：万元 币种：人民币", "万元"),
        ("上表（单位：万元），下表（单位：千元）", "千元"),
    ],
)
def test_the_unit_of_a_figure_in_a_sentence_is_not_that_of_the_table_below(
    text: str, unit: str
) -> None:
    assert announced_unit(text) == unit


def test_figures_that_look_like_years_are_figures_among_figures() -> None:
    table = _table(
        ("百万元", "2023A", "2024A"),
        ("货币资金", "1984", "1888"),
        ("存货", "137", "2024"),
        ("投产年份", "2019", "137"),
        ("说明", "2024", "见附注"),
        unit="百万元",
    )
    amounts = {(c.row, c.column): c.amount.value for c in table.cells if c.amount}
    assert amounts[1, 1] == Decimal(1_984_000_000)
    assert amounts[2, 2] == Decimal(2_024_000_000)
    assert (3, 1) not in amounts
    assert (4, 1) not in amounts


@pytest.mark.parametrize("money", ["US dollars", "Hong Kong dollars", "Singapore dollars"])
def test_a_long_name_of_a_currency_in_brackets_is_the_unit_of_the_table_below(money: str) -> None:
    said = f"(in thousands of {money}, except per share)"
    assert announced_unit(said) == f"in thousands of {money}"
