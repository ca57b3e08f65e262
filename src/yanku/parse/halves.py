"""Two tables printed in one grid, each with a title over its labels, taken apart.

资产负债表   2023A  2024E │ 利润表     2023A  2024E
流动资产       120    130 │ 营业收入     100    110
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from yanku.parse.cells import GridCell, is_number

_TITLE = re.compile(
    r"表|比率|指标|数据|statement|balance sheet|cash flow|income|ratios?\b|indicators|metrics",
    re.IGNORECASE,
)
_FEW = 2


def halves(cells: Sequence[GridCell]) -> list[list[GridCell]]:
    """Return the cells of each table in a grid: two where the header says so, else all.

    The titles of the columns must be the same on both sides, and what heads the labels must be
    titles of tables. Assets beside liabilities are one table: 资产 and 负债 are none.
    """
    top = min((c.row for c in cells), default=0)
    head = sorted((c for c in cells if c.row == top), key=lambda c: c.column)
    half, odd = divmod(len(head), 2)
    if odd or half <= _FEW or not _are_titles(head[0], head[half]):
        return [list(cells)]
    if [c.text for c in head[1:half]] != [c.text for c in head[half + 1 :]]:
        return [list(cells)]
    border = head[half].column
    left = [c for c in cells if c.last_column < border]
    right = [c for c in cells if c.column >= border]
    whole = len(left) + len(right) == len(cells)
    return [left, right] if whole and _is_labelled(right, border, top) else [list(cells)]


def _are_titles(one: GridCell, other: GridCell) -> bool:
    both = (one.text, other.text)
    return one.text != other.text and all(_TITLE.search(text) for text in both)


def _is_labelled(cells: Sequence[GridCell], column: int, top: int) -> bool:
    labels = [c for c in cells if c.column == column and c.row > top]
    return len(labels) >= _FEW and not any(is_number(c) for c in labels)
