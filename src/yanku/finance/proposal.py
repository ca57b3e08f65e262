"""Lets a model say what the words are that rules cannot explain, and holds it to the question.

The model proposes no figure, company, period or measure: it sorts the unexplained words of a
question into those that say nothing and those that ask for an order or a change. The question is
then read again by the rules, without the former and with the latter in words they know; what they
make of it is the plan. So whatever a plan holds stands in the question itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from yanku.finance.inquiry import reading_of, understand
from yanku.finance.labels import has_han, plain
from yanku.finance.ontology import Ontology
from yanku.finance.phrases import Phrases
from yanku.finance.spoken import Spoken, find_measures
from yanku.model.finance import Company
from yanku.model.inquiry import Inquiry, Task

_MOST_WORDS = 4
_LONGEST = 16
_LATIN = re.compile(r"[a-z][a-z'\-]*")
_AFTER_A_MEASURE = re.compile(
    r"\s*(?:from|in|of|for|by|at|on|excluding|except|的)\s*(?:the |its )?"
)


class Kind(StrEnum):
    """What an unexplained word of a question is."""

    EMPTY = "empty"
    """Courtesy, colour, chatter: without it the same figure is asked for."""
    NARROWS = "narrows"
    """It makes the figure another one: a product, a region, a budget."""
    HIGHEST = "highest"
    UP = "up"
    DOWN = "down"
    HIGHER = "higher"


class About(StrEnum):
    """What the figure is of, as a second look at the same question."""

    WHOLE = "whole"
    PART = "part"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Opening:
    """A question that rules leave open for some words alone; ``text`` is in the form of plain."""

    text: str
    words: tuple[str, ...]
    language: str


_SAID = {
    "zh": {
        Kind.HIGHEST: "最高的公司",
        Kind.UP: "同比增长",
        Kind.DOWN: "同比下降",
        Kind.HIGHER: "哪家更高",
    },
    "en": {
        Kind.HIGHEST: "highest company",
        Kind.UP: "year-on-year growth",
        Kind.DOWN: "year-on-year growth",
        Kind.HIGHER: "which is higher",
    },
}


def opening(
    question: str, companies: Sequence[Company], ontology: Ontology, today: date
) -> Opening | None:
    """Return what a model may be asked about a question, or None where rules have said no.

    A word that is tied to a measure (海外营收, revenue from coatings) or is of a kind that narrows
    is never open: no model is believed on it.
    """
    page, rest, inquiry = reading_of(question, companies, ontology, today)
    words = rest.qualifiers
    declined = bool(inquiry.beyond is not None or inquiry.unclear or rest.unknown)
    # Reasons, descriptions and the like are for text, whatever else the question says.
    declined = declined or any(
        pattern.search(page.text) for pattern in (ontology.phrases.text, ontology.phrases.soft)
    )
    if declined or not words or not inquiry.metrics or len(words) > _MOST_WORDS:
        return None
    if any(len(word) > _LONGEST and has_han(word) for word in words):
        return None
    spoken = find_measures(page.text, lambda _start, _end: True, ontology)
    if any(_closed(word, page.text, spoken, ontology.phrases) for word in words):
        return None
    return Opening(page.text, words, inquiry.language)


_ASKS_WHO = re.compile(r"谁|哪|\bwho\b|\bwhich\b")
_GROWS = re.compile(r"同比|比上|上一?年|去年|\bthan\b|\byoy\b|\bversus\b|\bvs\b")


def _closed(word: str, text: str, spoken: Sequence[Spoken], phrases: Phrases) -> bool:
    if phrases.narrows.search(word) or phrases.text.search(word):
        return True
    parts = [word] if has_han(word) else _LATIN.findall(word)
    return any(
        _tied(text, m.start(), m.end(), spoken)
        for part in parts
        for m in re.finditer(re.escape(part), text)
    )


def _tied(text: str, start: int, end: int, spoken: Sequence[Spoken]) -> bool:
    """Tell a word right before a measure, or after it with a preposition."""
    for measure in spoken:
        before = end <= measure.start and not text[end : measure.start].strip(" 的")
        between = text[measure.end : start] if measure.end <= start else "-"
        if before or _AFTER_A_MEASURE.fullmatch(between):
            return True
    return False


def schema_of(asked: Opening) -> str:
    """Return the JSON schema of an answer: a kind for each word, and what the figure is of."""
    parts: dict[str, object] = {
        f"w{number}": _object(
            word={"type": "string", "enum": [word]},
            kind={"type": "string", "enum": [kind.value for kind in Kind]},
        )
        for number, word in enumerate(asked.words, start=1)
    }
    parts["about"] = {"type": "string", "enum": [about.value for about in About]}
    return json.dumps(_object(**parts), ensure_ascii=False)


def _object(**parts: object) -> dict[str, object]:
    return {
        "type": "object",
        "properties": parts,
        "required": list(parts),
        "additionalProperties": False,
    }


def kinds_in(said: str, asked: Opening) -> Mapping[str, Kind] | None:
    """Return the kind of each word; None if the answer is not whole, or says that one narrows."""
    try:
        told = json.loads(said)
        about = About(told["about"])
        kinds = {
            word: Kind(told[f"w{number}"]["kind"])
            for number, word in enumerate(asked.words, start=1)
        }
    except (ValueError, KeyError, TypeError):
        return None
    if about is not About.WHOLE or Kind.NARROWS in kinds.values():
        return None
    return kinds if _grounded(kinds, asked.text) else None


def _grounded(kinds: Mapping[str, Kind], text: str) -> bool:
    """Tell whether the question itself says that there is an order or a change to ask for."""
    asked = set(kinds.values())
    if asked & {Kind.HIGHEST, Kind.HIGHER} and not _ASKS_WHO.search(text):
        return False
    return not asked & {Kind.UP, Kind.DOWN} or _GROWS.search(text) is not None


def reread(
    asked: Opening,
    kinds: Mapping[str, Kind],
    companies: Sequence[Company],
    ontology: Ontology,
    today: date,
) -> Inquiry | None:
    """Return the plan that rules make of the question without its empty words; None for none."""
    text = asked.text
    for word, kind in kinds.items():
        parts = [word] if has_han(word) else _LATIN.findall(word)
        said = _SAID[asked.language].get(kind, "")
        for number, part in enumerate(parts):
            text = text.replace(part, f" {said} " if not number else " ", 1)
    text = plain(re.sub(r"\s+", " ", text))
    inquiry = understand(text, companies, ontology, today)
    open_still = inquiry.unknown or inquiry.unclear or inquiry.beyond is not None
    return None if open_still or inquiry.task is Task.TEXT else inquiry
