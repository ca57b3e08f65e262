"""Who somebody is, what they may read, and what they may do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from yanku.access.passwords import Passwords, check_password
from yanku.access.rights import Action, may, require
from yanku.access.scope import readers, scope_of
from yanku.access.signin import SignIn
from yanku.access.throttle import Limits, Throttle
from yanku.access.tokens import new_session, new_token, secret_hash
from yanku.errors import InvalidRequest, NotAllowed, NotSignedIn, Overloaded
from yanku.model.people import GroupId, Principal, Role, UserId
from yanku.testing.clock import FakeClock
from yanku.testing.people import MemoryPeople

ANN = Principal(UserId("1"), "ann", Role.MEMBER, frozenset({GroupId("a"), GroupId("b")}))
ADMIN = Principal(UserId("2"), "root", Role.ADMIN)


@pytest.fixture(scope="module")
def passwords() -> Passwords:
    return Passwords(memory_kib=64, passes=1, lanes=1)


def test_a_scope_is_the_person_and_their_groups_and_nothing_else() -> None:
    scope = scope_of(ANN)
    assert scope.user == "1"
    assert scope.readers == {"u:1", "g:a", "g:b"}


def test_an_administrator_reads_nothing_that_is_not_granted() -> None:
    assert scope_of(ADMIN).readers == {"u:2"}


def test_a_group_and_a_user_of_the_same_id_are_not_the_same_reader() -> None:
    assert readers(UserId("x")) & readers(UserId("y"), [GroupId("x")]) == set()


def test_only_administrators_manage() -> None:
    for action in (Action.MANAGE_PEOPLE, Action.MANAGE_GROUPS, Action.MANAGE_SETTINGS):
        assert may(ADMIN, action)
        with pytest.raises(NotAllowed, match=action):
            require(ANN, action)
    require(ANN, Action.ASK)


def test_a_password_is_known_again_and_no_other_is(passwords: Passwords) -> None:
    kept = passwords.hash("correct horse battery")
    assert kept.startswith("$argon2id$")
    assert passwords.verify("correct horse battery", kept)
    assert not passwords.verify("correct horse batterz", kept)
    assert passwords.hash("correct horse battery") != kept


def test_a_hash_that_is_none_lets_nobody_in(passwords: Passwords) -> None:
    for kept in ("", "!", "$argon2id$broken"):
        assert not passwords.verify("", kept)
        assert not passwords.verify("nobody has this password", kept)
    assert not passwords.verify("nobody has this password", None)
    assert not passwords.verify("half a pair \ud800", passwords.hash("something else"))


def test_an_older_cost_is_noticed(passwords: Passwords) -> None:
    kept = passwords.hash("correct horse battery")
    assert not passwords.is_stale(kept)
    assert Passwords(memory_kib=128, passes=2, lanes=1).is_stale(kept)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "too short"),
        ("x" * 300, "too long"),
        ("abababababababab", "repeats"),
        ("I am Annabel of Reed", "name"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(password: str, why: str) -> None:
    with pytest.raises(InvalidRequest, match=why):
        check_password(password, "annabel")


def test_a_short_name_forbids_no_letters() -> None:
    check_password("correct horse battery", "a")


def test_secrets_are_long_told_apart_and_kept_as_hashes() -> None:
    token, kept = new_token()
    session, _ = new_session()
    assert token.startswith("yk_")
    assert session.startswith("ys_")
    assert len(token) >= 3 + 43
    assert kept == secret_hash(token)
    assert token not in kept
    assert len({new_token()[0] for _ in range(100)}) == 100


def test_guessing_is_stopped_and_allowed_again_after_the_window() -> None:
    throttle, clock = Throttle(Limits(pair=3)), FakeClock()
    for _ in range(3):
        throttle.check("ann", "10.0.0.1", clock.now())
        throttle.failed("ann", "10.0.0.1", clock.now())
    with pytest.raises(Overloaded) as stopped:
        throttle.check("ANN", "10.0.0.1", clock.now())
    assert stopped.value.retry_after_s == timedelta(minutes=15).total_seconds()
    throttle.check("ann", "10.0.0.2", clock.now())
    throttle.check("ben", "10.0.0.1", clock.now())
    clock.advance(timedelta(minutes=15))
    throttle.check("ann", "10.0.0.1", clock.now())


def test_one_address_cannot_go_through_all_names_nor_fill_the_memory() -> None:
    throttle, clock = Throttle(Limits(address=20, keys=50)), FakeClock()
    for n in range(20):
        throttle.check(f"user {n}", "10.0.0.1", clock.now())
        throttle.failed(f"user {n}", "10.0.0.1", clock.now())
    with pytest.raises(Overloaded):
        throttle.check("user 21", "10.0.0.1", clock.now())
    for n in range(500):
        throttle.failed("x", f"10.0.1.{n}", clock.now())
    assert len(throttle) <= 50


async def test_signing_in_often_and_rightly_is_never_stopped(passwords: Passwords) -> None:
    people, clock = MemoryPeople(), FakeClock()
    await people.add_user("ann", passwords.hash("correct horse battery"), Role.MEMBER)
    sign_in = SignIn(people, passwords, Throttle(), clock)
    for _ in range(120):
        assert (await sign_in.by_password("ann", "correct horse battery", "::1")).name == "ann"


async def test_an_unknown_name_and_a_wrong_password_look_the_same(passwords: Passwords) -> None:
    people = MemoryPeople()
    await people.add_user("ann", passwords.hash("correct horse battery"), Role.MEMBER)
    sign_in = SignIn(people, passwords, Throttle(), FakeClock())
    messages = set()
    for name in ("ann", "nobody"):
        for n in range(6):
            with pytest.raises((NotSignedIn, Overloaded)) as refused:
                await sign_in.by_password(name, "a wrong password", "::1")
            messages.add((n, type(refused.value), str(refused.value)))
    assert len(messages) == 6
    assert {kind for _, kind, _ in messages} == {NotSignedIn, Overloaded}


async def test_a_secret_opens_until_it_expires(passwords: Passwords) -> None:
    people, clock = MemoryPeople(), FakeClock()
    user = await people.add_user("ann", passwords.hash("correct horse battery"), Role.MEMBER)
    token, kept_token = new_token()
    session, kept_session = new_session()
    await people.add_token(user, "script", kept_token, clock.now() + timedelta(days=1))
    await people.add_session(user, kept_session, clock.now() + timedelta(days=1))
    sign_in = SignIn(people, passwords, Throttle(), clock)
    for secret in (token, session):
        assert (await sign_in.by_secret(secret)).user == user
    clock.advance(timedelta(days=1))
    for secret in (token, session, "yk_", "ys_x", "", "nonsense"):
        with pytest.raises(NotSignedIn):
            await sign_in.by_secret(secret)


async def test_a_hash_of_an_older_cost_is_made_anew_at_sign_in(passwords: Passwords) -> None:
    people = MemoryPeople()
    await people.add_user("ann", passwords.hash("correct horse battery"), Role.MEMBER)
    dearer = Passwords(memory_kib=128, passes=2, lanes=1)
    sign_in = SignIn(people, dearer, Throttle(), FakeClock())
    await sign_in.by_password("ann", "correct horse battery", "::1")
    _, kept = await people.by_name("ann")
    assert not dearer.is_stale(kept)
