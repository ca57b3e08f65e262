"""Says what a question for text is about: its terms, whatever language a document names them in."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files
from typing import Any

from yanku.finance.dates import find_periods
from yanku.finance.labels import HAN, has_han, plain
from yanku.finance.meant import own_names, western
from yanku.finance.names import find_companies
from yanku.finance.ontology import Ontology
from yanku.finance.phrases import any_of
from yanku.finance.spoken import find_measures
from yanku.model.change import change_words
from yanku.model.inquiry import Inquiry
from yanku.model.matter import Asks, Matter, Term

Words = Callable[[str], tuple[str, ...]]
"""The words of a text, as the index counts them."""

_WHICH = re.compile(r"哪一?[个家位种座所]|\bwhich ")
"""Right before the kind of thing that is asked for."""
_BUSINESS = "主营业务"
_KEPT = frozenset({Asks.WHAT, Asks.METHOD})
"""Kinds of question told by words that are also what it is about."""
_NUMBER = re.compile(r"[\d.,%]+")
_HAN_RUN = re.compile(rf"[{HAN}]{{2,}}")
_STRETCH = re.compile(r"[^\n]+")
_LATIN = re.compile(r"[a-z]*")
_BLANK = "\n"
_YEARBOOK = re.compile(rf"(?<={_BLANK})(?:年报|报告|报)(?![酬价废])")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How questions for text are worded; matter.toml tells what each part is for."""

    asks: Mapping[Asks, re.Pattern[str]]
    up: re.Pattern[str]
    down: re.Pattern[str]
    change: re.Pattern[str]
    filler: frozenset[str]
    same: Mapping[str, frozenset[str]]
    hints: Mapping[Asks, tuple[str, ...]]


def load_vocabulary(ontology: Ontology) -> Vocabulary:
    """Return the words shipped with the package; politeness is that of all questions."""
    text = files("yanku.finance").joinpath("matter.toml").read_text(encoding="utf-8")
    data: dict[str, Any] = tomllib.loads(text)
    groups = [frozenset(plain(name) for name in group) for group in data["terms"]["same"]]
    return Vocabulary(
        asks={kind: any_of(data["asks"][kind.value]) for kind in Asks},
        up=any_of(change_words()["up"]),
        down=any_of(change_words()["down"]),
        change=any_of([option for options in change_words().values() for option in options]),
        filler=frozenset(data["words"]["filler"]) | ontology.phrases.filler,
        same={
            name: frozenset().union(*(g for g in groups if name in g))
            for group in groups
            for name in group
        },
        hints={kind: tuple(data["hints"][kind.value]) for kind in Asks},
    )


def matter_of(
    inquiry: Inquiry, ontology: Ontology, vocabulary: Vocabulary, words: Words, today: date
) -> Matter:
    """Return the terms of a question without its companies and periods, and what it asks for."""
    text = plain(inquiry.question)
    asks = frozenset(kind for kind, said in vocabulary.asks.items() if said.search(text))
    rest = _without(text, inquiry, today)
    up, down = vocabulary.up.search(rest), vocabulary.down.search(rest)
    terms = [*_measures(rest, inquiry, ontology)]
    rest = _blanked(rest, [span for span, _ in terms])
    said = [pattern for kind, pattern in vocabulary.asks.items() if kind not in _KEPT]
    rest = _replaced(rest, [*said, vocabulary.change])
    known = list(_known(rest, vocabulary))
    rest = _blanked(rest, [span for span, _ in known])
    found = [term for _, term in (*terms, *known)]
    found += [t for t in _words(rest, vocabulary, words) if not _is_name(t, inquiry)]
    if not found and Asks.WHAT in asks:
        found = [
            Term(_BUSINESS, vocabulary.same[_BUSINESS])
        ]  # "X是做什么的" is about X's business.
    kinds = {m.end() for m in _WHICH.finditer(text)}
    found = [replace(t, kind=t.start in kinds and not t.measure) for t in found]
    return Matter(
        terms=tuple({term.names: term for term in found}.values()),
        asks=asks,
        rising=None if bool(up) is bool(down) else bool(up),
        question=text,
    )


