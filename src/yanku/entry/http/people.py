"""People, groups and API tokens over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from yanku.entry.http.auth import Caller, address_of
from yanku.entry.http.front import AtFront, Front
from yanku.entry.http.wire import GroupOut, PersonOut
from yanku.model.people import GroupId, Principal, Role, UserId

router = APIRouter(prefix="/api/v1", tags=["people"])


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class UserIn(_In):
    """A person to add."""

    name: str = Field(min_length=1, max_length=200)
    password: SecretStr = Field(max_length=1000)
    role: Literal["member", "admin"] = "member"


class PasswordIn(_In):
    """A new password; ``current`` is needed for one's own."""

    password: SecretStr = Field(max_length=1000)
    current: SecretStr = Field(default=SecretStr(""), max_length=1000)


class GroupIn(_In):
    """A group to add."""

    name: str = Field(min_length=1, max_length=200)


class TokenIn(_In):
    """An API token to make; without ``days`` it does not expire."""

    name: str = Field(min_length=1, max_length=200)
    days: int | None = Field(default=None, ge=1, le=3650)


class TokenMade(BaseModel):
    """A new token's secret; it is shown this once."""

    secret: str


class TokenOut(BaseModel):
    """A token, without its secret."""

    id: str
    name: str
    expires: datetime | None


@router.get("/users", summary="Everybody")
async def users(person: Caller, front: AtFront) -> list[PersonOut]:
    """Return all people; administrators only."""
    return [PersonOut.of(user) for user in await front.house.accounts.users(person)]


@router.post("/users", status_code=201, summary="Add a person")
async def add_user(body: UserIn, person: Caller, front: AtFront) -> PersonOut:
    """Add a person; administrators only."""
    added = await front.house.accounts.add_user(
        person, body.name, body.password.get_secret_value(), Role(body.role)
    )
    return PersonOut.of(added)


@router.put("/users/{user}/password", status_code=204, summary="Change a password")
async def change_password(
    user: str, body: PasswordIn, request: Request, person: Caller, front: AtFront
) -> None:
    """Replace a password and end every session it opened."""
    await replace_password(
        front,
        person,
        UserId(user),
        body.password.get_secret_value(),
        current=body.current.get_secret_value(),
        address=address_of(request),
    )


async def replace_password(
    front: Front, person: Principal, user: UserId, password: str, *, current: str, address: str
) -> None:
    """Replace a password; one's own only with the current one, so that an open screen is no key."""
    accounts = front.house.accounts
    if user == person.user:
        await accounts.sign_in(person.name, current, address)
    await accounts.change_password(person, user, password)


@router.get("/groups", summary="Groups you may know of")
async def groups(person: Caller, front: AtFront) -> list[GroupOut]:
    """Return your groups; administrators get all."""
    return [GroupOut.of(group) for group in await front.house.accounts.groups(person)]


@router.post("/groups", status_code=201, summary="Add a group")
async def add_group(body: GroupIn, person: Caller, front: AtFront) -> GroupOut:
    """Add a group; administrators only."""
    return GroupOut.of(await front.house.accounts.add_group(person, body.name))


@router.put("/groups/{group}/members/{user}", status_code=204, summary="Put a person in a group")
async def join(group: str, user: str, person: Caller, front: AtFront) -> None:
    """Make a person a member; administrators only."""
    await front.house.accounts.join(person, UserId(user), GroupId(group))


@router.delete("/groups/{group}/members/{user}", status_code=204, summary="Take a person out")
async def leave(group: str, user: str, person: Caller, front: AtFront) -> None:
    """End a membership; administrators only."""
    await front.house.accounts.leave(person, UserId(user), GroupId(group))


@router.get("/tokens", summary="Your API tokens")
async def tokens(person: Caller, front: AtFront) -> list[TokenOut]:
    """Return your tokens, without their secrets."""
    return [
        TokenOut(id=token.id, name=token.name, expires=token.expires)
        for token in await front.house.accounts.tokens(person)
    ]


@router.post("/tokens", status_code=201, summary="Make an API token")
async def add_token(body: TokenIn, person: Caller, front: AtFront) -> TokenMade:
    """Return the secret of a new token; keep it, it is not shown again."""
    return TokenMade(secret=await front.house.accounts.add_token(person, body.name, body.days))


@router.delete("/tokens/{token}", status_code=204, summary="Revoke an API token")
async def revoke_token(token: str, person: Caller, front: AtFront) -> None:
    """End one of your tokens."""
    await front.house.accounts.revoke_token(person, token)
