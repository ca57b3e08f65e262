"""Brings traditional characters into the simplified ones, and tells characters that sound alike."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

_FIRST, _LAST = 0xB0A1, 0xD7F9
"""Where GB 2312 has the characters that stand in the order of their sound."""
_SEVERAL = {
    "行": "hang", "长": "zhang", "重": "chong", "率": "shuai", "调": "tiao", "乐": "yue",
    "藏": "zang", "参": "shen", "单": "shan", "给": "gei", "传": "zhuan", "车": "ju",
}  # fmt: skip
"""Characters that are often read in a second way."""


_ROUGH = re.compile(r"^[zcs]h|ng$")


def simplified(text: str) -> str:
    """Return text in simplified characters, one for one, so that every position stays."""
    return text.translate(_simpler())


def sounds(character: str) -> frozenset[str]:
    """Return the syllables, without tone, that a common Chinese character is read as."""
    code = _code(character)
    if not _FIRST <= code <= _LAST:
        return frozenset()
    codes, syllables = _syllables()
    known = {syllables[bisect_right(codes, code) - 1]}
    return frozenset(known | {_SEVERAL[character]} if character in _SEVERAL else known)


def sound_alike(one: str, other: str, *, roughly: bool = False) -> bool:
    """Tell whether two characters can be mistaken for each other by one who types by sound.

    ``roughly`` takes zh for z and ang for an, as many speakers do.
    """
    if one == other:
        return True
    a, b = sounds(one), sounds(other)
    return bool(a & b) or (roughly and bool(set(map(_rough, a)) & set(map(_rough, b))))


def initials(text: str) -> frozenset[str]:
    """Return the first letters that a text's characters are typed by; none if one is not common."""
    found = {""}
    for character in text:
        letters = {sound[0] for sound in sounds(character)}
        found = {begun + letter for begun in found for letter in letters}
    return frozenset(found)


def _rough(syllable: str) -> str:
    return _ROUGH.sub(lambda m: m[0][0], syllable)


def _code(character: str) -> int:
    try:
        return int.from_bytes(character.encode("gb2312"), "big")
    except UnicodeEncodeError:
        return 0


@cache
def _simpler() -> dict[int, str]:
    return {ord(pair[0]): pair[1] for row in _rows("traditional") for pair in _pairs(row)}


def _pairs(row: str) -> Iterator[str]:
    return (row[at : at + 2] for at in range(0, len(row), 2))


@cache
def _syllables() -> tuple[tuple[int, ...], tuple[str, ...]]:
    entries = [entry for row in _rows("syllables") for entry in row.split()]
    return tuple(_code(entry[0]) for entry in entries), tuple(entry[1:] for entry in entries)


def _rows(name: str) -> list[str]:
    text = files("yanku.finance").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    rows: list[str] = tomllib.loads(text)["rows"]
    return rows
