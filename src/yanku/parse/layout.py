"""One page of ink made into blocks in reading order: headings, paragraphs, parts of tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from yanku.model.document import Origin
from yanku.parse.aligned import aligned_pieces
from yanku.parse.columns import Region, in_reading_order
from yanku.parse.contents import contents_of, entries_of
from yanku.parse.furniture import Furniture, Mark, parted
from yanku.parse.ink import Ink, Line, Word
from yanku.parse.paragraphs import Measure, Text, texts_of
from yanku.parse.piece import Piece
from yanku.parse.ruled import ruled_pieces

_LONG = 20
"""Characters of a line that is likely to reach the end of its column."""

_LONG_WORD = 10
_NEAR = 0.06
_MUCH = 300
"""Characters of one size that are the text of a page."""


@dataclass(frozen=True, slots=True)
class Maybe:
    """What stands at the top of a page: part of the table overleaf, or else other things."""

    piece: Piece
    otherwise: tuple[Text | Piece, ...]


Part = Text | Piece | Maybe


@dataclass(frozen=True, slots=True)
class Layout:
    """What stands on a page, in reading order."""

    parts: tuple[Part, ...]
    furniture: Furniture


def layout_of(ink: Ink, titles: frozenset[Mark], sizes: Counter[float]) -> Layout:
    """Return the parts of a page; ``titles`` are its running titles.

    ``sizes`` counts the characters of each size on this and the pages around.
    """
    pieces = ruled_pieces(ink)
    words, furniture = parted(ink, _outside(ink, pieces), titles)
    body = _body_size(words, _measured(sizes) if ink.origin is Origin.OCR else sizes)
    parts: list[Part] = []
    for region in in_reading_order(words, pieces, ink.level):
        parts.extend(_read(ink, region, body))
    return Layout(tuple(parts), furniture)


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


def sizes_of(ink: Ink) -> Counter[float]:
    """Count characters by size, in the long words of sentences rather than in cells of tables."""
    sizes: Counter[float] = Counter()
    for word in ink.words:
        # A line of a picture is one word, however many are in it.
        if max(map(len, word.text.split()), default=0) >= _LONG_WORD:
            sizes[round(word.size * 2) / 2] += len(word.text)
    return sizes


def _measured(sizes: Counter[float]) -> Counter[float]:
    """Count to each size what is near it: measured on pictures, one size is several."""
    return Counter(
        {
            size: sum(count for other, count in sizes.items() if abs(other - size) <= _NEAR * size)
            for size in sizes
        }
    )


def _body_size(words: Sequence[Word], around: Counter[float]) -> float:
    """Return the size of running text: the page's own if it has much of one, else the document's.

    A page of a signature and a date has no size of its own to tell headings by.
    """
    sizes: Counter[float] = Counter()
    for word in words:
        sizes[round(word.size * 2) / 2] += len(word.text)
    own, count = sizes.most_common(1)[0] if sizes else (0.0, 0)
    if count >= _MUCH and count * 2 > sizes.total():
        return own
    return around.most_common(1)[0][0] if around else own or 10.0


def _read(ink: Ink, region: Region, body: float) -> list[Part]:
    """Return the parts of one region; a ruled table parts the text above from that below."""
    measure = Measure(body, _right(region))
    lines = region.lines
    parts: list[Part] = []
    at = 0
    for piece in [*region.pieces, None]:
        end = len(lines)
        if piece is not None:
            top = piece.box.y0
            end = next((i for i in range(at, len(lines)) if lines[i].y0 + 2 > top), len(lines))
        parts.extend(_flow(ink, lines[at:end], measure))
        at = max(at, end)
        if piece is not None:
            parts.append(piece)
    return list(_with_ends(parts))


def _right(region: Region) -> float:
    ends = sorted(line.x1 for line in region.lines if len(line.text) >= _LONG)
    return ends[int(len(ends) * 0.8)] if ends else 0.0


def _flow(ink: Ink, lines: Sequence[Line], measure: Measure) -> list[Part]:
    """Return headings, paragraphs and tables without a frame among lines of text."""
    contents = contents_of(lines)
    if contents:
        entries = entries_of(ink, lines[contents.start : contents.stop])
        return [
            *_flow(ink, lines[: contents.start], measure),
            *(Text(entry, measure.body) for entry in entries),
            *_flow(ink, lines[contents.stop :], measure),
        ]
    parts: list[Part] = []
    at = 0
    for found in aligned_pieces(ink, lines):
        above = texts_of(ink, lines[at : found.taken.start], measure)
        inside = texts_of(ink, lines[found.taken.start : found.taken.stop], measure)
        at = found.taken.stop
        own: list[Text | Piece] = [*inside] if found.lone else [found.piece]
        if found.tailed is not None:
            parts.append(Maybe(found.tailed, (*above, *own)))
        elif found.lone:
            parts += [*above, Maybe(found.piece, tuple(own))]
        else:
            parts += [*above, *own]
    parts.extend(texts_of(ink, lines[at:], measure))
    return parts


def _with_ends(parts: Sequence[Part]) -> Iterator[Part]:
    """Yield the parts of a column; only its last text can be cut, only its first can go on.

    Notes at the foot do not count: the text above them goes on in the next column.
    """
    texts = [p for p in parts if isinstance(p, Text) and p.block.kind == "paragraph"]
    plain = [p for p in parts if not (isinstance(p, Text) and _is_note(p))]
    for part in parts:
        if isinstance(part, Text) and part in texts:
            part = replace(
                part,
                hangs=part.hangs and part is plain[-1],
                goes_on=part.goes_on and part is plain[0],
            )
        yield part


def _is_note(text: Text) -> bool:
    return text.block.kind == "paragraph" and text.block.role == "note"
