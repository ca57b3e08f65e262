"""For those who run the server: is it up, can it work, what has it done."""

from __future__ import annotations

from contextlib import suppress

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST

from yanku.entry.http.front import AtFront
from yanku.errors import StoreError

router = APIRouter(tags=["operation"])


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
async def metrics(front: AtFront) -> Response:
    """Return counters; never a title, a name or a question."""
    with suppress(StoreError):  # The other counters are wanted most when something is down.
        front.metrics.waiting(await front.house.queue.waiting())
    return Response(front.metrics.text(), media_type=CONTENT_TYPE_LATEST)
