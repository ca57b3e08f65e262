"""HTML pages as a person sees them: nothing is run, nothing fetched, nothing hidden is read."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from lxml import etree

from yanku.errors import BrokenSource, SourceTooLarge
from yanku.model.document import Flaw
from yanku.parse.decoding import encoding_of, undecodable
from yanku.parse.flow import Flow
from yanku.parse.source import Content, Limits, OnPage
from yanku.parse.webwalk import Walker

_MAX_BYTES = 64 * 1024**2
_MAX_TAGS = 4_000_000
_HEAD_BYTES = 8 * 1024
_CHARSET = re.compile(
    rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE
)
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_.:-]{2,40})""")
_PROLOG = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
# What pages say and what browsers take it for: the larger set.
_MEANT = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030",
          "iso-8859-1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252",
          "utf8": "utf-8", "unicode": "utf-16", "big5-hkscs": "big5hkscs"}  # fmt: skip


def read_web(path: Path, name: str, limits: Limits, on_page: OnPage) -> Content:
    """Read an HTML or XHTML file; raise SourceTooLarge or BrokenSource."""
    data = _bytes(path, name, limits)
    said = _said_encoding(data)
    encoding, whole = (said, True) if said else encoding_of(path)
    content = page_content(data, encoding, name, limits, whole=whole)
    on_page(1, 1)
    return content


def page_content(
    data: bytes, encoding: str, name: str, limits: Limits, *, whole: bool = True
) -> Content:
    """Return what a page of these bytes says.

    ``whole`` tells that the bytes are known to be text in that encoding.
    """
    text, clean = _text(data, encoding)
    flow = Flow(name, limits)
    flaws = page_into(flow, text, name)
    if not (clean and whole):
        flaws.append(undecodable(name, encoding))
    return Content((), tuple(flow.blocks), tuple(flaws))


def page_into(flow: Flow, markup: str, name: str) -> list[Flaw]:
    """Add what a page says to a flow; return what was left out."""
    if markup.count("<") > _MAX_TAGS:
        raise SourceTooLarge(f"{name} has more than {_MAX_TAGS:,} elements; split it.")
    walker = Walker(flow, name)
    walker.read(_tree(markup, name))
    return list(walker.flaws())


def said_encoding(data: bytes, label: str = "") -> str:
    """Return the encoding that a label or the page itself gives, empty if it is none we know."""
    return (known_encoding(label) if label else "") or _said_encoding(data)


def known_encoding(label: str) -> str:
    """Return Python's name for an encoding as browsers mean it, empty if there is none."""
    meant = _MEANT.get(label.strip().lower(), label.strip())
    try:
        return codecs.lookup(meant).name if meant else ""
    except LookupError:
        return ""


def _bytes(path: Path, name: str, limits: Limits) -> bytes:
    most = min(_MAX_BYTES, limits.max_bytes)
    if path.stat().st_size > most:
        raise SourceTooLarge(f"{name} is a page of more than {most // 1024**2} MiB; split it.")
    return path.read_bytes()


def _said_encoding(data: bytes) -> str:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return encoding
    head = data[:_HEAD_BYTES]
    match = _DECLARED.search(head) or _CHARSET.search(head)
    found = known_encoding(match[1].decode("ascii")) if match else ""
    # A page that can be searched for these bytes is not in UTF-16, whatever it says.
    return "" if found.startswith("utf-16") else found


def _text(data: bytes, encoding: str) -> tuple[str, bool]:
    """Return the text and whether every byte of it was one."""
    try:
        return data.decode(encoding), True
    except UnicodeDecodeError:
        return data.decode(encoding, "replace"), False


def _tree(text: str, name: str) -> etree._Element:
    """Return the page parsed: as XML if it is XHTML without a fault, else as browsers would."""
    body = _PROLOG.sub("", text.lstrip("\ufeff"), count=1)
    if 'xmlns="http://www.w3.org/1999/xhtml"' in body[:_HEAD_BYTES]:
        if _ENTITY.search(body[:_HEAD_BYTES]):
            raise BrokenSource(
                f"{name} declares entities of its own, as only attacks do; save it as plain HTML."
            )
        if (root := _strict(body)) is not None:
            return root
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(body.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise BrokenSource(f"{name} holds no page ({error}).") from error
    if any(each.type_name == "ERR_RESOURCE_LIMIT" for each in parser.error_log):
        raise BrokenSource(f"{name} has elements nested too deep to be a page.")
    if root is None:
        raise BrokenSource(f"{name} holds no page.")
    return root


def _strict(body: str) -> etree._Element | None:
    """Return the page as XML, or None if it is not, as most that call themselves XHTML are not."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(body.encode(), parser)
    except etree.XMLSyntaxError:
        return None
    # Names such as &nbsp; are known to HTML only.
    return root if next(root.iter(etree.Entity), None) is None else None
