"""What happens while a question is answered."""

from __future__ import annotations

from dataclasses import dataclass

from yanku.model.answer import Answer, Citation, Claim
from yanku.model.inquiry import Inquiry
from yanku.model.kept import Reuse
from yanku.model.receipt import ReceiptId


@dataclass(frozen=True, slots=True)
class Looking:
    """The question is understood and evidence is being gathered."""

    inquiry: Inquiry


@dataclass(frozen=True, slots=True)
class Sentence:
    """One checked sentence, and the citations that are new with it."""

    claim: Claim
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """The whole answer, and the receipt it left. It replaces the sentences shown so far.

    ``reuse`` tells why it could be given without being worked out, if it was.
    """

    receipt: ReceiptId
    answer: Answer
    latency_ms: int
    reuse: Reuse | None = None


Event = Looking | Sentence | Done
