"""Takes dividends per share from where American reports say them: in equity statements, in words.

Dividends declared ($1.20 per share)   (240)     a row between two balances is of the year that
Balance at December 31, 2031           1,940     the second of them closes
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from yanku.finance.labels import plain
from yanku.finance.periods import is_twelve_months
from yanku.finance.rows import Row, rows_of
from yanku.model.amount import Amount
from yanku.model.document import Document, Paragraph, Table
from yanku.model.finance import (
    Company,
    Consolidation,
    Fact,
    Period,
    Profile,
    Statement,
)
from yanku.model.place import Place

METRIC = "dividend_per_share"
_OTHER = re.compile(
    r"\b(?:preferred|preference|series|class [a-c]|special|quarterly|per quarter)\b"
)
_EACH = re.compile(r"\$? ?(\d{1,3}\.\d{1,4})(?!\d)")
_IN_LABEL = re.compile(
    r"\bdividends?\b.{0,40}?[(,:] ?(?P<said>\$ ?\d+\.\d+(?:(?:,| and|, and) \$ ?\d+\.\d+)*) per "
    r"(?:common |ordinary )?share"
)
"""Dividends declared ($1.20 per share): of one year, or of several side by side."""
_AFTER = re.compile(
    r"\bdividends?\b.{0,40}\bper (?:common |ordinary )?share:\s*(?P<said>\$ ?\d+\.\d+)$"
)
_A_ROW = re.compile(r"\bdividends?\b.{0,60}\bper (?:common |ordinary )?share(?: or \w+)?$")
_BALANCE = re.compile(r"^(?:ending |closing )?balances?\b|\bend of (?:the )?(?:year|period)\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_TOTALED = re.compile(
    r"\bdividends?\b[^;]{0,60}?\b(?:in|for|during) (?:fiscal )?(?:year )?(?P<year>(?:19|20)\d\d) "
    r"(?:totaled|totalled|were|was|amounted to|of) \$ ?(?P<said>\d+\.\d+) per (?:common )?share"
)
_PAID = re.compile(
    r"\bdividends?\b.{0,30}\b(?:paid|declared)\b|\b(?:paid|declared)\b.{0,30}\bdividends?\b"
)
_BRACKETED = re.compile(
    r"\(\$ ?(?P<said>\d+\.\d+) per (?:common )?share\) ?(?:in|for|during) (?:fiscal )?"
    r"(?P<year>(?:19|20)\d\d)"
)
_Years = Mapping[int, Period]


def dividends_in(
    document: Document, facts: Sequence[Fact], profile: Profile, company: Company
) -> tuple[Fact, ...]:
    """Return dividends per common share for the years of which a report has other figures.

    None for a year for which a statement prints the line itself, or of which two places differ.
    """
    years = _years(facts, profile)
    known = {fact.period for fact in facts if fact.metric == METRIC}
    found: dict[Period, list[Fact]] = {}
    for period, value, label, place, column in _said(document, years):
        unit = next((f.amount.unit for f in facts if f.period == period), "")
        if period in known or "/" in unit or len(unit) != len("USD"):
            continue
        fact = Fact(
            company=company,
            metric=METRIC,
            label=label,
            period=period,
            consolidation=Consolidation.CONSOLIDATED,
            statement=Statement.EQUITY,
            amount=Amount(value, f"{unit}/share"),
            place=place,
            column=column,
        )
        found.setdefault(period, []).append(fact)
    alike = (one for one in found.values() if len({fact.amount for fact in one}) == 1)
    return tuple(one[0] for one in alike)


def _years(facts: Sequence[Fact], profile: Profile) -> _Years:
    """Return the years of the income statement by the names the company gives them."""
    behind = profile.behind or 0
    named: dict[int, set[Period]] = {}
    for fact in facts:
        if fact.statement is Statement.INCOME and is_twelve_months(fact.period):
            named.setdefault(fact.period.end.year - behind, set()).add(fact.period)
    return {year: periods.pop() for year, periods in named.items() if len(periods) == 1}


_Said = tuple[Period, Decimal, str, Place, str]


def _said(document: Document, years: _Years) -> Iterator[_Said]:
    for block in document.body:
        if isinstance(block, Table):
            yield from _in_rows(rows_of(block), years)
        elif isinstance(block, Paragraph):
            yield from _in_text(block, years)


def _in_rows(rows: Sequence[Row], years: _Years) -> Iterator[_Said]:
    heads = _years_over(rows, years)
    for n, row in enumerate(rows):
        label = " ".join(row.cells[0].text.split())
        text = plain(label)
        if _OTHER.search(text) or "dividend" not in text:
            continue
        within = _IN_LABEL.search(text) or _AFTER.search(text)
        if within is not None:
            values = [Decimal(value) for value in _EACH.findall(within["said"])]
            periods = (
                [_closed_below(rows[n + 1 :], years)]
                if len(values) == 1
                else list(dict.fromkeys(heads.values()))
            )
            if len(values) == len(periods):
                for period, value in zip(periods, values, strict=True):
                    if period is not None:
                        yield period, value, label, row.cells[0].place, ""
        elif _A_ROW.search(text):
            for cell in row.cells[1:]:
                period = heads.get(cell.column)
                said = _EACH.fullmatch(cell.text.strip())
                if period is not None and said is not None:
                    yield period, Decimal(said[1]), label, cell.place, str(period.end.year)


def _years_over(rows: Sequence[Row], years: _Years) -> dict[int, Period]:
    """Return the year over each column, where the rows before the first figures name it."""
    found: dict[int, Period] = {}
    for row in rows:
        if row.has_amounts and not any(_YEAR.fullmatch(c.text.strip()) for c in row.cells):
            break
        for cell in row.cells:
            said = _YEAR.findall(cell.text)
            if len(said) == 1 and int(said[0]) in years and cell.column > 0:
                found[cell.column] = years[int(said[0])]
    return found


def _closed_below(rows: Sequence[Row], years: _Years) -> Period | None:
    """Return the year that the next balance closes."""
    for row in rows:
        text = plain(row.cells[0].text)
        if _BALANCE.search(text):
            said = [int(year) for year in _YEAR.findall(text)]
            ends = [period for period in years.values() if period.end.year in said]
            return ends[0] if len(said) == 1 and len(ends) == 1 else None
    return None


def _in_text(block: Paragraph, years: _Years) -> Iterator[_Said]:
    text = plain(block.text)
    for m in _TOTALED.finditer(text):
        sentence = text[text.rfind(". ", 0, m.start()) + 1 : m.end()]
        if not _OTHER.search(sentence) and int(m["year"]) in years:
            yield years[int(m["year"])], Decimal(m["said"]), m[0], block.place, ""
    paid = _PAID.search(text)
    if paid is None:
        return
    for m in _BRACKETED.finditer(text, paid.start()):
        if not _OTHER.search(text[paid.start() : m.start()]) and int(m["year"]) in years:
            yield years[int(m["year"])], Decimal(m["said"]), m[0], block.place, ""
