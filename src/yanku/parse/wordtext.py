"""The words of one Word paragraph, and the heading levels of its styles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from yanku.parse.marks import narrowed, unmarked, with_raised

_SKIPPED = frozenset(
    {"del", "moveFrom", "instrText", "delText", "pPr", "rPr", "txbxContent", "Fallback",
     "footnoteReference", "annotationRef", "tbl"}
)  # fmt: skip
_DELETED = frozenset({"del", "moveFrom", "delText"})
_DRAWN = frozenset({"drawing", "pict", "object"})
_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)


def local(element: etree._Element) -> str:
    """Return an element's name without its namespace, which differs between dialects."""
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def value(element: etree._Element) -> str:
    """Return the ``val`` attribute, empty if there is none."""
    return next((str(v) for k, v in element.items() if str(k).rsplit("}", 1)[-1] == "val"), "")


def within(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the outermost elements of a name; of alternatives only the first is looked at."""
    for each in element:
        if local(each) == name:
            yield each
        elif local(each) == "AlternateContent":
            yield from within(next(iter(each), each), name)
        else:
            yield from within(each, name)


def paragraph_text(paragraph: etree._Element, found: dict[str, int]) -> str:
    """Return the visible text of a paragraph; ``found`` counts what was left out."""
    pieces: list[str] = []
    _collect(paragraph, pieces, found)
    return " ".join(narrowed(unmarked(word)) for word in "".join(pieces).split())


def _collect(element: etree._Element, pieces: list[str], found: dict[str, int]) -> None:
    for each in element:
        name = local(each)
        if name == "t":
            pieces.append(each.text or "")
        elif name in {"tab", "br", "cr", "ptab"}:
            pieces.append(" ")
        elif name in {"noBreakHyphen", "softHyphen"}:
            pieces.append("-" if name == "noBreakHyphen" else "")
        elif name in _SKIPPED:
            if name in _DELETED:
                found["deleted"] = found.get("deleted", 0) + 1
        elif name == "r" and _is_hidden(each):
            found["hidden"] = found.get("hidden", 0) + 1
        elif name == "r" and _is_raised(each) and pieces:
            raised: list[str] = []
            _collect(each, raised, found)
            pieces[:] = [with_raised("".join(pieces), "".join(raised))]
        else:
            if name in _DRAWN:
                found["drawing"] = found.get("drawing", 0) + 1
            _collect(each, pieces, found)


def _is_hidden(run: etree._Element) -> bool:
    for properties in run:
        if local(properties) == "rPr":
            return any(
                local(each) == "vanish" and value(each) not in {"0", "false", "off"}
                for each in properties
            )
    return False


def _is_raised(run: etree._Element) -> bool:
    properties = next((each for each in run if local(each) == "rPr"), None)
    return properties is not None and any(
        local(each) == "vertAlign" and value(each) == "superscript" for each in properties
    )


def styles_of(root: etree._Element | None) -> dict[str, int]:
    """Return the heading level of each paragraph style that has one, its ancestors' included."""
    if root is None:
        return {}
    levels: dict[str, int] = {}
    parents: dict[str, str] = {}
    for style in root:
        if local(style) != "style":
            continue
        id_ = next((str(v) for k, v in style.items() if str(k).endswith("styleId")), "")
        level = _own_level(style)
        if level is not None:
            levels[id_] = level
        parents[id_] = next((value(each) for each in style if local(each) == "basedOn"), "")
    return {id_: level for id_ in parents if (level := _inherited(id_, levels, parents))}


def _own_level(style: etree._Element) -> int | None:
    name = next((value(each) for each in style if local(each) == "name"), "")
    if (match := _HEADING.fullmatch(name)) is not None:
        return int(match[1])
    if name.lower() in {"title", "标题"}:
        return 1
    for properties in style:
        if local(properties) == "pPr":
            for each in properties:
                if local(each) == "outlineLvl" and value(each).isdecimal():
                    return int(value(each)) + 1 if int(value(each)) < 9 else None
    return None


def _inherited(id_: str, levels: dict[str, int], parents: dict[str, str]) -> int | None:
    for _ in range(20):  # a chain of styles that bites its tail ends here
        if id_ in levels:
            return levels[id_]
        id_ = parents.get(id_, "")
        if not id_:
            break
    return None
