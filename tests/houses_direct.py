"""Publishing without a parser: for tests with many documents and no interest in reading them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from yanku.access.scope import user_key
from yanku.model.finance import Fact
from yanku.model.library import DocumentId
from yanku.model.people import Principal
from yanku.testing.library import a_document, a_profile, an_entry, some_chunks
from yanku.wiring import House


async def publish_text(
    house: House,
    owner: Principal,
    text: str,
    *,
    readers: Iterable[str] = (),
    facts: Sequence[Fact] = (),
    replaces: DocumentId | None = None,
    company: str = "Reed Mills",
) -> DocumentId:
    """Make a document of one text live, and found by its words."""
    wanted = an_entry(text, owner.user, readers={user_key(owner.user), *readers})
    entry = await house.library.add(wanted, replaces=replaces)
    chunks = some_chunks(entry.id, text, 1)
    await house.ingest.put_postings([(chunk, entry) for chunk in chunks], [None])
    old = await house.library.publish(
        entry.id, a_document(entry, text), a_profile(company), chunks, facts
    )
    for version in old:
        await house.index.drop(version)
    return entry.id
