"""How plainly the rows of a passage state the figures that an inquiry asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yanku.finance.bearing import figures_of
from yanku.finance.columns import Column, Role, Setting, columns_of
from yanku.finance.labels import bare
from yanku.finance.ontology import Ontology
from yanku.finance.sections import section_of, speaks_of_others, speaks_of_parts
from yanku.model.finance import Consolidation, Period, Profile, Statement
from yanku.model.inquiry import Inquiry

_SEPARATOR = " | "
_ROW = 6
"""A row of the very name, or with a figure of the period, ``_OF_PERIOD`` more."""
_OF_PERIOD = 4
_COLUMN = 1
"""A column of the name: a table of parts, whose rows are products or subsidiaries."""
_STATEMENT = 2
"""Other rows of statements beside it: a table of the whole company."""
_SUMMARY = 2
"""A list of key figures, which says no more than is asked."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of a table: its label, and the headers of its figures."""

    label: str
    headers: tuple[str, ...]


class Stating:
    """Weighs passages by how plainly they state what an inquiry asks for."""

    def __init__(self, inquiry: Inquiry, ontology: Ontology) -> None:
        self._parent = inquiry.consolidation is Consolidation.PARENT
        self._ontology = ontology
        self._figures = figures_of(inquiry, ontology)
        self._names = {metric: ontology.metrics[metric].labels for metric, _ in self._figures}

    def weight(self, text: str, context: str, profile: Profile) -> int:
        """Return how plainly the rows of a passage state the figures asked for; 0 is not at all."""
        rows = list(_rows(text))
        stated = max(
            (
                self._stated(row, metric, period, profile)
                for row in rows
                for metric, period in self._figures
            ),
            default=0,
        )
        return stated + self._standing(rows, text, context) if stated >= _ROW else stated

    def _stated(self, row: _Row, metric: str, period: Period, profile: Profile) -> int:
        names = self._names[metric]
        if row.label not in names:
            return _COLUMN * any(bare(header) in names for header in row.headers)
        columns = _columns(row, profile)
        known = any(period in (column.duration, column.instant) for column in columns)
        return _ROW + _OF_PERIOD * known

    def _standing(self, rows: Sequence[_Row], text: str, context: str) -> int:
        """Return what the table around a row tells of it."""
        way = context.split(" > ")[1:]
        own = [line for line in text.splitlines()[:2] if _SEPARATOR not in line]
        if any(speaks_of_others(line) or speaks_of_parts(line) for line in (*way[-1:], *own)):
            return -_ROW + 1
        titled = section_of(own)
        section = titled or section_of(way)
        if section is not None and section.consolidation is Consolidation.PARENT:
            return 0 if self._parent else -_OF_PERIOD
        named = (self._ontology.metric_of(row.label, Statement.KEY_INDICATORS) for row in rows)
        known = {m.id: m.statement for m in named if m is not None and not m.printed_only}
        summary = titled is not None and titled.statement is Statement.KEY_INDICATORS
        return _STATEMENT * (len(known) > 1) + _SUMMARY * (summary or len({*known.values()}) > 1)


def _rows(text: str) -> Iterator[_Row]:
    for line in text.splitlines():
        label, *cells = line.split(_SEPARATOR)
        filled = [cell.rpartition(": ") for cell in cells]
        headers = tuple(header for header, _, value in filled if any(c.isdigit() for c in value))
        if headers:
            yield _Row(bare(label), headers)


def _columns(row: _Row, profile: Profile) -> Sequence[Column]:
    setting = Setting(profile.report, profile.period, behind=profile.behind or 0)
    found = columns_of({n: [header] for n, header in enumerate(row.headers)}, setting)
    return [column for column in found.values() if column.role is Role.VALUE]
