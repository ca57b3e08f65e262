"""Findings of several figures, as sentences and as a table, every cell with its citations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from yanku.answer.headline import headline
from yanku.answer.voice import Named, Voice, voice_of
from yanku.answer.wording import period_worded
from yanku.model.answer import AnswerTable, Claim, TableCell
from yanku.model.finance import Company, Period
from yanku.model.inquiry import Finding, Inquiry, Row, Task

_FEW = 4
"""Figures that are told one by one; more are for the table alone, and the text sums them up."""


def row_claims(voice: Voice, inquiry: Inquiry, finding: Finding) -> tuple[Claim, ...]:
    """Return a sentence or two: what was found, and the figures if they are few.

    Every figure stands in the table too, with the citations of its own.
    """
    shape = _Shape.of(finding.rows)
    rows = [row for row in finding.rows if row.amount is not None]
    if inquiry.task is Task.RANK and inquiry.top == 1 and not inquiry.beside:
        rows = [row for row in rows if row.amount == rows[0].amount]  # The table has the others.
    head = headline(voice, inquiry, finding, leads=len(rows) <= _FEW)
    if len(rows) > _FEW:
        return (*head, *_summed_up(voice, inquiry, rows, shape, alone=not head))
    joint, end = voice.pick("；", "; "), voice.pick("。", ".")
    told = tuple(
        Claim(
            _ordinal(inquiry, shape, rows, number)
            + _row_said(voice, row, shape)
            + (joint if number < len(rows) else end),
            _numbers(row),
        )
        for number, row in enumerate(rows, start=1)
    )
    return (*head, *told)


def rows_told(voice: Voice, rows: Sequence[Row]) -> str:
    """Return figures one by one with the marks of their sources."""
    shape = _Shape.of(rows)
    joint, end = voice.pick("；", "; "), voice.pick("。", ".")
    told = (
        _row_said(voice, row, shape) + "".join(f"[{number}]" for number in _numbers(row))
        for row in rows[:_FEW]
    )
    return joint.join(told) + end


def _summed_up(
    voice: Voice, inquiry: Inquiry, rows: Sequence[Row], shape: _Shape, *, alone: bool
) -> tuple[Claim, ...]:
    """Return what a reader wants of many figures before the table: how far they reach."""
    lines = _lines(rows)
    see = voice.pick("各数值及出处见表。", " The table has every figure and its source.")
    if inquiry.beside or inquiry.task is Task.RANK:
        # The first measure puts them in order; the table has what else they were chosen by.
        rows = [row for row in rows if row.measure == inquiry.metrics[0]]
        lines = _lines(rows)
    if inquiry.task is Task.RANK and len(lines) == len(rows):
        return (*_ends_of_order(voice, rows), Claim(see))
    if not alone or len(lines) > _FEW // 2 or len(shape.periods) < len(rows) // len(lines):
        return (Claim(see.lstrip() if alone else see),)
    return (*(claim for line in lines for claim in _course(voice, line)), Claim(see))


def _lines(rows: Sequence[Row]) -> list[list[Row]]:
    """Return the figures of each company's measure, in order."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row.company.code, row.measure), []).append(row)
    return list(found.values())


def _ends_of_order(voice: Voice, rows: Sequence[Row]) -> tuple[Claim, ...]:
    first, last = rows[0], rows[-1]
    names = voice.pick("、", ", ").join(voice.whose(row.company) for row in rows)
    when, name = period_worded(first.period, voice.language), voice.name(first.measure)
    one, other = _value(voice, first), _value(voice, last)
    most, least = voice.whose(first.company), voice.whose(last.company)
    return (
        Claim(voice.pick(f"{when}{name}依次为：{names}。", f"{name}, {when}, in order: {names}. ")),
        Claim(voice.pick(f"{most}为{one}", f"{most}: {one}"), _numbers(first)),
        Claim(voice.pick(f"，{least}为{other}。", f"; {least}: {other}."), _numbers(last)),
    )


def _course(voice: Voice, line: Sequence[Row]) -> tuple[Claim, ...]:
    """Say where a measure began and ended, and its highest and lowest where they lie between."""
    first, last = line[0], line[-1]
    value = {id(row): row.amount.value for row in line if row.amount is not None}
    high, low = (pick(line, key=lambda row: value[id(row)]) for pick in (max, min))
    whose = f"{first.company.name}{voice.pick('', ': ')}{voice.name(first.measure)}"
    told = [(f"{whose}{voice.pick('：', ', ')}", first), (voice.pick("，", "; "), last)]
    for word, row in ((voice.pick("；最高为", "; highest "), high),
                      (voice.pick("；最低为", "; lowest "), low)):  # fmt: skip
        if row is not first and row is not last:
            told.append((word, row))
    end = voice.pick("。", ". ")
    return (
        *(Claim(f"{word}{_dated(voice, row)}", _numbers(row)) for word, row in told),
        Claim(end),
    )


def _dated(voice: Voice, row: Row) -> str:
    return f"{period_worded(row.period, voice.language)}{voice.pick('', ': ')}{_value(voice, row)}"


