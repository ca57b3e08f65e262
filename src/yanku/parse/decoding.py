"""Bytes of a text file made into lines, whatever encoding they are in."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

from charset_normalizer import from_bytes

from yanku.errors import SourceTooLarge
from yanku.model.document import Flaw
from yanku.parse.sniff import looks_utf16

_SAMPLE_BYTES = 256 * 1024
_BLOCK_BYTES = 1024 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(path: Path) -> tuple[str, bool]:
    """Return the encoding of a text file, and whether every byte of it decodes.

    UTF-8 is believed if it decodes throughout; otherwise GB18030 if that gives common
    characters; otherwise the most likely encoding by its statistics.
    """
    with path.open("rb") as file:
        head = file.read(_SAMPLE_BYTES)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding, _decodes(path, encoding)
    if encoding := looks_utf16(head):
        return encoding, _decodes(path, encoding)
    if _decodes(path, "utf-8"):
        return "utf-8", True
    damage = _damage(head, "utf-8")
    if (sum(1 for c in head.decode("utf-8", "replace") if ord(c) > 127) - damage) > 10 * damage:
        return "utf-8", False  # a few damaged bytes do not make it another encoding
    if _decodes(path, "gb18030") and _reads_as_chinese(head):
        return "gb18030", True
    best = from_bytes(head, cp_isolation=["big5", "cp1252", "shift_jis", "euc_kr"]).best()
    if best is not None and best.encoding and _decodes(path, best.encoding):
        return best.encoding, True
    return ("utf-8" if damage <= _damage(head, "gb18030") else "gb18030"), False


def lines(path: Path, encoding: str, shown: str, max_chars: int) -> Iterator[str]:
    """Yield lines without their ends; raise SourceTooLarge at a line that does not end."""
    with path.open(encoding=encoding, errors="replace", newline=None) as file:
        while line := file.readline(max_chars + 1):
            if len(line) > max_chars and not line.endswith("\n"):
                raise SourceTooLarge(
                    f"{shown} has a line of more than {max_chars:,} characters; "
                    "break it into lines and send it again."
                )
            yield line.rstrip("\n")


def undecodable(shown: str, encoding: str) -> Flaw:
    """Return the flaw of a file with bytes that are no text."""
    return Flaw("undecodable_bytes", f"{shown} has bytes that are not {encoding}; shown as \ufffd.")


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK_BYTES):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _reads_as_chinese(head: bytes) -> bool:
    """Tell Chinese from other bytes that happen to be valid GB18030: its characters are common."""
    text = head.decode("gb18030", "ignore")
    wide = [c for c in text if ord(c) > 127]
    common = sum(1 for c in wide if _in_gb2312(c))
    return common * 10 >= len(wide) * 8


def _in_gb2312(character: str) -> bool:
    try:
        return character.encode("gb2312") < b"\xd8"  # rows 56 and up hold rare characters
    except UnicodeEncodeError:
        return False


def _damage(head: bytes, encoding: str) -> int:
    return head.decode(encoding, "replace").count("\ufffd")
