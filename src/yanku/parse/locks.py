"""Protected files made into plain copies, with the password that somebody gave."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msoffcrypto
import olefile
import pypdfium2 as pdfium
import pypdfium2.raw as c
import pyzipper
from msoffcrypto.exceptions import (
    DecryptionError,
    FileFormatError,
    InvalidKeyError,
    ParseError,
)
from msoffcrypto.format.ooxml import OOXMLFile

from yanku.errors import (
    BrokenSource,
    EncryptedSource,
    SourceError,
    SourceTooLarge,
    UnsupportedSource,
    WrongPassword,
)
from yanku.parse.archive import opened_archive
from yanku.parse.odflocks import unlock_odf
from yanku.parse.package import damage_of_zip, open_package
from yanku.parse.source import Limits

_OPEN_BY_THEMSELVES = ("", "VelvetSweatshop")
"""Passwords that programs try before they ask: none, and the one Excel sets for "read-only"."""
_BLOCK_BYTES = 1024 * 1024
_PDF_HEAD_BYTES = 1024
_HOPELESS = (OSError, EOFError, ValueError, IndexError, KeyError, TypeError, AttributeError,
             AssertionError, OverflowError, struct.error)  # fmt: skip
"""What a library throws at bytes that break the rules of their format."""


def unlock_file(path: Path, name: str, password: str, target: Path, limits: Limits) -> None:
    """Write a copy of a protected file that opens without a password.

    Raises WrongPassword, UnsupportedSource if the file is not protected in a way known here,
    BrokenSource, or SourceTooLarge.
    """
    with path.open("rb") as file:
        head = file.read(_PDF_HEAD_BYTES)
    if b"%PDF-" in head:
        _unlock_pdf(path, name, password, target)
    elif olefile.isOleFile(path):
        _unlock_office(path, name, password, target)
    elif head.startswith(b"PK") and _is_locked_odf(path, name, limits):
        unlock_odf(path, name, password, target, limits)
    elif head.startswith(b"PK"):
        _unlock_archive(path, name, password, target, limits)
    else:
        raise UnsupportedSource(f"{name} is not protected in a way that is known here.")


def _is_locked_odf(path: Path, name: str, limits: Limits) -> bool:
    try:
        with open_package(path, name, limits) as package:
            return package.asks_password
    except EncryptedSource:  # an archive whose own entries are encrypted
        return False


def opens_by_itself(path: Path, name: str, target: Path, limits: Limits) -> bool:
    """Write the plain copy of a file that is encrypted and yet asks nobody for a password."""
    for password in _OPEN_BY_THEMSELVES:
        try:
            unlock_file(path, name, password, target, limits)
        except SourceError:
            continue
        return True
    return False


def _wrong(name: str) -> WrongPassword:
    return WrongPassword(f"This password does not open {name}; check it and give it again.")


def _unlock_pdf(path: Path, name: str, password: str, target: Path) -> None:
    try:
        document = pdfium.PdfDocument(path, password=password)
    except pdfium.PdfiumError as error:
        if error.err_code == c.FPDF_ERR_PASSWORD:
            raise _wrong(name) from None
        if error.err_code == c.FPDF_ERR_SECURITY:
            raise EncryptedSource(
                f"{name} is protected in a way that passwords do not open; save it without."
            ) from None
        raise BrokenSource(f"{name} cannot be read as a PDF ({error}).") from None
    try:
        document.save(target, flags=c.FPDF_REMOVE_SECURITY)
    except pdfium.PdfiumError as error:
        raise BrokenSource(f"{name} cannot be written without its password ({error}).") from None
    finally:
        document.close()


def _unlock_office(path: Path, name: str, password: str, target: Path) -> None:
    with path.open("rb") as file, _told_of_office(name), target.open("wb") as out:
        office = msoffcrypto.OfficeFile(file)
        if not office.is_encrypted():
            raise UnsupportedSource(f"{name} is not protected by a password.")
        if not password:
            raise _wrong(name)
        if isinstance(office, OOXMLFile):
            office.load_key(password=password, verify_password=True)
        else:
            office.load_key(password=password)
        office.decrypt(out)


@contextmanager
def _told_of_office(name: str) -> Iterator[None]:
    try:
        yield
    except (InvalidKeyError, DecryptionError) as error:
        if "password" in str(error).lower() or isinstance(error, InvalidKeyError):
            raise _wrong(name) from None
        raise EncryptedSource(
            f"{name} is protected in a way nothing here can undo ({error}); save it without."
        ) from None
    except (FileFormatError, ParseError, *_HOPELESS) as error:
        raise BrokenSource(f"{name} is damaged: its protection cannot be read ({error}).") from None


def _unlock_archive(path: Path, name: str, password: str, target: Path, limits: Limits) -> None:
    """Write the same archive with every file in it plain, names and order as they were."""
    with opened_archive(path, name, limits) as archive:
        if not any(each.flag_bits & 1 for each in archive.infolist()):
            raise UnsupportedSource(f"{name} is not protected by a password.")
    key = _zip_password(path, password)
    written = 0
    with (
        damage_of_zip(name),
        _told_of_pyzipper(name),
        pyzipper.AESZipFile(path) as locked,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as plain,
    ):
        for info in locked.infolist():
            if info.filename.endswith("/"):
                continue
            with plain.open(_plain_info(info), "w", force_zip64=True) as out:
                for block in _plain_blocks(locked, info, key, name):
                    written += len(block)
                    if written > limits.max_unpacked_bytes:
                        raise SourceTooLarge(
                            f"{name} unpacks to more than "
                            f"{limits.max_unpacked_bytes // 1024**2} MiB."
                        )
                    out.write(block)


@contextmanager
def _told_of_pyzipper(name: str) -> Iterator[None]:
    try:
        yield
    except pyzipper.BadZipFile as error:
        raise BrokenSource(f"{name} is a damaged ZIP ({error}).") from None


def _plain_blocks(
    locked: pyzipper.AESZipFile, info: zipfile.ZipInfo, key: bytes, name: str
) -> Iterator[bytes]:
    """Yield what a locked file says; a check that fails at the end means the password is wrong.

    The old cipher tells a wrong password by one byte only, so the checksum has the last word.
    """
    try:
        with locked.open(info, pwd=key if info.flag_bits & 1 else None) as file:
            while block := file.read(_BLOCK_BYTES):
                yield block
    except NotImplementedError:
        raise
    except (RuntimeError, zipfile.BadZipFile, pyzipper.BadZipFile, zlib.error) as error:
        if info.flag_bits & 1:
            raise _wrong(name) from None
        raise BrokenSource(f"{name} is damaged ({error}).") from None


def _plain_info(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """Return the entry of the plain copy; a name in an old encoding keeps its very bytes."""
    plain = zipfile.ZipInfo(info.orig_filename, info.date_time)
    plain.compress_type = zipfile.ZIP_DEFLATED
    plain.external_attr = info.external_attr
    if not info.flag_bits & 0x800:
        plain.filename = _meant(info)
    return plain


def _meant(info: zipfile.ZipInfo) -> str:
    raw = info.orig_filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return str(info.orig_filename)


def _zip_password(path: Path, password: str) -> bytes:
    """Return a password as the bytes a program turned it into: UTF-8, or GBK on Chinese Windows."""
    for encoding in ("utf-8", "gb18030"):
        key = password.encode(encoding, "replace")
        if password.isascii() or _accepted(path, key):
            return key
    return password.encode("utf-8", "replace")


def _accepted(path: Path, key: bytes) -> bool:
    try:
        with pyzipper.AESZipFile(path) as locked:
            first = next(each for each in locked.infolist() if each.flag_bits & 1)
            with locked.open(first, pwd=key) as file:
                while file.read(_BLOCK_BYTES):
                    pass
    except (RuntimeError, StopIteration, zlib.error, io.UnsupportedOperation,
            zipfile.BadZipFile, pyzipper.BadZipFile, *_HOPELESS):  # fmt: skip
        return False
    return True
