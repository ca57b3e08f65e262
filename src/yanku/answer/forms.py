"""Tells where a form says that there is nothing of what its heading names: by boxes, or by "无"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from yanku.answer.choosing import Quote
from yanku.answer.cues import denies, folded, ticked
from yanku.answer.headings import is_headlike
from yanku.answer.passages import Passage, without_boxes
from yanku.answer.stated import SEPARATOR

_NONE = re.compile(r"(?:不适用|无|没有)[。.]?")
_DENIED = re.compile(r"(?:报告期|本期|本年度?)(?:内)?(?:无|不存在|没有|未发生)")
"""A heading that says itself that there is nothing under it: 本行报告期无股权激励计划."""
_STOPS = ("。", "！", "？", "；", ".", "!", "?", ";")
_MOST = 3


def form_titles(every: Sequence[Passage]) -> frozenset[int]:
    """Return the orders of lines that only head boxes to tick: they say nothing themselves."""
    return frozenset(
        line.order
        for line, boxes in pairwise(every)
        if ticked(boxes.text) is not None
        and not without_boxes(boxes.text)
        and not line.is_row
        and not line.text.rstrip().endswith(_STOPS)
    )


def nothing_under(heading: Passage, section: Sequence[Passage]) -> tuple[Quote, ...]:
    """Return what says that there is nothing under a heading; empty where there may be something.

    The heading is quoted with the box or the word that says so, and a sentence that repeats it.
    """
    if _DENIED.search(heading.text):
        return (Quote((heading,)),)
    head = [heading, *section]
    own = ticked(heading.text)
    at = 0 if own is not None else 1
    if own is None and len(head) > 2 and "是否" in head[1].text:
        own, at = ticked(head[2].text), 2  # A question of the form, and its boxes.
    if own is None and len(head) > 1:
        own = False if _NONE.fullmatch(head[1].text.strip()) else ticked(head[1].text)
    if own is not None:
        return () if own else (_form(head, at),)
    rows = [p for p in section if p.is_row]
    if rows and all(p.is_empty for p in rows) and not any(p.text.endswith("。") for p in section):
        said = f"{heading.text.strip()}：{rows[0].text.partition(SEPARATOR)[0].strip()}"
        return (Quote((heading, rows[0]), said=said),)
    return _parts(section)


def affirmed_under(heading: Passage, section: Sequence[Passage]) -> tuple[Quote, ...]:
    """Return a heading with the boxes that say yes to it; empty without them."""
    head = [heading, *section]
    at = 2 if len(head) > 2 and "是否" in head[1].text else 1
    boxes = [n for n, p in enumerate(head[: at + 1]) if ticked(p.text)]
    if not boxes:
        return ()
    passages = tuple(head[: boxes[0] + 1])
    return (Quote(passages, said=_said(passages)),)


def _form(head: Sequence[Passage], at: int) -> Quote:
    """Return a heading with its boxes, and what is said behind them in words."""
    after = [p for p in head[at + 1 : at + 2] if not is_headlike(p) and denies(folded(p.text))]
    passages = (*head[: at + 1], *(p for p in after if not p.is_row and ticked(p.text) is None))
    return Quote(passages, said=_said(passages))


def _parts(section: Sequence[Passage]) -> tuple[Quote, ...]:
    """Return the parts of a form of which each says that there is nothing; or none at all."""
    boxes = [p for p in section if ticked(p.text) is not None]
    if not boxes or any(ticked(p.text) for p in boxes) or any(p.is_row for p in section):
        return ()
    other = [p for p in section if not is_headlike(p) and ticked(p.text) is None]
    if any(not denies(folded(p.text)) for p in other):
        return ()
    return tuple(_headed(boxes, section))[:_MOST]


def _headed(boxes: Sequence[Passage], section: Sequence[Passage]) -> Iterator[Quote]:
    """Yield boxes with the heading right before them, or on their line."""
    before = {p.order + 1: p for p in section}
    for box in boxes:
        heading = before.get(box.order)
        if without_boxes(box.text) or heading is None:
            yield Quote((box,))
        else:
            yield Quote((heading, box), said=_said((heading, box)))


def _said(passages: Sequence[Passage]) -> str:
    """Return a form as it is printed: its heading, a colon, and what stands in it."""
    first, *rest = (passage.text.strip() for passage in passages)
    return f"{first}{'：' if rest else ''}{' '.join(rest)}"
