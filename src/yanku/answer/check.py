"""Tells whether every number of a sentence stands in the evidence it cites."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from yanku.model.amount import Amount, PrintedAmount, find_amounts, read_unit
from yanku.model.answer import Calculation, Citation

_UNIT = re.compile(r"单位[:：]\s*([^\s,，;；|)）]+)|\b(?:Unit|In)\s*:\s*([^|;)]+)", re.IGNORECASE)
_FALLING = re.compile(
    r"下降|减少|下滑|降低|亏损|流出|缩减|为负|decreas|declin|fell|fall|drop|down|loss|outflow|lower",
    re.IGNORECASE,
)
_LABEL_UNIT = re.compile(r"[(（]([^()（）]{1,12})[)）]")


def values_in(line: str, context: str = "") -> tuple[Amount, ...]:
    """Return the amounts a line of evidence holds, in base units.

    A bare number takes the unit printed in its own row label, or else the unit ``context`` gives
    for the table (单位：万元). Where a unit is known, the bare value does not count: 1,234 in a
    table in 万元 supports "1,234万元" and not "1,234元".
    """
    unit = _row_unit(line) or _table_unit(context)
    return tuple(_in_unit(printed, unit) for printed in find_amounts(line))


def _in_unit(printed: PrintedAmount, unit: str) -> Amount:
    known = read_unit(unit) if unit and not printed.amount.unit else None
    if known is None:
        return printed.amount
    return Amount(printed.amount.value * known.scale, known.code)


def _row_unit(line: str) -> str:
    for label_unit in _LABEL_UNIT.findall(line.split("|", 1)[0]):
        if read_unit(label_unit) is not None:
            return str(label_unit)
    return ""


def _table_unit(context: str) -> str:
    match = _UNIT.search(context)
    return next((group.strip() for group in match.groups() if group), "") if match else ""


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
