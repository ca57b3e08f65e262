"""Headings told by their numbering alone, where no style marks them."""

from __future__ import annotations

import re

_MAX_CHARS = 40
_NUMBERED: tuple[tuple[int, re.Pattern[str]], ...] = (
    (1, re.compile(r"第[一二三四五六七八九十百\d]{1,4}(?:章|节|篇|部分)(?:[^，。]|$)")),
    (2, re.compile(r"[一二三四五六七八九十]{1,3}、\S")),
    (3, re.compile(r"[（(][一二三四五六七八九十]{1,3}[)）]\S")),
)


def numbered_level(text: str) -> int | None:
    """Return the level of a short line such as ``第三节 财务报告`` or ``一、收入``, else None."""
    if not text or len(text) > _MAX_CHARS or text[-1] in "。；，,;：:":
        return None
    return next((level for level, pattern in _NUMBERED if pattern.match(text)), None)
