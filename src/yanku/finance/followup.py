"""Makes a whole question of one that leans on the question before: 那2023年呢, 换成毛利率."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from yanku.finance.labels import has_han
from yanku.finance.leftover import explain_rest
from yanku.finance.mentions import Mentions, mentions_in
from yanku.finance.names import find_companies, merged
from yanku.finance.ontology import Ontology
from yanku.finance.page import BLANK
from yanku.model.finance import Company

_LEANS = re.compile(
    r"^(?:那么?|那|换成|换作|改成|改为|换|如果(?:是|换成)|再看看?|还有|同样|它|他们|其|该公司|这家公司|两者"
    r"|what about|how about|and (?:for|in|what)|same for|its\b|their\b|and\b)"
)
_ASKS = re.compile(r"(?:呢|怎么样|如何|是多少|多少|吗)?[?？。!！]*$")
_BESIDE = re.compile(
    r"^(?:那|那么)?(?:再?(?:和|与|跟|同|对比|加上))(?P<who>.+?)(?:相?比较?|对比|比一比)?(?:呢|一下|怎么样|如何)?[?？]*$"
    r"|^(?:compare (?:it )?(?:with|to)|versus|vs\.?|compared (?:with|to)) (?P<en>.+?)\??$"
)
_PART = re.compile(
    r"(?P<part>前三季度|三季报|前九个月|上半年|下半年|半年度|中报|全年|年报|第?[一二三四1-4]季度|q[1-4]|年末|年初|h[12])"
)
_WAYS = "高大多低小少"
_ORDER = re.compile(
    r"(?:倒数)?第[二三四五六七八九十\d]+(?:名|高|大|多|低|小|少)?(?:的)?|最[高低大小多少]的?"
    r"|(?:(?:second|third|fourth|fifth)[ -])?(?:highest|lowest|largest|smallest)"
)
_WITHIN_A_YEAR = re.compile(
    r"年?的?(?:前三季度|三季报|前九个月|1-9月|上半年|下半年|半年度|中报|全年|年报|年度|第?[一二三四1-4]季度"
    r"|年末|年初|末|初)?"
)
_GROWS = re.compile(r"(?:同比|环比|增速|增长率?|变动|变化)(?:情况|幅度|多少)?|yoy|growth")
_UNIT = re.compile(
    r"(?:用|以|换成|按|单位)(?:万亿|百万|千万|亿|万|千)?元(?:为单位|表示|显示|计)?"
    r"|in (?:thousands?|millions?|billions?)"
)
_REASONS = re.compile(
    r"^(?:那么?)?(?:这|这个|它|其)?是?(?:主要|具体)?的?"
    r"(?:为什么|为何|原因|怎么会|什么原因|影响因素|why\b|what (?:drove|caused)|reasons?\b)"
)
_PARENT = re.compile(r"(?:母公司|合并)(?:报表|口径)?")


def continued(
    before: str, question: str, companies: Sequence[Company], ontology: Ontology, today: date
) -> str | None:
    """Return the question in full if it leans on the one ``before``, else None.

    What it names takes the place of the same kind of thing in the question before; the rest of
    that one stays. The result is a question anybody could have asked, so it can be shown.
    """
    library = merged(ontology.known(companies))
    old = mentions_in(before, library, ontology, today)
    new = mentions_in(question, library, ontology, today)
    if not old.measures and not old.companies:
        return None
    if (beside := _BESIDE.match(new.text)) is not None and new.companies and not new.measures:
        return _beside(old, new, beside)
    if new.text.startswith("占") and old.measures and not new.companies and not new.periods:
        return _with_suffix(old.text, _ASKS.sub("", new.text))
    if not new.named and (other := _in_other_order(old, new)) is not None:
        return other
    if not new.named and _REASONS.match(new.text):
        return _about(old, new)
    leans = _LEANS.match(new.text) is not None
    whole = bool(new.measures) and bool(new.companies)
    if whole or not (leans or _is_elliptic(new, library, ontology)):
        return None
    return _replaced(old, new)


def _is_elliptic(new: Mentions, companies: Sequence[Company], ontology: Ontology) -> bool:
    """Tell whether a question names something and says nothing else of its own."""
    rest = _ASKS.sub("", new.rest)
    for pattern in (_PART, _GROWS, _UNIT, _PARENT):
        rest = pattern.sub(BLANK, rest)
    if not new.named and rest == _ASKS.sub("", new.rest):
        return False
    left = explain_rest(new.text, rest, find_companies(new.text, companies), ontology.phrases, True)
    return not left.qualifiers and not left.unknown and not (new.measures and new.periods)


def _replaced(old: Mentions, new: Mentions) -> str | None:
    """Return the old question with what the new one names in its place."""
    edits: list[tuple[int, int, str]] = []
    prefix, suffix = "", ""
    for kind in ("companies", "periods", "measures"):
        said = new.said(getattr(new, kind))
        if not said:
            continue
        spans = getattr(old, kind)
        if spans:
            edits.append((spans[0][0], spans[-1][1], said))
        elif kind == "measures":
            return None
        else:
            prefix += said if has_han(said) else f"{said} "
    if not new.periods and (part := _PART.search(new.rest)) is not None and old.periods:
        edits.append(_part_of_year(old, part["part"]))
    for pattern in (_GROWS, _UNIT, _PARENT):
        m = pattern.search(new.rest)
        if m is not None and pattern.search(old.rest) is None:
            suffix += re.sub(r"(?:表示|显示|计)$", "", m[0])
    if not edits and not prefix and not suffix:
        return None
    text = old.text
    for start, end, said in sorted(edits, reverse=True):
        text = text[:start] + said + text[end:]
    return _with_suffix(prefix + text, suffix)


def _in_other_order(old: Mentions, new: Mentions) -> str | None:
    """Return the old question for another place of its order: 那第三呢, or 最低的呢.

    A bare place is counted from where the question before counted: after 第二低, 第三 is 第三低.
    """
    said = _ASKS.sub("", _LEANS.sub("", new.text)).strip(" ,，的")
    asked, before = _ORDER.fullmatch(said.removeprefix("the ")), _ORDER.search(old.rest)
    if asked is None or before is None:
        return None
    place = asked[0]
    if place.startswith("第") and place[-1] not in _WAYS:
        last = "倒数" if before[0].startswith("倒数") else ""
        way = re.search(f"[{_WAYS}]的?$", before[0])
        place = f"{last}{place}{way[0] if way else ''}"
    return old.text[: before.start()] + place + old.text[before.end() :]


def _about(old: Mentions, new: Mentions) -> str:
    """Return a question for reasons with what it is about: company, period and measure."""
    about = [old.said(spans) for spans in (old.companies, old.periods, old.measures)]
    joint = "" if has_han(new.text) else " "
    return joint.join(part for part in about if part) + joint + new.text


def _part_of_year(old: Mentions, part: str) -> tuple[int, int, str]:
    """Return the last period of the old question with another part of its year."""
    start, end = old.periods[-1]
    said = old.text[start:end]
    year = re.search(r"(?:19|20)\d\d", said)
    return (start, end, f"{year[0]}年{part}") if year is not None else (start, end, said)


def _with_suffix(text: str, suffix: str) -> str:
    if not suffix:
        return text
    suffix = re.sub(r"(?:是|为)?多少$", "", suffix)
    bare = re.sub(r"(?:分别)?(?:是|为)?多少[元]?[?？]*$|[?？。]+$", "", text)
    return f"{bare}{suffix}多少" if _GROWS.fullmatch(suffix) else f"{bare}{suffix}是多少"


def _beside(old: Mentions, new: Mentions, match: re.Match[str]) -> str | None:
    """Return the old question asked of its companies and of the new ones as well."""
    said = new.said(new.companies)
    if not old.companies or not said:
        return None
    end = old.companies[-1][1]
    joint = " and " if match["en"] else "和"
    return old.text[:end] + joint + said + old.text[end:]
