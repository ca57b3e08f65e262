"""Which elements a page's styles hide: those told by the element, its class or its id alone."""

from __future__ import annotations

import re

from lxml import etree

_MAX_STYLE_CHARS = 2_000_000
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)", re.I)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_MEDIA = re.compile(r"@[a-z-]+[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", re.IGNORECASE)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE = re.compile(r"([A-Za-z][\w-]*)?(?:([.#])([\w-]+))?")


class Styles:
    """What the style sheets inside a page hide."""

    def __init__(self, root: etree._Element) -> None:
        sheets = "".join(
            each.text or "" for each in root.iter("style", "{*}style") if isinstance(each.tag, str)
        )
        self._hidden: set[tuple[str, str, str]] = set()
        plain = _MEDIA.sub("", _COMMENT.sub("", sheets[:_MAX_STYLE_CHARS]))
        for selectors, body in _RULE.findall(plain):
            if _HIDDEN.search(body):
                for each in selectors.split(","):
                    match = _SIMPLE.fullmatch(each.strip())
                    if match is not None and (match[1] or match[3]):
                        self._hidden.add(((match[1] or "").lower(), match[2] or "", match[3] or ""))

    def hides(self, element: etree._Element) -> bool:
        """Tell whether an element itself is hidden, with all that is in it."""
        if element.get("hidden") is not None or _HIDDEN.search(element.get("style") or ""):
            return True
        if element.get("type") == "hidden":
            return True
        return bool(self._hidden) and self._by_sheet(element)

    def _by_sheet(self, element: etree._Element) -> bool:
        tag = str(element.tag).rpartition("}")[2].lower()
        marks = [(".", each) for each in (element.get("class") or "").split()]
        marks += [("#", element.get("id") or ""), ("", "")]
        return any((own, *mark) in self._hidden for mark in marks for own in (tag, ""))
