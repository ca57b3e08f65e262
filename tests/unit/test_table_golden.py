"""What is read from a made-up report stays as it was agreed."""

from __future__ import annotations

from pathlib import Path

from reportlab.pdfgen.canvas import Canvas
from tests.unit.papers import grid, paper, say

from yanku.model.document import Block, Cell, Table
from yanku.parse.pdf import read_pdf
from yanku.parse.source import Limits

GOLDEN = Path(__file__).parents[1] / "golden" / "report.txt"


def _cover(canvas: Canvas) -> None:
    say(canvas, 180, 200, "海岳股份有限公司", 20)
    say(canvas, 180, 240, "2024年第三季度报告", 20)
    say(canvas, 60, 320, "一、主要财务数据", 12)
    say(canvas, 60, 345, "(一)主要会计数据和财务指标", 10)
    say(canvas, 440, 362, "单位：元 币种：人民币", 9)
    rows = [
        ("项目", "本报告期", "年初至报告期末", "同比增减（%）"),
        ("营业收入", "12,345,678.90", "36,789,012.34", "8.31"),
        ("归属于上市公司股东的净利润", "-1,234,567.80", "2,345,678.90", "不适用"),
        ("基本每股收益（元/股）", "-0.05", "0.09", "-12.50"),
        ("加权平均净资产收益率", "-0.31%", "0.58%", "减少0.20个百分点"),
    ]
    grid(canvas, 372, (60, 220, 330, 440, 535), rows)


def _income(canvas: Canvas) -> None:
    say(canvas, 200, 40, "海岳股份有限公司2024年第三季度报告", 9)
    say(canvas, 60, 90, "(二)财务报表", 10)
    say(canvas, 260, 112, "合并利润表", 11)
    say(canvas, 60, 130, "编制单位：海岳股份有限公司", 9)
    say(canvas, 460, 130, "单位：万元", 9)
    rows = [
        ("项目", "附注", "2024年1-9月", "2023年1-9月"),
        ("一、营业总收入", "七、1", "3,678.90", "3,396.70"),
        ("其中：营业收入", "七、1", "3,678.90", "3,396.70"),
        ("二、营业总成本", "", "3,412.55", "3,120.08"),
        ("减：所得税费用", "七、12", "(31.85)", "-"),
        ("基本每股收益", "", "0.09", "0.10"),
    ]
    grid(canvas, 140, (60, 240, 300, 420, 535), rows, lines="level")
    say(canvas, 60, 290, "注：本报告期营业总收入为3,678.90万元，同比增长8.31%。", 9)


def _shown(block: Block) -> list[str]:
    if not isinstance(block, Table):
        level = f" {block.level}" if block.kind == "heading" else ""
        return [f"{block.kind}{level}: {block.text}"]
    head = f"table {block.rows}×{block.columns}, {block.header_rows} header rows"
    lines = [f"{head}, caption {block.caption!r}, unit {block.unit!r}"]
    for row in range(block.rows):
        cells = sorted((c for c in block.cells if c.row == row), key=lambda c: c.column)
        lines.append("  " + " | ".join(_cell(c) for c in cells))
    return lines


def _cell(cell: Cell) -> str:
    amount = f" = {cell.amount.value} {cell.amount.unit}" if cell.amount else ""
    return f"{cell.column}: {cell.text}{amount}"


def test_a_report_is_read_as_agreed(tmp_path: Path) -> None:
    path = paper(tmp_path / "report.pdf", _cover, _income)
    content = read_pdf(path, "report.pdf", Limits(), lambda *_: None)
    shown = "\n".join(line for block in content.blocks for line in _shown(block)) + "\n"
    assert shown == GOLDEN.read_text("utf-8")
