"""The seams: small Protocols between the rooms and the world."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from yanku.model.answer import Answer
from yanku.model.call import Call
from yanku.model.document import Document, Flaw, Member
from yanku.model.finance import Company, Fact, Profile
from yanku.model.kept import Edition, EditionMark, Kept
from yanku.model.library import Chunk, ChunkId, DocumentId, Entry, Kin, Progress
from yanku.model.people import Group, GroupId, Principal, Role, Scope, UserId
from yanku.model.place import Place
from yanku.model.receipt import Receipt, ReceiptId
from yanku.model.search import Posting, Probe, Rankings

OnPages = Callable[[int, int], Awaitable[None]]
"""Called with (pages done, pages in all) while a document is read."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """Files taken out of a file, each where it lies now, and why others were left out."""

    members: tuple[tuple[Member, Path], ...]
    flaws: tuple[Flaw, ...] = ()


class Reader(Protocol):
    """Reads files, apart from this process."""

    async def read(self, path: Path, name: str, on_pages: OnPages | None = None) -> Document:
        """Return the document in the file; raise a SourceError that says what is wrong with it."""
        ...

    async def render(self, path: Path, name: str, page: int, dpi: int) -> bytes:
        """Return one page (from 1) as PNG; raise NotFound if there is no such page."""
        ...

    async def unpack(self, path: Path, name: str, folder: Path) -> Unpacked:
        """Put the files in an archive or a mail into a folder; raise a SourceError.

        A file without members gives none. Members are named in the answer, never on the disk.
        """
        ...

    async def unlock(self, path: Path, name: str, password: str, target: Path) -> None:
        """Write a copy that opens without a password; raise WrongPassword, or a SourceError.

        The password goes nowhere else.
        """
        ...


class Embedder(Protocol):
    """Turns text into vectors of length ``dimensions``, normalised to length 1."""

    name: str
    dimensions: int

    async def passages(self, texts: Sequence[str]) -> list[tuple[float, ...]]:
        """Return one vector per text to be found."""
        ...

    async def query(self, text: str) -> tuple[float, ...]:
        """Return the vector of a question."""
        ...


class Index(Protocol):
    """Finds chunks by words and by vectors. Disposable: rebuilt from the library."""

    async def put(self, postings: Sequence[Posting]) -> None:
        """Add or replace postings by chunk id; a posting without a vector is found by words."""
        ...

    async def search(self, probe: Probe, *, scope: Scope) -> Rankings:
        """Return the best chunks per channel among those whose readers meet the scope, and that
        were known as of its day. The last is as the index knows it: the library decides.
        """
        ...

    async def regrant(self, document: DocumentId, readers: frozenset[str]) -> None:
        """Replace the readers of every posting of a document."""
        ...

    async def retire(self, document: DocumentId, until: datetime) -> None:
        """Note when a document was replaced: from now on only a search as of an earlier moment
        finds it.
        """
        ...

    async def drop(self, document: DocumentId) -> None:
        """Remove every posting of a document; nothing finds it once this returns."""
        ...

    async def clear(self) -> None:
        """Remove everything."""
        ...

    async def count(self) -> int:
        """Return the number of postings."""
        ...

    async def optimize(self) -> None:
        """Bring the index into its fastest form; allowed to take long."""
        ...

    async def close(self) -> None:
        """Flush and let go."""
        ...


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a prompt; ``role`` is ``system``, ``user`` or ``assistant``."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Sampling:
    """How to generate. Temperature 0 is greedy and reproducible."""

    max_tokens: int = 512
    temperature: float = 0.0
    stop: tuple[str, ...] = ()


class Model(Protocol):
    """A chat model. ``name`` and ``version`` go into receipts."""

    name: str
    version: str
    window: int
    """Longest prompt plus answer, in tokens."""

    def generate(self, messages: Sequence[Message], sampling: Sampling) -> AsyncIterator[str]:
        """Yield pieces of the answer as they come; closing the iterator frees the engine."""
        ...

    async def count_tokens(self, text: str) -> int:
        """Return the length of a text in the model's own tokens."""
        ...

    async def close(self) -> None:
        """Let go of memory and connections."""
        ...


class Models(Protocol):
    """The models behind one name: which of them serves is decided call by call."""

    def for_call(self, call: Call) -> Model:
        """Return the model that serves a call; name and version are those of its release."""
        ...

    def told(self, model: Model, answer: Answer | None) -> None:
        """Learn what became of an answer that a model of ``for_call`` wrote; None is a failure."""
        ...

    async def close(self) -> None:
        """Let go of all of them."""
        ...


