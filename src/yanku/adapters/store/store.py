"""Keeps models on disk: pulled once, verified, moved into place in one step.

root/
  NAME-VERSION/           the files, and stored.json with their digests
  .staging/NAME-VERSION/  a pull under way, or interrupted
  .locks/NAME-VERSION     held while pulling
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from yanku.adapters.store.convert import CONVERTERS, Converter
from yanku.adapters.store.digests import Expected, check_files, digest_of
from yanku.adapters.store.manifest import Manifest, bundled_manifests
from yanku.adapters.store.sources import PackageIndex, Source
from yanku.adapters.store.staging import OnProgress, Stage, Staging, sync_folder
from yanku.errors import ModelCorrupt, ModelMissing, NotFound, SettingsError, StoreError
from yanku.model.document import Digest

_RECORD = "stored.json"
_SPARE = 64 << 20
_WORKERS = 4


@dataclass(frozen=True, slots=True)
class Stored:
    """A manifest, and the folder its files are in, None if they are not here; size in bytes."""

    manifest: Manifest
    folder: Path | None
    size: int


class ModelStore:
    """The models under a folder. Safe to use from several processes; blocks while it works.

    ``manifests`` default to those of this package; ``source`` to the machine's package index.
    """

    def __init__(
        self,
        root: Path,
        manifests: Mapping[str, Manifest] | None = None,
        source: Source | None = None,
        converters: Mapping[str, Converter] = CONVERTERS,
    ) -> None:
        self._root = root
        self._manifests = bundled_manifests() if manifests is None else manifests
        self._source = source or PackageIndex()
        self._converters = converters

    def manifest(self, name: str) -> Manifest:
        """Return a manifest by name; raise NotFound."""
        if name not in self._manifests:
            known = ", ".join(sorted(self._manifests)) or "none"
            raise NotFound(f"no model is called {name!r}; known are: {known}")
        return self._manifests[name]

    def list(self) -> tuple[Stored, ...]:
        """Return every known model by name, here or not."""
        return tuple(self._stored(self._manifests[name]) for name in sorted(self._manifests))

    def path(self, name: str) -> Path:
        """Return the folder of a model's files, not verified; raise ModelMissing."""
        folder = self._folder(self.manifest(name))
        if not (folder / _RECORD).is_file():
            raise ModelMissing(f"{name} is not on this machine; run: yanku models pull {name}")
        return folder

    def verify(self, name: str) -> Path:
        """Read every file of a model and return its folder; raise ModelMissing or ModelCorrupt."""
        folder = self.path(name)
        check_files(folder, _recorded(folder), mend=f"Run: yanku models pull {name}")
        return folder

    def remove(self, name: str) -> None:
        """Delete a model's files and what an interrupted pull left; nothing there is no error."""
        manifest = self.manifest(name)
        with self._locked(manifest):
            self._discard(self._folder(manifest))
            self._discard(self._staging(manifest))

    def pull(
        self, name: str, on_progress: OnProgress | None = None, source: Source | None = None
    ) -> Path:
        """Bring a model to this machine and return its folder; nothing to do if it is sound.

        May be interrupted and repeated at any time: what has arrived whole is kept. A second pull
        of the same model waits for the first. Raises ModelCorrupt, ModelUnavailable, and
        StoreError if the disk is too small.
        """
        manifest, tell = self.manifest(name), on_progress or _silent
        if manifest.convert and manifest.convert not in self._converters:
            raise SettingsError(f"{name}: there is no conversion called {manifest.convert!r}")
        with self._locked(manifest):
            if not self._sound(name):
                self._discard(self._folder(manifest))
                self._bring(manifest, source or self._source, tell)
            return self._folder(manifest)

    def _bring(self, manifest: Manifest, source: Source, tell: OnProgress) -> None:
        at = self._staging(manifest)
        at.mkdir(parents=True, exist_ok=True)
        for left in at.glob("finished-*"):
            shutil.rmtree(left)
        staging = Staging(at, manifest, source, _WORKERS)
        self._check_space(manifest, staging)
        staging.assemble(tell)
        finished = Path(tempfile.mkdtemp(dir=at, prefix="finished-"))
        finished.chmod(0o755)
        self._finish(manifest, staging, finished, tell)
        finished.rename(self._folder(manifest))
        sync_folder(self._root)
        self._discard(at)

    def _finish(self, manifest: Manifest, staging: Staging, into: Path, tell: OnProgress) -> None:
        """Fill a folder with the files as they will stay, and the record of their digests.

        A folder of its own for each try: a converter that outlived a killed pull cannot write here.
        """
        for file in manifest.files:
            _link(staging.files / file.name, into / file.name)
        if manifest.convert:
            total = manifest.converted_size
            self._converters[manifest.convert](
                into, lambda done: tell(Stage.CONVERT, min(done, total), total)
            )
            tell(Stage.CONVERT, total, total)
        _record(manifest, into)

    def _check_space(self, manifest: Manifest, staging: Staging) -> None:
        # A part in flight is there as a wheel, and once more while pip moves it.
        in_flight = 2 * _WORKERS * staging.largest_piece() if staging.bytes_missing() else 0
        needed = staging.bytes_missing() + in_flight + manifest.converted_size + _SPARE
        free = shutil.disk_usage(self._root).free
        if free < needed:
            raise StoreError(
                f"{manifest.name} needs {needed / 1e9:.1f} GB under {self._root} while it is "
                f"pulled, and {free / 1e9:.1f} GB are free; free some, or choose another folder"
            )

    def _sound(self, name: str) -> bool:
        try:
            self.verify(name)
        except (ModelMissing, ModelCorrupt):
            return False
        return True

    def _stored(self, manifest: Manifest) -> Stored:
        folder = self._folder(manifest)
        if not (folder / _RECORD).is_file():
            return Stored(manifest, None, 0)
        return Stored(manifest, folder, sum(path.stat().st_size for path in folder.iterdir()))

    def _folder(self, manifest: Manifest) -> Path:
        return self._root / f"{manifest.name}-{manifest.version}"

    def _staging(self, manifest: Manifest) -> Path:
        return self._root / ".staging" / f"{manifest.name}-{manifest.version}"

    def _discard(self, folder: Path) -> None:
        """Remove a folder; the record goes first, so that a half removed one is no model."""
        (folder / _RECORD).unlink(missing_ok=True)
        if folder.exists():
            shutil.rmtree(folder)

    @contextmanager
    def _locked(self, manifest: Manifest) -> Iterator[None]:
        """Hold the model's lock; the system lets go of it when this process ends, however."""
        locks = self._root / ".locks"
        locks.mkdir(parents=True, exist_ok=True)
        with (locks / f"{manifest.name}-{manifest.version}").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def _silent(stage: Stage, done: int, total: int) -> None:
    """Tell nobody."""


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links
        shutil.copyfile(source, target)


def _record(manifest: Manifest, folder: Path) -> None:
    """Write the digests of the files that stay, everything synced, the record last."""
    files = []
    for path in sorted(folder.iterdir()):
        with path.open("rb") as stream:
            os.fsync(stream.fileno())
        files.append({"name": path.name, "size": path.stat().st_size, "sha256": digest_of(path)})
    record = {
        "name": manifest.name,
        "version": manifest.version,
        "licence": manifest.licence,
        "source": manifest.source,
        "fetched": [{"name": file.name, "sha256": file.digest} for file in manifest.files],
        "convert": manifest.convert,
        "files": files,
    }
    with (folder / _RECORD).open("w", encoding="utf-8") as stream:
        json.dump(record, stream, indent=1, ensure_ascii=False)
        stream.flush()
        os.fsync(stream.fileno())
    sync_folder(folder)


def _recorded(folder: Path) -> list[Expected]:
    try:
        record = json.loads((folder / _RECORD).read_text("utf-8"))
        return [
            Expected(str(file["name"]), int(file["size"]), Digest(str(file["sha256"])))
            for file in record["files"]
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise ModelCorrupt(
            f"{folder / _RECORD} cannot be read ({error!r}); the model is not loaded. "
            "Pull it again."
        ) from error
