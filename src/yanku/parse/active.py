"""What a PDF would do by itself in a viewer: found and reported, never done.

PDFium is built without scripts and starts nothing; this only tells people what is in a file.
"""

from __future__ import annotations

import ctypes
import mmap
import re
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as c
from pypdfium2 import PdfDocument

from yanku.model.document import Flaw

_SCRIPTS = re.compile(rb"/(?:JS|JavaScript)(?![A-Za-z0-9])")
_LAUNCHES = re.compile(rb"/S\s*/Launch(?![A-Za-z0-9])")
_SENDING = re.compile(rb"/S\s*/(?:SubmitForm|ImportData)(?![A-Za-z0-9])")
_OUTSIDE = {c.PDFACTION_URI, c.PDFACTION_REMOTEGOTO}
_XFA = {c.FORMTYPE_XFA_FULL, c.FORMTYPE_XFA_FOREGROUND}


@dataclass(frozen=True, slots=True)
class Links:
    """How many links lead out of a document, and how many start a program."""

    outside: int = 0
    launch: int = 0

    def __add__(self, other: Links) -> Links:
        return Links(self.outside + other.outside, self.launch + other.launch)


NO_LINKS = Links()


def links_of(page: pdfium.PdfPage, document: PdfDocument) -> Links:
    """Count the links of an open page by what they lead to."""
    outside = launch = 0
    at, link = ctypes.c_int(0), c.FPDF_LINK()
    while c.FPDFLink_Enumerate(page, at, link):
        kind = c.FPDFAction_GetType(c.FPDFLink_GetAction(link))
        outside += kind in _OUTSIDE and not c.FPDFLink_GetDest(document, link)
        launch += kind == c.PDFACTION_LAUNCH
    return Links(outside, launch)


def active_in(document: PdfDocument, path: Path, name: str, links: Links) -> tuple[Flaw, ...]:
    """Return scripts, programs to start, files inside and links outside, each kind as one flaw."""
    flaws = []
    acts = {
        "scripts": c.FPDFDoc_GetJavaScriptActionCount(document) > 0 or _seen(path, _SCRIPTS),
        "commands that start programs": links.launch > 0 or _seen(path, _LAUNCHES),
        "forms that send themselves": _seen(path, _SENDING),
    }
    if any(acts.values()):
        shown = " and ".join(what for what, there in acts.items() if there)
        flaws.append(Flaw("active_content", f"{name} holds {shown}; none was run."))
    if (inside := c.FPDFDoc_GetAttachmentCount(document)) > 0:
        detail = f"{name} has {inside} files embedded in it; they were not opened."
        flaws.append(Flaw("embedded_files", detail))
    if links.outside:
        detail = f"{name} has {links.outside} links to other places; none was followed."
        flaws.append(Flaw("external_links", detail))
    if document.get_formtype() in _XFA:
        flaws.append(Flaw("xfa_form", f"{name} is a dynamic form (XFA); what it shows may differ."))
    return tuple(flaws)


def _seen(path: Path, mark: re.Pattern[bytes]) -> bool:
    """Tell whether a name stands anywhere in a file's plain bytes; packed objects hide it."""
    if path.stat().st_size == 0:
        return False
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
        return mark.search(view) is not None
