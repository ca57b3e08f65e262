"""What the store wrote down about a model it keeps: its files, their digests, block by block."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from yanku.adapters.store.digests import BLOCK, Expected, digest_of, marks_of
from yanku.adapters.store.manifest import Manifest
from yanku.errors import ModelCorrupt
from yanku.model.document import Digest

RECORD = "stored.json"


def write_record(manifest: Manifest, folder: Path) -> list[Expected]:
    """Write the digests of the files in a folder, everything synced, the record last."""
    whole = {} if manifest.convert else {file.name: file.digest for file in manifest.files}
    left_out = {RECORD, f"{RECORD}.part"}
    files = [
        _described(path, whole.get)
        for path in sorted(folder.iterdir())
        if path.name not in left_out
    ]
    record = {
        "name": manifest.name,
        "version": manifest.version,
        "licence": manifest.licence,
        "source": manifest.source,
        "revision": manifest.revision,
        "fetched": [{"name": file.name, "sha256": file.digest} for file in manifest.files],
        "convert": manifest.convert,
        "block": BLOCK,
        "files": [
            {
                "name": file.name,
                "size": file.size,
                "sha256": file.digest,
                "blocks": file.blocks,
                "blake3": file.quick,
            }
            for file in files
        ],
    }
    partial = folder / f"{RECORD}.part"
    with partial.open("w", encoding="utf-8") as stream:
        json.dump(record, stream, indent=1, ensure_ascii=False)
        stream.flush()
        os.fsync(stream.fileno())
    partial.rename(folder / RECORD)
    sync_folder(folder)
    return files


def read_record(folder: Path) -> list[Expected]:
    """Return what the files of a folder must be; raise ModelCorrupt if the record is damaged."""
    try:
        record = json.loads((folder / RECORD).read_text("utf-8"))
        ours = record.get("block", BLOCK) == BLOCK
        return [_expected(file, ours) for file in record["files"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelCorrupt(
            f"{folder / RECORD} cannot be read ({error!r}); the model is not loaded. Pull it again."
        ) from error


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _described(path: Path, whole: Callable[[str], Digest | None]) -> Expected:
    """Return what a file is, read once for its blocks; the whole's digest may be known already."""
    with path.open("rb") as stream:
        os.fsync(stream.fileno())
    size, known = path.stat().st_size, whole(path.name)
    if size <= BLOCK:
        return Expected(path.name, size, known or digest_of(path))
    with ThreadPoolExecutor(1) as beside:
        digest = beside.submit(digest_of, path) if known is None else None
        marks = marks_of(path)
        return Expected(path.name, size, known or digest.result(), *marks)  # type: ignore[union-attr]


def _expected(file: dict[str, Any], ours: bool) -> Expected:
    """Return what a file must be. Blocks of another size than ours, or too few, are not used."""
    size = int(file["size"])
    blocks, quick = (
        tuple(Digest(str(digest)) for digest in file.get(kind, ())) if ours else ()
        for kind in ("blocks", "blake3")
    )
    if len(blocks) != -(-size // BLOCK):
        blocks = ()
    if len(quick) != len(blocks):
        quick = ()
    return Expected(str(file["name"]), size, Digest(str(file["sha256"])), blocks, quick)
