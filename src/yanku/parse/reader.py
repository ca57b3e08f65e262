"""Any supported file to its Content: the one place that knows which reader reads what."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

from yanku.errors import EncryptedSource, SourceTooLarge, UnsupportedSource
from yanku.model.document import Block, Cell, Flaw, Table
from yanku.model.place import InSheet, Place
from yanku.parse.formats import FORMATS, Format, Kind
from yanku.parse.slideimage import draw_slide
from yanku.parse.sniff import safe_name, sniff
from yanku.parse.source import Content, Limits, OnPage, Read
from yanku.ports import Unpacked

Unpack = Callable[[Path, str, Path, Limits], Unpacked]
"""Takes the members out of one kind of file: (path, name for messages, folder, limits)."""

_READERS: dict[Kind, tuple[str, str]] = {
    Kind.PDF: ("yanku.parse.pdf", "read_pdf"),
    Kind.PNG: ("yanku.parse.image", "read_image"),
    Kind.JPEG: ("yanku.parse.image", "read_image"),
    Kind.TIFF: ("yanku.parse.image", "read_image"),
    Kind.XLSX: ("yanku.parse.workbook", "read_workbook"),
    Kind.XLS: ("yanku.parse.sheet", "read_xls"),
    Kind.XLSB: ("yanku.parse.sheet", "read_xlsb"),
    Kind.ODS: ("yanku.parse.opendocument", "read_opendocument"),
    Kind.CSV: ("yanku.parse.sheet", "read_csv"),
    Kind.TSV: ("yanku.parse.sheet", "read_tsv"),
    Kind.DOCX: ("yanku.parse.office", "read_word"),
    Kind.RTF: ("yanku.parse.rtf", "read_rtf"),
    Kind.DOC: ("yanku.parse.doc", "read_doc"),
    Kind.PPT: ("yanku.parse.ppt", "read_ppt"),
    Kind.PPTX: ("yanku.parse.slides", "read_slides"),
    Kind.ODT: ("yanku.parse.odt", "read_odt"),
    Kind.ODP: ("yanku.parse.odp", "read_odp"),
    Kind.HTML: ("yanku.parse.web", "read_web"),
    Kind.MHTML: ("yanku.parse.mhtml", "read_mhtml"),
    Kind.MARKDOWN: ("yanku.parse.text", "read_markdown"),
    Kind.TEXT: ("yanku.parse.text", "read_text"),
    Kind.EML: ("yanku.parse.mail", "read_mail"),
    Kind.MSG: ("yanku.parse.outlook", "read_outlook"),
    Kind.ZIP: ("yanku.parse.archive", "read_archive"),
}
_UNPACKERS: dict[Kind, tuple[str, str]] = {
    Kind.EML: ("yanku.parse.mail", "unpack_mail"),
    Kind.MSG: ("yanku.parse.outlook", "unpack_outlook"),
    Kind.ZIP: ("yanku.parse.archive", "unpack_archive"),
}
_RENDERED = frozenset({Kind.PDF, Kind.PNG, Kind.JPEG, Kind.TIFF})
_SLIDES = frozenset({Kind.PPTX, Kind.PPT, Kind.ODP})

# What a database refuses to store and a screen cannot show. Line feeds and tabs stay.
_UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def read_source(path: Path, name: str, limits: Limits, on_page: OnPage) -> tuple[Format, Content]:
    """Return what kind of file it is and what it says; raise a SourceError that says what is wrong.

    Imports only the libraries that this kind of file needs.
    """
    shown = safe_name(name)
    size = path.stat().st_size
    if size > limits.max_bytes:
        raise SourceTooLarge(
            f"{shown} has {size // 1024**2} MiB; the limit is {limits.max_bytes // 1024**2} MiB."
        )
    format_ = sniff(path, shown)
    return format_, storable(_reader(format_.kind)(path, shown, limits, on_page))


def read_unasked(
    path: Path, name: str, limits: Limits, on_page: OnPage, scratch: Path
) -> tuple[Format, Content]:
    """Read a file like ``read_source``, also if it is encrypted and yet asks for no password.

    ``scratch`` is a folder for the plain copy of such a file.
    """
    try:
        return read_source(path, name, limits, on_page)
    except EncryptedSource:
        from yanku.parse.locks import opens_by_itself  # rarely needed, and slow to import

        plain = scratch / "plain"
        if not opens_by_itself(path, safe_name(name), plain, limits):
            raise
    return read_source(plain, name, limits, on_page)


def unpack_source(path: Path, name: str, folder: Path, limits: Limits) -> Unpacked:
    """Write the files inside a file into a folder, under numbers; a file of no members has none."""
    shown = safe_name(name)
    kind = sniff(path, shown).kind
    if kind not in _UNPACKERS:
        return Unpacked(())
    module, function = _UNPACKERS[kind]
    unpack = cast("Unpack", getattr(importlib.import_module(module), function))
    taken = unpack(path, shown, folder, limits)
    return Unpacked(
        tuple(
            (replace(member, name=_clean(member.name)), where) for member, where in taken.members
        ),
        tuple(_storable_flaw(each) for each in taken.flaws),
    )


def unlock_source(path: Path, name: str, password: str, target: Path, limits: Limits) -> None:
    """Write a copy of a protected file that opens without a password; raise WrongPassword."""
    from yanku.parse.locks import unlock_file

    unlock_file(path, safe_name(name), password, target, limits)


def render_source(
    path: Path, name: str, page: int, dpi: int, limits: Limits | None = None
) -> bytes:
    """Return one page (from 1) as PNG; raise NotFound if there is no such page."""
    shown = safe_name(name)
    format_ = sniff(path, shown)
    if format_.kind in _SLIDES:
        _, content = read_source(path, shown, limits or Limits(), lambda _done, _total: None)
        return draw_slide(content, shown, page, dpi)
    if format_.kind not in _RENDERED:
        raise UnsupportedSource(f"{shown} is a {format_.label} file, which has no page images.")
    module = importlib.import_module("yanku.parse.pdf" if format_.kind is Kind.PDF else
                                     "yanku.parse.image")  # fmt: skip
    rendered = module.render_page(path, shown, page, dpi, limits)
    return cast("bytes", rendered)


def _reader(kind: Kind) -> Read:
    module, function = _READERS[kind]
    return cast("Read", getattr(importlib.import_module(module), function))


def storable(content: Content) -> Content:
    """Return the content without characters that no database and no screen takes."""
    return Content(
        content.pages,
        tuple(_storable_block(each) for each in content.blocks),
        tuple(_storable_flaw(each) for each in content.flaws),
        tuple(replace(each, name=_clean(each.name)) for each in content.members),
    )


def _clean(text: str) -> str:
    return _UNSTORABLE.sub("", text) if _UNSTORABLE.search(text) else text


def _storable_block(block: Block) -> Block:
    if not isinstance(block, Table):
        text = _clean(block.text)
        place = _storable_place(block.place)
        same = text is block.text and place is block.place
        return block if same else replace(block, text=text, place=place)
    return replace(
        block,
        cells=tuple(_storable_cell(cell) for cell in block.cells),
        places=tuple(_storable_place(place) for place in block.places),
        caption=_clean(block.caption),
        unit=_clean(block.unit),
    )


def _storable_cell(cell: Cell) -> Cell:
    text, place = _clean(cell.text), _storable_place(cell.place)
    formula = cell.formula and _clean(cell.formula)
    stored = _clean(cell.stored)
    if (text, place, formula, stored) == (cell.text, cell.place, cell.formula, cell.stored):
        return cell
    return replace(cell, text=text, place=place, formula=formula, stored=stored)


def _storable_place(place: Place) -> Place:
    if isinstance(place, InSheet) and _UNSTORABLE.search(place.sheet):
        return replace(place, sheet=_clean(place.sheet))
    return place


def _storable_flaw(flaw: Flaw) -> Flaw:
    place = flaw.place and _storable_place(flaw.place)
    return Flaw(_clean(flaw.code), _clean(flaw.detail), place)


assert FORMATS.keys() == _READERS.keys()  # noqa: S101 - every format has a reader
