"""What was seen of a question for text."""

from __future__ import annotations

from dataclasses import dataclass, field

from yanku.answer.choosing import Choice
from yanku.answer.evidence import Line
from yanku.model.matter import Matter
from yanku.model.search import Hit


@dataclass(frozen=True, slots=True)
class Sight:
    """The matter of a question, the hits looked through, what to quote.

    ``likely`` are the lines worth showing to a model where nothing is quoted, best first.
    """

    matter: Matter
    hits: tuple[Hit, ...] = ()
    choice: Choice = field(default_factory=Choice)
    likely: tuple[Line, ...] = ()
    nearest: tuple[Line, ...] = ()
