"""Questions worth trying, made from what a person may read."""

from __future__ import annotations

from collections.abc import Sequence

from yanku.answer.wording import period_worded
from yanku.entry.ui.words import Words
from yanku.model.finance import Company, Period, Profile
from yanku.model.library import DocumentId


def examples(
    companies: Sequence[Company],
    profiles: Sequence[tuple[DocumentId, Profile]],
    words: Words,
) -> list[str]:
    """Return up to three questions about companies and periods that documents report on."""
    latest: dict[str, Period] = {}
    for _, profile in profiles:
        if profile.company is not None and profile.period is not None and profile.period.start:
            code = profile.company.code
            latest[code] = max(latest.get(code, profile.period), profile.period)
    known = [company for company in companies if company.code in latest]
    if not known:
        return []
    first, second = known[0], known[min(1, len(known) - 1)]
    made = [
        _asked(words.example_amount, first, latest, words),
        _asked(words.example_growth, second, latest, words),
    ]
    rivals = [company for company in known[1:] if latest[company.code] == latest[first.code]]
    if rivals:
        made.append(_asked(words.example_compare, first, latest, words, other=_short(rivals[0])))
    return made


def _asked(
    template: str, company: Company, latest: dict[str, Period], words: Words, other: str = ""
) -> str:
    period = period_worded(latest[company.code], words.language)
    return template.format(company=_short(company), period=period, other=other)


def _short(company: Company) -> str:
    """Return the shortest name people would still recognise."""
    names = [name for name in (company.name, *company.aliases) if len(name) >= 3]
    return min(names, key=len, default=company.name)
