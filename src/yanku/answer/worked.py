"""Works an answer out from cells of one table: a change, a mean, a sum, a ratio, the larger year.

label      | 2024: 120 | 2023: 100       cells that differ only in their year are one series;
2024 | label: 120                        the question's words must choose exactly one, and
every word must be explained by what stands there
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from yanku.answer.cells import is_of_company
from yanku.answer.evidence import Line
from yanku.answer.stated import Stated, Words, headers_of, undated, years_in
from yanku.answer.wording import worded
from yanku.answer.workings import Work, Working, asks_for_share, content, working_of
from yanku.model.amount import Amount
from yanku.model.answer import Calculation, Citation, Claim, Grounded, Operand
from yanku.model.inquiry import Inquiry

_LABEL_SHARE = 0.6
_ADD = re.compile(r"^(?!.*\b(?:sum|combined)\b).*\btotal\b", re.IGNORECASE)
"""A question that says total and no other word for adding up."""
_OPTIONAL = frozenset({"total"})
"""A word that tells one row from another, and that is said of rows that do not say it."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """An amount of a table, the line it stands on, and its year."""

    line: Line
    stated: Stated
    year: int


@dataclass(frozen=True, slots=True)
class _Series:
    """Cells that differ only in their year, with the words that say what they are."""

    label: frozenset[str]
    header: frozenset[str]
    around: frozenset[str]
    cells: tuple[_Cell, ...]
    whole: frozenset[int]
    """Every year that stands on the lines of the cells, whatever else their headers say."""

    def of(self, year: int) -> _Cell | None:
        """Return the cell of a year; None if there is none, or two that differ."""
        found = [cell for cell in self.cells if cell.year == year]
        same = len({cell.stated.amount for cell in found}) == 1
        return found[0] if same else None

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(sorted({cell.year for cell in self.cells}))


def asks_for_work(inquiry: Inquiry, words: Words) -> bool:
    """Tell whether a question is one that cells of a table could answer; only English is read."""
    return inquiry.language == "en" and working_of(inquiry.question, words) is not None


def asks_for_one(inquiry: Inquiry, words: Words) -> bool:
    """Tell whether a question asks for one figure as it is printed."""
    working = working_of(inquiry.question, words) if inquiry.language == "en" else None
    one = working is None or working.work is Work.FIGURE
    return one and inquiry.figure and not inquiry.unknown and len(inquiry.periods) < 2


def worked_out(inquiry: Inquiry, lines: Sequence[Line], words: Words) -> Grounded | None:
    """Return an answer if one series of cells is what the question speaks of, else None."""
    working = working_of(inquiry.question, words) if inquiry.language == "en" else None
    if working is None:
        return None
    series = _series([line for line in lines if is_of_company(inquiry, line)], words)
    chosen = [_chosen(topic, series) for topic in working.topics]
    found = [one for one in chosen if one is not None]
    if len(found) != len(working.topics):
        return None
    if working.work is Work.SUM and "total" in found[0].label and _ADD.search(inquiry.question):
        return None  # "Total expenses in 2023 and 2024" are two figures of a row of that name.
    cells = _cells(working, found)
    return _answer(inquiry, working, cells) if cells else None


def _series(lines: Sequence[Line], words: Words) -> list[_Series]:
    groups: dict[tuple[str, frozenset[str], frozenset[str]], list[_Cell]] = {}
    around: dict[tuple[str, frozenset[str], frozenset[str]], frozenset[str]] = {}
    for line in lines:
        for stated in line.stated():
            years = years_in(stated.header) or years_in(stated.label)
            if len(years) != 1 or not (stated.label and stated.header):
                continue
            label, header = (
                _stems(content(words(undated(t)))) for t in (stated.label, stated.header)
            )
            key = (line.source.chunk.document, label, header)
            groups.setdefault(key, []).append(_Cell(line, stated, years[0]))
            around.setdefault(key, _stems(words(line.source.chunk.context)))
    return [
        _Series(k[1], k[2], around[k], tuple(cells), _years_on(cells))
        for k, cells in groups.items()
    ]


def _years_on(cells: Sequence[_Cell]) -> frozenset[int]:
    """Return the years of every cell on the lines, also of those in which no amount is read."""
    return frozenset(
        year
        for cell in cells
        for header in headers_of(cell.line.text)
        for year in years_in(header) or years_in(cell.stated.label)
    )


def _stems(found: Sequence[str]) -> frozenset[str]:
    """Return words without the s of a plural: a question says them either way."""
    return frozenset(
        word[:-1] if word.isascii() and len(word) > 3 and word.endswith("s") else word
        for word in found
    )


def _chosen(topic: frozenset[str], series: Sequence[_Series]) -> _Series | None:
    """Return the one series a topic names: the fewest words too many, and none unexplained."""
    said = _stems(tuple(topic))
    ranked: list[tuple[tuple[int, int], _Series]] = []
    for one in series:
        here = one.label | one.header
        if not said & here or not said - _OPTIONAL <= here | one.around:
            continue
        if len(one.label & said) < _LABEL_SHARE * len(one.label):
            continue
        ranked.append(((len(said - here), len(here - said)), one))
    if not ranked:
        return None
    best = min(rank for rank, _ in ranked)
    found = [one for rank, one in ranked if rank == best]
    values = {tuple((c.year, c.stated.amount) for c in one.cells) for one in found}
    return found[0] if len(values) == 1 else None


def _cells(working: Working, found: Sequence[_Series]) -> tuple[_Cell, ...]:
    """Return the cells to work with, the later year or the first topic first; none if one lacks."""
    if len(found) == 2:
        shared = set(found[0].years) & set(found[1].years)
        years = working.years or (tuple(shared) if len(shared) == 1 else ())
        if len(years) != 1:
            return ()
        pairs = [one.of(years[0]) for one in found]
        return tuple(cell for cell in pairs if cell is not None) if all(pairs) else ()
    [series] = found
    if not working.years and series.whole != frozenset(series.years):
        return ()  # A year's cell is headed otherwise, and would be left out unseen.
    years = working.years or series.years
    if working.through and len(years) == 2:
        years = tuple(range(min(years), max(years) + 1))
    cells = [series.of(year) for year in sorted(years, reverse=True)]
    taken = tuple(cell for cell in cells if cell is not None)
    return taken if len(taken) == len(cells) else ()


def _answer(inquiry: Inquiry, working: Working, cells: tuple[_Cell, ...]) -> Grounded | None:
    amounts = [cell.stated.amount for cell in cells]
    if working.work is Work.LARGER_YEAR or working.work is Work.SMALLER_YEAR:
        return _year(inquiry, working, cells)
    if working.work is Work.FIGURE:
        fits = amounts[0].unit == "%" or not asks_for_share(inquiry.question)
        return _figure(inquiry, cells[0]) if len(cells) == 1 and fits else None
    result = _result(working.work, amounts)
    if result is None:
        return None
    names = _names(cells)
    formula = _formula(working.work, names)
    operands = tuple(
        Operand(name, amount, number)
        for number, (name, amount) in enumerate(zip(names, amounts, strict=True), start=1)
    )
    every = tuple(range(1, len(cells) + 1))
    said = worded(result, inquiry.language, inquiry.unit)
    ends = "." if inquiry.language == "en" else "。"
    return Grounded(
        claims=(Claim(f"{formula} = {said}{ends}", every),),
        citations=_citations(cells),
        amount=result,
        calculations=(Calculation(formula, operands, result),),
        assumptions=inquiry.assumptions,
    )


def _result(work: Work, amounts: Sequence[Amount]) -> Amount | None:
    values, unit = [amount.value for amount in amounts], amounts[0].unit
    if len({amount.unit for amount in amounts}) != 1:
        return None
    match work:
        case Work.SUM if len(values) > 1:
            return Amount(sum(values, Decimal(0)), unit)
        case Work.MEAN if len(values) > 1:
            return Amount(sum(values, Decimal(0)) / len(values), unit)
        case Work.CHANGE if len(values) == 2:
            return Amount(values[0] - values[1], "pp" if unit == "%" else unit)
        case Work.GROWTH if len(values) == 2 and values[1]:
            return Amount((values[0] - values[1]) * 100 / abs(values[1]), "%")
        case Work.RATIO if len(values) == 2 and values[1]:
            return Amount(values[0] / values[1], "")
        case Work.SHARE if len(values) == 2 and values[1]:
            return Amount(values[0] * 100 / values[1], "%")
    return None


def _formula(work: Work, names: Sequence[str]) -> str:
    match work:
        case Work.SUM:
            return " + ".join(names)
        case Work.MEAN:
            return f"({' + '.join(names)}) ÷ {len(names)}"
        case Work.CHANGE:
            return f"{names[0]} − {names[1]}"
        case Work.GROWTH:
            return f"({names[0]} − {names[1]}) ÷ |{names[1]}| × 100%"
        case Work.SHARE:
            return f"{names[0]} ÷ {names[1]} × 100%"
        case _:
            return f"{names[0]} ÷ {names[1]}"


def _names(cells: Sequence[_Cell]) -> list[str]:
    return [f"“{cell.stated.label}” {cell.stated.header}".strip() for cell in cells]


def _citations(cells: Sequence[_Cell]) -> tuple[Citation, ...]:
    return tuple(cell.line.citation(number) for number, cell in enumerate(cells, start=1))


def _figure(inquiry: Inquiry, cell: _Cell) -> Grounded:
    said = worded(cell.stated.amount, inquiry.language, inquiry.unit)
    english = inquiry.language == "en"
    text = f"{_names([cell])[0]}{': ' if english else '为'}{said}{'.' if english else '。'}"
    return Grounded(
        claims=(Claim(text, (1,)),),
        citations=_citations([cell]),
        amount=cell.stated.amount,
        assumptions=inquiry.assumptions,
    )


def _year(inquiry: Inquiry, working: Working, cells: tuple[_Cell, ...]) -> Grounded | None:
    """Return the year in which a series is largest or smallest; None if two are equal."""
    if len(cells) < 2 or len({cell.stated.amount.unit for cell in cells}) != 1:
        return None
    pick = max if working.work is Work.LARGER_YEAR else min
    chosen = pick(cells, key=lambda cell: cell.stated.amount.value)
    if sum(cell.stated.amount == chosen.stated.amount for cell in cells) > 1:
        return None
    english = inquiry.language == "en"
    claims = tuple(
        Claim(
            f"{name}{': ' if english else '为'}"
            f"{worded(cell.stated.amount, inquiry.language, inquiry.unit)}"
            f"{'. ' if english else '。'}",
            (number,),
        )
        for number, (name, cell) in enumerate(zip(_names(cells), cells, strict=True), start=1)
    )
    return Grounded(
        claims=claims,
        citations=_citations(cells),
        choice=str(chosen.year),
        assumptions=inquiry.assumptions,
    )
