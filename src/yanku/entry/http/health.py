"""For those who run the server: is it up, can it work, what has it done."""

from __future__ import annotations

import hmac
import ipaddress
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from prometheus_client import CONTENT_TYPE_LATEST

from yanku.entry.http.front import AtFront
from yanku.errors import NotAllowed, NotSignedIn

router = APIRouter(tags=["operation"])

_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
"""A request with one of these came from elsewhere, whatever its address says."""
_bearer = HTTPBearer(
    auto_error=False, scheme_name="metrics", description="the token in server.metrics_token"
)


@router.get("/healthz", summary="Is the process up", response_class=PlainTextResponse)
async def healthz() -> str:
    """Answer, and touch nothing."""
    return "ok"


@router.get("/readyz", summary="Can it answer questions")
async def readyz(front: AtFront) -> JSONResponse:
    """Try a real query and generate a real token; what was tried is kept for some seconds."""
    ready = await front.readiness.check()
    return JSONResponse({"ready": ready.all, **ready.checks}, 200 if ready.all else 503)


@router.get("/metrics", summary="For Prometheus", response_class=Response)
async def metrics(
    request: Request,
    front: AtFront,
    token: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Response:
    """Return counters and states; never a title, a name or a question.

    Whoever sends `server.metrics_token` may read them; without one, programs on this machine.
    """
    wanted = front.house.settings.server.metrics_token.get_secret_value()
    if wanted:
        given = token.credentials if token else ""
        if not hmac.compare_digest(given.encode(), wanted.encode()):
            raise NotSignedIn("send server.metrics_token as 'Authorization: Bearer …'")
    elif front.house.settings.server.behind_tls_proxy or not _is_local(request):
        raise NotAllowed("metrics are for this machine; set server.metrics_token to read them here")
    return Response(await front.house.meters.text(), media_type=CONTENT_TYPE_LATEST)


def _is_local(request: Request) -> bool:
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
