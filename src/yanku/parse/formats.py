"""The kinds of files there is a reader for, and what each reader gives, in words for people."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """A kind of file there is a reader for."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"
    TIFF = "tiff"
    XLSX = "xlsx"
    XLS = "xls"
    XLSB = "xlsb"
    ODS = "ods"
    CSV = "csv"
    TSV = "tsv"
    DOCX = "docx"
    RTF = "rtf"
    DOC = "doc"
    PPTX = "pptx"
    PPT = "ppt"
    ODT = "odt"
    ODP = "odp"
    HTML = "html"
    MHTML = "mhtml"
    MARKDOWN = "markdown"
    TEXT = "text"
    EML = "eml"
    MSG = "msg"
    ZIP = "zip"


class Cited(StrEnum):
    """What a citation of a file of this kind points at."""

    PAGE = "a page and a box on it"
    SLIDE = "a slide and a box on it"
    SHEET = "a sheet and its cells"
    LINES = "lines: a paragraph or a row of a table each"
    MEMBERS = "lines; the files inside are documents of their own"


@dataclass(frozen=True, slots=True)
class Format:
    """A kind as people name it, with the endings its file names have.

    ``read`` and ``unread`` say what its reader gives and what it leaves out, for people.
    """

    kind: Kind
    label: str
    endings: tuple[str, ...]
    media_type: str
    cited: Cited
    read: str
    unread: str


_OFFICE = "application/vnd.openxmlformats-officedocument"
_PICTURE = "text and tables recognised from the picture, turned upright"
_CELLS = "cells as shown and as stored, with units; several tables on one sheet"
_SHEET_UNREAD = "hidden sheets, rows and columns; charts, pictures, macros, links to other files"
_WORDS = "headings, paragraphs, lists, tables with spans, notes, headers and footers"
_SLIDES = "titles, texts, lists, tables with spans, speaker's notes"