def _value(voice: Voice, row: Row) -> str:
    if row.amount is None:
        raise AssertionError("a row without an amount is not said")
    return voice.amount(row.amount)


def _ordinal(inquiry: Inquiry, shape: _Shape, rows: Sequence[Row], number: int) -> str:
    single = len(shape.measures) == 1 and len(shape.periods) == 1
    if inquiry.task is not Task.RANK or inquiry.top == 1 or not single:
        return ""
    row = rows[number - 1]
    return f"{1 + sum(1 for other in rows[: number - 1] if other.amount != row.amount)}. "


def _row_said(voice: Voice, row: Row, shape: _Shape) -> str:
    company = voice.whose(row.company)
    when, name = period_worded(row.period, voice.language), voice.name(row.measure)
    how = f" = {row.formula}" if row.formula and not shape.is_long else ""
    value = _value(voice, row) + how
    return voice.pick(f"{company}{when}{name}为{value}", f"{company}: {name}, {when}, was {value}")


def _numbers(row: Row) -> tuple[int, ...]:
    return tuple(at + 1 for at in row.operands)


@dataclass(frozen=True, slots=True)
class _Shape:
    """What differs between the rows: that is what the table shows."""

    companies: tuple[Company, ...]
    periods: tuple[Period, ...]
    measures: tuple[str, ...]
    is_long: bool

    @classmethod
    def of(cls, rows: Sequence[Row]) -> _Shape:
        return cls(
            tuple({row.company.code: row.company for row in rows}.values()),
            tuple(dict.fromkeys(row.period for row in rows)),
            tuple(dict.fromkeys(row.measure for row in rows)),
            len(rows) > _FEW,
        )


def table_of(finding: Finding, inquiry: Inquiry, named: Named) -> AnswerTable:
    """Return the figures as a table: periods or companies down, measures or companies across."""
    voice = voice_of(inquiry, named)
    shape = _Shape.of(finding.rows)
    if len(shape.measures) == 1 and len(shape.companies) > 1 and len(shape.periods) > 1:
        return _companies_across(voice, finding, shape)
    keys = list(dict.fromkeys((row.company.code, row.period) for row in finding.rows))
    cells = {(row.company.code, row.period, row.measure): row for row in finding.rows}
    names = {one.code: voice.whose(one) for one in shape.companies}
    many = len(shape.companies) > 1
    several = len(shape.periods) > 1 or not many
    columns = (
        *((voice.pick("公司", "Company"),) if many else ()),
        *((voice.pick("期间", "Period"),) if several else ()),
        *(voice.name(measure) for measure in shape.measures),
    )
    return AnswerTable(
        columns,
        tuple(
            (
                *((TableCell(names[code]),) if many else ()),
                *((TableCell(period_worded(period, voice.language)),) if several else ()),
                *(_cell(voice, cells.get((code, period, m))) for m in shape.measures),
            )
            for code, period in keys
        ),
    )


def _companies_across(voice: Voice, finding: Finding, shape: _Shape) -> AnswerTable:
    columns = (voice.pick("期间", "Period"), *(voice.whose(one) for one in shape.companies))
    if (years := _by_fiscal_year(finding, shape)) is not None:
        return AnswerTable(columns, tuple(_year_row(voice, shape, *one) for one in years.items()))
    cells = {(row.company.code, row.period): row for row in finding.rows}
    return AnswerTable(
        columns,
        tuple(
            (
                TableCell(period_worded(period, voice.language)),
                *(_cell(voice, cells.get((c.code, period))) for c in shape.companies),
            )
            for period in sorted(shape.periods, key=lambda p: (p.end, p.start or p.end))
        ),
    )


def _by_fiscal_year(finding: Finding, shape: _Shape) -> dict[int, dict[str, Row]] | None:
    """Return the figures by the year they end in, where each company ends its years on other days.

    None where a row for each period leaves no gaps, or one company has two periods in a year.
    """
    years = {period.end.year for period in shape.periods}
    full = all(period.is_instant or period.is_twelve_months for period in shape.periods)
    cells = {(row.period.end.year, row.company.code): row for row in finding.rows}
    if len(years) == len(shape.periods) or not full or len(cells) < len(finding.rows):
        return None
    return {
        year: {code: row for (at, code), row in cells.items() if at == year}
        for year in sorted(years)
    }


def _year_row(
    voice: Voice, shape: _Shape, year: int, rows: Mapping[str, Row]
) -> tuple[TableCell, ...]:
    """Return the row of a year: each figure tells on which day its own year ends."""
    cells = [_cell(voice, rows.get(one.code)) for one in shape.companies]
    dated = [
        replace(cell, text=f"{cell.text} ({period_worded(row.period, voice.language)})")
        if (row := rows.get(one.code)) is not None and cell.amount is not None
        else cell
        for one, cell in zip(shape.companies, cells, strict=True)
    ]
    return (TableCell(voice.pick(f"{year}（各自财年）", f"{year} (own fiscal years)")), *dated)


def _cell(voice: Voice, row: Row | None) -> TableCell:
    if row is None or row.amount is None:
        return TableCell("")
    return TableCell(voice.amount(row.amount), row.amount, _numbers(row))
