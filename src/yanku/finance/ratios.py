"""Ratios of metrics: their names, their formulas and what stands in for lines that lack."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from yanku.finance.formula import operands_of
from yanku.finance.labels import expanded, plain

_RATIO_KEYS = frozenset({"zh", "also", "en", "unit", "formula", "printed", "source", "nil",
                          "or_else"})  # fmt: skip
UNITS = {
    "money": "CNY",
    "per_share": "CNY/share",
    "%": "%",
    "times": "times",
    "people": "people",
    "shares": "shares",
    "per_person": "CNY/person",
}
"""Units of measures as an Amount names them."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """A measure calculated from metrics; ``formula`` is in their identifiers.

    ``operands`` are the identifiers in order; ``averaged`` are those taken as the mean of opening
    and closing balance. ``printed`` is the metric under which reports print the same ratio.
    ``nil`` are operands that count as nothing where a statement adds up without them. ``others``
    are the same measure by other lines, in the order in which they stand in where lines lack.
    """

    id: str
    zh: str
    en: str
    unit: str
    formula: str
    operands: tuple[str, ...]
    averaged: frozenset[str]
    spoken: tuple[str, ...]
    loose: tuple[str, ...] = ()
    printed: str = ""
    source: str = ""
    nil: frozenset[str] = frozenset()
    others: tuple[Ratio, ...] = ()

    @property
    def code(self) -> str:
        """Return the unit of its results as an Amount names it (money in 人民币)."""
        return UNITS.get(self.unit, self.unit)


def names_under(entry: Mapping[str, Any], *keys: str) -> tuple[str, ...]:
    """Return all names under the keys, patterns expanded, in order and without repeats."""
    found: dict[str, None] = {}
    for key in keys:
        value = entry.get(key, ())
        for pattern in [value] if isinstance(value, str) else value:
            found.update(dict.fromkeys(expanded(pattern)))
    return tuple(found)


def spoken_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return names as questions say them, each once."""
    return tuple(dict.fromkeys(plain(name) for name in names))


def read_ratio(identifier: str, entry: Mapping[str, Any], known: Ratio | None) -> Ratio:
    """Return the ratio of an entry; of one that is known, with what the entry says otherwise."""
    if strange := set(entry) - _RATIO_KEYS:
        raise ValueError(f"unknown key {', '.join(sorted(strange))}")
    formula = entry.get("formula", known.formula) if known else entry["formula"]
    operands, averaged = operands_of(formula)
    english = entry.get("en", [known.en] if known else [])
    zh = entry.get("zh", known.zh) if known else entry["zh"]
    own = "formula" in entry and known is not None
    nil = frozenset(entry.get("nil", known.nil if known and not own else ()))
    if unused := nil - set(operands):
        raise ValueError(f"nil names {', '.join(sorted(unused))}, which the formula does not use")
    ratio = Ratio(
        id=identifier,
        zh=zh,
        en=known.en if known and "formula" not in entry else english[0] if english else zh,
        unit=entry.get("unit", known.unit) if known else entry["unit"],
        formula=formula,
        operands=operands,
        averaged=averaged,
        spoken=tuple(
            dict.fromkeys(
                (
                    *(known.spoken if known else ()),
                    *spoken_names(names_under(entry, "zh", "also", "en")),
                )
            )
        ),
        # A firm's own formula goes before what reports print by another one.
        printed=entry.get("printed", known.printed if known and not own else ""),
        source=entry.get("source", known.source if known and not own else ""),
        nil=nil,
    )
    if "or_else" not in entry:
        return replace(ratio, others=known.others if known and not own else ())
    return replace(ratio, others=tuple(_by(ratio, formula) for formula in entry["or_else"]))


def _by(ratio: Ratio, formula: str) -> Ratio:
    """Return a ratio by another formula of the same measure."""
    operands, averaged = operands_of(formula)
    return replace(
        ratio, formula=formula, operands=operands, averaged=averaged, printed="", nil=frozenset()
    )
