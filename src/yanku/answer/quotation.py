"""Puts quoted sentences into an answer: as printed, each with its place."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yanku.answer.choosing import Choice, Quote
from yanku.answer.evidence import Line
from yanku.answer.passages import Passage
from yanku.answer.stated import SEPARATOR
from yanku.model.amount import Amount, find_amounts
from yanku.model.answer import Citation, Claim, Grounded
from yanku.model.inquiry import Inquiry

_NOTE = {"zh": "以下为资料原文摘录。", "en": "Quoted from the documents."}
_OTHER = {
    "zh": "以下为资料原文摘录，原文为英文。",
    "en": "Quoted from the documents, which are in Chinese.",
}
_OF_MORE = {
    "zh": "该部分共有{count}项标题，此处列出{shown}项。",
    "en": "The section has {count} titles, of which {shown} are quoted.",
}
_HOLDS = {("zh", True): "是", ("zh", False): "否", ("en", True): "Yes", ("en", False): "No"}
_QUOTE_LIMIT = 240
_UNIT = re.compile(r"(?:单位：|unit: )[^>]{1,40}$")
_CELLS = 3
_WORDS = 12


def quoted(inquiry: Inquiry, choice: Choice) -> Grounded:
    """Return the answer that quotes a choice; a whether is answered first."""
    citations = tuple(
        _citation(number, quote) for number, quote in enumerate(choice.quotes, start=1)
    )
    language = inquiry.language
    told = "" if choice.holds is None else _HOLDS[language, choice.holds]
    end = ". " if language == "en" else "。"
    claims = [
        Claim(f"{told + end if told and number == 1 else ''}{_worded(quote)}", (number,))
        for number, quote in enumerate(choice.quotes, start=1)
    ]
    foreign = any(_is_foreign(quote.text, language) for quote in choice.quotes)
    notes = [(_OTHER if foreign else _NOTE)[language]]
    if choice.count > len(choice.quotes):
        shown = len(choice.quotes)
        notes.append(_OF_MORE[language].format(count=choice.count, shown=shown))
    return Grounded(
        claims=tuple(claims),
        citations=citations,
        amount=_amount(choice.quotes[0].text),
        choice=("是" if choice.holds else "否") if told else None,
        assumptions=(*inquiry.assumptions, *notes),
    )


def cited(lines: Sequence[Line]) -> tuple[Citation, ...]:
    """Return lines as citations, numbered from 1."""
    return tuple(line.citation(number) for number, line in enumerate(lines, start=1))


def _citation(number: int, quote: Quote) -> Citation:
    citation = quote.passages[0].line.citation(number)
    return Citation(
        number=number,
        document=citation.document,
        file=citation.file,
        place=citation.place,
        quote=quote.text[:_QUOTE_LIMIT],
        chunk=citation.chunk,
        values=citation.values,
    )


def _worded(quote: Quote) -> str:
    if quote.said:
        return f"“{quote.said}”"
    first, *rest = quote.passages
    mark = "：" if first.is_title and rest else ""
    words = [f"{_printed(first)}{mark}", *map(_printed, rest)]
    text = " ".join(words)
    return f"“{text if _is_foreign(text, 'zh') else ''.join(words)}”"


def _printed(passage: Passage) -> str:
    """Return a sentence, or what a row says in words rather than in figures."""
    if not passage.is_row:
        return passage.text
    label, *cells = passage.text.split(SEPARATOR)
    worded = [cell for cell in cells if _is_worded(cell.rpartition(": ")[2])]
    if worded:
        return "；".join([label, *worded[-_CELLS:]])
    return "；".join([label, *cells[:_CELLS]]) + _unit(passage, cells[:_CELLS])


def _is_worded(said: str) -> bool:
    """Tell words from figures, be there figures among them, as in the reason of a change."""
    return not find_amounts(said) or sum("\u4e00" <= sign <= "\u9fff" for sign in said) > _WORDS


def _unit(passage: Passage, cells: Sequence[str]) -> str:
    """Return in brackets the unit printed over a table, where figures have none of their own."""
    said = _UNIT.search(passage.line.source.chunk.context)
    found = (a.amount for cell in cells for a in find_amounts(cell.rpartition(": ")[2]))
    return f"（{said[0]}）" if said is not None and any(not a.unit for a in found) else ""


def _is_foreign(text: str, language: str) -> bool:
    han = sum("\u4e00" <= sign <= "\u9fff" for sign in text)
    latin = sum(sign.isascii() and sign.isalpha() for sign in text)
    return (latin > 2 * han) if language == "zh" else han * 2 > latin


def _amount(text: str) -> Amount | None:
    """Return the one number of a text, if it has exactly one."""
    found = find_amounts(text)
    return found[0].amount if len(found) == 1 else None
