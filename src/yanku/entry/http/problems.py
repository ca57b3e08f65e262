"""Errors on the wire: RFC 9457 problem details, and the one table from errors to statuses."""

from __future__ import annotations

import logging
import math
import uuid
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from yanku.errors import (
    ClientGone,
    Conflict,
    DeadlinePassed,
    InvalidRequest,
    ModelError,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Overloaded,
    PromptTooLong,
    SourceError,
    SourceTooLarge,
    StoreError,
    UnsupportedSource,
    YankuError,
)

MEDIA_TYPE = "application/problem+json"
_log = logging.getLogger("yanku.http")

# The first line that fits an error counts, so kinds stand before what they are a kind of.
_STATUS: tuple[tuple[type[YankuError], int], ...] = (
    (NotFound, 404),
    (NotAllowed, 403),
    (NotSignedIn, 401),
    (InvalidRequest, 400),
    (Conflict, 409),
    (SourceTooLarge, 413),
    (UnsupportedSource, 415),
    (SourceError, 422),
    (PromptTooLong, 422),
    (Overloaded, 429),
    (ClientGone, 408),
    (DeadlinePassed, 504),
    (ModelError, 503),
    (StoreError, 503),
    (YankuError, 500),
)

# What is missing and what is hidden must read the same, wherever the error was raised.
_NOT_FOUND = "there is no such thing here, or it is not yours to see"
_STORE = "a part of the server that keeps documents does not answer; try again in a moment"


class Problem(BaseModel):
    """What went wrong. ``code`` is stable and for programs, ``detail`` is for people."""

    type: str = Field(examples=["urn:yanku:problem:not_found"])
    title: str
    status: int
    detail: str
    code: str = Field(examples=["not_found"])
    incident: str | None = Field(default=None, description="where to find this in the server's log")
    errors: list[dict[str, str]] | None = Field(
        default=None, description="one per field that is wrong"
    )


def status_of(error: YankuError) -> int:
    """Return the HTTP status of an error."""
    return next(status for kind, status in _STATUS if isinstance(error, kind))


def problem_of(error: YankuError) -> Problem:
    """Return an error as a reader of the API sees it."""
    detail = str(error)
    if isinstance(error, NotFound):
        detail = _NOT_FOUND
    elif isinstance(error, StoreError):
        # The message may name servers and paths.
        _log.error("%s: %s", error.code, error)
        detail = _STORE
    return _problem(status_of(error), error.code, detail)


def incident(error: BaseException) -> Problem:
    """Log something nobody expected; return what may be said about it."""
    number = uuid.uuid4().hex[:12]
    _log.error("incident %s", number, exc_info=error)
    detail = f"something went wrong on the server; its log has it as incident {number}"
    return _problem(500, "internal", detail).model_copy(update={"incident": number})


def _problem(status: int, code: str, detail: str) -> Problem:
    return Problem(
        type=f"urn:yanku:problem:{code}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        code=code,
    )


def response_of(problem: Problem, path: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """Return a problem as a response; under ``/v1`` also in the form OpenAI's clients read."""
    content = problem.model_dump(mode="json", exclude_none=True)
    if path.startswith("/v1/"):
        kind = "invalid_request_error" if problem.status < 500 else "server_error"
        content["error"] = {"message": problem.detail, "type": kind, "code": problem.code}
    return JSONResponse(content, problem.status, headers, MEDIA_TYPE)


def headers_of(error: YankuError) -> dict[str, str]:
    """Return the headers that go with an error."""
    if isinstance(error, NotSignedIn):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, Overloaded):
        return {"Retry-After": str(max(1, math.ceil(error.retry_after_s)))}
    return {}


async def _on_yanku(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, YankuError):
        raise TypeError("registered for YankuError only")
    return response_of(problem_of(error), request.url.path, headers_of(error))


async def _on_validation(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise TypeError("registered for RequestValidationError only")
    # What was sent is left out: it may be a password.
    wrong = [
        {"where": ".".join(str(part) for part in item["loc"]), "what": str(item["msg"])}
        for item in error.errors()
    ]
    detail = "; ".join(f"{item['where']}: {item['what']}" for item in wrong)
    problem = _problem(422, "invalid_request", detail).model_copy(update={"errors": wrong})
    return response_of(problem, request.url.path)


async def _on_http(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise TypeError("registered for HTTPException only")
    if error.status_code == 404:
        return response_of(problem_of(NotFound()), request.url.path)
    phrase = HTTPStatus(error.status_code).phrase
    problem = _problem(error.status_code, phrase.lower().replace(" ", "_"), str(error.detail))
    return response_of(problem, request.url.path, dict(error.headers or {}))


def install(app: FastAPI) -> None:
    """Answer every error of an app with a problem."""
    app.add_exception_handler(YankuError, _on_yanku)
    app.add_exception_handler(RequestValidationError, _on_validation)
    app.add_exception_handler(HTTPException, _on_http)
