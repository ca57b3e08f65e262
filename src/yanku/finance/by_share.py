"""Tells earnings per share from the numbers of shares and the profits that are worded like them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yanku.finance.ontology import Metric, Ontology
from yanku.finance.rows import Row

_COUNTS_SHARES = re.compile(
    r"\bshares? (?:outstanding|used)|number of|\b(?:weighted|average)\b.{0,40}\bshares|股数|股本",
    re.IGNORECASE,
)
_PER_SHARE = re.compile(r"\bper\b.{0,24}\bshare\b|每股", re.IGNORECASE)
_BY_SHARE = {"basic": "basic_eps", "diluted": "diluted_eps"}
_MOST_PER_SHARE = 100_000


def by_share(
    metric: Metric, label: str, row: Row, over: Sequence[str], ontology: Ontology
) -> Metric | None:
    """Return what a row is under headings of earnings per share, or of numbers of shares.

    "Basic" stands under both, and "Net income attributable to …" may stand under the first.
    ``over`` are the headings above the row, the nearest last.
    """
    heading = next((text for text in reversed(over) if _tells(text)), "")
    if metric.unit == "per_share":
        counts = _COUNTS_SHARES.search(label) or _COUNTS_SHARES.search(heading)
        return None if counts and not _PER_SHARE.search(label) else metric
    if metric.unit != "money" or not _PER_SHARE.search(heading) or _PER_SHARE.search(label):
        return metric
    if not _is_small(row):
        return metric
    kind = next((kind for kind in _BY_SHARE if kind in heading.casefold()), "")
    whole = metric.id in {"net_profit", "net_profit_attributable"}
    return ontology.metrics[_BY_SHARE[kind]] if whole and kind else None


def _tells(heading: str) -> bool:
    return bool(_PER_SHARE.search(heading) or _COUNTS_SHARES.search(heading))


def _is_small(row: Row) -> bool:
    """Tell a row of figures per share: none of them is in any unit of scale."""
    figures = (cell.amount for cell in row.cells if cell.amount is not None)
    return all(abs(figure.value) < _MOST_PER_SHARE for figure in figures)
