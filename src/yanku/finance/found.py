"""Findings that are several: each with what it is about, as rows of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from yanku.finance.desk import Desk
from yanku.finance.lack import Lack
from yanku.model.amount import Amount
from yanku.model.finance import Company, Fact, Period
from yanku.model.inquiry import Cause, Finding, Missing, Operand, Row
from yanku.model.library import DocumentId


@dataclass(frozen=True, slots=True)
class Found:
    """One of several findings, and what it is about."""

    company: Company
    name: str
    period: Period
    finding: Finding

    @property
    def amount(self) -> Amount:
        """Return the figure; what is measured has one."""
        if self.finding.amount is None:
            raise AssertionError("a measure has an amount")
        return self.finding.amount


def missing_beside(lack: Lack, known: Sequence[Found], desk: Desk) -> Missing:
    """Return what lacks, with the figures that it was to be compared with or added to."""
    missing = desk.missing(lack)
    return replace(missing, known=rows_of(known)) if known else missing


def rows_of(found: Sequence[Found]) -> Finding:
    """Return several findings as the rows of one; a figure that several rest on is there once,
    and so is what a later document says instead of one.
    """
    operands: dict[tuple[Fact, DocumentId], Operand] = {}
    for item in found:
        for operand in item.finding.operands:
            operands.setdefault((operand.fact, operand.entry.id), operand)
    places = {key: at for at, key in enumerate(operands)}
    notes = dict.fromkeys(note for f in found for note in f.finding.assumptions)
    rows = tuple(_row(item, places) for item in found)
    instead = {(o.fact, o.entry.id): o for item in found for o in item.finding.otherwise}
    return Finding(
        tuple(operands.values()),
        assumptions=tuple(notes),
        rows=rows,
        otherwise=tuple(instead.values()),
    )


def _row(item: Found, places: Mapping[tuple[Fact, DocumentId], int]) -> Row:
    at = tuple(places[(o.fact, o.entry.id)] for o in item.finding.operands)
    return Row(item.company, item.name, item.period, item.amount, at, item.finding.formula)


def in_units(found: Sequence[Found]) -> Missing:
    """Return that figures in several currencies or units are not put together."""
    units = dict.fromkeys(item.amount.unit for item in found)
    operands = tuple(operand for item in found for operand in item.finding.operands)
    return Missing("、".join(units), True, Cause.UNITS, operands=operands)
