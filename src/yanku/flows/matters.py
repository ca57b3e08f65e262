"""What questions for text are about, in the words of this house and as of today."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from yanku.finance.matter import Vocabulary, matter_of
from yanku.finance.ontology import Ontology
from yanku.model.chapter import Chapter
from yanku.model.inquiry import Inquiry
from yanku.model.matter import Matter, Term
from yanku.ports import Clock
from yanku.retrieve.tokens import Tokens

_PERIOD = re.compile(
    r"[上下]半年度?|半年度?|第?[一二三四]季度?|前三季度?|年度?|中期|全年|q[1-4]|h[12]"
)
"""A stretch of a year without the year: it says nothing of what is asked about."""


@dataclass(frozen=True, slots=True)
class Matters:
    """Tells what questions are about, and what they say beside a chapter."""

    ontology: Ontology
    vocabulary: Vocabulary
    tokens: Tokens
    clock: Clock

    def of(self, inquiry: Inquiry) -> Matter:
        """Return what a question is about, and which kinds of answer it wants."""
        today = self.clock.now().date()
        return matter_of(inquiry, self.ontology, self.vocabulary, self.tokens.of, today)

    def beside(self, chapters: Sequence[Chapter], matter: Matter) -> list[Term]:
        """Return the terms of a question beside its chapters: risks *from China*."""
        known = self.ontology.phrases.everyday | self.vocabulary.filler
        said = [stretch for chapter in chapters for stretch in chapter.said]
        return [
            term
            for term in matter.terms
            if term.said not in known
            and not _PERIOD.fullmatch(term.said)
            and not any(start <= term.start and term.end <= end for start, end in said)
        ]
