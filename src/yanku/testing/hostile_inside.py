"""Archives, mails and protected files made to do harm, for ``yanku.testing.hostile``."""

from __future__ import annotations

import base64
import io
import struct
import zipfile
from collections.abc import Callable, Mapping

from yanku.errors import (
    BrokenSource,
    EncryptedSource,
    MismatchedSource,
    SourceError,
    SourceTooLarge,
    UnsupportedSource,
)
from yanku.testing.mails import Enclosure, Outlook, an_eml, an_msg
from yanku.testing.ole import ole

_TABLE = b"a,b\n1,2\n3,4\n"
_HEAD = b"Subject: x\r\nMIME-Version: 1.0\r\n"


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """Return a ZIP of some files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def _nested_bomb() -> bytes:
    """Return eight archives of eight archives and so on, of zeros at the end."""
    data = zipped({"0.csv": bytes(4 * 1024**2)})
    for level in range(3):
        data = zipped({f"{level}-{n}.zip": data + bytes(n) for n in range(8)})
    return data


def _linked() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("passwords.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("a.csv", _TABLE)
    return out.getvalue()


def _overlapping() -> bytes:
    """Every entry of the directory points at the same bytes."""
    data = bytearray(zipped({f"{n:04d}.csv": bytes(4_000_000) for n in range(40)}))
    first, at = data.find(b"PK\x03\x04"), data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 42 : at + 46] = struct.pack("<I", first)
        at = data.find(b"PK\x01\x02", at + 4)
    del data[data.find(b"PK\x03\x04", 4) : data.find(b"PK\x01\x02")]
    return bytes(data)


def _claimed_directory() -> bytes:
    """Return an end of directory that claims 65,535 entries that are not there."""
    data = bytearray(zipped({"a.csv": _TABLE}))
    at = data.find(b"PK\x05\x06")
    data[at + 8 : at + 12] = struct.pack("<HH", 0xFFFF, 0xFFFF)
    data[at + 12 : at + 16] = struct.pack("<I", 0x7FFFFFFF)
    return bytes(data)


def _locked_zip() -> bytes:
    data = bytearray(zipped({"a.csv": _TABLE}))
    for mark, where in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(mark) + where] |= 1
    return bytes(data)


def _deep_mail() -> bytes:
    """Parts within parts, far deeper than any mail."""
    out = b""
    for level in range(3_000):
        out += b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level)
    return _HEAD + out


def _forwarded_mail() -> bytes:
    return b"Subject: x\r\nContent-Type: message/rfc822\r\n\r\n" * 3_000 + b"the end"


def _many_parts() -> bytes:
    part = b"--b\r\nContent-Disposition: attachment; filename=a.csv\r\n\r\n1,2\r\n"
    return _HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part * 20_000


def _bad_base64() -> bytes:
    body = base64.b64encode(b"x" * 1000)[:-7] + b"!!\xff\0=="
    head = b"Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return _HEAD + head + body


def _odd_charsets() -> bytes:
    names = (b"idna", b"unicode_escape", b"rot13", b"zlib", b"no-such", b"utf-7", b"\xff")
    words = b"".join(b" =?%s?B?%s?=" % (each, base64.b64encode(b"\\x41" * 90)) for each in names)
    return (
        b"Subject:"
        + words
        + b"\r\nTo: x\r\nContent-Type: text/plain; charset=idna\r\n\r\n"
        + (b"xn--" * 20_000)
    )


def _circular_msg() -> bytes:
    """Return a directory whose entries are each other's siblings."""
    data = bytearray(an_msg(Outlook(enclosures=(Enclosure("a.csv", _TABLE),))))
    at = data.find("__substg1.0_0037001F".encode("utf-16-le"))
    data[at + 68 : at + 76] = struct.pack("<II", 1, 1)
    return bytes(data)


def _huge_stream_msg() -> bytes:
    data = bytearray(an_msg(Outlook()))
    at = data.find("__substg1.0_1000001F".encode("utf-16-le"))
    data[at + 120 : at + 124] = struct.pack("<I", 0x7FFFFFFF)
    return bytes(data)


def _deep_msg() -> bytes:
    mail = Outlook()
    for _ in range(12):
        mail = Outlook(enclosures=(Enclosure("inner", mail=mail),))
    return an_msg(mail)


