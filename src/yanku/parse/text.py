"""Plain text and Markdown as headings, paragraphs and tables, each with its lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from yanku.errors import SourceTooLarge
from yanku.model.document import Block, Flaw, Heading, Paragraph, Table
from yanku.model.place import InText
from yanku.parse.captions import caption_above
from yanku.parse.decoding import encoding_of, lines, undecodable
from yanku.parse.grid import GridCell, make_table
from yanku.parse.outline import numbered_level
from yanku.parse.source import Content, Limits, OnPage

_MAX_TEXT_BYTES = 256 * 1024**2
_MAX_LINE_CHARS = 1_000_000
_WRAPPED_FROM = 30
"""A line this long without an end mark may go on in the next."""

_ATX = re.compile(r" {0,3}(#{1,6})(?:\s+(.*?))?\s*#*\s*$")
_SETEXT = re.compile(r" {0,3}(=+|-{2,})\s*$")
_FENCE = re.compile(r" {0,3}(```+|~~~+)")
_RULE = re.compile(r" {0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$")
_ITEM = re.compile(r"\s*(?:[-*+•·]|\d{1,3}[.)、]|[（(]\d{1,3}[)）])\s+\S")
_SEPARATOR = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_SENTENCE_END = "。！？；：.!?;:…”\"'）)"


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str


def read_text(path: Path, name: str, limits: Limits, on_page: OnPage) -> Content:
    """Read a plain text file; lines that are wrapped by hand become one paragraph."""
    return _read(path, name, limits, on_page, markdown=False)


def read_markdown(path: Path, name: str, limits: Limits, on_page: OnPage) -> Content:
    """Read a Markdown file; HTML in it is text like any other."""
    return _read(path, name, limits, on_page, markdown=True)


def _read(path: Path, name: str, limits: Limits, on_page: OnPage, *, markdown: bool) -> Content:
    most = min(_MAX_TEXT_BYTES, limits.max_bytes)
    if path.stat().st_size > most:
        raise SourceTooLarge(f"{name} is a text of more than {most // 1024**2} MiB; part it.")
    encoding, whole = encoding_of(path)
    numbered = (
        _Line(number, text)
        for number, text in enumerate(lines(path, encoding, name, _MAX_LINE_CHARS), 1)
    )
    blocks: list[Block] = []
    for group in _groups(numbered, markdown=markdown):
        blocks += _blocks(group, blocks, markdown=markdown)
    on_page(1, 1)
    flaws: tuple[Flaw, ...] = () if whole else (undecodable(name, encoding),)
    return Content((), tuple(blocks), flaws)


def paragraphs_of(texts: Iterable[str], first_line: int) -> tuple[Block, ...]:
    """Return the blocks of plain text whose first line has this number."""
    blocks: list[Block] = []
    for group in _groups((_Line(n, text) for n, text in enumerate(texts, first_line)),
                         markdown=False):  # fmt: skip
        blocks += _blocks(group, blocks, markdown=False)
    return tuple(blocks)


def _groups(source: Iterable[_Line], *, markdown: bool) -> Iterator[list[_Line]]:
    """Yield stretches of lines without a blank one; a fenced block is one stretch."""
    group: list[_Line] = []
    fence = ""
    for line in source:
        opened = _FENCE.match(line.text) if markdown else None
        if fence:
            group.append(line)
            if opened is not None and opened[1].startswith(fence):
                fence = ""
                yield group
                group = []
        elif opened is not None:
            if group:
                yield group
            group, fence = [line], opened[1]
        elif line.text.strip():
            group.append(line)
        elif group:
            yield group
            group = []
    if group:
        yield group


def _blocks(group: list[_Line], before: Sequence[Block], *, markdown: bool) -> list[Block]:
    if markdown and _FENCE.match(group[0].text):
        return _fenced(group)
    out: list[Block] = []
    rest = group
    while rest:
        block, used = _next_block(rest, [*before[-3:], *out], markdown=markdown)
        rest = rest[used:]
        if block is not None:
            out.append(block)
    return out


def _next_block(
    rest: list[_Line], before: Sequence[Block], *, markdown: bool
) -> tuple[Block | None, int]:
    """Return the block that begins at the first line, and how many lines it takes."""
    first = rest[0]
    if len(rest) > 1 and "|" in first.text and _SEPARATOR.fullmatch(rest[1].text):
        return _pipe_table(rest, before)
    if (heading := _heading(rest, markdown=markdown)) is not None:
        return heading
    if markdown and _RULE.match(first.text):
        return None, 1
    used = 1
    while used < len(rest) and _goes_on(rest, used, markdown=markdown):
        used += 1
    text = _joined(line.text for line in rest[:used])
    place = InText(first.number, rest[used - 1].number)
    return Paragraph(_plain(text) if markdown else text, place), used


def _heading(rest: list[_Line], *, markdown: bool) -> tuple[Heading | None, int] | None:
    first = rest[0]
    place = InText(first.number, first.number)
    if markdown:
        if (atx := _ATX.match(first.text)) is not None:
            text = _plain(atx[2] or "")
            return (Heading(text, len(atx[1]), place) if text else None), 1
        if len(rest) > 1 and (line := _SETEXT.match(rest[1].text)) and "|" not in first.text:
            level = 1 if line[1].startswith("=") else 2
            return Heading(
                _plain(first.text.strip()), level, InText(first.number, rest[1].number)
            ), 2
        return None
    text = first.text.strip()
    depth = numbered_level(text)
    return None if depth is None else (Heading(text, depth, place), 1)


def _goes_on(rest: list[_Line], at: int, *, markdown: bool) -> bool:
    """Tell whether a line belongs to the paragraph that ends with the line before it."""
    line = rest[at]
    if _ITEM.match(line.text) or _heading(rest[at:], markdown=markdown) is not None:
        return False
    if at + 1 < len(rest) and "|" in line.text and _SEPARATOR.fullmatch(rest[at + 1].text):
        return False
    if markdown:
        return not _RULE.match(line.text) and not rest[at - 1].text.endswith("  ")
    before = rest[at - 1].text.rstrip()
    indented = line.text[:1] in {" ", "\t", "\u3000"}
    return len(before) >= _WRAPPED_FROM and before[-1] not in _SENTENCE_END and not indented


def _joined(texts: Iterable[str]) -> str:
    """Join wrapped lines: with a space between words, without one between Han characters."""
    out = ""
    for text in (" ".join(each.split()) for each in texts):
        gap = " " if out and text and (out[-1] < "\u2e80" and text[0] < "\u2e80") else ""
        out += gap + text
    return out


def _plain(text: str) -> str:
    """Return text without the marks of emphasis, code and links."""
    text = re.sub(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)", r"\1", text)
    text = re.sub(r"(\*\*|__|``?)(?=\S)(.{1,2000}?)(?<=\S)\1", r"\2", text)
    text = re.sub(r"(?<![\w*])\*(?=[^\s*])([^*]{1,2000}?)(?<=\S)\*(?![\w*])", r"\1", text)
    return re.sub(r"\\([\\`*_{}\[\]()#+\-.!|])", r"\1", text).strip()


def _fenced(group: list[_Line]) -> list[Block]:
    closed = len(group) > 1 and _FENCE.match(group[-1].text)
    body = group[1:-1] if closed else group[1:]
    text = "\n".join(line.text.rstrip() for line in body).strip("\n")
    return [Paragraph(text, InText(group[0].number, group[-1].number))] if text.strip() else []


# ── tables ──────────────────────────────────────────────────────────────────────────────────────


def _pipe_table(rest: list[_Line], before: Sequence[Block]) -> tuple[Table, int]:
    used = 2
    while used < len(rest) and "|" in rest[used].text:
        used += 1
    rows = [rest[0], *rest[2:used]]
    width = len(_split_row(rest[0].text))
    cells = [
        GridCell(index, column, text, text)
        for index, line in enumerate(rows)
        for column, text in enumerate(_split_row(line.text)[:width])
        if text
    ]
    numbers = [line.number for line in rows]
    caption, unit = caption_above(before)
    table = make_table(
        cells,
        lambda cell: InText(numbers[cell.row], numbers[cell.row]),
        (InText(rest[0].number, rest[used - 1].number),),
        caption=caption,
        unit=unit,
        headers=1,
    )
    return table, used


def _split_row(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [_plain(part.strip()) for part in re.split(r"(?<!\\)\|", inner)]
