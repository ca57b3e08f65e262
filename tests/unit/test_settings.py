"""Settings: read at start, refused when unsafe."""

from pathlib import Path

import pytest

from yanku.errors import SettingsError
from yanku.settings import load_settings


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("YANKU_HOME", "YANKU_SERVER__PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("YANKU_CACHE", str(tmp_path / "cache"))


def write(home: Path, text: str) -> None:
    (home / "yanku.toml").write_text(text, "utf-8")


def test_nothing_needs_to_be_set(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    assert settings.home == tmp_path
    assert settings.server.host == "127.0.0.1"


def test_the_file_is_read_and_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "[server]\nport = 1234\nsession_hours = 3\n")
    assert load_settings(tmp_path).server.port == 1234
    monkeypatch.setenv("YANKU_SERVER__PORT", "4321")
    server = load_settings(tmp_path).server
    assert (server.port, server.session_hours) == (4321, 3)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[server]\nhost = "0.0.0.0"\n', "server.host"),
        ('[model]\nurl = "http://models.example/v1"\n', "model.url"),
        ('[model]\nurls = ["https://a.example/v1", "http://b.example/v1"]\n', "model.url"),
        ("[routing]\nattempts = 0\n", "routing.attempts"),
        ('[embedder]\nurl = "http://10.1.2.3/v1"\n', "embedder.url"),
        ("[server]\nport = 99999\n", "server.port"),
        ("[server]\nprot = 1\n", "server.prot"),
        ('[server]\ncertificate = "a.pem"\n', "private_key"),
        ("[server\n", "yanku.toml"),
    ],
)
def test_an_unsafe_or_wrong_value_refuses_to_start_and_is_named(
    tmp_path: Path, text: str, named: str
) -> None:
    write(tmp_path, text)
    with pytest.raises(SettingsError, match=named):
        load_settings(tmp_path)


def test_development_allows_what_is_unsafe_elsewhere(tmp_path: Path) -> None:
    write(tmp_path, 'development = true\n[server]\nhost = "0.0.0.0"\n')
    assert load_settings(tmp_path).server.host == "0.0.0.0"  # noqa: S104 - the point of the test


def test_a_secret_is_not_printed(tmp_path: Path) -> None:
    write(tmp_path, '[model]\napi_key = "sk-very-secret"\n')
    assert "very-secret" not in repr(load_settings(tmp_path))
