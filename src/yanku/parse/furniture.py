"""Lines that belong to the page, not to the text: running titles, feet and page numbers.

Words that stand at the same height of neighbouring pages, with their figures masked, are running
titles; a line at the outer edge that is nothing but a page number needs no neighbour.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from yanku.model.document import Origin, Paragraph, Role
from yanku.parse.cells import announced_unit
from yanku.parse.ink import Ink, Line, Word, lines_of

_EDGE = 0.12
"""The share of a page's height, at its top and at its foot, where running titles stand."""
_OUTER = 0.09
_NUMBER = (
    r"(?P<{}>\d{{1,4}}|[ivxlc]{{1,6}}"
    r"|\d{{1,2}}(?:-\d{{1,2}})?-\d{{1,4}}|[A-Z]{{1,2}}-\d{{1,4}})"
)
_PAGE_NUMBER = re.compile(
    rf"[-—–~·\s]*(?:第\s*)?{_NUMBER.format('plain')}\s*页?\s*"
    r"(?:[/／,，]?\s*(?:共\s*)?\d{1,4}\s*页?)?[-—–~·\s]*"
    rf"|page\s*{_NUMBER.format('english')}\s*(?:(?:of|/)\s*\d{{1,4}})?",
    re.IGNORECASE,
)
_COLUMN = re.compile(
    r"(?:19|20)\d\d(?:[AE]|\s?年(?:度|末|初)?(?:\s?\d{1,2}\s?月\s?\d{1,2}\s?日)?)?"
    r"|\d{1,2} [A-Z][a-z]+(?: \d{4})?"
    r"|notes?|附注|项\s*目|\(?(?:un)?audited\)?|\(?restated\)?"
    r"|\(?(?:RMB|CNY|HK\$|HKD|US\$|USD|EUR|€|\$)\s?(?:['’]000|thousand|million|billion)?\)?"
    r"|(?:人民币)?(?:千|万|百万|亿)?元",
    re.IGNORECASE,
)
_AT_AN_END = re.compile(r"^(\d{1,4})(?![\d,.%年月日/-])|(?<![\d,.年月/-])(\d{1,4})$")

_ALIKE, _ENOUGH = 0.75, 6
"""Share of the letters that two readings of one running title have in common, and how many tell."""

_SPECKS = " .,，。'"
"""What dirt beside a page number is read as."""

Mark = tuple[str, int]
"""A line with its figures masked, and the height it stands at."""


@dataclass(frozen=True, slots=True)
class Edges:
    """What stands at the top and foot of a page; ``seen`` tells one read from a picture."""

    texts: frozenset[Mark]
    seen: bool = False


@dataclass(frozen=True, slots=True)
class Furniture:
    """What belongs to a page: its running lines, and the page numbers that may be printed in them.

    A number is (printed, whether its line says nothing else).
    """

    header: tuple[Paragraph, ...] = ()
    footer: tuple[Paragraph, ...] = ()
    numbers: tuple[tuple[str, bool], ...] = ()


def edges_of(ink: Ink) -> Edges:
    """Return the lines at a page's top and foot, by which running titles are known."""
    zone = ink.height * _EDGE
    words = [w for w in ink.words if w.y1 < zone or w.y0 > ink.height - zone]
    marks = frozenset(_mark(line, ink.height) for line in lines_of(words))
    return Edges(marks, ink.origin is Origin.OCR)


def _mark(line: Line, height: float) -> Mark:
    middle = (line.y0 + line.y1) / 2
    # Pages of different height keep their foot at the same distance from the lower edge.
    near = middle if middle < height / 2 else middle - height
    return re.sub(r"\d+", "#", re.sub(r"\s", "", line.text)), round(near / 6)


def running_titles(page: Edges, others: Sequence[Edges]) -> frozenset[Mark]:
    """Return what this page's edges have in common with those of neighbouring pages.

    What is read from pictures may have a letter wrong on each page, and lie a little elsewhere.
    """
    seen = Counter(mark for other in others for mark in other.texts)
    need = 2 if len(others) > 2 else 1
    return frozenset(
        mark
        for mark in page.texts
        if sum(seen[(mark[0], mark[1] + shift)] for shift in (-1, 0, 1)) >= need
        or (page.seen and sum(_is_read_as(mark, other) for other in others) >= need)
    )


def _is_read_as(mark: Mark, page: Edges) -> bool:
    """Tell whether a line of this page is, a letter or two aside, a line of another."""
    text, height = mark
    return len(text) >= _ENOUGH and any(
        abs(at - height) <= 2 and SequenceMatcher(None, text, other).ratio() >= _ALIKE
        for other, at in page.texts
    )


def parted(
    ink: Ink, words: Sequence[Word], titles: frozenset[Mark]
) -> tuple[list[Word], Furniture]:
    """Return the words of the text, and what belongs to the page alone."""
    zone = ink.height * _EDGE
    inner = [w for w in words if w.y1 >= zone and w.y0 <= ink.height - zone]
    outer = [w for w in words if w.y1 < zone or w.y0 > ink.height - zone]
    header: list[Paragraph] = []
    footer: list[Paragraph] = []
    numbers: list[tuple[str, bool]] = []
    for line in lines_of(outer):
        text = line.text
        if not _is_furniture(line, text, ink, titles):
            inner.extend(line.words)
            continue
        high = line.y0 + line.y1 < ink.height
        role = Role.HEADER if high else Role.FOOTER
        (header if high else footer).append(Paragraph(text, ink.place(line.box), role))
        numbers.extend(_numbers(text))
    return inner, Furniture(tuple(header), tuple(footer), tuple(numbers))


def _is_furniture(line: Line, text: str, ink: Ink, titles: frozenset[Mark]) -> bool:
    if _mark(line, ink.height) in titles:
        return not (_heads_columns(line) or announced_unit(text))
    zone = ink.height * _OUTER
    outer = line.y1 < zone or line.y0 > ink.height - zone
    if ink.origin is Origin.OCR:
        text = text.strip(_SPECKS)
    return outer and _PAGE_NUMBER.fullmatch(text) is not None


def _heads_columns(line: Line) -> bool:
    """Tell years and units over the columns of a table that goes on from page to page."""
    groups: list[list[Word]] = []
    for word in line.words:
        if groups and word.x0 - groups[-1][-1].x1 < word.size:
            groups[-1].append(word)
        else:
            groups.append([word])
    texts = [" ".join(word.text for word in group) for group in groups]
    return len(texts) > 1 and all(map(_COLUMN.fullmatch, texts))


def _numbers(text: str) -> list[tuple[str, bool]]:
    whole = _PAGE_NUMBER.fullmatch(text)
    if whole is not None:
        return [(whole["plain"] or whole["english"], True)]
    return [(a or b, False) for a, b in _AT_AN_END.findall(text)]


def labels_of(found: Mapping[int, Sequence[tuple[str, bool]]]) -> dict[int, str]:
    """Return the printed number of each page: the one that counts on with other pages' numbers."""
    votes = Counter(
        int(printed) - page
        for page, numbers in found.items()
        for printed in {n for n, _ in numbers if n.isdecimal()}
    )
    labels: dict[int, str] = {}
    for page, numbers in found.items():
        fit = [(votes[int(n) - page] if n.isdecimal() else 1, whole, n) for n, whole in numbers]
        sure = [each for each in fit if each[1] or each[0] > 2]
        if sure:
            labels[page] = max(sure)[2]
    return labels
