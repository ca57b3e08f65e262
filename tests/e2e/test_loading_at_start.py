"""A server has its model ready before anybody asks, unless told otherwise."""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import pytest
from tests.e2e.conftest import Served, serving

_SAID, _PATIENCE_S = "no model yet: ", 30
"""What is said when loading has failed: there is no model in an empty cache."""


def log_of(served: Served) -> str:
    return served.home.with_suffix(".log").read_text("utf-8")


def test_a_server_loads_its_model_unasked_and_serves_without_one(tmp_path: Path) -> None:
    with serving(YANKU_CACHE=str(tmp_path), YANKU_MODEL__LOAD_AT_START="true") as served:
        until = time.monotonic() + _PATIENCE_S
        while _SAID not in log_of(served) and time.monotonic() < until:
            time.sleep(0.1)
        assert "yanku models pull" in log_of(served).partition(_SAID)[2]
        assert httpx.get(f"{served.address}/healthz").status_code == 200


@pytest.mark.parametrize(
    "settings",
    [
        {"YANKU_MODEL__LOAD_AT_START": "false"},
        {"YANKU_MODEL__LOAD_AT_START": "true", "YANKU_MODEL__URL": "http://127.0.0.1:9/v1"},
    ],
)
def test_nothing_is_loaded_that_is_not_to_be(settings: dict[str, str], tmp_path: Path) -> None:
    with serving(YANKU_CACHE=str(tmp_path), **settings) as served:
        # It tries the model, which takes longer than beginning to load one.
        ready = httpx.get(f"{served.address}/readyz", timeout=_PATIENCE_S)
        assert ready.json()["model"] != "ok"
        assert _SAID not in log_of(served)
