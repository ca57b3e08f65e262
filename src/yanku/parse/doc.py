"""Old Word files (DOC, and WPS's own WPS) as headings, paragraphs and tables in reading order."""

from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import olefile

from yanku.errors import BrokenSource, SourceTooLarge
from yanku.model.document import Flaw, Role
from yanku.parse.docfile import CHARACTERS, HEADERS, WordFile, modifiers
from yanku.parse.docstyle import Looks, Paragraphs, counting_of
from yanku.parse.flow import Flow
from yanku.parse.leftout import left_out
from yanku.parse.source import Content, Limits, OnPage
from yanku.parse.wordrows import WordRow, grid_of

_MAX_BYTES = 512 * 1024**2
_MARKS = re.compile("[\r\x07\x0c]")
_FIELD_MARKS = re.compile("[\x13\x14\x15]")
_DRAWN = re.compile("[\x01\x08]")
_AWAY = dict.fromkeys((*range(9), *range(0x10, 0x1E), 0x1F), "") | {
    0x1E: "-", 0x0B: " ", 0x09: " ", 0xA0: " ", 0x0E: " "
}  # fmt: skip
_HIDDEN, _DELETED = 0x083C, 0x0800
_SEEN, _UNSEEN, _INSTRUCTION = 0, 1, 2


def read_doc(path: Path, name: str, limits: Limits, on_page: OnPage) -> Content:
    """Read a Word 97–2003 file; hidden and deleted text is left out, macros are not run."""
    streams = _streams(path, name)
    tables = {name_: data for name_, data in streams.items() if name_.endswith("Table")}
    try:
        file = WordFile(streams["WordDocument"], tables, streams.get("Data", b""), name)
        content = _Reader(file, name, limits).read()
    except (struct.error, IndexError) as error:
        raise BrokenSource(f"{name} is damaged ({error}).") from error
    on_page(1, 1)
    return Content((), content.blocks, (*content.flaws, *_unopened(streams)))


def _streams(path: Path, name: str) -> dict[str, bytes]:
    """Return the streams of the document, and the names of what else is in the file."""
    if path.stat().st_size > _MAX_BYTES:
        raise SourceTooLarge(f"{name} has more than {_MAX_BYTES // 1024**2} MiB; split it.")
    found: dict[str, bytes] = {}
    try:
        with olefile.OleFileIO(str(path)) as ole:
            for each in ("WordDocument", "0Table", "1Table", "Data"):
                if ole.exists(each):
                    found[each] = ole.openstream(each).read()
            for each in ("Macros", "ObjectPool"):
                if ole.exists(each):
                    found[each] = b""
    except (OSError, ValueError, IndexError, TypeError, struct.error) as error:
        raise BrokenSource(f"{name} is a damaged Word file ({error}).") from error
    if "WordDocument" not in found:
        raise BrokenSource(f"{name} holds no Word document.")
    return found


def _unopened(streams: dict[str, bytes]) -> Iterator[Flaw]:
    if "Macros" in streams:
        yield Flaw("macros", "The file holds macros; they were not run.")
    if "ObjectPool" in streams:
        yield Flaw("embedded_files", "Files embedded in the document were not opened.")


