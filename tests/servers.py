"""A hub and a registry on this machine, for tests: ranges, redirects, tokens, broken lines."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_RANGE = re.compile(r"bytes=(\d+)-(\d+)")


@dataclass
class Hub:
    """What a server has, how it misbehaves, and what it was asked."""

    files: Mapping[str, bytes]
    ranges: bool = True
    break_every: int = 0
    """Close the connection after so many bytes of an answer."""
    busy: int = 0
    """Answer 503 so many times first."""
    redirect: str = ""
    """Send downloads to this address instead, with the same path."""
    wants: str = ""
    """The Authorization header without which nothing is given."""
    challenge: str = ""
    url: str = ""
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    """Path, Range and Authorization of each request."""
    guard: threading.Lock = field(default_factory=threading.Lock)

    @property
    def sent(self) -> int:
        """Return how many bytes the ranges asked for have in all."""
        spans = [_RANGE.fullmatch(span) for _, span, _ in self.asked]
        return sum(int(span[2]) - int(span[1]) + 1 for span in spans if span)


@contextmanager
def serve(hub: Hub) -> Iterator[Hub]:
    """Serve a hub on a free port until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            _answer(hub, self)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _answer(hub: Hub, request: BaseHTTPRequestHandler) -> None:
    span = request.headers.get("Range", "")
    with hub.guard:
        hub.asked.append((request.path, span, request.headers.get("Authorization", "")))
        busy, hub.busy = hub.busy > 0, max(0, hub.busy - 1)
    path = request.path.partition("?")[0]
    if busy:
        _head(request, 503, 0)
    elif hub.redirect:
        _head(request, 302, 0, Location=hub.redirect + request.path)
    elif hub.wants and request.headers.get("Authorization") != hub.wants and path != "/token":
        _head(request, 401, 0, **{"WWW-Authenticate": hub.challenge} if hub.challenge else {})
    elif path not in hub.files:
        _head(request, 404, 0)
    else:
        _send(hub, request, hub.files[path], _RANGE.fullmatch(span) if hub.ranges else None)


def _send(
    hub: Hub, request: BaseHTTPRequestHandler, body: bytes, span: re.Match[str] | None
) -> None:
    if span is None:
        _head(request, 200, len(body))
    else:
        first, last = int(span[1]), min(int(span[2]), len(body) - 1)
        said = f"bytes {first}-{last}/{len(body)}"
        body = body[first : last + 1]
        _head(request, 206, len(body), **{"Content-Range": said})
    if hub.break_every and len(body) > hub.break_every:
        request.wfile.write(body[: hub.break_every])
        request.wfile.flush()
        request.close_connection = True
        return
    request.wfile.write(body)


def _head(request: BaseHTTPRequestHandler, status: int, length: int, **headers: str) -> None:
    request.send_response(status)
    for name, value in headers.items():
        request.send_header(name, value)
    request.send_header("Content-Length", str(length))
    request.end_headers()
