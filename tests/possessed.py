"""A sandbox whose children run a test's own code behind the same walls."""

from __future__ import annotations

import sys
import textwrap

from yanku.adapters.sandbox import SandboxReader
from yanku.adapters.sandbox_nursery import Nursery

MIB = 1024**2

HEAD = """
    import ctypes, json, os, signal, socket, subprocess, sys
    from pathlib import Path
    from yanku.adapters import sandbox_child as child, sandbox_template as template
    def answer(request, path, out):
        home = Path(request["folder"])
"""
TAIL = """
child._answer = answer
if len(sys.argv) == 1:
    sys.exit(child.main())
template._IMPORTED = ()
sys.exit(template.run(int(sys.argv[1]), int(sys.argv[2]), child.main, sees="sees" in sys.argv))
"""


class Possessed(SandboxReader):
    """A sandbox whose child runs the given code behind the same walls, instead of a reader."""

    def __init__(self, code: str, way: str = "forked", **settings: float) -> None:
        body = textwrap.indent(textwrap.dedent(code), " " * 4)
        self._child = [sys.executable, "-I", "-c", textwrap.dedent(HEAD) + body + TAIL]
        self.nursery = Nursery(self._child if way == "forked" else ["/bin/false"])
        super().__init__(
            memory_bytes=int(settings.get("memory_bytes", 512 * MIB)),
            wall_time_s=settings.get("wall_time_s", 60),
            result_bytes=MIB,
            nursery=self.nursery,
        )

    def _command(self) -> list[str]:
        return self._child
