"""The sign that stands in a text for each letter that is understood already, or is a name."""

from __future__ import annotations

from typing import Final

BLANK: Final = "\u25a1"
