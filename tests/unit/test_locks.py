"""Protected files open with their password, say so when it is wrong, and never show it."""

from __future__ import annotations

import base64
import functools
import hashlib
import io
import itertools
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
import pyzipper
from cryptography.hazmat.decrepit.ciphers.algorithms import Blowfish
from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from msoffcrypto.format.ooxml import OOXMLFile
from pypdf import PdfWriter
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas
from tests.unit import test_sheet_old as old

from yanku.errors import EncryptedSource, UnsupportedSource, WrongPassword
from yanku.model.document import Document
from yanku.testing.reader import OpenReader

SECRET = "密码-Kx7"  # noqa: S105 - of files made here
ASCII = "plain-Kx7"


def a_pdf(user: str, owner: str = "the owner", strength: int = 128) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption(user, owner, strength=strength))
    canvas.drawString(72, 720, "Revenue 1,234")
    canvas.save()
    return out.getvalue()


def an_aes_pdf(password: str) -> bytes:
    writer = PdfWriter(io.BytesIO(a_pdf("")))
    writer.encrypt(password, "the owner", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def a_workbook(password: str) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("S", 0)
    sheet.append(["Revenue", 1234])
    sheet.append(["Profit", 12])
    plain, out = io.BytesIO(), io.BytesIO()
    book.save(plain)
    OOXMLFile(plain).encrypt(password, out)
    return out.getvalue()


def an_old_workbook(password: str) -> bytes:
    """Encrypt an old workbook by [MS-XLS] 2.2.10: RC4, a key for each 1,024 bytes."""
    salt, proof = bytes(range(16)), bytes(range(16, 32))
    key = _rc4(_rc4_key(password, salt, 0))
    locked = bytes(a ^ b for a, b in zip(proof + _md5(proof).digest(), key, strict=False))
    lock = struct.pack("<HHHHH", 0x2F, 54, 1, 1, 1) + salt + locked
    plain, out, at = old._stream(), bytearray(), 0
    while at < len(plain):
        kind, size = struct.unpack_from("<HH", plain, at)
        body, at = plain[at + 4 : at + 4 + size], at + 4 + size
        if kind == 0x85:  # where a sheet begins moves on by the lock
            body = struct.pack("<I", int.from_bytes(body[:4], "little") + len(lock)) + body[4:]
        clear = size if kind == 0x809 else 4 if kind == 0x85 else 0
        shown = bytes(
            byte if n < clear else byte ^ _stream_byte(password, salt, len(out) + 4 + n)
            for n, byte in enumerate(body)
        )
        out += struct.pack("<HH", kind, size) + shown
        if len(out) == 20:
            out += lock
    return old._ole(bytes(out))


_md5 = functools.partial(hashlib.md5, usedforsecurity=False)  # what the format prescribes


@functools.cache
def _block(password: str, salt: bytes, number: int) -> bytes:
    return bytes(itertools.islice(_rc4(_rc4_key(password, salt, number)), 1024))


def _stream_byte(password: str, salt: bytes, at: int) -> int:
    return _block(password, salt, at // 1024)[at % 1024]


def _rc4_key(password: str, salt: bytes, block: int) -> bytes:
    first = _md5(password.encode("utf-16-le")).digest()[:5]
    second = _md5((first + salt) * 16).digest()[:5]
    return _md5(second + struct.pack("<I", block)).digest()


def _rc4(key: bytes) -> Iterator[int]:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    while True:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        yield state[(state[i] + state[j]) % 256]


def an_odf(password: str, cipher: str, kind: str = "spreadsheet", derived: str = "PBKDF2") -> bytes:
    """Encrypt a document by OpenDocument 1.3, part 2, section 4; 1.1 has Blowfish and SHA-1."""
    names = " ".join(
        f'xmlns:{each}="urn:oasis:names:tc:opendocument:xmlns:{each}:1.0"'
        for each in ("office", "text", "table")
    )
    said = "<text:p>Revenue 1,234</text:p>"
    if kind == "spreadsheet":
        row = f"<table:table-row><table:table-cell>{said}</table:table-cell></table:table-row>"
        said = f"<table:table table:name='S'>{row}</table:table>"
    content = (
        f"<office:document-content {names}><office:body><office:{kind}>{said}</office:{kind}>"
        "</office:body></office:document-content>"
    ).encode()
    squeeze = zlib.compressobj(wbits=-15)
    packed = squeeze.compress(content) + squeeze.flush()
    new = cipher.startswith("aes")
    start = (hashlib.sha256 if new else hashlib.sha1)(password.encode()).digest()
    size = 32 if new else 16
    key = hashlib.pbkdf2_hmac("sha1", start, b"s" * 16, 1000, size)
    digest = (hashlib.sha256 if new else hashlib.sha1)(packed[:1024]).digest()
    if new:
        padded = packed + bytes(15 - len(packed) % 16) + bytes([16 - len(packed) % 16])
        writer = Cipher(algorithms.AES(key), modes.CBC(b"v" * 16)).encryptor()
        locked = writer.update(padded) + writer.finalize()
    else:
        writer = Cipher(Blowfish(key), CFB(b"v" * 8)).encryptor()
        locked = writer.update(packed) + writer.finalize()

    def coded(data: bytes) -> str:
        return base64.b64encode(data).decode()

    far = "http://www.w3.org/2001/04/xmlenc#aes256-cbc" if new else "Blowfish CFB"
    hashed = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0#sha256-1k" if new else "SHA1/1K"
    begins = (
        "<m:start-key-generation m:start-key-generation-name="
        '"http://www.w3.org/2000/09/xmldsig#sha256" m:key-size="32"/>'
        if new
        else ""
    )
    manifest = (
        '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<m:file-entry m:full-path="content.xml" m:size="{len(content)}">'
        f'<m:encryption-data m:checksum-type="{hashed}" m:checksum="{coded(digest)}">'
        f'<m:algorithm m:algorithm-name="{far}" m:initialisation-vector="'
        f'{coded(b"v" * (16 if new else 8))}"/>'
        f'<m:key-derivation m:key-derivation-name="{derived}" m:key-size="{size}" '
        f'm:iteration-count="1000" m:salt="{coded(b"s" * 16)}"/>{begins}'
        "</m:encryption-data></m:file-entry></m:manifest>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr("content.xml", locked)
        archive.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()


def an_aes_zip(password: str) -> bytes:
    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.setpassword(password.encode("gb18030"))
        archive.setencryption(pyzipper.WZ_AES, nbits=256)
        archive.writestr("收入.csv", "Revenue,1234\nProfit,12\n")
    return out.getvalue()


def a_zipcrypto_zip(password: str) -> bytes:
    """Encrypt one stored entry by the old cipher of PKWARE's APPNOTE, section 6.1."""
    body = b"Revenue,1234\nProfit,12\n"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.csv", b"\0" * 12 + body)
        crc = zlib.crc32(body)
    table = [_crc_step(n) for n in range(256)]
    keys = [0x12345678, 0x23456789, 0x34567890]

    def update(byte: int) -> None:
        keys[0] = table[(keys[0] ^ byte) & 255] ^ keys[0] >> 8
        keys[1] = ((keys[1] + (keys[0] & 255)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = table[(keys[2] ^ keys[1] >> 24) & 255] ^ keys[2] >> 8

    for byte in password.encode():
        update(byte)
    locked = bytearray()
    for byte in bytes(11) + bytes([crc >> 24]) + body:
        k = keys[2] | 2
        locked.append(byte ^ ((k * (k ^ 1)) >> 8 & 255))
        update(byte)
    data = bytearray(out.getvalue().replace(b"\0" * 12 + body, bytes(locked)))
    for mark, flags, check, plain in ((b"PK\x03\x04", 6, 14, 22), (b"PK\x01\x02", 8, 16, 24)):
        at = data.find(mark)
        data[at + flags] |= 1
        data[at + check : at + check + 4] = crc.to_bytes(4, "little")
        data[at + plain : at + plain + 4] = len(body).to_bytes(4, "little")
    return bytes(data)


def _crc_step(n: int) -> int:
    for _ in range(8):
        n = n >> 1 ^ (0xEDB88320 if n & 1 else 0)
    return n


LOCKED: dict[str, tuple[Callable[[str], bytes], str]] = {
    "user.pdf": (a_pdf, ASCII),
    "short-key.pdf": (lambda password: a_pdf(password, strength=40), ASCII),
    "aes.pdf": (an_aes_pdf, SECRET),
    "book.xlsx": (a_workbook, SECRET),
    "old.xls": (an_old_workbook, SECRET),
    "aes.zip": (an_aes_zip, SECRET),
    "old.zip": (a_zipcrypto_zip, ASCII),
    "aes.ods": (lambda password: an_odf(password, "aes256-cbc"), SECRET),
    "old.ods": (lambda password: an_odf(password, "Blowfish CFB"), SECRET),
    "aes.odt": (lambda password: an_odf(password, "aes256-cbc", "text"), SECRET),
}


async def _read(path: Path, name: str) -> Document:
    return await OpenReader().read(path, name)


@pytest.mark.parametrize("name", LOCKED)
async def test_a_locked_file_opens_with_its_password_and_no_other(
    name: str, tmp_path: Path
) -> None:
    make, password = LOCKED[name]
    path, plain = tmp_path / "locked", tmp_path / "plain"
    path.write_bytes(make(password))
    with pytest.raises(EncryptedSource, match="unlock"):
        await _read(path, name)
    for wrong in ("", "wrong", password + "x", "密码"):
        with pytest.raises(WrongPassword, match=name) as caught:
            await OpenReader().unlock(path, name, wrong, plain)
        assert password not in str(caught.value)
        assert not wrong or wrong not in str(caught.value).replace(name, "")
    await OpenReader().unlock(path, name, password, plain)
    document = await _read(plain, name)
    shown = repr(document)
    assert (
        "Revenue" in shown or "1,234.50" in shown or [each.name for each in document.members] != []
    )


async def test_a_lock_that_nothing_here_knows_is_named(tmp_path: Path) -> None:
    path = tmp_path / "locked"
    path.write_bytes(an_odf(SECRET, "aes256-cbc", derived="argon2id"))
    with pytest.raises(EncryptedSource, match="argon2"):
        await OpenReader().unlock(path, "a.ods", SECRET, tmp_path / "plain")


async def test_the_owner_of_a_pdf_opens_it_too(tmp_path: Path) -> None:
    path, plain = tmp_path / "locked", tmp_path / "plain"
    path.write_bytes(a_pdf(ASCII, "the owner's"))
    await OpenReader().unlock(path, "a.pdf", "the owner's", plain)
    assert "1,234" in repr(await _read(plain, "a.pdf"))


async def test_unlocked_archives_hold_the_same_files(tmp_path: Path) -> None:
    path, plain, out = tmp_path / "locked", tmp_path / "plain", tmp_path / "out"
    path.write_bytes(an_aes_zip(SECRET))
    out.mkdir()
    await OpenReader().unlock(path, "a.zip", SECRET, plain)
    taken = await OpenReader().unpack(plain, "a.zip", out)
    assert [member.name for member, _ in taken.members] == ["收入.csv"]
    assert taken.members[0][1].read_text() == "Revenue,1234\nProfit,12\n"


@pytest.mark.parametrize(
    ("name", "data"), [("a.pdf", a_pdf("")), ("a.xlsx", a_workbook("VelvetSweatshop"))]
)
async def test_a_file_that_asks_nobody_for_a_password_is_simply_read(
    name: str, data: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "any"
    path.write_bytes(data)
    assert "Revenue" in repr(await _read(path, name))


async def test_a_file_without_a_password_has_nothing_to_unlock(tmp_path: Path) -> None:
    path = tmp_path / "any"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "1,2\n")
    with pytest.raises(UnsupportedSource):
        await OpenReader().unlock(path, "a.zip", "x", tmp_path / "plain")
