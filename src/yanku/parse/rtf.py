"""Rich text (RTF) as headings, paragraphs and tables in reading order."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

from yanku.errors import BrokenSource, SourceTooLarge
from yanku.model.document import Role
from yanku.parse.docstyle import RowShape
from yanku.parse.flow import Flow
from yanku.parse.leftout import left_out
from yanku.parse.source import Content, Limits, OnPage
from yanku.parse.wordrows import WordRow, grid_of

_MAX_BYTES = 512 * 1024**2
_MAX_DEPTH = 10_000
_MAX_CELLS = 1_000
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)"
)
_PAGES = {
    0: "cp1252", 77: "mac_roman", 128: "shift_jis", 129: "cp949", 134: "gbk", 136: "big5",
    161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257",
    204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
"""Which code page the letters of a font's character set are in."""
_CODECS = {
    936: "gbk",
    950: "big5",
    932: "shift_jis",
    949: "cp949",
    65001: "utf-8",
    10000: "mac_roman",
}
_SILENT = frozenset(
    {"fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "fldinst", "datastore",
     "themedata", "filetbl", "revtbl", "listtable", "annotation", "nonshppict", "xmlnstbl",
     "generator", "bkmkstart", "bkmkend", "atnid", "atnauthor", "template", "tc", "xe"}
)  # fmt: skip
_UNSEEN = {"v": "hidden", "deleted": "deleted"}
_PAIRED = frozenset({"gbk", "big5", "shift_jis", "cp949"})
_HIGH = re.compile(rb"[\x80-\xff]+")
_LEFT_OUT = {"pict": "pictures", "object": "objects", "annotation": "comments"}
_SAID = frozenset(
    {"shpinst", "shptxt", "shppict", "listtext", "pntext", "fldrslt", "nesttableprops"}
)
"""Destinations that are marked as passable and still hold what is shown."""
_ROLES = {
    **dict.fromkeys(("header", "headerl", "headerr", "headerf"), Role.HEADER),
    **dict.fromkeys(("footer", "footerl", "footerr", "footerf"), Role.FOOTER),
    "footnote": Role.NOTE,
}
_MARKS = {
    "tab": " ", "line": " ", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’",
    "ldblquote": "“", "rdblquote": "”", "bullet": "•", "emspace": " ", "enspace": " ",
}  # fmt: skip
_SYMBOLS = {b"~": " ", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\"}


def read_rtf(path: Path, name: str, limits: Limits, on_page: OnPage) -> Content:
    """Read a rich text file; hidden and deleted text is left out, objects are not opened."""
    if path.stat().st_size > _MAX_BYTES:
        raise SourceTooLarge(f"{name} has more than {_MAX_BYTES // 1024**2} MiB; split it.")
    reader = _Reader(name, limits)
    reader.read(path.read_bytes())
    on_page(1, 1)
    return Content((), tuple(reader.flow.blocks), tuple(left_out(reader.found)))


@dataclass(slots=True)
class _State:
    """What holds within one pair of braces.

    ``wide`` tells that letters are of the font for East Asian ones; ``unseen`` why text is not
    shown; ``outside`` is the sentence that a note interrupts.
    """

    silent: bool = False
    font: int = 0
    wide_font: int | None = None
    wide: bool = False
    fallback: int = 1
    destination: str = ""
    role: Role = Role.TEXT
    unseen: frozenset[str] = frozenset()
    outside: list[str] | None = None


@dataclass(slots=True)
class _Shape:
    """The row being defined: its left border, right borders, and which cells carry on another."""

    left: int = 0
    rights: list[int] = field(default_factory=list)
    beside: list[bool] = field(default_factory=list)
    above: list[bool] = field(default_factory=list)
    marks: set[str] = field(default_factory=set)
    heads: bool = False

    def close(self, right: int) -> None:
        """End a cell's definition at its right border."""
        if len(self.rights) < _MAX_CELLS:
            self.rights.append(right)
            self.beside.append("clmrg" in self.marks)
            self.above.append("clvmrg" in self.marks)
        self.marks = set()

    def shape(self) -> RowShape | None:
        """Return the row's shape, if it was defined from left to right."""
        borders = (min([self.left, *self.rights]), *self.rights)
        if not self.rights or list(borders) != sorted(borders):
            return None
        return RowShape(borders, tuple(self.beside), tuple(self.above))


class _Reader:
    """Reads one file from its first word to its last."""

    def __init__(self, shown: str, limits: Limits) -> None:
        self.flow = Flow(shown, limits)
        self.found: Counter[str] = Counter()
        self._shown = shown
        self._stack: list[_State] = []
        self._state = _State()
        self._page = "cp1252"
        self._charsets: dict[int, int] = {}
        self._styles: dict[int, int] = {}
        self._pending = bytearray()
        self._skip = 0
        self._said: list[str] = []
        self._level: int | None = None
        self._in_table = False
        self._shape = _Shape()
        self._cell: list[str] = []
        self._row = WordRow()
        self._rows: list[WordRow] = []
        self._styled = 0

    def read(self, data: bytes) -> None:
        """Read all there is; a file that ends early gives what it holds."""
        if not data.startswith(b"{\\rtf"):
            raise BrokenSource(f"{self._shown} is no rich text file.")
        at = 0
        while (token := _TOKEN.search(data, at)) is not None:
            at = token.end()
            word, number, code, symbol, brace, text = token.groups()
            if word == b"bin":
                at += max(0, int(number or 0))
            elif word is not None:
                self._word(word.decode("ascii"), None if number is None else int(number))
            elif code is not None:
                self._bytes(bytes([int(code, 16)]))
            elif symbol is not None:
                self._symbol(symbol)
            elif brace is not None:
                self._brace(brace == b"{")
            else:
                self._bytes(text)
        self._flush()
        self._paragraph()
        self._end_table()

    # ── text ────────────────────────────────────────────────────────────────────────────────────

    def _bytes(self, data: bytes) -> None:
        """Take up bytes of the font's code page, but those that repeat a Unicode character."""
        skipped = min(self._skip, len(data))
        self._skip -= skipped
        if not self._state.silent:
            self._pending += data[skipped:]

    def _flush(self) -> None:
        """Turn pending bytes into text."""
        if self._pending:
            data = bytes(self._pending)
            self._pending.clear()
            self._text(data.decode(self._codec(data), "replace"))

    def _codec(self, data: bytes) -> str:
        """Return the code page of some bytes: of their font, or of the document.

        Fonts of Western letters are also named before Chinese ones; those come in pairs of bytes.
        """
        state = self._state
        font = state.wide_font if state.wide and state.wide_font is not None else state.font
        codec = _PAGES.get(self._charsets.get(font, 1), self._page)
        runs = _HIGH.findall(data)
        paired = bool(runs) and all(len(run) % 2 == 0 for run in runs)
        return self._page if codec == "cp1252" and self._page in _PAIRED and paired else codec

    def _text(self, text: str) -> None:
        state = self._state
        if not state.silent and not state.unseen:
            self._said.append(text)
        elif not state.silent and text.strip():
            self.found.update(state.unseen)

    def _symbol(self, symbol: bytes) -> None:
        self._flush()
        if symbol == b"*":
            self._state.destination = "*"
        elif symbol in b"\r\n":
            self._paragraph()
        else:
            self._text(_SYMBOLS.get(symbol, ""))

    def _brace(self, opens: bool) -> None:
        self._flush()
        self._skip = 0
        if opens:
            if len(self._stack) >= _MAX_DEPTH:
                raise BrokenSource(f"{self._shown} is nested too deep.")
            self._stack.append(self._state)
            self._state = replace(self._state, destination="", outside=None)
        elif self._stack:
            inner, self._state = self._state, self._stack.pop()
            if inner.outside is not None:
                self._paragraph(inner.role)
                self._said = inner.outside

    # ── control words ───────────────────────────────────────────────────────────────────────────

    def _word(self, word: str, number: int | None) -> None:
        self._flush()
        state = self._state
        if state.destination == "*":
            state.destination = ""
            state.silent = state.silent or word not in _SAID
        if word in _SILENT or word in _ROLES:
            self._destination(word)
        elif word == "u" and number is not None:
            self._skip = 0
            self._text(chr(number % 0x10000))
            self._skip = state.fallback
        elif word == "uc":
            state.fallback = max(0, number or 0)
        elif word == "f":
            state.font = number or 0
        elif word in {"loch", "hich", "dbch"}:
            state.wide = word == "dbch"
        elif word == "af" and state.wide:
            state.wide_font = number or 0
        elif word == "fcharset":
            self._charsets[state.font] = number or 0
        elif word == "ansicpg":
            self._page = _CODECS.get(number or 0) or _known(f"cp{number or 1252}")
        elif word in _UNSEEN:
            state.unseen = state.unseen - {_UNSEEN[word]} | (
                {_UNSEEN[word]} if number != 0 else set()
            )
        elif word == "plain":
            state.unseen = frozenset()
        elif state.silent:
            self._style(word, number or 0)
        elif word in _MARKS:
            self._text(_MARKS[word])
        else:
            self._layout(word, number or 0)

    def _destination(self, word: str) -> None:
        state = self._state
        if word in _LEFT_OUT and not state.silent:
            self.found[_LEFT_OUT[word]] += 1
        if word in _ROLES and not state.silent and state.outside is None:
            state.outside, self._said = self._said, []
            state.role = _ROLES[word]
        state.silent = state.silent or word in _SILENT
        state.destination = word

    def _style(self, word: str, number: int) -> None:
        """Note which styles of the style sheet are headings."""
        if word == "s":
            self._styled = number
        elif word == "outlinelevel" and 0 <= number < 9:
            self._styles[self._styled] = number + 1

    def _layout(self, word: str, number: int) -> None:
        match word:
            case "par" | "sect" | "page":
                self._paragraph()
            case "pard":
                self._in_table, self._level = False, None
            case "intbl":
                self._in_table = True
            case "s":
                self._level = self._styles.get(number)
            case "outlinelevel":
                self._level = number + 1 if 0 <= number < 9 else None
            case "cell" | "nestcell":
                self._end_cell(nested=word == "nestcell")
            case "row":
                self._end_row()
            case "trowd":
                self._shape = _Shape()
            case "trleft":
                self._shape.left = number
            case "trhdr":
                self._shape.heads = True
            case "clmrg" | "clvmrg":
                self._shape.marks.add(word)
            case "cellx":
                self._shape.close(number)
            case _:
                pass

    # ── paragraphs and tables ───────────────────────────────────────────────────────────────────

    def _paragraph(self, role: Role | None = None) -> None:
        """End a paragraph: one of a cell, or one of the text."""
        said = "".join(self._said).encode("utf-16-le", "surrogatepass")
        text = " ".join(said.decode("utf-16-le", "replace").split())
        self._said = []
        role = role or self._state.role
        if self._in_table and role is Role.TEXT:
            if text:
                self._cell.append(text)
            return
        if text:
            if role is Role.TEXT:
                self._end_table()
            self.flow.say(text, self._level if role is Role.TEXT else None, role)

    def _end_cell(self, *, nested: bool) -> None:
        self._in_table = True
        self._paragraph(Role.TEXT)
        if nested:
            return
        self.flow.spend(1)
        if len(self._row.cells) < _MAX_CELLS:
            self._row.cells.append("\n".join(self._cell))
        self._cell = []

    def _end_row(self) -> None:
        if self._row.cells:
            self._row.shape, self._row.heads = self._shape.shape(), self._shape.heads
            self._rows.append(self._row)
        self._row, self._cell = WordRow(), []

    def _end_table(self) -> None:
        if self._row.cells or self._cell:  # cells without the end of their row: keep what they say
            self._row.cells += ["\n".join(self._cell)] if self._cell else []
            self._end_row()
        rows, self._rows = self._rows, []
        if rows:
            heads = next((n for n, row in enumerate(rows) if not row.heads), len(rows))
            self.flow.table(grid_of(rows), heads or None)


def _known(codec: str) -> str:
    """Return a codec Python has, else the one of Western Europe."""
    try:
        "".encode(codec)
    except LookupError:
        return "cp1252"
    return codec
