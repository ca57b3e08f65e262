"""Makes a whole question of one that leans on the question before: 那2023年呢, 换成毛利率."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from yanku.finance.clauses import leaning
from yanku.finance.labels import has_han
from yanku.finance.leftover import explain_rest
from yanku.finance.mentions import YEAR, Mentions, as_typed, mentions_in, swapped
from yanku.finance.names import find_companies, merged
from yanku.finance.ontology import Ontology
from yanku.finance.shown import DECIMALS
from yanku.finance.turns import short_turn
from yanku.model.blank import BLANK
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
    r"(?P<part>前三季度|三季报|前九个月|上半年|下半年|半年度|中报|全年|整年|年报|第?[一二三四1-4]季度|q[1-4]|年末|年初|h[12])"
)
_MORE = re.compile(
    r"^(?:那|那么)?(?:再|也|还|并)?(?:加上|加入|加|算上|带上|包括)(?:一?下)?"
    r"|^(?:and |also |plus |add )+"
)
_EARLIER = re.compile(
    r"(?:那|那么)?(?:的)?(?:去年|上年|前一年|上一年)(?:度)?(?:的)?同期?(?:的)?(?:呢)?[?？]?"
)
_OF_WHOM = re.compile(r"^(?:那么?|那)?(?:它|其|该公司|这家公司|这家|its\b|their\b)")
_CHOOSES = re.compile(
    r"最|第[一二三四五六七八九十\d]|前[一二三四五六七八九十\d]|谁|哪家|highest|lowest|largest|which"
)
_ASKED = re.compile(r"[?？。!！]+$")
_ASKS_MORE = re.compile(r"呢[?？]?$|^(?:那么?|还有|再说说?|再看看?|what about|how about|and )")
_TOLD = re.compile(
    r"客户|供应商|业务|产品|政策|计划|股东|高管|董事|审计|诉讼|担保|募集|竞争|行业|展望|会计师"
    r"|\b(?:customers?|suppliers?|business|products?|polic(?:y|ies)|plans?|auditors?|outlook)\b"
)
"""What documents tell of a company in words."""
_WHOLE = re.compile(r"公司|企业|哪些|谁|你|\b(?:which|who|you)\b")
_AND = re.compile(r"的?呢?[?？]*$")
_COMPARES = re.compile(r"比|较|差|倍|谁|更|than|compared")
_WAYS = "高大多低小少"
_PLACED = (
    r"(?:倒数)?第[二三四五六七八九十\d]+(?:名|高|大|多|低|小|少)?(?:的)?|最[高低大小多少]的?"
    r"|(?:前|后|倒数)[二两三四五六七八九十\d]+(?:名|家|位)?"
    r"|(?:(?:second|third|fourth|fifth)[ -])?(?:highest|lowest|largest|smallest)"
)
_ORDER = re.compile(_PLACED)
_OTHER_ORDER = re.compile(
    rf"{_PLACED}|最[高低大小多少]的?[二两三四五六七八九十\d]+(?:名|家|位|个)?(?:公司)?"
)
_GROWS = re.compile(r"(?:同比|环比|增速|增长率?|变动|变化)(?:情况|幅度|多少)?|yoy|growth")
_UNIT = re.compile(
    r"(?:用|以|换算?[成为]|折(?:合|算)?[成为]|改[用成为]|按|单位)(?:万亿|百万|千万|亿|万|千)?元(?:为单位|表示|显示|计)?"
    r"|in (?:thousands?|millions?|billions?)"
)
_REASONS = re.compile(
    r"^(?:那么?)?(?:这|这个|它|其)?是?(?:主要|具体)?的?"
    r"(?:为什么|为何|原因|怎么会|什么原因|影响因素|why\b|what (?:drove|caused)|reasons?\b)"
)
_PARENT = re.compile(r"(?:母公司|合并)(?:报表|口径)?")
_SUFFIXES = (_GROWS, _UNIT, DECIMALS, _PARENT)
"""What is said of a figure besides whose, which and of when."""


def so_far(
    questions: Sequence[str], companies: Sequence[Company], ontology: Ontology, today: date
) -> str:
    """Return what a conversation is about: its last question in full.

    One that names nothing and leans on nothing (谢谢) does not end what was spoken of.
    """
    told = ""
    for one in questions:
        whole = continued(told, one, companies, ontology, today) if told else None
        if whole is not None:
            told = as_typed(whole, told, one)
        elif not told or mentions_in(one, merged(ontology.known(companies)), ontology, today).named:
            told = one
    return told


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
    if _OF_WHOM.match(new.text) and not old.companies and _CHOOSES.search(old.rest):
        return f"{_ASKED.sub('', old.text)},{new.text}"
    if (more := short_turn(old, new) or _with_more(old, new)) is not None:
        return more
    if not new.named and (other := _in_other_order(old, new)) is not None:
        return other
    if not new.named and (earlier := _a_year_earlier(old, new)) is not None:
        return earlier
    if not new.named and _REASONS.match(new.text):
        return _about(old, new)
    work = leaning(before, question, library, ontology, today)
    if work is not None and _says_work(new):
        return work
    leans = _LEANS.match(new.text) is not None
    whole = bool(new.measures) and bool(new.companies)
    elliptic = not whole and (leans or _is_elliptic(new, library, ontology))
    replaced = _replaced(old, new) if elliptic else None
    return replaced or _about_more(old, new, ontology)


def _says_work(new: Mentions) -> bool:
    """Tell whether a question says what to do, and not only of whom, when or which: 高多少."""
    if new.named:
        return _COMPARES.search(new.rest) is not None
    asked = re.sub(r"的$", "", _ASKS.sub("", new.rest))
    return not any(pattern.fullmatch(asked) for pattern in _SUFFIXES)


def _about_more(old: Mentions, new: Mentions, ontology: Ontology) -> str | None:
    """Return a question for something else of the same company: 主要风险呢."""
    told = ontology.phrases.text.search(new.rest) or _TOLD.search(new.rest)
    if new.named or not old.companies or told is None or _WHOLE.search(new.rest):
        return None
    if _ASKS_MORE.search(new.text) is None:
        return None
    return _about(old, new, said=_AND.sub("", _LEANS.sub("", new.text)))


def _is_elliptic(new: Mentions, companies: Sequence[Company], ontology: Ontology) -> bool:
    """Tell whether a question names something and says nothing else of its own."""
    asked = _ASKS.sub("", new.rest)
    rest = re.sub(r"(?<=□)的$", "", asked)
    for pattern in (_PART, *_SUFFIXES):
        rest = pattern.sub(BLANK, rest)
    if not new.named and rest == asked:
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
            edits += swapped(old, spans, said)
        elif kind == "measures":
            return _about(old, new, said=new.text) if old.companies and not new.companies else None
        else:
            prefix += said if has_han(said) else f"{said} "
    if not new.periods and (part := _PART.search(new.rest)) is not None and old.periods:
        edits.append(_part_of_year(old, part["part"]))
    for pattern in _SUFFIXES:
        m = pattern.search(new.rest)
        there = pattern.search(old.rest)
        if m is not None and there is None:
            suffix += re.sub(r"(?:表示|显示|计)$", "", m[0])
        elif m is not None and there is not None:
            edits.append((there.start(), there.end(), m[0]))
    if not edits and not prefix and not suffix:
        return None
    text = old.text
    for start, end, said in sorted(edits, reverse=True):
        text = text[:start] + said + text[end:]
    return _with_suffix(prefix + text, suffix)


def _with_more(old: Mentions, new: Mentions) -> str | None:
    """Return the old question with what is to be told as well: 再加上毛利率."""
    m = _MORE.match(new.text)
    kinds = [kind for kind in ("companies", "periods", "measures") if getattr(new, kind)]
    if m is None or len(kinds) != 1 or not getattr(old, kinds[0]):
        return None
    if _MORE.sub("", _ASKS.sub("", new.rest)).strip(BLANK + " 的,和与及、"):
        return None
    end = getattr(old, kinds[0])[-1][1]
    joint = "、" if has_han(old.text) else " and "
    return old.text[:end] + joint + new.said(getattr(new, kinds[0])) + old.text[end:]


def _a_year_earlier(old: Mentions, new: Mentions) -> str | None:
    """Return the old question for the same stretch of the year before."""
    if _EARLIER.fullmatch(new.text) is None or not old.periods:
        return None
    text = old.text
    for start, end in reversed(old.periods):
        said = text[start:end]
        if YEAR.search(said) is None:
            return None
        text = text[:start] + YEAR.sub(lambda m: str(int(m[0]) - 1), said) + text[end:]
    return text


def _in_other_order(old: Mentions, new: Mentions) -> str | None:
    """Return the old question for another place of its order: 那第三呢, or 最低的呢.

    A bare place is counted from where the question before counted: after 第二低, 第三 is 第三低.
    """
    said = _ASKS.sub("", _LEANS.sub("", new.text)).strip(" ,，的")
    asked, before = _OTHER_ORDER.fullmatch(said.removeprefix("the ")), _ORDER.search(old.rest)
    if asked is None or before is None:
        return None
    place = asked[0]
    if place.startswith("第") and place[-1] not in _WAYS:
        last = "倒数" if before[0].startswith("倒数") else ""
        way = re.search(f"[{_WAYS}]的?$", before[0])
        place = f"{last}{place}{way[0] if way else ''}"
    return old.text[: before.start()] + place + old.text[before.end() :]


def _about(old: Mentions, new: Mentions, said: str = "") -> str:
    """Return a question for reasons, or for more, with what it is about."""
    measures = () if said else old.measures
    about = [old.said(spans) for spans in (old.companies, old.periods, measures)]
    joint = "" if has_han(new.text) else " "
    return joint.join(part for part in about if part) + joint + (said or new.text)


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
