"""Reads the figures of a page a second time, from its running text, and holds tables to it.

A grid is made from where words stand. The text of a page as it was written needs no places: there
a label is followed by its figures. Where both say the same, two readings that share no step but
the characters agree.

    grid  │ 存货 │ 七、9 │ 12,400.00 │ 11,000.00 │
    text  … 存货 七、9 12,400.00 11,000.00 合同资产 …     → confirmed
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from yanku.model.document import Block, Cell, Table
from yanku.model.place import OnPage

_FIGURE = re.compile(r"[-−–(△]?(?:\d[\d,]*(?:\.\d*)?|[,.]\d[\d,]*(?:\.\d*)?)\)?%?[,.]?")
_WHOLE = re.compile(r"[-−–(△]?\d{1,3}(?:,\d{3})+\.\d\d\)?")
"""A figure that could not be cut elsewhere: its commas and its end say where it is whole."""
_NIL = re.compile(r"[-−–—―_/]+")
_DASH = "-"
_LONGEST_LABEL = 12
"""Words; a label of more is another text."""


@dataclass(slots=True)
class _Run:
    """Figures that follow one another in a text; ``words`` stand before them, nearest last.

    ``lines`` are the lines on which there are figures.
    """

    words: list[str]
    figures: list[str] = field(default_factory=list)
    lines: set[int] = field(default_factory=set)

    def follows(self, label: str) -> bool:
        """Tell whether the last words before the figures are the label, whole."""
        said = ""
        for word in reversed(self.words[-_LONGEST_LABEL:]):
            said = word + said
            if len(said) >= len(label):
                return said == label
        return False


class _Text:
    """The figures of a page's text in order, each run with the words before it."""

    def __init__(self, text: str) -> None:
        self._by_end: dict[str, list[_Run]] = {}
        for run in runs_of(text.splitlines()):
            if run.words:
                self._by_end.setdefault(run.words[-1][-1], []).append(run)

    def after(self, label: str) -> list[_Run]:
        """Return the runs that stand after a label."""
        return [run for run in self._by_end.get(label[-1:], ()) if run.follows(label)]


def witnessed(blocks: Iterable[Block], texts: Mapping[int, str]) -> tuple[Block, ...]:
    """Return the blocks with the rows of each table that the pages' texts confirm or dispute.

    ``texts`` are the texts of pages by number, in the order in which they were written; rows on
    other pages stay without a second reading.
    """
    read: dict[int, _Text] = {}

    def on(page: int) -> _Text | None:
        if page not in read and page in texts:
            read[page] = _Text(texts[page])
        return read.get(page)

    return tuple(
        _held(block, {page: text for page in _pages(block) if (text := on(page)) is not None})
        if isinstance(block, Table)
        else block
        for block in blocks
    )


def _pages(table: Table) -> set[int]:
    return {place.page for place in table.places if isinstance(place, OnPage)}


def _held(table: Table, texts: Mapping[int, _Text]) -> Table:
    rows: dict[int, list[Cell]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, []).append(cell)
    verdicts = {
        number: verdict
        for number, cells in rows.items()
        if any(cell.amount is not None for cell in cells)
        and (verdict := _verdict(cells, texts)) is not None
    }
    return replace(
        table,
        confirmed=tuple(sorted(n for n, agreed in verdicts.items() if agreed)),
        disputed=tuple(sorted(n for n, agreed in verdicts.items() if not agreed)),
    )


def _verdict(cells: Sequence[Cell], texts: Mapping[int, _Text]) -> bool | None:
    """Tell whether the text says what a row says; None if it does not say."""
    pages = {cell.place.page for cell in cells if isinstance(cell.place, OnPage)}
    text = texts.get(min(pages)) if len(pages) == 1 else None
    if text is None:
        return None
    row = runs_of([" ".join(_words(cells))])
    found = [_said(run, text) for run in row if set(run.figures) != {_DASH}]
    if any(verdict is False for verdict in found):
        return False
    return True if found and all(found) else None


def _words(cells: Sequence[Cell]) -> Iterator[str]:
    """Yield the words of a row; an amount is one word, however its cell broke it."""
    for cell in sorted(cells, key=lambda cell: cell.column):
        yield from ["".join(cell.text.split())] if cell.amount is not None else cell.text.split()


def _said(row: _Run, text: _Text) -> bool | None:
    label = "".join(row.words)
    runs = text.after(label) if len(label) > 1 else []
    if any(run.figures == row.figures for run in runs):
        return True
    if any("".join(run.figures) == "".join(row.figures) for run in runs):
        # The text broke a figure that the grid has whole, or the other way round.
        return True if all(_WHOLE.fullmatch(figure) for figure in row.figures) else None
    # A run of another length, or over lines, may hold a neighbour's figures; so may one of several.
    alone = len(runs) == 1 and len(runs[0].figures) == len(row.figures)
    return False if alone and len(runs[0].lines) == 1 else None


def runs_of(lines: Iterable[str]) -> Iterator[_Run]:
    """Yield each stretch of figures with the words before it; a dash for nil is a figure."""
    run = _Run([])
    for number, line in enumerate(lines):
        for word in line.split():
            plain = unicodedata.normalize("NFKC", word)
            if run.figures and plain == "%":
                run.figures[-1] += plain
            elif run.words and _NIL.fullmatch(plain):
                _add(run.figures, _DASH)
            elif _FIGURE.fullmatch(plain):
                _add(run.figures, plain)
                run.lines.add(number)
            else:
                if run.figures:
                    yield run
                    run = _Run([])
                run.words.append(plain)
    if run.figures:
        yield run


def _add(figures: list[str], figure: str) -> None:
    """Add a figure, or the rest of one that was broken at a separator."""
    if figures and (figures[-1][-1] in ",." or figure[0] in ",."):
        figures[-1] += figure
    else:
        figures.append(figure)
