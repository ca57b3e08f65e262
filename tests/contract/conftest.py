"""What the suites of adapters have in common."""

from __future__ import annotations

import pytest

from yanku.adapters.postgres.library import PostgresLibrary
from yanku.adapters.postgres.pool import Pool


@pytest.fixture
def library(pool: Pool) -> PostgresLibrary:
    return PostgresLibrary(pool)
