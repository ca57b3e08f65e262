"""How much memory the graphics processors of this machine have and use, as their driver says."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Sequence

from yanku.model.meter import Reading
from yanku.model.meters import GPU_MEMORY, GPU_MEMORY_USED

READ = (GPU_MEMORY, GPU_MEMORY_USED)
"""What ``GpuMemory.readings`` tells."""

_TOOL = "nvidia-smi"
_QUERY = ("--query-gpu=index,memory.used,memory.total", "--format=csv,noheader,nounits")
_PATIENCE_S = 3.0
_MIB = 1024 * 1024
_log = logging.getLogger(__name__)


class GpuMemory:
    """Asks the driver's own tool; where there is none, there is nothing to tell."""

    def __init__(self) -> None:
        self._tool = shutil.which(_TOOL)

    async def readings(self) -> Sequence[Reading]:
        """Return the memory of each processor, in bytes; nothing where the tool does not answer."""
        if self._tool is None:
            return ()
        try:
            said = await asyncio.wait_for(self._asked(self._tool), _PATIENCE_S)
            return [each for line in said.splitlines() for each in _read(line)]
        except (OSError, TimeoutError, ValueError) as error:
            _log.warning("%s does not tell the memory of the GPUs: %s", _TOOL, error)
            return ()

    @staticmethod
    async def _asked(tool: str) -> str:
        child = await asyncio.create_subprocess_exec(
            tool,
            *_QUERY,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            said, _ = await child.communicate()
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
        if child.returncode:
            raise OSError(f"it ended with {child.returncode}")
        return said.decode("ascii", "replace")


def _read(line: str) -> tuple[Reading, ...]:
    """Return used and whole memory from ``0, 1024, 81920`` (MiB); raise ValueError."""
    if not line.strip():
        return ()
    number, used, whole = (part.strip() for part in line.split(","))
    return (
        Reading(GPU_MEMORY_USED, float(used) * _MIB, (number,)),
        Reading(GPU_MEMORY, float(whole) * _MIB, (number,)),
    )
