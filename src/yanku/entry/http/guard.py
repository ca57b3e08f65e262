"""What stands around every request: limits, the cross-site check, headers, counting."""

from __future__ import annotations

from time import perf_counter
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from yanku.entry.http.front import SESSION_COOKIE, Front
from yanku.entry.http.problems import incident, problem_of, response_of
from yanku.errors import NotAllowed, SourceTooLarge
from yanku.model.meters import IN_PROGRESS, REQUESTS

_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_BODY_BYTES = 1024 * 1024
_FORM_BYTES = 64 * 1024
UPLOADS = "/api/v1/documents"

# The console builds its pages in the browser from templates, which needs inline scripts and eval;
# everything else comes from this server alone.
_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_API_POLICY = "default-src 'none'; frame-ancestors 'none'"


class Observed:
    """Gives requests their front, and counts them by route, method and status."""

    def __init__(self, app: ASGIApp, front: Front) -> None:
        self._app = app
        self._front = front
        self._meters = front.house.meters
        self._busy = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        scope["yanku.front"] = self._front
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        status = 499  # The client went away before there was one.

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        self._go(1)
        try:
            await self._app(scope, receive, watched)
        finally:
            self._go(-1)
            seconds = perf_counter() - started
            labels = (_method(scope), _route(scope), str(status))
            self._meters.observe(REQUESTS, seconds, *labels)

    def _go(self, by: int) -> None:
        self._busy += by
        self._meters.set(IN_PROGRESS, self._busy)


def _method(scope: Scope) -> str:
    """Return the method; whatever a client makes up is one."""
    method = str(scope["method"])
    return method if method in _METHODS else "_OTHER"


def _route(scope: Scope) -> str:
    """Return the pattern, not the path: paths hold ids, and there are endlessly many."""
    if not _is_api(scope["path"]):
        return "console"
    return str(getattr(scope.get("route"), "path", "unknown"))


def _is_api(path: str) -> bool:
    return path.startswith(("/api/", "/v1/", "/healthz", "/readyz", "/metrics"))


class Shield:
    """Adds the headers that tell browsers what not to do, and turns surprises into problems."""

    def __init__(self, app: ASGIApp, front: Front) -> None:
        self._app = app
        self._front = front

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def shielded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                self._add(MutableHeaders(scope=message), scope["path"])
            await send(message)

        try:
            await self._app(scope, receive, shielded)
        except Exception as error:  # The last stop: named in the log, never shown.
            problem = incident(error)
            if started:
                raise
            await response_of(problem, scope["path"])(scope, receive, shielded)

    def _add(self, headers: MutableHeaders, path: str) -> None:
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        headers["Content-Security-Policy"] = _API_POLICY if _is_api(path) else _POLICY
        if _is_api(path):
            headers.setdefault("Cache-Control", "no-store")
        if self._front.tls:
            headers["Strict-Transport-Security"] = "max-age=31536000"


class SameSite:
    """Refuses what another site makes a signed-in browser send, on HTTP and on web sockets."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "websocket" and _is_foreign(Headers(scope=scope)):
            await send({"type": "websocket.close", "code": 4403})
        elif scope["type"] == "http" and _is_forged(scope):
            error = NotAllowed("the request came from another site; open the console itself")
            await response_of(problem_of(error), scope["path"])(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _is_forged(scope: Scope) -> bool:
    if scope["method"] in _SAFE:
        return False
    headers = Headers(scope=scope)
    if _is_foreign(headers):
        return True
    if "authorization" in headers or SESSION_COOKIE not in cookie_parser(headers.get("cookie", "")):
        return False
    # A cookie was sent along: some header that a browser writes itself has to vouch for it.
    return "origin" not in headers and "sec-fetch-site" not in headers


def _is_foreign(headers: Headers) -> bool:
    """Tell whether a browser says that another site is behind a request."""
    if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return True
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host", "")


class Limited:
    """Refuses bodies that are too large, before they are read where they say so themselves."""

    def __init__(self, app: ASGIApp, front: Front) -> None:
        self._app = app
        self._front = front

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit(scope)
        refusal = response_of(problem_of(_too_large(limit)), scope["path"], {"Connection": "close"})
        said = Headers(scope=scope).get("content-length", "")
        if said.isdecimal() and int(said) > limit:
            await refusal(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > limit:
                raise _too_large(limit)
            return message

        async def unless_too_large(message: Message) -> None:
            # Whoever reads the body may turn our error into one of its own.
            if read <= limit:
                await send(message)
            elif message["type"] == "http.response.start":
                await refusal(scope, receive, send)

        await self._app(scope, counted, unless_too_large)

    def _limit(self, scope: Scope) -> int:
        if scope["path"].rstrip("/") == UPLOADS and scope["method"] == "POST":
            return self._front.upload_bytes + _FORM_BYTES
        return _BODY_BYTES


def _too_large(limit: int) -> SourceTooLarge:
    return SourceTooLarge(
        f"the request has more than the {limit:,} bytes that are accepted; "
        "split the file, or raise parser.max_mb"
    )
