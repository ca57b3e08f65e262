"""The properties in an Outlook file (MSG): which streams hold them, and what they say.

[MS-OXMSG]: every object (message, recipient, attachment) is a storage. Properties of fixed size
stand in its stream ``__properties_version1.0``, 16 bytes each behind a head; the others have a
stream each, ``__substg1.0_`` with the property's number and type in hexadecimal.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import olefile

from yanku.errors import BrokenSource, SourceTooLarge

_PROPERTIES = "__properties_version1.0"
_STREAM = "__substg1.0_"
_UNICODE, _ANSI, _BINARY, _STORAGE = 0x1F, 0x1E, 0x102, 0x0D
_LONG, _TIME, _BOOL = 0x03, 0x40, 0x0B
_HEADS = {"top": 32, "enclosed": 24, "part": 8}
_CODE_PAGE, _INTERNET_CODE_PAGE = 0x3FFD, 0x3FDE
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_MAX_VALUE_BYTES = 256 * 1024**2
_BAD = (OSError, ValueError, IndexError, KeyError, TypeError, AttributeError, struct.error,
        RecursionError, OverflowError)  # fmt: skip
"""What olefile throws at containers that break the rules."""


@dataclass(frozen=True, slots=True)
class Storage:
    """One object in an Outlook file: its path inside, and which head its properties have."""

    path: tuple[str, ...]
    kind: str


class Mapi:
    """An open Outlook file; every error names the file."""

    def __init__(self, path: Path, shown: str) -> None:
        self._shown = shown
        try:
            self._ole = olefile.OleFileIO(path)
            streams = self._ole.listdir(streams=True, storages=True)
        except _BAD as error:
            raise self._broken(error) from error
        self._names: dict[tuple[str, ...], dict[str, str]] = {}
        for each in streams:
            self._names.setdefault(tuple(each[:-1]), {})[each[-1].upper()] = each[-1]
        self._taken = 0

    def close(self) -> None:
        """Close the file."""
        self._ole.close()

    def parts(self, storage: Storage, prefix: str) -> Iterator[Storage]:
        """Yield the objects in an object, such as ``__attach_version1.0_``, in their order."""
        names = self._names.get(storage.path, {})
        for upper in sorted(names):
            if upper.startswith(prefix.upper()):
                yield Storage((*storage.path, names[upper]), "part")

    def enclosed(self, storage: Storage, number: int) -> Storage | None:
        """Return the message that a property holds whole."""
        found = self._stream(storage, number, _STORAGE)
        return None if found is None else Storage(found, "enclosed")

    def text(self, storage: Storage, *numbers: int) -> str:
        """Return the first of some texts that is there, empty if none is."""
        for number in numbers:
            data = self._read(self._stream(storage, number, _UNICODE))
            if data:
                return data.decode("utf-16-le", "replace").rstrip("\0")
            data = self._read(self._stream(storage, number, _ANSI))
            if data:
                return self._ansi(storage, data).rstrip("\0")
        return ""

    def binary(self, storage: Storage, number: int) -> bytes:
        """Return a value that is bytes, empty if there is none."""
        return self._read(self._stream(storage, number, _BINARY))

    def number(self, storage: Storage, number: int) -> int | None:
        """Return a whole number, or None."""
        value = self._fixed(storage).get((number, _LONG))
        return None if value is None else int(struct.unpack("<i", value[:4])[0])

    def moment(self, storage: Storage, *numbers: int) -> datetime | None:
        """Return the first of some moments that is there."""
        for number in numbers:
            value = self._fixed(storage).get((number, _TIME))
            if value is not None:
                ticks = int.from_bytes(value, "little")
                try:
                    return _EPOCH + timedelta(microseconds=ticks // 10)
                except OverflowError:
                    continue
        return None

    def holds(self, storage: Storage, number: int) -> bool:
        """Tell whether a value stands there as bytes, without reading it."""
        return self._stream(storage, number, _BINARY) is not None

    def encoding(self, storage: Storage) -> str:
        """Return the encoding of texts that are no Unicode."""
        page = self.number(storage, _INTERNET_CODE_PAGE) or self.number(storage, _CODE_PAGE)
        return {936: "gb18030", 54936: "gb18030", 65001: "utf-8", 950: "big5"}.get(
            page or 0, f"cp{page}" if page else "gb18030"
        )

    def _ansi(self, storage: Storage, data: bytes) -> str:
        for encoding in (self.encoding(storage), "utf-8", "gb18030"):
            try:
                return data.decode(encoding)
            except (UnicodeDecodeError, LookupError):
                continue
        return data.decode("cp1252", "replace")

    def _stream(self, storage: Storage, number: int, kind: int) -> tuple[str, ...] | None:
        name = self._names.get(storage.path, {}).get(f"{_STREAM}{number:04X}{kind:04X}".upper())
        return None if name is None else (*storage.path, name)

    def _fixed(self, storage: Storage) -> dict[tuple[int, int], bytes]:
        name = self._names.get(storage.path, {}).get(_PROPERTIES.upper())
        data = self._read((*storage.path, name)) if name else b""
        found = {}
        for at in range(_HEADS[storage.kind], len(data) - 15, 16):
            kind, number = struct.unpack_from("<HH", data, at)
            found[number, kind] = data[at + 8 : at + 16]
        return found

    def _read(self, path: tuple[str, ...] | None) -> bytes:
        """Return a stream; all that is read of one file together stays below a limit."""
        if path is None:
            return b""
        try:
            if self._ole.get_type(list(path)) != olefile.STGTY_STREAM:
                return b""
            self._taken += int(self._ole.get_size(list(path)))
            if self._taken > 4 * _MAX_VALUE_BYTES:
                raise SourceTooLarge(f"{self._shown} holds more than it has bytes; send it anew.")
            with self._ole.openstream(list(path)) as stream:
                return bytes(stream.read(_MAX_VALUE_BYTES))
        except _BAD as error:
            raise self._broken(error) from error

    def _broken(self, error: BaseException) -> BrokenSource:
        return BrokenSource(f"{self._shown} is a damaged Outlook file ({error}); save it again.")
