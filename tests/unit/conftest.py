"""The built-in ontology, which many tests ask for."""

from __future__ import annotations

import pytest

from yanku.finance.ontology import Ontology, load_ontology


@pytest.fixture(scope="session")
def ontology() -> Ontology:
    """Load the built-in terms; nothing of it can be changed, so one serves a whole run."""
    return load_ontology()
