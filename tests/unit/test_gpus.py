"""The memory of GPUs is told as the driver's tool says it, and nothing where it says nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from yanku.adapters.gpus import GpuMemory
from yanku.model.meters import GPU_MEMORY, GPU_MEMORY_USED

MIB = 1024 * 1024


def _tool(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    tool = folder / "nvidia-smi"
    tool.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


async def test_each_gpu_is_told_with_what_it_uses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _tool(tmp_path, monkeypatch, "printf '0, 1024, 81920\\n1, 5, 97871\\n'")
    told = {(r.meter, r.labels): r.value for r in await GpuMemory().readings()}
    assert told == {
        (GPU_MEMORY_USED, ("0",)): 1024 * MIB,
        (GPU_MEMORY, ("0",)): 81920 * MIB,
        (GPU_MEMORY_USED, ("1",)): 5 * MIB,
        (GPU_MEMORY, ("1",)): 97871 * MIB,
    }


@pytest.mark.parametrize("script", ["exit 9", "echo 'No devices were found'", "echo '0, [N/A], 5'"])
async def test_a_tool_that_fails_or_says_something_else_tells_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    _tool(tmp_path, monkeypatch, script)
    assert list(await GpuMemory().readings()) == []


async def test_a_tool_that_hangs_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yanku.adapters.gpus._PATIENCE_S", 0.2)
    _tool(tmp_path, monkeypatch, "exec sleep 60")
    assert list(await GpuMemory().readings()) == []


async def test_without_the_tool_there_is_nothing_to_tell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert list(await GpuMemory().readings()) == []
