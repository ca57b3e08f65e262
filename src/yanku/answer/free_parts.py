"""Quotes what stands under the heading that a question is for: business, risks, employees."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from yanku.answer.choosing import Quote
from yanku.answer.cues import folded, is_formal, sends_elsewhere, ticked
from yanku.answer.forms import affirmed_under, nothing_under
from yanku.answer.headings import (
    bare_heading,
    before_disclaimers,
    is_heading,
    is_headlike,
    run_in,
    section_under,
    standing,
)
from yanku.answer.leads import leads
from yanku.answer.passages import Passage
from yanku.answer.stated import SEPARATOR, bare_label
from yanku.model.chapter import Chapter, FreePart, Shape
from yanku.model.matter import Asks

_ITEMS = 10
_ROWS = 14
_LONGEST = 360
"""Characters of prose that are quoted of a section."""
_OPENING = 30
"""Sentences within which a section comes to the company itself."""
_LABEL = 12
"""Longest label that stands alone over a table."""
_WHOLE = 24
"""Characters of a line that is broken, and goes on in the next."""
_NOTE = re.compile(r"^\s*[（(]?(?:注|单位|币种|备注)\d?[:：]")
_NOTHING = re.compile(r"[/／\-–—\s]*")
_TICKS = re.compile(r"不适用|适用|[是否]")
_COMPANY = re.compile(r"公司|集团|本行|我行|我们|\b(?:we|our|company|group)\b", re.IGNORECASE)
_SUMMED = re.compile(r"(?:合计|小计|总计|total)", re.IGNORECASE)


def told_in_free(
    chapter: Chapter, every: Sequence[Passage], fits: Callable[[Passage], bool] = lambda _: True
) -> tuple[Quote, ...]:
    """Return what answers of the parts of a document that are on a chapter; empty if none does.

    ``every`` are its passages in reading order. The best heading with something to say counts that
    fits what is asked, as the plan for another year's profit does not.
    """
    told = before_disclaimers(every)
    for part in chapter.free:
        for pattern in part.headings:
            if found := _under(pattern, part, told, every, fits):
                return found
        if Asks.WHETHER in chapter.also and (found := _ticked(part, told, every)):
            return found
        if part.shape is Shape.LEADS and (found := leads(told)):
            return found
    return ()


def _under(
    pattern: re.Pattern[str],
    part: FreePart,
    told: Sequence[Passage],
    every: Sequence[Passage],
    fits: Callable[[Passage], bool],
) -> tuple[Quote, ...]:
    """Return what answers under the first heading of a kind that has something to say."""
    for heading in told:
        if not _is_within(part, heading):
            continue
        if (said := run_in(heading, pattern)) is not None:
            below = () if said else _told(part, section_under(heading, every))
            found: tuple[Quote, ...] = _paragraph(heading, every) if said else below
        elif is_heading(heading, pattern):
            section = section_under(heading, every)
            found = _nothing(part, heading, section) or _told(part, section)
            if found and ticked(found[0].passages[-1].text) is False:
                return found
        else:
            continue
        if not all(fits(quote.passages[0]) for quote in found):
            continue
        if found and not _is_formal(heading) and _says(part, found):
            return found
    return ()


def _nothing(part: FreePart, heading: Passage, section: Sequence[Passage]) -> tuple[Quote, ...]:
    """Return what says that there is nothing; a form of others says nothing of those asked for."""
    if part.about is not None and part.about.search(folded(heading.text)) is None:
        return ()
    return nothing_under(heading, section)


def _ticked(part: FreePart, told: Sequence[Passage], every: Sequence[Passage]) -> tuple[Quote, ...]:
    """Return a heading that is ticked as applying, where nothing under it says more."""
    if part.about is not None:
        return ()  # That the heading applies says nothing of those that are asked about.
    for pattern in part.headings:
        for heading in told:
            stands = is_heading(heading, pattern) and _is_within(part, heading)
            if stands and (found := affirmed_under(heading, every[heading.order + 1 :][:2])):
                return found
    return ()


def _is_within(part: FreePart, heading: Passage) -> bool:
    return part.within is None or any(map(part.within.search, map(folded, heading.above)))


def only_saying(chapter: Chapter, found: Sequence[Quote]) -> tuple[Quote, ...]:
    """Return those quotes from elsewhere that say what a strict chapter is about."""
    wanted = chapter.free[0].says or chapter.free[0].prefers if chapter.free else None
    if not chapter.strict or wanted is None:
        return tuple(found)
    return tuple(q for q in found if wanted.search(folded(q.text)))


def _is_formal(passage: Passage) -> bool:
    """Tell what a report by others says of itself, and where a report only lists its parts."""
    return any(is_formal(folded(title)) for title in passage.above[1:])


def _says(part: FreePart, found: Sequence[Quote]) -> bool:
    if part.says is None or part.shape in {Shape.ROWS, Shape.SAYING}:
        return True
    return any(part.says.search(folded(quote.text)) for quote in found)


def _told(part: FreePart, section: Sequence[Passage]) -> tuple[Quote, ...]:
    match part.shape:
        case Shape.ROWS:
            return _rows(part, section) or _saying(part, section)
        case Shape.SAYING:
            return _saying(part, section) or _rows(part, section)
        case _ if section and section[0].is_row:
            return ()  # The label of a table's corner, and no heading.
        case Shape.ITEMS:
            return _items(section, part.says) or _prose(part, section)
        case Shape.PROSE:
            return _prose(part, section)
        case Shape.LEADS:
            return leads(section)


def _is_said(passage: Passage) -> bool:
    """Tell a sentence from a title, a row, a form, a note, and what only sends elsewhere."""
    if is_headlike(passage) or passage.is_row or passage.is_ticked or passage.is_jumble:
        return False
    return _NOTE.match(passage.text) is None and not sends_elsewhere(folded(passage.text))


# ── prose ──


def _prose(part: FreePart, section: Sequence[Passage]) -> tuple[Quote, ...]:
    """Return the first sentences, or those from the first that says what is asked for."""
    said = [one for one in section if _is_said(one)]
    start = _first(part.says, said)
    if start is None:
        return ()
    said = said[start:]
    # What begins with the state of the market comes to the company later, or not at all.
    best = _first(part.prefers, said[:_OPENING])
    if best is None and said and _COMPANY.search(said[0].text) is None:
        return _items(section)
    said = said[best or 0 :]
    return (Quote(tuple(_together(said, section))),) if said else ()


def _first(pattern: re.Pattern[str] | None, said: Sequence[Passage]) -> int | None:
    if pattern is None:
        return 0
    return next((n for n, one in enumerate(said) if pattern.search(folded(one.text))), None)


def _together(said: Sequence[Passage], section: Sequence[Passage]) -> Iterator[Passage]:
    """Yield sentences as far as there is room, up to the next title."""
    titles = {one.order for one in section if is_headlike(one)}
    room = _LONGEST - len(said[0].text)
    for at, passage in enumerate(said):
        if at and (room < len(passage.text) or titles & set(_between(said[at - 1], passage))):
            return
        room -= len(passage.text) if at else 0
        yield passage


def _between(one: Passage, other: Passage) -> range:
    return range(one.order + 1, other.order)


def _saying(part: FreePart, section: Sequence[Passage]) -> tuple[Quote, ...]:
    """Return the sentences of a section that say what is asked for."""
    if part.says is None:
        return ()
    found = [p for p in section if _is_said(p) and part.says.search(folded(p.text))]
    return tuple(Quote((one,)) for one in found[:3])


def _paragraph(heading: Passage, every: Sequence[Passage]) -> tuple[Quote, ...]:
    """Return a paragraph with the heading that it begins with, over the lines it is broken into."""
    found = [heading]
    room = _LONGEST
    for passage in every[heading.order + 1 :]:
        room -= len(passage.text)
        text = found[-1].text.rstrip()
        ended = text.endswith(("。", "!", "！")) or passage.is_item or len(text) < _WHOLE
        if passage.is_row or room < 0 or (ended and passage.line != heading.line):
            break
        found.append(passage)
    return (Quote(tuple(found)),)


# ── items ──


def _items(section: Sequence[Passage], says: re.Pattern[str] | None = None) -> tuple[Quote, ...]:
    """Return the items of the first list of a section, each with the sentence that follows.

    Only those count that say what is asked for.
    """
    listed = [p for p in section if p.numbering and not p.before]
    mark = listed[0].numbering if listed else ""
    heads = [p for p in listed if p.numbering == mark and not sends_elsewhere(folded(p.text))]
    parts = _parts(section)
    if parts and (not heads or (not is_headlike(heads[0]) and parts[0].numbering != mark)):
        heads = parts
    heads = heads or [p for p in section if is_headlike(p) and not p.is_ticked]
    after = {p.order: p for p in section}
    items = [_item(head, after) for head in heads if not _is_ruled_out(head, after)]
    told = [item for item in items if says is None or says.search(folded(item.text))]
    # One alone is a list only as the heading of a part, as one matter of an audit is.
    alone = says is not None and len(told) == len(items) and all(map(is_headlike, heads))
    return tuple(told[:_ITEMS]) if len(told) > 1 or alone else ()


def _parts(section: Sequence[Passage]) -> list[Passage]:
    """Return the headings of a section's own parts, all numbered alike (3.5.1, 3.5.2 …)."""
    ranked = [(rank, p) for p in section if is_headlike(p) and (rank := standing(p)) is not None]
    parts = [p for rank, p in ranked if rank == ranked[0][0]]
    return parts if len(parts) > 1 else []


