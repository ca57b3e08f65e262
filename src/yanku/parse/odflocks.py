"""OpenDocument files that a password protects, made into plain copies."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.decrepit.ciphers.algorithms import Blowfish
from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from lxml import etree

from yanku.errors import BrokenSource, EncryptedSource, SourceTooLarge, WrongPassword
from yanku.parse.package import MANIFEST, open_package
from yanku.parse.source import Limits

_MOST_ROUNDS = 10_000_000
_BLOCK_BYTES = 1024 * 1024
_CHECKED_BYTES = 1024
"""Of each part, so many bytes have a checksum that tells a wrong password."""
_HASHES = {"sha1": "sha1", "sha1-1k": "sha1", "sha1/1k": "sha1", "sha256": "sha256",
           "sha256-1k": "sha256"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Lock:
    """How one part is protected (OpenDocument 1.3, part 2, section 4)."""

    cipher: str
    vector: bytes
    start: str
    salt: bytes
    rounds: int
    size: int
    check: str
    digest: bytes


def unlock_odf(path: Path, name: str, password: str, target: Path, limits: Limits) -> None:
    """Write a copy of a protected file in which every part is plain."""
    with open_package(path, name, limits) as package:
        manifest = package.xml(MANIFEST)
        locks = dict(_locks(manifest, name))
        keys: dict[tuple[str, bytes, int, int], bytes] = {}
        left = limits.max_unpacked_bytes
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as plain:
            for part in sorted(package.names - {MANIFEST}, key=lambda each: each != "mimetype"):
                if part.endswith("/"):
                    continue
                data = package.read(part)
                if (lock := locks.get(part)) is not None:
                    data = _opened(data, lock, _key(lock, password, keys), name, left)
                left -= len(data)
                plain.writestr(part, data)
            plain.writestr(MANIFEST, _without_locks(manifest))


def _locks(manifest: etree._Element, name: str) -> Iterator[tuple[str, _Lock]]:
    """Yield the parts that are protected, and how."""
    for entry in manifest.iter("{*}file-entry"):
        data = next(entry.iter("{*}encryption-data"), None)
        if data is None:
            continue
        marks = {
            _local(key): value
            for element in data.iter("{*}*")
            for key, value in ((f"{_local(element.tag)}.{_local(k)}", v)
                               for k, v in element.items())
        }  # fmt: skip
        try:
            yield _attribute(entry, "full-path"), _lock(marks, name)
        except (KeyError, ValueError, binascii.Error) as error:
            raise BrokenSource(f"{name} is damaged: its protection cannot be read.") from error


def _lock(marks: dict[str, str], name: str) -> _Lock:
    derivation = marks.get("key-derivation.key-derivation-name", "").rpartition("#")[2].lower()
    cipher = marks["algorithm.algorithm-name"].rpartition("#")[2].lower()
    rounds = int(marks.get("key-derivation.iteration-count", "0"))
    known = {"blowfish cfb", "blowfish", "aes128-cbc", "aes192-cbc", "aes256-cbc"}
    if derivation != "pbkdf2" or cipher not in known or not 0 < rounds <= _MOST_ROUNDS:
        raise EncryptedSource(
            f"{name} is protected in a way nothing here can undo ({cipher}, {derivation}); "
            "save it without."
        )
    return _Lock(
        cipher,
        base64.b64decode(marks["algorithm.initialisation-vector"]),
        _hash(marks.get("start-key-generation.start-key-generation-name", "SHA1")),
        base64.b64decode(marks["key-derivation.salt"]),
        rounds,
        int(marks.get("key-derivation.key-size", "16")),
        _hash(marks.get("encryption-data.checksum-type", "")) if marks.get(
            "encryption-data.checksum-type") else "",
        base64.b64decode(marks.get("encryption-data.checksum", "")),
    )  # fmt: skip


def _hash(name: str) -> str:
    """Return the hash that a name or an address stands for; KeyError if nothing here knows it."""
    return _HASHES[name.rpartition("#")[2].lower()]


def _key(lock: _Lock, password: str, keys: dict[tuple[str, bytes, int, int], bytes]) -> bytes:
    """Return the key of a part; parts of one salt share theirs."""
    which = (lock.start, lock.salt, lock.rounds, lock.size)
    if which not in keys:
        start = hashlib.new(lock.start, password.encode("utf-8")).digest()
        keys[which] = hashlib.pbkdf2_hmac("sha1", start, lock.salt, lock.rounds, lock.size)
    return keys[which]


def _opened(data: bytes, lock: _Lock, key: bytes, name: str, left: int) -> bytes:
    """Return a part decrypted and unpacked; at most ``left`` bytes of it."""
    try:
        if lock.cipher.startswith("blowfish"):
            reader = Cipher(Blowfish(key), CFB(lock.vector)).decryptor()
        else:
            reader = Cipher(algorithms.AES(key), modes.CBC(lock.vector)).decryptor()
        packed = reader.update(data) + reader.finalize()
    except ValueError as error:
        raise BrokenSource(f"{name} is damaged: a part cannot be decrypted ({error}).") from None
    if not lock.cipher.startswith("blowfish"):
        packed = packed[: -packed[-1]] if packed and 0 < packed[-1] <= 16 else b""
    if lock.check:
        digest = hashlib.new(lock.check, packed[:_CHECKED_BYTES]).digest()
        if not hmac.compare_digest(digest, lock.digest):
            raise _wrong(name)
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        plain = unpacker.decompress(packed, max(1, left))
    except zlib.error:
        raise _wrong(name) from None
    if unpacker.unconsumed_tail:
        raise SourceTooLarge(f"{name} unpacks to more than its limit allows.")
    return plain


def _without_locks(manifest: etree._Element) -> bytes:
    for data in list(manifest.iter("{*}encryption-data")):
        parent = data.getparent()
        if parent is not None:
            parent.remove(data)
    return bytes(etree.tostring(manifest, xml_declaration=True, encoding="UTF-8"))


def _wrong(name: str) -> WrongPassword:
    return WrongPassword(f"This password does not open {name}; check it and give it again.")


def _attribute(element: etree._Element, name: str) -> str:
    return next((str(v) for k, v in element.items() if _local(k) == name), "")


def _local(name: object) -> str:
    return str(name).rpartition("}")[2]
