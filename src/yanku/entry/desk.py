"""What the command line asks of a home, whether it opens the home itself or a server has it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from yanku.access.scope import scope_of
from yanku.entry.counting import Door, counted
from yanku.entry.markdown import markdown_of
from yanku.entry.moments import as_of_said
from yanku.errors import Conflict
from yanku.finance.agreement import compared
from yanku.finance.labels import plain
from yanku.finance.names import known_as
from yanku.flows.ask import Context, Event
from yanku.flows.find import Search
from yanku.flows.releasing import ReleaseStatus
from yanku.flows.replay import Replayed
from yanku.model.finance import Fact
from yanku.model.library import DocumentId, Entry
from yanku.model.people import NOW, AsOf, Principal, Role, Scope
from yanku.model.receipt import Receipt, ReceiptId
from yanku.model.release import ReleaseState, Turn
from yanku.model.report import ParseReport
from yanku.ports import FactQuery
from yanku.wiring import House


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the library and the cursor of the next, empty at the end."""

    entries: tuple[Entry, ...]
    after: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Conditions on facts as typed on a command line; empty is no condition.

    ``companies`` are codes or names.
    """

    companies: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    period_ends: tuple[date, ...] = ()
    consolidation: str = ""
    documents: tuple[DocumentId, ...] = field(default=())


class Desk:
    """Serves one command at a time on an open house; ``person`` is a user name, or empty for the
    local owner.
    """

    def __init__(self, house: House) -> None:
        self.house = house

    async def _who(self, person: str) -> Principal:
        accounts = self.house.accounts
        return await (accounts.by_name(person) if person else accounts.local())

    def _as_of(self, as_of: str, public_by: str) -> AsOf | None:
        return as_of_said(as_of, public_by, self.house.clock.now())

    async def ask(
        self,
        question: str,
        person: str,
        after: str = "",
        as_of: str = "",
        public_by: str = "",
    ) -> AsyncIterator[Event]:
        """Yield the events of an answer, as of a day or moment if one is given."""
        context = Context(
            after=ReceiptId(after) if after else None, as_of=self._as_of(as_of, public_by)
        )
        principal = await self._who(person)
        happening = self.house.ask.stream(question, principal=principal, context=context)
        async with aclosing(counted(self.house.meters, Door.COMMAND, happening)) as events:
            async for event in events:
                yield event

    async def receipt(self, receipt: str, person: str) -> Receipt:
        """Return one of the person's own receipts."""
        scope = scope_of(await self._who(person))
        return await self.house.ledger.receipt(ReceiptId(receipt), scope=scope)

    async def replay(self, receipt: str, person: str) -> Replayed:
        """Give an earlier answer again, and tell what differs."""
        who = await self._who(person)
        return await self.house.replay.replay(ReceiptId(receipt), principal=who)

    async def search(
        self, question: str, person: str, limit: int, as_of: str = "", public_by: str = ""
    ) -> Search:
        """Return evidence and why it is there."""
        scope = scope_of(await self._who(person), self._as_of(as_of, public_by) or NOW)
        return await self.house.find.search(question, scope=scope, limit=limit)

    async def add(
        self,
        path: Path,
        name: str,
        person: str,
        groups: tuple[str, ...] = (),
        replaces: str = "",
    ) -> Entry:
        """Keep and queue a file; the same path with other bytes replaces what it gave before."""
        owner = await self._who(person)
        return await self.house.ingest.add(
            path,
            name,
            owner=owner,
            readers=await self.house.accounts.readers(groups),
            source=str(path),
            replaces=DocumentId(replaces) if replaces else None,
        )

    async def listing(self, person: str, after: str = "", limit: int = 100) -> Listing:
        """Return readable documents, newest first."""
        scope = scope_of(await self._who(person))
        entries, cursor = await self.house.library.entries(scope=scope, after=after, limit=limit)
        return Listing(tuple(entries), cursor)

    async def entry(self, document: DocumentId, person: str) -> Entry:
        """Return one document."""
        return await self.house.library.entry(document, scope=scope_of(await self._who(person)))

    async def members(self, document: DocumentId, person: str) -> list[Entry]:
        """Return the documents that lie in an archive or a mail."""
        scope = scope_of(await self._who(person))
        return list(await self.house.library.members(document, scope=scope))

    async def unlock(self, document: DocumentId, password: str, person: str) -> Entry:
        """Open a protected document with its password, and queue it for reading."""
        return await self.house.unlock.unlock(document, password, principal=await self._who(person))

    async def report(self, document: DocumentId, person: str) -> ParseReport:
        """Return what was seen in a document."""
        return await self.house.view.report(document, principal=await self._who(person))

    async def markdown(self, document: DocumentId, person: str) -> str:
        """Return a document as Markdown."""
        person_ = await self._who(person)
        return markdown_of(await self.house.view.parsed(document, principal=person_))

    async def facts(
        self, wanted: Wanted, person: str, as_of: str = "", public_by: str = ""
    ) -> list[tuple[Fact, Entry]]:
        """Return typed facts, each held against what other documents state; as of a day or moment
        if one is given.
        """
        scope = scope_of(await self._who(person), self._as_of(as_of, public_by) or NOW)
        query = FactQuery(
            companies=await self._codes(wanted.companies, scope),
            metrics=frozenset(wanted.metrics),
            period_ends=frozenset(wanted.period_ends),
            consolidation=wanted.consolidation,
            document=wanted.documents[0] if wanted.documents else None,
        )
        return compared(await self.house.facts.facts(query, scope=scope))

    async def _codes(self, said: tuple[str, ...], scope: Scope) -> frozenset[str]:
        """Return every code under which documents know the companies named; names stand too."""
        if not said:
            return frozenset()
        wanted = {plain(name) for name in said}
        known = await self.house.facts.companies(scope=scope)
        codes = {c.code for c in known if wanted & {plain(name) for name in known_as(c)}}
        return frozenset(codes or said)

    async def forget(self, document: DocumentId, person: str) -> int:
        """Delete a document for good; return how many versions went."""
        return await self.house.keep.forget(document, principal=await self._who(person))

    async def grant(self, document: DocumentId, groups: tuple[str, ...], person: str) -> None:
        """Make a document readable by exactly these groups and its owner."""
        readers = await self.house.accounts.readers(groups)
        await self.house.keep.grant(document, readers, principal=await self._who(person))

    async def reindex(self) -> int:
        """Rebuild the index; return the number of chunks."""
        return await self.house.keep.reindex()

    async def waiting(self) -> int:
        """Return how many jobs wait or run."""
        return await self.house.queue.waiting()

    async def set_up(self, name: str, password: str) -> Principal:
        """Let the owner of this home sign in; raise Conflict if they can already."""
        if not await self.house.accounts.needs_setup():
            raise Conflict("an administrator exists already; sign in instead")
        return await self.house.accounts.create_administrator(name, password)

    async def add_user(self, name: str, password: str, *, admin: bool) -> Principal:
        """Add a person."""
        actor = await self._who("")
        role = Role.ADMIN if admin else Role.MEMBER
        return await self.house.accounts.add_user(actor, name, password, role)

    async def add_group(self, name: str) -> str:
        """Add a group; return its id."""
        return (await self.house.accounts.add_group(await self._who(""), name)).id

    async def join(self, user: str, group: str) -> None:
        """Make a person a member of a group, both by name."""
        actor = await self._who("")
        person = await self._who(user)
        await self.house.accounts.join(
            actor, person.user, await self.house.accounts.group_named(group)
        )

    async def people(self) -> Sequence[Principal]:
        """Return everybody."""
        return await self.house.accounts.users(await self._who(""))

    async def add_token(self, person: str, name: str, days: int) -> str:
        """Return the secret of a new API token, shown this once."""
        return await self.house.accounts.add_token(await self._who(person), name, days or None)

    async def release_start(
        self, name: str, weight: float, shadow: float = 0.0, why: str = ""
    ) -> ReleaseState:
        """Try a model version on a share of the users."""
        return await self.house.releasing.start(await self._who(""), name, weight, shadow, why)

    async def release_weight(
        self, weight: float, shadow: float | None = None, why: str = "", *, force: bool = False
    ) -> ReleaseState:
        """Try it on another share."""
        actor = await self._who("")
        return await self.house.releasing.weigh(actor, weight, shadow, why, force=force)

    async def release_promote(self, why: str = "", *, force: bool = False) -> ReleaseState:
        """Let the version on trial serve everybody."""
        return await self.house.releasing.promote(await self._who(""), why, force=force)

    async def release_rollback(self, why: str = "") -> ReleaseState:
        """End a trial, or take back the last promotion."""
        return await self.house.releasing.roll_back(await self._who(""), why)

    async def release_status(self) -> ReleaseStatus:
        """Return where the release stands."""
        return await self.house.releasing.status(await self._who(""))

    async def release_history(self, limit: int = 100) -> list[Turn]:
        """Return what was done, newest first."""
        return list(await self.house.releasing.history(await self._who(""), limit))
