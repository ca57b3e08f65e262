"""Whatever bytes there are, a reader gives a document or a named error, and stays within limits."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from yanku.errors import SourceError
from yanku.model.document import Digest
from yanku.parse.biff import read_biff
from yanku.parse.codec import decode, encode
from yanku.parse.container import Names, tidy_name
from yanku.parse.decoding import encoding_of, lines
from yanku.parse.formats import FORMATS
from yanku.parse.locks import unlock_file
from yanku.parse.numberformat import exact, moment, show
from yanku.parse.reader import read_source, unlock_source, unpack_source
from yanku.parse.sniff import ending_of, safe_name, sniff
from yanku.parse.source import Limits
from yanku.testing.binarybook import binary_book
from yanku.testing.mails import Enclosure, Outlook, an_eml, an_msg
from yanku.testing.ole import ole

LIMITS = Limits(
    max_bytes=4 * 1024**2,
    max_cells=20_000,
    max_unpacked_bytes=8 * 1024**2,
    max_members=50,
    max_pages=20,
    max_pixels=4_000_000,
)
OURS = ("zip", "eml", "msg", "xlsx", "xls", "xlsb", "csv", "tsv", "ods", "docx", "md", "txt", "")
"""Endings of kinds that our own code reads; PDF and pictures are read by libraries, in a child."""

_S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_P = "http://schemas.openxmlformats.org/package/2006/relationships"
fuzz = settings(
    deadline=None,
    max_examples=120,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def _zipped(parts: Sequence[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in dict(parts).items():
            archive.writestr(name, data)
    return out.getvalue()


def _workbook(sheet: bytes) -> bytes:
    book = f'<workbook xmlns="{_S}" xmlns:r="{_R}"><sheets><sheet name="S" r:id="r"/></sheets>'
    link = f'<Relationship Id="r" Type="{_R}/worksheet" Target="s.xml"/>'
    return _zipped(
        [
            ("[Content_Types].xml", b"<Types>spreadsheetml.sheet.main+xml</Types>"),
            ("xl/workbook.xml", f"{book}</workbook>".encode()),
            ("xl/_rels/workbook.xml.rels",
             f'<Relationships xmlns="{_P}">{link}</Relationships>'.encode()),
            ("xl/s.xml", sheet),
        ]
    )  # fmt: skip


_SHEET = (
    f'<worksheet xmlns="{_S}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c>'
    '<c r="B1"><f>1+1</f><v>2</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B2"/>'
    "</mergeCells></worksheet>"
).encode()
_BIFF = struct.pack("<HHHH", 0x809, 4, 0x600, 5) + struct.pack("<HHHHHd", 0x203, 14, 0, 0, 0, 1.5)
_MAIL = Outlook(enclosures=(Enclosure("a.csv", b"1,2\n"), Enclosure("", mail=Outlook())))
SEEDS: dict[str, bytes] = {
    "a.zip": _zipped([("a.csv", b"1,2\n3,4\n"), ("b/c.txt", b"words")]),
    "a.eml": an_eml(html="<p>x</p>", enclosures=[Enclosure("a.csv", b"1,2\n3,4\n")]),
    "a.msg": an_msg(_MAIL),
    "a.xlsx": _workbook(_SHEET),
    "a.xlsb": binary_book(),
    "a.xls": ole({"Workbook": _BIFF + struct.pack("<HH", 0x0A, 0)}),
}


def _take(name: str, data: bytes) -> None:
    """Sniff, read, unpack and unlock some bytes; anything but a SourceError is a failure."""
    with TemporaryDirectory() as folder:
        path, out = Path(folder) / "any", Path(folder) / "out"
        path.write_bytes(data)
        out.mkdir()
        with suppress(SourceError):
            format_, content = read_source(path, name, LIMITS, lambda _done, _all: None)
            document = content.document(Digest("0" * 64), safe_name(name), format_.media_type)
            assert decode(encode(document)) == document
        with suppress(SourceError):
            taken = unpack_source(path, name, out, LIMITS)
            assert len(taken.members) <= LIMITS.max_members
            assert all(where.parent == out for _, where in taken.members)
        with suppress(SourceError):
            unlock_source(path, name, "guess", Path(folder) / "plain", LIMITS)
        size = sum(each.stat().st_size for each in out.iterdir())
        assert size <= LIMITS.max_unpacked_bytes + 1024**2
        assert sorted(each.name for each in Path(folder).iterdir())[:2] == ["any", "out"]


@fuzz
@given(st.sampled_from(OURS), st.binary(max_size=4_000))
def test_any_bytes_are_a_document_or_a_named_error(ending: str, data: bytes) -> None:
    _take(f"a.{ending}" if ending else "a", data)


@st.composite
def _damaged(draw: st.DrawFn) -> tuple[str, bytes]:
    """Make a good file with some bytes replaced, cut out, doubled, or its end lost."""
    name = draw(st.sampled_from(sorted(SEEDS)))
    data = bytearray(SEEDS[name])
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        match draw(st.sampled_from(["set", "cut", "double", "end", "word"])):
            case "set":
                data[at : at + 1] = draw(st.binary(min_size=1, max_size=4))
            case "cut":
                del data[at : at + draw(st.integers(1, 200))]
            case "double":
                data[at:at] = data[at : at + draw(st.integers(1, 400))]
            case "word":
                data[at : at + 4] = struct.pack("<I", draw(st.integers(0, 2**32 - 1)))
            case "end":
                del data[max(at, 8) :]
    return name, bytes(data)


@settings(fuzz, max_examples=300)
@given(_damaged())
def test_damaged_files_are_read_as_far_as_they_go_or_refused(damaged: tuple[str, bytes]) -> None:
    _take(*damaged)


@fuzz
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=2_000))
def test_any_text_between_the_tags_of_a_sheet_is_taken(text: str) -> None:
    inner = text.encode().replace(b"sheetData", b"")
    _take("a.xlsx", _workbook(b'<worksheet xmlns="%s">%s</worksheet>' % (_S.encode(), inner)))


_ref = st.from_regex(r"\A\$?[A-Z]{0,4}\$?[0-9]{0,8}\Z")
_number = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False).map(str),
    st.from_regex(r"\A-?[0-9]{0,30}(?:\.[0-9]{0,30})?(?:[eE][+-]?[0-9]{0,9})?\Z"),
)


@fuzz
@given(
    st.lists(
        st.tuples(_ref, st.sampled_from(["n", "s", "b", "e", "str", "d", "zz"]), _number),
        max_size=8,
    )
)
def test_cells_of_any_place_kind_and_value_are_taken(cells: list[tuple[str, str, str]]) -> None:
    row = "".join(f'<c r="{ref}" t="{kind}"><v>{value}</v></c>' for ref, kind, value in cells)
    sheet = f'<worksheet xmlns="{_S}"><sheetData><row r="1">{row}</row></sheetData></worksheet>'
    _take("a.xlsx", _workbook(sheet.encode()))


@fuzz
@given(st.lists(st.tuples(st.integers(0, 0xFFFF), st.binary(max_size=60)), max_size=30))
def test_any_records_of_an_old_workbook_are_taken(records: list[tuple[int, bytes]]) -> None:
    stream = b"".join(struct.pack("<HH", kind, len(body)) + body for kind, body in records)
    with suppress(SourceError):
        read_biff(ole({"Workbook": _BIFF + stream}), "a.xls")


@fuzz
@given(_number, st.text(max_size=40), st.booleans())
@example("1E+999999999", "0.00", False)
@example("1", "[h]:mm:ss;@_);\\-#,##0.00", True)
def test_any_number_in_any_format_is_shown_in_a_short_text(
    stored: str, code: str, date1904: bool
) -> None:
    value = exact(stored)
    if value is None:
        return
    shown = show(value, code, date1904=date1904)
    assert len(repr(shown)) < 5_000
    moment(value, date1904=date1904)


@fuzz
@given(st.decimals(allow_nan=False, allow_infinity=False, places=4), st.integers(0, 4))
def test_a_number_shown_in_a_plain_format_is_that_number_rounded(
    value: Decimal, places: int
) -> None:
    if abs(value) >= 10**15:
        return  # a sheet keeps fifteen digits
    code = "0." + "0" * places if places else "0"
    text = show(value, code).text
    assert abs(Decimal(text) - value) <= Decimal(5).scaleb(-places - 1)


@fuzz
@given(st.binary(max_size=3_000))
def test_any_bytes_decode_to_lines(data: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "any"
        path.write_bytes(data)
        encoding, whole = encoding_of(path)
        with suppress(SourceError):
            said = list(lines(path, encoding, "a.txt", 10_000))
            assert not whole or "\ufffd" not in "".join(said) or "\ufffd".encode() in data


@given(st.text(max_size=400))
def test_a_tidied_name_leads_nowhere(name: str) -> None:
    shown = tidy_name(name)
    assert shown
    assert not shown.startswith("/")
    assert "\\" not in shown
    assert all(part.strip(".") for part in shown.split("/"))
    assert shown.isprintable() or not shown.isascii()
    assert safe_name(shown)
    assert len(ending_of(shown)) < 10


@given(st.lists(st.sampled_from(["a", "a.txt", "a (2).txt", "b/a.txt", "a (2)"]), max_size=30))
def test_no_two_members_have_one_name(names: list[str]) -> None:
    given_ = Names()
    assert len({given_.of(name) for name in names}) == len(names)


@fuzz
@given(st.binary(max_size=2_000))
def test_any_bytes_are_no_document_or_a_whole_one(data: bytes) -> None:
    with suppress(ValueError):
        decode(data)


@fuzz
@given(st.text(max_size=60), st.binary(max_size=300))
def test_sniffing_ends_in_a_kind_or_a_named_error(name: str, data: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "any"
        path.write_bytes(data)
        with suppress(SourceError):
            assert sniff(path, name) in FORMATS.values()


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_the_law_of_damaged_files_holds_for_long() -> None:
    @settings(fuzz, max_examples=2_000)
    @given(_damaged())
    def law(damaged: tuple[str, bytes]) -> None:
        _take(*damaged)

    law()


@fuzz
@given(st.binary(max_size=600), st.sampled_from([b"%PDF-1.7\n", b"PK\x03\x04", b""]))
def test_unlocking_anything_ends_in_a_copy_or_a_named_error(data: bytes, head: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "any"
        path.write_bytes(head + data)
        with suppress(SourceError):
            unlock_file(path, "a", "guess", Path(folder) / "plain", LIMITS)
