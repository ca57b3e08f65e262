"""Takes a question that asks several things apart, and makes each of them a question of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from yanku.finance.breadth import SPAN_SAID
from yanku.finance.labels import has_han, plain
from yanku.finance.leftover import explain_rest
from yanku.finance.mentions import Mentions, as_typed, mentions_in
from yanku.finance.names import merged
from yanku.finance.ontology import Ontology
from yanku.finance.page import BLANK
from yanku.finance.when import find_part
from yanku.model.finance import Company

_CUT = re.compile(
    r"(?<!\d),|,(?!\d)|[;。!?]+"
    r"|\s+and\s+(?=(?:by )?(?:how|what|which|who|when|why|did|does|was|were)\b)"
)
_SHARE_AND = re.compile(r"(占[^,;。?!]{2,12}?的?(?:比例|比重|占比|比率))(?:[、和与及]|以及)")
"""Where a share ends and something else that is asked for begins."""
_JOINT = re.compile(r"(?:以及|并且|而且|同时|另外|此外|还有|顺便|然后)")
_LEADS = re.compile(
    r"^(?:那么?|以及|并且?|而且|同时|另外|此外|还有|还想(?:知道|问)|顺便(?:问一?下)?|然后|再|又|且|和|与|其中|\band\b|\balso\b)\s*"
)
_IT = re.compile(
    r"^(?:它们?|他们|其|该(?:公司|企业|行)|这(?:家|个)公司|(?:这|那)?(?:两家|两者|二者|三家|三者)(?:公司)?)的?"
)
_ASKS = re.compile(
    r"多少|几(?!乎)|谁|哪|吗|呢$|如何|怎么|怎样|咋样|什么|是否|是不是|有没有|有无|为何|孰|([该要能会可值好])不\1"
    r"|\b(?:how|what|which|who|whose|when|where|why|whether|did|does|do|is|are|was|were)\b"
)
_CONDITION = re.compile(
    r"超过|高于|大于|多于|低于|小于|少于|不足|以上|以下|达到|之间|(?:公司|企业|银行|券商|中|里|内|外)$"
    r"|前[一二三四五六七八九十\d]+|^(?:按|以(?!及)|用|根据|从|在|除|单位|保留|精确|请|结果|不含|不考虑|口径)"
)
_CUES = re.compile(
    r"上年同期|去年同期|上年|去年|同期|年初|上期|同比|环比|增速|增长率?|增幅|变动|变化|下滑|下降|上升|降幅|涨|跌|增加|减少"
    r"|(?:高|低|多|少|大|小|快|慢)(?:了|出)?(?=多少|几)|更?(?:高|低|多|少|大|小|快|慢)"
    r"|谁|哪家|哪个|哪一?年|最|占|排名?第?|几?倍|相?差|为什么|为何|(?:主要)?原因|趋势|走势|平均|合计|超过|达到|比|较|相比"
    r"|\b(?:higher|lower|more|less|grow|grew|growth|change[ds]?|increased?|decreased?|compared|than|why|it|rise|rose|fall|fell|reasons?)\b"
)
_WHO = re.compile(
    r"谁|哪(?:一)?(?:家|个)(?!季|月)|分别|各自?|孰|两家|两者|二者|\b(?:which|who|whose|both|each|respectively)\b"
)
_BEFORE_BASE = re.compile(
    r"(?:比|较|相比于?|相较于?|对比"
    r"|\b(?:than|over|from|versus|vs\.?|compared (?:with|to)|against)(?: in| that of)?)\s*$"
)
_WITH = re.compile(r"(?:比|较|和|与|跟|同)\s*$")
_COMPARED = re.compile(r"^(?:和|与|跟|同)□+(?:相?比|对比|比较)")
_BETWEEN = re.compile(r"^(?:那么?)?(?:这|它)?(?:和|与|跟|同|比)(?=□)|相?比(?=[高低多少大小])")
_CHOICE = re.compile(r"最|谁|哪|更|\bwhich\b")
_THIS = re.compile(r"^(?:这|它)(?:和|与|跟|同|比)?")
_WITH_IT = re.compile(r"^(?:那么?)?(?:这|它)?(?:和|与|跟|同|比)|相?比(?=[高低多少大小])")
_APART = re.compile(r"(?:高|低|多|少|大|小|快|慢)(?:了|出)?(?:多少|几)")
_AGAINST = re.compile(r"比|较|同期|上年|去年")
_ONLY_HOW_MUCH = re.compile(
    r"[\s□]*(?:金额|数额|数值|具体)?(?:分别|各)?(?:是|为)?(?:多少|几何|什么)?(?:元|钱)?[\s□]*"
)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a clause speaks of, named in it or taken over from those before."""

    companies: tuple[str, ...] = ()
    period: str = ""
    measures: str = ""
    base: str = ""
    """What it compares with: 比2023年, 比北岭机床, 同比."""


