"""The store that brings models to this machine, whole and verified."""

from yanku.adapters.store.manifest import File, Manifest, Part, bundled_manifests, read_manifests
from yanku.adapters.store.sources import Folder, PackageIndex, Piece, Source
from yanku.adapters.store.staging import OnProgress, Stage
from yanku.adapters.store.store import ModelStore, Stored

__all__ = [
    "File",
    "Folder",
    "Manifest",
    "ModelStore",
    "OnProgress",
    "PackageIndex",
    "Part",
    "Piece",
    "Source",
    "Stage",
    "Stored",
    "bundled_manifests",
    "read_manifests",
]
