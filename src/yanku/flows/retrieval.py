"""Measures search alone: whether all pages that an answer needs are among the first ten."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from time import perf_counter

from yanku.access.scope import scope_of
from yanku.flows.find import Find
from yanku.flows.scoring import Question, interval, normal
from yanku.model.people import Principal
from yanku.model.place import page_number
from yanku.model.search import Hit

TOP = 10
CANDIDATES = 60
"""Hits looked through for ten different pages: several may stand on one."""

PageKey = tuple[str, int]
"""A file and a page from 1; 0 for a file without pages."""


@dataclass(frozen=True, slots=True)
class Reach:
    """One question searched for: the pages it needs and the pages found, best first."""

    id: str
    type: str
    wanted: frozenset[PageKey]
    found: tuple[PageKey, ...]
    seconds: float

    @property
    def all_found(self) -> bool:
        """Tell whether every page needed is among the first ten."""
        return self.wanted <= set(self.found[:TOP])

    @property
    def share(self) -> float:
        """Return the share of the pages needed that are among the first ten."""
        return len(self.wanted & set(self.found[:TOP])) / len(self.wanted)


@dataclass(frozen=True, slots=True)
class ReachScore:
    """Shares of one type of question, as fractions; ``low`` and ``high`` bound ``all_found``."""

    questions: int
    all_found: float
    low: float
    high: float
    share: float


async def reaches(
    questions: Iterable[Question], find: Find, *, principal: Principal
) -> AsyncIterator[Reach]:
    """Search for each question that names evidence, as the product would."""
    for question in questions:
        wanted = frozenset((normal(file), page) for file, page, _ in question.evidence)
        if not wanted:
            continue
        started = perf_counter()
        search = await find.search(question.text, scope=scope_of(principal), limit=CANDIDATES)
        seconds = perf_counter() - started
        yield Reach(question.id, question.type, wanted, pages_of(search.hits), seconds)


def pages_of(hits: Sequence[Hit]) -> tuple[PageKey, ...]:
    """Return the pages that hits stand on, in the order of the hits, each once."""
    return tuple(
        dict.fromkeys(
            (normal(hit.file), page_number(place))
            for hit in hits
            for place in (hit.chunk.place, *hit.chunk.lines)
        )
    )


def reach_scores(found: Iterable[Reach]) -> dict[str, ReachScore]:
    """Return the scores per type, and over everything under ``ALL``."""
    by_type: dict[str, list[Reach]] = defaultdict(list)
    for one in found:
        by_type[one.type].append(one)
        by_type["ALL"].append(one)
    names = sorted(by_type, key=lambda name: (name == "ALL", name))
    return {name: _score(by_type[name]) for name in names}


def _score(found: Sequence[Reach]) -> ReachScore:
    whole = [one.all_found for one in found]
    low, high = interval(whole)
    return ReachScore(
        questions=len(found),
        all_found=sum(whole) / len(found),
        low=low,
        high=high,
        share=sum(one.share for one in found) / len(found),
    )