def clauses_of(
    question: str, companies: Sequence[Company], ontology: Ontology, today: date
) -> tuple[str, ...]:
    """Return the questions that one question is made of, each in full; none if it asks one thing.

    What a clause leaves out is taken over from the ones before: company, period, measure, and
    what it compares with.
    """
    pieces = list(_pieces(plain(question)))
    if len(pieces) < 2:
        return ()
    library = merged(ontology.known(companies))

    def read(piece: str) -> Mentions:
        return mentions_in(piece, library, ontology, today)

    clauses = _joined([read(piece) for piece in pieces])
    if len(clauses) < 2:
        return ()
    said, whole = _Said(), []
    for clause in clauses:
        sentence, said = _completed(read(clause), said, ontology)
        whole.append(sentence)
    return tuple(dict.fromkeys(as_typed(one, question) for one in whole))


def leaning(
    before: str, question: str, companies: Sequence[Company], ontology: Ontology, today: date
) -> str | None:
    """Return a question in full that says only what is asked, of what was spoken of ``before``:
    高多少, 同比增长多少, 比北岭机床呢; None if it says more, or nothing was.
    """

    def read(piece: str) -> Mentions:
        return mentions_in(piece, companies, ontology, today)

    clause = read(question)
    if clause.measures or not _CUES.search(clause.rest) or not _leans(clause, ontology):
        return None
    said = _Said()
    for piece in _joined([read(piece) for piece in _pieces(plain(before))]) or [plain(before)]:
        _, said = _completed(read(piece), said, ontology)
    chooses = _CHOICE.search(clause.rest) is not None
    if not said.measures or (chooses and not _has_choice(said, clause)):
        return None
    if clause.companies and not said.base and _BETWEEN.search(clause.rest):
        said = replace(said, companies=(*said.companies, *clause.each(clause.companies)))
        text = clause.text
        for name in clause.each(clause.companies):
            text = text.replace(name, "", 1)
        text = _WITH_IT.sub("", text)
        return _side_by_side([one for one in (*_context(said), text) if one], han=has_han(text))
    whole, _ = _completed(clause, said, ontology)
    return whole


def _has_choice(said: _Said, clause: Mentions) -> bool:
    """Tell whether there is anything that could be higher than another: companies, or years."""
    return (
        len(said.companies) + len(clause.companies) > 1 or SPAN_SAID.search(said.period) is not None
    )


def _context(said: _Said) -> tuple[str, ...]:
    return ("和".join(said.companies), said.period, said.measures)


def _pieces(text: str) -> Iterator[str]:
    """Yield what stands between commas and stops; 以及 parts where both sides ask."""
    text = _SHARE_AND.sub(r"\1,", text)
    for piece in (one.strip() for one in _CUT.split(text)):
        joint = _JOINT.search(piece)
        if joint is not None and _ASKS.search(piece[: joint.start()]):
            rest = piece[joint.end() :]
            if _ASKS.search(rest):
                yield piece[: joint.start()].strip()
                piece = rest.strip()
        if piece:
            yield piece


