"""As of when a request wants to be answered: said in a header, in the body, or in the query."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Header, Query
from pydantic import BaseModel, Field

from yanku.entry.http.front import Front
from yanku.entry.moments import as_of_said
from yanku.errors import InvalidRequest
from yanku.model.people import AsOf

_AS_OF = "use only what the library held, and what was public, by this day or moment"
_PUBLIC_BY = "use only what was public by this day, whenever it was added"


class KnownIn(BaseModel):
    """As of when to answer; empty is now."""

    as_of: str = Field(default="", max_length=40, examples=["2025-04-30"], description=_AS_OF)
    public_by: str = Field(default="", max_length=40, description=_PUBLIC_BY)


async def known_in_headers(
    as_of: Annotated[str, Header(alias="X-Yanku-As-Of", max_length=40, description=_AS_OF)] = "",
    public_by: Annotated[
        str, Header(alias="X-Yanku-Public-By", max_length=40, description=_PUBLIC_BY)
    ] = "",
) -> KnownIn:
    """Return what the headers say, for clients whose body has a form of its own."""
    return KnownIn(as_of=as_of, public_by=public_by)


async def known_in_query(
    as_of: Annotated[str, Query(max_length=40, examples=["2025-04-30"], description=_AS_OF)] = "",
    public_by: Annotated[str, Query(max_length=40, description=_PUBLIC_BY)] = "",
) -> KnownIn:
    """Return what the query says."""
    return KnownIn(as_of=as_of, public_by=public_by)


SaidInHeaders = Annotated[KnownIn, Depends(known_in_headers)]


def known_by(said: KnownIn, in_headers: KnownIn, front: Front) -> AsOf | None:
    """Return the state of knowledge to answer from; None if the request says none.

    Raises InvalidRequest for what is no day or moment, for one to come, and where the header and
    the rest of the request say two different things: a reader must not guess which one held.
    """
    as_of = _one("as_of", said.as_of, in_headers.as_of)
    public_by = _one("public_by", said.public_by, in_headers.public_by)
    return as_of_said(as_of, public_by, front.house.clock.now())


def _one(name: str, said: str, in_header: str) -> str:
    if said and in_header and said != in_header:
        raise InvalidRequest(f"the header says {in_header!r} and {name} says {said!r}; give one")
    return said or in_header