def _is_ruled_out(head: Passage, after: Mapping[int, Passage]) -> bool:
    """Tell an item of a form that is ticked as not applicable."""
    following = after.get(head.order + 1)
    boxes = head if head.is_ticked else following
    return boxes is not None and boxes.is_ticked and ticked(boxes.text) is False


def _item(head: Passage, after: Mapping[int, Passage]) -> Quote:
    following = after.get(head.order + 1)
    if following is not None and following.is_ticked:
        following = after.get(head.order + 2)
    if not is_headlike(head) or following is None or not _is_said(following) or following.is_item:
        return Quote((head,))
    return Quote((head, following))


# ── rows ──


def _rows(part: FreePart, section: Sequence[Passage]) -> tuple[Quote, ...]:
    """Return the rows that are labelled as what is asked for, or all of a table headed so."""
    found: list[Quote] = []
    for at, passage in enumerate(section):
        if passage.is_row:
            if _is_chosen(part, passage) and (said := _row_said(part, passage)):
                found.append(Quote((passage,), said=f"{_titled(part, passage)}{said}"))
        elif (row := _row_below(part, passage, section[at + 1 :])) is not None:
            said = f"{_titled(part, passage)}{passage.text.strip()}：{_named_in(row)}"
            found.append(Quote((row,), said=said))
    return tuple(found[:_ROWS])


