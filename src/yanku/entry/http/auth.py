"""Who is asking: an API token or a session cookie, and the way to get the latter."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.requests import HTTPConnection
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from yanku.entry.http.front import SESSION_COOKIE, AtFront, Front, front_of
from yanku.entry.http.wire import PersonOut
from yanku.errors import NotSignedIn
from yanku.model.people import Principal

router = APIRouter(prefix="/api/v1", tags=["session"])

_bearer = HTTPBearer(auto_error=False, description="an API token")
_cookie = APIKeyCookie(name=SESSION_COOKIE, auto_error=False, description="a console session")


async def caller(
    front: AtFront,
    token: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    session: Annotated[str | None, Depends(_cookie)],
) -> Principal:
    """Return who is asking; raise NotSignedIn. A token counts before a cookie."""
    if token is not None:
        return await front.house.accounts.by_secret(token.credentials)
    if session:
        return await front.house.accounts.by_secret(session)
    raise NotSignedIn("sign in, or send an API token as 'Authorization: Bearer …'")


Caller = Annotated[Principal, Depends(caller)]


async def visitor(connection: HTTPConnection) -> Principal | None:
    """Return who a browser's session belongs to, or None."""
    session = connection.cookies.get(SESSION_COOKIE)
    if not session:
        return None
    try:
        return await front_of(connection).house.accounts.by_secret(session)
    except NotSignedIn:
        return None


class SignIn(BaseModel):
    """Name and password."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=200)
    password: SecretStr = Field(max_length=1000)


class SetUp(SignIn):
    """The first administrator, and the one-time token that the server printed."""

    token: SecretStr = Field(max_length=200)


def remember(response: Response, front: Front, secret: str) -> None:
    """Put a session into the browser: out of reach of scripts and of other sites."""
    response.set_cookie(
        SESSION_COOKIE,
        secret,
        max_age=front.house.settings.server.session_hours * 3600,
        httponly=True,
        samesite="strict",
        secure=front.tls,
    )


def forget(response: Response, front: Front) -> None:
    """Take a session out of the browser."""
    response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="strict", secure=front.tls)


def address_of(connection: HTTPConnection) -> str:
    """Return the address a request came from."""
    return connection.client.host if connection.client else ""


@router.post("/session", summary="Sign in")
async def sign_in(body: SignIn, request: Request, response: Response, front: AtFront) -> PersonOut:
    """Start a session, kept in an HttpOnly cookie. Too many wrong tries are slowed down."""
    person, secret = await front.house.accounts.sign_in(
        body.name, body.password.get_secret_value(), address_of(request)
    )
    remember(response, front, secret)
    return PersonOut.of(person)


@router.get("/session", summary="Who am I")
async def who(person: Caller) -> PersonOut:
    """Return the person behind the token or session."""
    return PersonOut.of(person)


@router.delete("/session", status_code=204, summary="Sign out")
async def sign_out(
    response: Response, front: AtFront, session: Annotated[str | None, Depends(_cookie)]
) -> None:
    """End the session of the cookie."""
    if session:
        await front.house.accounts.sign_out(session)
    forget(response, front)


@router.post("/setup", status_code=201, summary="Create the first administrator")
async def set_up(body: SetUp, request: Request, response: Response, front: AtFront) -> PersonOut:
    """Use up the one-time token that the server printed at first start, and sign in."""
    password = body.password.get_secret_value()
    accounts = front.house.accounts
    await accounts.set_up(body.token.get_secret_value(), body.name, password)
    person, secret = await accounts.sign_in(body.name, password, address_of(request))
    remember(response, front, secret)
    return PersonOut.of(person)
