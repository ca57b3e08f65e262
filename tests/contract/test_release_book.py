"""Any book of releases does what its suite claims."""

from __future__ import annotations

import psycopg
import pytest

from yanku.adapters.postgres.pool import Pool, transaction
from yanku.adapters.postgres.releases import PostgresReleases
from yanku.ports import ReleaseBook
from yanku.testing.releases import FakeReleaseBook, ReleaseBookContract, started


class TestFake(ReleaseBookContract):
    @pytest.fixture
    async def book(self) -> ReleaseBook:
        return FakeReleaseBook()


class TestPostgres(ReleaseBookContract):
    @pytest.fixture
    async def book(self, pool: Pool) -> ReleaseBook:
        return PostgresReleases(pool)

    @pytest.mark.parametrize("change", ["UPDATE release_turns SET who = ''", "DELETE FROM {}"])
    async def test_the_history_cannot_be_changed(self, pool: Pool, change: str) -> None:
        await PostgresReleases(pool).turn(started())
        with pytest.raises(psycopg.errors.RaiseException):
            async with transaction(pool) as connection:
                await connection.execute(change.format("release_turns").encode())
