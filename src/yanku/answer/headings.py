"""Finds headings among the lines of a document, and what stands under each of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yanku.answer.cues import folded, is_formal
from yanku.answer.passages import Passage, without_boxes

_RUN_IN = 48
"""Longest heading that stands at the beginning of its own paragraph."""
_HEAD = 80
"""Longest heading with a number; what is longer is a sentence that its line cuts off."""
_MARKS = r"(?:\[table_\w*\]|[^\w\s（(\[【〔《“\"'’”）)\]】√□]|\s)*"
"""Bullets, and the marks that a template leaves."""
_LEAD = re.compile(
    rf"^{_MARKS}(?:第[一二三四五六七八九十百\d]+[节章部分篇]+"
    r"|[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2}(?:\.\d{1,2}){0,3}|[a-z])[)）]?[、.．:：\s]"
    r"|[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）]|\d{1,2}[)）]|[①-⑳]|[ivx]+[.、)])?\s*",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^\s*[^\w\s（(\[【〔《“\"'’”）)\]】√□,，。.;；:：]")
_BRACKETS = re.compile(r"^[【\[〔「<《](.+?)[】\]〕」>》]")
_COUNTED = r"\s*(?:[%％‰倍元万亿个年月日股]|百分点)"
"""What follows an amount at the beginning of a broken line (27.13%。), and no number of a part."""
_RANKS = (
    re.compile(r"^\s*第[一二三四五六七八九十百\d]+[节章篇]"),
    re.compile(r"^\s*[一二三四五六七八九十]{1,3}[、.．]"),
    re.compile(r"^\s*[（(][一二三四五六七八九十]{1,3}[)）]"),
    re.compile(r"^\s*\d{1,2}[、.．\s](?!\d)"),
    re.compile(
        rf"^\s*(?:[（(]\d{{1,2}}[)）]|\d{{1,2}}[)）]|\d{{1,2}}\.\d{{1,2}}(?![.．]?\d|{_COUNTED}))"
    ),
    re.compile(rf"^\s*\d{{1,2}}(?:\.\d{{1,2}}){{2,3}}(?!{_COUNTED})"),
    re.compile(r"^\s*(?:[①-⑳]|[a-zA-Z][.、)）])"),
)
"""How headings are numbered, from the widest part of a report to the narrowest."""
_UNRANKED = len(_RANKS)
_PAGE = re.compile(r"\s*(?:第\s*)?\d{1,3}\s*(?:/|页\s*[,，共]*)\s*\d{1,3}\s*页?\s*")
"""The number of a page that stands among its lines: 37 / 321."""
_HAN_SPACE = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
_ENDS = ("。", "！", "？", "!", "?", "；", ";", ".", "：", ":", "”", "》", "，", ",")


def before_disclaimers(every: Sequence[Passage]) -> Sequence[Passage]:
    """Return what stands before the disclaimers that a report by others ends with."""
    half = len(every) // 2
    formal = (p.order for p in every[half:] if p.is_title and is_formal(folded(p.text)))
    return every[: next(formal, len(every))]


def is_heading(passage: Passage, pattern: re.Pattern[str]) -> bool:
    """Tell whether a passage is a heading that a pattern matches as a whole."""
    return is_headlike(passage) and pattern.fullmatch(bare_heading(passage.text)) is not None


def is_headlike(passage: Passage) -> bool:
    """Tell a heading, however long: a title, or what is numbered and ends with no stop."""
    if passage.is_row:
        return False
    short = len(passage.text) <= _HEAD
    numbered = short and _rank(passage.text) < _UNRANKED and not passage.before
    return passage.is_title or (numbered and not passage.text.rstrip().endswith(_ENDS))


def run_in(passage: Passage, pattern: re.Pattern[str]) -> str | None:
    """Return what follows a heading at the beginning of its own paragraph (风险提示：), or None."""
    if passage.is_row or (passage.before and not _BULLET.match(passage.text)):
        return None
    bare = _LEAD.sub("", passage.text, count=1)
    if (bracketed := _BRACKETS.match(bare)) is not None:
        head, rest = bracketed[1], bare[bracketed.end() :]
    else:
        head, colon, rest = passage.text.replace("：", ":").partition(":")
        if not colon:
            return None
    if len(head) > _RUN_IN or pattern.fullmatch(bare_heading(head)) is None:
        return None
    return rest.strip(" :：")


def bare_heading(text: str) -> str:
    """Return a heading in one width and case, without its number and the colon after it."""
    bare = folded(_LEAD.sub("", without_boxes(text), count=1)).strip(" :：。.")
    return _HAN_SPACE.sub("", bare).strip("【】[]〔〕 ")


def section_under(heading: Passage, every: Sequence[Passage]) -> list[Passage]:
    """Return what stands under a heading, up to the next one of its own or a wider part."""
    rank = _rank(heading.text)
    title = heading.text.strip()[:24]
    found: list[Passage] = []
    for passage in every[heading.order + 1 :]:
        if _PAGE.fullmatch(passage.text) is not None:
            continue
        if _ends(passage, rank):
            break
        context = passage.line.source.chunk.context
        if rank == _UNRANKED and passage.is_title and title not in context:
            break
        found.append(passage)
    return found


def standing(passage: Passage) -> int | None:
    """Return how far down a report a heading stands by its number (0 is a chapter); None: none."""
    rank = _rank(passage.text)
    return rank if rank < _UNRANKED else None


def _ends(passage: Passage, rank: int) -> bool:
    """Tell a heading of a wider part, and what is numbered as the heading itself is."""
    own = _rank(passage.text)
    if own >= _UNRANKED or passage.is_row:
        return False
    return own <= rank if passage.is_title else own == rank and not passage.is_ticked


def _rank(text: str) -> int:
    return next((at for at, one in enumerate(_RANKS) if one.match(text)), _UNRANKED)
