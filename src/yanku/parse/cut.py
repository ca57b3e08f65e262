"""Sentences that the end of a column or page cuts in two, made whole in one place.

… 贷款和垫款总额 ║ 65,088.65亿元。负债总额 …
├ first block ─┤ ├ second block ──────────

The sentence moves to the side that holds more of its figures: a quote of them has to lead to
where they stand.
"""

from __future__ import annotations

import re
from dataclasses import replace

from yanku.model.document import Paragraph
from yanku.parse.glue import run_on

_STOP = re.compile(r"[。！？；;][”’\"'）)】]*|[.!?][”’\"')]*(?=\s)")


def made_whole(first: Paragraph, second: Paragraph) -> list[Paragraph]:
    """Return two parts of one paragraph with the sentence between them on one side.

    One paragraph is returned if the sentence is all there is on the other side.
    """
    begun, head = _last_cut(first.text)
    tail, rest = _first_cut(second.text)
    whole = run_on(head, tail)
    if _figures(tail) > _figures(head):
        text = f"{whole}{_space(tail, rest)}{rest}"
        own = replace(second, text=text, also=(first.place, *second.also), role=first.role)
        if not begun:
            return [own]
        return [replace(first, text=begun.rstrip()), own]
    own = replace(first, text=run_on(first.text, tail), also=(*first.also, second.place))
    return [own, replace(second, text=rest.lstrip(), role=first.role)] if rest.strip() else [own]


def _last_cut(text: str) -> tuple[str, str]:
    """Return what ends before the sentence that is cut, and its beginning."""
    stops = list(_STOP.finditer(text))
    end = stops[-1].end() if stops else 0
    return text[:end], text[end:].lstrip()


def _first_cut(text: str) -> tuple[str, str]:
    stop = _STOP.search(text)
    return (text[: stop.end()], text[stop.end() :]) if stop else (text, "")


def _figures(text: str) -> int:
    return len(re.findall(r"\d", text))


def _space(tail: str, rest: str) -> str:
    return " " if rest and tail.isascii() and not rest[0].isspace() else ""
