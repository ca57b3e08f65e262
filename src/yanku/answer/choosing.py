"""Chooses which sentences of the evidence to quote, or says that none answers by itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from yanku.answer.cues import (
    denies,
    folded,
    heads_list,
    is_of_instruments,
    narrowed,
    only_warns,
    says_nothing,
    ticked,
)
from yanku.answer.headings import is_headlike
from yanku.answer.passages import Passage, without_boxes
from yanku.answer.quote import SURE, Scored, speaks
from yanku.model.matter import Asks, Matter, Term

_SAID_IN_PARTS = 0.5
"""How surely a text must name a term that a question has beside a part of a report."""
_NEAREST = 12
"""Candidates whose meaning is compared with that of the question."""
_MEANING = 0.35
"""What being nearest in meaning weighs against the share of terms."""
_QUOTES = 3
_LATIN = 0.4
_LONGEST = 180
"""Characters that a quote goes on for, past its first sentence."""
_ITEMS = 8
_PLAIN = re.compile(r"是否.{2,}?[:：\s](是|否)[。；;]?\s*$|是否.{2,}?情况(否|是)[。；;]?$")
_OPEN = re.compile(
    r"如果|若|假如|倘若|可能|不排除|是否|\bif\b|\bmay\b|\bmight\b|\bcould\b|\bwhether\b"
)
_SHARE = re.compile(r"\d ?(?:%|percent|per cent)|\b(?:ten|twenty|fifty) percent")
_NUMBER_OF = re.compile(
    r"\b(?:changes?|increases?|decreases?|drops?|declines?|growth)\b.{0,20}\bnumber of\b"
)
_OF_SALES = re.compile(r"\b(?:sales|revenues?|turnover)\b")
_WHO = re.compile(r"\b(?:customers?|clients?|suppliers?|vendors?)\b")
_WHETHER = re.compile(
    r"(?<=有)没有|(.)[没不]\1|能否|可否|是否|没有?\W*$|(?:is|are|was|were|do|does|did|has|have)n't"
)
"""What asks whether, with a word that denies in it."""
_BULLET = re.compile(r"^\s*[•●▪◦·]")
_CLAUSE = re.compile(r"[，,。；;：:]|(?<=\w)\.\s")


@dataclass(frozen=True, slots=True)
class Quote:
    """Sentences that follow one another in a document, to be quoted as one.

    ``said`` is what is shown of them, where that is not all.
    """

    passages: tuple[Passage, ...]
    said: str = ""

    @property
    def text(self) -> str:
        """Return the sentences as printed."""
        joint = "" if any("\u4e00" <= sign <= "\u9fff" for sign in self.passages[0].text) else " "
        return joint.join(passage.text for passage in self.passages)


@dataclass(frozen=True, slots=True)
class Choice:
    """What to quote, best first; ``holds`` answers a whether. Empty if nothing is sure.

    ``count`` is how many there are of what is listed, where they are more than are quoted.
    """

    quotes: tuple[Quote, ...] = ()
    holds: bool | None = None
    count: int = 0


def candidates(found: Sequence[Scored]) -> tuple[Scored, ...]:
    """Return the few passages among which meaning may decide."""
    sure = [s for s in found if s.share >= SURE and s.answers]
    return tuple(_latest(sure)[:_NEAREST])


def choose(
    matter: Matter, found: Sequence[Scored], near: Sequence[float], every: Sequence[Passage]
) -> Choice:
    """Return what to quote of the candidates ``found``; ``near`` is their likeness in meaning.

    ``every`` are all passages in reading order.
    """
    if Asks.WHETHER in matter.asks:
        decided = _whether(matter, found, every)
        if decided.quotes or Asks.LISTED not in matter.asks:
            return decided
    if not found:
        return Choice()
    order = sorted(zip(found, _spread(near), strict=True), key=lambda pair: -_worth(*pair))
    best = order[0][0]
    if Asks.LISTED in matter.asks and Asks.REASON not in matter.asks:
        if headed := _headed(matter, found, every):
            return Choice(headed)
        lists = (_items(matter, one, every) for one, _ in order)
        if items := next(filter(None, lists), ()):
            return Choice(tuple(Quote((item,)) for item in items))
    kept: list[Scored] = []
    for one, _ in order:
        close = _worth(one, 0) >= _worth(best, 0) - 0.1
        if close and not any(_same(one, other) for other in kept):
            kept.append(one)
    short, led = Asks.REASON in matter.asks, Asks.RESPONSE in matter.asks
    chosen = (extended(one.passage, every, short=short, led=led) for one in kept[: _most(matter)])
    quotes = {(quote := Quote(told)).text: quote for told in chosen}
    return Choice(tuple(one for text, one in quotes.items() if not says_nothing(text)))


def _most(matter: Matter) -> int:
    return _QUOTES if Asks.LISTED in matter.asks or Asks.REASON in matter.asks else 2


def _spread(near: Sequence[float]) -> list[float]:
    """Return likenesses as 0 for the farthest to 1 for the nearest: they lie close together."""
    low, high = min(near), max(near)
    return [(one - low) / (high - low) if high > low else 0.0 for one in near]


def _worth(one: Scored, near: float) -> float:
    return one.share + one.own / 2 + one.focus / 2 + _MEANING * near


def _latest(found: Sequence[Scored]) -> list[Scored]:
    """Return the passages of the latest report of each company, and those of no period."""
    last: dict[str, date] = {}
    for one in found:
        profile = one.passage.line.source.profile
        if profile.company and profile.period:
            end = last.get(profile.company.code)
            if end is None or profile.period.end > end:
                last[profile.company.code] = profile.period.end
    return [one for one in found if _is_last(one, last)]


def _is_last(one: Scored, last: Mapping[str, date]) -> bool:
    profile = one.passage.line.source.profile
    if profile.company is None or profile.period is None:
        return True
    return last[profile.company.code] == profile.period.end


def _same(one: Scored, other: Scored) -> bool:
    a, b = ("".join(s.passage.text.split()) for s in (one, other))
    return a in b or b in a


def extended(
    first: Passage, every: Sequence[Passage], *, short: bool, led: bool = False
) -> tuple[Passage, ...]:
    """Return a passage with the sentences after it in its paragraph, as far as there is room."""
    chosen = [*(_lead(first, every) if led else ()), first]
    room = 0.0 if short and not first.is_item else _LONGEST - _size(first.text)
    opens = first.text.endswith(("：", ":"))
    if opens:
        room = _LONGEST
    for passage in every[first.order + 1 :]:
        room -= _size(passage.text)
        apart = passage.line != first.line or passage.is_item
        ended = _BULLET.match(chosen[-1].text) and not _BULLET.match(passage.text)
        if room < 0 or (apart and not (opens and _goes_on(passage, first))) or ended:
            break
        chosen.append(passage)
    return tuple(chosen)


def _lead(passage: Passage, every: Sequence[Passage]) -> list[Passage]:
    """Return what the same paragraph says before a passage, if short: what it responds to."""
    before: list[Passage] = []
    for one in reversed(every[: passage.order]):
        if one.line != passage.line or passage.is_item or (before and before[0].is_item):
            break
        before.insert(0, one)
    return before if sum(_size(one.text) for one in before) <= _LONGEST else []


def _goes_on(passage: Passage, start: Passage) -> bool:
    one, other = passage.line.source.chunk, start.line.source.chunk
    return one.document == other.document and one.ordinal - other.ordinal in (0, 1)


def _size(text: str) -> float:
    """Return the length in Chinese characters; a Latin letter is less than half of one."""
    return sum(_LATIN if sign.isascii() else 1 for sign in text)


def _items(matter: Matter, one: Scored, every: Sequence[Passage]) -> list[Passage]:
    """Return the items of the list a passage is in, if its heading speaks of what is asked."""
    start = one.passage
    head, title = folded(start.above[0]), folded(start.above[-1])
    asked = [term for term in matter.terms if not speaks(term, head)]
    if not start.is_item or not all(speaks(term, title) for term in asked):
        return []
    if not heads_list(matter, title):
        return []
    group = [p for p in every if p.numbering == start.numbering and p.above == start.above]
    group = [p for p in group if p.line.source.chunk.document == start.line.source.chunk.document]
    return group[:_ITEMS] if len(group) > 1 else []


def _headed(matter: Matter, found: Sequence[Scored], every: Sequence[Passage]) -> tuple[Quote, ...]:
    """Return the numbered titles under a heading of what is asked, each with what follows it.

    可能面对的风险 > （1）研发失败风险 …: the titles name the items, and their text explains them.
    """
    documents = {one.passage.line.source.chunk.document for one in found}
    for heading in every:
        title = folded(heading.text)
        if not heading.is_title or heading.line.source.chunk.document not in documents:
            continue
        other = is_of_instruments(matter.question, title) or only_warns(matter.question, title)
        if other or not heads_list(matter, title):
            continue
        asked = [term for term in matter.terms if not speaks(term, folded(heading.above[0]))]
        if asked and all(speaks(term, title) for term in asked):
            items = _titles_under(heading, every)
            if len(items) > 1:
                return tuple(items[:_ITEMS])
    return ()


def _titles_under(heading: Passage, every: Sequence[Passage]) -> list[Quote]:
    items: list[list[Passage]] = []
    mark = ""
    for passage in every[heading.order + 1 :]:
        near = _goes_on(passage, items[-1][-1] if items else heading)
        if not near or not any(_is_under(title, heading) for title in passage.above[1:]):
            break
        if (
            passage.is_title
            and passage.is_item
            and passage.numbering in (mark or passage.numbering)
        ):
            mark = passage.numbering
            items.append([passage])
        elif items and len(items[-1]) == 1 and not passage.is_title:
            items[-1].append(passage)
    return [Quote(tuple(item)) for item in items]


def _is_under(title: str, heading: Passage) -> bool:
    return title.strip() == heading.text.strip()[: max(len(title.strip()), 1)]


def _whether(matter: Matter, found: Sequence[Scored], every: Sequence[Passage]) -> Choice:
    if denies(_WHETHER.sub("", _but_terms(matter, matter.question))):
        return Choice()  # What a yes or no would mean to a question that denies is not plain.
    for one in found:
        if is_headlike(one.passage) and not _is_form(one.passage.text):
            continue  # What a heading names may well be none.
        if not _counts(matter, one.passage.text):
            continue
        after = every[one.passage.order + 1 :][:1]
        holds = _holds(matter, one.passage.text, after[0].text if after else "")
        if holds is False and _is_narrower(matter, one.passage.text):
            continue
        if holds is not None:
            told = extended(one.passage, every, short=True)
            return Choice((Quote((*_form_of(one.passage, every), *told)),), holds)
    return Choice()


def _counts(matter: Matter, text: str) -> bool:
    """Tell whether a passage speaks of the share, the number or the people that a question is of.

    That there are customers does not say whether one of them makes a tenth of the sales.
    """
    said, asked = folded(text), matter.question
    if not all(who.rstrip("s") in said for who in _WHO.findall(asked)):
        return False
    if _SHARE.search(asked) and not _SHARE.search(said):
        return False
    if _SHARE.search(asked) and _OF_SALES.search(asked) and not _OF_SALES.search(said):
        return False
    # Whether there are more of something than before two counts tell, and no sentence alone.
    return _NUMBER_OF.search(asked) is None


def holds_of(matter: Matter, quotes: Sequence[Quote]) -> bool | None:
    """Tell what quotes of a part of a report say to a whether: there is such a thing, or none.

    Rows of a table are such things. None where the quotes leave it open.
    """
    for passage in (one for quote in quotes for one in quote.passages):
        if is_headlike(passage) and not (_is_form(passage.text) or denies(folded(passage.text))):
            continue
        if passage.is_row:
            return not passage.is_empty
        if (holds := _holds(matter, passage.text, "")) is not None:
            return holds
    return None


def speaking_of(terms: Sequence[Term], quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """Return the quotes that speak of all of some terms, or all quotes if they do so together."""
    texts = [folded(f"{q.said} {q.text}") for q in quotes]
    each = [q for q, text in zip(quotes, texts, strict=True) if _all_said(terms, text)]
    above = {folded(title) for q in quotes for title in q.passages[0].above[1:]}
    return tuple(each or (quotes if _all_said(terms, " ".join((*texts, *above))) else ()))


def _all_said(terms: Sequence[Term], text: str) -> bool:
    return all(speaks(term, text) >= _SAID_IN_PARTS for term in terms)


def _is_form(text: str) -> bool:
    """Tell a line of a form that is answered on it."""
    return ticked(text) is not None or _PLAIN.search(text) is not None


def _form_of(passage: Passage, every: Sequence[Passage]) -> tuple[Passage, ...]:
    """Return the heading that boxes to tick stand under, where they stand alone."""
    before = every[passage.order - 1 : passage.order] if passage.order else ()
    alone = passage.is_ticked and not without_boxes(passage.text)
    return tuple(one for one in before if alone and is_headlike(one))


def _is_narrower(matter: Matter, text: str) -> bool:
    """Tell whether a passage speaks only of a part of what is asked ("重大诉讼" of "诉讼")."""
    asked = " ".join([matter.question, *(name for term in matter.terms for name in term.names)])
    return any(word not in folded(asked) for word in narrowed(folded(text)))


def _holds(matter: Matter, text: str, after: str) -> bool | None:
    """Tell whether a passage says that what is asked is so, is not so, or leaves it open.

    In a form the answer may stand in what comes right ``after``.
    """
    if (told := ticked(text)) is not None:
        return told
    if plain := _PLAIN.search(text):
        return (plain[1] or plain[2]) == "是"
    if "是否" in text and (bare := after.strip(" 。；;")) in ("是", "否"):
        return bare == "是"
    said = folded(text)
    if _OPEN.search(said):
        return None
    clauses = _CLAUSE.split(said)
    most = max(clauses, key=lambda clause: sum(speaks(t, clause) for t in matter.terms))
    said, most = _but_terms(matter, said), _but_terms(matter, most)
    if denies(most) != denies(said) and len(clauses) > 1:
        return None
    return not denies(most)


def _but_terms(matter: Matter, text: str) -> str:
    """Return a (folded) text without terms that seem to deny: 未决诉讼 denies nothing."""
    names = {n for term in matter.terms for n in (*term.names, *term.parts) if denies(n)}
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, " ")
    return text
