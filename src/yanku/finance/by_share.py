"""Tells earnings per share from the numbers of shares and the profits that are worded like them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from yanku.finance.ontology import Metric, Ontology
from yanku.finance.rows import Row

_COUNTS_SHARES = re.compile(
    r"\bshares? (?:outstanding|used)|number of|\b(?:weighted|average)\b.{0,40}\bshares|股数|股本",
    re.IGNORECASE,
)
_PER_SHARE = re.compile(r"\bper\b.{0,24}\bshare\b|每股", re.IGNORECASE)
_BY_SHARE = {"basic": "basic_eps", "diluted": "diluted_eps"}
_CENTS = re.compile(r"(?<![\d,])\d{1,3}\.\d\d")
_MOST_PER_SHARE = 1_000
_SCALED = 1_000_000


def by_share(
    metric: Metric, label: str, row: Row, over: Sequence[str], ontology: Ontology
) -> Metric | None:
    """Return what a row is under headings of earnings per share, or of numbers of shares.

    "Basic" stands under both, and "Net income attributable to …" may stand under the first.
    ``over`` are the headings above the row, the nearest last.
    """
    heading = next((text for text in reversed(over) if _tells(text)), "")
    says = bool(_PER_SHARE.search(label))
    if metric.unit == "per_share":
        counts = _COUNTS_SHARES.search(label) or _COUNTS_SHARES.search(heading)
        known = _PER_SHARE.search(heading) is not None or _is_per_share(row)
        small = _is_per_share(row) or _largest(row) < _MOST_PER_SHARE
        return metric if says or (known and small and not counts) else None
    if metric.unit != "money" or not _PER_SHARE.search(heading) or says:
        return metric
    if not _is_per_share(row):
        # In a note on earnings per share the profit itself may stand on any scale.
        return None if _largest(row) < _SCALED else metric
    kind = next((kind for kind in _BY_SHARE if kind in heading.casefold()), "")
    whole = metric.id in {"net_profit", "net_profit_attributable"}
    return ontology.metrics[_BY_SHARE[kind]] if whole and kind else None


def _tells(heading: str) -> bool:
    return bool(_PER_SHARE.search(heading) or _COUNTS_SHARES.search(heading))


def _is_per_share(row: Row) -> bool:
    """Tell a row of amounts as one share has them: printed to the cent at least."""
    texts = [cell.text for cell in row.cells if cell.amount is not None]
    return bool(texts) and all(_CENTS.search(text) for text in texts)


def _largest(row: Row) -> Decimal:
    return max((abs(c.amount.value) for c in row.cells if c.amount is not None), default=Decimal(0))
