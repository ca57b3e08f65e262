"""What sentences say that answers a question: a reason, a response, a date, a denial."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from yanku.model.change import change_words
from yanku.model.matter import Asks, Matter

_TICKED = re.compile(r"[√☑✓]\s*(不适用|适用|否|是)")
_CHOSEN = re.compile(r"[√☑✓]\s*([^□√☑☒✓]{6,60})")
"""A ticked statement of a form: √本年度公司无重大诉讼."""


@cache
def cues() -> Mapping[str, re.Pattern[str]]:
    """Return the patterns of cues.toml by name, and those of which way something went."""
    text = files("yanku.answer").joinpath("cues.toml").read_text(encoding="utf-8")
    data: dict[str, Mapping[str, list[str]]] = tomllib.loads(text)
    return {
        name: re.compile("|".join(f"(?:{option})" for option in options))
        for table in (*data.values(), change_words())
        for name, options in table.items()
    }


def folded(text: str) -> str:
    """Return text in one width and lower case, in which cues and terms are looked for."""
    return unicodedata.normalize("NFKC", text).casefold()


def gives(asks: frozenset[Asks], text: str) -> bool:
    """Tell whether a (folded) text says what a question of these kinds wants."""
    wanted = [kind for kind in (Asks.REASON, Asks.WHEN) if kind in asks]
    return all(cues()[kind.value].search(text) for kind in wanted)


def direction(text: str) -> bool | None:
    """Tell which way a (folded) text says something went: up, down, or neither or both."""
    up, down = cues()["up"].search(text), cues()["down"].search(text)
    return None if bool(up) is bool(down) else bool(up)


def denies(text: str) -> bool:
    """Tell whether a (folded) clause says that something is not so."""
    return cues()["no"].search(text) is not None


def ticked(text: str) -> bool | None:
    """Return what the boxes of a form's line say: yes, no, or None without boxes."""
    if (box := _TICKED.search(text)) is not None:
        return box[1] in {"是", "适用"}
    if (chosen := _CHOSEN.search(text)) is not None:
        return not denies(folded(chosen[1]))
    return None


def narrowed(text: str) -> frozenset[str]:
    """Return the words of a (folded) text that speak of some of a kind only ("重大")."""
    return frozenset(m[0] for m in cues()["narrows"].finditer(text))


def sends_elsewhere(text: str) -> bool:
    """Tell whether a (folded) sentence only points to another place."""
    return cues()["elsewhere"].search(text) is not None


def is_formal(text: str) -> bool:
    """Tell whether a (folded) heading stands over what a report by others says of itself."""
    return cues()["formal"].search(text) is not None


def is_of_instruments(question: str, heading: str) -> bool:
    """Tell the notes on financial instruments' risks where a question is for the company's own."""
    asked = cues()["instrument_asked"].search(question) is not None
    return not asked and cues()["instruments"].search(heading) is not None


def heads_list(matter: Matter, title: str) -> bool:
    """Tell whether a (folded) title may head the list that is asked for: of risks, those faced."""
    risks = any("风险" in term.names or "risk" in term.names for term in matter.terms)
    return not risks or cues()["faced"].search(title) is not None


def only_warns(question: str, text: str) -> bool:
    """Tell a (folded) text on warnings or on managing risks, where the risks are asked for."""
    found = {m[0] for m in cues()["warned"].finditer(text)}
    return bool(found) and "风险" in question and not any(word in question for word in found)


def is_cited(text: str) -> bool:
    """Tell whether a (folded) line only names another report."""
    return cues()["cited"].search(text) is not None


def gives_plan(question: str, text: str) -> bool:
    """Tell whether a (folded) text says how much is distributed, where a question asks for it."""
    asked = cues()["planned"].search(question) is not None
    return not asked or cues()["plans"].search(text) is not None


def goes_on(text: str) -> bool:
    """Tell whether a (folded) sentence goes on about what the one before it spoke of."""
    return cues()["goes_on"].search(text) is not None


def is_explained(after: str) -> bool:
    """Tell whether what stands right after a name says that its change is explained here."""
    return cues()["explained"].search(after) is not None


def explained_item(text: str) -> str | None:
    """Return what a (folded) line gives the reason of a change of, None if it is no such line."""
    m = cues()["explains"].match(text)
    return (m["item"] or "") if m is not None else None


def says_nothing(text: str) -> bool:
    """Tell a line of a form that says nothing: 其他说明：无."""
    return cues()["nothing"].fullmatch(folded(text).strip()) is not None


def supposes(text: str) -> bool:
    """Tell whether a (folded) text speaks of what might be, and not of what was."""
    return cues()["supposes"].search(text) is not None


def defines(after: str) -> bool:
    """Tell whether what stands right after a name says what it is or does."""
    return cues()["what"].search(after) is not None


def chooses(before: str) -> bool:
    """Tell whether what stands right before a name says that it is what is done or chosen."""
    return cues()["chooses"].search(before) is not None


def responds(text: str) -> bool:
    """Tell whether a (folded) sentence begins what is done about something."""
    return cues()["responds"].search(text) is not None


def names_method(text: str) -> bool:
    """Tell whether a (folded) sentence names a method."""
    return cues()["method"].search(text) is not None
