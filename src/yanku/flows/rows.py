"""The rows in which figures stand: looked for company by company and year by year, and ranked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from yanku.finance.bearing import figures_of
from yanku.finance.names import known_as
from yanku.finance.ontology import Ontology
from yanku.finance.stating import Stating
from yanku.model.inquiry import Inquiry, Task
from yanku.model.library import Chunk, ChunkId, Entry
from yanku.model.search import Filter, Probe, Rankings
from yanku.retrieve.tokens import Tokens

_MOST = 12
"""Searches: one for each company and year, or, of more of them, for each company."""
_DEPTH = 30
"""Candidates of each."""


class Rows:
    """Finds the rows of the figures that an inquiry asks for, by what reports call them.

    A question says 归母净利润 and a report 归属于上市公司股东的净利润; and of two companies the
    one with more to say on a word must not leave the other without a hit.
    """

    def __init__(self, inquiry: Inquiry, ontology: Ontology) -> None:
        self._inquiry = inquiry
        self._ontology = ontology

    def probes(self, condition: Filter, tokens: Tokens) -> list[Probe]:
        """Return the searches, within the conditions of the question; none if no figure is asked
        for that reports have a name for.
        """
        metrics = {metric for metric, _ in figures_of(self._inquiry, self._ontology)}
        if not metrics or self._inquiry.task is Task.TEXT:
            return []
        labels = sorted(name for one in metrics for name in self._ontology.metrics[one].labels)
        words = tuple(dict.fromkeys(word for name in labels for word in tokens.of(name)))
        return [
            Probe(words, None, Filter(companies, years), _DEPTH)
            for companies in self._companies(condition)
            for years in self._years(condition)
        ]

    def ranked(
        self, within: Sequence[ChunkId], known: Mapping[ChunkId, tuple[Chunk, Entry]]
    ) -> tuple[ChunkId, ...]:
        """Return those chunks whose rows state the figures asked for, the plainest first."""
        stating = Stating(self._inquiry, self._ontology)
        weights = {
            id_: stating.weight(known[id_][0].text, known[id_][0].context, known[id_][1].profile)
            for id_ in within
            if id_ in known
        }
        stated = [id_ for id_, weight in weights.items() if weight > 0]
        return tuple(sorted(stated, key=lambda id_: -weights[id_]))

    def _companies(self, condition: Filter) -> list[frozenset[str]]:
        each = [frozenset(known_as(company)) for company in self._inquiry.companies]
        return each if condition.companies and len(each) <= _MOST else [condition.companies]

    def _years(self, condition: Filter) -> list[frozenset[int]]:
        each = [frozenset({year}) for year in sorted(condition.years)]
        few = len(self._companies(condition)) * len(each) <= _MOST
        return each if each and few else [condition.years]


def chunks_of(rankings: Iterable[Rankings]) -> list[ChunkId]:
    """Return every chunk found, each once, in the order of the rankings."""
    return list(dict.fromkeys(id_ for one in rankings for ids in one.values() for id_ in ids))
