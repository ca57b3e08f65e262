"""Questions worth trying, made from what a person may read."""

from __future__ import annotations

from collections.abc import Sequence

from yanku.entry.ui.words import Words
from yanku.model.finance import Company, Profile
from yanku.model.library import DocumentId


def examples(
    companies: Sequence[Company],
    profiles: Sequence[tuple[DocumentId, Profile]],
    words: Words,
) -> list[str]:
    """Return up to three questions about companies and years that documents report on."""
    years: dict[str, int] = {}
    for _, profile in profiles:
        if profile.company is not None and profile.period is not None:
            code = profile.company.code
            years[code] = max(years.get(code, 0), profile.period.end.year)
    known = [company for company in companies if company.code in years]
    if not known:
        return []
    first = known[0]
    second = known[1] if len(known) > 1 else first
    made = [
        words.example_amount.format(company=_short(first), year=years[first.code]),
        words.example_growth.format(company=_short(second), year=years[second.code]),
    ]
    rivals = [company for company in known[1:] if years[company.code] == years[first.code]]
    if rivals:
        other = _short(rivals[0])
        year = years[first.code]
        made.append(words.example_compare.format(company=_short(first), other=other, year=year))
    return made


def _short(company: Company) -> str:
    """Return the shortest name people would still recognise."""
    names = [name for name in (company.name, *company.aliases) if len(name) >= 3]
    return min(names, key=len, default=company.name)
