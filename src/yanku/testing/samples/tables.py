"""The statement tables of a report, as Chinese companies print them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from yanku.testing.samples.paper import Paper, Row, money
from yanku.testing.samples.statements import (
    BALANCE_LINES,
    CASH_LINES,
    INCOME_LINES,
    Line,
)

GROUP_ONLY = frozenset(
    {
        "parent_equity",
        "minority",
        "total_revenue",
        "total_cost",
        "parent_profit",
        "minority_profit",
        "oci_change_parent",
        "comprehensive_parent",
        "comprehensive_minority",
        "goodwill",
    }
)
FIRST_NOTE = {"balance": 1, "income": 61, "cash": 101}
ALWAYS_SHOWN = frozenset({"eps", "diluted_eps"})


@dataclass(frozen=True, slots=True)
class Wording:
    """How one company words its statements; ``notes`` adds the column 附注."""

    shanghai: bool
    notes: bool = False

    def label(self, line: Line, parent: bool) -> str:
        """Return the printed label of a line."""
        text = line.zh
        if not self.shanghai:
            text = text.replace("（或股东权益）", "").replace("实收资本（或股本）", "股本")
            text = text.replace("“－”", "“-”").replace("（元/股）", "")
        if parent:
            text = {
                "revenue": "一、营业收入",
                "cost": "减：营业成本",
                "operating_profit": text.replace("三、", "二、"),
                "profit_before_tax": text.replace("四、", "三、"),
                "net_profit": text.replace("五、", "四、"),
                "oci_change": text.replace("六、", "五、"),
                "comprehensive": text.replace("七、", "六、"),
            }.get(line.key, text)
        return text


def balance_table(
    paper: Paper,
    wording: Wording,
    header: Sequence[str],
    values: Sequence[Mapping[str, Decimal]],
    *,
    parent: bool = False,
) -> None:
    """Print a balance sheet; ``values`` are the columns."""
    _statement(paper, "balance", BALANCE_LINES, wording, header, values, parent)


def income_table(
    paper: Paper,
    wording: Wording,
    header: Sequence[str],
    values: Sequence[Mapping[str, Decimal]],
    *,
    parent: bool = False,
) -> None:
    """Print an income statement; ``values`` are the columns."""
    lines = INCOME_LINES
    if parent:
        start = next(n for n, line in enumerate(lines) if line.zh == "八、每股收益：")
        lines = tuple(line for line in lines[:start] if not line.zh.startswith("（二）按"))
    _statement(paper, "income", lines, wording, header, values, parent)


def cash_table(
    paper: Paper,
    wording: Wording,
    header: Sequence[str],
    values: Sequence[Mapping[str, Decimal]],
    *,
    parent: bool = False,
) -> None:
    """Print a cash flow statement; ``values`` are the columns."""
    _statement(paper, "cash", CASH_LINES, wording, header, values, parent)


def _statement(
    paper: Paper,
    name: str,
    lines: Sequence[Line],
    wording: Wording,
    header: Sequence[str],
    values: Sequence[Mapping[str, Decimal]],
    parent: bool,
) -> None:
    rows = []
    note = FIRST_NOTE[name]
    for line in lines:
        if parent and line.key in GROUP_ONLY:
            continue
        columns = tuple(_cell(line.key, column) for column in values)
        noted = wording.notes and not parent and bool(line.indent and any(columns))
        indent = 0 if parent and line.key == "revenue" else line.indent
        rows.append(
            Row(
                wording.label(line, parent),
                columns,
                line.key,
                indent,
                strong=bool(line.key) and indent == 0,
                reference=(f"七、{note}" if noted else "") if wording.notes else None,
            )
        )
        note += noted
    widths = [44.0, 9.0, 23.5, 23.5] if wording.notes else [48.0, 26.0, 26.0]
    titles = ["项目", *(["附注"] if wording.notes else []), *header]
    paper.table(f"{name}.parent" if parent else name, titles, rows, widths)


def _cell(key: str, values: Mapping[str, Decimal]) -> str:
    if not key:
        return ""
    return money(values[key], empty_zero=key not in ALWAYS_SHOWN)
