"""A damaged model is never given out, and only what is damaged of it is fetched again."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.servers import Hub as Server
from tests.servers import serve

from yanku.adapters.store import File, Folder, Hub, Manifest, ModelStore, Origin
from yanku.adapters.store.convert import OnBytes
from yanku.adapters.store.digests import BLOCK, Expected, blocks_of, marks_of, survey
from yanku.adapters.store.hubs import Places, source_for
from yanku.adapters.store.staging import _bytes_in
from yanku.adapters.store.web import WebSettings
from yanku.errors import ModelCorrupt, ModelUnavailable
from yanku.model.document import Digest

CHANCE = random.Random(17)
LARGE, SMALL = CHANCE.randbytes(3 * BLOCK + 777), CHANCE.randbytes(5000)


def file(name: str, content: bytes) -> File:
    return File(name, len(content), Digest(hashlib.sha256(content).hexdigest()))


FILES = (file("large.bin", LARGE), file("small.bin", SMALL))
LITTLE = Manifest("little", "CC0", "here", FILES, origins=(Origin(Hub.HUGGINGFACE, "a/little"),))
ADDRESS = "/a/little/resolve/main/"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    files = {f"{ADDRESS}large.bin": LARGE, f"{ADDRESS}small.bin": SMALL}
    with serve(Server(files)) as running:
        yield running


@pytest.fixture
def models(tmp_path: Path, server: Server) -> ModelStore:
    made = store(tmp_path, server)
    made.pull("little")
    server.asked.clear()
    return made


def store(root: Path, server: Server, **changes: object) -> ModelStore:
    places = Places(huggingface=server.url)
    return ModelStore(
        root / "models",
        {"little": replace(LITTLE, **changes)},  # type: ignore[arg-type]
        converters={"upper": upper, "always-other": always_other},
        choose=lambda manifest: source_for(manifest, places, WebSettings()),
    )


def upper(folder: Path, _: OnBytes) -> None:
    (folder / "small.bin").rename(folder / "converted.bin")


def always_other(folder: Path, _: OnBytes) -> None:
    (folder / "converted.bin").write_bytes(os.urandom(99))


def flip(path: Path, at: int) -> None:
    with path.open("r+b") as stream:
        stream.seek(at)
        byte = stream.read(1)
        stream.seek(at)
        stream.write(bytes([byte[0] ^ 1]))


@pytest.mark.parametrize("seed", range(12))
def test_one_flipped_bit_anywhere_is_found_and_costs_one_block(
    models: ModelStore, server: Server, seed: int
) -> None:
    chance = random.Random(seed)
    damaged = models.path("little") / chance.choice(["large.bin", "small.bin"])
    flip(damaged, chance.randrange(damaged.stat().st_size))
    with pytest.raises(ModelCorrupt, match=damaged.name):
        models.verify("little")
    folder = models.sound("little")
    assert (folder / "large.bin").read_bytes() == LARGE
    assert (folder / "small.bin").read_bytes() == SMALL
    assert server.sent <= BLOCK


def test_whoever_has_the_old_file_open_goes_on_reading_it(models: ModelStore) -> None:
    path = models.path("little") / "large.bin"
    flip(path, 10)
    with path.open("rb") as stream:
        models.mend("little")
        stream.seek(BLOCK)
        assert stream.read() == LARGE[BLOCK:]
    assert path.read_bytes() == LARGE


@pytest.mark.parametrize("damage", ["missing", "short", "record", "folder"])
def test_other_damage_is_mended_too(models: ModelStore, damage: str) -> None:
    folder = models.path("little")
    match damage:
        case "missing":
            (folder / "small.bin").unlink()
        case "short":
            os.truncate(folder / "large.bin", BLOCK + 5)
        case "record":
            (folder / "stored.json").write_text("[]")
        case _:
            (folder / "small.bin").unlink()
            (folder / "small.bin").mkdir()
            with pytest.raises(ModelCorrupt):
                models.verify("little")
            return
    with pytest.raises(ModelCorrupt):
        models.verify("little")
    models.mend("little")
    assert (models.verify("little") / "large.bin").read_bytes() == LARGE


def test_what_cannot_be_mended_is_not_given_out(models: ModelStore, server: Server) -> None:
    flip(models.path("little") / "small.bin", 0)
    whole, server.files = server.files, {}
    try:
        with pytest.raises(ModelUnavailable):
            models.sound("little")
        with pytest.raises(ModelCorrupt):
            models.verify("little")
    finally:
        server.files = whole


def test_a_sound_model_is_left_alone(models: ModelStore, server: Server) -> None:
    before = {path.name: path.stat().st_ino for path in models.path("little").iterdir()}
    assert models.mend("little") == ()
    assert {path.name: path.stat().st_ino for path in models.path("little").iterdir()} == before
    assert server.asked == []


@pytest.mark.parametrize("convert", ["upper", "always-other"])
def test_a_converted_model_is_converted_anew(tmp_path: Path, server: Server, convert: str) -> None:
    models = store(tmp_path, server, convert=convert)
    folder = models.pull("little")
    flip(folder / "converted.bin", 4)
    assert models.sound("little") == folder
    models.verify("little")


def test_a_record_of_an_older_release_is_read_and_renewed(models: ModelStore) -> None:
    record = models.path("little") / "stored.json"
    said = json.loads(record.read_text())
    del said["block"]
    for stored in said["files"]:
        del stored["blocks"], stored["blake3"]
    record.write_text(json.dumps(said))
    models.verify("little")
    models.pull("little")
    assert len(json.loads(record.read_text())["files"][0]["blocks"]) == 4
    assert len(json.loads(record.read_text())["files"][0]["blake3"]) == 4


def test_a_survey_names_every_bad_block(tmp_path: Path) -> None:
    path = tmp_path / "large.bin"
    path.write_bytes(LARGE)
    sha, quick = marks_of(path)
    assert sha == blocks_of(path)
    known = [
        Expected("large.bin", len(LARGE), FILES[0].digest, sha),
        Expected("large.bin", len(LARGE), FILES[0].digest, sha, quick),
    ]
    assert all(survey(tmp_path, [expected]) == () for expected in known)
    for at in (5, 2 * BLOCK + 9):
        flip(path, at)
    for expected in known:
        (damage,) = survey(tmp_path, [expected])
        assert damage.blocks == (0, 2)


def test_two_models_share_what_they_have_in_common(tmp_path: Path, server: Server) -> None:
    extra = tmp_path / "extra"
    extra.mkdir()
    (extra / "more.bin").write_bytes(b"more")
    big = Manifest("big", "CC0", "here", (FILES[0], file("more.bin", b"more")))
    first = store(tmp_path, server)
    first.pull("little")
    second = ModelStore(tmp_path / "models", {"big": big}, Folder(extra))
    shared = second.pull("big") / "large.bin"
    assert shared.samefile(first.path("little") / "large.bin")


def test_collecting_frees_what_nothing_needs_and_nothing_else(
    tmp_path: Path, server: Server
) -> None:
    old = store(tmp_path, server)
    old.pull("little")
    newer = (file("small.bin", SMALL),)
    new = store(tmp_path, server, files=newer)
    new.pull("little")
    assert new.collect(keep_versions=1) == 0
    freed = new.collect(keep_versions=0)
    assert len(LARGE) <= freed < len(LARGE) + 10_000
    assert (new.verify("little") / "small.bin").read_bytes() == SMALL
    new.remove("little")
    left = [path for path in (tmp_path / "models").rglob("*") if path.is_file()]
    assert [path.parent.name for path in left] == [".locks", ".locks"]


def test_an_interrupted_pull_is_kept_for_its_next_try_and_one_of_another_version_is_not(
    tmp_path: Path, server: Server
) -> None:
    models = store(tmp_path, server, files=(*FILES, file("gone.bin", b"gone")))
    with pytest.raises(ModelUnavailable):
        models.pull("little")
    assert models.collect() == 0
    assert store(tmp_path, server).collect() >= len(LARGE)


def test_counting_what_has_come_bears_folders_that_go_meanwhile(tmp_path: Path) -> None:
    going = threading.Event()

    def come_and_go() -> None:
        while not going.is_set():
            for n in range(20):
                (tmp_path / f"unpack-{n}" / "deep").mkdir(parents=True)
            for n in range(20):
                shutil.rmtree(tmp_path / f"unpack-{n}")

    (tmp_path / "kept").write_bytes(b"12345")
    other = threading.Thread(target=come_and_go)
    other.start()
    try:
        assert {_bytes_in(tmp_path) for _ in range(300)} == {5}
    finally:
        going.set()
        other.join()
