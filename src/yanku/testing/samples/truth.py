"""What the samples say, figure by figure, and the facts that a reader should find in them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from yanku.testing.samples.english import DEDUCTED
from yanku.testing.samples.make import (
    ANNUAL,
    ENGLISH,
    MEMO,
    NOTES,
    PICTURE,
    QUARTERLY,
    SCAN,
    WORKBOOK,
    Samples,
)
from yanku.testing.samples.paper import Printed

Json = dict[str, Any]

METRICS = {
    "money": "货币资金",
    "receivables": "应收账款",
    "inventory": "存货",
    "fixed_assets": "固定资产",
    "current_assets": "流动资产合计",
    "assets": "资产总计",
    "current_liabilities": "流动负债合计",
    "liabilities": "负债合计",
    "parent_equity": "归属于母公司所有者权益合计",
    "equity": "所有者权益合计",
    "total_revenue": "营业总收入",
    "revenue": "营业收入",
    "cost": "营业成本",
    "selling": "销售费用",
    "admin": "管理费用",
    "research": "研发费用",
    "operating_profit": "营业利润",
    "profit_before_tax": "利润总额",
    "net_profit": "净利润",
    "parent_profit": "归属于母公司股东的净利润",
    "operating_net": "经营活动产生的现金流量净额",
    "investing_net": "投资活动产生的现金流量净额",
    "financing_net": "筹资活动产生的现金流量净额",
}
PERIODS = {ANNUAL: "FY", ENGLISH: "FY", QUARTERLY: "Q3", SCAN: "H1", PICTURE: "H1"}
STATEMENTS = ("balance", "income", "cash")
UNITS = {
    (ANNUAL, "segments"): 10_000,
    (ANNUAL, "research"): 10_000,
    (QUARTERLY, "changes"): 10_000,
    (WORKBOOK, "quarters"): 10_000,
    (WORKBOOK, "peers"): 10_000,
    (WORKBOOK, "balances"): 100_000_000,
}
"""What one printed unit is worth in 元, where it is not 1; the English report is in thousands."""


OWNERS = {
    ANNUAL: "999101",
    WORKBOOK: "999101",
    MEMO: "999101",
    QUARTERLY: "999202",
    SCAN: "999202",
    PICTURE: "999202",
    ENGLISH: "999303",
    NOTES: "999303",
}


def scale_of(file: str, table: str) -> int:
    """Return what one printed unit of a table is worth in base units."""
    return 1000 if file == ENGLISH else UNITS.get((file, table), 1)


@dataclass(frozen=True, slots=True)
class Source:
    """One printed figure: a row, its column from 0, and what one printed unit is worth.

    ``scale`` is that of the table unless the column is of another kind, such as percent.
    """

    file: str
    table: str
    key: str
    column: int = 0
    scale: int | None = None

    def row(self, samples: Samples) -> Printed:
        """Return the row as printed."""
        return samples.find(self.file, self.table, self.key)

    def value(self, samples: Samples) -> Decimal:
        """Return the figure in base units; a cost is positive however it is printed."""
        scale = scale_of(self.file, self.table) if self.scale is None else self.scale
        value = read(self.row(samples).amounts[self.column]) * scale
        return -value if self.file == ENGLISH and self.key in DEDUCTED else value

    def evidence(self, samples: Samples) -> list[Json]:
        """Return every place in any file that prints this figure of this metric."""
        value, parent = self.value(samples), self.table.endswith(".parent")
        places = []
        for row in samples.printed:
            alike = _metric(row.key) == _metric(self.key)
            ours = _owner(row.file, row.key) == _owner(self.file, self.key)
            same = alike and ours and parent == row.table.endswith(".parent")
            if same and _prints(row, value):
                places.append(evidence(row))
        return places


def _metric(key: str) -> str:
    """Return the metric of a row's key: "revenue" of "revenue:2024Q1" and of "999202:revenue"."""
    first, _, second = key.partition(":")
    return second if first.isdigit() else first if second[:2] == "20" else key


def _prints(row: Printed, value: Decimal) -> bool:
    """Tell whether a row prints a value, up to the digits that its unit shows."""
    for text in row.amounts:
        try:
            shown = read(text)
        except InvalidOperation:  # a reason or a dash beside the amounts
            continue
        digit = Decimal(1).scaleb(int(shown.as_tuple().exponent))
        for unit in (1, scale_of(row.file, row.table)):
            if abs(abs(shown) * unit - abs(value)) <= digit * unit / 2:
                return True
    return False


def _owner(file: str, key: str) -> str:
    """Return the code of the company that a row is about."""
    code = key.partition(":")[0]
    return code if code.isdigit() else OWNERS[file]


def read(text: str) -> Decimal:
    """Return the number that a cell of the samples prints; parentheses are a minus."""
    bare = text.replace(",", "").rstrip("%")
    return -Decimal(bare.strip("()")) if bare.startswith("(") else Decimal(bare)


def evidence(row: Printed) -> Json:
    """Return a place in the form of an evaluation set; page 0 means a file without pages."""
    place: Json = {"file": row.file, "page": row.page, "row": row.label}
    return {**place, "sheet": row.sheet, "cell": row.cell} if row.sheet else place


def facts(samples: Samples) -> list[Json]:
    """Return the figures of the consolidated statements, each with the column beside it."""
    names = {company.firm.code: company.firm.short for company in samples.companies}
    rows: list[Json] = []
    for row in samples.printed:
        if row.table not in STATEMENTS or row.key not in METRICS:
            continue
        now, before = (
            Source(row.file, row.table, row.key, column).value(samples) for column in (0, 1)
        )
        rows.append(
            {
                "file": row.file,
                "code": OWNERS[row.file],
                "company": names[OWNERS[row.file]],
                "year": "2024",
                "period": PERIODS[row.file],
                "metric": METRICS[row.key],
                "value": str(now),
                "previous": str(before),
                "unit": "CNY",
                "page": row.page,
                "line": " ".join((row.label, *row.amounts)),
            }
        )
    return rows
