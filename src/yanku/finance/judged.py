"""Reads a question for a judgement as one for the measures that it is judged by."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yanku.finance.ontology import Ontology
from yanku.finance.page import Page
from yanku.finance.spoken import Spoken

_LEADS = re.compile(r"^[□ ,]*(?:is|are|was|were|does|do|did|has|have)\b(?: there)?")
"""How a question for a yes or a no begins: none is given where the reader must judge."""


def judged_in(page: Page, spoken: Sequence[Spoken], ontology: Ontology) -> list[Spoken]:
    """Return the measures of a judgement that is asked for, take its words, and note it.

    "Is it capital-intensive?" is asked of ratios; no document says where intensive begins. A
    measure that the question names itself goes before those that are usual.
    """
    for pattern, measures in ontology.phrases.judged:
        m = pattern.search(page.rest)
        lead = _LEADS.search(page.rest)
        if m is None or lead is None:
            continue
        for start, end in (m.span(), lead.span()):
            page.take(start, end)
        page.note("judged", said=page.text[m.start() : m.end()].strip())
        return [] if spoken else [Spoken(m.start(), m.end(), name, m[0]) for name in measures]
    return []
