"""Reads what a question says in other words, asks for in vain, or leaves unclear."""

from __future__ import annotations

import re
from collections.abc import Iterable

from yanku.finance.labels import HAN
from yanku.finance.ontology import Ontology
from yanku.finance.page import Page
from yanku.finance.phrases import Phrases
from yanku.finance.spoken import Spoken
from yanku.model.blank import BLANK
from yanku.model.inquiry import Beyond, Unclear

_GOES_BEFORE = re.compile(rf"[{HAN}](?<![的末年底度初期在和与及其了占有是比多谁更最家还就光里上])$")
"""A Chinese character that an idiom would be the end of a word with."""
_ASKS = re.compile(r"吗(?=[?？。!！]*$)")


def drop_courtesy(page: Page, phrases: Phrases) -> None:
    """Take greetings and thanks off a question, and the 吗 of "可以告诉我…吗"."""
    asks = phrases.polite.search(page.rest) is not None
    page.take_all(phrases.polite)
    if asks and (m := _ASKS.search(page.rest)) is not None:
        page.take(m.start(), m.end())
    page.take_all(phrases.aside)


def find_idioms(
    page: Page, stems: Iterable[str], ontology: Ontology, *, western: bool = False
) -> list[Spoken]:
    """Return measures that a question names by an idiom, take them, and note how they were read.

    The longest goes first, and none that only ends a word: 有息负债 is not 负债. ``western``
    adds those that are clear only of companies outside China.
    """
    rest = page.rest
    for stem in stems:  # 现金流 stands apart after a company's short name.
        rest = rest.replace(stem, BLANK * len(stem))
    more = ontology.phrases.western if western else ()
    matches = [
        (m, measure)
        for pattern, measure in (*ontology.phrases.idioms, *more)
        for m in pattern.finditer(rest)
        if not _GOES_BEFORE.search(rest[: m.start()])
    ]
    found: list[Spoken] = []
    for m, measure in sorted(matches, key=lambda one: one[0].start() - one[0].end()):
        if any(m.start() < one.end and one.start < m.end() for one in found):
            continue
        said = page.text[m.start() : m.end()].strip(" ,")
        page.take(m.start(), m.end())
        page.note("loose", said=said, name=ontology.name(measure, page.language))
        found.append(Spoken(m.start(), m.end(), measure, said))
    return found


def find_holding(page: Page, ontology: Ontology) -> list[Spoken]:
    """Return measures that a question names by words that hold another's name: how many times
    inventory was sold. They are taken, and how they were read is noted.
    """
    found = []
    for pattern, measure in ontology.phrases.holding:
        if (m := pattern.search(page.rest)) is not None:
            page.take(m.start(), m.end())
            said = m[0].replace(BLANK, " ")
            said = " ".join(said.split())
            page.note("loose", said=said, name=ontology.name(measure, page.language))
            found.append(Spoken(m.start(), m.end(), measure, said))
    return found


def find_unclear(page: Page, ontology: Ontology) -> Unclear | None:
    """Return a word of the question that several measures go by."""
    for pattern, options in ontology.phrases.unclear:
        if (m := pattern.search(page.rest)) is not None and BLANK not in m[0]:
            page.take(m.start(), m.end())
            names = tuple(ontology.name(option, page.language) for option in options)
            return Unclear(m[0], names)
    return None


def beyond(page: Page, phrases: Phrases) -> Beyond | None:
    """Tell whether a question is for advice or a prediction, which no document gives."""
    rest = page.rest
    if phrases.advice.search(rest):
        return Beyond.ADVICE
    if phrases.prediction.search(rest) and not phrases.planned.search(rest):
        return Beyond.PREDICTION
    if phrases.exchange.search(rest):
        return Beyond.EXCHANGE
    return None