@dataclass(frozen=True, slots=True)
class Used:
    """What one subject asked in this minute and in the last 24 hours."""

    requests_in_minute: int
    requests_in_day: int
    tokens_in_day: int


class Usage(Protocol):
    """Counts what people and keys use of the models."""

    async def use(self, subject: str, now: datetime, *, requests: int, tokens: int) -> Used:
        """Add to a subject's counts and return what it used lately, this included."""
        ...


class Files(Protocol):
    """Keeps the original bytes, and what was made from them, per document."""

    async def put(self, document: DocumentId, name: str, source: Path) -> None:
        """Keep a copy of a file under a document; atomic, safe to repeat."""
        ...

    async def path(self, document: DocumentId, name: str) -> Path:
        """Return a local path to read from; raise NotFound if there is none."""
        ...

    async def drop(self, document: DocumentId) -> None:
        """Remove everything kept under a document; it cannot be read once this returns."""
        ...

    async def documents(self) -> frozenset[DocumentId]:
        """Return the documents that anything is kept under."""
        ...


class Library(Protocol):
    """Documents and their chunks in PostgreSQL: the truth. Every method is one transaction."""

    async def add(self, entry: Entry, *, replaces: DocumentId | None = None) -> Entry:
        """Register a document as QUEUED with its parse job; the same id returns what is there.

        A FAILED one is queued again. With ``replaces``, it takes over that document's series, and
        its readers if it brings none; the old version stays LIVE until ``publish``.
        """
        ...

    async def adopt(self, parent: DocumentId, members: Sequence[tuple[str, Entry]]) -> None:
        """Register the files (path inside, document) of a container that is being read.

        They are read by whoever reads the container. A file with the name of another in the
        version before becomes its next version. Safe to repeat. Raises NotFound if the container
        was forgotten meanwhile.
        """
        ...

    async def members(self, document: DocumentId, *, scope: Scope) -> Sequence[Entry]:
        """Return the documents that lie in a readable one, superseded ones left out."""
        ...

    async def kin(self, document: DocumentId) -> Kin:
        """Return how deep a document lies in others, and how much the outermost one holds."""
        ...

    async def retry(self, document: DocumentId, *, scope: Scope) -> None:
        """Queue a FAILED document again; only the owner may. Raises NotFound, NotAllowed."""
        ...

    async def publish(
        self,
        document: DocumentId,
        parsed: Document,
        profile: Profile,
        chunks: Sequence[Chunk],
        facts: Sequence[Fact],
        *,
        seconds: float = 0.0,
        at: datetime | None = None,
    ) -> tuple[DocumentId, ...]:
        """Make a parsed document LIVE and its older versions SUPERSEDED, all at once, with the
        files that lay only in those.

        ``seconds`` is how long reading took, ``at`` the moment of the change (default: now). What
        was read in a version that was LIVE is kept, for those who ask as of an earlier day.
        Returns the superseded documents. Safe to repeat. Raises NotFound if forgotten meanwhile.
        """
        ...

    async def fail(self, document: DocumentId, code: str, message: str) -> None:
        """Mark a document FAILED with the reason."""
        ...

    async def progress(self, document: DocumentId, progress: Progress) -> None:
        """Record how far the work has come; the state QUEUED becomes PARSING."""
        ...

    async def entries(
        self, *, scope: Scope, after: str = "", limit: int = 100
    ) -> tuple[Sequence[Entry], str]:
        """Return readable documents, newest first, superseded ones left out, and a cursor.

        An empty cursor means there is no more.
        """
        ...

    async def entry(self, document: DocumentId, *, scope: Scope) -> Entry:
        """Return one readable document; raise NotFound otherwise."""
        ...

    async def parsed(self, document: DocumentId, *, scope: Scope) -> Document:
        """Return what the parser saw in a readable document that is or was LIVE; raise NotFound."""
        ...

    async def part(self, document: DocumentId, key: int | str, *, scope: Scope) -> Document:
        """Return what the parser saw on one page (by number) or sheet (by name) of a readable
        document that is or was LIVE, without loading the rest; raise NotFound otherwise.
        """
        ...

    async def sheets(self, document: DocumentId, *, scope: Scope) -> Sequence[str]:
        """Return the sheets that have cells, in order; raise NotFound as ``parsed`` does."""
        ...

    async def grant(
        self, document: DocumentId, readers: frozenset[str], *, scope: Scope
    ) -> tuple[DocumentId, ...]:
        """Replace the readers of every version; only the owner may, and always stays a reader.

        Files inside are read by the same people. Returns every document whose readers changed.
        Raises Conflict for one that only lies in another: choose the readers of that.
        """
        ...

    async def forget(self, document: DocumentId, *, scope: Scope) -> tuple[DocumentId, ...]:
        """Delete a document, all its versions, and the files inside; return the ids deleted.

        A file inside stays if it was also added on its own or lies in another container. Raises
        Conflict for one that lies in a container: its bytes are kept there. Only the owner may.
        Receipts keep ids and the answer as given, never the source's text.
        """
        ...

    async def chunks(
        self, ids: Sequence[ChunkId], *, scope: Scope
    ) -> Mapping[ChunkId, tuple[Chunk, Entry]]:
        """Return those of the chunks that are readable and LIVE (or, with a scope as of an earlier
        day, were known then), with their documents.
        """
        ...

    async def chunks_at(
        self, places: Sequence[tuple[DocumentId, Place]], *, scope: Scope
    ) -> Sequence[tuple[Chunk, Entry]]:
        """Return the known and readable chunks with a line on the same page or sheet as one of the
        places, in no particular order; in a text without pages, all of the document's.
        """
        ...

    async def edition(self, *, scope: Scope) -> Edition:
        """Return what the library is for this scope now: equal editions give equal answers."""
        ...

    async def found_anew(self, documents: Collection[DocumentId] | None = None) -> None:
        """Note that the index finds these documents otherwise than before, or all of them: every
        edition that holds one changes. Call it after the index has changed.
        """
        ...

    async def unindexed(self, limit: int) -> Sequence[tuple[Chunk, Entry]]:
        """Return chunks that have no vector in the index yet: those of LIVE documents first, then
        of replaced ones, the oldest document first.
        """
        ...

    async def indexed(self, chunks: Sequence[ChunkId]) -> None:
        """Remember that these chunks have their vectors."""
        ...

    async def from_source(self, source: str, *, scope: Scope) -> DocumentId | None:
        """Return the newest LIVE document that the scope's own person added from a source."""
        ...

    async def job_entry(self, document: DocumentId) -> Entry:
        """Return a document for the worker that reads it; raise NotFound if it was forgotten."""
        ...

    async def existing(self, documents: Collection[DocumentId]) -> frozenset[DocumentId]:
        """Return those of the documents that have not been forgotten, in whatever state."""
        ...

    async def every_chunk(self, after: ChunkId | None, limit: int) -> Sequence[tuple[Chunk, Entry]]:
        """Walk all chunks in id order, for rebuilding the index; forgets all ``indexed``
        marks when called with ``after`` None.
        """
        ...


