"""Works an answer out from cells of one table: a change, a mean, a ratio, a count of years."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from yanku.answer.cells import is_of_company
from yanku.answer.evidence import Line
from yanku.answer.series import Cell, Series, alike, chosen, is_said, series_of
from yanku.answer.stated import Words
from yanku.answer.wording import worded
from yanku.answer.workings import Bound, Work, Working, asks_for_share, working_of
from yanku.model.amount import Amount, find_amounts
from yanku.model.answer import Calculation, Citation, Claim, Grounded, Operand
from yanku.model.inquiry import Inquiry

_ADD = re.compile(r"^(?!.*\b(?:sum|combined)\b).*\btotal\b", re.IGNORECASE)
"""A question that says total and no other word for adding up."""
_MONEY = frozenset({"CNY", "USD", "HKD", "EUR", "GBP"})
_COUNTED = re.compile(
    r"\b(?:numbers?|shares?|employees?|headcount|units?|stores?|days|years|months|rates?|ratios?"
    r"|weighted|average number|percent\w*|tons?|barrels?|ounces?|customers?|subscribers?|members?"
    r"|square)\b|%",
    re.IGNORECASE,
)
"""What a row says that counts something else than money."""
_FAR = 100
"""A bound so many times larger or smaller than every figure is at another scale than they."""


def asks_for_work(inquiry: Inquiry, words: Words) -> bool:
    """Tell whether a question is one that cells of a table could answer; only English is read."""
    return inquiry.language == "en" and working_of(inquiry.question, words) is not None


def asks_for_one(inquiry: Inquiry, words: Words) -> bool:
    """Tell whether a question asks for one figure as it is printed."""
    working = working_of(inquiry.question, words) if inquiry.language == "en" else None
    one = working is None or working.work is Work.FIGURE
    return one and inquiry.figure and not inquiry.unknown and len(inquiry.periods) < 2


def result_asked(inquiry: Inquiry, words: Words) -> Work | None:
    """Return what a question asks to be worked out; None if it asks for what is printed."""
    working = working_of(inquiry.question, words) if inquiry.language == "en" else None
    printed = working is None or working.work in {Work.FIGURE, Work.FIGURES}
    return None if working is None or printed else working.work


def worked_out(inquiry: Inquiry, lines: Sequence[Line], words: Words) -> Grounded | None:
    """Return an answer if one series of cells is what the question speaks of, else None."""
    working = working_of(inquiry.question, words) if inquiry.language == "en" else None
    if working is None:
        return None
    series = series_of([line for line in lines if is_of_company(inquiry, line)], words)
    if working.years:
        series = [one for one in series if set(_years(working, one)) & set(one.years)]
    if len(working.topics) < 2:
        series = [one for one in series if all(cell.dated for cell in one.cells)]
    found = [one for topic in working.topics if (one := chosen(topic, series)) is not None]
    if len(found) != len(working.topics) or not alike(found, working.topics):
        return None
    if working.work is Work.FIGURE and not is_said(working.topics[0], found[0]):
        return None  # The price of shares is not their number, though both stand there.
    if working.work is Work.SUM and "total" in found[0].label and _ADD.search(inquiry.question):
        return None  # "Total expenses in 2023 and 2024" are two figures of a row of that name.
    cells = _cells(working, found)
    return _answer(inquiry, working, cells) if cells else None


def _cells(working: Working, found: Sequence[Series]) -> tuple[Cell, ...]:
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
    years = _years(working, series)
    if working.through and len(years) == 2:
        years = tuple(range(min(years), max(years) + 1))
    cells = [series.of(year) for year in sorted(years, reverse=True)]
    taken = tuple(cell for cell in cells if cell is not None)
    return taken if len(taken) == len(cells) else ()


def _years(working: Working, series: Series) -> tuple[int, ...]:
    """Return the years asked for; a change in one year is that on the year before."""
    apart = working.work in {Work.CHANGE, Work.GROWTH}
    if apart and len(working.years) == 1:
        return (working.years[0] - 1, working.years[0])
    return working.years or series.years


def _answer(inquiry: Inquiry, working: Working, cells: tuple[Cell, ...]) -> Grounded | None:
    amounts = [cell.stated.amount for cell in cells]
    if working.work is Work.LARGER_YEAR or working.work is Work.SMALLER_YEAR:
        return _year(inquiry, working, cells)
    if working.bound is not None:
        return _beyond(inquiry, working.work, working.bound, cells)
    if working.work is Work.FIGURES:
        return _figures(inquiry, cells)
    if working.work is Work.FIGURE:
        fits = amounts[0].unit == "%" or not asks_for_share(inquiry.question)
        return _figure(inquiry, cells[0]) if len(cells) == 1 and fits else None
    result = _result(working.work, _of_one_money(cells))
    if result is None:
        return None
    names = _names(cells)
    formula = _formula(working.work, names)
    operands = tuple(
        Operand(name, amount, number)
        for number, (name, amount) in enumerate(zip(names, amounts, strict=True), start=1)
    )
    every = tuple(range(1, len(cells) + 1))
    said = worded(result, inquiry.language, inquiry.unit, inquiry.decimals)
    ends = "." if inquiry.language == "en" else "。"
    return Grounded(
        claims=(Claim(f"{formula} = {said}{ends}", every),),
        citations=_citations(cells),
        amount=result,
        calculations=(Calculation(formula, operands, result),),
        assumptions=inquiry.assumptions,
    )


def _of_one_money(cells: Sequence[Cell]) -> list[Amount]:
    """Return the amounts of some cells, those without a sign of money in that of the others.

    A table prints the sign at its first row and at its sums only; what is counted in a table of
    money says that it is a number of something.
    """
    amounts = [cell.stated.amount for cell in cells]
    units = {amount.unit for amount in amounts} - {""}
    money = units.pop() if len(units) == 1 and units <= _MONEY else ""
    one_table = len({cell.line.source.chunk.document for cell in cells}) == 1
    if not money or not one_table or any(_COUNTED.search(c.stated.label) for c in cells):
        return amounts
    return [replace(amount, unit=amount.unit or money) for amount in amounts]


def _result(work: Work, amounts: Sequence[Amount]) -> Amount | None:
    values, unit = [amount.value for amount in amounts], amounts[0].unit
    if len({amount.unit for amount in amounts}) != 1:
        return None
    match work:
        case Work.SUM if len(values) > 1:
            return Amount(sum(values, Decimal(0)), unit)
        case Work.MEAN if len(values) > 1:
            return Amount(_rounded(sum(values, Decimal(0)) / len(values), values), unit)
        case Work.CHANGE if len(values) == 2:
            return Amount(values[0] - values[1], "pp" if unit == "%" else unit)
        case Work.GROWTH if len(values) == 2 and values[1]:
            return Amount((values[0] - values[1]) * 100 / abs(values[1]), "%")
        case Work.RATIO if len(values) == 2 and values[1]:
            return Amount(values[0] / values[1], "")
        case Work.SHARE if len(values) == 2 and values[1]:
            return Amount(values[0] * 100 / values[1], "%")
    return None


def _rounded(value: Decimal, operands: Sequence[Decimal]) -> Decimal:
    """Return a quotient to two decimals more than what it is made of prints."""
    exponents = (operand.normalize().as_tuple().exponent for operand in operands)
    places = max(0, *(-exponent for exponent in exponents if isinstance(exponent, int))) + 2
    short = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return value if value == short else short


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


def _names(cells: Sequence[Cell]) -> list[str]:
    return [f"“{cell.stated.label}” {cell.stated.header}".strip() for cell in cells]


def _citations(cells: Sequence[Cell]) -> tuple[Citation, ...]:
    return tuple(cell.line.citation(number) for number, cell in enumerate(cells, start=1))


def _figure(inquiry: Inquiry, cell: Cell) -> Grounded:
    said = worded(cell.stated.amount, inquiry.language, inquiry.unit, inquiry.decimals)
    english = inquiry.language == "en"
    text = f"{_names([cell])[0]}{': ' if english else '为'}{said}{'.' if english else '。'}"
    return Grounded(
        claims=(Claim(text, (1,)),),
        citations=_citations([cell]),
        amount=cell.stated.amount,
        assumptions=inquiry.assumptions,
    )


def _year(inquiry: Inquiry, working: Working, cells: tuple[Cell, ...]) -> Grounded | None:
    """Return the year in which a series is largest or smallest; None if two are equal."""
    if len(cells) < 2 or len({cell.stated.amount.unit for cell in cells}) != 1:
        return None
    pick = max if working.work is Work.LARGER_YEAR else min
    chosen = pick(cells, key=lambda cell: cell.stated.amount.value)
    if sum(cell.stated.amount == chosen.stated.amount for cell in cells) > 1:
        return None
    return Grounded(
        claims=_each(inquiry, cells),
        citations=_citations(cells),
        choice=str(chosen.year),
        assumptions=inquiry.assumptions,
    )


def _figures(inquiry: Inquiry, cells: tuple[Cell, ...]) -> Grounded | None:
    """Return the figure of each year; None for what is no share where one is asked for."""
    share = asks_for_share(inquiry.question)
    if len(cells) < 2 or (share and any(cell.stated.amount.unit != "%" for cell in cells)):
        return None
    return Grounded(
        claims=_each(inquiry, cells), citations=_citations(cells), assumptions=inquiry.assumptions
    )


def _beyond(inquiry: Inquiry, work: Work, bound: Bound, cells: tuple[Cell, ...]) -> Grounded | None:
    """Return in which years, or in how many, a series is beyond a bound; None if they cannot be
    compared.
    """
    printed = find_amounts(bound.than)
    amounts = [cell.stated.amount for cell in cells]
    if len(printed) != 1 or len({amount.unit for amount in amounts}) != 1 or len(cells) < 2:
        return None
    than = printed[0].amount
    if (than.unit == "%") is not (amounts[0].unit == "%"):
        return None
    largest = max(abs(amount.value) for amount in amounts)
    if not than.value or not largest or not 1 / _FAR < abs(than.value) / largest < _FAR:
        return None
    beyond = [
        cell
        for cell in cells
        if cell.stated.amount.value != than.value
        and (cell.stated.amount.value > than.value) is bound.above
    ]
    years = ", ".join(str(cell.year) for cell in beyond)
    if work is Work.YEARS and not beyond:
        return None
    said = years if work is Work.YEARS else f"{len(beyond)}{f' ({years})' if years else ''}"
    return Grounded(
        claims=(Claim(f"{said}. ", tuple(range(1, len(cells) + 1))), *_each(inquiry, cells)),
        citations=_citations(cells),
        amount=Amount(Decimal(len(beyond)), "") if work is Work.COUNT else None,
        choice=years if work is Work.YEARS else None,
        assumptions=inquiry.assumptions,
    )


def _each(inquiry: Inquiry, cells: Sequence[Cell]) -> tuple[Claim, ...]:
    """Return a sentence for each cell."""
    english = inquiry.language == "en"
    return tuple(
        Claim(
            f"{name}{': ' if english else '为'}"
            f"{worded(cell.stated.amount, inquiry.language, inquiry.unit, inquiry.decimals)}"
            f"{'. ' if english else '。'}",
            (number,),
        )
        for number, (name, cell) in enumerate(zip(_names(cells), cells, strict=True), start=1)
    )
