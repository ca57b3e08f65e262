"""Which lines are headings, and how deep: by their numbering, then by how they are set."""

from __future__ import annotations

import re

from yanku.parse.ink import Line

_CHINESE = "[一二三四五六七八九十百零〇]+"
_NUMBERINGS = (
    (1, re.compile(
        rf"第\s?{_CHINESE}\s?[节章编部]|第\s?\d+\s?[节章编]"
        r"|(?:chapter|part|section)\s+(?:[ivx]+|\d+)\b(?!\s+of\b)",
        re.IGNORECASE,
    )),
    (2, re.compile(rf"{_CHINESE}\s?[、.．](?!\d)|item\s+\d{{1,2}}[A-C]?\s?[.:—-]", re.IGNORECASE)),
    (3, re.compile(
        rf"[（(]\s?{_CHINESE}\s?[）)]|note\s+\d{{1,2}}\s?[.:—–-]|[IVX]{{1,5}}[.、]\s?(?=[A-Z\u4e00-\u9fff])",
        re.IGNORECASE,
    )),
    (4, re.compile(r"\d{1,2}\s?[、.．](?![\d,])\s?")),
    (5, re.compile(
        r"\d{1,2}\.\d{1,2}[.．]?(?:\s+(?=\D)|(?=[\u4e00-\u9fff]{2}))(?!\s?[%％亿万元倍个])"
    )),
    (6, re.compile(r"\d{1,2}(?:\.\d{1,2}){2,4}[.．]?(?:\s+(?=\D)|(?=[\u4e00-\u9fff]))")),
    (7, re.compile(
        r"[（(]\s?\d{1,2}\s?[）)](?!\s*[,，%])|\d{1,2}[)）](?=\s?[A-Za-z\u4e00-\u9fff])"
    )),
    (8, re.compile(r"[①-⑳⑴-⒇]")),
)  # fmt: skip
_BARE = re.compile(r"\d{1,2}\s+(?=[A-Z\u4e00-\u9fff])(?![年月日亿万个家元])")
"""A numbering without a mark, which only a heading's looks tell from a figure."""
_LEADERS = re.compile(r"[.．…·]{4,}|(?:\s?[.…·]\s?){6,}")
_FORMALITY = re.compile(
    r"^\s*(?:编制单位|审计类型|(?:法定代表人|(?:公司|企业|单位|财务)负责人|主管会计|会计机构)[^：:]{0,12})\s*[：:]"
    r"|金额单位|除[^，,]{0,14}(?:注明|说明|指明|列示)[^，,]{0,4}外"
)
"""What stands around a statement and is no title: who signed it, in which unit it is."""
_SENTENCE_END = ("。", "；", "，", "、", ";", ",", "！", "？", ":", "：")
_MAX_TITLE = 45
_MAX_LATIN_TITLE = 110
_MAX_PLAIN = 24
"""A numbered line that looks like running text is a title up to this length."""
_DECIMAL = (5, 6)
_DATE = re.compile(
    r"(?:19|20)\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日$"
    r"|^(?:于|截至)?\s*(?:19|20)\d\d\s*年(?:度|[\s\d—–~至-]{0,8}[月日])?[止]?$"
)


def numbering(text: str) -> int | None:
    """Return the depth of the numbering a line starts with (一、 is 2), or None."""
    line = text.lstrip()
    for depth, pattern in _NUMBERINGS:
        match = pattern.match(line)
        if match is not None and (match.end() < len(line) or depth == 1):
            return depth
    return None


def is_formality(text: str) -> bool:
    """Tell what is printed around a statement and is no title: who signed it, in which unit."""
    return _FORMALITY.search(text) is not None


def heading_level(line: Line, text: str, body_size: float) -> int | None:
    """Return the level of a heading, or None for running text.

    ``line`` is its first line and ``text`` all of it; ``body_size`` is the size of most text.
    """
    if not _is_title(text):
        return None
    depth = numbering(text)
    large = line.size > body_size * 1.12
    if depth is None and (line.bold or large) and _BARE.match(text):
        depth = 4
    if depth is not None:
        if depth <= 3 or line.bold or large:
            return depth
        longest = _MAX_TITLE if depth in _DECIMAL else _MAX_PLAIN
        return depth if len(text) <= longest and not _is_clause(text) else None
    if line.size > body_size * 1.25:
        return 1 if line.size > body_size * 1.45 else 2
    if large:
        return 3
    return 4 if line.bold and len(text) <= (40 if _has_han(text) else 80) else None


def _has_han(text: str) -> bool:
    return re.search("[\u4e00-\u9fff]", text) is not None


def _is_clause(text: str) -> bool:
    """Tell an item of a list that happens to be short: it ends, or goes on, like a sentence."""
    return text.endswith((".", "或", "及", "和", "and", "or")) and len(text) > 4


def _is_title(text: str) -> bool:
    """Tell whether a text can be a title: short, no sentence, no line of a table of contents."""
    longest = _MAX_TITLE if _has_han(text) else _MAX_LATIN_TITLE
    if not 2 <= len(text) <= longest or text.endswith(_SENTENCE_END) or _LEADERS.search(text):
        return False
    if not re.search("[A-Za-z\u4e00-\u9fff]", text):
        return False
    if not _has_han(text) and text.endswith(".") and len(text.split()) > 6:
        return False
    if re.search(r"[□√☑☒✓]", text) or _DATE.search(text) or is_formality(text):
        return False
    return not re.search(r"单位[：:]|币种[：:]", text)
