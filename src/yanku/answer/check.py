"""Tells whether the evidence carries a sentence: its numbers, names, dates and polarity."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from yanku.answer.cues import denies, direction, folded
from yanku.model.amount import Amount, PrintedAmount, find_amounts
from yanku.model.answer import Calculation, Citation

_DIGITS = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_FALLING = re.compile(
    r"下降|减少|下滑|降低|亏损|流出|缩减|为负|decreas|declin|fell|fall|drop|down|loss|outflow|lower",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[“「『《\"]([^”」』》\"]{2,40})[”」』》\"]")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9&\-]*")
_ENDINGS = (
    *("公司", "集团", "银行", "证券", "大学", "医院", "事务所", "研究院", "研究所", "基金"),
    *("协会", "委员会"),
)
_BODY = re.compile(rf"[\u4e00-\u9fff]{{2,16}}?(?:{'|'.join(_ENDINGS)})")
_LEAST = 2
"""Signs that a name has before the word for what it is."""
_COMMON = (
    "本公司",
    "上市公司",
    "该公司",
    "子公司",
    "母公司",
    "分公司",
    "控股公司",
    "本集团",
    "本银行",
)
_DATE = re.compile(r"(?:19|20)\d\d(?:-\d\d(?:-\d\d)?)?")
_CLAUSES = re.compile(r"[，,。；;：:！!？?]")


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


def strange_names(sentence: str, sources: Sequence[str]) -> tuple[str, ...]:
    """Return the names in a sentence that stand in none of its sources.

    Names are what is quoted, Latin words in a Chinese sentence or capital ones in an English one,
    and bodies: a company, a bank, a court by the word it ends with.
    """
    told = " ".join(folded(source) for source in sources).replace(" ", "")
    named = [m[1] for m in _QUOTED.finditer(sentence)] + _latin_names(sentence)
    strange = [name for name in named if folded(name).replace(" ", "") not in told]
    return (*strange, *(m[0] for m in _BODY.finditer(sentence) if not _is_known(m[0], told)))


def _latin_names(sentence: str) -> list[str]:
    words = [m[0] for m in _LATIN.finditer(sentence)]
    if any("\u4e00" <= sign <= "\u9fff" for sign in sentence):
        return words
    return [word for word in words[1:] if word[0].isupper()]


def _is_known(body: str, told: str) -> bool:
    """Tell whether a body, without the words that run into its name, stands in the sources."""
    if body.endswith(_COMMON):
        return True
    ending = next(end for end in _ENDINGS if body.endswith(end))
    return body[-len(ending) - _LEAST :] in told


def strange_dates(
    sentence: str, sources: Iterable[str], words: Callable[[str], Sequence[str]]
) -> tuple[str, ...]:
    """Return the dates, months and years of a sentence that no source names."""
    known = {word for source in sources for word in words(source)}
    return tuple(w for w in words(sentence) if _DATE.fullmatch(w) and w not in known)


def contradicts(sentence: str, source: str, words: Callable[[str], Sequence[str]]) -> bool:
    """Tell whether a sentence says the opposite of a source: up for down, or not for so."""
    said, told = folded(sentence), folded(source)
    ways = direction(said), direction(told)
    if None not in ways and ways[0] is not ways[1]:
        return True
    own = frozenset(words(said))
    clauses = [clause for clause in _CLAUSES.split(told) if clause.strip()]
    nearest = max(clauses, key=lambda clause: len(own & frozenset(words(clause))), default="")
    return denies(said) is not denies(nearest) and denies(said) is not denies(told)
