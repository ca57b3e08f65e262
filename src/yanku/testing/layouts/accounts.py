"""The lines of Chinese statements, and random figures in them that add up."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

_SIGNED = re.compile(r"([+-]?)\s*(\w+)")
_BLANK = 0.6
"""How often a line that is often without a figure has none."""


@dataclass(frozen=True, slots=True)
class Account:
    """A line of a statement; ``labels`` are the ways in which it is worded.

    ``metrics`` are what the product calls it, none where it knows no such thing, and one for each
    wording where they differ. ``worked`` are the metrics it is made of, with their signs;
    ``totals`` tells that it is the sum of the lines before it.
    """

    labels: tuple[str, ...]
    metrics: tuple[str, ...] = ()
    indent: int = 0
    flags: frozenset[str] = frozenset()
    worked: tuple[tuple[int, str], ...] = ()
    totals: bool = False

    @property
    def heading(self) -> bool:
        """Tell a line without figures."""
        return "figure" not in self.flags

    @property
    def key(self) -> str:
        """Return what its figures are kept under: its last metric."""
        return self.metrics[-1] if self.metrics else self.labels[0]

    def metric(self, label: str) -> str:
        """Return what the product calls the line in one of its wordings."""
        if len(self.metrics) < 2:
            return self.metrics[0] if self.metrics else ""
        return self.metrics[self.labels.index(label)]

    @property
    def cost(self) -> bool:
        """Tell what is taken away: some statements print it in brackets."""
        return "cost" in self.flags


@cache
def accounts(kind: str, statement: str) -> tuple[Account, ...]:
    """Return the lines of a statement of a kind of company (industry, bank, broker, insurer)."""
    text = files("yanku.testing.layouts").joinpath("accounts.toml").read_text(encoding="utf-8")
    lines: str = tomllib.loads(text)[kind][statement]
    return tuple(_account(line) for line in lines.splitlines() if line.strip())


KINDS = ("industry", "bank", "broker", "insurer")
STATEMENTS = ("balance", "income", "cash")


def _account(line: str) -> Account:
    words, *rest = (part.strip() for part in line.split("|"))
    labels = tuple(label.strip() for label in words.split(";"))
    indent = (len(line) - len(line.lstrip())) // 2
    if not rest:
        return Account(labels, indent=indent)
    metrics = tuple(name.strip() for name in rest[0].split(";") if name.strip())
    how = rest[1] if len(rest) > 1 else ""
    flags, _, formula = how.partition("=")
    worked = tuple((-1 if sign == "-" else 1, name) for sign, name in _SIGNED.findall(formula))
    said = frozenset(flags.split())
    # A line that belongs to the group and has neither metric nor sum arranges what follows.
    figure = {"figure"} if metrics or worked or "part" in said else set[str]()
    return Account(labels, metrics, indent, said | figure, worked, "Σ" in said)


Figures = Mapping[str, Decimal | None]


def figures_of(lines: Sequence[Account], dice: random.Random, size: int, places: int) -> Figures:
    """Return a figure for each line, in the unit it is printed in; None is printed as nil."""
    found: dict[str, Decimal | None] = {}
    for line in lines:
        if not line.heading and not line.worked and not line.totals:
            found[line.key] = _drawn(line, dice, size, places)
    run: list[str] = []
    for line in lines:
        if line.totals:
            found[line.key] = sum((found[key] or Decimal(0) for key in run), Decimal(0))
            run = []
        elif not line.heading and not line.worked and "part" not in line.flags:
            run.append(line.key)
    by_key = {line.key: line for line in lines}
    for line in lines:
        if line.worked:
            _work(line, by_key, found)
    return found


def _drawn(line: Account, dice: random.Random, size: int, places: int) -> Decimal | None:
    if "rare" in line.flags and dice.random() < _BLANK:
        return None
    if "share" in line.flags:
        return Decimal(dice.randrange(1, 900)).scaleb(-2)
    value = Decimal(int(size * 10**places * 10 ** dice.uniform(-2.2, 0))).scaleb(-places)
    return -value if "both" in line.flags and dice.random() < 0.4 else value


def _work(
    line: Account, by_key: Mapping[str, Account], found: dict[str, Decimal | None]
) -> Decimal:
    """Return what a worked line comes to; a part that is not printed counts as nothing."""
    if line.key in found:
        return found[line.key] or Decimal(0)
    total = Decimal(0)
    for sign, name in line.worked:
        part = by_key.get(name)
        if part is not None:
            value = _work(part, by_key, found) if part.worked else found[part.key] or Decimal(0)
            total += sign * value
    found[line.key] = total
    return total