FORMATS: dict[Kind, Format] = {
    each.kind: each
    for each in (
        Format(
            Kind.PDF, "PDF", ("pdf",), "application/pdf", Cited.PAGE,
            "text layer, or recognised text where there is none; tables joined across pages",
            "pictures, drawn charts, forms' scripts, attachments",
        ),
        Format(
            Kind.PNG, "PNG", ("png",), "image/png", Cited.PAGE, _PICTURE, "photographs and drawings"
        ),
        Format(
            Kind.JPEG, "JPEG", ("jpg", "jpeg", "jpe", "jfif"), "image/jpeg", Cited.PAGE, _PICTURE,
            "photographs and drawings",
        ),
        Format(
            Kind.TIFF, "TIFF", ("tif", "tiff"), "image/tiff", Cited.PAGE,
            f"{_PICTURE}; every frame is a page", "photographs and drawings",
        ),
        Format(
            Kind.XLSX, "XLSX", ("xlsx", "xlsm", "xltx", "xltm"), f"{_OFFICE}.spreadsheetml.sheet",
            Cited.SHEET, f"{_CELLS}; formulas beside their saved values", _SHEET_UNREAD,
        ),
        Format(
            Kind.XLS, "XLS", ("xls", "et", "xlt", "ett"), "application/vnd.ms-excel", Cited.SHEET,
            _CELLS, _SHEET_UNREAD,
        ),
        Format(
            Kind.XLSB, "XLSB", ("xlsb",), "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
            Cited.SHEET, _CELLS, _SHEET_UNREAD,
        ),
        Format(
            Kind.ODS, "ODS", ("ods", "ots"), "application/vnd.oasis.opendocument.spreadsheet",
            Cited.SHEET, f"{_CELLS}; formulas beside their saved values", _SHEET_UNREAD,
        ),
        Format(Kind.CSV, "CSV", ("csv",), "text/csv", Cited.SHEET, "cells, with units", "nothing"),
        Format(
            Kind.TSV, "TSV", ("tsv", "tab"), "text/tab-separated-values", Cited.SHEET,
            "cells, with units", "nothing",
        ),
        Format(
            Kind.DOCX, "DOCX", ("docx", "docm", "dotx", "dotm"),
            f"{_OFFICE}.wordprocessingml.document", Cited.LINES,
            f"{_WORDS}, text boxes, printed numbers of lists",
            "hidden and deleted text, comments, pictures, embedded files, macros",
        ),
        Format(
            Kind.RTF, "RTF", ("rtf", "doc"), "application/rtf", Cited.LINES, _WORDS,
            "hidden and deleted text, comments, pictures, embedded files",
        ),
        Format(
            Kind.DOC, "DOC", ("doc", "dot", "wps", "wpt"), "application/msword", Cited.LINES,
            f"{_WORDS}, text boxes, printed numbers of lists; Word 97 to 2003",
            "hidden and deleted text, comments, pictures, embedded files, macros",
        ),
        Format(
            Kind.PPTX, "PPTX", ("pptx", "pptm", "ppsx", "ppsm", "potx", "potm"),
            f"{_OFFICE}.presentationml.presentation", Cited.SLIDE,
            f"{_SLIDES}, groups, diagrams, the saved values of charts",
            "hidden slides and shapes, pictures, comments, embedded files, macros",
        ),
        Format(
            Kind.PPT, "PPT", ("ppt", "pps", "pot", "dps", "dpt"), "application/vnd.ms-powerpoint",
            Cited.SLIDE, f"{_SLIDES}, groups; PowerPoint 97 to 2003",
            "hidden slides, charts, pictures, embedded files, macros",
        ),
        Format(
            Kind.ODT, "ODT", ("odt", "ott"), "application/vnd.oasis.opendocument.text",
            Cited.LINES, f"{_WORDS}, text boxes, printed numbers of lists, values of charts",
            "hidden and deleted text, comments, pictures, embedded files, macros",
        ),
        Format(
            Kind.ODP, "ODP", ("odp", "otp"), "application/vnd.oasis.opendocument.presentation",
            Cited.SLIDE, f"{_SLIDES}, groups, the values of charts",
            "hidden slides, pictures, embedded files, macros",
        ),
        Format(
            Kind.HTML, "HTML", ("html", "htm", "xhtml"), "text/html", Cited.LINES,
            "headings, paragraphs, lists, tables with spans, inline XBRL as shown",
            "scripts (never run), whatever is hidden, pictures and frames (never fetched)",
        ),
        Format(
            Kind.MHTML, "MHTML", ("mht", "mhtml"), "multipart/related", Cited.LINES,
            "the saved page, as HTML", "as HTML; further frames saved with the page",
        ),
        Format(
            Kind.MARKDOWN, "Markdown", ("md", "markdown"), "text/markdown", Cited.LINES,
            "headings, paragraphs, lists, tables", "HTML inside it is taken as text",
        ),
        Format(
            Kind.TEXT, "text", ("txt", "text"), "text/plain", Cited.LINES,
            "numbered headings, paragraphs, tables; UTF-8, UTF-16, GB18030 and others", "nothing",
        ),
        Format(
            Kind.EML, "EML", ("eml",), "message/rfc822", Cited.MEMBERS,
            "subject, head, text; attachments become documents", "small pictures in the text",
        ),
        Format(
            Kind.MSG, "MSG", ("msg",), "application/vnd.ms-outlook", Cited.MEMBERS,
            "subject, head, text; attachments become documents", "small pictures in the text",
        ),
        Format(
            Kind.ZIP, "ZIP", ("zip",), "application/zip", Cited.MEMBERS,
            "the list of its files, which become documents", "files of kinds not listed here",
        ),
    )
}  # fmt: skip


def formats_page() -> str:
    """Return the reference of all formats as Markdown."""
    parts = [
        "# Formats",
        "",
        "Made by `scripts/docs` from the program itself. What a file holds and its reader leaves",
        "out is told as a flaw of the document, never passed over in silence. Nothing in a file is",
        "run or fetched: no macro, no script, no link.",
        "",
        "| format | file names end in | what is read | what is not | a citation points at |",
        "|---|---|---|---|---|",
    ]
    for each in FORMATS.values():
        endings = ", ".join(f"`.{ending}`" for ending in each.endings)
        cells = (each.label, endings, each.read, each.unread, each.cited)
        parts.append("| " + " | ".join(cells) + " |")
    return "\n".join(parts) + "\n"
