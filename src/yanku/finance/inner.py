"""Parts a table that holds several statements one below the other, each under its name in a row.

    财务报表（百万元） │ 2024A │ 2025E        the header holds for all of them, unless a statement's
    利润表            │       │              row has one of its own
    营业收入          │ 39241 │ 43287
    资产负债表        │       │
    货币资金          │ 13434 │ 20112

Every cell keeps its row, so that what a second reading said of rows still holds.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from yanku.finance.columns import says_period
from yanku.finance.labels import plain
from yanku.model.document import Cell, Table

_NAME = re.compile(
    r"(?:合并|简要|简明)?(?:资产负债表|利润表|损益表|现金流量表|(?:主要|重要)?财务(?:比率|指标)|每股指标)"
    r"(?:\([^()]{0,16}\))?"
)
_STATEMENT = re.compile(r"资产负债表|利润表|损益表|现金流量表")
_FEW = 2


def parted(table: Table) -> list[Table]:
    """Return the statements of a table each by itself, titled by its row; most tables are one."""
    rows: dict[int, list[Cell]] = defaultdict(list)
    for cell in table.cells:
        if cell.text.strip():
            rows[cell.row].append(cell)
    for row in rows.values():
        row.sort(key=lambda cell: cell.column)
    titles = [number for number in sorted(rows) if number and _is_title(rows[number])]
    named = {rows[number][0].text.strip() for number in titles}
    if sum(bool(_STATEMENT.search(plain(name))) for name in named) < _FEW:
        return [table]
    head = [c for number in rows if number < titles[0] for c in rows[number]]
    own = [cell for cell in head if cell.amount is None]
    ends = [*titles[1:], table.rows]
    first = [] if len(own) == len(head) else [_part(table, head, "")]
    return first + [
        _part(table, _under(own, rows, start, end), rows[start][0].text.strip())
        for start, end in zip(titles, ends, strict=True)
    ]


def _is_title(row: Sequence[Cell]) -> bool:
    """Tell a row that says which statement follows, alone or beside the periods of its columns."""
    first, *others = row
    if first.column > 0 or any(cell.amount is not None for cell in row):
        return False
    return bool(_NAME.fullmatch(plain(first.text))) and all(says_period(c.text) for c in others)


def _under(head: Sequence[Cell], rows: dict[int, list[Cell]], start: int, end: int) -> list[Cell]:
    """Return the cells of one statement below the header that holds for it."""
    has_own = len(rows[start]) > 1
    above = [] if has_own else list(head)
    return [
        *above,
        *(c for n in range(start, end) for c in rows.get(n, ()) if has_own or n > start),
    ]


def _part(table: Table, cells: Sequence[Cell], name: str) -> Table:
    return replace(table, cells=tuple(cells), caption=name or table.caption)
