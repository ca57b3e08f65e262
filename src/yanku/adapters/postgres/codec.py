"""Our nouns as JSON columns and rows, and back."""

from __future__ import annotations

import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from pydantic import TypeAdapter
from pydantic_core import PydanticSerializationError, to_json

from yanku.errors import InvalidRequest
from yanku.model.answer import Answer
from yanku.model.document import Document, Flaw
from yanku.model.finance import Check, Profile
from yanku.model.library import Chunk, ChunkId, DocumentId, Entry, Progress, State
from yanku.model.people import UserId
from yanku.model.place import Place
from yanku.parse.codec import decode, encode

T = TypeVar("T")
Row = Mapping[str, Any]

PLACE: TypeAdapter[Place] = TypeAdapter(Place)
PLACES: TypeAdapter[tuple[Place, ...]] = TypeAdapter(tuple[Place, ...])
PROFILE = TypeAdapter(Profile)
FLAWS = TypeAdapter(tuple[Flaw, ...])
CHECKS = TypeAdapter(tuple[Check, ...])
STRINGS = TypeAdapter(tuple[str, ...])
VERSIONS = TypeAdapter(tuple[tuple[str, str], ...])
ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)

UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
"""What PostgreSQL cannot keep in text: NUL, and halves of surrogate pairs (odd file names)."""


def text(value: str) -> str:
    """Return a string as PostgreSQL can keep it."""
    return UNKEEPABLE.sub("\ufffd", value)


def json(adapter: TypeAdapter[T], value: T) -> str:
    """Return a value as JSON that PostgreSQL can keep."""
    try:
        written = adapter.dump_json(value)
    except PydanticSerializationError:  # a half of a surrogate pair
        written = b"\\u0000"
    if b"\\u0000" in written:
        written = to_json(_keepable(adapter.dump_python(value)))
    return written.decode()


def packed(document: Document) -> bytes:
    """Return a parsed document as compressed JSON; takes a moment for a long one."""
    return zlib.compress(encode(document), level=1)


def unpacked(body: bytes) -> Document:
    """Return the parsed document that ``packed`` wrote."""
    return decode(zlib.decompress(body))


def entry_of(row: Row) -> Entry:
    """Return the document in a row of the view ``entries``."""
    failed = row["failure_code"] is not None
    return Entry(
        id=DocumentId(row["id"]),
        series=row["series"],
        version=row["version"],
        name=row["name"],
        digest=row["digest"],
        size=row["size"],
        media_type=row["media_type"],
        owner=UserId(row["owner"]),
        state=State(row["state"]),
        added=row["added"],
        source=row["source"],
        readers=frozenset(row["readers"]),
        profile=PROFILE.validate_python(row["profile"]),
        progress=Progress(
            row["pages_done"], row["page_count"], row["vectors_done"], row["chunk_count"]
        ),
        flaws=FLAWS.validate_python(row["flaws"]),
        failure=(row["failure_code"], row["failure_message"]) if failed else None,
        seconds=row["read_s"],
        parent=DocumentId(row["parent"]) if row["parent"] else None,
        since=row["since"],
        until=row["until"],
        public_on=row["public_on"],
    )


def chunk_of(row: Row) -> Chunk:
    """Return the chunk in a row that has its id as ``chunk`` beside its document's ``id``."""
    return Chunk(
        id=ChunkId(row["chunk"]),
        document=DocumentId(row["id"]),
        ordinal=row["ordinal"],
        context=row["context"],
        text=row["text"],
        place=PLACE.validate_python(row["place"]),
        lines=PLACES.validate_python(row["lines"]),
    )


def cursor(at: datetime, id: str) -> str:
    """Return an opaque mark of a position in a list that is newest first."""
    return urlsafe_b64encode(f"{at.isoformat()} {id}".encode()).decode()


def position(mark: str) -> tuple[datetime, str]:
    """Return the position that ``cursor`` marked; raise InvalidRequest for anything else."""
    try:
        at, id = urlsafe_b64decode(mark.encode()).decode().split(" ")
        return _aware(datetime.fromisoformat(at)), text(id)
    except ValueError as error:
        raise InvalidRequest(
            "The cursor is not one that a list gave; start again without it."
        ) from error


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("no time zone")
    return moment


def _keepable(value: object) -> object:
    match value:
        case str():
            return text(value)
        case dict():
            return {key: _keepable(item) for key, item in value.items()}
        case list() | tuple():
            return [_keepable(item) for item in value]
        case _:
            return value
