"""A firm's own terms, in its home."""

from __future__ import annotations

import hashlib
from pathlib import Path

from yanku.finance.ontology import Ontology, load_ontology
from yanku.settings import Settings

TERMS = "terms.toml"
"""A firm's own terms, in the home; docs/terms.md tells what may stand there."""


def terms_of(settings: Settings) -> Ontology:
    """Return the ontology with the home's own terms; raise SettingsError where they are wrong."""
    return load_ontology(own_terms(settings))


def own_terms(settings: Settings) -> Path | None:
    """Return the file of a home's own terms, if it has one."""
    own = settings.home / TERMS
    return own if own.exists() else None


def mark_of_terms(settings: Settings) -> str:
    """Return what differs whenever a firm's own terms do: answers kept under others are stale."""
    own = own_terms(settings)
    return hashlib.sha256(own.read_bytes()).hexdigest() if own else ""
