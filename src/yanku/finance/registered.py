"""Hears that a question is for the companies registered in a place: 在杭州注册的公司."""

from __future__ import annotations

import re
from dataclasses import dataclass

from yanku.finance.labels import HAN, plain

_NO_PLACE = r"(?!哪|何|什么|那|这|同|一|该|本|境|国)"
_WHERE = rf"{_NO_PLACE}(?P<where>[{HAN}]{{2,9}}?)"
_KIND = r"(?:的)?(?P<kind>(?:所有|全部)?(?:上市)?(?:公司(?!债)|企业))?"
_SAID = (
    re.compile(rf"(?:[在于]){_WHERE}(?:登记)?注册{_KIND}"),
    re.compile(
        rf"注册(?:地址?|所在地)(?:是|在|为|位于|处于)+(?:在)?{_WHERE}"
        r"(?:的(?P<kind>(?:所有|全部)?(?:上市)?(?:公司|企业))|(?=有(?:哪|几|多少)|共|[,，、?？]|$))"
    ),
    re.compile(
        r"\b(?P<kind>compan(?:y|ies)|firms?)[, ]+(?:that (?:is|are) )?registered in"
        r" (?P<where>[a-z][a-z ]{2,24}?)(?=[,?.]|$| (?:had|has|have|with|by|in|and)\b)"
    ),
)
_ADMINISTRATIVE = re.compile(r"(?:特别行政区|自治区|[省市])$")
_EMPTY = re.compile(r"^[\s,，、的中里]+|[\s,，、]+$")
_GOES_ON = re.compile(r"[\s,，、?？。]|[有共]|的?(?:一共|总共)")
_LIST = re.compile(
    r"(?:请|请问|列出|列举|统计|查询?|找出|一共|总共|共|分别|都|是|为|有|哪些|哪几?家|几家|多少家"
    r"|多少|几|谁|的|数量|名单|家|所有|全部|上市|公司|企业"
    r"|which|what|how many|list|are|is|there|the|all|compan(?:y|ies)|firms?"
    r"|[\s,，。?？、])*"
)
_COUNTED = re.compile(r"几家|多少|数量|\bhow many\b")


@dataclass(frozen=True, slots=True)
class Registered:
    """Companies of one ``where``; ``rest`` is what else is asked of them, empty for a list."""

    where: str
    rest: str
    counted: bool


def registered_in(question: str) -> Registered | None:
    """Return where the companies asked about are registered, and what is asked of them."""
    text = plain(question)
    for pattern in _SAID:
        if (m := pattern.search(text)) is None:
            continue
        kind = m["kind"] or ""
        after = text[m.end() :]
        if not kind and after and not _GOES_ON.match(after):
            continue
        before = text[: m.start()].rstrip(",，、")
        rest = _EMPTY.sub("", f"{before}{kind}{after}")
        where = _ADMINISTRATIVE.sub("", m["where"])
        listed = _LIST.fullmatch(rest) is not None
        return Registered(where, "" if listed else rest, _COUNTED.search(rest) is not None)
    return None