def _joined(pieces: Sequence[Mentions]) -> list[str]:
    """Return clauses that each ask something: what asks nothing goes with the next, or the last."""
    clauses: list[str] = []
    waiting: list[str] = []
    for at, piece in enumerate(pieces):
        if clauses and _ONLY_HOW_MUCH.fullmatch(piece.rest) and not piece.named:
            clauses[-1] += f",{piece.text}"
        elif _is_question(piece, pieces[at + 1 :], begun=bool(clauses)):
            clauses.append(",".join([*waiting, piece.text]))
            waiting = []
        else:
            waiting.append(piece.text)
    if waiting and clauses:
        clauses[-1] = ",".join([clauses[-1], *waiting])
    return clauses


def _is_question(piece: Mentions, after: Sequence[Mentions], *, begun: bool) -> bool:
    if _ASKS.search(piece.rest) is not None:
        return True
    if not piece.measures or _CONDITION.search(piece.rest) or _CONDITION.search(piece.text):
        return False
    return begun or bool(after and after[0].measures)


def _completed(clause: Mentions, before: _Said, ontology: Ontology) -> tuple[str, _Said]:
    """Return a clause as a whole question, and what the next one can take over from it."""
    text = _IT.sub("", _LEADS.sub("", clause.text))
    shift = len(clause.text) - len(text)
    own, bases = _main_and_base(clause, clause.companies)
    dates, against = _main_and_base(clause, clause.periods)
    period = clause.said(dates) or _vague_period(clause)
    compared = next((clause.each((one,))[0] for one in (*against, *bases)), "")
    if against and _COMPARED.search(clause.rest) and not _APART.search(text):
        text, shift = f"比{compared}变动多少", 0
    measures = clause.said(clause.measures)
    leans = not measures and _leans(clause, ontology)
    names = clause.each(own) or before.companies
    parts = [] if own else [_companies(before, text)]
    parts += [] if period else [before.period]
    parts += [before.measures] if leans else []
    if not own and bases:
        parts = [before.companies[0] if before.companies else "", *parts[1:]]
    base = f"比{compared}" if compared else "同比" if "同比" in text else before.base
    if measures and _APART.search(text) and not _AGAINST.search(text) and before.base:
        end = clause.measures[-1][1] - shift
        text = text[:end] + before.base + text[end:]
    whole = _side_by_side([one for one in (*parts, text) if one], han=has_han(text))
    said = _Said(
        (*names, *clause.each(bases)) if own or bases else names,
        period or before.period,
        measures or before.measures,
        base,
    )
    return whole, said


def _side_by_side(parts: Sequence[str], *, han: bool) -> str:
    """Return parts in one text; words and figures of Latin letters stay apart."""
    whole = parts[0]
    for part in parts[1:]:
        apart = not han or (whole[-1:] + part[:1]).isascii()
        whole += f" {part}" if apart else part
    return whole


def _companies(before: _Said, text: str) -> str:
    """Return whom a clause is about that names nobody: all there were, side by side."""
    joint = "和" if has_han(text) else " and "
    if (
        _APART.search(text)
        and len(before.companies) == 2
        and before.base.endswith(before.companies[1])
    ):
        return before.companies[0]
    return joint.join(before.companies)


def _main_and_base(
    clause: Mentions, stretches: tuple[tuple[int, int], ...]
) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    """Part names from those that something is only compared with: 比2023年."""
    before = _WITH if _COMPARED.search(clause.rest) else _BEFORE_BASE
    bases = tuple(one for one in stretches if before.search(clause.text[: one[0]]))
    return tuple(one for one in stretches if one not in bases), bases


def _vague_period(clause: Mentions) -> str:
    """Return 上半年, which names a part of a year and no date."""
    part = find_part(clause.rest) if not clause.periods else None
    return clause.text[part[0] : part[1]] if part is not None else ""


def _leans(clause: Mentions, ontology: Ontology) -> bool:
    """Tell whether a clause without a measure says only what is asked of one named before."""
    rest = _THIS.sub("", _IT.sub("", _LEADS.sub("", clause.rest)))
    rest = _CUES.sub(lambda m: BLANK * len(m[0]), rest)
    if rest == clause.rest and not _WHO.search(rest) and not rest.endswith("呢"):
        return False
    rest = _ASKS.sub(lambda m: BLANK * len(m[0]), rest)
    left = explain_rest(rest, rest, (), ontology.phrases, measured=True)
    return not left.unknown and not left.qualifiers
