"""Reads a firm's own file of terms, and refuses what would make a question ambiguous."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from yanku.errors import SettingsError
from yanku.finance.labels import plain

_SECTIONS = ("metrics", "ratios", "companies")


def read_terms(extra: Path) -> dict[str, Any]:
    """Return the content of a file of terms; refuse sections that mean nothing."""
    try:
        data = tomllib.loads(extra.read_text(encoding="utf-8"))
    except (OSError, ValueError) as wrong:
        raise SettingsError(f"the ontology file {extra} cannot be read: {wrong}") from wrong
    for section, entries in data.items():
        if section not in _SECTIONS or not isinstance(entries, dict):
            raise SettingsError(
                f"{extra}: {section} is no section of terms; there are {', '.join(_SECTIONS)}"
            )
    return data


def company_names(data: Mapping[str, Any], source: str) -> dict[str, tuple[str, ...]]:
    """Return more names of companies by code or full name."""
    found: dict[str, tuple[str, ...]] = {}
    for company, entry in data.get("companies", {}).items():
        names = entry.get("also") if isinstance(entry, dict) else None
        fit = isinstance(names, list) and all(isinstance(n, str) and len(n) > 1 for n in names)
        if not fit or names is None or set(entry) != {"also"}:
            raise SettingsError(
                f'{source}: company {company} needs also = ["name", …], names of two signs or more'
            )
        found[company] = tuple(names)
    owners: dict[str, str] = {}
    for company, names in found.items():
        for name in names:
            if owners.setdefault(plain(name), company) != company:
                raise SettingsError(
                    f"{source}: {name} is given to both {owners[plain(name)]} and {company}"
                )
    return found
