"""Addresses of the console's source viewer, so that a citation can be opened from anywhere."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from fastapi import Request

from yanku.entry.http.front import front_of
from yanku.model.library import DocumentId
from yanku.model.place import Box, InSheet, InText, OnPage, Place


def source_path(document: DocumentId, place: Place) -> str:
    """Return the path of the page that shows a place of a document."""
    query: dict[str, str] = {}
    match place:
        case OnPage(page, box):
            query["page"] = str(page)
            if box:
                query["box"] = ",".join(f"{x:g}" for x in (box.x0, box.y0, box.x1, box.y1))
        case InSheet(sheet, cells):
            query |= {"sheet": sheet, "cells": cells}
        case InText(first, last):
            query["lines"] = f"{first}-{last}"
    return f"/source/{quote(document, safe='')}?{urlencode(query)}"


def place_of(query: dict[str, str]) -> Place:
    """Return the place that a path made by ``source_path`` names; the first page if none."""
    if "sheet" in query:
        return InSheet(query["sheet"], query.get("cells", "A1"))
    if "lines" in query:
        first, _, last = query["lines"].partition("-")
        return InText(_whole(first), max(_whole(first), _whole(last)))
    return OnPage(_whole(query.get("page", "")), _box(query.get("box", "")))


def _whole(text: str) -> int:
    return max(1, int(text)) if text.isdecimal() and len(text) < 8 else 1


def _box(text: str) -> Box | None:
    try:
        x0, y0, x1, y1 = (float(part) for part in text.split(","))
    except ValueError:
        return None
    # Not a number compares false: nothing but real, ordered corners passes.
    return Box(x0, y0, x1, y1) if 0 <= x0 < x1 < 1e6 and 0 <= y0 < y1 < 1e6 else None


def base_of(request: Request) -> str:
    """Return the address under which the asker reached this server, without a final slash."""
    scheme = "https" if front_of(request).tls else request.url.scheme
    return f"{scheme}://{request.headers.get('host') or request.url.netloc}"
