"""What a question may lean on."""

from __future__ import annotations

from dataclasses import dataclass

from yanku.errors import InvalidRequest
from yanku.model.people import AsOf
from yanku.model.receipt import ReceiptId

_LONGEST_QUESTION = 2000


@dataclass(frozen=True, slots=True)
class Context:
    """What a question may lean on: the receipt of the answer before, or earlier questions.

    ``questions`` are the oldest first. ``as_of`` is the state of knowledge to answer from; None is
    that of the answer before, or now. ``within`` narrows the person's rights to these reader keys.
    """

    after: ReceiptId | None = None
    questions: tuple[str, ...] = ()
    as_of: AsOf | None = None
    within: frozenset[str] | None = None


ALONE = Context()
"""A question that leans on nothing."""


def checked(question: str) -> str:
    """Return a question without the space around it; raise InvalidRequest if none is left."""
    question = question.strip()
    if not question:
        raise InvalidRequest("the question is empty; type what you want to know")
    if len(question) > _LONGEST_QUESTION:
        raise InvalidRequest(
            f"the question has {len(question)} characters, {_LONGEST_QUESTION} are accepted; "
            "shorten it"
        )
    return question
