"""Any book of releases does what its suite claims."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from tests.houses import open_test_house

from yanku.adapters.postgres.pool import Pool, transaction
from yanku.adapters.postgres.releases import PostgresReleases
from yanku.model.release import ReleaseState, Tallies, Tally
from yanku.ports import ReleaseBook
from yanku.settings import ReleaseSettings
from yanku.testing.releases import FakeReleaseBook, ReleaseBookContract, started


class TestFake(ReleaseBookContract):
    @pytest.fixture
    async def book(self) -> ReleaseBook:
        return FakeReleaseBook()


class TestPostgres(ReleaseBookContract):
    @pytest.fixture
    async def book(self, pool: Pool) -> ReleaseBook:
        return PostgresReleases(pool)

    async def test_a_house_forgets_what_is_old_by_itself(
        self, database_url: str, tmp_path: Path
    ) -> None:
        old = datetime.now(UTC) - timedelta(days=8)
        state = ReleaseState(release="another")
        rules = ReleaseSettings(keep_days=7)
        async with open_test_house(database_url, tmp_path, releases=rules) as house:
            book = house.releasing._book
            await book.count(state, Tallies(Tally(requests=3)), old)
            await book.count(state, Tallies(Tally(requests=4)), old + timedelta(days=2))
            async with house.following(tidy_after_s=0.0), asyncio.timeout(10):
                while (await book.totals("another")).stable.requests != 4:
                    await asyncio.sleep(0.05)

    @pytest.mark.parametrize("change", ["UPDATE release_turns SET who = ''", "DELETE FROM {}"])
    async def test_the_history_cannot_be_changed(self, pool: Pool, change: str) -> None:
        await PostgresReleases(pool).turn(started())
        with pytest.raises(psycopg.errors.RaiseException):
            async with transaction(pool) as connection:
                await connection.execute(change.format("release_turns").encode())
