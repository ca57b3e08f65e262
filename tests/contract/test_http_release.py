"""A bad model version, released over HTTP: people get right answers, and it goes back by itself."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from tests.doors import Door, open_door
from tests.houses_direct import publish_text

from yanku.access.scope import group_key, scope_of
from yanku.model.release import Act, Guard, Turn
from yanku.ports import Model
from yanku.serving.releases import position
from yanku.settings import CacheSettings, ReleaseSettings
from yanku.testing.defects import Defective
from yanku.testing.model import FakeModel

LAKE = "北岸仓库由物流部负责管理，总投资为3.6亿元。"
ASKED = "概括北岸仓库的管理"
OFF = CacheSettings(where="off")
QUICK = ReleaseSettings(poll_s=0.2, rehearsals=0)


def echo(version: str = "1") -> FakeModel:
    return FakeModel(lambda messages: messages[-1].content.replace("\n", "。"), version=version)


INVENTED = "北岸仓库由物流部负责管理，总投资为9.9亿元。"


@dataclass
class Crowd:
    """People with their clients, who ask in turns."""

    door: Door
    clients: dict[str, httpx.AsyncClient]
    """By user id."""

    async def ask(self, times: int) -> list[str]:
        """Ask so often, by random people; return the answers."""
        chance, said = random.Random(7), []
        for _ in range(times):
            client = self.clients[chance.choice(list(self.clients))]
            response = await client.post("/api/v1/ask", json={"question": ASKED})
            assert response.status_code == 200, response.text
            said.append(str(response.json()["answer"].get("text") or response.json()["answer"]))
            if not self.door.house.releasing.releases.state.running:
                break
        return said

    @property
    def tried(self) -> int:
        """Return how many requests the candidate had."""
        return self.door.house.releasing.releases.totals.candidate.requests


@asynccontextmanager
async def crowd(
    url: str,
    folder: Path,
    base: Model,
    versions: Mapping[str, Model],
    *,
    people: int = 12,
    releases: ReleaseSettings = QUICK,
    cache: CacheSettings = OFF,
) -> AsyncIterator[Crowd]:
    async with AsyncExitStack() as stack:
        door = await stack.enter_async_context(
            open_door(url, folder, model=base, versions=versions, releases=releases, cache=cache)
        )
        await stack.enter_async_context(door.house.following())
        clients: dict[str, httpx.AsyncClient] = {}
        readers: set[str] = set()
        for number in range(people):
            person = await door.person(f"p{number}", "desk")
            readers |= {group_key(group) for group in person.groups}
            clients[person.user] = await stack.enter_async_context(door.bearer(person))
        await publish_text(door.house, await door.house.accounts.local(), LAKE, readers=readers)
        yield Crowd(door, clients)


async def start(crowd: Crowd, name: str, weight: float, shadow: float = 0.0) -> None:
    chief = await crowd.door.house.accounts.local()
    await crowd.door.house.releasing.start(chief, name, weight, shadow, "try it")


async def last_turn(crowd: Crowd) -> Turn:
    chief = await crowd.door.house.accounts.local()
    return (await crowd.door.house.releasing.history(chief))[0]


async def asked_until_back(crowd: Crowd, limit: int = 800) -> tuple[list[str], Turn]:
    return await crowd.ask(limit), await last_turn(crowd)


def failing_at(rate: float) -> Model:
    chance, asked = random.Random(3), itertools.count()
    # The word to warm up with is written.
    return Defective(echo("2"), fails=lambda: next(asked) > 0 and chance.random() < rate)


@pytest.mark.parametrize(
    ("bad", "guards"),
    [
        (FakeModel(INVENTED, version="2"), {Guard.DECLINES, Guard.WITHHELD}),
        (FakeModel("资料未提及。", version="2"), {Guard.DECLINES}),
        (failing_at(1.0), {Guard.IN_A_ROW, Guard.FAILURES}),
        (failing_at(0.2), {Guard.FAILURES}),
        (FakeModel(" ", version="2"), {Guard.DECLINES}),
    ],
    ids=["wrong numbers", "declines all", "fails always", "fails at times", "says nothing"],
)
async def test_people_get_right_answers_from_a_bad_version_until_it_is_rolled_back(
    database_url: str, tmp_path: Path, bad: Model, guards: set[Guard]
) -> None:
    async with crowd(database_url, tmp_path, echo(), {"next": bad}) as people:
        await start(people, "next", 0.5)
        said, turn = await asked_until_back(people)
        assert all("3.6" in answer for answer in said), said
        assert turn.act is Act.ROLLED_BACK
        assert turn.who == ""
        assert turn.breach is not None
        assert turn.breach.guard in guards
        assert turn.breach.candidate.of <= 200
        assert not turn.after.running
        before = people.door.house.releasing.releases.stable
        assert before == "base"
        assert len(await people.ask(3)) >= 1


async def test_a_version_that_fails_one_time_in_fifty_is_found_before_people_are_served(
    database_url: str, tmp_path: Path
) -> None:
    rules = QUICK.model_copy(update={"rehearsals": 300})
    versions = {"next": failing_at(0.02)}
    async with crowd(database_url, tmp_path, echo(), versions, people=3, releases=rules) as people:
        await start(people, "next", 0.5)
        async with asyncio.timeout(200):
            while people.door.house.releasing.releases.state.running:
                await asyncio.sleep(0.05)
        turn = await last_turn(people)
        assert turn.breach is not None
        assert turn.breach.guard is Guard.FAILURES
        assert turn.breach.candidate.of <= 900
        assert people.tried == 0


async def test_a_version_three_times_slower_is_rolled_back(
    database_url: str, tmp_path: Path
) -> None:
    base, slow = Defective(echo(), delay_s=0.05), Defective(echo("2"), delay_s=0.15)
    async with crowd(database_url, tmp_path, base, {"slow": slow}) as people:
        await start(people, "slow", 0.5)
        said, turn = await asked_until_back(people)
        assert all("3.6" in answer for answer in said)
        assert turn.breach is not None
        assert turn.breach.guard in {Guard.WHOLE_ANSWER, Guard.FIRST_TOKEN}
        assert turn.breach.candidate.of <= 60


async def test_an_equal_version_stays_and_can_be_promoted_and_taken_back(
    database_url: str, tmp_path: Path
) -> None:
    async with crowd(database_url, tmp_path, echo(), {"next": echo("2")}) as people:
        await start(people, "next", 0.5)
        await people.ask(60)
        house = people.door.house
        chief = await house.accounts.local()
        assert house.releasing.releases.state.running
        assert (await house.releasing.status(chief)).totals.candidate.requests > 10
        await house.releasing.promote(chief)
        client = next(iter(people.clients.values()))
        done = (await client.post("/api/v1/ask", json={"question": ASKED})).json()
        receipt = (await client.get(f"/api/v1/receipts/{done['receipt']}")).json()
        assert "release next" in str(receipt["versions"])
        await house.releasing.roll_back(chief)
        assert house.releasing.releases.stable == "base"


async def test_a_request_that_hangs_on_a_version_rolled_back_is_answered_by_the_stable_one(
    database_url: str, tmp_path: Path
) -> None:
    hanging = False
    stuck = Defective(echo("2"), hangs=lambda: hanging)
    async with crowd(database_url, tmp_path, echo(), {"stuck": stuck}, people=6) as people:
        await start(people, "stuck", 1.0)
        hanging = True
        client = next(iter(people.clients.values()))
        waiting = asyncio.create_task(client.post("/api/v1/ask", json={"question": ASKED}))
        while not people.door.house.releasing.releases.snapshot()["in_flight"]:
            await asyncio.sleep(0.02)
        chief = await people.door.house.accounts.local()
        await people.door.house.releasing.roll_back(chief, "it hangs")
        response = await asyncio.wait_for(waiting, 10)
        assert response.status_code == 200
        assert "3.6" in response.text


async def test_a_version_that_hangs_costs_a_wait_and_no_answer(
    database_url: str, tmp_path: Path
) -> None:
    hanging = False
    stuck = Defective(echo("2"), hangs=lambda: hanging)
    rules = QUICK.model_copy(update={"patience_s": 0.5})
    async with crowd(
        database_url, tmp_path, echo(), {"stuck": stuck}, people=6, releases=rules
    ) as people:
        await start(people, "stuck", 1.0)
        hanging = True
        said, turn = await asked_until_back(people)
        assert all("3.6" in answer for answer in said)
        assert turn.breach is not None
        assert turn.breach.guard is Guard.IN_A_ROW
        assert len(said) <= 8


async def test_what_one_version_answered_is_never_given_again_as_anothers(
    database_url: str, tmp_path: Path
) -> None:
    first, second = echo(), echo("2")
    cache = CacheSettings(where="database")
    async with crowd(database_url, tmp_path, first, {"next": second}, cache=cache) as people:
        await start(people, "next", 0.5)
        release = people.door.house.releasing.releases.state.release
        for user, client in people.clients.items():
            done = (await client.post("/api/v1/ask", json={"question": ASKED})).json()
            receipt = (await client.get(f"/api/v1/receipts/{done['receipt']}")).json()
            on_trial = position(user, release) < 0.5
            assert ("release next" in str(receipt["versions"])) is on_trial
        # One answer each; everybody else got their own version's again. One more word to warm up.
        assert (len(first.asked), len(second.asked)) == (1, 2)


async def test_a_version_is_asked_for_by_name_by_administrators_alone(
    database_url: str, tmp_path: Path
) -> None:
    second = echo("2")
    async with crowd(database_url, tmp_path, echo(), {"next": second}, people=1) as people:
        chosen = {"X-Yanku-Release": "next"}
        client = next(iter(people.clients.values()))
        refused = await client.post("/api/v1/ask", json={"question": ASKED}, headers=chosen)
        assert refused.status_code == 403
        house = people.door.house
        chief = await house.accounts.local()
        async with people.door.bearer(chief) as admin:
            asked = await admin.post("/api/v1/ask", json={"question": ASKED}, headers=chosen)
            assert asked.status_code == 200
            assert len(second.asked) == 1
            wrong = {"X-Yanku-Release": "nxet"}
            unknown = await admin.post("/api/v1/ask", json={"question": ASKED}, headers=wrong)
            assert unknown.status_code == 400
            assert "base, next" in unknown.json()["detail"]


async def test_administrators_run_a_release_over_http_and_others_do_not(
    database_url: str, tmp_path: Path
) -> None:
    async with crowd(database_url, tmp_path, echo(), {"next": echo("2")}, people=1) as people:
        member = next(iter(people.clients.values()))
        assert (await member.get("/api/v1/release")).status_code == 403
        assert (await member.post("/api/v1/release", json={"name": "next"})).status_code == 403
        chief = await people.door.house.accounts.local()
        async with people.door.bearer(chief) as admin:
            begun = await admin.post("/api/v1/release", json={"name": "next", "weight": 1})
            assert begun.status_code == 201
            twice = await admin.post("/api/v1/release", json={"name": "next"})
            assert twice.status_code == 409
            heavy = await admin.put("/api/v1/release/weight", json={"weight": 2})
            assert heavy.status_code == 422
            await people.ask(2)
            await people.door.house.releasing.releases.tick()
            status = (await admin.get("/api/v1/release")).json()
            assert status["totals"]["candidate"]["requests"] == 2
            assert {view["level"] for view in status["guards"]} == {"waiting"}
            series = (await admin.get("/api/v1/release/series?step_s=10")).json()
            assert sum(bucket["candidate"]["requests"] for bucket in series) == 2
            gone = await admin.post("/api/v1/release/rollback", json={"why": "not yet"})
            assert gone.json()["candidate"] == ""
            turns = (await admin.get("/api/v1/release/history")).json()
            assert [(turn["act"], turn["why"]) for turn in turns] == [
                ("rolled_back", "not yet"),
                ("started", ""),
            ]


async def test_a_copy_in_the_shadow_is_compared_and_nobody_sees_it(
    database_url: str, tmp_path: Path
) -> None:
    wrong = FakeModel(INVENTED, version="2")
    async with crowd(database_url, tmp_path, echo(), {"next": wrong}, people=3) as people:
        await start(people, "next", 0.0, shadow=1.0)
        assert all("3.6" in answer for answer in await people.ask(12))
        await people.door.house.shadows.rest()
        house = people.door.house
        found = (await house.releasing.status(await house.accounts.local())).shadows
        assert (found.pairs, found.failed, found.same_numbers) == (12, 0, 0)
        assert found.only_candidate_declined == 12
        assert len(wrong.asked) == 13  # The first word was to warm up.
        assert all(asked == wrong.asked[1] for asked in wrong.asked[1:])


async def test_a_copy_is_not_asked_once_the_evidence_is_forgotten(
    database_url: str, tmp_path: Path
) -> None:
    hanging = False
    base, second = Defective(echo(), hangs=lambda: hanging), echo("2")
    async with crowd(database_url, tmp_path, base, {"next": second}, people=2) as people:
        house = people.door.house
        one, other = people.clients.values()
        await start(people, "next", 0.0, shadow=1.0)
        hanging = True
        # Copies wait as long as somebody asks.
        asking = asyncio.create_task(other.post("/api/v1/ask", json={"question": ASKED}))
        while not house.admission.inside:
            await asyncio.sleep(0.02)
        hanging = False
        assert "3.6" in (await one.post("/api/v1/ask", json={"question": ASKED})).text
        owner = await house.accounts.local()
        entry = (await house.library.entries(scope=scope_of(owner)))[0][0]
        await house.keep.forget(entry.id, principal=owner)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        await house.shadows.rest()
        assert len(second.asked) == 1
        assert (await house.releasing.status(owner)).shadows.pairs == 0
