"""A table of contents told from headings and from tables of figures.

第一节 释义 ………………………… 4        dots lead to the number of a page,
Item 1.  Business             12        or the numbers count up beneath "Contents"
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from yanku.model.document import Paragraph, Role
from yanku.parse.headings import numbering
from yanku.parse.ink import Ink, Line

_LEADERS = re.compile(r"\s*(?:[.．·]{3,}|[…⋯]{1,}|(?:\s[.．…·]){3,}|_{4,})[.．…·⋯\s_]*")
_ENTRY = re.compile(
    r"\S.*?\s*(?:[.．·…⋯_]\s?){3,}\s*(?:\d{1,4}|[ivxlc]{1,6}|[A-Z]-\d{1,3})?", re.DOTALL
)
_PAGE = re.compile(r"(?P<title>\S.*?\D)\s*(?P<page>\d{1,3})")
_TITLE = re.compile(r"目\s*录|(?:table of )?contents|index", re.IGNORECASE)
_LED = re.compile(r" … [\dA-Zivxlc-]{1,6}$")
_FEW = 3
_MANY = 6


def contents_of(lines: Sequence[Line]) -> range:
    """Return the range of lines that are a table of contents; empty if there is none."""
    texts = [line.text.strip() for line in lines]
    led = [i for i, text in enumerate(texts) if _ENTRY.fullmatch(text) and _LEADERS.search(text)]
    if len(led) >= _FEW and led[-1] - led[0] + 1 <= 2 * len(led):
        return range(led[0], led[-1] + 1)
    title = next((i for i, text in enumerate(texts[:8]) if _TITLE.fullmatch(text)), None)
    run = _counting(texts[title + 1 :] if title is not None else texts)
    start = 0 if title is None else title + 1
    if title is not None and len(run) >= _FEW:
        return range(start + run.start, start + run.stop)
    numbered = sum(numbering(text) is not None for text in texts[run.start : run.stop])
    if len(run) >= _MANY and numbered * 2 > len(run):
        return range(start + run.start, start + run.stop)
    return range(0)


def _counting(texts: Sequence[str]) -> range:
    """Return the longest run of lines that end in numbers of pages, none smaller than the last."""
    best, start, last = range(0), 0, 0
    for i, text in enumerate(texts):
        match = _PAGE.fullmatch(text)
        page = int(match["page"]) if match is not None and _is_entry(match["title"]) else -1
        if page < last or page < 0:
            start, last = (i, page) if page >= 0 else (i + 1, 0)
        else:
            last = page
        if page >= 0 and i + 1 - start > len(best):
            best = range(start, i + 1)
    return best


def _is_entry(title: str) -> bool:
    worded = re.search("[A-Za-z\u4e00-\u9fff]", title) is not None
    return worded and not re.search(r"\d[.,]\d|[%％]", title)


def is_entry(block: Paragraph) -> bool:
    """Tell a line of a table of contents."""
    return block.role is Role.ITEM and _LED.search(block.text) is not None


def entries_of(ink: Ink, lines: Sequence[Line]) -> list[Paragraph]:
    """Return one item a line, its leading dots shortened."""
    return [
        Paragraph(_LEADERS.sub(" … ", line.text.strip()).strip(), ink.place(line.box), Role.ITEM)
        for line in lines
    ]
