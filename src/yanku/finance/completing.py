"""Completes a clause that leaves out what was said before it: company, period, measure, base."""

from __future__ import annotations

import re
from dataclasses import dataclass

from yanku.finance.labels import has_han
from yanku.finance.leftover import explain_rest
from yanku.finance.mentions import Mentions, Stretch, in_place
from yanku.finance.ontology import Ontology
from yanku.finance.when import find_part
from yanku.model.blank import BLANK

ASKS = re.compile(
    r"多少|几(?!乎)|谁|哪|吗|呢$|如何|怎么|怎样|咋样|什么|是否|是不是|有没有|有无|为何|孰"
    r"|([该要能会可值好])不\1|[?？]$|(?:和|与|跟|同).{1,12}(?:比较|对比|相比)$"
    r"|\b(?:how|what|which|who|whose|when|where|why|whether|did|does|do|is|are|was|were"
    r"|should|can|will)\b"
)
CUES = re.compile(
    r"上年同期|去年同期|上年|去年|同期|年初|上期|同比|环比|增速|增长率?|增幅|变动|变化|下滑|下降|上升"
    r"|降幅|涨|跌|增加|减少|母公司(?:口径|报表)?|合并(?:口径|报表)?"
    r"|(?:高|低|多|少|大|小|快|慢)(?:了|出)?(?=多少|几)|更?(?:高|低|多|少|大|小|快|慢)"
    r"|谁|哪家|哪个|哪一?年|最|占|排名?第?|几?倍|相?差|为什么|为何|(?:主要)?原因|趋势|走势|平均|合计"
    r"|加起来|总共|超过|达到|比|较|相比"
    r"|\b(?:higher|lower|more|less|grow|grew|growth|change[ds]?|increased?|decreased?|compare[ds]?|than"
    r"|why|it|they|rise|rose|fall|fell|reasons?)\b"
)
IT = re.compile(
    r"^(?:它们?|他们|其|该(?:公司|企业|行)|这(?:家|个)公司"
    r"|(?:这|那)?(?:两家|两者|二者|三家|三者)(?:公司)?)的?"
)
LEADS = re.compile(
    r"^(?:那么?|以及|并且?|而且|同时|另外|此外|还有|还想(?:知道|问)|顺便(?:问一?下)?|然后|再|又|且|和|与|其中"
    r"|\band\b|\balso\b)\s*"
)
_PAIR = re.compile(r"^(?:那么?)?(?:这|那)?(?:两者|二者|三者|两个|三个)")
_THIS = re.compile(r"^(?:这|它)(?:和|与|跟|同|比)?")
_WHO = re.compile(
    r"谁|哪(?:一)?(?:家|个)(?!季|月)|分别|各自?|孰|两家|两者|二者|合计|总共|加起来|平均|相?差"
    r"|\b(?:which|who|whose|both|each|respectively|combined|total|average)\b"
)
_BEFORE_BASE = re.compile(
    r"(?:比|较|相比于?|相较于?|对比"
    r"|\b(?:than|over|from|versus|vs\.?|compare[ds]? (?:with|to)|against)(?: in| that of)?)\s*$"
)
_WITH = re.compile(r"(?:比|较|和|与|跟|同)\s*$")
_COMPARED = re.compile(r"^(?:并)?(?:和|与|跟|同)□+(?:相?比|对比|比较|做?对比)")
_COMPARES = re.compile(r"\bhow (?:did|does|do) .{1,60}?\bcompare\b")
_APART = re.compile(
    r"(?:[高低多少大小快慢升降涨跌增减]|提高|增加|增长|减少|回落|改善)(?:了|出)?(?:多少|几|百分之几)"
    r"|^how much (?:higher|lower)"
)
_BASE = re.compile(
    r"(?:比|较|相比于?|相较于?)(?P<base>(?:上|去|前)(?:一)?年(?:同期|度|末)?|同期|上期|年初|期初|上年同期)"
)
_AGAINST = re.compile(r"比|较|同期|上年|去年")
_BY_HOW_MUCH = re.compile(r"^by how much\b")
_THEN = re.compile(r"当年|那一?年|该年|同年")
_BARE = re.compile(rf"^(?:那么?)?[{BLANK}\s的、,和与及]+呢?[?？]?$")


@dataclass(frozen=True, slots=True)
class Said:
    """What a clause speaks of, named in it or taken over from those before."""

    companies: tuple[str, ...] = ()
    period: str = ""
    measures: str = ""
    base: str = ""
    """What it compares with: 比2023年, 比北岭机床, 同比."""
    everyone: tuple[str, ...] = ()
    """All companies spoken of so far."""
    every: tuple[str, ...] = ()
    """All measures spoken of so far."""
    whole: Mentions | None = None
    """The clause itself, in full."""


