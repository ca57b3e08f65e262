"""Mails as they travel (EML): headers, text and attachments, however they are encoded."""

from __future__ import annotations

import binascii
import email
import email.errors
import re
from collections.abc import Iterator
from email.header import decode_header
from email.message import Message
from email.policy import Compat32
from email.utils import parsedate_to_datetime
from pathlib import Path

from yanku.errors import BrokenSource, SourceTooLarge
from yanku.model.document import Flaw
from yanku.parse.letter import Attachment, Letter, content_of, named, unpack_letter
from yanku.parse.source import Content, Limits, OnPage
from yanku.ports import Unpacked

_MAX_MAIL_BYTES = 128 * 1024**2
_MAX_HEADER_CHARS = 20_000
_MAX_PARTS = 5_000
_HEAD = (("From", "from"), ("To", "to"), ("Cc", "cc"))
_ENCRYPTED = {"application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted"}
_SIGNATURES = {
    "application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature",
}  # fmt: skip
_ENDINGS = {"message/rfc822": ".eml", "text/html": ".html", "text/plain": ".txt",
            "image/png": ".png", "image/jpeg": ".jpg", "application/pdf": ".pdf"}  # fmt: skip
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030",
          "hz-gb-2312": "hz", "ks_c_5601-1987": "cp949", "unicode-1-1-utf-7": "utf-7",
          "iso-8859-1": "cp1252", "us-ascii": "utf-8", "ascii": "utf-8"}  # fmt: skip

_NO_CHARSETS = {"idna", "punycode", "unicode_escape", "unicode-escape", "raw_unicode_escape",
                "raw-unicode-escape", "undefined"}  # fmt: skip


def read_mail(path: Path, name: str, limits: Limits, on_page: OnPage) -> Content:
    """Read a mail's subject, head and text, and list its attachments."""
    content = content_of(_opened(path, name), name, limits)
    on_page(1, 1)
    return content


def unpack_mail(path: Path, name: str, folder: Path, limits: Limits) -> Unpacked:
    """Write each attachment of a mail into a folder, under a number."""
    return unpack_letter(_opened(path, name), name, folder, limits)


def _opened(path: Path, name: str) -> Letter:
    size = path.stat().st_size
    if size > _MAX_MAIL_BYTES:
        raise SourceTooLarge(
            f"{name} is a mail of more than {_MAX_MAIL_BYTES // 1024**2} MiB; "
            "send its attachments by themselves."
        )
    try:
        message = email.message_from_bytes(path.read_bytes(), policy=_AsSent())
    except RecursionError as error:
        raise BrokenSource(f"{name} is nested more deeply than any real mail.") from error
    return letter_of(message, name)


