"""Tells whether every number of a sentence stands in the evidence it cites."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from yanku.model.amount import Amount, PrintedAmount, find_amounts
from yanku.model.answer import Calculation, Citation

_DIGITS = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_FALLING = re.compile(
    r"下降|减少|下滑|降低|亏损|流出|缩减|为负|decreas|declin|fell|fall|drop|down|loss|outflow|lower",
    re.IGNORECASE,
)


def unsupported(
    sentence: str, cited: Sequence[Citation], calculations: Iterable[Calculation] = ()
) -> tuple[str, ...]:
    """Return the numbers of a sentence, as printed, that no cited value or calculation carries."""
    known = [value for citation in cited for value in citation.values]
    known += [calculation.result for calculation in calculations]
    falling = bool(_FALLING.search(sentence))
    return tuple(
        printed.text
        for printed in find_amounts(sentence)
        if not any(carries(value, printed, falling=falling) for value in known)
    )


def loose_digits(sentence: str) -> tuple[str, ...]:
    """Return the runs of digits that are no amounts: years, days, ordinals, lengths of time.

    They are checked by their spelling, because an invented date misleads as a number does.
    """
    text = unicodedata.normalize("NFKC", sentence)
    taken = [(found.start, found.end) for found in find_amounts(text)]
    return tuple(
        match[0].replace(",", "")
        for match in _DIGITS.finditer(text)
        if not any(start <= match.start() < end for start, end in taken)
    )


def spells(digits: str, texts: Iterable[str]) -> bool:
    """Tell whether a run of digits stands, whole, in one of the texts."""
    whole = re.compile(rf"(?<!\d){re.escape(digits)}(?!\d)")
    return any(whole.search(unicodedata.normalize("NFKC", text).replace(",", "")) for text in texts)


def carries(value: Amount, printed: PrintedAmount, *, falling: bool = False) -> bool:
    """Tell whether a value, rounded as printed, is what is printed, in a unit that agrees.

    With ``falling`` the sentence says in words (下降 12.3 %, a loss of) what a source says with a
    sign, so that a negative value carries the positive number printed.
    """
    if not _units_agree(value.unit, printed.amount.unit):
        return False
    said = printed.amount.value
    if abs(value.value - said) <= printed.half_step:
        return True
    return falling and value.value < 0 and abs(-value.value - said) <= printed.half_step


def _units_agree(source: str, said: str) -> bool:
    """Allow leaving a unit out, not putting one where the source has another or none."""
    return not said or source == said or {source, said} == {"%", "pp"}
