"""Sends one request over and over, by so many connections, and notes how long each took."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles


@dataclass(frozen=True)
class Load:
    """What came of it: answers a second, and seconds an answer at the median and the 99th."""

    answers: int
    failed: int
    seconds: float
    p50: float
    p99: float

    @property
    def rate(self) -> float:
        """Return answers a second."""
        return self.answers / self.seconds


def request(path: str, body: bytes, token: str) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def load(
    port: int, requests: Sequence[bytes], *, connections: int, seconds: float, pause_s: float = 0.0
) -> Load:
    """Send for so many seconds, the next as soon as the last is answered, or after a pause."""
    times: list[float] = []
    failed = 0
    end = time.perf_counter() + seconds

    async def one(number: int) -> None:
        nonlocal failed
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < end:
            began = time.perf_counter()
            writer.write(requests[number % len(requests)])
            number += connections
            ok = await _answered(reader)
            times.append(time.perf_counter() - began)
            failed += not ok
            if pause_s:
                await asyncio.sleep(pause_s)
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(one(number) for number in range(connections)))
    took = time.perf_counter() - began
    cuts = quantiles(times, n=100)
    return Load(len(times) - failed, failed, took, cuts[49], cuts[98])


async def _answered(reader: asyncio.StreamReader) -> bool:
    """Read one answer to its end; tell whether it is a success."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    ok = head.startswith(b"http/1.1 200")
    if b"transfer-encoding: chunked" in head:
        while (size := int(await reader.readline(), 16)) > 0:
            await reader.readexactly(size + 2)
        await reader.readline()
    else:
        at = head.index(b"content-length:") + len(b"content-length:")
        await reader.readexactly(int(head[at : head.index(b"\r\n", at)]))
    return ok
