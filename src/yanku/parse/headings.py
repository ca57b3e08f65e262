"""Which lines are headings, and how deep: by their numbering, then by how they are set."""

from __future__ import annotations

import re

from yanku.parse.ink import Line

_CHINESE = "[一二三四五六七八九十百零〇]+"
_NUMBERINGS = (
    (1, re.compile(
        rf"第\s?{_CHINESE}\s?[节章编部]|第\s?\d+\s?[节章编]|(?:chapter|part)\s+[\divx]+\b",
        re.IGNORECASE,
    )),
    (2, re.compile(rf"{_CHINESE}\s?[、.．](?!\d)")),
    (3, re.compile(rf"[（(]\s?{_CHINESE}\s?[）)]")),
    (4, re.compile(r"\d{1,2}\s?[、.．](?![\d,])\s?|\d{1,2}\.\d{1,2}(?:\.\d{1,2})?\s+(?=\D)")),
    (5, re.compile(r"[（(]\s?\d{1,2}\s?[）)](?!\s*[,，%])")),
)  # fmt: skip
_LEADERS = re.compile(r"[.．…·]{4,}|(?:\s?[.…·]\s?){6,}")
_SENTENCE_END = ("。", "；", "，", "、", ";", ",", "！", "？", ":", "：")
_MAX_TITLE = 45
_MAX_LATIN_TITLE = 110


def numbering(text: str) -> int | None:
    """Return the depth of the numbering a line starts with (一、 is 2), or None."""
    line = text.lstrip()
    for depth, pattern in _NUMBERINGS:
        match = pattern.match(line)
        if match is not None and match.end() < len(line):
            return depth
    return None


def heading_level(line: Line, body_size: float, *, alone: bool) -> int | None:
    """Return the level of a heading, or None for running text.

    ``alone`` tells that the line is a paragraph by itself; ``body_size`` is the size of most text.
    """
    text = line.text.strip()
    if not alone or not _is_title(text):
        return None
    depth = numbering(text)
    large = line.size > body_size * 1.12
    if depth is not None:
        if depth <= 3 or line.bold or large:
            return depth
        return depth if len(text) <= 24 else None
    if line.size > body_size * 1.25:
        return 1 if line.size > body_size * 1.45 else 2
    return 4 if large or (line.bold and len(text) <= 40) else None


def _is_title(text: str) -> bool:
    """Tell whether a text can be a title: short, no sentence, no line of a table of contents."""
    longest = _MAX_TITLE if re.search("[\u4e00-\u9fff]", text) else _MAX_LATIN_TITLE
    if not 2 <= len(text) <= longest or text.endswith(_SENTENCE_END) or _LEADERS.search(text):
        return False
    if not re.search("[A-Za-z\u4e00-\u9fff]", text):
        return False
    if re.search(r"[□√☑☒✓]", text):
        return False
    return not re.search(r"单位[：:]|币种[：:]", text)
