"""From which day a document counts as public, where it does not say so itself."""

from __future__ import annotations

from datetime import date, datetime

from yanku.finance.periods import month_end
from yanku.model.finance import Profile, ReportKind

_MONTHS = {
    ReportKind.ANNUAL: 4,
    ReportKind.HALF_YEAR: 3,
    ReportKind.FIRST_QUARTER: 2,
    ReportKind.THIRD_QUARTER: 2,
}
"""The longest that mainland China (4, 2, 1 months), Hong Kong (4, 3) and the SEC (10-Q: 45 days)
give a company after the end of a period."""


def public_on(profile: Profile, added: datetime) -> date:
    """Return the day from which a document counts as public, never earlier than it can have been.

    The day it names itself; else the last day by which such a report must be out, or, if that is
    earlier or the document is no such report, the day (UTC) it came into the library.
    """
    if profile.published is not None:
        return profile.published
    held = added.date()
    due = _due(profile)
    return min(held, due) if due is not None else held


def _due(profile: Profile) -> date | None:
    if profile.period is None or profile.report not in _MONTHS:
        return None
    end = profile.period.end
    years, month = divmod(end.month - 1 + _MONTHS[profile.report], 12)
    last = month_end(end.year + years, month + 1)
    return last.replace(day=min(last.day, end.day))
