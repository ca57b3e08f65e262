"""Quotes what stands under the heading that a question is for: business, risks, employees."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from yanku.answer.choosing import Quote
from yanku.answer.cues import folded, is_formal, sends_elsewhere
from yanku.answer.passages import Passage, without_boxes
from yanku.answer.stated import SEPARATOR, bare_label
from yanku.model.chapter import Chapter, Shape

_ITEMS = 10
_ROWS = 14
_LONGEST = 300
"""Characters of prose that are quoted of a section, past its first sentence."""
_AN_ITEM = 120
"""Characters of what follows the title of an item."""
_RUN_IN = 24
"""Longest heading that stands at the beginning of its own paragraph."""
_MARKS = r"(?:\[table_\w*\]|[^\w\s（(\[【〔《“\"'’”）)\]】√□]|\s)*"
"""Bullets, and the marks that a template leaves."""
_LEAD = re.compile(
    rf"^{_MARKS}(?:第[一二三四五六七八九十百\d]+[节章部分篇]+"
    r"|[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2}(?:\.\d{1,2}){0,3}|[a-z])[)）]?[、.．:：\s]"
    r"|[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）]|[①-⑳]|[ivx]+[.、)])?\s*",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^\s*[^\w\s（(\[【〔《“\"'’”）)\]】√□,，。.;；:：]")
_BRACKETS = re.compile(r"^[【\[〔「<《](.+?)[】\]〕」>》]")
_RANKS = (
    re.compile(r"^\s*第[一二三四五六七八九十百\d]+[节章篇]"),
    re.compile(r"^\s*[一二三四五六七八九十]{1,3}[、.．]"),
    re.compile(r"^\s*[（(][一二三四五六七八九十]{1,3}[)）]"),
    re.compile(r"^\s*\d{1,2}[、.．\s](?!\d)"),
    re.compile(r"^\s*(?:[（(]\d{1,2}[)）]|\d{1,2}[)）]|\d{1,2}\.\d{1,2})"),
    re.compile(r"^\s*(?:[①-⑳]|[a-zA-Z][.、)）])"),
)
"""How headings are numbered, from the widest part of a report to the narrowest."""
_UNRANKED = len(_RANKS)
_HAN_SPACE = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")


def told_in_chapter(chapter: Chapter, every: Sequence[Passage]) -> tuple[Quote, ...]:
    """Return what answers of the sections of a document that are on a chapter; empty if none does.

    ``every`` are its passages in reading order. The best heading with something to say counts.
    """
    told = every[: _where_it_speaks_of_itself(every)]
    for pattern in chapter.headings:
        for heading in told:
            if (said := run_in(heading, pattern)) is not None:
                found: tuple[Quote, ...] = _paragraph(heading, every) if said else ()
            elif is_heading(heading, pattern):
                found = _told(chapter, section_under(heading, every))
            else:
                continue
            if found and not _is_formal(heading) and _says(chapter, found):
                return found
    return ()


def _where_it_speaks_of_itself(every: Sequence[Passage]) -> int:
    """Return where disclaimers begin, which a report by others ends with: no risks stand there."""
    half = len(every) // 2
    formal = (p.order for p in every[half:] if p.is_title and is_formal(folded(p.text)))
    return next(formal, len(every))


def is_heading(passage: Passage, pattern: re.Pattern[str]) -> bool:
    """Tell whether a passage is a heading that a pattern matches as a whole."""
    return passage.is_title and pattern.fullmatch(bare_heading(passage.text)) is not None


def run_in(passage: Passage, pattern: re.Pattern[str]) -> str | None:
    """Return what follows a heading at the beginning of its own paragraph (风险提示：), or None."""
    if passage.is_row or (passage.before and not _BULLET.match(passage.text)):
        return None
    bracketed = _BRACKETS.match(_LEAD.sub("", passage.text))
    if bracketed is not None:
        head, rest = bracketed[1], _LEAD.sub("", passage.text)[bracketed.end() :]
    else:
        head, colon, rest = passage.text.replace("：", ":").partition(":")
        if not colon:
            return None
    if len(head) > _RUN_IN or pattern.fullmatch(bare_heading(head)) is None:
        return None
    return rest.strip(" :：")


def bare_heading(text: str) -> str:
    """Return a heading in one width and case, without its number and the colon after it."""
    bare = folded(_LEAD.sub("", without_boxes(text), count=1)).strip(" :：。.")
    return _HAN_SPACE.sub("", bare).strip("【】[]〔〕 ")


def section_under(heading: Passage, every: Sequence[Passage]) -> list[Passage]:
    """Return what stands under a heading, up to the next one of its own or a wider part."""
    rank = _rank(heading.text)
    title = heading.text.strip()[:24]
    found: list[Passage] = []
    for passage in every[heading.order + 1 :]:
        if _ends(passage, rank) or (passage.is_title and _rank(passage.text) == rank < _UNRANKED):
            break
        context = passage.line.source.chunk.context
        if rank == _UNRANKED and passage.is_title and title not in context:
            break
        found.append(passage)
    return found


def _ends(passage: Passage, rank: int) -> bool:
    """Tell a heading of a wider part, and what is numbered as the heading itself is."""
    own = _rank(passage.text)
    if own >= _UNRANKED or passage.is_row or passage.is_ticked:
        return False
    return own < rank if passage.is_title else own == rank


def _rank(text: str) -> int:
    return next((at for at, one in enumerate(_RANKS) if one.match(text)), _UNRANKED)


def _is_formal(passage: Passage) -> bool:
    """Tell what a report by others says of itself, and where a report only lists its parts."""
    return any(is_formal(folded(title)) for title in passage.above[1:])


def _says(chapter: Chapter, found: Sequence[Quote]) -> bool:
    if chapter.says is None or chapter.shape is Shape.ROWS:
        return True
    return any(chapter.says.search(folded(quote.text)) for quote in found)


def _told(chapter: Chapter, section: Sequence[Passage]) -> tuple[Quote, ...]:
    match chapter.shape:
        case Shape.ITEMS:
            return _items(section) or _prose(chapter, section)
        case Shape.ROWS:
            return _rows(chapter, section) or _saying(chapter, section)
        case Shape.PROSE:
            return _prose(chapter, section)


def _is_said(passage: Passage) -> bool:
    """Tell a sentence from a title, a row, a form and what only sends the reader elsewhere."""
    left_out = passage.is_title or passage.is_row or passage.is_ticked or passage.is_jumble
    return not left_out and not sends_elsewhere(folded(passage.text))


def _prose(chapter: Chapter, section: Sequence[Passage]) -> tuple[Quote, ...]:
    """Return the first sentences, or those from the first that says what is asked for."""
    said = [one for one in section if _is_said(one)]
    if chapter.says is not None:
        start = next(
            (n for n, one in enumerate(said) if chapter.says.search(folded(one.text))), None
        )
        if start is None:
            return ()
        said = said[start:]
    return (Quote(tuple(_together(said, section))),) if said else ()


def _together(said: Sequence[Passage], section: Sequence[Passage]) -> Iterator[Passage]:
    """Yield sentences as far as there is room, up to the next title."""
    titles = {one.order for one in section if one.is_title}
    room = _LONGEST - len(said[0].text)
    for at, passage in enumerate(said):
        if at and (room < len(passage.text) or titles & set(_between(said[at - 1], passage))):
            return
        room -= len(passage.text) if at else 0
        yield passage


def _between(one: Passage, other: Passage) -> range:
    return range(one.order + 1, other.order)


def _saying(chapter: Chapter, section: Sequence[Passage]) -> tuple[Quote, ...]:
    """Return the sentences of a section that say what is asked for."""
    if chapter.says is None:
        return ()
    found = [p for p in section if _is_said(p) and chapter.says.search(folded(p.text))]
    return tuple(Quote((one,)) for one in found[:3])


def _paragraph(heading: Passage, every: Sequence[Passage]) -> tuple[Quote, ...]:
    """Return a paragraph with the heading that it begins with, over the lines it is broken into."""
    found = [heading]
    room = _LONGEST
    for passage in every[heading.order + 1 :]:
        room -= len(passage.text)
        ended = found[-1].text.rstrip().endswith(("。", "!", "！")) or passage.is_item
        if passage.is_row or room < 0 or (ended and passage.line != heading.line):
            break
        found.append(passage)
    return (Quote(tuple(found)),)


def _items(section: Sequence[Passage]) -> tuple[Quote, ...]:
    """Return the items of the first list of a section, each with the sentence that follows."""
    listed = [p for p in section if p.numbering and not (p.is_ticked or p.before)]
    mark = listed[0].numbering if listed else ""
    heads = [p for p in listed if p.numbering == mark]
    heads = heads or [p for p in section if p.is_title and not p.is_ticked]
    if len(heads) < 2:
        return ()
    after = {p.order: p for p in section}
    return tuple(_item(head, after) for head in heads[:_ITEMS])


def _item(head: Passage, after: dict[int, Passage]) -> Quote:
    following = after.get(head.order + 1)
    if not head.is_title or following is None or not _is_said(following) or following.is_item:
        return Quote((head,))
    return Quote((head, following))


def _rows(chapter: Chapter, section: Sequence[Passage]) -> tuple[Quote, ...]:
    """Return the rows that are labelled as what is asked for, or all of a table headed so."""
    rows = [one for one in section if one.is_row]
    if chapter.rows is not None:
        found = [one for one in rows if chapter.rows.search(_label(one))]
    elif chapter.heads is not None:
        found = [one for one in rows if any(map(chapter.heads.search, _heads(one)))]
    else:
        found = rows
    return tuple(Quote((one,), said=_row_said(chapter, one)) for one in found[:_ROWS])


def _label(row: Passage) -> str:
    return folded(bare_label(row.text.partition(SEPARATOR)[0])).replace(" ", "")


def _heads(row: Passage) -> list[str]:
    return [cell.rpartition(": ")[0] for cell in row.text.split(SEPARATOR)[1:]]


def _row_said(chapter: Chapter, row: Passage) -> str:
    """Return a row as it is quoted: of a wide table only the cells under the headers asked for."""
    label, *cells = row.text.split(SEPARATOR)
    if chapter.heads is not None:
        cells = [cell for cell in cells if chapter.heads.search(cell.rpartition(": ")[0])]
    return f"{label}：{'；'.join(cells)}" if cells else label


def only_saying(chapter: Chapter, found: Sequence[Quote]) -> tuple[Quote, ...]:
    """Return those quotes from elsewhere that say what a strict chapter is about."""
    if not chapter.strict or chapter.says is None:
        return tuple(found)
    return tuple(q for q in found if chapter.says.search(folded(q.text)))
