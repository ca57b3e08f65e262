"""The server's end of the engine process: starts it, sends requests, hands out its tokens."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from yanku.errors import ModelUnavailable, Overloaded, YankuError

_Event = list[int] | YankuError | None
"""Tokens, a failure, or the end."""


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """Memory for prompts and answers in flight (GB), and threads, 0 for every core allowed."""

    kv_cache_gb: int = 1
    threads: int = 0


@dataclass(frozen=True, slots=True)
class EngineState:
    """What an engine did so far: steps, generations advanced over all of them and by the last one,
    and the parts of the cache of keys and values in use after it and at most.
    """

    requests: int = 0
    steps: int = 0
    batched: int = 0
    batch: int = 0
    kv_used: float = 0.0
    kv_peak: float = 0.0
    kv_bytes: int = 0

    def after(self, said: Mapping[str, Any]) -> EngineState:
        """Return the state after a step that says this."""
        steps, batched = self.steps + 1, self.batched + said["batch"]
        return EngineState(0, steps, batched, **said)


@dataclass(frozen=True, slots=True)
class _Job:
    loop: asyncio.AbstractEventLoop
    events: asyncio.Queue[_Event]

    def tell(self, event: _Event) -> None:
        """Hand over an event from another thread; a loop that is closed wants none."""
        with contextlib.suppress(RuntimeError):
            self.loop.call_soon_threadsafe(self.events.put_nowait, event)


class EngineProcess:
    """One engine. Making it starts the program, which gets ready while the files are verified.

    One thread writes, so that a full pipe never stops the caller's event loop, and one reads.
    """

    def __init__(self, settings: EngineSettings) -> None:
        self.dead = False
        self._settings = settings
        self._state = EngineState()
        self._jobs: dict[int, _Job] = {}
        self._ids = itertools.count(1)
        self._guard = threading.Lock()
        self._outbox: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        self._process = subprocess.Popen(
            [sys.executable, "-m", "yanku.adapters.openvino_engine"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            start_new_session=True,  # Ctrl-C is the server's to handle; it ends the engine itself
        )
        self._writer = threading.Thread(target=self._write, name="engine-write", daemon=True)
        self._reader = threading.Thread(target=self._read, name="engine-read", daemon=True)
        self._writer.start()

    def load(self, folder: Path) -> None:
        """Return when the model in a folder can answer; raise ModelUnavailable if it cannot."""
        self._outbox.put({"folder": str(folder), **asdict(self._settings)})
        if not self._line():
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(5)
            raise ModelUnavailable(f"the engine could not load {folder.name}: {self._last_words}")
        self._reader.start()

    async def generate(
        self, prompt: Sequence[int], max_tokens: int, temperature: float, schema: str = ""
    ) -> AsyncGenerator[list[int], None]:
        """Yield tokens as steps bring them; closing this cancels the request at the next step."""
        id, job = next(self._ids), _Job(asyncio.get_running_loop(), asyncio.Queue())
        with self._guard:
            if self.dead:
                raise self._gone()
            self._jobs[id] = job
        self._outbox.put(
            {
                "id": id,
                "prompt": prompt,
                "max_tokens": max_tokens,
                "temperature": temperature,
                "schema": schema,
            }
        )
        try:
            while (event := await job.events.get()) is not None:
                if isinstance(event, YankuError):
                    raise event
                yield event
        finally:
            with self._guard:
                unfinished = self._jobs.pop(id, None) is not None
            if unfinished:
                self._outbox.put({"cancel": id})

    @property
    def state(self) -> EngineState:
        """Return what it did so far, and how many requests it has now; an idle one has no batch."""
        requests = len(self._jobs)
        return replace(self._state, requests=requests, batch=self._state.batch if requests else 0)

    def close(self) -> None:
        """End the process at once: it keeps nothing that could be lost."""
        self._process.kill()
        self._process.wait()
        self._outbox.put(None)
        self._writer.join()
        if self._reader.ident is not None:
            self._reader.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what was still to be written is void
                    pipe.close()
        self._said.close()

    def _write(self) -> None:
        assert self._process.stdin is not None  # noqa: S101 - for the type checker
        while (message := self._outbox.get()) is not None:
            try:
                self._process.stdin.write(json.dumps(message).encode() + b"\n")
                self._process.stdin.flush()
            except (OSError, ValueError):  # the reader sees the same end and tells everyone
                return

    def _line(self) -> bytes:
        assert self._process.stdout is not None  # noqa: S101 - for the type checker
        return self._process.stdout.readline()

    def _read(self) -> None:
        while line := self._line():
            self._hand_out(json.loads(line))
        self._process.wait()
        with self._guard:
            self.dead = True
            jobs, self._jobs = self._jobs, {}
        for job in jobs.values():
            job.tell(self._gone())

    def _hand_out(self, step: dict[str, Any]) -> None:
        self._state = self._state.after(step["state"])
        for id, tokens in step["tokens"].items():
            if job := self._jobs.get(int(id)):
                job.tell(tokens)
        for id, how in step["ended"].items():
            with self._guard:
                ended = self._jobs.pop(int(id), None)
            if ended is not None:
                ended.tell(None if how in ("finished", "stop") else _no_room())

    def _gone(self) -> ModelUnavailable:
        return ModelUnavailable(
            f"the engine ended with exit code {self._process.returncode} while answering: "
            f"{self._last_words} Ask again; it is started anew."
        )

    @property
    def _last_words(self) -> str:
        self._said.seek(0)
        return self._said.read().decode("utf-8", "replace").strip()[-800:] or "it said nothing."


def _no_room() -> Overloaded:
    return Overloaded("the engine has no memory left for this answer; try again shortly", 10.0)
