"""What kind of file some bytes are, told by the bytes and confirmed by the name."""

from __future__ import annotations

import mmap
import re
import struct
import unicodedata
import zipfile
import zlib
from pathlib import Path

from yanku.errors import (
    BrokenSource,
    EmptySource,
    EncryptedSource,
    MismatchedSource,
    SourceError,
    UnsupportedSource,
)
from yanku.parse.formats import FORMATS, Format, Kind

_BY_ENDING = {ending: each for each in FORMATS.values() for ending in each.endings}
_TEXTUAL = frozenset({Kind.CSV, Kind.TSV, Kind.MARKDOWN, Kind.TEXT})
_HEAD_BYTES = 64 * 1024
_CONTENT_TYPES_BYTES = 4 * 1024 * 1024

_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"%PDF-", Kind.PDF),
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"II*\x00", Kind.TIFF),
    (b"MM\x00*", Kind.TIFF),
    (b"{\\rtf", Kind.RTF),
    (b"II+\x00", Kind.TIFF),
    (b"MM\x00+", Kind.TIFF),
)
_STRANGERS: tuple[tuple[bytes, str], ...] = (
    (b"GIF8", "a GIF image"),
    (b"BM", "a BMP image"),
    (b"RIFF", "a RIFF container (WebP, WAV or AVI)"),
    (b"\x1f\x8b", "a GZIP archive; unpack it and send the files in it, or pack them as ZIP"),
    (
        b"7z\xbc\xaf\x27\x1c",
        "a 7-Zip archive; unpack it and send the files in it, or pack them as ZIP",
    ),
    (b"Rar!", "a RAR archive; unpack it and send the files in it, or pack them as ZIP"),
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a Linux program"),
    (b"%!PS", "a PostScript file"),
    (b"PK\x05\x06", "an empty ZIP archive"),
)
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS: tuple[tuple[str, Kind], ...] = (
    ("Workbook", Kind.XLS),
    ("Book", Kind.XLS),
    ("WordDocument", Kind.DOC),
    ("PowerPoint Document", Kind.PPT),
)
_MAIL_STREAM = "__properties_version1.0"
_PACKAGE_TYPES: tuple[tuple[bytes, Kind | str], ...] = (
    (b"wordprocessingml.document.main+xml", Kind.DOCX),
    (b"ms-word.document.macroEnabled.main+xml", Kind.DOCX),
    (b"spreadsheetml.sheet.main+xml", Kind.XLSX),
    (b"ms-excel.sheet.macroEnabled.main+xml", Kind.XLSX),
    (b"ms-excel.sheet.binary.macroEnabled.main", Kind.XLSB),
    (b"presentationml.presentation.main+xml", Kind.PPTX),
    (b"presentationml.slideshow.main+xml", Kind.PPTX),
    (b"presentationml.template.main+xml", Kind.PPTX),
    (b"ms-powerpoint.presentation.macroEnabled.main+xml", Kind.PPTX),
    (b"ms-powerpoint.slideshow.macroEnabled.main+xml", Kind.PPTX),
    (b"ms-powerpoint.template.macroEnabled.main+xml", Kind.PPTX),
    (b"wordprocessingml.template.main+xml", Kind.DOCX),
    (b"ms-word.template.macroEnabledTemplate.main+xml", Kind.DOCX),
    (b"spreadsheetml.template.main+xml", Kind.XLSX),
    (b"ms-excel.template.macroEnabled.main+xml", Kind.XLSX),
)
_ODF_TYPES = {
    b"application/vnd.oasis.opendocument.spreadsheet": Kind.ODS,
    b"application/vnd.oasis.opendocument.spreadsheet-template": Kind.ODS,
    b"application/vnd.oasis.opendocument.text": Kind.ODT,
    b"application/vnd.oasis.opendocument.text-template": Kind.ODT,
    b"application/vnd.oasis.opendocument.presentation": Kind.ODP,
    b"application/vnd.oasis.opendocument.presentation-template": Kind.ODP,
    b"application/epub+zip": "an EPUB book",
}