class _Reader:
    """Reads one file from its first paragraph to its last."""

    def __init__(self, file: WordFile, shown: str, limits: Limits) -> None:
        self._file = file
        self._flow = Flow(shown, limits)
        self._paragraphs = Paragraphs(file)
        self._counting = counting_of(file)
        self._found: Counter[str] = Counter()
        self._flags = self._unseen()
        self._rows: list[WordRow] = []
        self._open = WordRow()
        self._cell: list[str] = []

    def read(self) -> Content:
        """Return the body, then notes, text boxes, headers and footers."""
        body, notes, margins, macros, comments, ends, boxes, head_boxes = self._file.lengths
        at = body
        self._read(0, at, Role.TEXT)
        after_notes = at + notes
        self._read(at, after_notes, Role.NOTE)
        at = after_notes + margins + macros
        self._found["comments"] = comments
        at += comments
        self._read(at, at + ends, Role.NOTE)
        at += ends
        self._read(at, at + boxes, Role.TEXT)
        self._read(at + boxes, at + boxes + head_boxes, Role.HEADER)
        self._read_margins(after_notes)
        return Content((), tuple(self._flow.blocks), tuple(left_out(self._found)))

    def _unseen(self) -> bytearray:
        """Return a mark for each character that does not show: hidden, deleted, or a command."""
        flags = bytearray(len(self._file.text))
        for start, end, properties in self._file.runs(CHARACTERS):
            for what, operand in modifiers(properties):
                if what in {_HIDDEN, _DELETED} and operand[:1] in {b"\x01", b"\x81"}:
                    self._found["hidden" if what == _HIDDEN else "deleted"] += 1
                    for low, high in self._file.characters(start, end):
                        flags[low:high] = bytes([_UNSEEN]) * (min(high, len(flags)) - low)
        opened: list[int] = []
        for mark in _FIELD_MARKS.finditer(self._file.text):
            if mark[0] == "\x13":
                opened.append(mark.start())
            elif opened and opened[-1] >= 0:
                start = opened[-1]  # what stands between the first mark and this is a command
                flags[start : mark.end()] = bytes([_INSTRUCTION]) * (mark.end() - start)
                opened[-1] = -1
            if mark[0] == "\x15" and opened:
                opened.pop()
        return flags

    # ── paragraphs ──────────────────────────────────────────────────────────────────────────────

    def _read(self, start: int, end: int, role: Role) -> None:
        at = start
        for mark in _MARKS.finditer(self._file.text, start, min(end, len(self._file.text))):
            if self._flags[mark.start()] == _INSTRUCTION:
                continue
            self._paragraph(at, mark, role)
            at = mark.end()
        if at < end:
            self._say(self._said(at, end), Looks(), role)
        self._end_table()

    def _paragraph(self, start: int, mark: re.Match[str], role: Role) -> None:
        looks = self._paragraphs.at(mark.start())
        text = self._said(start, mark.start())
        if not looks.in_table:
            self._end_table()
            self._say(text, looks, role)
            return
        if looks.row_end and looks.depth <= 1:
            self._open.shape, self._open.heads = looks.row, looks.heads
            self._rows.append(self._open)
            self._open, self._cell = WordRow(), []
            return
        if text:
            self._cell.append(self._label(looks) + text)
        if mark[0] == "\x07" and looks.depth <= 1:
            self._flow.spend(1)
            self._open.cells.append("\n".join(self._cell))
            self._cell = []

    def _said(self, start: int, end: int) -> str:
        """Return what shows between two characters."""
        text = self._file.text[start:end]
        if any(flags := self._flags[start:end]):
            text = "".join(c for c, flag in zip(text, flags, strict=False) if flag == _SEEN)
        self._found["pictures"] += len(_DRAWN.findall(text))
        whole = text.translate(_AWAY).encode("utf-16-le", "surrogatepass")
        return " ".join(whole.decode("utf-16-le", "replace").split())

    def _label(self, looks: Looks) -> str:
        return self._counting.label(str(looks.list_), looks.list_level) if looks.list_ > 0 else ""

    def _say(self, text: str, looks: Looks, role: Role) -> None:
        if not text:
            return
        text = self._label(looks) + text
        listed = role is Role.TEXT and looks.list_ > 0 and looks.level is None
        level = looks.level if role is Role.TEXT else None
        self._flow.say(text, level, Role.ITEM if listed else role)

    def _read_margins(self, start: int) -> None:
        """Read headers and footers once each: six of every section, after six that part notes."""
        bounds = self._file.part(HEADERS)
        starts = [each for (each,) in struct.iter_unpack("<I", bounds[: len(bounds) // 4 * 4])]
        seen: set[str] = set()
        for n, (low, high) in enumerate(pairwise(starts[6:])):
            role = Role.HEADER if n % 6 in {0, 1, 4} else Role.FOOTER
            for line in _MARKS.split(self._file.text[start + low : start + high]):
                text = " ".join(line.translate(_AWAY).split())
                if text not in seen and any(c.isalpha() for c in text):
                    seen.add(text)
                    self._flow.say(text, role=role)

    # ── tables ──────────────────────────────────────────────────────────────────────────────────

    def _end_table(self) -> None:
        rows, self._rows = self._rows, []
        if self._open.cells:  # cells without the end of their row: keep what they say
            rows.append(self._open)
        self._open, self._cell = WordRow(), []
        if rows:
            heads = 0
            while heads < len(rows) and rows[heads].heads:
                heads += 1
            self._flow.table(grid_of(rows), heads or None)
