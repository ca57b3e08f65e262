"""Counts that judges of what was read keep, and how those of several documents are added up."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Self


@dataclass(slots=True)
class Counts:
    """Numbers and lists of remarks, by name; made to be inherited from."""

    def add(self, other: Self) -> None:
        """Take up the numbers and remarks of another."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))
