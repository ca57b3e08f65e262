"""A Document as JSON bytes and back, exact to the last digit."""

from __future__ import annotations

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from yanku.errors import BrokenSource
from yanku.model.document import Document

_DOCUMENT: TypeAdapter[Document] = TypeAdapter(Document)


def encode(document: Document) -> bytes:
    """Return a document as UTF-8 JSON; a Decimal is written as the string of its digits.

    Raises BrokenSource if a text in it is no valid Unicode (lone surrogates).
    """
    try:
        return _DOCUMENT.dump_json(document, exclude_defaults=False)
    except PydanticSerializationError as error:
        raise BrokenSource(
            f"{document.name!a} holds text that is not valid Unicode ({error})."
        ) from error


def decode(data: bytes) -> Document:
    """Return the document in JSON bytes; raise ValueError if they hold none."""
    try:
        return _DOCUMENT.validate_json(data)
    except ValidationError as error:
        raise ValueError(f"not a document: {error.error_count()} errors") from error