@dataclass(frozen=True, slots=True)
class FactQuery:
    """Which facts are wanted; an empty condition is no condition. Dates are period ends."""

    companies: frozenset[str] = frozenset()
    metrics: frozenset[str] = frozenset()
    period_ends: frozenset[date] = frozenset()
    consolidation: str = ""
    document: DocumentId | None = None


class FactBook(Protocol):
    """Facts in PostgreSQL, always within a scope, which also says as of when."""

    async def companies(self, *, scope: Scope) -> Sequence[Company]:
        """Return the companies that readable LIVE documents speak of, with all their names."""
        ...

    async def facts(self, query: FactQuery, *, scope: Scope) -> Sequence[tuple[Fact, Entry]]:
        """Return readable facts, those of the latest published documents first."""
        ...

    async def profiles(self, *, scope: Scope) -> Sequence[tuple[DocumentId, Profile]]:
        """Return what each readable LIVE document says about itself."""
        ...


class Ledger(Protocol):
    """Receipts."""

    async def open(self, receipt: Receipt) -> None:
        """Write a receipt before anything of the answer leaves; durable when this returns."""
        ...

    async def close(self, receipt: ReceiptId, answer: Answer, latency_ms: int) -> bool:
        """Complete a receipt, and in the same transaction see that every document the answer
        cites is still LIVE (or was, as of the receipt's day) and readable by the receipt's reader;
        False, and nothing written, if one is not.
        """
        ...

    async def repeat(self, receipt: Receipt, *, of: ReceiptId, edition: EditionMark) -> bool:
        """Write a complete receipt for an answer given before, under ``of``.

        In the same transaction, see that the library's edition for the receipt's reader is still
        this one, and that all the answer cites, documents and chunks, is LIVE and readable; False,
        and nothing written, if not.
        """
        ...

    async def receipt(self, id: ReceiptId, *, scope: Scope) -> Receipt:
        """Return one's own receipt; raise NotFound otherwise."""
        ...

    async def receipts(
        self, *, scope: Scope, after: str = "", limit: int = 100
    ) -> tuple[Sequence[Receipt], str]:
        """Return one's own receipts, newest first, and a cursor."""
        ...


