"""Workbooks as analysts keep them: several regions a sheet, years by format, totals by formula."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter

from yanku.model.amount import Amount
from yanku.testing.layouts.truth import Laid, Said
from yanku.testing.samples.office import repack, with_results

_UNITS = (("万元", 10_000, "CNY"), ("百万元", 1_000_000, "CNY"), ("亿元", 100_000_000, "CNY"),
          ("RMB million", 1_000_000, "CNY"), ("US$ million", 1_000_000, "USD"))  # fmt: skip
_LABELS = (
    "智能终端",
    "工业软件",
    "云服务 Cloud",
    "元器件 Components",
    "维保服务",
    "海外业务 Overseas",
    "新能源材料",
    "检测认证",
    "系统集成",
    "技术授权 Licensing",
)
_REGIONS = ("华东", "华南", "华北", "西南", "Overseas 海外")
_METRICS = ("营业收入", "毛利", "销售费用", "研发投入", "净利润")


@dataclass(slots=True)
class _Sheet:
    """A sheet being filled; results of formulas are kept to be stored beside them."""

    sheet: Any
    results: dict[str, Decimal] = field(default_factory=dict)

    def put(self, row: int, column: int, value: object, form: str = "") -> str:
        cell = self.sheet.cell(row, column, value)
        if form:
            cell.number_format = form
        return str(cell.coordinate)


class AwkwardBook:
    """Makes one workbook by chance; the same seed makes the same file."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._dice = random.Random(seed)  # noqa: S311 - repeatable samples, not a secret
        self._path = folder / f"book-{seed}.xlsx"
        self.laid = Laid(self._path)
        self._sheets: list[_Sheet] = []

    def make(self) -> Laid:
        """Write the workbook."""
        book = Workbook()
        for sheet in list(book.worksheets):
            book.remove(sheet)
        parts: list[Callable[[_Sheet], None]] = [
            self._regions, self._model, self._transposed, self._indented, self._levels, self._twins,
        ]  # fmt: skip
        self._dice.shuffle(parts)
        for number, part in enumerate(parts, 1):
            self._sheets.append(_Sheet(book.create_sheet(f"表{number}")))
            part(self._sheets[-1])
        book.save(self._path)
        results = {
            f"xl/worksheets/sheet{number}.xml": each.results
            for number, each in enumerate(self._sheets, 1)
        }
        repack(self._path, with_results(results))
        return self.laid

    # ── parts ───────────────────────────────────────────────────────────────────────────────────

    def _regions(self, to: _Sheet) -> None:
        """Write two tables beside each other and one below, each with its own unit."""
        unit, scale, code = self._dice.choice(_UNITS)
        height = self._simple(to, 2, 2, "分产品收入", unit, scale, code, corner=False)
        self._simple(
            to, 2, 7, "分地区收入", *self._dice.choice(_UNITS), corner=True, labels=_REGIONS
        )
        row = 2 + height + 3
        height = self._simple(
            to, row, 2, "Capex by project", *self._dice.choice(_UNITS), corner=True
        )
        to.put(row + height + 1, 2, "注：数据来源于公司公告，未经审计。")

    def _simple(
        self, to: _Sheet, top: int, left: int, title: str, unit: str, scale: int, code: str, *,
        corner: bool, labels: Sequence[str] = _LABELS,
    ) -> int:  # fmt: skip
        to.put(top, left, title)
        if corner:
            to.put(top + 1, left, f"项目（{unit}）" if "元" in unit else f"Item ({unit})")
        else:
            to.put(top, left + 2, f"单位：{unit}" if "元" in unit else f"Unit: {unit}")
            to.put(top + 1, left, "项目")
        years = (2023, 2024)
        for n, year in enumerate(years, 1):
            to.put(top + 1, left + n, f"{year}年")
        chosen = self._dice.sample(labels, 4)
        for line, label in enumerate(chosen, top + 2):
            to.put(line, left, label)
            for n, year in enumerate(years, 1):
                value = self._drawn()
                to.put(line, left + n, float(value), "#,##0.0")
                self._say(label, f"{year}年", value * scale, code)
        return 2 + len(chosen)

    def _model(self, to: _Sheet) -> None:
        """Write years as numbers that their format shows as 2024A, and totals as formulas."""
        unit, scale, code = self._dice.choice(_UNITS)
        to.put(1, 1, "盈利预测模型")
        to.put(2, 1, f"（{unit}）" if "元" in unit else f"({unit})")
        for n, year in enumerate(range(2022, 2028)):
            to.put(2, 2 + n, year, '0"A"' if year < 2025 else '0"E"')
        labels = self._dice.sample(_LABELS, 3)
        columns = range(2, 8)
        for line, label in enumerate(labels, 3):
            to.put(line, 1, label)
        to.put(6, 1, "合计")
        to.put(7, 1, "同比增速")
        before = Decimal(0)
        for column in columns:
            shown = f"{2020 + column}{'A' if column < 5 else 'E'}"
            values = [self._drawn() for _ in labels]
            for line, value in enumerate(values, 3):
                to.put(line, column, float(value), "#,##0.00")
                self._say(labels[line - 3], shown, value * scale, code)
            letter, total = get_column_letter(column), sum(values, Decimal(0))
            to.results[to.put(6, column, f"=SUM({letter}3:{letter}5)", "#,##0.00")] = total
            self._say("合计", shown, total * scale, code)
            if before:
                growth = (total / before - 1).quantize(Decimal("0.0001"))
                at = get_column_letter(column - 1)
                to.results[to.put(7, column, f"={letter}6/{at}6-1", "0.00%")] = growth
                self._say("同比增速", shown, growth * 100, "%")
            before = total

    def _transposed(self, to: _Sheet) -> None:
        """Write periods down the rows, with real dates, and metrics across."""
        unit, scale, code = self._dice.choice(_UNITS)
        to.put(1, 1, f"季度数据 单位：{unit}" if "元" in unit else f"Quarterly data ({unit})")
        to.put(3, 1, "报告期")
        metrics = self._dice.sample(_METRICS, 4)
        for column, metric in enumerate(metrics, 2):
            to.put(3, column, metric)
        ends = (date(2024, 3, 31), date(2024, 6, 30), date(2024, 9, 30), date(2024, 12, 31))
        for line, end in enumerate(ends, 4):
            to.put(line, 1, end, self._dice.choice(("yyyy-mm-dd", 'yyyy"年"m"月"')))
            for column, metric in enumerate(metrics, 2):
                value = self._drawn()
                to.put(line, column, float(value), "#,##0.00")
                self._say_turned(to, line, metric, value * scale, code)

    def _say_turned(self, to: _Sheet, line: int, metric: str, value: Decimal, code: str) -> None:
        form = to.sheet.cell(line, 1).number_format
        end = to.sheet.cell(line, 1).value
        label = end.isoformat() if form == "yyyy-mm-dd" else f"{end.year}年{end.month}月"
        self.laid.said.append(Said(label, (metric,), Amount(value, code)))

    def _indented(self, to: _Sheet) -> None:
        """Write labels that are set in by their alignment, and a hidden row."""
        unit, scale, code = self._dice.choice(_UNITS)
        to.put(1, 1, "费用明细")
        to.put(1, 3, f"单位：{unit}" if "元" in unit else f"Unit: {unit}")
        for column, head in enumerate(("科目", "本期金额", "上期金额"), 1):
            to.put(2, column, head)
        line = 3
        for group in ("销售费用", "管理费用"):
            self._line(to, line, group, 0, (), scale, code)
            line += 1
            for label in self._dice.sample(
                ("职工薪酬", "折旧摊销", "差旅费", "咨询费 Consulting"), 3
            ):
                self._line(to, line, label, 1, (group,), scale, code)
                line += 1
        to.put(line, 1, "草稿行")
        to.put(line, 2, 99999)
        to.sheet.row_dimensions[line].hidden = True

    def _line(
        self, to: _Sheet, line: int, label: str, indent: int, groups: tuple[str, ...], scale: int,
        code: str,
    ) -> None:  # fmt: skip
        to.put(line, 1, label)
        to.sheet.cell(line, 1).alignment = Alignment(indent=indent)
        for column, head in ((2, "本期金额"), (3, "上期金额")):
            value = self._drawn()
            to.put(line, column, float(value), "#,##0.00;(#,##0.00)")
            self._say(label, head, value * scale, code, groups)

    def _levels(self, to: _Sheet) -> None:
        """Write a header of two merged rows, with amounts beside shares."""
        unit, scale, code = self._dice.choice(_UNITS)
        sheet = to.sheet
        to.put(1, 1, "收入结构表 Revenue mix")
        sheet.merge_cells("A1:E1")
        to.put(2, 1, "分部 Segment")
        sheet.merge_cells("A2:A3")
        for column, year in ((2, "2024年"), (4, "2023年")):
            to.put(2, column, year)
            sheet.merge_cells(start_row=2, end_row=2, start_column=column, end_column=column + 1)
            to.put(3, column, f"金额（{unit}）" if "元" in unit else f"Amount ({unit})")
            to.put(3, column + 1, "占比")
        for line, label in enumerate(self._dice.sample(_LABELS, 5), 4):
            to.put(line, 1, label)
            for column, year in ((2, "2024年"), (4, "2023年")):
                value, share = self._drawn(), self._drawn() / 10_000
                to.put(line, column, float(value), "#,##0.00")
                to.put(line, column + 1, float(share), "0.00%")
                self._say(label, year, value * scale, code)
                self._say(label, year, share * 100, "%")

    def _twins(self, to: _Sheet) -> None:
        """Write two tables in one grid, without a blank column between them."""
        unit, scale, code = self._dice.choice(_UNITS[:3])
        low = self._dice.random() < 0.5
        to.put(1, 1, "简表" if low else f"简表（单位：{unit}）")
        if low:
            to.put(7, 1, f"注：金额单位为{unit}。")
        for left, title in ((1, "资产"), (4, "负债和权益")):
            to.put(2, left, title)
            to.put(2, left + 1, "期末余额")
            to.put(2, left + 2, "期初余额")
        pairs = (
            ("货币资金", "短期借款"),
            ("应收账款", "应付账款"),
            ("存货", "合同负债"),
            ("固定资产", "股本"),
        )
        for line, pair in enumerate(pairs, 3):
            for left, label in zip((1, 4), pair, strict=True):
                to.put(line, left, label)
                for n, head in ((1, "期末余额"), (2, "期初余额")):
                    value = self._drawn()
                    to.put(line, left + n, float(value), "#,##0.00")
                    self._say(label, head, value * scale, code)

    def _say(
        self, label: str, head: str, value: Decimal, code: str, groups: tuple[str, ...] = ()
    ) -> None:
        self.laid.said.append(Said(label, (head,), Amount(value, code), groups))

    def _drawn(self) -> Decimal:
        return Decimal(self._dice.randint(2_200, 9_999_999)) / 100
