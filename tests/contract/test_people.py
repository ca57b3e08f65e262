"""Both keepers of people do what every keeper of people must do."""

from __future__ import annotations

import pytest

from yanku.adapters.postgres.people import PostgresPeople
from yanku.adapters.postgres.pool import Pool
from yanku.ports import People
from yanku.testing.people import MemoryPeople, PeopleConformance


class TestPostgresPeople(PeopleConformance):
    @pytest.fixture
    def people(self, pool: Pool) -> People:
        return PostgresPeople(pool)


class TestMemoryPeople(PeopleConformance):
    @pytest.fixture
    def people(self) -> People:
        return MemoryPeople()