class Answers(Protocol):
    """Answers kept to be given again. It may forget any of them at any time."""

    async def kept(self, key: str, edition: EditionMark) -> Kept | None:
        """Return the answer kept under a key, if it is of this edition."""
        ...

    async def keep(self, key: str, kept: Kept) -> None:
        """Keep an answer in place of what the key held."""
        ...

    async def drop(self, documents: Collection[DocumentId]) -> None:
        """Forget every answer that rests on one of these documents."""
        ...

    async def size(self) -> int:
        """Return how many answers are kept."""
        ...


class People(Protocol):
    """Users, groups and tokens. Secrets are stored only as hashes."""

    async def add_user(self, name: str, password_hash: str, role: Role) -> UserId:
        """Add a user; raise Conflict if the name is taken."""
        ...

    async def principal(self, user: UserId) -> Principal:
        """Return a user with their groups; raise NotFound."""
        ...

    async def by_name(self, name: str) -> tuple[Principal, str]:
        """Return a user and their password hash; raise NotFound."""
        ...

    async def users(self) -> Sequence[Principal]:
        """Return all users by name."""
        ...

    async def founder(self) -> tuple[Principal, str]:
        """Return the administrator added first and their password hash; raise NotFound."""
        ...

    async def rename(self, user: UserId, name: str) -> None:
        """Give a user another name; raise Conflict if it is taken, NotFound."""
        ...

    async def set_password(self, user: UserId, password_hash: str) -> None:
        """Replace a password hash and end every session of the user."""
        ...

    async def add_group(self, name: str) -> Group:
        """Add a group; raise Conflict if the name is taken."""
        ...

    async def groups(self) -> Sequence[Group]:
        """Return all groups by name."""
        ...

    async def join(self, user: UserId, group: GroupId) -> None:
        """Make a user a member of a group."""
        ...

    async def leave(self, user: UserId, group: GroupId) -> None:
        """End a membership."""
        ...

    async def add_token(
        self, user: UserId, name: str, secret_hash: str, expires: datetime | None
    ) -> str:
        """Keep the hash of a new API token; return its id."""
        ...

    async def by_token(self, secret_hash: str, now: datetime) -> Principal:
        """Return whose token this is; raise NotFound if unknown, expired or revoked."""
        ...

    async def tokens(self, user: UserId) -> Sequence[tuple[str, str, datetime | None]]:
        """Return (id, name, expiry) of a user's tokens."""
        ...

    async def revoke_token(self, user: UserId, token: str) -> None:
        """End a token."""
        ...

    async def add_session(self, user: UserId, secret_hash: str, expires: datetime) -> None:
        """Keep the hash of the secret of a new session of the console."""
        ...

    async def by_session(self, secret_hash: str, now: datetime) -> Principal:
        """Return whose session this is; raise NotFound if unknown, expired or ended."""
        ...

    async def end_session(self, secret_hash: str) -> None:
        """End a session, if there is one."""
        ...


Handler = Callable[[Mapping[str, str]], Awaitable[None]]


class Queue(Protocol):
    """Jobs that survive the death of whoever works on them."""

    async def work(self, handlers: Mapping[str, Handler], *, until_empty: bool = False) -> None:
        """Run jobs by kind until cancelled, or until none is left.

        Jobs of dead workers are taken up again. A handler must be safe to repeat. A handler that
        raises is tried again a few times, then the job is kept as failed.
        """
        ...

    async def put(self, kind: str, payload: Mapping[str, str], *, once: str = "") -> None:
        """Add a job; with ``once``, not if an equal one still waits."""
        ...

    async def waiting(self) -> int:
        """Return how many jobs wait or run."""
        ...


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """Return the present moment, with time zone."""
        ...
