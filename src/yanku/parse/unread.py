"""What stands on pages with a text layer and was not read: pictures beside text, text askew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from yanku.model.document import Flaw
from yanku.model.place import Box, OnPage
from yanku.parse.ink import Ink, Word, united

_SHARE = 0.03
"""A picture of less than this share of the page is an ornament."""
_SIDE = 50.0
_WHOLE, _MUCH = 0.85, 200
_OFTEN = 3
"""A picture that lies at the same place of so many pages is a logo or a background."""
_LONGEST = 40

_Key = tuple[int, int, int, int]


@dataclass(slots=True)
class Unread:
    """Collects, page by page, what was not read."""

    _pictures: list[OnPage] = field(default_factory=list)
    _places: Counter[_Key] = field(default_factory=Counter)
    _askew: dict[str, OnPage] = field(default_factory=dict)

    def note(self, ink: Ink, pictures: Sequence[Box], askew: Sequence[Word]) -> None:
        """Take up what a page holds besides its upright text."""
        width, height = ink.shown_size
        for box in merged(pictures):
            shown = Box(max(0.0, box.x0), max(0.0, box.y0), min(width, box.x1), min(height, box.y1))
            w, h = shown.x1 - shown.x0, shown.y1 - shown.y0
            share = w * h / max(1.0, width * height)
            if min(w, h) >= _SIDE and share >= _SHARE and not _is_ground(ink, share):
                self._pictures.append(OnPage(ink.number, _rounded(shown)))
                self._places[_key(shown)] += 1
        text = "".join(word.text for word in askew)
        if sum(character.isalpha() for character in text) > 1:
            # Stamps and watermarks are the same on every page: the first is enough.
            self._askew.setdefault(text, ink.place(united(_box(w) for w in askew)))

    def flaws(self) -> list[Flaw]:
        """Return a flaw for every picture and every text that stands askew."""
        found = [
            Flaw("unread_picture", f"A picture on page {place.page} was not read.", place)
            for place in self._pictures
            if place.box is not None and self._places[_key(place.box)] < _OFTEN
        ]
        found += [
            Flaw("askew_text", f"Text that stands askew was not read: {text[:_LONGEST]}", place)
            for text, place in self._askew.items()
        ]
        return sorted(found, key=lambda f: f.place.page if isinstance(f.place, OnPage) else 0)


def _is_ground(ink: Ink, share: float) -> bool:
    """Tell a picture that a page of text is printed on."""
    return share > _WHOLE and sum(len(word.text) for word in ink.words) > _MUCH


def merged(boxes: Sequence[Box]) -> list[Box]:
    """Return boxes with those put together that touch: writers cut large pictures into strips."""
    found: list[Box] = []
    for box in sorted(boxes, key=lambda b: (b.y0, b.x0))[:2_000]:
        whole = box
        while (mate := next((b for b in found if _touch(b, whole)), None)) is not None:
            found.remove(mate)
            whole = whole.united(mate)
        found.append(whole)
    return found


def _touch(a: Box, b: Box) -> bool:
    return a.x0 <= b.x1 + 1 and b.x0 <= a.x1 + 1 and a.y0 <= b.y1 + 1 and b.y0 <= a.y1 + 1


def _key(box: Box) -> _Key:
    return round(box.x0 / 4), round(box.y0 / 4), round(box.x1 / 4), round(box.y1 / 4)


def _rounded(box: Box) -> Box:
    return Box(round(box.x0, 1), round(box.y0, 1), round(box.x1, 1), round(box.y1, 1))


def _box(word: Word) -> Box:
    return Box(word.x0, word.y0, word.x1, word.y1)