def completed(clause: Mentions, before: Said, ontology: Ontology) -> tuple[str, Said]:
    """Return a clause as a whole question, and what the next one can take over from it."""
    if (same := _the_same(clause, before)) is not None:
        return same
    text = _BY_HOW_MUCH.sub("how much higher", IT.sub("", LEADS.sub("", clause.text)))
    shift = len(clause.text) - len(text)
    own, bases = main_and_base(clause, clause.companies)
    dates, against = main_and_base(clause, clause.periods)
    period = clause.said(dates) or _part_of_year(clause)
    compared = next((clause.each((one,))[0] for one in (*against, *bases)), "")
    if against and _COMPARES.search(text):
        text, shift = f"change from {compared}", 0
    elif against and _COMPARED.search(clause.rest) and not _APART.search(text):
        text, shift = f"比{compared}变动多少", 0
    measures = clause.said(clause.measures)
    leans = (not measures and says_only_work(clause, ontology)) or text.startswith("占")
    names = clause.each(own) or before.companies
    parts = [] if own else [_companies(before, text)]
    parts += [] if period else [before.period]
    parts += [_measures(before, clause)] if leans else []
    if not own and bases:
        parts = [before.companies[0] if before.companies else "", *parts[1:]]
    base = f"比{compared}" if compared else _own_base(text) or before.base
    if measures and _APART.search(text) and not _AGAINST.search(text) and before.base:
        end = clause.measures[-1][1] - shift
        text = text[:end] + before.base + text[end:]
    whole = side_by_side([one for one in (*parts, text) if one], han=has_han(text))
    names = (*names, *clause.each(bases)) if own or bases else names
    said = Said(
        names,
        period or before.period,
        measures or before.measures,
        base,
        tuple(dict.fromkeys((*before.everyone, *names))),
        tuple(dict.fromkeys((*before.every, *clause.each(clause.measures)))),
    )
    return whole, said


def _own_base(text: str) -> str:
    """Return what a clause compares with that names neither a date nor a company: 比上年, 同比."""
    said = _BASE.search(text)
    return f"比{said['base']}" if said else "同比" if "同比" in text else ""


def _the_same(clause: Mentions, before: Said) -> tuple[str, Said] | None:
    """Return what was asked before of what a bare clause names: 北岭机床呢."""
    bare = clause.named and clause.text.rstrip("?？").endswith("呢") and _BARE.match(clause.rest)
    whole = in_place(before.whole, clause) if bare and before.whole is not None else None
    if whole is None:
        return None
    names = clause.each(clause.companies) or before.companies
    return whole, Said(
        names,
        clause.said(clause.periods) or before.period,
        clause.said(clause.measures) or before.measures,
        before.base,
        tuple(dict.fromkeys((*before.everyone, *names))),
        tuple(dict.fromkeys((*before.every, *clause.each(clause.measures)))),
    )


def cannot_be_dated(clause: Mentions, before: Said) -> bool:
    """Tell whether a clause is of a year that only the answer before it names: 当年净利润."""
    return _THEN.search(clause.text) is not None and not before.period


def says_only_work(clause: Mentions, ontology: Ontology) -> bool:
    """Tell whether a clause without a measure says only what is asked of one named before."""
    rest = _THIS.sub("", IT.sub("", LEADS.sub("", clause.rest)))
    rest = CUES.sub(lambda m: BLANK * len(m[0]), _BY_HOW_MUCH.sub(BLANK, rest))
    if rest == clause.rest and not _WHO.search(rest) and not rest.endswith("呢"):
        return False
    rest = ASKS.sub(lambda m: BLANK * len(m[0]), rest)
    left = explain_rest(rest, rest, (), ontology.phrases, measured=True)
    return not left.unknown and not left.qualifiers


def side_by_side(parts: list[str], *, han: bool) -> str:
    """Return parts in one text; words and figures of Latin letters stay apart."""
    whole = parts[0]
    for part in parts[1:]:
        apart = not han or (whole[-1:] + part[:1]).isascii()
        whole += f" {part}" if apart else part
    return whole


def _measures(before: Said, clause: Mentions) -> str:
    """Return which measures a clause is about that names none: both, where it says so."""
    both = _PAIR.match(clause.text) is not None and len(before.everyone) < 2
    return "和".join(before.every) if both and before.every else before.measures


def _companies(before: Said, text: str) -> str:
    """Return whom a clause is about that names nobody: all there were, side by side."""
    joint = "和" if has_han(text) else " and "
    names = before.everyone if _WHO.search(text) else before.companies
    if _APART.search(text) and len(names) == 2 and before.base.endswith(names[1]):
        return names[0]
    return joint.join(names)


def main_and_base(
    clause: Mentions, stretches: tuple[Stretch, ...]
) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...]]:
    """Part names from those that something is only compared with: 比2023年."""
    before = _WITH if _COMPARED.search(clause.rest) else _BEFORE_BASE
    bases = tuple(one for one in stretches if before.search(clause.text[: one[0]]))
    return tuple(one for one in stretches if one not in bases), bases


def _part_of_year(clause: Mentions) -> str:
    """Return 上半年, which names a part of a year and no date."""
    part = find_part(clause.rest) if not clause.periods else None
    return clause.text[part[0] : part[1]] if part is not None else ""
