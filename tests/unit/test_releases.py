"""Who gets which version: sticky, fair, by name for those who may, and the same on every server."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import timedelta

import pytest

from yanku.errors import Conflict, InvalidRequest, ModelError, NotAllowed, Overloaded
from yanku.flows.releasing import MayChoose, Releasing
from yanku.model.call import NOBODY, Call
from yanku.model.people import Principal, Role, UserId
from yanku.model.release import Act, Guard, ReleaseState
from yanku.ports import Message, Model, Sampling
from yanku.serving.guards import Guards
from yanku.serving.releases import ReleaseRules, Releases, position
from yanku.serving.trial import trial_of
from yanku.testing.clock import FakeClock
from yanku.testing.defects import Defective
from yanku.testing.model import FakeModel, full_text
from yanku.testing.releases import FakeReleaseBook

CHIEF = Principal(UserId("u"), "chief", Role.ADMIN)
MEMBER = Principal(UserId("m"), "mina", Role.MEMBER)
ASKED = [Message("user", "1+1=?")]


def two(
    book: FakeReleaseBook,
    other: Model | None = None,
    *,
    base: Model | None = None,
    now: Callable[[], float] = lambda: 0.0,
    **rules: float | Guards,
) -> tuple[Releases, Releasing]:
    versions = {"base": base or FakeModel("one"), "next": other or FakeModel("two", version="2")}
    releases = Releases(
        versions,
        base="base",
        book=book,
        clock=FakeClock(),
        rules=ReleaseRules(**rules),  # type: ignore[arg-type]
        now=now,
    )
    flow = Releasing(releases=releases, book=book, clock=FakeClock(), may_choose=MayChoose.ADMINS)
    return releases, flow


def version_for(releases: Releases, call: Call) -> str:
    trial = trial_of(releases.for_call(call))
    assert trial is not None
    return trial.label


def test_a_higher_weight_never_sends_anybody_back() -> None:
    users = [f"user {n}" for n in range(2000)]
    places = {user: position(user, "r") for user in users}
    assert 60 < sum(place < 0.05 for place in places.values()) < 140
    other = {user for user in users if position(user, "another") < 0.05}
    assert other != {user for user in users if places[user] < 0.05}


async def test_everybody_keeps_their_version_while_it_is_tried_on_more() -> None:
    releases, flow = two(FakeReleaseBook())
    await flow.start(CHIEF, "next", 0.05)
    before: set[str] = set()
    for weight in (0.05, 0.2, 0.6, 1.0):
        if weight > 0.05:
            await flow.weigh(CHIEF, weight)
        chosen = {f"{n}" for n in range(300) if version_for(releases, Call(f"{n}")) == "next"}
        assert before <= chosen
        before = chosen
    assert len(before) == 300
    assert version_for(releases, NOBODY) == "base"
    assert version_for(releases, Call("1", again=True)) == "base"


async def test_all_servers_share_what_is_decided_and_keep_it_over_a_restart() -> None:
    book = FakeReleaseBook()
    one, flow = two(book)
    other, _ = two(book)
    await flow.start(CHIEF, "next", 1.0)
    await other.tick()
    assert version_for(other, Call("ann")) == "next"
    await flow.promote(CHIEF)
    await other.tick()
    assert (one.stable, other.stable) == ("next", "next")
    again, _ = two(book)
    await again.catch_up()
    assert again.stable == "next"
    await flow.roll_back(CHIEF)
    await again.tick()
    assert again.stable == "base"


async def test_failures_on_one_server_end_the_release_on_all() -> None:
    book, fails = FakeReleaseBook(), False
    bad = Defective(FakeModel("two"), fails=lambda: fails)
    one, flow = two(book, bad)
    other, _ = two(book, bad)
    await flow.start(CHIEF, "next", 1.0)
    await other.tick()
    fails = True
    for _ in range(5):
        assert version_for(one, Call("ann")) == "next"
        with pytest.raises(ModelError):
            await full_text(one.for_call(Call("ann")), "1+1=?")
    # At once here, and in a moment everywhere.
    assert version_for(one, Call("ann")) == "base"
    await one.tick()
    await other.tick()
    assert version_for(other, Call("ann")) == "base"
    turn = (await book.history())[0]
    assert (turn.act, turn.who, turn.candidate) == (Act.ROLLED_BACK, "", "next")


async def test_what_two_servers_count_is_judged_together() -> None:
    book, fails = FakeReleaseBook(), False
    bad = Defective(FakeModel("two"), fails=lambda: fails)
    servers = [two(book, bad, guards=Guards(in_a_row=99))[0] for _ in range(2)]
    flow = Releasing(releases=servers[0], book=book, clock=FakeClock(), may_choose=MayChoose.NOBODY)
    await flow.start(CHIEF, "next", 1.0)
    await servers[1].tick()
    for round_ in range(30):
        for server in servers:
            fails = round_ % 2 == 1
            await asyncio.gather(
                full_text(server.for_call(Call("ann")), "?"), return_exceptions=True
            )
            await server.tick()
        if not servers[0].state.running:
            break
    assert not servers[0].state.running
    assert round_ < 20
    await servers[1].tick()
    assert not servers[1].state.running


async def test_a_version_that_is_not_set_up_here_leaves_its_users_with_the_stable_one() -> None:
    book = FakeReleaseBook()
    _, flow = two(book)
    await flow.start(CHIEF, "next", 1.0)
    alone = Releases({"base": FakeModel("one")}, base="base", book=book, clock=FakeClock())
    await alone.tick()
    assert version_for(alone, Call("ann")) == "base"
    assert alone.snapshot()["missing"] == ["next"]
    await flow.promote(CHIEF)
    await alone.tick()
    assert alone.stable == "base"


async def test_a_release_needs_a_version_that_writes_and_one_at_a_time() -> None:
    _, flow = two(FakeReleaseBook(), Defective(FakeModel("two"), fails=lambda: True))
    with pytest.raises(ModelError):
        await flow.start(CHIEF, "next", 0.05)
    _, flow = two(FakeReleaseBook())
    for wrong in ("nxet", "base"):
        with pytest.raises((InvalidRequest, Conflict)):
            await flow.start(CHIEF, wrong, 0.05)
    with pytest.raises(InvalidRequest):
        await flow.start(CHIEF, "next", 5)
    await flow.start(CHIEF, "next", 0.05)
    with pytest.raises(Conflict):
        await flow.start(CHIEF, "next", 0.05)


async def test_while_a_guard_warns_nobody_new_is_sent_there_unless_forced() -> None:
    releases, flow = two(FakeReleaseBook())
    await flow.start(CHIEF, "next", 0.5)
    await releases.tick()
    ann = next(f"{n}" for n in range(99) if position(f"{n}", releases.state.release) < 0.5)
    ben = next(f"{n}" for n in range(99) if position(f"{n}", releases.state.release) >= 0.5)
    for _ in range(60):
        await full_text(releases.for_call(Call(ben)), "?")
    for _ in range(25):
        await full_text(releases.for_call(Call(ann)), "?")
    assert not releases.warns()
    trial = trial_of(releases.for_call(Call(ann)))
    assert trial is not None
    failed = 0
    while not releases.warns():
        trial._failed()
        await full_text(releases.for_call(Call(ann)), "?")
        failed += 1
        assert failed < 20
    with pytest.raises(Conflict):
        await flow.weigh(CHIEF, 0.9)
    with pytest.raises(Conflict):
        await flow.promote(CHIEF)
    await flow.weigh(CHIEF, 0.1)
    assert (await flow.promote(CHIEF, force=True)).stable == "next"


async def test_nobody_is_served_before_the_rehearsal_is_over() -> None:
    base, other = FakeModel("one"), FakeModel("two", version="2")
    releases, flow = two(FakeReleaseBook(), other, base=base, rehearsals=20)
    await flow.start(CHIEF, "next", 1.0)
    assert version_for(releases, Call("ann")) == "base"
    with pytest.raises(Conflict, match="rehearsed"):
        await flow.promote(CHIEF)
    await releases.tick()
    assert version_for(releases, Call("ann")) == "next"
    # One word to warm up; without a record the stable version writes four times as often.
    assert (len(other.asked), len(base.asked)) == (21, 80)
    assert len({asked[-1].content for asked in other.asked}) > 10
    await releases.tick()
    assert len(other.asked) == 21
    # What is rehearsed is not what people saw.
    assert (await flow.status(CHIEF)).totals.candidate.requests == 0
    assert (await flow.status(CHIEF)).rehearsed == 20


async def test_a_version_that_fails_in_rehearsal_serves_nobody() -> None:
    book, asked = FakeReleaseBook(), itertools.count()
    bad = Defective(FakeModel("two"), fails=lambda: next(asked) % 12 == 7)
    releases, flow = two(book, bad, rehearsals=200)
    await flow.start(CHIEF, "next", 1.0)
    await releases.tick()
    assert not releases.state.running
    turn = (await book.history())[0]
    assert turn.breach is not None
    assert turn.breach.guard is Guard.FAILURES
    assert turn.breach.candidate.of <= 200


async def test_servers_add_up_what_they_rehearse() -> None:
    book, other = FakeReleaseBook(), FakeModel("two", version="2")
    servers = [two(book, other, rehearsals=40)[0] for _ in range(2)]
    flow = Releasing(releases=servers[0], book=book, clock=FakeClock(), may_choose=MayChoose.NOBODY)
    await flow.start(CHIEF, "next", 1.0)
    await asyncio.gather(*(server.tick() for server in servers))
    assert [version_for(server, Call("ann")) for server in servers] == ["next", "next"]
    assert len(other.asked) < 60


async def test_an_engine_with_too_much_to_do_has_not_failed_its_rehearsal() -> None:
    busy = True

    class Busy(FakeModel):
        async def generate(
            self, messages: Sequence[Message], sampling: Sampling
        ) -> AsyncGenerator[str, None]:
            if busy and len(messages) > 1:
                raise Overloaded("too much", 1.0)
            async for piece in super().generate(messages, sampling):
                yield piece

    releases, flow = two(FakeReleaseBook(), Busy("two", version="2"), rehearsals=20)
    await flow.start(CHIEF, "next", 1.0)
    await releases.tick()
    assert releases.state.running
    assert version_for(releases, Call("ann")) == "base"
    busy = False
    await releases.tick()
    assert version_for(releases, Call("ann")) == "next"


async def test_a_rehearsal_ends_when_its_time_is_over() -> None:
    now = [0.0]

    def late() -> bool:
        now.append(now[-1] + 3)
        return False

    slow = Defective(FakeModel("two", version="2"), fails=late)
    releases, flow = two(FakeReleaseBook(), slow, rehearsals=300, now=lambda: now[-1])
    await flow.start(CHIEF, "next", 1.0)
    for _ in range(40):
        await releases.tick()
    assert version_for(releases, Call("ann")) == "next"
    assert 0 < (await flow.status(CHIEF)).rehearsed < 100


async def test_old_counts_are_forgotten_and_decisions_are_not() -> None:
    book, clock = FakeReleaseBook(), FakeClock()
    releases, flow = two(book)
    for _ in range(2):
        await flow.start(CHIEF, "next", 1.0)
        await full_text(releases.for_call(Call("ann")), "1+1=?")
        await releases.tick()
        await flow.roll_back(CHIEF)
    old, present = (turn.after.release for turn in (await book.history())[::-2])
    later = Releasing(releases=releases, book=book, clock=clock, may_choose=MayChoose.ADMINS)
    clock.advance(timedelta(days=30))
    assert await later.tidy(timedelta(days=90)) == 0
    clock.advance(timedelta(days=61))
    assert await later.tidy(timedelta(days=90)) == 1
    assert (await book.totals(old)).candidate.requests == 0
    assert (await book.totals(present)).candidate.requests == 1
    assert len(await book.history()) == 4


async def test_members_neither_manage_releases_nor_choose_a_version() -> None:
    _, flow = two(FakeReleaseBook())
    for work in (flow.start(MEMBER, "next", 0.05), flow.roll_back(MEMBER), flow.status(MEMBER)):
        with pytest.raises(NotAllowed):
            await work
    with pytest.raises(NotAllowed):
        flow.permit(MEMBER, Call(release="next"))
    flow.permit(MEMBER, NOBODY)
    flow.permit(CHIEF, Call(release="next"))
    with pytest.raises(InvalidRequest, match="base, next"):
        flow.permit(CHIEF, Call(release="nothing"))


async def test_a_version_on_trial_that_does_not_begin_is_given_up() -> None:
    hangs = False
    stuck = Defective(FakeModel("two"), hangs=lambda: hangs)
    releases, flow = two(FakeReleaseBook(), stuck, patience_s=0.1)
    await flow.start(CHIEF, "next", 1.0)
    hangs = True
    with pytest.raises(ModelError, match="did not begin"):
        await full_text(releases.for_call(Call("ann")), "?", Sampling())
    assert releases.snapshot()["in_flight"] == 0


async def test_a_stream_that_was_shown_is_finished_by_the_version_that_began_it() -> None:
    releases, flow = two(FakeReleaseBook(), FakeModel("一二三四五六七八", version="2"))
    await flow.start(CHIEF, "next", 1.0)
    shown, whole = (
        releases.for_call(Call("ann")).generate(ASKED, Sampling(whole=whole))
        for whole in (False, True)
    )
    said = [await anext(shown), await anext(whole)]
    await flow.roll_back(CHIEF)
    assert "".join([said[0], *[piece async for piece in shown]]) == "一二三四五六七八"
    with pytest.raises(ModelError, match="rolled back"):
        await anext(whole)


async def test_the_first_versions_name_is_what_it_was_before_there_were_others() -> None:
    releases, flow = two(FakeReleaseBook())
    assert releases.for_call(Call("ann")).version == "1"
    await flow.start(CHIEF, "next", 1.0)
    assert releases.for_call(Call("ann")).version == "2, release next"
    releases.adopt(ReleaseState())  # An older state changes nothing.
    assert releases.state.running
