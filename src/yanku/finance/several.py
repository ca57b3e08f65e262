"""Reads a question as one plan, or as several where it asks several things."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import product

from yanku.finance.clauses import clauses_of
from yanku.finance.inquiry import understand
from yanku.finance.measures import base_of
from yanku.finance.ontology import Ontology
from yanku.finance.overdates import company_by_company, date_by_date, in_every
from yanku.finance.placed import place_asked
from yanku.finance.saying import say
from yanku.model.finance import Company, Consolidation, Period
from yanku.model.inquiry import Inquiry, Task

_PLAIN = frozenset({Task.LOOKUP, Task.RATIO, Task.GROWTH})
_MOST = 6
"""Parts that are answered at once; who asks more is better served by a table."""

_Figure = tuple[str, str, Period | None, Consolidation]
"""Whose figure, which, of when, and of the group or the parent alone."""


def read_question(
    question: str, companies: Sequence[Company], ontology: Ontology, today: date
) -> Inquiry:
    """Return what a question asks; Task.SEVERAL with its parts where one plan is not all of it."""

    def read(text: str) -> Inquiry:
        return understand(text, companies, ontology, today)

    if (place := place_asked(question, companies, ontology, read)) is not None:
        return place
    whole = in_every(understand(question, companies, ontology, today))
    for apart in (date_by_date(whole), company_by_company(whole)):
        if 2 <= len(apart) <= _MOST:
            return _several(whole, apart)
    said = clauses_of(question, companies, ontology, today)
    if not 2 <= len(said) <= _MOST or whole.beside:
        return whole
    parts = [understand(one, companies, ontology, today) for one in said]
    if not any(_settled(part) for part in parts):
        return whole
    if whole.task is not Task.TEXT and any(_is_lost(part, whole) for part in parts):
        return whole
    parts = _without_repeats(parts)
    if len(parts) == 1 or _covers(whole, parts):
        return parts[0] if len(parts) == 1 and whole.task is Task.TEXT else whole
    if (one := _as_one(parts)) is not None:
        return replace(one, question=question)
    return _several(whole, parts)


def _settled(part: Inquiry) -> bool:
    """Tell whether facts may answer a part."""
    return part.task is not Task.TEXT and not (part.unknown or part.unclear or part.beyond)


def _is_lost(part: Inquiry, whole: Inquiry) -> bool:
    """Tell whether a part is less understood than the whole: then it was parted wrongly.

    "List revenue" of "List revenue, net profit and EPS of Reed Mills" is of nobody.
    """
    asks_back = bool(part.unclear) and not whole.unclear
    return (part.task is Task.TEXT or asks_back) and part.beyond is None


def _figures(part: Inquiry) -> frozenset[_Figure]:
    """Return the figures that a plain plan shows; a change of one measure shows its figures too."""
    names = set(part.metrics)
    if part.task is Task.GROWTH and len(part.metrics) == 1:
        names.add(base_of(part.metrics[0]))
    if part.task is Task.RATIO and len(names) == 2:
        names.add(" / ".join(part.metrics))
    periods: tuple[Period | None, ...] = part.periods or (None,)
    codes = [one.code for one in part.companies]
    return frozenset(product(codes, names, periods, [part.consolidation]))


def _covers(whole: Inquiry, parts: Sequence[Inquiry]) -> bool:
    """Tell whether one plan shows just what the parts ask for."""
    if whole.task not in _PLAIN or any(part.task not in _PLAIN for part in parts):
        return False
    if len({part.unit for part in parts if part.unit}) > 1:
        return False
    asked = frozenset[_Figure]().union(*map(_figures, parts))
    return _figures(whole) == asked


def _without_repeats(parts: Sequence[Inquiry]) -> list[Inquiry]:
    """Leave out what another part says too: 营收多少 beside 营收增长多少."""
    kept: list[Inquiry] = []
    for at, part in enumerate(parts):
        others = [*kept, *parts[at + 1 :]]
        told = [other for other in others if other.task in _PLAIN and _settled(other)]
        if any(_plan(part) == _plan(other) for other in kept):
            continue
        if part.task in _PLAIN and any(_figures(part) < _figures(other) for other in told):
            continue
        kept.append(part)
    return kept


def _plan(part: Inquiry) -> Inquiry:
    return replace(part, question="", assumptions=(), topic=())


def _as_one(parts: Sequence[Inquiry]) -> Inquiry | None:
    """Return plain parts of the same companies and periods as one plan, told side by side."""
    first = parts[0]
    same = all(
        part.task in _PLAIN
        and _settled(part)
        and part.span is None
        and part.fold is None
        and (part.companies, part.consolidation) == (first.companies, first.consolidation)
        and part.periods == first.periods
        and part.unit in {"", next((one.unit for one in parts if one.unit), "")}
        and not (part.task is Task.GROWTH and len(part.periods) > 1)
        and not (part.task is Task.RATIO and len(part.metrics) == 2)
        for part in parts
    )
    if not same:
        return None
    metrics = tuple(dict.fromkeys(name for part in parts for name in _shown(part)))
    notes = tuple(dict.fromkeys(note for part in parts for note in part.assumptions))
    unit = next((part.unit for part in parts if part.unit), "")
    return replace(first, task=Task.LOOKUP, metrics=metrics, assumptions=notes, unit=unit)


def _shown(part: Inquiry) -> tuple[str, ...]:
    """Return the measures of a part, with the figure itself before its change."""
    if part.task is Task.GROWTH and len(part.metrics) == 1:
        return tuple(dict.fromkeys((base_of(part.metrics[0]), *part.metrics)))
    return part.metrics


def _several(whole: Inquiry, parts: Sequence[Inquiry]) -> Inquiry:
    """Return the plan of several: its parts, and what they are about all together."""
    shown = [
        replace(
            part,
            unit=part.unit or whole.unit,
            decimals=part.decimals if part.decimals is not None else whole.decimals,
        )
        for part in parts
    ]
    said = "；".join(f"{number}. {part.question}" for number, part in enumerate(shown, start=1))
    companies = {one.code: one for part in shown for one in part.companies}
    return Inquiry(
        question=whole.question,
        task=Task.SEVERAL,
        language=whole.language,
        companies=tuple(companies.values()),
        metrics=tuple(dict.fromkeys(name for part in shown for name in part.metrics)),
        periods=tuple(dict.fromkeys(period for part in shown for period in part.periods)),
        topic=whole.topic,
        parts=tuple(shown),
        assumptions=(say("several", whole.language, questions=said),),
    )
