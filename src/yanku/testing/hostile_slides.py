"""Slides, pages and old Office files made to do harm, for ``yanku.testing.hostile``."""

from __future__ import annotations

import struct
from collections.abc import Callable

from yanku.errors import BrokenSource, MismatchedSource, SourceError, SourceTooLarge
from yanku.testing.hostile_inside import zipped
from yanku.testing.ole import ole
from yanku.testing.samples.old import OldParagraph, OldSlide, old_slides, old_word, record

_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_SAID = "<p:sp><p:txBody><a:p><a:r><a:t>x</a:t></a:r></a:p></p:txBody></p:sp>"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"


def _links(*links: tuple[str, str, str]) -> bytes:
    inner = "".join(
        f'<Relationship Id="{id_}" Type="{_R}/{kind}" Target="{target}"'
        f"{' TargetMode=' + chr(34) + 'External' + chr(34) if '//' in target else ''}/>"
        for id_, kind, target in links
    )
    return f'<Relationships xmlns="{_LINKS}">{inner}</Relationships>'.encode()


def _pptx(
    shapes: str, *, slides: int = 1, prolog: str = "", more: dict[str, bytes] | None = None
) -> bytes:
    ids = "".join(f'<p:sldId id="{256 + n}" r:id="r{n}"/>' for n in range(slides))
    slide = f'{prolog}<p:sld xmlns:p="{_P}" xmlns:a="{_A}" xmlns:r="{_R}"><p:cSld><p:spTree>'
    return zipped(
        {
            "[Content_Types].xml": b"<Types>presentationml.presentation.main+xml</Types>",
            "ppt/presentation.xml": f'<p:presentation xmlns:p="{_P}" xmlns:r="{_R}"><p:sldIdLst>'
            f"{ids}</p:sldIdLst></p:presentation>".encode(),
            "ppt/_rels/presentation.xml.rels": _links(
                *((f"r{n}", "slide", "slides/slide1.xml") for n in range(slides))
            ),
            "ppt/slides/slide1.xml": f"{slide}{shapes}</p:spTree></p:cSld></p:sld>".encode(),
            **(more or {}),
        }
    )


def _table(attributes: str) -> str:
    cell = f"<a:tc {attributes}><a:txBody><a:p><a:r><a:t>1</a:t></a:r></a:p></a:txBody></a:tc>"
    return (
        "<p:graphicFrame><a:graphic><a:graphicData><a:tbl><a:tblGrid/>"
        f"<a:tr>{cell * 3}</a:tr></a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    )


def _mhtml_without_end() -> bytes:
    head = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=B\r\n\r\n"
    return head + b"--B\r\nContent-Type: text/plain\r\n\r\nx\r\n" * 30_000


def _outside_page() -> bytes:
    return (
        b"<html><head><link rel=stylesheet href=//198.51.100.7/s><script src=http://198.51.100.7/a>"
        b"</script></head><body>text<img src=http://198.51.100.7/p><iframe src=file:///etc/passwd>"
        b"</iframe></body></html>"
    )


def _circular_ppt() -> bytes:
    """Return a presentation whose last edit names itself as the one before."""
    stream = record(0x0FF5, struct.pack("<7I", 0, 0, 0, 0, 1, 99, 0))
    user = record(0x0FF6, struct.pack("<III", 20, 0xE391C05F, 0))
    return ole({"PowerPoint Document": stream.ljust(5000, b"\0"), "Current User": user})


def _deep_odt() -> bytes:
    names = f'xmlns:o="{_ODF}:office:1.0" xmlns:t="{_ODF}:text:1.0"'
    inner = "<t:section>" * 5_000 + "</t:section>" * 5_000
    content = f"<o:document-content {names}><o:body><o:text>{inner}</o:text></o:body>"
    return zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.text",
            "content.xml": f"{content}</o:document-content>".encode(),
        }
    )


def _huge_pieces() -> bytes:
    """Return a DOC that claims a text of two thousand million characters."""
    data = bytearray(old_word([OldParagraph("x\r")]))
    at = data.find(struct.pack("<HH", 0xA5EC, 0x00C1))
    struct.pack_into("<i", data, at + 76, 2**31 - 1)
    return bytes(data)


_ENTITIES = '<!DOCTYPE p [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
_XHTML = f'{_ENTITIES}<html xmlns="http://www.w3.org/1999/xhtml"><p>&b;</p></html>'.encode()
_WIDE = b"<table><tr>" + b"<td colspan=1000 rowspan=65000>1" * 3_000 + b"</table>"

REFUSED: tuple[tuple[str, Callable[[], bytes], type[SourceError]], ...] = (
    ("shapes.pptx", lambda: _pptx(_SAID * 250_000), SourceTooLarge),
    ("slides.pptx", lambda: _pptx(_SAID, slides=5_000), SourceTooLarge),
    ("laughs.pptx", lambda: _pptx(_SAID, prolog=_ENTITIES), BrokenSource),
    ("groups.pptx", lambda: _pptx("<p:grpSp>" * 200 + _SAID + "</p:grpSp>" * 200), BrokenSource),
    ("deep.pptx", lambda: _pptx("<p:grpSp>" * 9_000), BrokenSource),
    ("bomb.pptx", lambda: _pptx(" " * 128 * 1024**2), SourceTooLarge),
    ("deep.html", lambda: b"<html>" + b"<div>" * 200_000, BrokenSource),
    ("tables.html", lambda: b"<html>" + b"<table><tr><td>1.5<td>2.5<tr><td>3.5<td>" * 300,
     BrokenSource),
    ("wide.html", lambda: b"<html>" + _WIDE, SourceTooLarge),
    ("tags.html", lambda: b"<html>" + b"<b>" * 4_100_000, SourceTooLarge),
    ("laughs.xhtml", lambda: _XHTML, BrokenSource),
    ("parts.mht", _mhtml_without_end, SourceTooLarge),
    ("really.html", lambda: b"%PDF-1.7\n", MismatchedSource),
    ("torn.ppt", lambda: ole({"PowerPoint Document": bytes(5000)}), BrokenSource),
    ("circular.ppt", _circular_ppt, BrokenSource),
    ("claims.doc", _huge_pieces, BrokenSource),
    ("deep.odt", _deep_odt, BrokenSource),
)  # fmt: skip

READ: tuple[tuple[str, Callable[[], bytes], str], ...] = (
    ("macros.pptm", lambda: _pptx(_SAID, more={"ppt/vbaProject.bin": b"x"}), "macros"),
    ("outside.pptx", lambda: _pptx(_SAID, more={"ppt/slides/_rels/slide1.xml.rels": _links(
        ("r1", "image", "http://198.51.100.7/p.png"))}), "external_links"),
    ("embedded.pptx", lambda: _pptx(_SAID, more={"ppt/embeddings/a.bin": b"x"}), "embedded_files"),
    ("spans.pptx", lambda: _pptx(_table('gridSpan="9999999" rowSpan="9999999"')), ""),
    ("lost-chart.pptx", lambda: _pptx(
        "<p:graphicFrame><a:graphic><a:graphicData><c:chart xmlns:c='c' r:id='no'/>"
        f"</a:graphicData></a:graphic></p:graphicFrame>{_SAID}"), "charts"),
    ("outside.html", _outside_page, "external_links"),
    ("comments.html", lambda: b"<html><p>x</p>" + b"<!--" * 500_000, ""),
    ("styles.html", lambda: b"<html><style>" + b"@media x{{" * 50_000 + b"</style><p>x", ""),
    ("hidden.ppt", lambda: old_slides([OldSlide(hidden=True)]), "hidden_slide"),
)  # fmt: skip