def _without(text: str, inquiry: Inquiry, today: date) -> str:
    """Return a question with its companies and periods blanked out."""
    named = find_companies(text, inquiry.companies)
    text = _blanked(text, [(one.start, one.end) for one in named])
    text = _blanked(text, [(stated.start, stated.end) for stated in find_periods(text, today)])
    return _replaced(text, [_YEARBOOK])


def _measures(
    text: str, inquiry: Inquiry, ontology: Ontology
) -> Iterator[tuple[tuple[int, int], Term]]:
    found = find_measures(text, lambda start, end: _BLANK not in text[start:end], ontology)
    for one in western(found, inquiry.companies):
        names = own_names(one.identifier, inquiry.companies, ontology)
        yield (
            (one.start, one.end),
            Term(one.name, names | {one.name}, measure=True, start=one.start, end=one.end),
        )


def _known(text: str, vocabulary: Vocabulary) -> Iterator[tuple[tuple[int, int], Term]]:
    """Yield the terms of the vocabulary a text holds, the longest at each place."""
    taken = [False] * len(text)
    for name in sorted(vocabulary.same, key=len, reverse=True):
        edge = "" if has_han(name) else r"\b"
        for m in re.finditer(f"{edge}{re.escape(name)}{edge}", text):
            if not any(taken[m.start() : m.end()]):
                taken[m.start() : m.end()] = [True] * (m.end() - m.start())
                yield m.span(), Term(name, vocabulary.same[name], start=m.start(), end=m.end())


def _words(text: str, vocabulary: Vocabulary, words: Words) -> Iterator[Term]:
    """Yield the other words of a text, each whole, with its parts."""
    for m in _STRETCH.finditer(text):
        stretch = m[0]
        found = [
            word
            for word in dict.fromkeys(words(stretch))
            if word not in vocabulary.filler and not _NUMBER.fullmatch(word) and len(word) > 1
        ]
        found += _unsplit(stretch, found, vocabulary)
        for word in found:
            if not any(word != other and word in other for other in found):
                parts = frozenset(p for p in found if p != word and p in word)
                start = m.start() + max(stretch.find(word), 0)
                yield Term(word, frozenset({word}), parts=parts, start=start, end=start + len(word))


def _unsplit(stretch: str, found: Sequence[str], vocabulary: Vocabulary) -> Iterator[str]:
    """Yield words that the segmenter has cut into single signs, as it does with rare ones."""
    fillers = (word for word in vocabulary.filler if len(word) > 1 and has_han(word))
    for word in sorted((*found, *fillers), key=len, reverse=True):
        stretch = stretch.replace(word, _BLANK)
    for run in _HAN_RUN.findall(stretch):
        word = run.strip("".join(w for w in vocabulary.filler if len(w) == 1))
        if len(word) > 1:
            yield word


def _is_name(term: Term, inquiry: Inquiry) -> bool:
    """Tell a word that is part of the name of a company asked about."""
    names = [n for one in inquiry.companies for n in (one.name, *one.aliases)]
    return any(term.said in plain(name) for name in names)


def _blanked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    signs = list(text)
    for start, end in spans:
        signs[start:end] = _BLANK * (end - start)
    return "".join(signs)


def _replaced(text: str, patterns: Sequence[re.Pattern[str]]) -> str:
    for pattern in patterns:
        text = _blanked(
            text, [(m.start(), _word_end(text, m.end())) for m in pattern.finditer(text)]
        )
    return text


def _word_end(text: str, end: int) -> int:
    """Return where the Latin word ends that a pattern has taken the beginning of."""
    while (
        end < len(text) and text[end - 1].isascii() and text[end].isascii() and text[end].isalpha()
    ):
        end += 1
    return end