class _AsSent(Compat32):
    """Leaves headers as they came: their bytes are decoded here, by better guesses."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        del name
        return value


def letter_of(message: Message, name: str) -> Letter:
    """Return what a parsed mail holds; bad encodings become flaws."""
    reading = _Reading(name)
    reading.read(message)
    head = [line for label, key in _HEAD for line in named(label, _values(message, key))]
    date = _date(_text(message.get("date")))
    return Letter(
        " ".join(_text(message.get("subject")).split())[:1000],
        (*head, *named("Date", [date])),
        "\n\n".join(reading.plain),
        "\n".join(reading.html),
        tuple(reading.attachments),
        tuple(reading.flaws.values()),
    )


class _Reading:
    """One pass over the parts of a mail."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.plain: list[str] = []
        self.html: list[str] = []
        self.attachments: list[Attachment] = []
        self.flaws: dict[str, Flaw] = {}

    def read(self, message: Message) -> None:
        for number, part in enumerate(_parts(message)):
            if number >= _MAX_PARTS:
                raise SourceTooLarge(f"{self._name} has more than {_MAX_PARTS:,} parts.")
            self._part(part)

    def _part(self, part: Message) -> None:
        kind = part.get_content_type()
        if kind in _SIGNATURES:
            return
        if kind in _ENCRYPTED:
            self._flaw("encrypted_mail", f"{self._name} is an encrypted mail; its text was not "
                       "read. Save the opened mail and add that.")  # fmt: skip
        elif kind == "message/rfc822":
            self._enclosed(part)
        elif not part.is_multipart():
            self._leaf(part, kind)

    def _leaf(self, part: Message, kind: str) -> None:
        data = self._payload(part)
        disposition = (_text(part.get("content-disposition")).split(";")[0]).strip().lower()
        name = self._file_name(part)
        if kind in {"text/plain", "text/html"} and disposition != "attachment" and not name:
            text = _decoded(data, part.get_content_charset())
            (self.html if kind == "text/html" else self.plain).append(text)
            return
        inline = (
            disposition != "attachment" and kind.startswith("image/") and bool(part["content-id"])
        )
        shown = name or f"attachment-{len(self.attachments) + 1}{_ENDINGS.get(kind, '')}"
        self.attachments.append(Attachment(shown, data, inline))

    def _enclosed(self, part: Message) -> None:
        """Keep a forwarded mail as a file of its own."""
        inner = part.get_payload()
        message = inner[0] if isinstance(inner, list) and inner else None
        if not isinstance(message, Message):
            self.attachments.append(Attachment("mail.eml", self._payload(part)))
            return
        name = self._file_name(part) or _text(message.get("subject"))[:100] or "mail"
        try:
            data = message.as_bytes()
        except (UnicodeError, LookupError, ValueError, TypeError, KeyError, AttributeError):
            self._flaw("unread_member", f"A mail forwarded in {self._name} is damaged.")
            return
        self.attachments.append(
            Attachment(name if name.lower().endswith(".eml") else f"{name}.eml", data)
        )

    def _payload(self, part: Message) -> bytes:
        try:
            data = part.get_payload(decode=True)
        except (ValueError, UnicodeError, binascii.Error, LookupError, AssertionError):
            data = None
        if any(isinstance(each, email.errors.InvalidBase64CharactersDefect
                          | email.errors.InvalidBase64LengthDefect
                          | email.errors.InvalidBase64PaddingDefect)
               for each in part.defects):  # fmt: skip
            self._flaw("broken_encoding", f"A part of {self._name} is damaged in transit (base64).")
        return data if isinstance(data, bytes) else b""

    def _file_name(self, part: Message) -> str:
        try:
            name = part.get_filename() or ""
        except (ValueError, LookupError, UnicodeError, TypeError, IndexError, AttributeError):
            return ""
        return " ".join(_text(name).split())

    def _flaw(self, code: str, detail: str) -> None:
        self.flaws.setdefault(code, Flaw(code, detail))


def _parts(message: Message) -> Iterator[Message]:
    """Walk the parts in order, without recursion; what a forwarded mail holds stays in it."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        yield part
        # Of a part alone the payload would be decoded, and its charset may be nonsense.
        payload = part.get_payload() if part.is_multipart() else None
        if part.get_content_type() != "message/rfc822" and isinstance(payload, list):
            waiting.extend(each for each in reversed(payload) if isinstance(each, Message))


# ── words ───────────────────────────────────────────────────────────────────────────────────────


def _values(message: Message, key: str) -> list[str]:
    return [_text(each) for each in message.get_all(key, [])[:20]]


def _text(value: object) -> str:
    """Return a header as it was meant: RFC 2047 words decoded, raw bytes guessed."""
    if value is None:
        return ""
    raw = str(value)[:_MAX_HEADER_CHARS]
    # Words that were folded apart in the middle of a character are decoded together.
    joined = re.sub(r"(=\?[^?\s]+\?[bB]\?)([^?\s]*[^=?\s])\?=\s+\1", r"\1\2", raw)
    try:
        pieces = decode_header(joined)
    except (ValueError, LookupError, binascii.Error, email.errors.HeaderParseError):
        return _readable(raw)
    return "".join(
        _decoded(piece, charset) if isinstance(piece, bytes) else _readable(piece)
        for piece, charset in pieces
    )


def _readable(text: str) -> str:
    """Return text without the halves of bytes that were no ASCII: those are decoded by guess."""
    raw = text.encode("utf-8", "surrogateescape")
    return _decoded(raw, None)


def _decoded(data: bytes, charset: str | None) -> str:
    """Return bytes as text: by the charset they claim if it fits, else by UTF-8, else GB18030."""
    claimed = (charset or "").strip("'\" ").lower()
    claimed = _WIDER.get(claimed, claimed)
    for encoding in (claimed, "utf-8", "gb18030", "cp1252"):
        if not encoding or encoding in _NO_CHARSETS:
            continue
        try:
            return data.decode(encoding).replace("\0", "")
        except (UnicodeError, LookupError, ValueError):
            continue
    return data.decode("utf-8", "replace").replace("\0", "")


def _date(text: str) -> str:
    """Return a date in the sender's own time, as people write it; as printed if it is odd."""
    try:
        return f"{parsedate_to_datetime(text):%Y-%m-%d %H:%M %z}".strip()
    except (ValueError, TypeError, IndexError, OverflowError):
        return " ".join(text.split())[:100]
