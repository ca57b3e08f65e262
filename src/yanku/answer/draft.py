"""An answer in the making: takes a model's sentences, keeps what the evidence carries."""

from __future__ import annotations

from collections.abc import Sequence

from yanku.answer.check import (
    contradicts,
    loose_digits,
    spells,
    strange_dates,
    strange_names,
    unsupported,
)
from yanku.answer.declining import declined
from yanku.answer.evidence import Line, carriers
from yanku.answer.prompt import is_refusal
from yanku.answer.sentences import marks, without_marks
from yanku.answer.stated import Words
from yanku.model.amount import Amount, find_amounts
from yanku.model.answer import Answer, Citation, Claim, Grounded, Reason
from yanku.model.inquiry import Inquiry


class Draft:
    """Collects claims and their citations; a sentence nothing carries is withheld.

    Without ``checked`` it believes every sentence: only to measure what the check is worth.
    """

    def __init__(
        self, question: str, lines: Sequence[Line], words: Words, *, checked: bool = True
    ) -> None:
        self._question = question
        self._lines = lines
        self._words = words
        self._checked = checked
        self._claims: list[Claim] = []
        self._cited: list[Line] = []
        self._withheld = 0
        self._refused = False

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Return the sources cited so far, numbered from 1 in order of first use."""
        return tuple(line.citation(number) for number, line in enumerate(self._cited, start=1))

    def offer(self, sentence: str) -> Claim | None:
        """Return the sentence with its citations, or None if it is withheld or says nothing."""
        text = without_marks(sentence)
        if is_refusal(text):
            self._refused = True
            return None
        if self._refused or not text.strip("。.；; ") or text.endswith((":", "：")):
            return None  # An introduction to a list says nothing by itself.
        carrying = carriers(
            text, self._lines, self._words, question=self._question, named=marks(sentence)
        )
        if not self._checked:
            claim: Claim | None = self._claim(text, carrying or self._lines[:1])
        else:
            claim = self._cite(text, carrying) if carrying else None
        if claim is None:
            self._withheld += 1
            return None
        self._claims.append(claim)
        return claim

    def _cite(self, text: str, carrying: Sequence[Line]) -> Claim | None:
        if unsupported(text, [line.citation(0) for line in carrying]):
            return None
        said = [self._question, *(f"{o.source.chunk.context} {o.text}" for o in carrying)]
        if not all(spells(digits, said) for digits in loose_digits(text)):
            return None
        if strange_names(text, said) or strange_dates(text, said, self._words):
            return None
        if any(contradicts(text, line.text, self._words) for line in carrying):
            return None
        return self._claim(text, carrying)

    def _claim(self, text: str, carrying: Sequence[Line]) -> Claim:
        for line in carrying:
            if line not in self._cited:
                self._cited.append(line)
        return Claim(text, tuple(self._cited.index(line) + 1 for line in carrying))

    def withdraw(self, claim: Claim) -> None:
        """Take a claim back whose source went away meanwhile."""
        self._claims.remove(claim)
        self._withheld += 1

    def answer(self, inquiry: Inquiry) -> Answer:
        """Return the whole: grounded in what was kept, or declined with the nearest evidence."""
        if self._claims:
            return Grounded(
                claims=tuple(self._claims),
                citations=self.citations,
                amount=self._amount(),
                assumptions=inquiry.assumptions,
                withheld=self._withheld,
            )
        reason = Reason.UNSUPPORTED if self._withheld else Reason.NOT_FOUND
        firsts = {line.hit: line for line in reversed(self._lines)}
        nearest = tuple(
            line.citation(number)
            for number, line in enumerate([firsts[hit] for hit in sorted(firsts)][:3], start=1)
        )
        return declined(reason, inquiry.language, nearest)

    def _amount(self) -> Amount | None:
        """Return the one number of the first sentence, if it has exactly one."""
        found = find_amounts(self._claims[0].text)
        return found[0].amount if len(found) == 1 else None
