"""Pages of ink made into blocks in reading order: headings, paragraphs, parts of tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from yanku.model.document import Heading, Paragraph
from yanku.parse.aligned import aligned_pieces
from yanku.parse.columns import in_reading_order
from yanku.parse.headings import heading_level, numbering
from yanku.parse.ink import Ink, Line, Word, glued, lines_of, united
from yanku.parse.piece import Piece
from yanku.parse.ruled import ruled_pieces

_EDGE = 0.12
"""The share of a page's height, at its top and at its foot, where running titles stand."""
_BULLET = re.compile(r"[●•▪■◆➢–\-*☐]\s|[a-z][.)]\s|[①-⑳]|[□√☑☒✓]|注\s?\d*\s?[：:]|其中[：:]")
_END = ("。", "；", "！", "？", ".", ";", ":", "：", "!", "?")
_PAGE_NUMBER = re.compile(
    r"[-—–\s]*(?:第\s*)?\d{1,4}\s*(?:页)?\s*(?:[/／,，共]\s*(?:共\s*)?\d{1,4}\s*页?)?[-—–\s]*"
    r"|(?:page\s*)?\d{1,4}\s*(?:of\s*\d{1,4})?|[ivxlc]{1,6}",
    re.IGNORECASE,
)

Part = Heading | Paragraph | Piece


@dataclass(frozen=True, slots=True)
class Edges:
    """What stands at the top and foot of a page, with its figures masked, and at what height."""

    texts: frozenset[tuple[str, int]]


def edges_of(ink: Ink) -> Edges:
    """Return the lines at a page's top and foot, by which running titles are known."""
    zone = ink.height * _EDGE
    words = [w for w in ink.words if w.y1 < zone or w.y0 > ink.height - zone]
    return Edges(frozenset(_mark(line, ink.height) for line in lines_of(words)))


def _mark(line: Line, height: float) -> tuple[str, int]:
    middle = (line.y0 + line.y1) / 2
    # Pages of different height keep their foot at the same distance from the lower edge.
    near = middle if middle < height / 2 else middle - height
    return re.sub(r"\d+", "#", re.sub(r"\s", "", line.text)), round(near / 6)


def running_titles(page: Edges, others: Sequence[Edges]) -> frozenset[tuple[str, int]]:
    """Return what this page's edges have in common with those of neighbouring pages."""
    seen = Counter(mark for other in others for mark in other.texts)
    need = 2 if len(others) > 2 else 1
    return frozenset(
        mark
        for mark in page.texts
        if sum(seen[(mark[0], mark[1] + shift)] for shift in (-1, 0, 1)) >= need
    )


def parts_of(ink: Ink, titles: frozenset[tuple[str, int]]) -> list[Part]:
    """Return the blocks of a page in reading order, without running titles and page numbers."""
    pieces = ruled_pieces(ink)
    lines = lines_of(_outside(ink, pieces))
    lines = [line for line in lines if not _is_furniture(line, ink, titles)]
    body = _body_size(ink)
    parts: list[Part] = []
    at = 0
    for piece in [*pieces, None]:
        # A ruled table parts the text; side by side tables part it once.
        end = len(lines)
        if piece is not None:
            middle = piece.box.y0
            end = next((i for i in range(at, len(lines)) if lines[i].y0 + 2 > middle), len(lines))
        for stretch in in_reading_order(lines[at:end]):
            parts.extend(_flow(ink, stretch, body))
        at = max(at, end)
        if piece is not None:
            parts.append(piece)
    return parts


def _outside(ink: Ink, pieces: Sequence[Piece]) -> list[Word]:
    boxes = [p.box for p in pieces]
    return [
        w
        for w in ink.words
        if not any(
            b.x0 - 1 <= (w.x0 + w.x1) / 2 <= b.x1 + 1 and b.y0 - 1 <= (w.y0 + w.y1) / 2 <= b.y1 + 1
            for b in boxes
        )
    ]


def _is_furniture(line: Line, ink: Ink, titles: frozenset[tuple[str, int]]) -> bool:
    zone = ink.height * _EDGE
    if zone <= line.y1 and line.y0 <= ink.height - zone:
        return False
    if _mark(line, ink.height) in titles:
        return True
    outer = line.y1 < zone * 0.75 or line.y0 > ink.height - zone * 0.75
    return outer and bool(_PAGE_NUMBER.fullmatch(line.text))


def _body_size(ink: Ink) -> float:
    sizes: Counter[float] = Counter()
    for word in ink.words:
        sizes[round(word.size * 2) / 2] += len(word.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def _flow(ink: Ink, lines: Sequence[Line], body: float) -> list[Part]:
    """Return headings, paragraphs and tables without a frame among lines of text."""
    parts: list[Part] = []
    at = 0
    for piece, taken in aligned_pieces(ink, lines):
        parts.extend(_texts(ink, lines[at : taken.start], body))
        parts.append(piece)
        at = taken.stop
    parts.extend(_texts(ink, lines[at:], body))
    return parts


def _texts(ink: Ink, lines: Sequence[Line], body: float) -> list[Part]:
    if not lines:
        return []
    right = sorted(line.x1 for line in lines)[int(len(lines) * 0.9)]
    left = min(line.x0 for line in lines)
    groups: list[list[Line]] = []
    for line in lines:
        if groups and _runs_on(groups[-1], line, left, right, body):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_text_block(ink, group, body) for group in groups]


def _runs_on(group: Sequence[Line], line: Line, left: float, right: float, body: float) -> bool:
    """Tell whether a line goes on with the paragraph above it."""
    last = group[-1]
    size = line.size
    if line.y0 - last.y1 > 1.4 * size or abs(size - last.size) > 0.25 * size:
        return False
    if numbering(line.text) is not None or _BULLET.match(line.text):
        return False
    if re.search(r"[□√☑☒✓]\s?(?:不适用|适用|是|否)$", last.text):
        return False
    if line.x0 > left + 1.4 * size and line.x0 > last.x0 + 0.5 * size:
        return False
    if len(last.text) >= 25 and line.x1 <= last.x1 + size and line.x0 <= last.x0 + 0.5 * size:
        return last.text[-1:] not in _END
    if heading_level(last, body, alone=len(group) == 1) is not None and last.x1 < right - 2 * size:
        return False
    return last.x1 > right - (2.2 * size if last.text[-1:] not in _END else 1.0 * size)


def _text_block(ink: Ink, group: Sequence[Line], body: float) -> Heading | Paragraph:
    text = ""
    for line in group:
        text = glued(text, line.text.strip())
    place = ink.place(united(line.box for line in group))
    level = heading_level(group[0], body, alone=len(group) == 1)
    if level is not None:
        return Heading(text, level, place)
    return Paragraph(text, place)
