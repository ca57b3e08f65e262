"""Finds the sentences of the evidence that answer a question by themselves, to quote them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

from yanku.answer.cues import (
    chooses,
    defines,
    direction,
    explained_item,
    folded,
    gives,
    gives_plan,
    goes_on,
    is_cited,
    is_explained,
    is_formal,
    is_of_instruments,
    names_method,
    only_warns,
    responds,
    sends_elsewhere,
    supposes,
)
from yanku.answer.passages import Passage
from yanku.answer.stated import SEPARATOR, bare_label, undated
from yanku.model.matter import Asks, Matter, Term

Fits = Callable[[Passage], bool]
"""Tells whether a passage speaks of the period asked about."""

SURE = 0.72
"""Share of what a question is about that a passage must speak of to answer by itself."""
_LEAST = 0.3
"""The least share with which a passage is worth showing as the nearest there is."""
_ABOVE, _BEFORE = 0.85, 0.8
"""What a term counts that only the headings or the sentences before speak of."""
_PARTS = 0.8
_FARTHER = 0.5
_PLAIN = 2.0
"""How much a passage is about what it names and then explains or defines."""
_KIND = 0.2
_METHOD = 0.5
_SAID = 14
"""Characters after the name of an item that say which way it went."""
_WHOLE = 0.75
_NUMBER = 2
"""Signs of a heading that number it."""
_APART = 0.8
_LETTERS = 3
_WIDE = 16
"""Characters within which a phrase stands together."""
_STEM = 3
_MEASURE = 2.5
_GIVES_REASON = re.compile(r"原因|说明|\breasons?\b|\bexplanation\b", re.IGNORECASE)
_FIGURE = re.compile(r"\d")
_TIME = re.compile(r"报告期内?|本期|公司|本年度?|上年度?|(?:19|20)\d\d年度?|前三季度|上半年")
_OTHER_ITEM = re.compile(
    r"营业外(?:收入|支出)|其他(?:业务收入|收益|综合收益)|(?:利息|投资|租赁|递延)收入|投资收益"
    r"|.*(?:核销|坏账|质押|抵押)"
)
"""Items whose names end like those of others."""
_NOTHING = re.compile(r"(?:无|不适用|没有)[。.]?")
_QUARTER = re.compile(r"q[1-4]|[1-4]q|h[12]|[12]h")


@dataclass(frozen=True, slots=True)
class Scored:
    """A passage and how much of the question it speaks of (0 to 1)."""

    passage: Passage
    share: float
    own: float
    """The share that stands in its own words."""
    answers: bool
    """Whether it gives what is asked for: a reason to a why, a date to a when."""
    focus: float = 0.0
    """How much it is about the terms, and not about something else that touches them (0 to 1)."""


def scored(matter: Matter, found: Sequence[Passage], fits: Fits) -> tuple[Scored, ...]:
    """Return the passages that speak of a question's terms, best first.

    Rare terms weigh more than common ones; a term that nothing speaks of weighs most, so that a
    passage on half of the question is not taken for an answer.
    """
    if not matter.terms:
        return ()
    texts = [folded(_told(p)) for p in found]
    weights = {term: _weight(term, texts) for term in matter.terms}
    whole = sum(weights.values())
    kept: list[Scored] = []
    titled: set[tuple[str, ...]] = set()
    for passage, text in zip(found, texts, strict=True):
        if not fits(passage) or not _says_something(matter, passage, text):
            continue
        if Asks.WHETHER not in matter.asks and _heads_boxes(passage, found):
            continue
        topic = _topic(matter, passage)
        said = {term: _named(term, passage, text) for term in weights}
        own = sum(w * said[term] for term, w in weights.items()) / whole
        share = (
            sum(
                w * max(said[term], _around(matter, term, passage, text))
                for term, w in weights.items()
            )
            / whole
        )
        share -= _APART * sum(_apart(pair, text) for pair in matter.phrases) / len(matter.terms)
        focus = _focus(matter, passage, text)
        told = _cells(passage, text)
        answers = (
            gives(matter.asks, f"{told} {_question(passage)}")
            and _gives_figure(matter, told)
            and not (Asks.WHAT in matter.asks and passage.is_row and _FIGURE.search(told))
            and not _contrary(matter, passage, text)
            and not _explains_another(matter, passage, text)
        )
        if topic and answers and passage.above not in titled:
            titled.add(passage.above)
            focus = max(focus, topic)
        if share >= _LEAST:
            own = max(own, _ABOVE * bool(topic))
            kept.append(Scored(passage, share, own, answers, focus))
    return tuple(sorted(kept, key=lambda s: (-(s.share + s.own / 4 + s.answers), s.passage.order)))


def _topic(matter: Matter, passage: Passage) -> float:
    """Return how much of the heading right above a passage is what is asked about, if all is."""
    title = folded(passage.above[-1]) if passage.above else ""
    said = [max((len(n) for n in term.names if n in title), default=0) for term in matter.terms]
    return min(1.0, sum(said) / max(1, len(title) - _NUMBER)) if all(said) else 0.0


def _says_something(matter: Matter, passage: Passage, text: str) -> bool:
    if passage.is_ticked:
        return Asks.WHETHER in matter.asks
    if passage.is_title or passage.is_jumble or (passage.is_row and ": " not in passage.text):
        return False
    if passage.is_heading or is_cited(text) or not gives_plan(matter.question, text):
        return False
    near = (passage.above[-1], passage.line.source.chunk.context.rpartition(" > ")[2])
    if any(only_warns(matter.question, part) for part in (text, *map(folded, near))):
        return False
    titles = [folded(title) for title in passage.above[1:]]
    if any(map(is_formal, titles)) and not is_formal(matter.question):
        return False
    if any(is_of_instruments(matter.question, title) for title in titles):
        return False
    return not sends_elsewhere(text)


def _heads_boxes(passage: Passage, every: Sequence[Passage]) -> bool:
    """Tell the line of a form whose boxes stand on the next: 应收账款核销说明：."""
    after = every[passage.order + 1 : passage.order + 2]
    opens = passage.text.rstrip().endswith(("：", ":"))
    return opens and any(p.is_ticked or _NOTHING.fullmatch(p.text.strip()) for p in after)


def _gives_figure(matter: Matter, text: str) -> bool:
    """Tell whether a text has a number in it, where nothing but the amount of an item is asked."""
    wanted = not matter.asks and any(term.measure for term in matter.terms)
    return not wanted or _FIGURE.search(undated(text)) is not None


def _contrary(matter: Matter, passage: Passage, text: str) -> bool:
    """Tell a reason why something fell from one why it rose, by what is said of the item itself."""
    if Asks.REASON not in matter.asks or matter.rising is None or passage.is_row:
        return False
    ways = [
        direction(text[start + len(name) :][:_SAID])
        for term in matter.terms
        for name in term.names
        for start in _found(name, text)
    ]
    return matter.rising not in ways and (not matter.rising) in ways


def _explains_another(matter: Matter, passage: Passage, text: str) -> bool:
    """Tell the reason of another item, or what only might happen, from one that is asked for.

    投资收益变动说明：… is on investment income, whatever its reason is.
    """
    if Asks.REASON not in matter.asks:
        return False
    if supposes(text) and not supposes(matter.question):
        return True
    item = explained_item(text)
    if passage.is_row and any(_GIVES_REASON.search(head) for head in _headers(passage)):
        item = text.partition(SEPARATOR)[0]
    return bool(item) and not any(_is_item(term, item or "") for term in matter.terms)


def _is_item(term: Term, item: str) -> bool:
    """Tell whether a line explains a term: 营业外收入变动 is not on 收入, which is a measure."""
    if not term.measure:
        return speaks(term, item) > 0
    label = _TIME.sub("", item).replace(" ", "")
    names = [len(n) for name in term.names if (n := name.replace(" ", "")) in label]
    other = _OTHER_ITEM.search(label)
    return bool(names) and (other is None or max(names) >= len(other[0]))


def _apart(pair: tuple[Term, Term], text: str) -> bool:
    """Tell two terms that are one phrase in the question and two things in a text."""
    places = [[m for name in term.names for m in _found(name, text)] for term in pair]
    if not all(places):
        return False
    wide = _WIDE * (_LETTERS if text.isascii() else 1)
    return min(abs(a - b) for a in places[0] for b in places[1]) > wide


def _found(name: str, text: str) -> list[int]:
    """Return where a name begins in a text, from left to right and without overlaps."""
    at = text.find(name)
    found: list[int] = []
    while at >= 0:
        found.append(at)
        at = text.find(name, at + len(name))
    return found


def _focus(matter: Matter, passage: Passage, text: str) -> float:
    """Return how surely a passage is about the terms: its subject comes first, or is explained."""
    if Asks.RESPONSE in matter.asks and responds(text):
        return _PLAIN
    label = len(bare_label(text.split(SEPARATOR)[0])) if passage.is_row else 0
    best, first = 0.0, -1
    for name in (name for term in matter.terms for name in term.names):
        for start in _found(name, text):
            after = text[start + len(name) :]
            if is_explained(after):
                return _PLAIN
            if Asks.WHAT in matter.asks and (defines(after) or chooses(text[:start])):
                return _PLAIN
            first = start if first < 0 else min(start, first)
            if label:
                best = max(best, min(1.0, len(name) / label))
    best = best if label or first < 0 else 1 / (1 + first / _WIDE)
    return best + _METHOD * (Asks.METHOD in matter.asks and names_method(text))


def _weight(term: Term, texts: Sequence[str]) -> float:
    count = sum(1 for text in texts if speaks(term, text) > 0.5)
    weight = log(1 + len(texts) / (1 + count))
    if term.kind and not count:
        return weight * _KIND
    return max(weight, _MEASURE) if term.measure else weight


def _named(term: Term, passage: Passage, text: str) -> float:
    """Return how surely a passage itself names a term.

    A row is of the measure that its whole label names: 筹资活动现金流入小计 is another one.
    """
    said = speaks(term, text)
    if not said or not term.measure or not passage.is_row:
        return said
    label = bare_label(text.split(SEPARATOR)[0]).replace(" ", "")
    names = [len(n.replace(" ", "")) for n in term.names if n.replace(" ", "") in label]
    return said if not names or max(names) >= _WHOLE * len(label) else said * _FARTHER


def _around(matter: Matter, term: Term, passage: Passage, text: str) -> float:
    """Return how surely what stands before or above a passage speaks of a term."""
    near = Asks.RESPONSE in matter.asks or goes_on(text)
    before = (_BEFORE if near else _FARTHER) * speaks(term, folded(passage.before))
    titles = (*passage.above, *_headers(passage))
    above = max((speaks(term, folded(title)) for title in titles), default=0.0)
    return max(before, _ABOVE * above)


def speaks(term: Term, text: str) -> float:
    """Return 1 if a (folded) text names a term, less if only its parts, else 0."""
    squeezed = text.replace(" ", "")
    if any(_names(name, text, squeezed) for name in term.names):
        return 1.0
    if not term.parts:
        return 0.0
    return _PARTS * sum(_names(part, text, squeezed) for part in term.parts) / len(term.parts)


def _names(name: str, text: str, squeezed: str) -> bool:
    if not name.isascii():
        return name.replace(" ", "") in squeezed
    if _QUARTER.fullmatch(name):  # 1Q25, 2025Q1
        return re.search(rf"(?<![a-z]){name}(?![a-z])", text) is not None
    return _said(name).search(text) is not None


@lru_cache(maxsize=4096)  # Words of questions are in it too.
def _said(name: str) -> re.Pattern[str]:
    """Return what finds a name in English, made once: hundreds are held against each passage."""
    stem = name[:-_STEM] if len(name) >= 2 * _STEM + 2 and " " not in name else name
    edge = "" if stem != name else r"(?:s|es)?(?![a-z0-9])"
    return re.compile(rf"(?<![a-z0-9]){re.escape(stem)}{edge}")


def _told(passage: Passage) -> str:
    """Return what a row says without its headers: they name reasons and give none."""
    if not passage.is_row:
        return passage.text
    label, *cells = passage.text.split(SEPARATOR)
    return SEPARATOR.join([label, *(cell.rpartition(": ")[2] for cell in cells)])


def _cells(passage: Passage, text: str) -> str:
    """Return what a row says behind its label: 汇率变动的影响 is an item and gives no reason."""
    return text.partition(SEPARATOR)[2] if passage.is_row else text


def _question(passage: Passage) -> str:
    """Return the question that a passage of an interview answers: a why gets a reason."""
    title = passage.above[-1]
    return folded(title) if title.rstrip().endswith(("?", "？")) else ""


def _headers(passage: Passage) -> tuple[str, ...]:
    return tuple(cell.rpartition(": ")[0] for cell in passage.text.split(SEPARATOR)[1:])
