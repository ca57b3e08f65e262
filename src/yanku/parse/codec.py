"""A Document as JSON bytes and back, exact to the last digit."""

from __future__ import annotations

from typing import Any, cast

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError, SchemaValidator

from yanku.errors import BrokenSource
from yanku.model.document import Document

_DOCUMENT: TypeAdapter[Document] = TypeAdapter(Document)


def encode(document: Document) -> bytes:
    """Return a document as UTF-8 JSON; a Decimal is written as the string of its digits.

    Raises BrokenSource if a text in it is no valid Unicode (lone surrogates).
    """
    try:
        return _DOCUMENT.dump_json(document)
    except PydanticSerializationError as error:
        raise BrokenSource(
            f"{document.name!a} holds text that is not valid Unicode ({error})."
        ) from error


def decode(data: bytes) -> Document:
    """Return the document in JSON bytes; raise ValueError if they hold none."""
    try:
        return cast("Document", _VALIDATOR.validate_json(data))
    except ValidationError as error:
        raise ValueError(f"not a document: {error.error_count()} errors") from error


def _tagged(schema: Any, named: dict[str, Any]) -> Any:  # noqa: ANN401 - schemas are plain dicts
    """Return a schema whose unions are chosen by ``kind`` instead of by trying every branch.

    Trying keeps a copy of all that did not fit: for a table of 200,000 cells more than 1 GB.
    """
    if isinstance(schema, list):
        return [_tagged(each, named) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: _tagged(value, named) for key, value in schema.items()}
    if made.get("type") == "union":
        choices = {_kind(each, named): each for each in made.pop("choices")}
        made |= {"type": "tagged-union", "discriminator": "kind", "choices": choices}
    return made


def _kind(schema: dict[str, Any], named: dict[str, Any]) -> str:
    shape = named[schema["schema_ref"]] if schema["type"] == "definition-ref" else schema
    fields = {each["name"]: each for each in shape["schema"]["fields"]}
    return str(fields["kind"]["schema"]["default"])


def _validator() -> SchemaValidator:
    schema = cast("dict[str, Any]", _DOCUMENT.core_schema)
    named = {each["ref"]: each for each in schema.get("definitions", [])}
    return SchemaValidator(_tagged(schema, named))


_VALIDATOR = _validator()
