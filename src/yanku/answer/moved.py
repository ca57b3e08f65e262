"""Finds the sentences that say why a measure itself went up or down."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yanku.answer.cues import folded, sends_elsewhere
from yanku.answer.passages import Passage
from yanku.answer.quote import speaks
from yanku.model.matter import Matter, Term

_BETWEEN = (
    r"(?:[,\s$—–(-]|\d[\d.,%]*|attributable to [^,;.]{0,40}?"
    r"|\b(?:for|in|of|at|during|from|to|was|were|is|are|has|have|had|been|also|by|the|a|an|as|slightly|significantly|further|fiscal|years?|quarter|months?|ended|percent"
    r"|percentage|net|sales|revenues?|million|billion|attributable|total|january|february|march"
    r"|april|may|june|july|august|september|october|november|december)\b){0,16}?"
)
"""What may stand between a measure and its verb: when, how much, of what."""
_AFTER = re.compile(
    rf"{_BETWEEN}\b(?:increase[ds]|decrease[ds]|decline[ds]|grew|grows|rose|rises|fell|falls|dropped"
    r"|improve[ds]|expanded|contracted|changed|(?:up|down|higher|lower|flat) (?!to\b)"
    r"|(?:negatively|positively|favou?rably|unfavou?rably|adversely) (?:impacted|affected))\b"
)
"""Right behind a measure: that it moved."""
_BEFORE = re.compile(
    r"\b(?:increas\w+|decreas\w+|declines?|growth|changes?|improvements?|reductions?|rise|fall|drop)"
    r" (?:in|of)(?: (?:the|our|its|total|consolidated|reported|worldwide))*$"
)
"""Right before a measure: that its movement is spoken of, and behind it why."""
_WHY = re.compile(
    r"[^.;]{0,90}?\b(?:was|were|is|are|reflect\w*|due|driven|primarily|mainly|largely|result\w*"
    r"|attribut\w+|because)\b"
)
_OF = re.compile(r"\b(?:of|percent|percentage|% of|per|to|from|cost of|excluding|before|on)$")
_OWN = re.compile(
    r"(?:^|[,:;•—–]|\b(?:and|the|our|its|total|consolidated|overall|reported|company's"
    r"|company’s|worldwide|fiscal|in|that|while|although|\d{4},?))$"
)
"""What may stand before a measure that is the company's, and not one of its parts."""
_MOVES = re.compile(
    r"\b(?:increas|decreas|declin|grew|growth|rose|fell|drop|improv|expand|contract|higher|lower)"
)
_HEADED = 1.5
_OF_ALL = 2.0
"""How sure it is at least that a measure is the company's own."""
_REASON = re.compile(
    r"\b(?:due (?:primarily |mainly |largely |in part )?to|driven(?: \w+)? by|because|owing to"
    r"|thanks to|result(?:ed|ing|s)? (?:of|from)|reflect\w*|attribut\w+|caused by|led by|offset"
    r"|primarily|mainly|largely|principally|from (?:higher|lower)"
    r"|by (?:higher|lower|strong|weak))\b"
)
"""That a reason follows."""
_STOPS = '.!?;”")'
_YEARS = re.compile(r"(?<![\d.,$])(?:19|20)\d\d(?!\d)")


def moved(
    matter: Matter, found: Sequence[Passage], names: Sequence[str], also: Sequence[Term] = ()
) -> tuple[Passage, ...]:
    """Return the sentences that say why a measure of the question moved, those of one heading.

    The measure must be what moved, not what something else moved with, and the company's own
    figure and not that of a part, unless the question names the part: the terms ``also``. What
    an earlier year's did is not told. ``names`` are those of the company, folded.
    """
    terms = [term for term in matter.terms if term.measure]
    scored: list[tuple[float, Passage]] = []
    for passage in found:
        text = folded(passage.text)
        if passage.is_row or sends_elsewhere(text) or _is_past(passage, text):
            continue
        said = f"{text} {folded(passage.above[-1])}"
        if not all(speaks(term, said) for term in also):
            continue
        reason = _REASON.search(text)
        if reason is None or text.rstrip()[-1:] not in _STOPS:
            continue
        # What stands in the reason is not what moved.
        places = [(t, reason.start() + 1) for t in terms]
        sure = max((_how_surely(term, text, until, names) for term, until in places), default=0.0)
        told = text[: reason.start()]
        headed = _heads(terms, passage) and _MOVES.search(told) is not None
        headed = headed and any(_found(term, told) for term in terms)
        if headed or (sure and (also or sure >= _OF_ALL)):
            scored.append((max(sure, _HEADED * headed), passage))
    # What is said of all comes before what is said of parts, and so it is in a report.
    own = [p for sure, p in scored if sure >= _OF_ALL]
    best = own or [p for _, p in scored]
    return tuple(p for p in best if not own or p.above[-1] == own[0].above[-1])


def _heads(terms: Sequence[Term], passage: Passage) -> bool:
    """Tell whether the heading right above is a measure: what moves under it is that, or a part."""
    title = folded(passage.above[-1]).strip()
    names = (_spelled(name) for term in terms for name in term.names)
    return any(re.search(rf"(?<![a-z0-9]){name}$", title) for name in names)


def _how_surely(term: Term, text: str, until: int, names: Sequence[str]) -> float:
    places = ((start, end) for start, end in _found(term, text) if end <= until)
    return max((_moves_at(start, end, text, names) for start, end in places), default=0.0)


def _moves_at(start: int, end: int, text: str, names: Sequence[str]) -> float:
    """Return how surely the measure at ``text[start:end]`` is what is said to have moved."""
    before, after = text[:start].rstrip(), text[end:]
    spoken = _BEFORE.search(before) if _WHY.match(after) else None
    if spoken is None and (_OF.search(before) or not _AFTER.match(after)):
        return 0.0
    lead = before[: spoken.start()].rstrip() if spoken else before
    whose = tuple(f"{name}{end}" for name in names for end in ("", "'s", "’s"))
    own = not lead or _OWN.search(lead) is not None or lead.endswith(whose)
    return 1.0 + own + 1 / (1 + start)


def _found(term: Term, text: str) -> list[tuple[int, int]]:
    """Return where a term is named, by the longest of its names at each place."""
    spans = [
        m.span()
        for name in term.names
        for m in re.finditer(rf"(?<![a-z0-9]){_spelled(name)}(?![a-z0-9])", text)
    ]
    return [one for one in spans if not any(_within(one, other) for other in spans)]


def _spelled(name: str) -> str:
    """Return an expression for a name: labels leave out the commas that texts print."""
    return ",? ".join(map(re.escape, name.replace(",", "").split()))


def _within(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one != other and other[0] <= one[0] and one[1] <= other[1]


def _is_past(passage: Passage, text: str) -> bool:
    """Tell a sentence on years before the one that its report is on."""
    period = passage.line.source.profile.period
    years = [int(year) for year in _YEARS.findall(text)]
    if period is None or not years:
        return False
    last = period.end.year - (passage.line.source.profile.behind or 0)
    return max(years) < last
