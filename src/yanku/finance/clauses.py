"""Takes a question that asks several things apart, and makes each of them a question of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from yanku.finance.breadth import SPAN_SAID
from yanku.finance.completing import (
    ASKS,
    CUES,
    IT,
    LEADS,
    Said,
    cannot_be_dated,
    completed,
    says_only_work,
    side_by_side,
)
from yanku.finance.labels import HAN, has_han, plain
from yanku.finance.mentions import Mentions, as_typed, mentions_in
from yanku.finance.names import merged
from yanku.finance.ontology import Ontology
from yanku.finance.spread import ends_apart
from yanku.model.blank import BLANK
from yanku.model.finance import Company

_CUT = re.compile(
    r"(?<!\d),|,(?!\d)|[;。!]+|(?<=[?？])"
    r"|\s+and\s+(?=(?:by )?(?:how|what|which|who|when|why|did|does|was|were|should)\b)"
)
_BOTH = re.compile(
    r"最(?P<one>[高低大小多少])的?(?:和|与|及|、|以及)最?(?P<other>[高低大小多少])(?P<of>的)?"
)
_AND = r"(?:和|与|及|、|以及| and )"
_SCOPES = re.compile(
    rf"(?P<group>(?:合并|\bconsolidated\b)(?:口径|报表)?){_AND}"
    r"(?P<parent>(?:母公司|\bparent(?:[ -]company)?(?:[ -]only)?)(?:口径|报表)?)"
)
"""Figures of the group and of the parent alone: 合并和母公司营业收入."""
_SCOPE_BESIDE = re.compile(rf"(?P<group>[{HAN}]{{2,12}}?){_AND}(?P<parent>母公司的?(?P=group))")
_SHARE_AND = re.compile(r"(占[^,;。?!]{2,12}?的?(?:比例|比重|占比|比率))(?:[、和与及]|以及)")
"""Where a share ends and something else that is asked for begins."""
_JOINT = re.compile(r"(?:以及|并且|而且|同时|另外|此外|还有|顺便|然后)")
_CONDITION = re.compile(
    r"超过|高于|大于|多于|低于|小于|少于|不足|以上|以下|达到|之间|(?:公司|企业|银行|券商|中|里|内|外)$"
    r"|前[一二三四五六七八九十\d]+"
    r"|^(?:按|以(?!及)|用|根据|从|在|除|单位|保留|精确|请(?=用|以|按|保留)|结果|不含|不考虑|口径"
    r"|(?:please|define|defined|assume|where|round|answer|report|give|use|state|express)\b)"
)
_NO_MORE = re.compile(
    r"(?!.*(?:为什么|为何))[\s□]*(?:金额|数额|数值|具体|名单)?(?:分别|各|都)?(?:是|为|有)?"
    r"(?:多少|几何|什么|谁|哪些|哪几家|哪家)?(?:元|钱|公司|企业)?[\s□?？]*"
)
"""Asks for what the clause before asks for anyway: 分别是谁, 金额为多少."""
_WORK = re.compile(r"^(?:同比|环比|增速|增幅|占)")
_HELD = re.compile(r"^(?:并|再)?(?:和|与|跟|同).{1,12}(?:比较|对比|相比)$")
_BETWEEN = re.compile(r"^(?:那么?)?(?:这|它)?(?:和|与|跟|同|比)(?=□)|相?比(?=[高低多少大小])")
_WITH_IT = re.compile(r"^(?:那么?)?(?:这|它)?(?:和|与|跟|同|比)|相?比(?=[高低多少大小])")
_CHOICE = re.compile(r"最|谁|哪|更|\bwhich\b|\bwho\b")
_OR = re.compile(rf"(?:是|:)?{BLANK}+(?:\s*(?:,|、|和|与|或|还是|or|and)\s*{BLANK}+)+[?？]?")


def clauses_of(
    question: str, companies: Sequence[Company], ontology: Ontology, today: date
) -> tuple[str, ...]:
    """Return the questions that one question is made of, each in full; none if it asks one thing.

    What a clause leaves out is taken over from the ones before: company, period, measure, and
    what it compares with.
    """
    text = plain(question)
    if ends_apart(text):
        return ()
    if (both := _BOTH.search(text)) is not None:
        ways = (f"最{both['one']}的", f"最{both['other']}的")
        return tuple(as_typed(one, question) for one in _each_way(text, both, ways))
    if (both := _SCOPES.search(text) or _SCOPE_BESIDE.search(text)) and "占" not in text:
        scopes = (both["group"], both["parent"])
        return tuple(as_typed(one, question) for one in _each_way(text, both, scopes))
    pieces = list(_pieces(text))
    if len(pieces) < 2:
        return ()
    library = merged(ontology.known(companies))

    def read(piece: str) -> Mentions:
        return mentions_in(piece, library, ontology, today)

    clauses = _joined([read(piece) for piece in pieces])
    if len(clauses) < 2:
        return ()
    said, whole = Said(), list[str]()
    for clause in map(read, clauses):
        if cannot_be_dated(clause, said) and whole:
            return ()
        sentence, said = completed(clause, said, ontology)
        said = replace(said, whole=read(sentence))
        whole.append(sentence)
    return tuple(dict.fromkeys(as_typed(one, question).rstrip("?？") for one in whole))


def _each_way(text: str, both: re.Match[str], ways: Sequence[str]) -> Iterator[str]:
    """Yield a text once for each thing that it names in one place."""
    return (text[: both.start()] + way + text[both.end() :] for way in ways)


def leaning(
    before: str, question: str, companies: Sequence[Company], ontology: Ontology, today: date
) -> str | None:
    """Return a question in full that says only what is asked, of what was spoken of ``before``:
    高多少, 同比增长多少, 比北岭机床呢; None if it says more, or nothing was.
    """

    def read(piece: str) -> Mentions:
        return mentions_in(piece, companies, ontology, today)

    clause = read(question)
    if clause.measures or not CUES.search(clause.rest) or not says_only_work(clause, ontology):
        return None
    said = Said()
    for piece in _joined([read(piece) for piece in _pieces(plain(before))]) or [plain(before)]:
        _, said = completed(read(piece), said, ontology)
    chooses = _CHOICE.search(clause.rest) is not None
    if not said.measures or (chooses and not _has_choice(said, clause)):
        return None
    if clause.companies and not said.base and _BETWEEN.search(clause.rest):
        names = (*said.companies, *clause.each(clause.companies))
        text = clause.text
        for name in clause.each(clause.companies):
            text = text.replace(name, "", 1)
        text = _WITH_IT.sub("", text)
        parts = ("和".join(names), said.period, said.measures, text)
        return side_by_side([one for one in parts if one], han=has_han(text))
    whole, _ = completed(clause, said, ontology)
    return whole


def _has_choice(said: Said, clause: Mentions) -> bool:
    """Tell whether there is anything that could be higher than another: companies, or years."""
    spans = SPAN_SAID.search(said.period) is not None
    return spans or len(said.companies) + len(clause.companies) > 1


def _pieces(text: str) -> Iterator[str]:
    """Yield what stands between commas and stops; 以及 parts where both sides ask."""
    text = _SHARE_AND.sub(r"\1,", text)
    for piece in (one.strip() for one in _CUT.split(text)):
        joint = _JOINT.search(piece)
        if joint is not None and ASKS.search(piece[: joint.start()]):
            rest = piece[joint.end() :]
            if ASKS.search(rest):
                yield piece[: joint.start()].strip()
                piece = rest.strip()
        if piece:
            yield piece


def _joined(pieces: Sequence[Mentions]) -> list[str]:
    """Return clauses that each ask something: what asks nothing goes with the next, or the last."""
    clauses: list[str] = []
    waiting: list[str] = []
    before: Mentions | None = None
    for at, piece in enumerate(pieces):
        goes_on = (_goes_on(before, piece) or _is_choice_of(before, piece)) and not waiting
        if clauses and (goes_on or (_NO_MORE.fullmatch(piece.rest) and not piece.named)):
            clauses[-1] += f",{piece.text}"
        elif _is_question(piece, pieces[at + 1 :], begun=bool(clauses)):
            clauses.append(",".join([*waiting, piece.text]))
            waiting = []
        else:
            waiting.append(piece.text)
        before = piece
    if waiting and clauses:
        clauses[-1] = ",".join([clauses[-1], *waiting])
    return clauses


def _goes_on(before: Mentions | None, piece: Mentions) -> bool:
    """Tell whether a list of measures goes on over a comma: 营收,净利润,毛利率."""
    if before is None or not before.measures or not piece.measures or piece.companies:
        return False
    ended = before.measures[-1][1] == len(before.text)
    return ended and piece.measures[0][0] == 0 and not _WORK.match(piece.text)


def _is_choice_of(before: Mentions | None, piece: Mentions) -> bool:
    """Tell whether a piece only names whom the question before chooses from: which …, A or B."""
    if before is None or before.companies or not piece.companies:
        return False
    names = not piece.measures and not piece.periods and _OR.fullmatch(piece.rest)
    return bool(names) and _CHOICE.search(before.rest) is not None


def _is_question(piece: Mentions, after: Sequence[Mentions], *, begun: bool) -> bool:
    if ASKS.search(piece.rest) is not None:
        return True
    if begun and _WORK.match(IT.sub("", LEADS.sub("", piece.text))):
        return True
    if not piece.measures or _CONDITION.search(piece.rest) or _CONDITION.search(piece.text):
        return False
    then = after[0] if after else None
    goes_on = then and (then.measures or _WORK.match(then.text) or _HELD.search(then.text))
    return begun or bool(goes_on)
