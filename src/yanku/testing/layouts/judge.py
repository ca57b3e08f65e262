"""How much of what an invented document says is read: figures, groups, facts, order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from yanku.model.document import Cell, Document, Table
from yanku.model.finance import Fact
from yanku.testing.layouts.truth import Laid, Said, TrueFact
from yanku.testing.tables.judge import plain

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(slots=True)
class Verdict:
    """What was found of what was looked for, and what was not; ``false`` are facts that lie."""

    figures: int = 0
    right: int = 0
    facts: int = 0
    known: int = 0
    read: int = 0
    lines: int = 0
    whole: int = 0
    missing: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)


def judge(laid: Laid, document: Document, facts: Sequence[Fact]) -> Verdict:
    """Return what was found of a document."""
    verdict = Verdict(figures=len(laid.said), facts=len(laid.facts), lines=len(laid.order))
    tables = [block for block in document.blocks if isinstance(block, Table)]
    said = [_told(table) for table in tables]
    for each in laid.said:
        if any(_tells(row, each) for table in said for row in table):
            verdict.right += 1
        else:
            verdict.missing.append(f"{each}: {_nearest(each, said)}")
    for fact in laid.facts:
        if any(_is(one, fact) and one.amount == fact.amount for one in facts):
            verdict.known += 1
        else:
            seen = [str(one.amount) for one in facts if _is(one, fact)]
            verdict.missing.append(f"fact {fact}: {seen}")
    verdict.read = len(facts)
    verdict.false = [
        f"{one.metric} {one.period} {one.consolidation} {one.amount} {one.label!r} {one.column!r}"
        for one in facts
        if any(_is(one, each) for each in laid.never)
        or (laid.complete and not any(_is(one, f) and one.amount == f.amount for f in laid.facts))
    ]
    text = _plain("".join(b.text for b in document.blocks if not isinstance(b, Table)))
    at = 0
    for line in laid.order:
        found = text.find(_plain(line), at)
        if found < 0:
            verdict.missing.append(f"line {line[:30]!r}")
            continue
        at, verdict.whole = found, verdict.whole + 1
    return verdict


@dataclass(frozen=True, slots=True)
class _Told:
    """A figure as read: its row's label, what stands over it, the rows that govern its row."""

    label: str
    heads: tuple[str, ...]
    groups: tuple[str, ...]
    cell: Cell


def _told(table: Table) -> list[_Told]:
    """Return the figures of a table; the label is the nearest text to the left in the row."""
    out: list[_Told] = []
    for cell in table.cells:
        if cell.amount is None:
            continue
        row = [c for c in table.cells if c.row == cell.row and c.column < cell.column]
        texts = [c for c in row if c.amount is None and _is_label(c.text)]
        tall = [
            c for c in table.cells
            if c.row < cell.row < c.row + c.row_span and c.column < cell.column
        ]  # fmt: skip
        label = max([*texts, *tall], key=lambda c: c.column, default=None)
        heads = tuple(
            _plain(c.text)
            for c in table.cells
            if c.row < table.header_rows and c.column <= cell.column < c.column + c.column_span
        )
        groups = tuple(map(_plain, table.heads(cell.row)))
        out.append(_Told(_plain(label.text) if label else "", heads, groups, cell))
    return out


def _tells(told: _Told, said: Said) -> bool:
    over = "|".join(told.heads)
    return (
        told.label == _plain(said.label)
        and all(_plain(head) in over for head in said.heads)
        and told.cell.amount == said.amount
        and (not said.groups or told.groups == tuple(map(_plain, said.groups)))
    )


def _nearest(said: Said, tables: Sequence[Sequence[_Told]]) -> list[str]:
    rows = [t for table in tables for t in table if t.label == _plain(said.label)]
    rows = rows or [
        t for table in tables for t in table
        if t.cell.amount is not None and t.cell.amount.value == said.amount.value
    ]  # fmt: skip
    return [f"{t.label} {t.heads} {t.groups} {t.cell.text} {t.cell.amount}" for t in rows[:6]]


def _is(one: Fact, fact: TrueFact) -> bool:
    return (
        (one.metric, one.period.end, one.period.start) == (fact.metric, fact.end, fact.start)
        and fact.scope in {None, one.consolidation}
        and fact.restated in {None, one.restated}
    )


def _is_label(text: str) -> bool:
    """Tell a label from a blank, a dash and the number of a note."""
    return any(c.isalpha() for c in text) or _DAY.fullmatch(text) is not None


def _plain(text: str) -> str:
    return "".join(plain(text).split())
