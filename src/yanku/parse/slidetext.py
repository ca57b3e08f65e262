"""The paragraphs of a shape with the bullets and numbers that PowerPoint puts in front."""

from __future__ import annotations

from lxml import etree

from yanku.parse.slide import Said
from yanku.parse.wordtext import local, paragraph_text

_HAN = "零一二三四五六七八九十"
_BULLETS = frozenset({"buChar", "buAutoNum", "buBlip"})


class Bullets:
    """Which levels of a shape's text are lists: its own styles first, then what they follow."""

    def __init__(self, styles: tuple[etree._Element, ...], listed: bool = False) -> None:
        self._styles = styles
        self._listed = listed

    def of(self, properties: etree._Element | None, level: int) -> etree._Element | None:
        """Return the bullet of a paragraph, None if it has none."""
        for style in (properties, *(self._level(each, level) for each in self._styles)):
            for each in style if style is not None else ():
                if local(each) in _BULLETS or local(each) == "buNone":
                    return each if local(each) in _BULLETS else None
        return None

    def _level(self, style: etree._Element, level: int) -> etree._Element | None:
        name = f"lvl{level + 1}pPr"
        return next((each for each in style if local(each) == name), None)


def said_of(body: etree._Element | None, bullets: Bullets) -> tuple[Said, ...]:
    """Return the paragraphs of a text body, numbered ones with their numbers."""
    counts: dict[int, int] = {}
    said = []
    for each in body if body is not None else ():
        if local(each) != "p":
            continue
        text = paragraph_text(each, {})
        properties = next((p for p in each if local(p) == "pPr"), None)
        level = _level_of(properties)
        bullet = bullets.of(properties, level)
        for deeper in [n for n in counts if n > level]:
            del counts[deeper]
        if not text:
            continue
        label = _label(bullet, counts, level)
        said.append(Said(f"{label} {text}" if label else text, bullet is not None))
    return tuple(said)


def _level_of(properties: etree._Element | None) -> int:
    text = properties.get("lvl", "0") if properties is not None else "0"
    return min(int(text), 8) if text.isdecimal() and len(text) < 3 else 0


def _label(bullet: etree._Element | None, counts: dict[int, int], level: int) -> str:
    """Return the number in front of a paragraph, empty for bullets; counts on."""
    if bullet is None or local(bullet) != "buAutoNum":
        counts.pop(level, None)
        return ""
    start = bullet.get("startAt", "1")
    first = int(start) if start.isdecimal() and len(start) < 6 else 1
    counts[level] = number = counts.get(level, first - 1) + 1
    return _print(number, bullet.get("type", "arabicPeriod"))


def _print(number: int, style: str) -> str:
    if style.startswith("circleNum") and number <= 20:
        return chr(0x245F + number)
    shown = str(number)
    if style.startswith("alpha") and number <= 26:
        shown = chr((64 if "Uc" in style else 96) + number)
    elif style.startswith("ea1") and number < len(_HAN):
        shown = _HAN[number]
        return f"{shown}、" if style.endswith("Period") else shown
    if style.endswith("ParenBoth"):
        return f"({shown})"
    return shown + (")" if style.endswith("ParenR") else "." if style.endswith("Period") else "")
