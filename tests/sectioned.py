"""An invented American annual report with its sections, and what is quoted of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, cast

from tests.american import JUNE, TOWEN

from yanku.chunk.cut import cut
from yanku.finance.matter import load_vocabulary
from yanku.finance.ontology import load_ontology
from yanku.finance.several import read_question
from yanku.flows.chapters import Chapters
from yanku.flows.fixed_parts import FixedParts
from yanku.flows.matters import Matters
from yanku.flows.sight import Sight
from yanku.model.document import Block, Digest, Document, Heading, Paragraph
from yanku.model.finance import Profile
from yanku.model.library import Chunk, DocumentId, Entry, State
from yanku.model.people import NOW, Scope, UserId
from yanku.model.place import OnPage
from yanku.retrieve.tokens import Tokens

ONTOLOGY = load_ontology()
TOKENS = Tokens(ONTOLOGY.vocabulary())
ANN = Scope(UserId("ann"), frozenset({"u:ann"}), NOW)

FORM_10K = """
# PART I
## Item 1. Business
#### General
Towen Materials, Inc. was incorporated in Delaware in 1961. Our web site is www.towen.example.
The terms “we” and “Towen” refer to Towen Materials, Inc., unless the context requires otherwise.
Towen Materials, Inc. (“Towen,” “we” or the “Company”) designs and makes coated films for \
batteries. We sell them in 31 countries. Our results were good.
#### Segments
We have two reportable segments: Films; and Adhesives. See Note 12 for more information on our \
segments.
#### Customers
During fiscal 2023, one customer accounted for 14% of our net sales.
#### Competition
Our markets are highly competitive. We compete with Ostend Coatings and Larkfield Chemical.
#### Seasonality
Demand for our products is not significantly seasonal.
#### Employees
At June 30, 2023, we employed 6,214 people, of whom 1,900 worked outside the United States. \
About 2,300 retirees take part in our health plans.
## Item 1A. Risk Factors
You should consider these risks carefully. They are not the only ones.
#### Risks Related to Our Business
We depend on two suppliers of resin, and could be harmed if either of them failed to deliver.
Resin is made by few companies. In fiscal 2021 one of ours closed a plant for eleven weeks, and \
we paid much more for what we could get. A longer closure could stop our lines.
For example, a storm may close a port.
Our plant in Ghent holds most of our capacity, which a fire or a flood could take from us.
The plant stands near a river. We insure it, but not for all that we would lose if it stood \
still, and customers who went elsewhere might not come back.
#### Risks Related to Law
New rules on solvents may raise our costs.
The European Union considers limits on two solvents that we use in nearly all of our films. We \
may have to change how we make them, which would cost time and money.
## Item 2. Properties
Our headquarters are in Dayton, Ohio. We own plants in Ghent and in Toledo.
## Item 3. Legal Proceedings
In March 2022, Larkfield Chemical filed a complaint against us in the District Court of Ohio, \
alleging that our films infringe a patent. See Note 15.
# PART II
## Item 6. [Reserved]
Item 7. Management’s Discussion and Analysis of Financial Condition and Results of Operations
#### Results of Operations
Net sales increased 8% in fiscal 2023, primarily due to higher prices of films.
Adhesives net sales decreased 3%, driven by lower volumes.
Gross margin decreased to 31.2% from 33.0%, mainly because resin cost more.
In fiscal 2022, gross margin increased to 33.0% due to better use of our plants.
Selling expenses increased due to higher net sales.
## Item 8. Financial Statements and Supplementary Data
#### Report of Independent Registered Public Accounting Firm
We have audited the accompanying balance sheets.
/s/ Hollis & Marr LLP
"""


def report(text: str = FORM_10K) -> Document:
    """Return a document of lines: # begins a heading, anything else is a paragraph."""
    blocks: list[Block] = []
    for number, line in enumerate(text.strip().splitlines()):
        place = OnPage(1 + number // 12)
        marks = re.match(r"#+ ", line)
        if marks:
            blocks.append(Heading(line[marks.end() :], len(marks[0]) - 1, place))
        else:
            blocks.append(Paragraph(line, place))
    return Document(Digest("1" * 64), "10k.pdf", "application/pdf", (), tuple(blocks))


class Shelf:
    """The two questions about headings that ``ports.Library`` answers, over a few documents."""

    def __init__(self, *reports: tuple[Document, Profile]) -> None:
        self._held: dict[str, tuple[Entry, tuple[Chunk, ...]]] = {}
        for number, (document, profile) in enumerate(reports):
            id = DocumentId(f"d{number}")
            entry = Entry(
                id=id, series=id, version=1, name=document.name, digest=document.digest, size=1,
                media_type=document.media_type, owner=UserId("ann"), state=State.LIVE,
                added=datetime(2026, 1, 1, tzinfo=UTC), profile=profile,
            )  # fmt: skip
            self._held[id] = entry, cut(document, id, profile)

    async def headed(
        self, heading: str, *, companies: Collection[str], scope: Scope
    ) -> Sequence[Entry]:
        """Return the documents of these companies under whose headings there is text."""
        assert scope == ANN
        found = [
            entry
            for entry, chunks in self._held.values()
            if entry.profile.company is not None
            and {entry.profile.company.code, entry.profile.company.name} & set(companies)
            and any(_is_under(chunk, heading) for chunk in chunks)
        ]
        return sorted(found, key=_end, reverse=True)

    async def under(
        self, heading: str, *, document: DocumentId, scope: Scope
    ) -> Sequence[tuple[Chunk, Entry]]:
        """Return the chunks under headings that match."""
        assert scope == ANN
        entry, chunks = self._held[document]
        return [(chunk, entry) for chunk in chunks if _is_under(chunk, heading)]


def _is_under(chunk: Chunk, heading: str) -> bool:
    return re.search(f" > (?:{heading})", chunk.context, re.IGNORECASE) is not None


def _end(entry: Entry) -> date:
    return entry.profile.period.end if entry.profile.period else date.min


class _Clock:
    def now(self) -> datetime:
        return datetime(2026, 11, 1, tzinfo=UTC)


async def seen(question: str, *reports: tuple[Document, Profile]) -> Sight | None:
    """Return what is seen in the sections of reports: by default of the one above, for 2023."""
    shelf = Shelf(*(reports or ((report(), JUNE),)))
    matters = Matters(ONTOLOGY, load_vocabulary(ONTOLOGY), TOKENS, _Clock())
    chapters = Chapters(
        fixed=FixedParts(cast("Any", shelf)), free=cast("Any", None), matters=matters
    )
    inquiry = read_question(question, [TOWEN], ONTOLOGY, date(2026, 11, 1))
    return await chapters.in_fixed(inquiry, matters.of(inquiry), scope=ANN)


async def quotes(question: str, *reports: tuple[Document, Profile]) -> list[str]:
    """Return the sentences that are quoted."""
    sight = await seen(question, *reports)
    return [quote.text for quote in sight.choice.quotes] if sight is not None else []


def in_year(year: int, text: str = FORM_10K) -> tuple[Document, Profile]:
    """Return the report as that on another year."""
    period = JUNE.period
    assert period is not None
    assert period.start is not None
    moved = replace(
        period,
        end=period.end.replace(year=year),
        start=period.start.replace(year=year - 1),
    )
    return report(text), replace(JUNE, period=moved)
