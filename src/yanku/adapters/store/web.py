"""Reads stretches of files over HTTP, going on where a connection broke off."""

from __future__ import annotations

import base64
import io
import re
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urljoin, urlsplit

import httpx

from yanku.errors import ModelUnavailable, SettingsError

_TRIES = 5
_PAUSE_S = 0.5
_REDIRECTS = 5
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_CHALLENGE = re.compile(r'(\w+)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class WebSettings:
    """How to reach places outside.

    ``token`` goes to the host asked and to nobody a redirect leads to. ``redirect_hosts`` are the
    hosts, or domains with a dot in front, that a redirect may lead to besides the host asked.
    ``certificates`` is a file of authorities (PEM). Nothing is taken from the environment.
    """

    proxy: str = ""
    certificates: Path | None = None
    token: str = ""
    redirect_hosts: tuple[str, ...] = ()
    timeout_s: float = 60.0


class Web:
    """A client for downloads. Safe to use from several threads."""

    def __init__(
        self, settings: WebSettings | None = None, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._settings = chosen = settings or WebSettings()
        self._sleep = sleep
        self._tokens: dict[str, str] = {}
        try:
            self._trusted = ssl.create_default_context(cafile=chosen.certificates)
            self._connect().close()
        except (OSError, ValueError) as error:
            raise SettingsError(f"store: proxy or certificates cannot be used: {error}") from error

    @contextmanager
    def open(self, url: str, offset: int, size: int) -> Iterator[IO[bytes]]:
        """Open a stretch of what is at an address; raise ModelUnavailable if it cannot be had.

        A connection that breaks off is taken up again at the byte it had come to.
        """
        with self._connect() as client:
            reader = _Stretch(self, client, url, offset, size)
            try:
                yield io.BufferedReader(reader, 1 << 20)
            finally:
                reader.let_go()

    def _connect(self) -> httpx.Client:
        return httpx.Client(
            proxy=self._settings.proxy or None,
            verify=self._trusted,
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(self._settings.timeout_s, connect=10),
        )

    def begin(self, client: httpx.Client, url: str, headers: dict[str, str]) -> httpx.Response:
        """Ask for an address, through redirects; the body is still to be read.

        Raises ModelUnavailable for a final refusal, httpx.TransportError for a passing failure.
        """
        asked = urlsplit(url).netloc
        for _ in range(_REDIRECTS):
            response = self._send(client, url, headers, ours=urlsplit(url).netloc == asked)
            if response.is_redirect:
                response.close()
                url = urljoin(url, response.headers["location"])
                self._permit(url, asked)
            elif response.status_code in _PASSING:
                response.close()
                raise httpx.ReadError(f"answered {response.status_code}")
            elif response.status_code not in (200, 206):
                response.close()
                raise _refusal(url, response.status_code)
            else:
                return response
        raise ModelUnavailable(f"{_place(url)} was reached after too many redirects")

    def pause(self, url: str, attempt: int, why: str) -> None:
        """Wait before the next try, longer each time; raise ModelUnavailable after the last."""
        if attempt + 1 >= _TRIES:
            raise ModelUnavailable(
                f"{_place(url)} could not be read: {why}. What has arrived is kept; pull again."
            )
        self._sleep(_PAUSE_S * 2**attempt)

    def _send(
        self, client: httpx.Client, url: str, headers: dict[str, str], *, ours: bool
    ) -> httpx.Response:
        response = client.send(self._request(client, url, headers, ours), stream=True)
        if response.status_code == 401 and ours and "www-authenticate" in response.headers:
            response.close()
            self._fetch_token(client, url, response.headers["www-authenticate"])
            response = client.send(self._request(client, url, headers, ours), stream=True)
        return response

    def _request(
        self, client: httpx.Client, url: str, headers: dict[str, str], ours: bool
    ) -> httpx.Request:
        token = self._tokens.get(_realm(url)) or self._settings.token
        if ours and token:
            headers = {**headers, "Authorization": _authorization(token)}
        return client.build_request("GET", url, headers=headers)

    def _fetch_token(self, client: httpx.Client, url: str, challenge: str) -> None:
        """Get the token a registry asks for (the token flow of the distribution specification)."""
        asked = dict(_CHALLENGE.findall(challenge))
        if not challenge.lower().startswith("bearer") or "realm" not in asked:
            return
        self._permit(asked["realm"], urlsplit(url).netloc)
        wanted = {key: asked[key] for key in ("service", "scope") if key in asked}
        request = client.build_request("GET", asked["realm"], params=wanted)
        if self._settings.token:
            request.headers["Authorization"] = _authorization(self._settings.token)
        response = client.send(request)
        if response.status_code != 200:
            raise _refusal(asked["realm"], response.status_code)
        said = response.json()
        self._tokens[_realm(url)] = str(said.get("token") or said.get("access_token") or "")

    def _permit(self, url: str, asked: str) -> None:
        """Refuse an address that a redirect may not lead to."""
        where = urlsplit(url)
        host = where.hostname or ""
        if where.netloc == asked:
            return
        if where.scheme != "https" and host not in ("127.0.0.1", "::1", "localhost"):
            raise ModelUnavailable(f"{asked} leads to {_place(url)} without TLS; not followed")
        if not any(_matches(host, permitted) for permitted in self._settings.redirect_hosts):
            raise ModelUnavailable(
                f"{asked} leads to {host}, which store.redirect_hosts does not list; not followed"
            )


class _Stretch(io.RawIOBase):
    """A stretch of a remote file as a stream."""

    def __init__(self, web: Web, client: httpx.Client, url: str, offset: int, size: int) -> None:
        super().__init__()
        self._web, self._client, self._url = web, client, url
        self._at, self._end = offset, offset + size
        self._response: httpx.Response | None = None
        self._blocks: Iterator[bytes] = iter(())
        self._rest = b""
        self._attempt = 0

    def readable(self) -> bool:
        return True

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]
        while not self._rest and self._at < self._end:
            try:
                self._rest = next(self._blocks, b"") or self._reopen()
            except httpx.TransportError as error:
                self.let_go()
                self._web.pause(self._url, self._attempt, str(error) or type(error).__name__)
                self._attempt += 1
        count = min(len(target), len(self._rest), self._end - self._at)
        target[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        self._at += count
        if count:
            self._attempt = 0
        return count

    def let_go(self) -> None:
        """Close the connection."""
        if self._response is not None:
            self._response.close()
        self._response, self._blocks = None, iter(())

    def _reopen(self) -> bytes:
        """Ask for what is left; the whole file from a server that knows no ranges."""
        if self._response is not None:
            self.let_go()
            raise httpx.ReadError("the connection ended early")
        wanted = {"Range": f"bytes={self._at}-{self._end - 1}", "Accept-Encoding": "identity"}
        self._response = self._web.begin(self._client, self._url, wanted)
        self._blocks = self._response.iter_raw(1 << 20)
        skip = self._at if self._response.status_code == 200 else 0
        if self._response.status_code == 206:
            _check_start(self._response, self._at, self._url)
        while skip:
            block = next(self._blocks, b"")
            if not block:
                raise httpx.ReadError("the connection ended early")
            if len(block) > skip:
                return block[skip:]
            skip -= len(block)
        return next(self._blocks, b"")


def _authorization(token: str) -> str:
    """Return the header for a token, or for a user's name and password."""
    if ":" not in token:
        return f"Bearer {token}"
    return f"Basic {base64.b64encode(token.encode()).decode()}"


def _check_start(response: httpx.Response, at: int, url: str) -> None:
    said = response.headers.get("content-range", "")
    if not said.startswith(f"bytes {at}-"):
        raise ModelUnavailable(f"{_place(url)} was asked for byte {at} and sent {said!r}")


def _refusal(url: str, status: int) -> ModelUnavailable:
    why = {
        401: "it wants a token; set store.token",
        403: "it does not permit this; check store.token",
        404: "there is no such file; check repository and revision in the manifest",
        416: "the file there is shorter than the manifest says",
    }.get(status, "see what it says, then pull again")
    return ModelUnavailable(f"{_place(url)} answered {status}: {why}")


def _place(url: str) -> str:
    """Return an address as it may be shown: signed addresses carry secrets in their query."""
    where = urlsplit(url)
    return f"{where.hostname}{where.path}"


def _realm(url: str) -> str:
    """Return what a registry's token is good for: a host and a repository."""
    where = urlsplit(url)
    return where.netloc + re.sub(r"/(blobs|manifests)/[^/]*$", "", where.path)


def _matches(host: str, permitted: str) -> bool:
    return host == permitted or (permitted.startswith(".") and host.endswith(permitted))


def join(base: str, parts: Sequence[str]) -> str:
    """Return an address under a base; the parts are plain names, checked by the manifest."""
    return "/".join((base.rstrip("/"), *parts))
