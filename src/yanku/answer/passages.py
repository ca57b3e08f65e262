"""Cuts lines of evidence into sentences, each with what stands above it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yanku.answer.evidence import Line
from yanku.answer.stated import SEPARATOR

_MARK = (
    r"(?:[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[）)、．]|\d{1,2}\.(?!\d)|[①-⑳]"
    r"|[一二三四五六七八九十]是)"
)
_ITEM = re.compile(rf"^\s*{_MARK}")
_BOX = r"[√□☑☒✓]\s*(?:不适用|适用|是|否)"
_SHORTENED = ("Inc", "Corp", "Co", "Cos", "Ltd", "No", "Nos", "Mr", "Ms", "Mrs", "Dr", "Jr", "St")
"""English words with a full stop that ends no sentence, most of them before a capital letter."""
_NO_END = "".join(rf"(?<!\b{word}\.)" for word in _SHORTENED)
_CUTS = re.compile(
    r"(?<=[。！？!?；])(?![”’」』）)])|(?<=[\u4e00-\u9fff）”%\d];)"
    r"|(?<=[。！？!?][”’」』）)])"
    r"|(?<=[a-z0-9)%]\.)(?<!\b\d\.)(?<!\b\d\d\.)"
    rf"{_NO_END}\s+(?=[A-Z“\"(])"
    rf"|(?<=[\u4e00-\u9fff：:])\s*(?={_MARK}\s*[\u4e00-\u9fffA-Z])(?!\S?\s*[年月日])"
)
_CHOICE = re.compile(r"[√□☑☒✓]")
"""Left where the boxes stand before statements: □有诉讼 √无诉讼."""
_AFTER_BOXES = re.compile(rf"(?:{_BOX}\s*)+")
_TITLE = 40
"""Longest heading, in characters."""
_QUESTION = re.compile(r"^\s*(?:问|提问|问题\s*\d*|Q\d*)\s*[:：.、].{2,}[?？]", re.IGNORECASE)
_ANSWER = re.compile(r"^\s*(?:答|回答|回复|A\d*)\s*[:：.、]", re.IGNORECASE)
_COLON = re.compile("[:：]")
_STOPS = "。！？!?；;.,，"
_FIGURES = 0.42
_EMPTY = re.compile(r"(?:不适用|无|没有|[/／\-–—])[。.]?|")
_PROSE = 60
"""A cell from this length on that has sentences is read as a paragraph."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence or table row: ``text`` as printed, on ``line``.

    ``before`` is what the same paragraph says before it, ``above`` the headings over it, first of
    them what document it is; last, in an interview, the question it answers.
    ``order`` counts in reading order.
    """

    line: Line
    text: str
    before: str
    above: tuple[str, ...]
    order: int

    @property
    def is_row(self) -> bool:
        """Tell a row of a table from a sentence."""
        return SEPARATOR in self.text

    @property
    def is_empty(self) -> bool:
        """Tell a row of a table that says in each cell that there is nothing: 不适用, /."""
        label, *cells = self.text.split(SEPARATOR)
        words = (label, *(cell.rpartition(": ")[2] for cell in cells))
        return bool(cells) and all(_EMPTY.fullmatch(word.strip()) for word in words)

    @property
    def is_item(self) -> bool:
        """Tell an item of a list by its number."""
        return _ITEM.match(self.text) is not None

    @property
    def numbering(self) -> str:
        """Return how an item is numbered ("1、", "（一）"): the same for all of its list."""
        match = _ITEM.match(self.text)
        mark = match[0].strip() if match and not self.is_row else ""
        return re.sub(r"[\d①-⑳]+", "1", re.sub(r"[一二三四五六七八九十]+", "一", mark))

    @property
    def is_jumble(self) -> bool:
        """Tell the figures of a table that lost its grid from prose."""
        signs = [sign for sign in self.text if not sign.isspace()]
        figures = sum(sign.isdigit() for sign in signs)
        return not self.is_row and len(signs) > _PROSE and figures > _FIGURES * len(signs)

    @property
    def is_ticked(self) -> bool:
        """Tell a line of a form with boxes to tick."""
        return _AFTER_BOXES.search(self.text) is not None

    @property
    def is_question(self) -> bool:
        """Tell a question of an interview."""
        return _QUESTION.match(self.text) is not None

    @property
    def is_title(self) -> bool:
        """Tell a heading that stands in running text."""
        bare = without_boxes(self.text)
        if self.is_question:
            return True
        if "是否" in bare or self.is_row or len(bare) > _TITLE or _CHOICE.search(bare):
            return False
        return not (bare[-1:] in _STOPS or _COLON.search(bare))

    @property
    def is_heading(self) -> bool:
        """Tell the line of a heading, which stands above itself too, a long one cut short."""
        text = self.text.strip()
        titles = (title.strip() for title in self.above[1:])
        return any(
            text == title or (len(title) >= _TITLE and text.startswith(title)) for title in titles
        )


def without_boxes(text: str) -> str:
    """Return a line of a form without the boxes to tick behind it."""
    return _AFTER_BOXES.sub("", text).strip()


def passages(lines: Sequence[Line]) -> tuple[Passage, ...]:
    """Return the sentences of lines that stand in reading order."""
    found: list[Passage] = []
    above: list[Passage] = []
    asked = ""
    last: Line | None = None
    for line in lines:
        if last is None or not _goes_on(last, line):
            above, asked = [], ""
        asked = _asked(line.text) or (asked if _ANSWER.match(line.text) else "")
        path = tuple(line.source.chunk.context.split(" > "))
        for label, texts in _paragraphs(line.text):
            before = label
            for text in texts:
                titles = (*path, *(title.text for title in above), *filter(None, [asked]))
                passage = Passage(line, text, before, titles, len(found))
                found.append(passage)
                before = f"{before}{text}"[-240:]
                if passage.is_title and not passage.is_question:
                    above = [*_outer(above, passage), passage]
        last = line
    return tuple(found)


def _paragraphs(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what a line holds, each with its label: prose in cells, the rest of the row, or all.

    Some tables are prose in boxes: a cell of sentences is read as the paragraph it is.
    """
    label, *cells = text.split(SEPARATOR)
    prose = [c for c in (label, *cells) if len(c) > _PROSE and "。" in c and cells]
    for cell in prose:
        yield label if cell != label else "", tuple(sentences(cell))
    if not prose:
        yield "", (text.strip(),) if cells else tuple(sentences(text))
    elif rest := [c for c in cells if c not in prose]:
        yield "", (SEPARATOR.join([label, *rest]),)


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a paragraph."""
    for part in _CUTS.split(text):
        start = 0
        for boxes in _AFTER_BOXES.finditer(part):
            yield from _worth(part[start : boxes.end()])
            start = boxes.end()
        yield from _worth(part[start:])


def _worth(text: str) -> Iterator[str]:
    if stripped := text.strip():
        yield stripped


def _asked(text: str) -> str:
    """Return the question a line of an interview asks: the line after answers it."""
    return text if _QUESTION.match(text) and SEPARATOR not in text else ""


def _goes_on(last: Line, line: Line) -> bool:
    one, other = last.source.chunk, line.source.chunk
    return one.document == other.document and other.ordinal - one.ordinal in (0, 1)


def _outer(above: Sequence[Passage], title: Passage) -> list[Passage]:
    """Return the headings that stay above a new one: those of another kind of number before it."""
    kinds = [one.numbering for one in above]
    end = kinds.index(title.numbering) if title.numbering in kinds else len(kinds)
    return list(above[:end])
