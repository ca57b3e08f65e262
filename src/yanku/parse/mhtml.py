"""Web pages saved as one file (MHTML): the page itself; what it brings along is not opened."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path

from yanku.errors import BrokenSource, SourceTooLarge
from yanku.model.document import Flaw
from yanku.parse.source import Content, Limits, OnPage
from yanku.parse.web import page_content, said_encoding

_MAX_BYTES = 128 * 1024**2
_MAX_PARTS = 10_000


def read_mhtml(path: Path, name: str, limits: Limits, on_page: OnPage) -> Content:
    """Read the root page of a saved web page; raise SourceTooLarge or BrokenSource."""
    if path.stat().st_size > min(_MAX_BYTES, limits.max_bytes):
        raise SourceTooLarge(f"{name} has more than {_MAX_BYTES // 1024**2} MiB; save it smaller.")
    data = path.read_bytes()
    if data.count(b"\n--") > 2 * _MAX_PARTS:
        raise SourceTooLarge(f"{name} has more than {_MAX_PARTS:,} parts.")
    message = email.message_from_bytes(data, policy=email.policy.default)
    pages = [each for each in message.walk() if each.get_content_type() in
             {"text/html", "application/xhtml+xml"}]  # fmt: skip
    if not pages:
        raise BrokenSource(f"{name} holds no web page.")
    root = _root(message, pages)
    content = page_content(*_decoded(root, name), name, limits)
    on_page(1, 1)
    if len(pages) == 1:
        return content
    left = Flaw("embedded_files", f"{len(pages) - 1} further pages or frames in it were not read.")
    return Content((), content.blocks, (*content.flaws, left))


def _root(message: EmailMessage, pages: list[EmailMessage]) -> EmailMessage:
    """Return the page that the message names as its start, else the first."""
    start = str(message.get_param("start") or "").strip("<> ")
    named = (each for each in pages if start and start in str(each.get("Content-ID", "")))
    return next(named, pages[0])


def _decoded(part: EmailMessage, name: str) -> tuple[bytes, str]:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes) or not data.strip():
        raise BrokenSource(f"{name}: its page is empty.")
    return data, said_encoding(data, part.get_content_charset() or "") or "utf-8"
