"""Says whether a request to a model makes sense, before any engine sees it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from yanku.errors import InvalidRequest
from yanku.ports import Message, Sampling

_ROLES = frozenset({"system", "user", "assistant"})


def check_request(messages: Sequence[Message], sampling: Sampling) -> None:
    """Raise InvalidRequest if there is nothing to answer or the sampling cannot be meant."""
    if not any(message.content.strip() for message in messages if message.role == "user"):
        raise InvalidRequest("there is no message from a user to answer")
    for message in messages:
        if message.role not in _ROLES:
            raise InvalidRequest(
                f"a message has the role {message.role!r}; known are {', '.join(sorted(_ROLES))}"
            )
    if sampling.max_tokens < 1:
        raise InvalidRequest(f"max_tokens is {sampling.max_tokens} and must be 1 or more")
    if not 0 <= sampling.temperature <= 2:
        raise InvalidRequest(f"temperature is {sampling.temperature} and must be from 0 to 2")
    if "" in sampling.stop:
        raise InvalidRequest("a stop string is empty")
    if sampling.schema and not _is_schema(sampling.schema):
        raise InvalidRequest("the schema of the answer is not a JSON schema of an object")


def _is_schema(text: str) -> bool:
    """Tell whether a text is a JSON object that describes an object."""
    try:
        schema = json.loads(text)
    except ValueError:
        return False
    return isinstance(schema, dict) and schema.get("type") == "object"