def _is_chosen(part: FreePart, row: Passage) -> bool:
    if part.about is not None and part.about.search(folded(row.text)) is None:
        return False
    if part.rows is not None:
        return part.rows.search(_label(row)) is not None
    return part.heads is None or any(map(part.heads.search, _heads(row)))


def _row_below(part: FreePart, passage: Passage, after: Sequence[Passage]) -> Passage | None:
    """Return the row under a label that stands alone over a table, if it is one asked for.

    A row may hold prose as well, which is read as the paragraph it is.
    """
    text = passage.text.strip()
    if part.rows is None or len(text) > _LABEL or not after:
        return None
    if part.rows.fullmatch(folded(text).replace(" ", "")) is None:
        return None
    same = (p for p in after if p.line == after[0].line)
    return next((one for one in same if one.is_row), None)


def _named_in(row: Passage) -> str:
    """Return who is named: in the headers, which were the first row (名称 | 某公司), or first."""
    heads = {head for head in _heads(row) if head}
    return heads.pop() if len(heads) == 1 else row.text.partition(SEPARATOR)[0]


def _titled(part: FreePart, passage: Passage) -> str:
    """Return the heading that tells whose rows these are, where a section has several parts."""
    if part.titled is None:
        return ""
    titles = [bare_heading(title) for title in passage.above[1:]]
    found = [title for title in titles if part.titled.search(title)]
    return f"{found[-1]}，" if found else ""


def _label(row: Passage) -> str:
    return folded(bare_label(row.text.partition(SEPARATOR)[0])).replace(" ", "")


def _heads(row: Passage) -> list[str]:
    return [cell.rpartition(": ")[0] for cell in row.text.split(SEPARATOR)[1:]]


def _row_said(part: FreePart, row: Passage) -> str:
    """Return a row as it is quoted: of a wide table only the cells under the headers asked for.

    A row whose label is a number or a kind is called by the cell that names it; one of a table
    of names that only sums up is left out.
    """
    label, *cells = row.text.split(SEPARATOR)
    filled = [cell for cell in cells if not _NOTHING.fullmatch(cell.rpartition(": ")[2])]
    if part.heads is not None:
        if _SUMMED.fullmatch(label.strip()):
            return ""
        names = [c for c in filled if part.names and part.names.search(c.rpartition(": ")[0])]
        label = names[0].rpartition(": ")[2] if names else label
        filled = [cell for cell in filled if part.heads.search(cell.rpartition(": ")[0])]
        if all(_TICKS.fullmatch(cell.rpartition(": ")[2].strip()) for cell in filled):
            return ""
    if len(filled) > 1 and len({cell.rpartition(": ")[0] for cell in filled}) == 1:
        # One header over the whole table names none of its columns.
        filled = [cell.rpartition(": ")[2] for cell in filled]
    return f"{label}：{'；'.join(filled)}" if filled else label
