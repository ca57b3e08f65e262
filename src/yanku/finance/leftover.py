"""Tells what the words of a question are that nothing else has explained."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from yanku.finance.labels import HAN
from yanku.finance.names import Named
from yanku.finance.phrases import Phrases
from yanku.model.blank import BLANK

_RUN = re.compile(rf"[{HAN}0-9a-z·&'*\- ]+")
_EDGE = (
    "的",
    "在",
    "是",
    "为",
    "有",
    "了",
    "由",
    "从",
    "按",
    "其",
    "那",
    "这",
    "到",
    "至",
    "请",
    "中的",
    "呢",
)
_JOINT = re.compile(r"(?:[和与及跟或比较]|\b(?:and|or|vs\.?|versus|than))$")
_CAPITALS = re.compile(r"\b[A-Z][A-Za-z0-9&'-]*")
_CONJUNCTION = ("和", "与", "及", "跟", "或", "比", "较")
_JOINS = re.compile(rf"(?:和|与|及|跟|、|vs\.?|以及|还是|或|比|,|and|or|than)[\s{BLANK}]*$")
_NO_NAME = re.compile(
    r"\d[百千万亿%]|^第[一二三四五六七八九十\d]|连续|之间|的(?:公司|企业|银行|券商)$|^都|增长|下降"
    r"|剔除|扣除|计提|折合|年均|超过|合并|多少|^.{0,4}率$|注册|如何|影响|定义|含义|意义|意思|怎么|怎样|保留|数据中|年报中|位列|位居"
    r"|^(?:最|更|其他|其余|外其|外的|除|所有|任何|每家|这些|那些|哪)|(?:[了着过]|[了过]\d+)$|其他(?:公司|企业)$"
    r"|^(?:子|分|孙|贵|我|各|母|全资|控股|参股|下属|旗下)+(?:子)?(?:公司|企业|集团)$"
)
"""What stands first and is no name all the same."""
_SOME_COMPANY = re.compile(r"(?<![a-z0-9])[a-z](?=公司)")
"""A公司: nobody's name, and still one that figures are asked of."""
_CODE = re.compile(r"(?<!\d)\d{5,6}(?!\d)")
_FIGURES = re.compile(r"\d{2}")
_LATIN_WORD = re.compile(r"[a-z][a-z0-9&'.\-]*")


@dataclass(frozen=True, slots=True)
class Rest:
    """What is left of a question: names of companies not in the library, and other content."""

    unknown: tuple[str, ...] = ()
    qualifiers: tuple[str, ...] = ()


def explain_rest(
    text: str,
    rest: str,
    named: Sequence[Named],
    phrases: Phrases,
    measured: bool,
    typed: str = "",
) -> Rest:
    """Return what the unexplained words are.

    ``rest`` is the text with everything understood blanked out. Words are taken for a company
    that is not in the library if they end like one, stand beside a company, or, where a measure
    is asked for and no company is named, stand where a company would: first. English words must
    look like a name too, in the question as it was ``typed``.
    """
    unknown: list[str] = [f"{m[0]}公司" for m in _SOME_COMPANY.finditer(rest)]
    qualifiers: list[str] = []
    for m in _RUN.finditer(rest):
        run = m[0].strip()
        joint = _JOINT.search(run)
        leads = joint is not None and any(one.start >= m.end() for one in named)
        run = run[: joint.start()].strip() if leads and joint is not None else run
        word = _content(run, phrases, after=text[: m.start()])
        if not word:
            if (code := _CODE.search(run)) is not None:
                unknown.append(code[0])
            elif _FIGURES.search(run):
                qualifiers.append(run)
            continue
        position = m.start() + max(m[0].find(word), 0)
        before = _RUN.findall(rest[: m.start()])
        first = not any(_content(run, phrases) for run in before)
        beside = bool(named) and (leads or _JOINS.search(text[:position]) is not None)
        beside = beside and _NO_NAME.search(word) is None
        ends = word.endswith(phrases.company_endings) and len(word) > 2
        ends = ends and _NO_NAME.search(word) is None
        if len(word) == 1 or not _could_be_name(word, typed, phrases):
            qualifiers.append(word)
        elif ends or (measured and (beside or _leads(word, named, unknown, first=first))):
            unknown.append(word)
        else:
            qualifiers.append(word)
    return Rest(tuple(dict.fromkeys(unknown)), tuple(dict.fromkeys(qualifiers)))


def _could_be_name(word: str, typed: str, phrases: Phrases) -> bool:
    """Tell whether English words could be a name: not all of them everyday ones, and in capitals.

    The first word of a question has one anyway; a question typed without any tells nothing.
    """
    if not word.isascii():
        return True
    words = word.split()
    rare = [one for one in words if one not in phrases.everyday]
    if not rare:
        return False
    begins = [m for m in _CAPITALS.finditer(typed) if m[0].casefold() not in phrases.shouted]
    capitals = {m[0].casefold().removesuffix("'s") for m in begins}
    return not capitals or any(one in capitals for one in rare)


def _leads(word: str, named: Sequence[Named], unknown: list[str], *, first: bool) -> bool:
    """Tell whether words stand where a company would be named, and could be one."""
    return not named and first and not unknown and _NO_NAME.search(word) is None


def _content(run: str, phrases: Phrases, after: str = "") -> str:
    """Return a run of words without those that only ask or connect; empty if nothing is left.

    和, 比 and their like connect only ``after`` something: 比亚迪 and 和而泰 begin with them.
    """
    run = run.strip()
    if re.search(f"[{HAN}]", run) is None:
        found = (word.removesuffix("'s").strip("'") for word in _LATIN_WORD.findall(run))
        words = [w for w in found if w not in phrases.filler and len(w) > 1]
        return " ".join(words)
    run = _without_edges(run, phrases)
    if after.strip() and run.startswith(_CONJUNCTION):
        run = run[1:].strip()
    if not run or _all_filler(run, phrases):
        return ""
    return run


def _without_edges(run: str, phrases: Phrases) -> str:
    """Strip fillers from both ends; single characters only where they cannot begin a name."""
    edges = sorted(
        {*_EDGE, *(w for w in phrases.filler if len(w) > 1 and not w.isascii())},
        key=len,
        reverse=True,
    )
    changed = True
    while changed and run:
        changed = False
        for edge in edges:
            if run.startswith(edge):
                run, changed = run[len(edge) :].strip(), True
            if run.endswith(edge) and not (edge in phrases.company_endings and len(run) > 2):
                run, changed = run[: -len(edge)].strip(), True
    return run


def _all_filler(run: str, phrases: Phrases) -> bool:
    """Tell whether a run can be cut into fillers without rest."""
    reach = {0}
    for start in range(len(run)):
        if start in reach:
            reach.update(start + len(w) for w in phrases.filler if w and run.startswith(w, start))
    return len(run) in reach
