"""The numbers Word puts in front of paragraphs without storing them in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from yanku.parse.wordtext import local, value

_HAN = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list counts and prints: ``pattern`` is such as ``第%1节 ``."""

    start: int
    style: str
    pattern: str


class Counting:
    """Counts through lists in reading order: their levels by list, and which lists count as one."""

    def __init__(self, lists: dict[str, dict[int, Level]], shared: dict[str, str]) -> None:
        self._lists = lists
        self._shared = shared
        self._counts: dict[str, dict[int, int]] = {}

    def label(self, list_: str, depth: int) -> str:
        """Return the number of the next paragraph of a list, empty for bullets."""
        levels = self._lists.get(list_, {})
        level = levels.get(depth)
        if level is None:
            return ""
        counts = self._counts.setdefault(self._shared.get(list_, list_), {})
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [each for each in counts if each > depth]:
            del counts[deeper]
        if level.style in {"bullet", "none"} or not level.pattern:
            return ""
        shown = re.sub(r"%([1-9])", lambda m: _count(levels, counts, int(m[1]) - 1), level.pattern)
        return shown if shown.endswith(("、", "）", ")")) else shown + " "


class Numbering:
    """The lists of one Word file."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self._lists: dict[str, dict[int, Level]] = {}
        self._by_style: dict[str, tuple[str, int]] = {}
        self._abstract: dict[str, str] = {}
        self._counting = Counting(self._lists, self._abstract)
        if numbering is not None:
            self._read_lists(numbering)
        if styles is not None:
            self._read_styles(styles)

    def label(self, paragraph: etree._Element) -> str:
        """Return the number in front of this paragraph, empty for bullets and plain paragraphs.

        Each call counts on; call it once a paragraph.
        """
        return self._counting.label(*self._list_of(paragraph))

    def holds(self, paragraph: etree._Element) -> bool:
        """Tell whether a paragraph is an item of a list, with a number or a bullet."""
        return self._list_of(paragraph)[0] in self._lists

    def _list_of(self, paragraph: etree._Element) -> tuple[str, int]:
        properties = next((each for each in paragraph if local(each) == "pPr"), None)
        if properties is None:
            return "", 0
        style = next((value(each) for each in properties if local(each) == "pStyle"), "")
        id_, depth = self._by_style.get(style, ("", 0))
        for each in properties:
            if local(each) == "numPr":
                own = {local(part): value(part) for part in each}
                id_ = own.get("numId", id_)
                depth = int(own["ilvl"]) if own.get("ilvl", "").isdecimal() else depth
        return id_, depth

    def _read_lists(self, root: etree._Element) -> None:
        abstract: dict[str, dict[int, Level]] = {}
        for each in root:
            if local(each) == "abstractNum":
                levels = (_level(part) for part in each if local(part) == "lvl")
                abstract[_attribute(each, "abstractNumId")] = dict(levels)
        for each in root:
            if local(each) == "num":
                id_ = _attribute(each, "numId")
                target = next((value(p) for p in each if local(p) == "abstractNumId"), "")
                self._lists[id_] = abstract.get(target, {})
                restarted = any(local(p) == "lvlOverride" for p in each)
                self._abstract[id_] = id_ + "!" if restarted else target

    def _read_styles(self, root: etree._Element) -> None:
        for style in root:
            for properties in style:
                for each in properties if local(properties) == "pPr" else ():
                    if local(each) == "numPr":
                        own = {local(part): value(part) for part in each}
                        depth = own.get("ilvl", "0")
                        self._by_style[_attribute(style, "styleId")] = (
                            own.get("numId", ""),
                            int(depth) if depth.isdecimal() else 0,
                        )


def _level(element: etree._Element) -> tuple[int, Level]:
    own = {local(each): value(each) for each in element}
    start = own.get("start", "1")
    depth = _attribute(element, "ilvl")
    return (
        int(depth) if depth.isdecimal() else 0,
        Level(
            int(start) if start.isdecimal() and len(start) < 6 else 1,
            own.get("numFmt", "decimal"),
            own.get("lvlText", ""),
        ),
    )


def _attribute(element: etree._Element, name: str) -> str:
    return next((str(v) for k, v in element.items() if str(k).rsplit("}", 1)[-1] == name), "")


def _count(levels: dict[int, Level], counts: dict[int, int], depth: int) -> str:
    level = levels.get(depth)
    number = counts.get(depth, level.start if level else 1)
    return _print(number, level.style if level else "decimal")


def _print(number: int, style: str) -> str:
    if style in {"lowerLetter", "upperLetter"} and 1 <= number <= 26:
        return chr((96 if style == "lowerLetter" else 64) + number)
    if style in {"lowerRoman", "upperRoman"} and 1 <= number < 100:
        roman = _roman(number)
        return roman if style == "upperRoman" else roman.lower()
    if style == "decimalEnclosedCircle" and 1 <= number <= 20:
        return chr(0x245F + number)
    if style == "decimalZero":
        return f"{number:02d}"
    chinese = style.startswith(("chinese", "japanese", "ideograph", "taiwanese"))
    return _han(number) if chinese and 0 <= number < 100 else str(number)


def _roman(number: int) -> str:
    out = ""
    for size, mark in ((90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"),
                       (4, "IV"), (1, "I")):  # fmt: skip
        while number >= size:
            out += mark
            number -= size
    return out


def _han(number: int) -> str:
    if number < 10:
        return _HAN[number]
    tens, ones = divmod(number, 10)
    return ("" if tens == 1 else _HAN[tens]) + "十" + (_HAN[ones] if ones else "")