def safe_name(name: str) -> str:
    """Return a file name fit to show and store: its last path part without control characters."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(c for c in last if not unicodedata.category(c).startswith("C")).strip()
    if shown.strip(".") == "":
        return "unnamed"
    stem, dot, ending = shown.rpartition(".")
    return shown if len(shown) <= 200 else (stem[: 199 - len(ending)] + dot + ending)[-200:]


def ending_of(name: str) -> str:
    """Return the lower-case ending of a file name, empty if it has none ("2024.三季报")."""
    match = re.search(r"[^.]\.([A-Za-z][A-Za-z0-9]{0,7}|7z)\s*$", safe_name(name))
    return match.group(1).lower() if match else ""


def supported() -> str:
    """Return the kinds of files that can be read, for messages."""
    return ", ".join(each.label for each in FORMATS.values())


def locked(shown: str) -> EncryptedSource:
    """Return the error of a file that a password would open."""
    return EncryptedSource(
        f"{shown} is protected by a password; unlock it with that, or save it without one."
    )


def sniff(path: Path, name: str) -> Format:
    """Return the format of a file; its name must agree with its bytes.

    Raises EmptySource, UnsupportedSource, MismatchedSource, EncryptedSource, or BrokenSource.
    """
    shown = safe_name(name)
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if not head:
        raise EmptySource(f"{shown} has no bytes; send the file again.")
    found = _kind_of(path, head, shown)
    if found is None:
        return _textual(head, shown)
    if not isinstance(found, Kind):
        raise _stranger(found, shown)
    claimed = ending_of(shown)
    if claimed and claimed not in FORMATS[found].endings:
        raise MismatchedSource(
            f"{shown} is really a {FORMATS[found].label} file; "
            f"rename it to end in .{FORMATS[found].endings[0]} if that is what you meant to send."
        )
    return FORMATS[found]


def _stranger(what: str, shown: str) -> SourceError:
    claimed = _BY_ENDING.get(ending_of(shown))
    if claimed is not None:
        return MismatchedSource(
            f"{shown} is named like a {claimed.label} file and is really {what}."
        )
    return UnsupportedSource(f"{shown} is {what}. Supported: {supported()}.")


def _kind_of(path: Path, head: bytes, shown: str) -> Kind | str | None:
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith(_OLE_MAGIC):
        return _ole(path, shown)
    if head.startswith((b"PK\x03\x04", b"PK\x01\x02")):
        return _package(path, shown)
    if b"%PDF-" in head[:1024] and ending_of(shown) in {"pdf", ""}:
        return Kind.PDF  # producers may put other bytes in front of the header
    for magic, what in _STRANGERS:
        if head.startswith(magic) and not (len(magic) == 2 and looks_textual(head)):
            return what
    if _is_mail(head, shown):
        return Kind.EML
    if _is_saved_page(head, shown):
        return Kind.MHTML
    return _markup(head, shown)


_HEADER = re.compile(rb"([!-9;-~]{1,76}):[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*(?:\r?\n|\r|$)")
_OF_MAILS = {
    b"from", b"to", b"subject", b"date", b"received", b"message-id", b"mime-version",
    b"return-path", b"delivered-to", b"content-type",
}  # fmt: skip


def _is_mail(head: bytes, shown: str) -> bool:
    """Tell a mail by its first headers; without the ending of one it must show several."""
    ending = ending_of(shown)
    if ending not in {"eml", ""} or (not ending and _is_saved_page(head, shown)):
        return False
    return len(_headers(head).keys() & _OF_MAILS) >= (1 if ending else 4)


def _headers(head: bytes) -> dict[bytes, bytes]:
    """Return the lines such as ``Subject: …`` that a file begins with."""
    start, seen, at = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n"), {}, 0
    while (header := _HEADER.match(start, at)) is not None and header.end() > at:
        seen[header[1].lower()] = header[0]
        at = header.end()
    return seen


def _is_saved_page(head: bytes, shown: str) -> bool:
    """Tell a web page saved as one file from a mail, which is of the same make."""
    if ending_of(shown) == "eml":
        return False
    headers = _headers(head)
    kind = headers.get(b"content-type", b"").lower()
    related = b"multipart/related" in kind and not headers.keys() & {b"to", b"received"}
    return related or (
        ending_of(shown) in FORMATS[Kind.MHTML].endings and b"mime-version" in headers
    )


def _markup(head: bytes, shown: str) -> Kind | str | None:
    """Tell an HTML page by how it begins, or by its name and a tag anywhere near the start."""
    wide = looks_utf16(head) or ("utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "")
    text = head.decode(wide, "replace").encode() if wide else head
    start = _COMMENT.sub(b"", text[:4096]).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return Kind.HTML
    if start.startswith(b"<?xml"):
        if b"excel.sheet" in start:
            return "an Excel 2003 XML workbook; save it as XLSX"
        return Kind.HTML if b"<html" in start else "an XML file"
    named = ending_of(shown) in FORMATS[Kind.HTML].endings
    return Kind.HTML if named and _TAG.search(text) and looks_textual(head) else None


_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_TAG = re.compile(rb"<(?:[a-z][a-z0-9]{0,10}[\s/>]|!--)", re.IGNORECASE)


def _ole(path: Path, shown: str) -> Kind | str:
    """Tell old Office files apart by the names in their directory, without following its chains.

    Directory entries are 128 bytes, aligned, and start with the stream's name in UTF-16.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
        if ending_of(shown) == "msg" and _has_entry(view, _MAIL_STREAM):
            return Kind.MSG  # whatever is embedded in it
        if _has_entry(view, "EncryptedPackage"):
            raise locked(shown)
        found = [kind for stream, kind in _OLE_STREAMS if _has_entry(view, stream)]
        # A document may hold others of other kinds: the name says which is the outer one.
        named = [kind for kind in found if ending_of(shown) in FORMATS[kind].endings]
        if found:
            return (named or found)[0]
        if _has_entry(view, _MAIL_STREAM):
            return Kind.MSG
    return "an OLE container without an Office document"


