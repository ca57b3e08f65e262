"""Sources that keep whole files: ModelScope, Hugging Face, OCI registries and layouts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from yanku.adapters.store.manifest import File, Hub, Manifest, Origin
from yanku.adapters.store.sources import Folder, PackageIndex, Piece, Source, blocks_as_pieces
from yanku.adapters.store.web import Web, WebSettings, join
from yanku.errors import ModelUnavailable, SettingsError


@dataclass(frozen=True, slots=True)
class Places:
    """Where each kind of source is; a mirror is another address here."""

    modelscope: str = "https://www.modelscope.cn"
    huggingface: str = "https://huggingface.co"
    oci: str = ""
    pip: Mapping[str, str] = field(default_factory=dict)
    """What pip reads from its environment."""


class HubFiles:
    """The files of a repository at a hub or a registry, fetched block by block."""

    def __init__(self, web: Web, base: str, origin: Origin) -> None:
        if not base:
            raise SettingsError(f"store.{origin.hub}_url is not set, and {origin} is wanted")
        self._web, self._base, self._origin = web, base, origin

    def pieces(self, file: File) -> Sequence[Piece]:
        """Return a file's blocks."""
        return blocks_as_pieces(file)

    @contextmanager
    def open(self, piece: Piece, scratch: Path) -> Iterator[IO[bytes]]:  # noqa: ARG002 - no need
        """Open a block at the hub."""
        with self._web.open(self._address(piece.file), piece.offset, piece.size) as stream:
            yield stream

    def _address(self, file: File) -> str:
        repository, revision = self._origin.repository, self._origin.revision
        parts: tuple[str, ...]
        match self._origin.hub:
            case Hub.HUGGINGFACE:
                parts = (repository, "resolve", revision or "main", file.name)
            case Hub.MODELSCOPE:
                parts = ("models", repository, "resolve", revision or "master", file.name)
            case Hub.OCI:
                # A registry names contents by their digest, which the manifest knows.
                parts = ("v2", repository, "blobs", f"sha256:{file.digest}")
        return join(self._base, parts)


class OciLayout:
    """A folder as ``oras``, ``skopeo`` or ``crane`` write it: contents named by their digest."""

    def __init__(self, folder: Path) -> None:
        self._blobs = folder / "blobs" / "sha256"
        _check_layout(folder)

    def pieces(self, file: File) -> Sequence[Piece]:
        """Return a file's blocks."""
        return blocks_as_pieces(file)

    @contextmanager
    def open(self, piece: Piece, scratch: Path) -> Iterator[IO[bytes]]:  # noqa: ARG002 - no need
        """Open a block of a content."""
        path = self._blobs / piece.file.digest
        if not path.is_file():
            raise ModelUnavailable(
                f"{self._blobs} holds no {piece.file.digest} ({piece.file.name}): the image must "
                "have the model's files as layers of their own, as oras push makes it"
            )
        with path.open("rb") as stream:
            stream.seek(piece.offset)
            yield stream


def source_for(manifest: Manifest, places: Places, web: WebSettings, wanted: str = "") -> Source:
    """Return where to fetch a model from.

    ``wanted`` is ``index``, the name of a hub, or a folder (of files, wheels, or an OCI layout);
    empty takes the index for files in parts, otherwise the first origin of the manifest.
    Raises SettingsError for a place the manifest does not name.
    """
    if wanted == "index" or (not wanted and any(file.parts for file in manifest.files)):
        return PackageIndex(places.pip)
    if wanted and wanted not in tuple(Hub):
        folder = Path(wanted)
        return OciLayout(folder) if (folder / "oci-layout").exists() else _folder(folder)
    for origin in manifest.origins:
        if not wanted or origin.hub == wanted:
            return HubFiles(Web(web), _base(places, origin.hub), origin)
    raise SettingsError(
        f"{manifest.name}: its manifest does not say where it is "
        f"{f'at {wanted}' if wanted else 'kept'}; name a folder with --from"
    )


def _base(places: Places, hub: Hub) -> str:
    match hub:
        case Hub.MODELSCOPE:
            return places.modelscope
        case Hub.HUGGINGFACE:
            return places.huggingface
        case Hub.OCI:
            return places.oci


def _folder(folder: Path) -> Folder:
    if not folder.is_dir():
        raise SettingsError(f"{folder} is neither a folder nor one of index, {', '.join(Hub)}")
    return Folder(folder)


def _check_layout(folder: Path) -> None:
    try:
        version = json.loads((folder / "oci-layout").read_text("utf-8"))["imageLayoutVersion"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsError(f"{folder} is no OCI layout: {error!r}") from error
    if not str(version).startswith("1."):
        raise SettingsError(f"{folder} is an OCI layout of version {version}; 1.x is read")
