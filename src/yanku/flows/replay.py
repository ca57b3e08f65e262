"""The story of a replay: a receipt's question asked again, as known then, and held against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from yanku.access.scope import scope_of
from yanku.errors import InvalidRequest, NotFound
from yanku.finance.saying import say
from yanku.flows.ask import Ask, Context, Done
from yanku.flows.find import known_by
from yanku.flows.memory import REUSED
from yanku.model.answer import Answer, Citation, Grounded, citations_of
from yanku.model.library import DocumentId, State
from yanku.model.people import AsOf, Principal, Scope
from yanku.model.receipt import Receipt, ReceiptId
from yanku.ports import Ledger, Library


class SourceState(StrEnum):
    """What became of a source since it was cited."""

    LIVE = "live"
    REPLACED = "replaced"
    """There is a newer version; what this one said is kept."""
    GONE = "gone"
    """Deleted, or no longer this person's to read: the two look the same."""
    ADDED = "added"
    """Cited now and not then: held already, and perhaps granted to this person only later."""


@dataclass(frozen=True, slots=True)
class Source:
    """A document that the answer cited, or was nearest to a decline, and what became of it."""

    document: DocumentId
    file: str
    state: SourceState


class Aspect(StrEnum):
    """In what two answers can differ."""

    KIND = "kind"
    """Given or declined, and why."""
    AMOUNT = "amount"
    CHOICE = "choice"
    TABLE = "table"
    WORDS = "words"
    NOTES = "notes"
    """Defaults taken, and what an answer covers."""
    SOURCES = "sources"
    VERSION = "version"
    """Of the program, the model, the prompt or the chunker: no difference of the answer itself."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that was so then and is so now."""

    aspect: Aspect
    then: str
    now: str


class Verdict(StrEnum):
    """How a replay went."""

    SAME = "same"
    """The same answer from the same places."""
    SOURCE_GONE = "source_gone"
    """The answer differs, and a source of it is gone."""
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Replayed:
    """A receipt, what the same question gives today as known then, and what differs."""

    receipt: Receipt
    again: Done
    sources: tuple[Source, ...]
    differences: tuple[Difference, ...]

    @property
    def verdict(self) -> Verdict:
        """Return how the replay went; another version of a part alone is no difference."""
        if all(one.aspect is Aspect.VERSION for one in self.differences):
            return Verdict.SAME
        gone = any(source.state is SourceState.GONE for source in self.sources)
        return Verdict.SOURCE_GONE if gone else Verdict.DIFFERENT


class Replay:
    """Gives an earlier answer again, and tells whether it is the same."""

    def __init__(self, *, ask: Ask, ledger: Ledger, library: Library) -> None:
        self._ask = ask
        self._ledger = ledger
        self._library = library

    async def replay(self, id: ReceiptId, *, principal: Principal) -> Replayed:
        """Ask a receipt's question again, within the rights of then that the person still has.

        It is answered from the versions that were LIVE at that moment, and leaves a receipt of its
        own. Raises NotFound if the receipt is not one's own, InvalidRequest if it was never
        completed.
        """
        receipt = await self._ledger.receipt(id, scope=scope_of(principal))
        if receipt.answer is None:
            raise InvalidRequest(f"the answer of receipt {id} was never completed; ask again")
        as_of = AsOf(receipt.as_of.held or receipt.at, receipt.as_of.public)
        context = Context(as_of=as_of, within=receipt.readers)
        question = receipt.reading or receipt.question
        again = await self._ask.answer(question, principal=principal, context=context)
        scope = scope_of(principal, within=receipt.readers)
        renewed = await self._ledger.receipt(again.receipt, scope=scope)
        return Replayed(
            receipt,
            again,
            await self._sources(receipt.answer, again.answer, scope),
            (
                *compared(receipt.answer, again.answer, _of_the_asking(receipt, as_of)),
                *_versions(receipt.versions, renewed.versions),
            ),
        )

    async def _sources(self, then: Answer, now: Answer, scope: Scope) -> tuple[Source, ...]:
        files = {citation.document: citation.file for citation in citations_of(then)}
        added = {c.document: c.file for c in _cited(now) if c.document not in files}
        return (
            *[Source(id, file, await self._state(id, scope)) for id, file in files.items()],
            *(Source(id, file, SourceState.ADDED) for id, file in added.items()),
        )

    async def _state(self, document: DocumentId, scope: Scope) -> SourceState:
        try:
            entry = await self._library.entry(document, scope=scope)
        except NotFound:
            return SourceState.GONE
        return SourceState.LIVE if entry.state is State.LIVE else SourceState.REPLACED


