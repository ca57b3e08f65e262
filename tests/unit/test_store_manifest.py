"""A manifest that contradicts itself is refused before anything is fetched."""

from __future__ import annotations

from pathlib import Path

import pytest

from yanku.adapters.store import Trust, bundled_manifests, read_manifests
from yanku.errors import SettingsError

DIGEST = "0" * 64
GOOD = f"""
name = "little"
licence = "CC0"
source = "here"

[[files]]
name = "little.bin"
size = 3
sha256 = "{DIGEST}"
parts = [
  {{ package = "a-part", version = "1", member = "a/x.bin", size = 1, sha256 = "{DIGEST}" }},
  {{ package = "b-part", version = "1", member = "b/x.bin", size = 2, sha256 = "{DIGEST}" }},
]
"""


def read(folder: Path, text: str) -> None:
    (folder / "little.toml").write_text(text)
    read_manifests(folder, Trust(unsigned=True))


def test_the_manifests_that_come_along_are_sound() -> None:
    manifest = bundled_manifests()["qwen2.5-coder-1.5b-instruct-q4"]
    assert manifest.licence == "Apache-2.0"
    assert manifest.size == 1_117_320_768
    assert len(manifest.files[0].parts) == 22


def test_an_operator_s_own_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "little.toml").write_text(GOOD)
    (tmp_path / "README").write_text("not a manifest")
    (manifest,) = read_manifests(tmp_path, Trust(unsigned=True))[0].values()
    assert [part.package for part in manifest.files[0].parts] == ["a-part", "b-part"]


def test_the_version_changes_with_any_byte(tmp_path: Path) -> None:
    (tmp_path / "little.toml").write_text(GOOD)
    before = read_manifests(tmp_path, Trust(unsigned=True))[0]["little"].version
    other = GOOD.replace(f'sha256 = "{DIGEST}"\nparts', f'sha256 = "{"1" * 64}"\nparts')
    (tmp_path / "little.toml").write_text(other)
    assert read_manifests(tmp_path, Trust(unsigned=True))[0]["little"].version != before


@pytest.mark.parametrize(
    ("good", "bad", "told"),
    [
        ('name = "little"', 'name = "../little"', "plain name"),
        ('name = "little.bin"', 'name = "/etc/passwd"', "plain name"),
        ('package = "a-part"', 'package = "--target=/etc"', "plain name"),
        ("size = 3", "size = 4", "add up"),
        (DIGEST, "beef", "SHA-256"),
        ('licence = "CC0"', "", "licence"),
        ("size = 1,", 'size = "one",', "manifest"),
        ("[[files]]", "[[files]", "manifest"),
    ],
)
def test_a_contradiction_is_refused(tmp_path: Path, good: str, bad: str, told: str) -> None:
    assert good in GOOD
    with pytest.raises(SettingsError, match=told):
        read(tmp_path, GOOD.replace(good, bad))
