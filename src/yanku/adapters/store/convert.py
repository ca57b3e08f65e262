"""Turns a fetched model into the form its engine loads fast, in a process of its own.

Run as a program, it converts the GGUF file named as its first argument: ``LLMPipeline`` writes the
OpenVINO files beside it, which are packed anew if the second argument says so.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from yanku.adapters.store.packing import pack
from yanku.errors import ModelUnavailable

_POLL_S = 0.5
PLAIN, EIGHT_BITS = "openvino-ir", "openvino-ir-8bit"
"""The weights as the file has them, or in eight bits (``packing``), larger and faster."""

OnBytes = Callable[[int], None]
Converter = Callable[[Path, OnBytes], None]
"""Called with the folder of the fetched files, a copy to work in; replaces them by its own."""


def to_openvino_ir(folder: Path, on_bytes: OnBytes, form: str = PLAIN) -> None:
    """Replace the one GGUF file of a folder by OpenVINO files; raise ModelUnavailable."""
    gguf = next(folder.glob("*.gguf"))
    command = [sys.executable, "-m", "yanku.adapters.store.convert", str(gguf), form]
    log = folder / "convert.log"
    with log.open("wb") as said:
        # The child watches its standard input, and ends when this process does.
        child = subprocess.Popen(  # noqa: S603 - our own program
            command, stdin=subprocess.PIPE, stdout=said, stderr=said, cwd=folder
        )
        try:
            while child.poll() is None:
                on_bytes(sum(path.stat().st_size for path in folder.glob("openvino_*")))
                _pause(child)
        finally:
            child.kill()
            child.communicate()
    made = {path.name for path in folder.glob("openvino_*")}
    if child.returncode != 0 or not {"openvino_model.xml", "openvino_model.bin"} <= made:
        last = log.read_text("utf-8", "replace").strip()[-800:]
        raise ModelUnavailable(
            f"converting {gguf.name} ended with exit code {child.returncode}: {last}. Free memory "
            "(about 4 GB are needed), then pull again; nothing is fetched anew."
        )
    log.unlink()
    gguf.unlink()


def _pause(child: subprocess.Popen[bytes]) -> None:
    try:
        child.wait(_POLL_S)
    except subprocess.TimeoutExpired:
        return


CONVERTERS: Mapping[str, Converter] = {
    PLAIN: to_openvino_ir,
    EIGHT_BITS: partial(to_openvino_ir, form=EIGHT_BITS),
}


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(3)


def _main() -> None:
    import openvino_genai

    threading.Thread(target=_end_with_parent, daemon=True).start()
    gguf, form = sys.argv[1:3]
    openvino_genai.LLMPipeline(gguf, "CPU", enable_save_ov_model=True)
    if form == EIGHT_BITS:
        pack(Path(gguf).parent)
    # Nothing is left to do; the engine's own teardown is slow.
    os._exit(0)


if __name__ == "__main__":
    _main()
