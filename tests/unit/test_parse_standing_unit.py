"""A unit that holds unless otherwise stated gives way to what a table itself states."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.unit.papers import grid, paper, say

from yanku.model.amount import Amount
from yanku.model.document import Table
from yanku.parse.pdf import read_pdf
from yanku.parse.source import Limits


def test_a_tables_own_header_comes_before_what_holds_unless_otherwise_stated(
    tmp_path: Path,
) -> None:
    def draw(canvas: Any) -> None:
        say(canvas, 60, 60, "除特别注明外，单位：百万港元", 10)
        columns = (60, 260, 400)
        say(canvas, 60, 100, "费用明细", 11)
        grid(canvas, 120, columns, [("项目", "2024年度"), ("销售费用", "7.50")])
        say(canvas, 60, 240, "应收款项构成", 11)
        grid(canvas, 260, columns, [("项目（单位：万元）", "2024年度"), ("应收账款", "32,886.54")])

    content = read_pdf(paper(tmp_path / "a.pdf", draw), "a.pdf", Limits(), lambda *_: None)
    first, second = (block for block in content.blocks if isinstance(block, Table))
    assert [cell.amount for cell in first.cells if cell.amount] == [
        Amount(Decimal(7_500_000), "HKD")
    ]
    assert second.unit == "万元"
    assert [cell.amount for cell in second.cells if cell.amount] == [
        Amount(Decimal("328865400"), "CNY")
    ]


def test_a_table_right_below_another_keeps_to_its_own_header(tmp_path: Path) -> None:
    def draw(canvas: Any) -> None:
        columns = (60, 260, 400)
        say(canvas, 60, 100, "费用明细", 11)
        say(canvas, 400, 115, "单位：百万港元", 9)
        grid(canvas, 130, columns, [("项目", "2024年度"), ("销售费用", "7.50")])
        other = (60, 200, 300, 400)
        rows = [("科目（单位：万元）", "期末", "期初"), ("应收账款", "32,886.54", "1.50")]
        grid(canvas, 240, other, rows)

    content = read_pdf(paper(tmp_path / "a.pdf", draw), "a.pdf", Limits(), lambda *_: None)
    tables = [block for block in content.blocks if isinstance(block, Table)]
    amounts = [cell.amount for table in tables for cell in table.cells if cell.amount]
    assert amounts == [
        Amount(Decimal(7_500_000), "HKD"),
        Amount(Decimal("328865400"), "CNY"),
        Amount(Decimal(15_000), "CNY"),
    ]


def test_money_paid_for_shares_is_no_number_of_shares(tmp_path: Path) -> None:
    def draw(canvas: Any) -> None:
        say(canvas, 60, 100, "CASH FLOWS", 11)
        say(canvas, 60, 115, "$ and shares in millions, except per share amounts (unaudited)", 9)
        rows = [
            ("", "2024", "2023"),
            ("Net sales", "$9,583", "$9,329"),
            ("Repurchase of common shares", "(900)", "(521)"),
            ("Dividends declared per common share", "1.96", "1.80"),
            ("Weighted average common shares outstanding", "218.6", "225.4"),
        ]
        grid(canvas, 130, (60, 330, 420, 510), rows)

    content = read_pdf(paper(tmp_path / "a.pdf", draw), "a.pdf", Limits(), lambda *_: None)
    table = next(block for block in content.blocks if isinstance(block, Table))
    amounts = {c.row: c.amount for c in table.cells if c.column == 1 and c.amount is not None}
    assert amounts[1] == Amount(Decimal(9_583_000_000), "USD")
    assert amounts[2] == Amount(Decimal(-900_000_000), "USD")
    assert amounts[3] == Amount(Decimal("1.96"), "USD/share")
    assert amounts[4].unit != "USD"
