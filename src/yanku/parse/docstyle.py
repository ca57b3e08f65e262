"""What an old Word file says of its paragraphs: heading levels, list numbers, table rows."""

from __future__ import annotations

import struct
from bisect import bisect_right
from dataclasses import dataclass, field, replace

from yanku.parse.docfile import (
    LISTS,
    OVERRIDES,
    PARAGRAPHS,
    SPRM_HUGE,
    STYLES,
    WordFile,
    modifiers,
)
from yanku.parse.numbering import Counting, Level

_TITLE, _MAX_STYLES = 62, 5_000
_NUMBER_FORMATS = {
    0: "decimal", 1: "upperRoman", 2: "lowerRoman", 3: "upperLetter", 4: "lowerLetter",
    5: "decimal", 10: "japaneseCounting", 11: "chineseCounting", 18: "decimalEnclosedCircle",
    22: "decimalZero", 23: "bullet", 33: "taiwaneseCounting", 35: "taiwaneseCounting",
    37: "chineseCounting", 39: "chineseCountingThousand", 255: "none",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RowShape:
    """The borders of a row's cells from left to right, and which cells carry on another."""

    borders: tuple[int, ...]
    beside: tuple[bool, ...]
    above: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Looks:
    """What holds for one paragraph."""

    level: int | None = None
    list_: int = 0
    list_level: int = 0
    in_table: bool = False
    depth: int = 1
    row_end: bool = False
    heads: bool = False
    row: RowShape | None = None


@dataclass(slots=True)
class _Style:
    looks: Looks
    base: int
    properties: bytes = b""
    told: Looks | None = field(default=None)


class Paragraphs:
    """Finds what holds for the paragraph that ends at a character."""

    def __init__(self, file: WordFile) -> None:
        self._file = file
        self._runs = sorted(file.runs(PARAGRAPHS), key=lambda run: run[:2])
        self._starts = [run[0] for run in self._runs]
        self._styles = _styles(file.part(STYLES))
        self._known: dict[bytes, Looks] = {}

    def at(self, character: int) -> Looks:
        """Return what holds for the paragraph whose mark is this character."""
        offset = self._file.offset_of(character)
        n = bisect_right(self._starts, offset) - 1
        if n < 0 or offset >= self._runs[n][1]:
            return Looks()
        properties = self._runs[n][2]
        if properties not in self._known:
            self._known[properties] = self._looks(properties)
        return self._known[properties]

    def _looks(self, properties: bytes) -> Looks:
        style = int.from_bytes(properties[:2], "little")
        base = _looks_of_style(self._styles, style)
        own = properties[2:]
        for what, operand in modifiers(own):
            if what == SPRM_HUGE:
                at = int.from_bytes(operand, "little")
                size = int.from_bytes(self._file.data[at : at + 2], "little")
                own = self._file.data[at + 2 : at + 2 + size]
        return _modified(base, own)


def _modified(looks: Looks, properties: bytes) -> Looks:
    for what, operand in modifiers(properties):
        first = operand[0] if operand else 0
        match what:
            case 0x2416:  # in a table
                looks = replace(looks, in_table=bool(first))
            case 0x2417:  # ends a row
                looks = replace(looks, row_end=bool(first))
            case 0x6649:  # how many tables deep
                depth = int.from_bytes(operand, "little")
                looks = replace(looks, depth=depth, in_table=depth > 0)
            case 0x2640:  # level in the outline, 9 for text
                looks = replace(looks, level=first + 1 if first < 9 else None)
            case 0x460B:  # which list
                looks = replace(looks, list_=int.from_bytes(operand, "little", signed=True))
            case 0x260A:  # which level of it
                looks = replace(looks, list_level=min(first, 8))
            case 0xD608:  # borders of a row
                looks = replace(looks, row=_row(operand))
            case 0x3404:  # repeats on every page
                looks = replace(looks, heads=bool(first))
    return looks


def _row(operand: bytes) -> RowShape | None:
    """Read the definition of a row: 2 bytes of size, a count, borders, 20 bytes for each cell."""
    count = operand[2] if len(operand) > 2 else 0
    if len(operand) < 3 + 2 * (count + 1):
        return None
    borders = struct.unpack_from(f"<{count + 1}h", operand, 3)
    beside, above = [], []
    for n in range(count):
        at = 3 + 2 * (count + 1) + 20 * n
        flags = int.from_bytes(operand[at : at + 2], "little")
        beside.append(flags & 3 == 1 if n else False)
        above.append(flags >> 5 & 3 == 1)
    return RowShape(borders, tuple(beside), tuple(above))


# ── styles ──────────────────────────────────────────────────────────────────────────────────────


def _styles(sheet: bytes) -> dict[int, _Style]:
    """Return the styles of the style sheet by number."""
    if len(sheet) < 6:
        return {}
    size, count, base_size = struct.unpack_from("<HHH", sheet)
    at, found = 2 + size, {}
    for number in range(min(count, _MAX_STYLES)):
        if at + 2 > len(sheet):
            break
        length = int.from_bytes(sheet[at : at + 2], "little")
        body = sheet[at + 2 : at + 2 + length]
        at += 2 + length + length % 2
        if len(body) >= base_size and base_size >= 6:
            found[number] = _style(body, base_size)
    return found


def _style(body: bytes, base_size: int) -> _Style:
    first, second, third = struct.unpack_from("<HHH", body)
    identity, kind, parent = first & 0xFFF, second & 0xF, second >> 4
    level = identity if 1 <= identity <= 9 else 1 if identity == _TITLE else None
    style = _Style(Looks(level=level), parent)
    length = int.from_bytes(body[base_size : base_size + 2], "little")
    at = base_size + 2 + 2 * length + 2
    at += at % 2
    if kind == 1 and third & 0xF:  # a paragraph's style: its properties follow the name
        size = int.from_bytes(body[at : at + 2], "little")
        style.properties = body[at + 4 : at + 2 + size]
    return style


def _looks_of_style(styles: dict[int, _Style], number: int, steps: int = 20) -> Looks:
    style = styles.get(number)
    if style is None or not steps:
        return Looks()
    if style.told is None:
        base = _looks_of_style(styles, style.base, steps - 1)
        own = style.looks.level
        level = own if own is not None else base.level
        style.told = _modified(replace(base, level=level), style.properties)
    return style.told


# ── lists ───────────────────────────────────────────────────────────────────────────────────────


def counting_of(file: WordFile) -> Counting:
    """Return the lists of a file, by the numbers that paragraphs name them with."""
    levels = _levels(file.part(LISTS), file.after(LISTS))
    overrides = file.part(OVERRIDES)
    count = int.from_bytes(overrides[:4], "little")
    lists, shared = {}, {}
    for n in range(min(count, (len(overrides) - 4) // 16)):
        id_ = str(int.from_bytes(overrides[4 + 16 * n : 8 + 16 * n], "little"))
        lists[str(n + 1)] = levels.get(id_, {})
        shared[str(n + 1)] = id_
    return Counting(lists, shared)


def _levels(heads: bytes, rest: bytes) -> dict[str, dict[int, Level]]:
    """Return the levels of each list: its heads stand in a table, the levels behind it."""
    count = int.from_bytes(heads[:2], "little")
    found: dict[str, dict[int, Level]] = {}
    at = 0
    for n in range(min(count, (len(heads) - 2) // 28)):
        head = heads[2 + 28 * n : 30 + 28 * n]
        levels = {}
        for depth in range(1 if head[26] & 1 else 9):
            level, at = _list_level(rest, at)
            if level is None:
                return found
            levels[depth] = level
        found[str(int.from_bytes(head[:4], "little"))] = levels
    return found


def _list_level(rest: bytes, at: int) -> tuple[Level | None, int]:
    if at + 30 > len(rest):
        return None, at
    start, style = struct.unpack_from("<iB", rest, at)
    text = at + 28 + rest[at + 24] + rest[at + 25]
    length = int.from_bytes(rest[text : text + 2], "little")
    raw = rest[text + 2 : text + 2 + 2 * length].decode("utf-16-le", "replace")
    pattern = "".join(f"%{ord(c) + 1}" if ord(c) < 9 else c for c in raw)
    kept = Level(start, _NUMBER_FORMATS.get(style, "decimal"), pattern)
    return kept, text + 2 + 2 * length
