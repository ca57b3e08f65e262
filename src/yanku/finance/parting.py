"""Reads from an English question what it asks of a company's segments, regions or products."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any

from yanku.finance.chapters import masked
from yanku.finance.dates import find_periods
from yanku.finance.labels import plain
from yanku.finance.page import blanked
from yanku.model.breakdown import Asked, Kind, Want
from yanku.model.inquiry import Inquiry

_PART = re.compile(r"<([a-z]+)>")
_WORD = re.compile(r"[a-z0-9][a-z0-9&'\-]*")
_ALONE = frozenset({"product", "products", "service", "services", "brand", "brands"})


ORDERS = frozenset({Want.LARGEST, Want.SMALLEST, Want.FASTEST, Want.SLOWEST})
"""What puts parts in an order: by sales, where no other figure is named. So are regions told."""


@dataclass(frozen=True, slots=True)
class _Measure:
    said: re.Pattern[str]
    metrics: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Phrases:
    """What is in parting.toml."""

    measures: tuple[_Measure, ...]
    kinds: dict[Kind, re.Pattern[str]]
    wants: dict[Want, re.Pattern[str]]
    signs: dict[str, re.Pattern[str]]
    same: dict[str, str]
    alike: re.Pattern[str]
    joining: frozenset[str]
    empty: frozenset[str]


def asked_of_parts(inquiry: Inquiry, filler: Iterable[str] = ()) -> Asked | None:
    """Return what a question asks of a company's parts; None if it can ask nothing of them.

    Where it does not say of which kind they are, only a report tells whether it names one.
    """
    if inquiry.language != "en":
        return None
    phrases = _phrases()
    text = masked(_alike(plain(inquiry.question)), inquiry.companies)
    text = blanked(text, [(one.start, one.end) for one in find_periods(text)])
    if phrases.signs["otherwise"].search(text):
        return None
    whole = text
    kind, text = _kind(text)
    words = tuple(stem(word) for word in _WORD.findall(text))
    bound = phrases.signs["bound"].search(text)
    measure, said, text = _measure(phrases.signs["bound"].sub(" ", text))
    want, text = _want(text)
    want = want if bound is None else Want.ABOVE
    if kind is Kind.REGION and not said and phrases.signs["active"].search(text):
        want, text = Want.EACH, phrases.signs["active"].sub(" ", text)
    known = phrases.empty | {stem(word) for word in filler}
    left = {stem(word) for word in _WORD.findall(text)}
    unknown = frozenset(word for word in left if word not in known and not word.isdigit())
    if not said and (want not in ORDERS | {Want.EACH} or kind is None):
        return None
    if kind is None and not unknown and want is not Want.SHARE:
        return None
    metrics = measure.metrics if measure is not None else phrases.measures[-1].metrics
    printed = said if measure is not None and not measure.metrics else ""
    value = Decimal(bound[1]) if bound is not None else Decimal(0)
    return Asked(metrics, printed, said, want, kind, words, unknown, whole, value)


def _alike(text: str) -> str:
    phrases = _phrases()
    return phrases.alike.sub(lambda m: phrases.same[m[0]], text)


def _kind(text: str) -> tuple[Kind | None, str]:
    for kind, pattern in _phrases().kinds.items():
        found = [m for m in pattern.finditer(text) if _is_kind(m)]
        if found:
            return kind, blanked(text, [m.span() for m in found])
    return None, text


def _is_kind(m: re.Match[str]) -> bool:
    """Tell whether words ask for things of a kind: "products" alone may be the name of a part."""
    asks = _phrases().signs["asks_kind"]
    return m[0] not in _ALONE or asks.search(m.string[: m.start()]) is not None


def _measure(text: str) -> tuple[_Measure | None, str, str]:
    """Return the figure asked for, the words that name it, and the text without them."""
    for measure in _phrases().measures:
        if (found := measure.said.search(text)) is not None:
            rest = f"{text[: found.start()]} {text[found.end() :]}"
            return measure, found[0].strip(), " ".join(rest.split())
    return None, "", " ".join(text.split())


def _want(text: str) -> tuple[Want, str]:
    phrases = _phrases()
    lower = phrases.signs["lower"]
    for want, pattern in phrases.wants.items():
        if pattern.search(text):
            rest = pattern.sub(" ", text)
            if want is Want.LARGEST and lower.search(text):
                return Want.SMALLEST, lower.sub(" ", rest)
            return want, rest
    if lower.search(text):
        return Want.SMALLEST, lower.sub(" ", text)
    return Want.FIGURE, text


def stem(word: str) -> str:
    """Return a word without what a plural or a genitive adds."""
    bare = word.strip("'-").removesuffix("'s")
    return bare[:-1] if len(bare) > 3 and bare.endswith("s") and not bare.endswith("ss") else bare


def words_of(name: str, whose: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the words of a part's name that a question must say, in their order.

    Those of the company's own name (``whose``) may be left out: Firm International.
    """
    found = [stem(word) for word in _WORD.findall(_alike(plain(name)))]
    bare = [word for word in found if word not in _phrases().joining]
    own = [word for word in bare if word not in whose]
    return tuple(own or bare or found)


def named_in(asked: Asked, names: Iterable[str], whose: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the names of parts that a question says, in its order, the longest taken first."""
    joining = _phrases().joining
    said = [word for word in asked.words if word not in joining]
    taken = [False] * len(said)
    found: list[tuple[int, str]] = []
    for name in sorted(set(names), key=lambda one: (-len(words_of(one, whose)), one)):
        words = words_of(name, whose)
        if set(words) <= joining:
            # "The Business segment" of a company that has one of this name.
            if words and f"{' '.join(words)} segment" in asked.text:
                found.append((0, name))
            continue
        for at in range(len(said) - len(words) + 1):
            stretch = slice(at, at + len(words))
            if tuple(said[stretch]) == words and not any(taken[stretch]):
                taken[stretch] = [True] * len(words)
                found.append((at, name))
    return tuple(dict.fromkeys(name for _, name in sorted(found)))


def unexplained(asked: Asked, names: Iterable[str], whose: Sequence[str] = ()) -> frozenset[str]:
    """Return the words of a question that neither its names of parts nor anything else explains."""
    return asked.open - {word for name in names for word in words_of(name)} - set(whose)


@lru_cache(maxsize=1)
def _phrases() -> _Phrases:
    text = files("yanku.finance").joinpath("parting.toml").read_text(encoding="utf-8")
    data: dict[str, Any] = tomllib.loads(text)
    parts: dict[str, str] = data["parts"]

    def read(pattern: str) -> re.Pattern[str]:
        return re.compile(_PART.sub(lambda m: parts[m[1]], pattern))

    same: dict[str, str] = data["same"]
    longest = sorted(same, key=len, reverse=True)
    whole = (rf"(?<![a-z]){re.escape(said)}(?![a-z])" for said in longest if said[0].isalpha())
    signs = (re.escape(said) for said in longest if not said[0].isalpha())
    words: dict[str, str] = data["words"]
    return _Phrases(
        measures=tuple(
            _Measure(read(rf"\b(?:{one['said']})\b"), frozenset(one["metrics"]))
            for one in data["measures"]
        ),
        kinds={Kind(name): read(rf"\b(?:{said})\b") for name, said in data["kinds"].items()},
        wants={Want(name): read(said) for name, said in data["wants"].items()},
        signs={name: read(said) for name, said in data["signs"].items()},
        same=same,
        alike=re.compile("|".join((*whole, *signs))),
        joining=frozenset(words["joining"].split()),
        empty=frozenset(words["empty"].split()),
    )
