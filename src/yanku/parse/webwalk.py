"""An HTML tree walked in reading order: blocks, list items and tables, without what is hidden."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Protocol

from lxml import etree

from yanku.errors import BrokenSource
from yanku.model.document import Flaw, Role
from yanku.parse.grid import GridCell
from yanku.parse.webstyle import Styles
from yanku.parse.webtable import is_data_table, read_cells

_MAX_NESTED = 20
_WRAPPED_FROM = 30
_SENTENCE_END = "。！？；：.!?;:…”\"'）)"
_INK = "\u2028"
"""Stands for a line break of the page while a paragraph is put together."""

_RUN = frozenset({"script", "applet"})
_NOT_SHOWN = frozenset(
    {"head", "style", "template", "noscript", "link", "meta", "title", "datalist", "select",
     "svg", "math", "map", "audio", "video", "canvas", "ix:header", "ix:hidden", "rp"}
)  # fmt: skip
_EMBEDDED = frozenset({"iframe", "object", "embed", "frame"})
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
     "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form",
     "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main",
     "menu", "nav", "ol", "p", "pre", "search", "section", "summary", "table", "tbody", "td",
     "tfoot", "th", "thead", "tr", "ul"}
)  # fmt: skip
_OUTSIDE = re.compile(r"\s*(?:https?:)?//", re.IGNORECASE)


class Sink(Protocol):
    """Takes what a page says, in order."""

    def say(self, text: str, level: int | None, role: Role, /) -> None:
        """Take a paragraph or heading."""
        ...

    def table(self, cells: list[GridCell], headers: int | None, /) -> None:
        """Take a table."""
        ...

    def spend(self, cells: int) -> None:
        """Count cells against the limit."""
        ...


class Walker:
    """Walks one page, or one cell of a table in it."""

    def __init__(
        self,
        sink: Sink,
        shown: str,
        styles: Styles | None = None,
        found: Counter[str] | None = None,
        depth: int = 0,
        apart: list[etree._Element] | None = None,
    ) -> None:
        self._sink = sink
        self._shown = shown
        self._styles = styles
        self._found: Counter[str] = Counter() if found is None else found
        self._depth = depth
        self._apart = apart
        self._pieces: list[str] = []
        self._roles: list[tuple[int | None, Role]] = [(None, Role.TEXT)]
        self._label = ""

    def read(self, root: etree._Element, *, inside: bool = False) -> None:
        """Send everything that shows of an element, or only inside it, to the sink."""
        if self._styles is None:
            self._styles = Styles(root)
        walk = etree.iterwalk(root, events=("start", "end"))
        skipped: etree._Element | None = None
        for event, element in walk:
            is_frame = inside and element is root
            if event == "start":
                skipped = element if element is not root and self._skips(element) else None
                if skipped is None and not is_frame:
                    self._enter(element)
                if skipped is not None or (not is_frame and self._is_read_whole(element)):
                    walk.skip_subtree()
                else:
                    self._add(element.text)
                continue
            if element is not skipped and not is_frame:
                self._leave(element)
            skipped = None
            if element is not root:
                self._add(element.tail)
        self._flush()

    def flaws(self) -> Iterator[Flaw]:
        """Return what was left out."""
        found = self._found
        if found["pictures"]:
            yield Flaw("pictures", f"{found['pictures']} pictures were not read.")
        if found["hidden"]:
            yield Flaw("hidden_text", f"{found['hidden']} hidden parts were not read.")
        if found["scripts"]:
            yield Flaw("macros", f"The page holds {found['scripts']} scripts; they were not run.")
        if found["embedded"]:
            yield Flaw("embedded_files", f"{found['embedded']} embedded frames were not opened.")
        if found["outside"]:
            detail = (
                f"{found['outside']} pictures, styles or scripts from elsewhere were not fetched."
            )
            yield Flaw("external_links", detail)

    # ── elements ────────────────────────────────────────────────────────────────────────────────

    def _skips(self, element: etree._Element) -> bool:
        """Tell an element that shows nothing, and count it."""
        if not isinstance(element.tag, str):
            return True
        tag = tag_of(element)
        address = element.get("src") or (element.get("href") if tag == "link" else None)
        if address and tag != "a" and _OUTSIDE.match(address):
            self._found["outside"] += 1
        if tag in _RUN:
            self._found["scripts"] += element.get("type") not in {"application/json"}
            return True
        if tag in _EMBEDDED:
            self._found["embedded"] += 1
            return True
        if tag == "img":
            self._found["pictures"] += 1
            return True
        if tag == "head":
            self._count_head(element)
        if tag in _NOT_SHOWN:
            if tag == "select":
                self._add(_chosen(element))
            return True
        return self._hides(element)

    def _count_head(self, head: etree._Element) -> None:
        for each in head.iter("{*}script", "{*}link"):
            address = each.get("src") or each.get("href") or ""
            self._found["scripts"] += tag_of(each) == "script"
            self._found["outside"] += bool(_OUTSIDE.match(address))

    def _enter(self, element: etree._Element) -> None:
        tag = tag_of(element)
        if tag == "br":
            self._pieces.append(_INK)
        elif tag == "input":
            self._pieces.append(_shown_input(element))
        if tag not in _BLOCKS:
            return
        self._flush()
        level, role = self._roles[-1]
        if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            level = int(tag[1])
        elif tag == "li":
            role = Role.ITEM
            self._label = _number_of(element)
        elif tag == "nav":
            role = Role.HEADER
        elif tag == "footer":
            role = Role.FOOTER
        self._roles.append((level, role))

    def _leave(self, element: etree._Element) -> None:
        if tag_of(element) in _BLOCKS:
            self._flush()
            self._roles.pop()

    def _is_read_whole(self, table: etree._Element) -> bool:
        """Read a table of data whole; one that only lays out the page is walked like any other."""
        if tag_of(table) != "table":
            return False
        if self._apart is not None:
            self._apart.append(table)
            return True
        if self._depth >= _MAX_NESTED:
            raise BrokenSource(f"{self._shown} has tables nested too deep to be a page.")
        found = Counter(self._found)
        cells, headers, inner = read_cells(table, self._cell, self._hides, self._sink.spend)
        if not is_data_table(table, cells, nested=bool(inner)):
            self._found.clear()
            self._found.update(found)  # what was left out is met again on the way
            return False
        self._say_caption(table)
        self._sink.table(cells, headers)
        for each in inner:
            self._deeper(self._sink).read(each)
        return True

    def _say_caption(self, table: etree._Element) -> None:
        for each in table:
            if tag_of(each) == "caption" and not self._skips(each):
                self._sink.say("\n".join(self._cell(each)[0]), None, Role.TEXT)

    def _hides(self, element: etree._Element) -> bool:
        hidden = self._styles is not None and self._styles.hides(element)
        if hidden:
            self._found["hidden"] += any(text.strip() for text in element.itertext())
        return hidden

    def _cell(self, cell: etree._Element) -> tuple[list[str], list[etree._Element]]:
        """Return the lines of a cell, and the tables inside it."""
        sink = _Lines()
        tables: list[etree._Element] = []
        self._deeper(sink, tables).read(cell, inside=True)
        return sink.lines, tables

    def _deeper(self, sink: Sink, apart: list[etree._Element] | None = None) -> Walker:
        return Walker(sink, self._shown, self._styles, self._found, self._depth + 1, apart)

    # ── text ────────────────────────────────────────────────────────────────────────────────────

    def _add(self, text: str | None) -> None:
        if text:
            self._pieces.append(text)

    def _flush(self) -> None:
        if not self._pieces:
            return
        lines = [" ".join(each.split()) for each in "".join(self._pieces).split(_INK)]
        self._pieces.clear()
        level, role = self._roles[-1]
        label, self._label = self._label, ""
        for text in _joined(lines):
            self._sink.say(f"{label} {text}" if label else text, level, role)
            label = ""


class _Lines:
    """Takes the lines of one cell, whatever they are."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, text: str, _level: int | None = None, _role: Role = Role.TEXT) -> None:
        """Keep a line."""
        if text.strip():
            self.lines.append(text)

    def table(self, cells: list[GridCell], _headers: int | None = None) -> None:
        """Keep a table's texts as lines."""
        self.lines += [each.text for each in cells]

    def spend(self, cells: int) -> None:
        """Count nothing: the cells are those of the table around."""


