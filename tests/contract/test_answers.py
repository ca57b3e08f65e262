"""Kept answers: in memory and in PostgreSQL they behave alike."""

from __future__ import annotations

import pytest

from yanku.adapters.postgres.answers import PostgresAnswers
from yanku.adapters.postgres.library import PostgresLibrary
from yanku.adapters.postgres.pool import Pool
from yanku.model.answer import Declined, Reason
from yanku.model.kept import EditionMark, Kept
from yanku.model.library import ChunkId, DocumentId
from yanku.model.people import Scope, UserId
from yanku.model.receipt import ReceiptId
from yanku.ports import Answers
from yanku.serving.answers import AnswersInMemory
from yanku.serving.policies import PolicyName, policy_named
from yanku.testing.library import a_document, a_profile, an_entry, some_chunks

ONE, TWO = EditionMark("1"), EditionMark("2")
CAPACITY = 12


def kept(says: str, *documents: DocumentId, edition: EditionMark = ONE) -> Kept:
    answer = Declined(Reason.NOT_FOUND, says)
    return Kept(answer, ReceiptId("r"), (ChunkId("c"),), documents, edition)


@pytest.fixture(params=["memory", "database"])
def answers(request: pytest.FixtureRequest, pool: Pool) -> Answers:
    if request.param == "database":
        return PostgresAnswers(pool, capacity=CAPACITY, hours=1)
    return AnswersInMemory(policy_named(PolicyName.W_TINYLFU, CAPACITY), now=lambda: 0.0)


async def live(library: PostgresLibrary, text: str) -> DocumentId:
    entry = await library.add(an_entry(text, readers={"u:ann"}))
    chunks = some_chunks(entry.id, text)
    await library.publish(entry.id, a_document(entry, text), a_profile(), chunks, [])
    return entry.id


async def test_an_answer_comes_back_as_it_was_kept(
    answers: Answers, library: PostgresLibrary
) -> None:
    document = await live(library, "one")
    await answers.keep("k", kept("no", document))
    assert await answers.kept("k", ONE) == kept("no", document)
    assert await answers.kept("other", ONE) is None
    assert await answers.size() == 1


async def test_an_answer_of_another_edition_is_none_and_is_replaced(answers: Answers) -> None:
    await answers.keep("k", kept("old"))
    assert await answers.kept("k", TWO) is None
    await answers.keep("k", kept("new", edition=TWO))
    assert await answers.kept("k", TWO) == kept("new", edition=TWO)
    assert await answers.kept("k", ONE) is None
    assert await answers.size() == 1


async def test_what_rests_on_a_dropped_document_goes_and_nothing_else(
    answers: Answers, library: PostgresLibrary
) -> None:
    one, two = await live(library, "one"), await live(library, "two")
    await answers.keep("both", kept("a", one, two))
    await answers.keep("second", kept("b", two))
    await answers.drop([one])
    assert await answers.kept("both", ONE) is None
    assert await answers.kept("second", ONE) is not None


async def test_no_more_answers_are_kept_than_allowed_and_the_asked_for_stay(
    answers: Answers,
) -> None:
    await answers.keep("popular", kept("p"))
    for number in range(60):
        assert await answers.kept("popular", ONE) is not None
        await answers.kept(str(number), ONE)
        await answers.keep(str(number), kept("x"))
    assert await answers.size() <= CAPACITY


async def test_an_answer_in_the_database_goes_with_its_document_in_one_transaction(
    pool: Pool, library: PostgresLibrary
) -> None:
    answers = PostgresAnswers(pool, capacity=CAPACITY, hours=1)
    document = await live(library, "one")
    await answers.keep("k", kept("a", document))
    await library.forget(document, scope=Scope(UserId("ann"), frozenset({"u:ann"})))
    assert await answers.size() == 0
    await answers.keep("k", kept("a", document))
    assert await answers.size() == 0


async def test_an_answer_in_memory_grows_old() -> None:
    now = 0.0
    policy = policy_named(PolicyName.LRU, 4)
    answers = AnswersInMemory(policy, seconds=60, now=lambda: now)
    await answers.keep("k", kept("a"))
    now = 59.0
    assert await answers.kept("k", ONE) is not None
    now = 61.0
    assert await answers.kept("k", ONE) is None
