"""The story of a fixed part: what and whose report is asked for, to what stands there."""

from __future__ import annotations

from collections.abc import Sequence

from yanku.finance.fiscal import is_of
from yanku.finance.names import known_as
from yanku.model.chapter import FixedPart
from yanku.model.finance import ReportKind
from yanku.model.inquiry import Inquiry
from yanku.model.library import Entry
from yanku.model.people import Scope
from yanku.model.search import Hit
from yanku.ports import Library

_MOST = 3
"""Companies of one question whose reports are read."""


class FixedParts:
    """Reads the parts of reports of a fixed form that answer a kind of question."""

    def __init__(self, library: Library) -> None:
        self._library = library

    async def hits(self, inquiry: Inquiry, part: FixedPart, *, scope: Scope) -> tuple[Hit, ...]:
        """Return the chunks of a part, in reading order; none if no report has it.

        Of each company one report is read: the one on the period asked about, else the latest,
        a report on a year before one on a part of it.
        """
        hits: list[Hit] = []
        for company in inquiry.companies[:_MOST]:
            entries = await self._library.headed(
                part.heading, companies=known_as(company), scope=scope
            )
            entry = _best(entries, inquiry)
            if entry is not None:
                found = await self._library.under(part.heading, document=entry.id, scope=scope)
                hits += [Hit(chunk, e.name, e.profile, 0.0, {}) for chunk, e in found]
        return tuple(hits)


def _best(entries: Sequence[Entry], inquiry: Inquiry) -> Entry | None:
    """Return the report to read; none if one is asked for by its period and is not here."""
    if inquiry.periods:
        entries = [e for e in entries if any(is_of(e.profile, p) for p in inquiry.periods)]
    return min(
        entries, key=lambda entry: entry.profile.report is not ReportKind.ANNUAL, default=None
    )
