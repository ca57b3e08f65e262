"""How much of a scanned document is read, and how much of what is read was never printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from yanku.model.document import Cell, Flaw, Table
from yanku.model.finance import Fact
from yanku.model.place import Box, OnPage, Place
from yanku.parse.source import Content
from yanku.testing.counts import Counts
from yanku.testing.tables.judge import judged
from yanku.testing.tables.truth import TrueTable

_DOUBTS = ("unsure_figure", "unsure_sign")


@dataclass(slots=True)
class Tally(Counts):
    """What was printed and what was read; ``silent`` are wrong figures without a doubt on them."""

    pages: int = 0
    cells: int = 0
    exact: int = 0
    figures: int = 0
    found: int = 0
    read: int = 0
    silent: int = 0
    facts: int = 0
    known: int = 0
    false: int = 0
    lies: list[str] = field(default_factory=list)


def compare(clean: Content, scanned: Content, known: Sequence[TrueTable] = ()) -> Tally:
    """Return how the tables of a scan differ from those of the file it was made from."""
    tally = Tally(pages=len(scanned.pages))
    truth = Counter(value for _, value in _figures(clean))
    read = Counter(value for _, value in _figures(scanned))
    tally.figures, tally.read = truth.total(), read.total()
    tally.found = (truth & read).total()
    unsure = [f.place for f in scanned.flaws if f.code in _DOUBTS]
    wrong = read - truth
    for cell, value in _figures(scanned):
        if wrong[value] > 0:
            wrong[value] -= 1
            if not _is_doubted(cell.place, unsure):
                tally.silent += 1
                tally.lies.append(f"{cell.text} {cell.place}")
    tables = [b for b in scanned.blocks if isinstance(b, Table)]
    for score in judged(known, tables):
        tally.cells += score.cells
        tally.exact += score.exact
    return tally


def compare_facts(tally: Tally, clean: Iterable[Fact], scanned: Iterable[Fact]) -> None:
    """Count the facts of a scan against those of the file it was made from."""
    truth, said = set(map(_fact, clean)), set(map(_fact, scanned))
    tally.facts += len(truth)
    tally.known += len(truth & said)
    tally.false += len(said - truth)
    tally.lies += [f"fact {each}" for each in sorted(map(str, said - truth))]


def _fact(fact: Fact) -> tuple[object, ...]:
    amount = fact.amount
    return (fact.metric, fact.period.start, fact.period.end, fact.consolidation.value,
            amount.value.normalize(), amount.unit)  # fmt: skip


def _figures(content: Content) -> Iterator[tuple[Cell, Decimal]]:
    """Yield the cells of all tables that hold an amount of three digits or more."""
    for block in content.blocks:
        if not isinstance(block, Table):
            continue
        for cell in block.cells:
            if cell.amount is not None and sum(map(str.isdigit, cell.text)) > 2:
                yield cell, cell.amount.value.normalize()


def _is_doubted(place: Place, unsure: Sequence[Place | None]) -> bool:
    if not isinstance(place, OnPage) or place.box is None:
        return False
    return any(
        isinstance(each, OnPage) and each.box is not None and each.page == place.page
        and (_holds(place.box, each.box) or _holds(each.box, place.box))
        for each in unsure
    )  # fmt: skip


def _holds(outer: Box, inner: Box) -> bool:
    x, y = (inner.x0 + inner.x1) / 2, (inner.y0 + inner.y1) / 2
    return outer.x0 <= x <= outer.x1 and outer.y0 <= y <= outer.y1


def doubts(flaws: Iterable[Flaw]) -> int:
    """Count figures that a reader said it was not sure of."""
    return sum(flaw.code in _DOUBTS for flaw in flaws)
