"""A container whose sectors lead in a circle is refused before anything follows them."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from tests.unit.test_sheet_old import _ole, _stream

from yanku.errors import BrokenSource
from yanku.parse.olechains import refuse_circles
from yanku.parse.reader import read_source
from yanku.parse.source import Limits


def _circled(data: bytes) -> bytes:
    """Let the first sector of the table of sectors follow itself."""
    (place,) = struct.unpack_from("<I", data, 76)
    at = (place + 1) * 512
    changed = bytearray(data)
    for number in range(8):
        struct.pack_into("<I", changed, at + 4 * number, number)
    return bytes(changed)


def test_a_workbook_as_it_should_be_has_no_circle() -> None:
    refuse_circles(_ole(_stream()), "a.xls")


def test_a_workbook_that_runs_in_a_circle_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "any"
    path.write_bytes(_circled(_ole(_stream())))
    with pytest.raises(BrokenSource, match="circle"):
        read_source(path, "a.xls", Limits(), lambda _done, _all: None)
