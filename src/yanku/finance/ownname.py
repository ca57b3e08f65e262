"""Finds a company's own name in the labels of its statements, and puts "the company" there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from yanku.finance.labels import has_han
from yanku.model.finance import Company

_LEGAL = re.compile(
    r",?\s+(?:and (?:its )?(?:consolidated )?(?:subsidiar(?:y|ies)|affiliates)(?: companies)?"
    r"|&? ?co(?:mpany)?\.?|inc(?:orporated)?\.?|corp(?:oration)?\.?|ltd\.?|limited|plc|llc"
    r"|l\.?p\.?|n\.?v\.?|s\.?a\.?|ag|se|holdings?|group)$",
    re.IGNORECASE,
)


_SHORT = 3
"""Letters; a shorter word is too likely to be another one."""


def impersonal(label: str, company: Company) -> str:
    """Return an English label with the company's own name as "the company".

    "Net income attributable to Towen Materials, Inc." is worded by every company in its own way.
    """
    if has_han(label):
        return label
    pattern, first = _patterns((company.name, *company.aliases))
    if pattern is None:
        return label
    named = pattern.sub("the company", label)
    return first.sub(r"\g<lead>the company", named) if first is not None else named


@lru_cache(maxsize=64)
def _patterns(names: tuple[str, ...]) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
    """Return what finds the company's names, and what finds the first word of one in its place.

    A first word alone ("Towen") is taken for the company only where owners are told apart.
    """
    forms = {form for name in names if not has_han(name) for form in _forms(name)}
    if not forms:
        return None, None
    either = "|".join(_spaced(form) for form in sorted(forms, key=len, reverse=True))
    words = {form.split()[0] for form in forms if len(form.split()) > 1}
    firsts = "|".join(re.escape(word) for word in words if len(word) > _SHORT)
    owner = r"(?=\s*$|\s+(?:common\s+)?(?:share|stock)(?:holders|owners)|\s+shareowners)"
    lead = r"(?P<lead>\battributable\s+to\s+|^\s*total\s+)"
    return (
        re.compile(rf"(?<!\w)(?:the\s+)?(?:{either})(?:[’']s?)?(?!\w)", re.IGNORECASE),
        re.compile(rf"{lead}(?:{firsts}){owner}", re.IGNORECASE) if firsts else None,
    )


def _forms(name: str) -> Iterator[str]:
    """Yield a name whole, and without the words at its end that only say what kind it is of."""
    form = re.sub(r"^the\s+", "", name.strip(), flags=re.IGNORECASE)
    while len(form) > 1:
        yield form
        shorter = _LEGAL.sub("", form).strip(" ,")
        if shorter == form:
            return
        form = shorter


def _spaced(form: str) -> str:
    return r"\s+".join(re.escape(word).replace("\\.", r"\.?") for word in form.split())
