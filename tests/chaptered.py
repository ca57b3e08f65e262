"""Which part of a report a question is for, and what an invented report says there."""

from __future__ import annotations

from tests.quotes import FIRM, asked

from yanku.answer.choosing import Quote
from yanku.answer.evidence import lines_of
from yanku.answer.free_parts import told_in_free
from yanku.answer.passages import Passage, passages
from yanku.finance.chapters import free_chapters
from yanku.model.chapter import Chapter
from yanku.model.search import Hit


def chapter(question: str) -> Chapter | None:
    return next(iter(free_chapters(asked(question)[1], [FIRM])), None)


def told(question: str, *hits: Hit) -> tuple[Quote, ...]:
    found = chapter(question)
    assert found is not None
    return told_in_free(found, read(*hits))


def read(*hits: Hit) -> tuple[Passage, ...]:
    return passages(lines_of(hits))


def text(question: str, *hits: Hit) -> str:
    quotes = told(question, *hits)
    return "".join(quote.text for quote in quotes)
