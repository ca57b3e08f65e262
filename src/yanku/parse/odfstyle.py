"""What the styles of an OpenDocument file say: what is hidden, how lists count, how large."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from yanku.parse.numbering import Counting, Level
from yanku.parse.wordtext import local

_POINTS = {"cm": 72 / 2.54, "mm": 72 / 25.4, "in": 72.0, "pt": 1.0, "pc": 12.0, "px": 0.75}
_LENGTH = re.compile(r"(-?\d{1,6}(?:\.\d{1,9})?)(cm|mm|in|pt|pc|px)")
_FORMATS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman",
            "I": "upperRoman", "": "none"}  # fmt: skip


def own(element: etree._Element, name: str) -> str:
    """Return an attribute by its local name, empty if there is none."""
    return next((str(v) for k, v in element.items() if str(k).rpartition("}")[2] == name), "")


def points(text: str) -> float | None:
    """Return a length such as ``2.54cm`` in points."""
    match = _LENGTH.fullmatch(text.strip())
    return float(match[1]) * _POINTS[match[2]] if match else None


@dataclass(slots=True)
class Styles:
    """Styles by name; a style without a say of its own follows its parent."""

    hidden: set[str] = field(default_factory=set)
    hidden_pages: set[str] = field(default_factory=set)
    sizes: dict[str, float] = field(default_factory=dict)
    """Widths of columns and heights of rows."""
    pages: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Sizes of pages by master page."""
    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    list_of: dict[str, str] = field(default_factory=dict)

    def add(self, root: etree._Element) -> None:
        """Take up the styles of one part of the file."""
        layouts: dict[str, tuple[float, float]] = {}
        for each in root.iter("{*}style", "{*}list-style", "{*}page-layout", "{*}master-page"):
            name = own(each, "name")
            match local(each):
                case "style":
                    self._style(each, name)
                case "list-style":
                    self.levels[name] = dict(filter(None, map(_level, each)))
                case "page-layout":
                    for part in each:
                        width, height = points(own(part, "page-width")), points(
                            own(part, "page-height")
                        )  # fmt: skip
                        if width and height:
                            layouts[name] = width, height
                case _:
                    if own(each, "page-layout-name") in layouts:
                        self.pages[name] = layouts[own(each, "page-layout-name")]

    def _style(self, style: etree._Element, name: str) -> None:
        if own(style, "list-style-name"):
            self.list_of[name] = own(style, "list-style-name")
        if own(style, "parent-style-name") in self.hidden:
            self.hidden.add(name)
        for each in style:
            if own(each, "display") == "none" and local(each) == "text-properties":
                self.hidden.add(name)
            if own(each, "visibility") == "hidden":
                self.hidden_pages.add(name)
            size = points(own(each, "column-width")) or points(own(each, "row-height"))
            if size:
                self.sizes[name] = size


def _level(element: etree._Element) -> tuple[int, Level] | None:
    depth, start = own(element, "level"), own(element, "start-value") or "1"
    if not depth.isdecimal() or not 1 <= int(depth) <= 9:
        return None
    number = int(depth)
    if local(element) != "list-level-style-number":
        return number - 1, Level(1, "bullet", "")
    shown = own(element, "display-levels")
    first = number - min(int(shown), number) + 1 if shown.isdecimal() and int(shown) else number
    pattern = ".".join(f"%{n}" for n in range(first, number + 1))
    form = own(element, "num-format")
    style = "chineseCounting" if form.startswith("一") else _FORMATS.get(form, "decimal")
    whole = own(element, "num-prefix") + pattern + own(element, "num-suffix")
    return number - 1, Level(int(start) if start.isdecimal() else 1, style, whole)


class Lists:
    """Counts through the lists of one document; each begins anew unless it goes on with another."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._levels: dict[str, dict[int, Level]] = {}
        self._shared: dict[str, str] = {}
        self._counting = Counting(self._levels, self._shared)
        self._last: dict[str, str] = {}

    def open(self, element: etree._Element, style: str) -> str:
        """Return the name to count a list by."""
        key = own(element, "id") or f"list {len(self._levels)}"
        self._levels[key] = self._styles.levels.get(style, {})
        before = own(element, "continue-list")
        if not before and own(element, "continue-numbering") == "true":
            before = self._last.get(style, "")
        self._shared[key] = self._shared.get(before, before) or key
        self._last[style] = key
        return key

    def label(self, key: str, depth: int) -> str:
        """Return the number of the next item, empty for bullets."""
        return self._counting.label(key, depth)
