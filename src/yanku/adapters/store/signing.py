"""Signs manifests and tells whose signature is trusted: Ed25519, in a file beside the manifest.

NAME.toml       the manifest, byte by byte what is signed
NAME.toml.sig   the key's number and the signature, both in base64, one line each
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from yanku.errors import ModelUntrusted, SettingsError

# So that a signature on something else of the same key never passes for one on a manifest.
_PURPOSE = b"yanku manifest 1\n"


class Trust:
    """The keys whose manifests are believed. ``unsigned`` believes everyone's.

    ``keys`` are public keys in base64, as ``new_key`` returns them; SettingsError if one is not.
    """

    def __init__(self, keys: Sequence[str] = (), *, unsigned: bool = False) -> None:
        self._keys = {_number(public): public for public in map(_public_key, keys)}
        self._unsigned = unsigned

    def check(self, manifest: Path) -> None:
        """Raise ModelUntrusted unless a trusted key signed this very file."""
        signature = signature_of(manifest)
        if not signature.is_file():
            if not self._unsigned:
                raise ModelUntrusted(
                    f"{manifest.name} is not signed and is not used; sign it (yanku models sign) "
                    "with a key listed in store.trusted_keys, or set store.allow_unsigned"
                )
            return
        number, proof = _read_signature(signature)
        if number not in self._keys:
            raise ModelUntrusted(
                f"{manifest.name} is signed by key {number}, which store.trusted_keys does not "
                "list; it is not used"
            )
        try:
            self._keys[number].verify(proof, _PURPOSE + manifest.read_bytes())
        except InvalidSignature:
            raise ModelUntrusted(
                f"{manifest.name} is not what key {number} signed; it is not used. "
                "Get it again, or have it signed anew"
            ) from None


def new_key(path: Path) -> str:
    """Write a new private key, readable by its owner alone, and return the public one."""
    key = Ed25519PrivateKey.generate()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(base64.b64encode(key.private_bytes_raw()).decode() + "\n")
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def sign(manifest: Path, private_key: Path) -> Path:
    """Write the signature beside a manifest and return its file; SettingsError for a bad key."""
    try:
        key = Ed25519PrivateKey.from_private_bytes(_decoded(private_key.read_text("ascii")))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{private_key} is no private key: {error}") from error
    proof = key.sign(_PURPOSE + manifest.read_bytes())
    target = signature_of(manifest)
    target.write_text(f"{_number(key.public_key())}\n{base64.b64encode(proof).decode()}\n")
    return target


def signature_of(manifest: Path) -> Path:
    """Return where the signature of a manifest lies."""
    return manifest.with_name(manifest.name + ".sig")


def _read_signature(path: Path) -> tuple[str, bytes]:
    try:
        number, proof = path.read_text("ascii").split()
        return number, _decoded(proof)
    except ValueError as error:
        raise ModelUntrusted(f"{path.name} is no signature; the manifest is not used") from error


def _public_key(text: str) -> Ed25519PublicKey:
    try:
        return Ed25519PublicKey.from_public_bytes(_decoded(text))
    except ValueError as error:
        raise SettingsError(f"store.trusted_keys: {text!r} is no public key") from error


def _number(key: Ed25519PublicKey) -> str:
    """Return sixteen hexadecimal digits that tell one key from another."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from error
