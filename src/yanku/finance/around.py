"""Says of when a statement is, by the dates around its title or else by its report."""

from __future__ import annotations

from yanku.finance.columns import Setting
from yanku.finance.dates import find_periods
from yanku.finance.labels import plain
from yanku.finance.periods import is_full_year, is_year_to_date, year_to_date
from yanku.finance.sections import Section
from yanku.model.finance import Profile


def setting_of(section: Section, profile: Profile) -> Setting:
    """Return what dates around the title say, or else the report itself."""
    period = profile.period
    stated = [s.period for s in find_periods(plain(section.around))]
    ends = {p.end for p in stated}
    if len(ends) == 1 and (period is None or ends != {period.end}):
        stretch = next((p for p in stated if not p.is_instant), None)
        own = stretch or year_to_date(ends.pop())
        if period is None or is_year_to_date(own) or is_full_year(own):
            period = own
    kind, behind = profile.report, profile.behind or 0
    return Setting(kind, period, section.alone, section.mixed, section.is_statement, behind=behind)