def tag_of(element: etree._Element) -> str:
    """Return an element's name in lower case; of inline XBRL with its prefix, as in HTML."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    space, _, own = tag.rpartition("}")
    return ("ix:" if "inlineXBRL" in space else "") + own.lower()


def _joined(lines: list[str]) -> Iterator[str]:
    """Yield paragraphs: a line broken by hand in the midst of a sentence goes on in the next."""
    out = ""
    for text in lines:
        if out and text and len(out) >= _WRAPPED_FROM and out[-1] not in _SENTENCE_END:
            gap = " " if out[-1] < "\u2e80" and text[0] < "\u2e80" else ""
            out += gap + text
            continue
        if out:
            yield out
        out = text
    if out:
        yield out


def _chosen(select: etree._Element) -> str:
    """Return what a closed list of choices shows."""
    options = [each for each in select.iter() if tag_of(each) == "option"]
    chosen = [each for each in options if each.get("selected") is not None] or options[:1]
    return " ".join("".join(each.itertext()) for each in chosen)


def _shown_input(element: etree._Element) -> str:
    kind = (element.get("type") or "text").lower()
    if kind in {"checkbox", "radio"}:
        return "☑" if element.get("checked") is not None else "☐"
    return (element.get("value") or "") if kind in {"text", "number", "search"} else ""


def _number_of(item: etree._Element) -> str:
    """Return the number that a browser prints in front of a list item, empty for bullets."""
    list_ = item.getparent()
    if list_ is None or tag_of(list_) != "ol":
        return ""
    start = item.get("value") or list_.get("start") or "1"
    first = int(start) if start.isdecimal() and len(start) < 7 else 1
    before = 0 if item.get("value") else sum(
        tag_of(each) == "li" for each in item.itersiblings(preceding=True)
    )  # fmt: skip
    number, kind = first + before, list_.get("type") or "1"
    if kind in {"a", "A"} and 1 <= number <= 26:
        return chr(ord(kind) + number - 1) + "."
    return f"{number}."
