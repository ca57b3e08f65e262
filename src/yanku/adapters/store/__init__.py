"""The store that brings models to this machine, whole and verified."""

from yanku.adapters.store.manifest import (
    File,
    Hub,
    Manifest,
    Origin,
    Part,
    bundled_manifests,
    read_manifest,
    read_manifests,
)
from yanku.adapters.store.signing import Trust
from yanku.adapters.store.sources import Folder, PackageIndex, Piece, Source
from yanku.adapters.store.staging import OnProgress, Stage
from yanku.adapters.store.store import ModelStore, Stored

__all__ = [
    "File",
    "Folder",
    "Hub",
    "Manifest",
    "ModelStore",
    "OnProgress",
    "Origin",
    "PackageIndex",
    "Part",
    "Piece",
    "Source",
    "Stage",
    "Stored",
    "Trust",
    "bundled_manifests",
    "read_manifest",
    "read_manifests",
]
