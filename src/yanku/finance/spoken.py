"""Finds the measures that a question names."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from yanku.finance.labels import has_han
from yanku.finance.ontology import Ontology

Free = Callable[[int, int], bool]
"""Tells whether nothing else has claimed ``text[start:end]``."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A measure named at ``text[start:end]`` by one of its names."""

    start: int
    end: int
    identifier: str
    name: str


def find_measures(text: str, free: Free, ontology: Ontology) -> tuple[Spoken, ...]:
    """Return the measures a text (in the form of ``plain``) names, in order; longest names win."""
    found: list[Spoken] = []
    for name, identifier in ontology.names():
        start = text.find(name)
        while start >= 0:
            end = start + len(name)
            apart = all(end <= one.start or start >= one.end for one in found)
            if apart and free(start, end) and _whole(text, start, end, free):
                found.append(Spoken(start, end, identifier, name))
            start = text.find(name, end)
    return tuple(sorted(found, key=lambda one: one.start))


def _whole(text: str, start: int, end: int, free: Free) -> bool:
    """Tell whether a Latin name stands as words of its own, or beside what is understood: 24Q3."""
    if has_han(text[start:end]):
        return True
    after = re.match(r"[a-z0-9]", text[end : end + 1]) and free(end, end + 1)
    before = re.search(r"[a-z0-9]$", text[:start]) and free(start - 1, start)
    return not after and not before