def _has_entry(view: mmap.mmap, stream: str) -> bool:
    wanted = stream.encode("utf-16-le") + b"\0\0"
    at = view.find(wanted)
    while at >= 0:
        if at % 128 == 0 and view[at + 64 : at + 66] == len(wanted).to_bytes(2, "little"):
            return True
        at = view.find(wanted, at + 1)
    return False


def _package(path: Path, shown: str) -> Kind | str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "[Content_Types].xml" in names:
                return _office_kind(_first_bytes(archive, "[Content_Types].xml"))
            if "mimetype" in names:
                mimetype = _first_bytes(archive, "mimetype").strip()
                return _ODF_TYPES.get(mimetype, Kind.ZIP)
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, OSError,
            zlib.error, struct.error) as error:  # fmt: skip
        raise BrokenSource(
            f"{shown} is a damaged or truncated ZIP package ({error}); send the file again."
        ) from error
    except RuntimeError as error:  # zipfile's way to say that an entry is encrypted
        raise locked(shown) from error
    return Kind.ZIP


def _first_bytes(archive: zipfile.ZipFile, part: str) -> bytes:
    with archive.open(part) as file:
        return file.read(_CONTENT_TYPES_BYTES)


def _office_kind(content_types: bytes) -> Kind | str:
    if content_types.startswith((b"\xff\xfe", b"\xfe\xff")):
        content_types = content_types.decode("utf-16", "replace").encode()
    for mark, kind in _PACKAGE_TYPES:
        if mark in content_types:
            return kind
    return "an Office package of another kind"


def looks_textual(head: bytes) -> bool:
    """Tell whether bytes can be text: UTF-16, or nearly no control characters."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or looks_utf16(head):
        return True
    controls = len(head.translate(None, bytes(set(range(256)) - _CONTROLS)))
    return b"\0" not in head and controls * 50 <= len(head)


_CONTROLS = set(range(32)) - {9, 10, 12, 13, 27} | {127}


def looks_utf16(head: bytes) -> str:
    """Return the encoding of UTF-16 text without a mark, empty if it is none.

    Line feeds and digits leave zero bytes on one side only.
    """
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if len(head) < 8 or max(even, odd) * 8 <= len(head) or min(even, odd) * 50 >= len(head):
        return ""
    encoding = "utf-16-be" if even > odd else "utf-16-le"
    text = head[: len(head) // 2 * 2].decode(encoding, "replace")
    strange = sum(
        1 for c in text if unicodedata.category(c) in {"Cc", "Co", "Cn"} and c not in "\r\n\t"
    )
    return encoding if strange * 50 <= len(text) else ""


def _textual(head: bytes, shown: str) -> Format:
    claimed = _BY_ENDING.get(ending_of(shown))
    if not looks_textual(head):
        if claimed is not None:
            raise MismatchedSource(
                f"{shown} is named like a {claimed.label} file, and its bytes are not one."
            )
        raise UnsupportedSource(
            f"{shown} is of a kind nothing here can read. Supported: {supported()}."
        )
    if claimed is None and ending_of(shown):
        raise UnsupportedSource(
            f"{shown} is text that claims to be .{ending_of(shown)}. Supported: {supported()}."
        )
    if claimed is not None and claimed.kind not in _TEXTUAL:
        raise MismatchedSource(
            f"{shown} is named like a {claimed.label} file and is really plain text."
        )
    return claimed or FORMATS[Kind.TEXT]
