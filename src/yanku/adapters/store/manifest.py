"""What a stored thing is made of: its files, their sizes and digests, and where they come from."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from yanku.adapters.store.digests import BLOCK
from yanku.adapters.store.signing import Trust
from yanku.errors import ModelUntrusted, SettingsError
from yanku.model.document import Digest

_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_DIGEST = re.compile(r"[0-9a-f]{64}")
# The name of a repository at a hub or registry; it becomes a part of an address.
_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")


class Hub(StrEnum):
    """A kind of place that keeps whole files of models."""

    MODELSCOPE = "modelscope"
    HUGGINGFACE = "huggingface"
    OCI = "oci"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a model's files can be had: a repository of a hub, at a revision."""

    hub: Hub
    repository: str
    revision: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a file that travels as ``member`` of a wheel; sizes in bytes."""

    package: str
    version: str
    member: str
    size: int
    digest: Digest


@dataclass(frozen=True, slots=True)
class File:
    """One file; its parts, in order, are the whole of it. No parts: it travels in one piece.

    ``blocks`` are the digests of its stretches of ``digests.BLOCK`` bytes, if they are known.
    """

    name: str
    size: int
    digest: Digest
    parts: tuple[Part, ...] = ()
    blocks: tuple[Digest, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """One thing to store. ``engine`` is empty for files that are not a model.

    ``convert`` names the conversion done once after fetching (``openvino-ir`` or one of its kind),
    which adds about ``converted_size`` bytes and takes the place of the fetched files. ``window``
    is in tokens; ``chat_template`` says where the template is.
    """

    name: str
    licence: str
    source: str
    files: tuple[File, ...]
    engine: str = ""
    window: int = 0
    chat_template: str = ""
    convert: str = ""
    converted_size: int = 0
    revision: str = ""
    origins: tuple[Origin, ...] = ()

    @property
    def size(self) -> int:
        """Return the bytes to fetch."""
        return sum(file.size for file in self.files)

    @property
    def version(self) -> str:
        """Return twelve hexadecimal digits that change when any byte of the files does."""
        said = [self.convert, *(f"{file.name} {file.digest}" for file in self.files)]
        return hashlib.sha256("\n".join(said).encode()).hexdigest()[:12]


def bundled_manifests() -> dict[str, Manifest]:
    """Return the manifests that come with this package, by name; trusted as its code is."""
    folder = resources.files(__package__).joinpath("manifests")
    return {manifest.name: manifest for manifest in map(_read, _manifests_in(folder))}


def read_manifests(
    folder: Path, trust: Trust
) -> tuple[dict[str, Manifest], dict[str, ModelUntrusted]]:
    """Return the manifests of an operator's own folder, and the refused ones, by name.

    Raises SettingsError for one that is no manifest.
    """
    kept: dict[str, Manifest] = {}
    refused: dict[str, ModelUntrusted] = {}
    for path in _manifests_in(folder) if folder.is_dir() else ():
        manifest = _read(path)
        try:
            trust.check(Path(str(path)))
        except ModelUntrusted as error:
            refused[manifest.name] = error
        else:
            kept[manifest.name] = manifest
    return kept, refused


def read_manifest(path: Path) -> Manifest:
    """Return the manifest in a file, trusted or not; raise SettingsError."""
    return _read(path)


def _manifests_in(folder: Traversable) -> Iterable[Traversable]:
    found = [entry for entry in folder.iterdir() if entry.name.endswith(".toml")]
    return sorted(found, key=lambda entry: entry.name)


def _read(entry: Traversable) -> Manifest:
    return _parse(entry.name, entry.read_text("utf-8"))


def _parse(origin: str, text: str) -> Manifest:
    try:
        manifest = _manifest(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise SettingsError(f"{origin} is no usable manifest: {error!r}") from error
    for wrong in _contradictions(manifest):
        raise SettingsError(f"{origin} is no usable manifest: {wrong}")
    return manifest


def _manifest(read: Mapping[str, Any]) -> Manifest:
    return Manifest(
        name=str(read["name"]),
        licence=str(read["licence"]),
        source=str(read["source"]),
        files=tuple(_file(file) for file in read["files"]),
        engine=str(read.get("engine", "")),
        window=int(read.get("window", 0)),
        chat_template=str(read.get("chat_template", "")),
        convert=str(read.get("convert", "")),
        converted_size=int(read.get("converted_size", 0)),
        revision=str(read.get("revision", "")),
        origins=tuple(
            Origin(Hub(origin["hub"]), str(origin["repository"]), str(origin.get("revision", "")))
            for origin in read.get("origins", ())
        ),
    )


def _file(read: Mapping[str, Any]) -> File:
    return File(
        name=str(read["name"]),
        size=int(read["size"]),
        digest=Digest(str(read["sha256"])),
        parts=tuple(
            Part(
                package=str(part["package"]),
                version=str(part["version"]),
                member=str(part["member"]),
                size=int(part["size"]),
                digest=Digest(str(part["sha256"])),
            )
            for part in read.get("parts", ())
        ),
        blocks=tuple(Digest(str(digest)) for digest in read.get("blocks", ())),
    )


def _contradictions(manifest: Manifest) -> Iterable[str]:
    """Yield what is wrong with it. Plain names only: they become names of files and arguments."""
    if not manifest.files:
        yield "it lists no files"
    for file in manifest.files:
        names = (manifest.name, file.name)
        packages = [text for part in file.parts for text in (part.package, part.version)]
        for name in (*names, *packages):
            if not _PLAIN_NAME.fullmatch(name):
                yield f"{name!r} is not a plain name"
        for digest in (file.digest, *(part.digest for part in file.parts), *file.blocks):
            if not _DIGEST.fullmatch(digest):
                yield f"{digest!r} in {file.name} is not a SHA-256 digest"
        if file.parts and sum(part.size for part in file.parts) != file.size:
            yield f"the parts of {file.name} do not add up to its size"
        if file.blocks and len(file.blocks) != -(-file.size // BLOCK):
            yield f"the blocks of {file.name} do not add up to its size"
    for origin in manifest.origins:
        if not _REPOSITORY.fullmatch(origin.repository) or ".." in origin.repository:
            yield f"{origin.repository!r} is not the name of a repository"
        if origin.revision and not _PLAIN_NAME.fullmatch(origin.revision):
            yield f"{origin.revision!r} is not a revision"
