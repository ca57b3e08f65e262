"""Hears that the highest of several figures is to be held against the lowest."""

from __future__ import annotations

import re

_OF = (
    r"(?:值|点|的)?(?:那|这|一|的)*(?:年度?|年份|季度?|期|公司|企业|银行|券商|家|者|个)?的?"
    r"(?:值|水平)?"
)
_HIGH, _LOW = rf"最[高大多好]{_OF}", rf"最[低小少差]{_OF}"
_JOINT = r"\s*(?:比|与|和|跟|同|及|以及|、|减去?|较)\s*"
_ENDS = re.compile(
    rf"(?:{_HIGH}{_JOINT}{_LOW}|{_LOW}{_JOINT}{_HIGH})(?:之间)?"
    r"|\b(?:between )?(?:the )?(?:highest|largest|maximum)(?: [a-z]+)? (?:and|than|less|minus)"
    r" (?:the )?(?:lowest|smallest|minimum)\b(?: (?:one|company|year|quarter))?"
)
_APART = re.compile(
    r"(?:之|相)?差(?:了|距|额|值|异)?(?:是|为|有)?(?:多少|几)?"
    r"|(?:高|多|低|少|大|小)(?:出|了)?(?:多少|几)(?:个?(?:百分)?点)?"
    r"|落差|\b(?:difference|gap|spread)\b|\bhow much (?:higher|more|larger)\b"
)
_RANGE = re.compile(r"极差|最[高大]最[低小](?:值)?之?差|\bhigh[- ]low (?:range|spread)\b")


def ends_apart(text: str) -> tuple[tuple[int, int], ...]:
    """Return where a text says by how much the highest is above the lowest; empty if it does not.

    营收最高的一年比最低的一年多多少, 毛利率最高与最低的公司相差多少, 极差.
    """
    if (m := _RANGE.search(text)) is not None:
        return (m.span(),)
    ends = _ENDS.search(text)
    if ends is None:
        return ()
    apart = _APART.search(text, ends.end()) or _APART.search(text[: ends.start()])
    return (ends.span(), apart.span()) if apart is not None else ()
