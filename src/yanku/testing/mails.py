"""Mails made by script, as they travel (EML) and as Outlook keeps them (MSG)."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage

from yanku.testing.ole import Tree, ole

SENT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file, or with ``mail`` another mail, that goes with a mail."""

    name: str
    data: bytes = b""
    mail: Outlook | None = None


def an_eml(
    subject: str = "关于2024年报的说明",
    text: str = "请查收附件。",
    html: str = "",
    enclosures: Sequence[Enclosure] = (),
) -> bytes:
    """Return a mail as it travels."""
    mail = EmailMessage()
    mail["Subject"] = subject
    mail["From"] = "李雷 <li@example.cn>"
    mail["To"] = "desk@example.cn, Han <han@example.cn>"
    mail["Cc"] = "audit@example.cn"
    mail["Date"] = "Mon, 02 Mar 2026 17:30:00 +0800"
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    for each in enclosures:
        mail.add_attachment(
            each.data, maintype="application", subtype="octet-stream", filename=each.name
        )
    return mail.as_bytes()


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an Outlook mail holds; texts are Unicode, or with ``code_page`` of that page."""

    subject: str = "关于2024年报的说明"
    text: str = "请查收附件。"
    enclosures: tuple[Enclosure, ...] = ()
    code_page: int = 0


def an_msg(mail: Outlook) -> bytes:
    """Return a mail as Outlook keeps it."""
    return ole(_message(mail, 32))


def _message(mail: Outlook, head: int) -> Tree:
    ticks = int((SENT - _EPOCH).total_seconds() * 10_000_000)
    fixed = struct.pack("<HHIQ", 0x40, 0x0039, 6, ticks)
    if mail.code_page:
        fixed += struct.pack("<HHIQ", 0x03, 0x3FFD, 6, mail.code_page)
    parts: dict[str, bytes | Tree] = {
        "__properties_version1.0": bytes(head) + fixed,
        **_text(0x0037, mail.subject, mail.code_page),
        **_text(0x1000, mail.text, mail.code_page),
        **_text(0x0C1A, "李雷", mail.code_page),
        **_text(0x5D01, "li@example.cn", mail.code_page),
        **_text(0x0E04, "desk@example.cn; Han", mail.code_page),
    }
    for number, each in enumerate(mail.enclosures):
        parts[f"__attach_version1.0_#{number:08X}"] = _attachment(each, mail.code_page)
    return parts


def _attachment(each: Enclosure, code_page: int) -> Mapping[str, bytes | Tree]:
    method = 1 if each.mail is None else 5
    fixed = bytes(8) + struct.pack("<HHIQ", 0x03, 0x3705, 6, method)
    parts: dict[str, bytes | Tree] = {
        "__properties_version1.0": fixed,
        **_text(0x3707, each.name, code_page),
    }
    if each.mail is None:
        parts["__substg1.0_37010102"] = each.data
    else:
        parts["__substg1.0_3701000D"] = _message(each.mail, 24)
    return parts


def _text(number: int, text: str, code_page: int) -> dict[str, bytes | Tree]:
    if code_page:
        return {f"__substg1.0_{number:04X}001E": text.encode(f"cp{code_page}")}
    return {f"__substg1.0_{number:04X}001F": text.encode("utf-16-le")}
