"""How often a receipt's total is right or wrong when its labels are spoilt: no files needed."""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from yanku.finance.voucher import voucher_of
from yanku.model.document import Digest, Document, Origin, Page, Paragraph
from yanku.model.place import Box, OnPage

SUBTOTALS = ("Sub Total", "SUBTOTAL", "Sub-total", "小计", "Net before tax", "Subtotal (ex)")
TOTALS = ("Total", "GRAND TOTAL", "Amount Due", "合计", "Total Sales", "Nett Total")
TAXES = ("GST 6%", "VAT 8%", "SST", "Tax", "税额", "Total Tax")
STROKES = "/'(;:|,.CI1"
"""What a recogniser makes of letters it cannot see."""
CENT = Decimal("0.01")


class Till:
    """Prints one invented receipt; ``spoilt`` is the share of its labels' letters."""

    def __init__(self, seed: int, spoilt: float) -> None:
        self._dice, self._spoilt = random.Random(seed), spoilt  # noqa: S311 - no secret

    def receipt(self) -> tuple[list[str], Decimal]:
        """Return the lines of a receipt and what is to be paid."""
        dice = self._dice
        items = [self._sum(9000) for _ in range(dice.randint(1, 5))]
        goods = sum(items, Decimal(0))
        off = self._sum(300) if dice.random() < 0.2 else Decimal(0)
        service = (goods / 10).quantize(CENT) if dice.random() < 0.15 else Decimal(0)
        rate = Decimal(dice.choice(["0.06", "0.08", "0"]))
        tax = (max(goods - off, Decimal(0)) * rate).quantize(CENT)
        due = goods - off + service + tax
        coins = (due * 20).quantize(Decimal(1)) / 20 - due if dice.random() < 0.4 else Decimal(0)
        lines = ["SOME SHOP", "TAX INVOICE RECEIPT"]
        lines += [f"item {i} {value:.2f}" for i, value in enumerate(items)]
        lines += self._made_of(goods, off, service, tax)
        lines += self._ended(due, coins)
        return lines, due + coins

    def _made_of(
        self, goods: Decimal, off: Decimal, service: Decimal, tax: Decimal
    ) -> Iterator[str]:
        if self._dice.random() < 0.8:
            yield self._said(self._dice.choice(SUBTOTALS), goods)
        if off:
            yield self._said("Discount", off)
        if service:
            yield self._said("Service charge", service)
        if tax or self._dice.random() < 0.5:
            yield self._said(self._dice.choice(TAXES), tax)

    def _ended(self, due: Decimal, coins: Decimal) -> Iterator[str]:
        if coins:
            if self._dice.random() < 0.5:
                yield self._said("Total", due)
            yield self._said("Rounding", coins)
        yield self._said(self._dice.choice(TOTALS), due + coins)
        if self._dice.random() < 0.7:
            change = self._sum(2000) if self._dice.random() < 0.7 else Decimal(0)
            yield self._said("Cash", due + coins + change)
            yield self._said("Change", change)

    def _said(self, label: str, value: Decimal) -> str:
        dice = self._dice
        hurt = (dice.choice(STROKES) if dice.random() < self._spoilt else c for c in label)
        return f"{''.join(hurt)} {value:.2f}"

    def _sum(self, most: int) -> Decimal:
        return Decimal(self._dice.randint(1, most)) / 100


def document(lines: list[str]) -> Document:
    """Return lines as the document of a picture."""
    blocks = tuple(Paragraph(text, OnPage(1, Box(10, 10 * i, 100, 10 * i + 8)))
                   for i, text in enumerate(lines))  # fmt: skip
    return Document(Digest(""), "a.jpg", "image/jpeg", (Page(1, 200, 600, Origin.OCR),), blocks)


def main() -> None:
    """Print one line for each share of spoilt letters."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--receipts", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    print("| letters spoilt | receipts | right | wrong | not given |\n|---|---|---|---|---|")
    for spoilt in (0.0, 0.1, 0.3, 0.6):
        ends: Counter[str] = Counter()
        for seed in range(asked.seed, asked.seed + asked.receipts):
            lines, paid = Till(seed, spoilt).receipt()
            found = voucher_of(document(lines))
            total = found.total if found else None
            ends["none" if total is None else "right" if total.value == paid else "wrong"] += 1
        row = (asked.receipts, ends["right"], ends["wrong"], ends["none"])
        print(f"| {spoilt:.0%} | {' | '.join(map(str, row))} |")


if __name__ == "__main__":
    main()
