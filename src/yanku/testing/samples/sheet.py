"""A workbook of 澜桥精密: quarters in 万元, balances in 亿元, a peer table, and a hidden sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

from yanku.testing.samples.company import Company
from yanku.testing.samples.figures import Figures
from yanku.testing.samples.office import repack, with_results
from yanku.testing.samples.paper import Printed
from yanku.testing.samples.statements import Span

AMOUNT = "#,##0.00"
SHARE = "0.00%"
QUARTERS = [(year, quarter) for year in (2023, 2024) for quarter in (1, 2, 3, 4)]
COLUMNS = "BCDEGHIJ"
TOTALS = {2023: "F", 2024: "K"}
LINE = Side(style="thin")
THIN = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)


def write_workbook(path: Path, company: Company, peers: Sequence[Company]) -> tuple[Printed, ...]:
    """Write the workbook; return where its rows stand."""
    book = Workbook()
    writer = _Writer(path.name)
    first = book.active
    if not isinstance(first, Worksheet):
        raise TypeError("a new workbook starts with a worksheet")
    first.title = "分季度"
    _quarters(writer, first, company)
    _balances(writer, first, company)
    _peers(writer, book.create_sheet("同业对比"), peers)
    _working_paper(writer, book.create_sheet("底稿"))
    book.save(path)
    repack(path, with_results({"xl/worksheets/sheet1.xml": writer.results}))
    return tuple(writer.printed)


@dataclass(slots=True)
class _Writer:
    file: str
    printed: list[Printed] = field(default_factory=list)
    results: dict[str, Decimal] = field(default_factory=dict)

    def put(self, sheet: Worksheet, cell: str, value: object, form: str = "General") -> None:
        target = sheet[cell]
        target.value = value
        target.number_format = form
        target.border = THIN

    def formula(self, sheet: Worksheet, cell: str, formula: str, value: Decimal, form: str) -> None:
        self.put(sheet, cell, formula, form)
        self.results[cell] = value

    def note(
        self, sheet: Worksheet, table: str, key: str, label: str, cell: str, amounts: list[str]
    ) -> None:
        place = Printed(self.file, 0, table, key, label, tuple(amounts), sheet.title, cell)
        self.printed.append(place)


def _quarters(writer: _Writer, sheet: Worksheet, company: Company) -> None:
    _headline(sheet, "A1:K1", f"{company.firm.full}分季度主要数据（合并口径）")
    sheet["A2"] = f"股票代码：{company.firm.code}  股票简称：{company.firm.short}"
    sheet["K2"] = "单位：万元"
    sheet.merge_cells("A3:A4")
    writer.put(sheet, "A3", "项目")
    for year, area in ((2023, "B3:F3"), (2024, "G3:K3")):
        sheet.merge_cells(area)
        sheet[area.split(":")[0]] = f"{year} 年"
        sheet[area.split(":")[0]].alignment = Alignment(horizontal="center")
    for (_, quarter), column in zip(QUARTERS, COLUMNS, strict=True):
        writer.put(sheet, f"{column}4", f"第{'一二三四'[quarter - 1]}季度")
    for column in TOTALS.values():
        writer.put(sheet, f"{column}4", "全年")
    lines = [
        ("营业收入", "revenue"),
        ("营业成本", "cost"),
        ("销售费用", "selling"),
        ("管理费用", "admin"),
        ("研发费用", "research"),
        ("归母净利润", "parent_profit"),
    ]
    for row, (label, key) in enumerate(lines, start=5):
        _quarter_row(writer, sheet, company, row, label, key)
    _margin_row(writer, sheet, company, 11)
    sheet.column_dimensions["A"].width = 18
    for column in "BCDEFGHIJK":
        sheet.column_dimensions[column].width = 13


def _quarter_row(
    writer: _Writer, sheet: Worksheet, company: Company, row: int, label: str, key: str
) -> None:
    writer.put(sheet, f"A{row}", label)
    sums = {2023: Decimal(0), 2024: Decimal(0)}
    for (year, quarter), column in zip(QUARTERS, COLUMNS, strict=True):
        figures = Figures.of(company, Span(year, quarter, quarter), years=1)
        value = figures.income[0][key] / 10_000
        sums[year] += value
        writer.put(sheet, f"{column}{row}", value, AMOUNT)
        cell, name = f"{column}{row}", f"{key}:{year}Q{quarter}"
        writer.note(sheet, "quarters", name, label, cell, [f"{value:,.2f}"])
    for year, column in TOTALS.items():
        first, last = ("B", "E") if year == 2023 else ("G", "J")
        formula = f"=SUM({first}{row}:{last}{row})"
        writer.formula(sheet, f"{column}{row}", formula, sums[year], AMOUNT)
        amounts = [f"{sums[year]:,.2f}"]
        writer.note(sheet, "quarters", f"{key}:{year}", label, f"{column}{row}", amounts)


def _margin_row(writer: _Writer, sheet: Worksheet, company: Company, row: int) -> None:
    writer.put(sheet, f"A{row}", "毛利率")
    columns = [(column, span) for column, span in zip(COLUMNS, QUARTERS, strict=True)]
    columns += [(TOTALS[2023], (2023, 0)), (TOTALS[2024], (2024, 0))]
    for column, (year, quarter) in columns:
        span = Span(year, quarter, quarter) if quarter else Span(year, 4)
        income = Figures.of(company, span, years=1).income[0]
        margin = (income["revenue"] - income["cost"]) / income["revenue"]
        rounded = margin.quantize(Decimal("1e-15"))
        formula = f"=({column}5-{column}6)/{column}5"
        writer.formula(sheet, f"{column}{row}", formula, rounded, SHARE)
        key = f"margin:{year}" + (f"Q{quarter}" if quarter else "")
        cell = f"{column}{row}"
        writer.note(sheet, "quarters", key, "毛利率", cell, [f"{margin * 100:.2f}%"])


def _balances(writer: _Writer, sheet: Worksheet, company: Company) -> None:
    """Put a second region below the first, with another unit and its own header."""
    sheet["A15"] = "季末资产负债项目"
    sheet["A15"].font = Font(bold=True)
    sheet["I15"] = "单位：亿元"
    writer.put(sheet, "A16", "项目")
    for column, (year, quarter) in zip("BCDEFGHI", QUARTERS, strict=True):
        writer.put(sheet, f"{column}16", f"{year}-{3 * quarter:02d}末")
    lines = [("货币资金", "money"), ("应收账款", "receivables"), ("存货", "inventory")]
    for row, (label, key) in enumerate(lines, start=17):
        writer.put(sheet, f"A{row}", label)
        for column, (year, quarter) in zip("BCDEFGHI", QUARTERS, strict=True):
            balance = Figures.of(company, Span(year, quarter), years=1).balance[0][key]
            value = balance / 100_000_000
            writer.put(sheet, f"{column}{row}", value, "0.0000")
            cell, name = f"{column}{row}", f"{key}:{year}Q{quarter}"
            writer.note(sheet, "balances", name, label, cell, [f"{value:.4f}"])


def _peers(writer: _Writer, sheet: Worksheet, peers: Sequence[Company]) -> None:
    _headline(sheet, "B2:G2", "2024 年度主要指标对比")
    sheet["G3"] = "单位：万元"
    header = ["公司", "股票代码", "营业收入", "归母净利润", "研发费用", "研发费用率"]
    for column, text in zip("BCDEFG", header, strict=True):
        writer.put(sheet, f"{column}4", text)
    for row, peer in enumerate(peers, start=5):
        income = Figures.of(peer, Span(2024, 4), years=1).income[0]
        writer.put(sheet, f"B{row}", peer.firm.short)
        writer.put(sheet, f"C{row}", peer.firm.code)
        for column, key in zip("DEF", ("revenue", "parent_profit", "research"), strict=True):
            value = income[key] / 10_000
            writer.put(sheet, f"{column}{row}", value, AMOUNT)
            name = f"{peer.firm.code}:{key}"
            cell = f"{column}{row}"
            writer.note(sheet, "peers", name, peer.firm.short, cell, [f"{value:,.2f}"])
        share = (income["research"] / income["revenue"]).quantize(Decimal("1e-6"))
        writer.put(sheet, f"G{row}", share, SHARE)
    sheet.column_dimensions["B"].width = 16
    for column in "CDEFG":
        sheet.column_dimensions[column].width = 14


def _working_paper(writer: _Writer, sheet: Worksheet) -> None:
    """Hide a sheet; what a reader does with it is the reader's policy, not ours."""
    sheet["A1"] = "内部测算，未经复核"
    sheet["A2"] = "2025 年营业收入测算（万元）"
    sheet["B2"] = 214_000
    sheet.sheet_state = "hidden"
    writer.note(sheet, "hidden", "forecast", "2025 年营业收入测算（万元）", "B2", ["214000"])


def _headline(sheet: Worksheet, area: str, text: str) -> None:
    sheet.merge_cells(area)
    cell = sheet[area.split(":")[0]]
    cell.value = text
    cell.font = Font(bold=True, size=14)
    cell.alignment = Alignment(horizontal="center")
