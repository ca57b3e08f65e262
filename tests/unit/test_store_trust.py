"""A manifest that nobody trusted signed is never used."""

from __future__ import annotations

from pathlib import Path

import pytest

from yanku.adapters.store import ModelStore, Trust, read_manifests
from yanku.adapters.store.drafting import draft
from yanku.adapters.store.signing import new_key, sign, signature_of
from yanku.errors import ModelUntrusted, SettingsError


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    files, manifests = tmp_path / "files", tmp_path / "manifests"
    files.mkdir()
    manifests.mkdir()
    (files / "weights.bin").write_bytes(b"weights" * 1000)
    path = manifests / "own.toml"
    path.write_text(draft(files, {"name": "own", "licence": "CC0", "source": "made here"}))
    return path


def names(manifest: Path, trust: Trust) -> tuple[set[str], set[str]]:
    kept, refused = read_manifests(manifest.parent, trust)
    return set(kept), set(refused)


def test_an_unsigned_manifest_is_refused_unless_the_setting_allows_it(manifest: Path) -> None:
    assert names(manifest, Trust()) == (set(), {"own"})
    assert names(manifest, Trust(unsigned=True)) == ({"own"}, set())


def test_a_manifest_signed_by_a_trusted_key_is_used(manifest: Path, tmp_path: Path) -> None:
    public = new_key(tmp_path / "key")
    sign(manifest, tmp_path / "key")
    assert names(manifest, Trust([public])) == ({"own"}, set())


def test_a_manifest_signed_by_another_key_is_refused_even_where_unsigned_ones_are_not(
    manifest: Path, tmp_path: Path
) -> None:
    trusted = new_key(tmp_path / "key")
    new_key(tmp_path / "other")
    sign(manifest, tmp_path / "other")
    assert names(manifest, Trust([trusted], unsigned=True)) == (set(), {"own"})


@pytest.mark.parametrize("change", [b"# a remark\n", b"\n"])
def test_one_byte_more_breaks_the_signature(manifest: Path, tmp_path: Path, change: bytes) -> None:
    public = new_key(tmp_path / "key")
    sign(manifest, tmp_path / "key")
    manifest.write_bytes(manifest.read_bytes() + change)
    with pytest.raises(ModelUntrusted, match="is not what key"):
        Trust([public], unsigned=True).check(manifest)


def test_what_is_no_signature_is_refused(manifest: Path, tmp_path: Path) -> None:
    signature_of(manifest).write_text("this is signed, honestly\n")
    with pytest.raises(ModelUntrusted, match="no signature"):
        Trust([new_key(tmp_path / "key")], unsigned=True).check(manifest)


def test_the_private_key_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    new_key(tmp_path / "key")
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        new_key(tmp_path / "key")


def test_a_key_that_is_none_is_named(manifest: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="trusted_keys"):
        Trust(["bm90IGEga2V5"])
    (tmp_path / "key").write_text("nonsense")
    with pytest.raises(SettingsError, match="no private key"):
        sign(manifest, tmp_path / "key")


def test_pulling_a_refused_model_says_why_it_is_refused(manifest: Path, tmp_path: Path) -> None:
    kept, refused = read_manifests(manifest.parent, Trust())
    models = ModelStore(tmp_path / "models", kept, refused=refused)
    with pytest.raises(ModelUntrusted, match="not signed"):
        models.pull("own")
