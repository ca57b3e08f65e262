"""The kind of a file is told by its bytes, and a name that disagrees is told so."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanku.errors import (
    BrokenSource,
    EmptySource,
    EncryptedSource,
    MismatchedSource,
    SourceError,
    UnsupportedSource,
)
from yanku.parse.formats import FORMATS, Kind
from yanku.parse.sniff import ending_of, safe_name, sniff, supported


def _file(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "any"
    path.write_bytes(data)
    return path


def _package(content_types: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", content_types)
    return out.getvalue()


DOCX = _package("wordprocessingml.document.main+xml")
XLSX = _package("spreadsheetml.sheet.main+xml")


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (b"%PDF-1.4\n", "a.pdf", Kind.PDF),
        (b"\r\njunk %PDF-1.4\n", "a.PDF", Kind.PDF),
        (b"\x89PNG\r\n\x1a\n....", "a.png", Kind.PNG),
        (b"\xff\xd8\xff\xe0....", "a.JPG", Kind.JPEG),
        (b"II*\x00....", "a.tif", Kind.TIFF),
        (DOCX, "a.docx", Kind.DOCX),
        (XLSX, "a.xlsx", Kind.XLSX),
        (XLSX, "a.xlsm", Kind.XLSX),
        (_package("presentationml.presentation.main+xml"), "a.pptx", Kind.PPTX),
        (_package("presentationml.slideshow.main+xml"), "a.ppsx", Kind.PPTX),
        (_package("ms-powerpoint.presentation.macroEnabled.main+xml"), "a.pptm", Kind.PPTX),
        (_package("wordprocessingml.template.main+xml"), "a.dotx", Kind.DOCX),
        (_package("spreadsheetml.template.main+xml"), "a.xltx", Kind.XLSX),
        (b"<!-- saved -->\n<!DOCTYPE html><p>x", "a.html", Kind.HTML),
        (b"<div>x</div>", "a.htm", Kind.HTML),
        ("<html><p>x</p></html>".encode("utf-16"), "a.htm", Kind.HTML),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; x\r\n\r\n", "a", Kind.MHTML),
        (b"From: a\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n", "a.mht", Kind.MHTML),
        (
            b"From: a\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n",
            "a.eml",
            Kind.EML,
        ),
        (b"a,b\n1,2\n", "a.csv", Kind.CSV),
        (b"a\tb\n", "a.tsv", Kind.TSV),
        ("营业收入".encode("gb18030"), "a.txt", Kind.TEXT),
        ("收入 100\n".encode("utf-16-le"), "a.txt", Kind.TEXT),
        (b"# head\n", "a.md", Kind.MARKDOWN),
        (b"BM is how this text begins", "a.txt", Kind.TEXT),
        (b"plain", "no ending", Kind.TEXT),
        (b"%PDF-1.4\n", "2024.三季报", Kind.PDF),
    ],
)
def test_bytes_and_name_that_agree_give_the_kind(
    tmp_path: Path, data: bytes, name: str, kind: Kind
) -> None:
    assert sniff(_file(tmp_path, data), name).kind is kind


@pytest.mark.parametrize(
    ("data", "name", "error", "says"),
    [
        (b"", "a.pdf", EmptySource, "no bytes"),
        (b"%PDF-1.4\n", "a.docx", MismatchedSource, "really a PDF"),
        (DOCX, "a.pdf", MismatchedSource, "really a DOCX"),
        (XLSX, "a.docx", MismatchedSource, "really a XLSX"),
        (b"%PDF-1.4\n", "a.exe", MismatchedSource, "really a PDF"),
        (b"<html><body>", "a.xls", MismatchedSource, "HTML"),
        (b"just text", "a.pdf", MismatchedSource, "plain text"),
        (b"\0\1\2\3" * 99, "a.csv", MismatchedSource, "not one"),
        (b"\x1f\x8b\x08...", "a.gz", UnsupportedSource, "GZIP"),
        (_package("ms-excel.sheet.binary.macroEnabled.main"), "a.xlsx", MismatchedSource, "XLSB"),
        (b"\0\1\2\3" * 99, "a.dat", UnsupportedSource, "Supported: PDF"),
        (b"import os", "a.py", UnsupportedSource, "Supported: PDF"),
        (b"PK\x03\x04 torn", "a.docx", BrokenSource, "truncated"),
    ],
)
def test_trouble_is_named_and_says_what_the_file_really_is(
    tmp_path: Path, data: bytes, name: str, error: type[SourceError], says: str
) -> None:
    with pytest.raises(error, match=says) as caught:
        sniff(_file(tmp_path, data), name)
    assert type(caught.value) is error
    assert name in str(caught.value)


def _ole(stream: str) -> bytes:
    name = stream.encode("utf-16-le") + b"\0\0"
    entry = name.ljust(64, b"\0") + len(name).to_bytes(2, "little") + b"\x02\x01"
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + entry.ljust(128, b"\0")


def test_a_password_on_an_office_file_is_recognised(tmp_path: Path) -> None:
    with pytest.raises(EncryptedSource, match="password"):
        sniff(_file(tmp_path, _ole("EncryptedPackage")), "a.xlsx")
    assert sniff(_file(tmp_path, _ole("Workbook")), "a.xls").kind is Kind.XLS
    assert sniff(_file(tmp_path, _ole("WordDocument")), "a.doc").kind is Kind.DOC
    assert sniff(_file(tmp_path, _ole("PowerPoint Document")), "a.dps").kind is Kind.PPT


def test_of_a_file_within_a_file_the_name_says_which_is_the_outer_one(tmp_path: Path) -> None:
    both = _ole("WordDocument") + _ole("Workbook")[512:]
    assert sniff(_file(tmp_path, both), "a.doc").kind is Kind.DOC
    assert sniff(_file(tmp_path, both), "a.xls").kind is Kind.XLS


def test_the_list_of_what_is_supported_comes_from_the_registry() -> None:
    assert supported().split(", ") == [each.label for each in FORMATS.values()]
    assert set(FORMATS) == set(Kind)


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\dir\\报告.pdf", "报告.pdf"),
        ("a\r\nb\x00\x1b[31m.csv", "ab[31m.csv"),
        ("x\u202efdp.csv", "xfdp.csv"),
        ("", "unnamed"),
        ("..", "unnamed"),
        ("dir/", "unnamed"),
    ],
)
def test_a_name_is_made_safe_to_show(given_name: str, shown: str) -> None:
    assert safe_name(given_name) == shown


@given(st.text(max_size=400))
def test_a_safe_name_is_short_whole_and_stays_as_it_is(name: str) -> None:
    shown = safe_name(name)
    assert 0 < len(shown) <= 200
    assert not set(shown) & set("/\\\0\r\n")
    assert safe_name(shown) == shown


def test_a_long_name_keeps_its_ending() -> None:
    assert ending_of(safe_name("长" * 500 + ".xlsx")) == "xlsx"


@given(st.binary(min_size=1, max_size=300), st.sampled_from(["a.pdf", "a.xlsx", "a.csv", "a"]))
def test_any_bytes_give_a_format_or_a_named_error(data: bytes, name: str) -> None:
    import tempfile

    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        told = name
        try:
            found = sniff(Path(file.name), name)
        except SourceError as error:
            found, told = FORMATS[Kind.TEXT], str(error)
    assert found in FORMATS.values()
    assert name in told
