"""A place in plain words, for terminals and files."""

from __future__ import annotations

from yanku.model.place import InSheet, OnPage, Place


def place_worded(place: Place) -> str:
    """Return a place as a reader would say it."""
    if isinstance(place, OnPage):
        if place.box is None:
            return f"p. {place.page}"
        box = place.box
        return f"p. {place.page}, box {box.x0:.0f},{box.y0:.0f}–{box.x1:.0f},{box.y1:.0f}"
    if isinstance(place, InSheet):
        return f"{place.sheet}!{place.cells}"
    if place.first_line == place.last_line:
        return f"line {place.first_line}"
    return f"lines {place.first_line}–{place.last_line}"
