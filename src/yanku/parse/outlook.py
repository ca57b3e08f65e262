"""Mails as Outlook keeps them (MSG): head, text and attachments."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

from yanku.errors import BrokenSource
from yanku.model.document import Flaw
from yanku.parse.letter import Attachment, Letter, content_of, named, unpack_letter
from yanku.parse.mapi import Mapi, Storage
from yanku.parse.source import Content, Limits, OnPage
from yanku.ports import Unpacked

_TOP = Storage((), "top")
_SUBJECT, _BODY, _HTML, _RTF = 0x0037, 0x1000, 0x1013, 0x1009
_FROM_NAME, _FROM_ADDRESS, _FROM_SMTP = 0x0C1A, 0x0C1F, 0x5D01
_TO, _CC, _SENT, _RECEIVED = 0x0E04, 0x0E03, 0x0039, 0x0E06
_DATA, _METHOD, _LONG_NAME, _SHORT_NAME, _SHOWN_NAME = 0x3701, 0x3705, 0x3707, 0x3704, 0x3001
_CONTENT_ID, _MIME = 0x3712, 0x370E
_ENCLOSED_MESSAGE, _BY_LINK = 5, {2, 3, 4, 7}
_MAX_ATTACHMENTS = 5_000
_MAX_DEPTH = 8


def read_outlook(path: Path, name: str, limits: Limits, on_page: OnPage) -> Content:
    """Read a mail's subject, head and text, and list its attachments."""
    with _opened(path, name) as mapi:
        content = content_of(_letter(mapi, _TOP, name, 0), name, limits)
    on_page(1, 1)
    return content


def unpack_outlook(path: Path, name: str, folder: Path, limits: Limits) -> Unpacked:
    """Write each attachment of a mail into a folder, under a number."""
    with _opened(path, name) as mapi:
        return unpack_letter(_letter(mapi, _TOP, name, 0), name, folder, limits)


@contextmanager
def _opened(path: Path, name: str) -> Iterator[Mapi]:
    mapi = Mapi(path, name)
    try:
        yield mapi
    finally:
        mapi.close()


def _letter(mapi: Mapi, at: Storage, name: str, depth: int) -> Letter:
    if depth > _MAX_DEPTH:
        raise BrokenSource(f"{name} is nested more deeply than any real mail.")
    attachments, flaws = _attachments(mapi, at, name, depth)
    plain, html = mapi.text(at, _BODY), _html(mapi, at)
    if not plain.strip() and not html.strip() and mapi.holds(at, _RTF):
        flaws.append(
            Flaw("rich_text_body", f"The text of {name} is kept as RTF only and was not read.")
        )
    return Letter(
        " ".join(mapi.text(at, _SUBJECT).split())[:1000],
        tuple(_head(mapi, at)),
        plain,
        html,
        tuple(attachments),
        tuple(flaws),
    )


def _head(mapi: Mapi, at: Storage) -> Iterator[tuple[str, str]]:
    sender, address = mapi.text(at, _FROM_NAME), mapi.text(at, _FROM_SMTP, _FROM_ADDRESS)
    both = f"{sender} <{address}>" if sender and "@" in address else sender or address
    yield from named("From", [both])
    yield from named("To", [mapi.text(at, _TO)])
    yield from named("Cc", [mapi.text(at, _CC)])
    sent = mapi.moment(at, _SENT, _RECEIVED)
    if sent is not None:
        yield "Date", f"{sent:%Y-%m-%d %H:%M %z}"


def _html(mapi: Mapi, at: Storage) -> str:
    data = mapi.binary(at, _HTML)
    if not data:
        return mapi.text(at, _HTML)
    for encoding in ("utf-8", mapi.encoding(at), "gb18030"):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("cp1252", "replace")


def _attachments(
    mapi: Mapi, at: Storage, name: str, depth: int
) -> tuple[list[Attachment], list[Flaw]]:
    found: list[Attachment] = []
    flaws: list[Flaw] = []
    for number, part in enumerate(mapi.parts(at, "__attach_version1.0_"), 1):
        if number > _MAX_ATTACHMENTS:
            raise BrokenSource(f"{name} has more attachments than any real mail.")
        shown = mapi.text(part, _LONG_NAME, _SHORT_NAME, _SHOWN_NAME) or f"attachment-{number}"
        method = mapi.number(part, _METHOD)
        if method == _ENCLOSED_MESSAGE:
            enclosed = mapi.enclosed(part, _DATA)
            if enclosed is not None:
                letter = _letter(mapi, enclosed, shown, depth + 1)
                found.append(Attachment(f"{letter.subject[:100] or shown}.eml", _posted(letter)))
        elif mapi.holds(part, _DATA):
            inline = bool(mapi.text(part, _CONTENT_ID)) and mapi.text(part, _MIME).startswith(
                "image/"
            )
            found.append(Attachment(shown, mapi.binary(part, _DATA), inline))
        elif method in _BY_LINK:
            flaws.append(Flaw("external_links", f"{shown} is only a link; it was not followed."))
        else:
            flaws.append(Flaw("embedded_files", f"{shown} is an embedded object; it was not read."))
    return found, flaws


def _posted(letter: Letter) -> bytes:
    """Return a mail that is enclosed in another as a file of its own."""
    message = MIMEMultipart()
    message["Subject"] = letter.subject
    for label, value in letter.head:
        message[label] = value
    text = MIMEMultipart("alternative")
    text.attach(MIMEText(letter.plain, "plain", "utf-8"))
    if letter.html:
        text.attach(MIMEText(letter.html, "html", "utf-8"))
    message.attach(text)
    for each in letter.attachments:
        part = MIMEApplication(each.data)
        name = " ".join(each.name.split())
        part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name))
        message.attach(part)
    return message.as_bytes()