def compared(then: Answer, now: Answer, asking: Collection[str] = ()) -> tuple[Difference, ...]:
    """Return in what two answers differ; quotes are not compared, they go with their source.

    ``asking`` are notes on how the question was asked: they are no difference.
    """
    pairs = [
        (Aspect.KIND, _kind(then), _kind(now)),
        (Aspect.AMOUNT, _amount(then), _amount(now)),
        (Aspect.CHOICE, _choice(then), _choice(now)),
        (Aspect.TABLE, _table(then), _table(now)),
        (Aspect.WORDS, _words(then), _words(now)),
    ]
    if _kind(then) == _kind(now):
        pairs.append((Aspect.NOTES, _notes(then, asking), _notes(now, asking)))
    found = [Difference(aspect, a, b) for aspect, a, b in pairs if a != b]
    places = [[(c.document, c.place) for c in _cited(answer)] for answer in (then, now)]
    if places[0] != places[1]:
        found.append(Difference(Aspect.SOURCES, _places(then), _places(now)))
    return tuple(found)


def _versions(
    then: tuple[tuple[str, str], ...], now: tuple[tuple[str, str], ...]
) -> tuple[Difference, ...]:
    before, after = (
        {name: version for name, version in one if name != REUSED} for one in (then, now)
    )
    return tuple(
        Difference(
            Aspect.VERSION,
            f"{name} {before.get(name, '')}".strip(),
            f"{name} {after.get(name, '')}".strip(),
        )
        for name in dict.fromkeys((*before, *after))
        if before.get(name) != after.get(name)
    )


def _cited(answer: Answer) -> tuple[Citation, ...]:
    """Return the sources of an answer; what is near a decline is none."""
    return answer.citations if isinstance(answer, Grounded) else ()


def _kind(answer: Answer) -> str:
    return "grounded" if isinstance(answer, Grounded) else f"declined: {answer.reason.value}"


def _amount(answer: Answer) -> str:
    amount = answer.amount if isinstance(answer, Grounded) else None
    return f"{amount.value:f} {amount.unit}".strip() if amount is not None else ""


def _choice(answer: Answer) -> str:
    return (answer.choice or "") if isinstance(answer, Grounded) else ""


def _table(answer: Answer) -> str:
    if not isinstance(answer, Grounded) or answer.table is None:
        return ""
    rows = [answer.table.columns, *([cell.text for cell in row] for row in answer.table.rows)]
    return "\n".join(" | ".join(row) for row in rows)


def _words(answer: Answer) -> str:
    """Return the sentences; those of a decline are of this program and say nothing of a source."""
    return answer.text if isinstance(answer, Grounded) else ""


def _of_the_asking(receipt: Receipt, as_of: AsOf) -> frozenset[str]:
    """Return the notes that tell only how a question was read, and as of when it was asked.

    Given again, it is asked in full and as of the moment of the receipt.
    """
    languages = ("zh", "en")
    notes = {
        note for one in (receipt.as_of, as_of) for of in languages for note in known_by(one, of)
    }
    read = {say("continued", of, question=receipt.reading) for of in languages}
    return frozenset(notes | read)


def _notes(answer: Answer, told: Collection[str]) -> str:
    """Return what an answer assumed; a decline says so in its message."""
    notes = answer.assumptions if isinstance(answer, Grounded) else ()
    return "; ".join(note for note in notes if note not in told)


def _places(answer: Answer) -> str:
    """Return the files cited, each with how many of its places are."""
    count = Counter(citation.file for citation in _cited(answer))
    return "; ".join(f"{file} ×{n}" if n > 1 else file for file, n in count.items())
