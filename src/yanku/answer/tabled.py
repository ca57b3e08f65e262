"""Findings of several figures, as sentences and as a table, every cell with its citations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yanku.answer.voice import Named, Voice
from yanku.answer.wording import period_worded
from yanku.model.answer import AnswerTable, Claim, TableCell
from yanku.model.finance import Company, Period
from yanku.model.inquiry import Finding, Fold, Inquiry, Row, Task


def row_claims(voice: Voice, inquiry: Inquiry, finding: Finding) -> tuple[Claim, ...]:
    """Return one sentence per figure, after what was counted or added up from them."""
    shape = _Shape.of(finding.rows)
    rows = [row for row in finding.rows if row.amount is not None]
    if inquiry.task is Task.RANK and inquiry.top == 1:
        rows = [row for row in rows if row.amount == rows[0].amount]  # The table has the others.
    joint, end = voice.pick("；", "; "), voice.pick("。", ".")
    told = tuple(
        Claim(
            _ordinal(
                inquiry, 1 + sum(1 for other in rows[: number - 1] if other.amount != row.amount)
            )
            + _row_said(voice, row, shape)
            + (joint if number < len(rows) else end),
            _numbers(row),
        )
        for number, row in enumerate(rows, start=1)
    )
    return (*_head(voice, inquiry, finding), *told)


def _head(voice: Voice, inquiry: Inquiry, finding: Finding) -> tuple[Claim, ...]:
    if inquiry.counted and finding.amount is not None:
        count = f"{finding.amount.value:f}"
        return (Claim(voice.pick(f"共{count}家。", f"{count} companies. ")),)
    if inquiry.task is Task.RANK and not finding.rows:
        return (Claim(voice.pick("没有公司符合。", "No company meets the condition.")),)
    if finding.amount is None:
        return ()
    every = tuple(range(1, len(finding.operands) + 1))
    if inquiry.task in {Task.DIFFERENCE, Task.MULTIPLE}:
        said, name = voice.amount(finding.amount), voice.name(inquiry.metrics[0])
        text = voice.pick(
            f"{name}：{finding.formula} = {said}。其中",
            f"{name}: {finding.formula} = {said}. Of which ",
        )
        return (Claim(text, every),)
    word = voice.pick("平均", "mean") if inquiry.fold is Fold.MEAN else voice.pick("合计", "total")
    name = voice.name(inquiry.metrics[0])
    said = voice.amount(finding.amount)
    text = voice.pick(
        f"{name}{word}为{said}（{finding.formula}）。其中",
        f"{name}, {word}: {said} ({finding.formula}). Of which ",
    )
    return (Claim(text, every),)


def _ordinal(inquiry: Inquiry, number: int) -> str:
    ordered = inquiry.task is Task.RANK and inquiry.top != 1
    return f"{number}. " if ordered else ""


def _row_said(voice: Voice, row: Row, shape: _Shape) -> str:
    if row.amount is None:
        raise AssertionError("a row without an amount is not said")
    company = row.company.name
    when, name = period_worded(row.period, voice.language), voice.name(row.measure)
    how = f" = {row.formula}" if row.formula and not shape.is_long else ""
    value = voice.amount(row.amount) + how
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
            len(rows) > 4,
        )


def table_of(finding: Finding, inquiry: Inquiry, named: Named) -> AnswerTable:
    """Return the figures as a table: periods or companies down, measures or companies across."""
    voice = Voice(inquiry.language, inquiry.unit, named)
    shape = _Shape.of(finding.rows)
    if len(shape.measures) == 1 and len(shape.companies) > 1 and len(shape.periods) > 1:
        return _companies_across(voice, finding, shape)
    keys = list(dict.fromkeys((row.company.code, row.period) for row in finding.rows))
    cells = {(row.company.code, row.period, row.measure): row for row in finding.rows}
    names = {company.code: company.name for company in shape.companies}
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
    cells = {(row.company.code, row.period): row for row in finding.rows}
    return AnswerTable(
        (voice.pick("期间", "Period"), *(company.name for company in shape.companies)),
        tuple(
            (
                TableCell(period_worded(period, voice.language)),
                *(_cell(voice, cells.get((c.code, period))) for c in shape.companies),
            )
            for period in sorted(shape.periods, key=lambda p: (p.end, p.start or p.end))
        ),
    )


def _cell(voice: Voice, row: Row | None) -> TableCell:
    if row is None or row.amount is None:
        return TableCell("")
    return TableCell(voice.amount(row.amount), row.amount, _numbers(row))