def _slow_lock() -> bytes:
    """Return a workbook whose password takes four thousand million rounds to test."""
    info = (
        b'<encryption xmlns="http://schemas.microsoft.com/office/2006/encryption" '
        b'xmlns:p="http://schemas.microsoft.com/office/2006/keyEncryptor/password"><keyData '
        b'saltSize="16" blockSize="16" keyBits="256" hashSize="64" cipherAlgorithm="AES" '
        b'cipherChaining="ChainingModeCBC" hashAlgorithm="SHA512" '
        b'saltValue="AAAAAAAAAAAAAAAAAAAAAA=="/><dataIntegrity encryptedHmacKey="AAAA" '
        b'encryptedHmacValue="AAAA"/><keyEncryptors>'
        b'<keyEncryptor uri="http://schemas.microsoft.com/office/2006/keyEncryptor/password">'
        b'<p:encryptedKey spinCount="4000000000" saltSize="16" blockSize="16" keyBits="256" '
        b'hashSize="64" cipherAlgorithm="AES" cipherChaining="ChainingModeCBC" '
        b'hashAlgorithm="SHA512" saltValue="AAAAAAAAAAAAAAAAAAAAAA==" '
        b'encryptedVerifierHashInput="AAAAAAAAAAAAAAAAAAAAAA==" '
        b'encryptedVerifierHashValue="AAAAAAAAAAAAAAAAAAAAAA==" '
        b'encryptedKeyValue="AAAAAAAAAAAAAAAAAAAAAA=="/></keyEncryptor></keyEncryptors></encryption>'
    )
    head = struct.pack("<HHI", 4, 4, 0x40)
    return ole({"EncryptionInfo": head + info, "EncryptedPackage": bytes(5_000)})


REFUSED: tuple[tuple[str, Callable[[], bytes], type[SourceError]], ...] = (
    ("bomb.zip", lambda: zipped({"zeros.csv": bytes(128 * 1024**2)}), SourceTooLarge),
    ("crowd.zip", lambda: zipped({f"{n}.csv": _TABLE for n in range(2_500)}), SourceTooLarge),
    ("locked.zip", _locked_zip, EncryptedSource),
    ("cut.zip", lambda: zipped({"a.csv": _TABLE * 99})[:-30], BrokenSource),
    ("claims.zip", _claimed_directory, BrokenSource),
    ("old.rar", lambda: b"Rar!\x1a\x07\x01\x00" + bytes(99), UnsupportedSource),
    ("new.7z", lambda: b"7z\xbc\xaf\x27\x1c" + bytes(99), UnsupportedSource),
    ("really.zip", lambda: b"%PDF-1.7\n" + zipped({"a.csv": _TABLE}), MismatchedSource),
    ("really.eml", lambda: zipped({"a.csv": _TABLE}), MismatchedSource),
    ("parts.eml", _many_parts, SourceTooLarge),
    ("slow.xlsx", _slow_lock, EncryptedSource),
)

READ: tuple[tuple[str, Callable[[], bytes], str], ...] = (
    ("levels.zip", _nested_bomb, ""),
    ("linked.zip", _linked, "link_member"),
    ("climbing.zip", lambda: zipped({"../../../tmp/climbed.csv": _TABLE, "C:\\x.csv": _TABLE}),
     "unsafe_names"),
    ("base64.eml", _bad_base64, "broken_encoding"),
    ("charsets.eml", _odd_charsets, ""),
    ("winmail.eml", lambda: an_eml(enclosures=[Enclosure("winmail.dat", b"\x78\x9f\x3e\x22")]),
     "winmail_dat"),
    ("header.eml", lambda: b"Subject: " + b"x" * 4_000_000 + b"\r\nTo: y\r\n\r\nz", ""),
    ("headers.eml", lambda: b"To: y\r\n" + b"Received: x\r\n" * 100_000 + b"\r\nz", ""),
)  # fmt: skip

EITHER: tuple[tuple[str, Callable[[], bytes], tuple[type[SourceError], ...]], ...] = (
    ("overlapping.zip", _overlapping, (BrokenSource, SourceTooLarge)),
    ("deep.eml", _deep_mail, (BrokenSource,)),
    ("forwarded.eml", _forwarded_mail, (BrokenSource,)),
    ("circular.msg", _circular_msg, (BrokenSource,)),
    ("stream.msg", _huge_stream_msg, (BrokenSource, SourceTooLarge)),
    ("deep.msg", _deep_msg, (BrokenSource,)),
)
