"""Breaks the text of a cell into lines: between Han characters, between Latin words."""

from __future__ import annotations

import re

from reportlab.pdfbase import pdfmetrics

_TOKENS = re.compile(r"[\u2e80-\u9fff\uff00-\uffef“”－]|[^\s\u2e80-\u9fff\uff00-\uffef“”－]+|\s+")


def wrapped(text: str, width: float, font: str, size: float) -> list[str]:
    """Return the lines; a word wider than the cell is broken where it must be."""
    lines = [""]
    for token in _TOKENS.findall(text):
        if _fits(lines[-1] + token.rstrip(), width, font, size):
            lines[-1] += token
        elif _fits(token.strip(), width, font, size):
            lines.append(token.lstrip())
        else:
            _break(lines, token, width, font, size)
    return [line.strip() for line in lines if line.strip()]


def broken(text: str, lines: list[str]) -> bool:
    """Tell whether a Latin word of the text is parted by a line end."""
    words = set(re.findall(r"[A-Za-z0-9$'’(),.%/-]+", text))
    return not words <= {w for line in lines for w in re.findall(r"[A-Za-z0-9$'’(),.%/-]+", line)}


def _break(lines: list[str], word: str, width: float, font: str, size: float) -> None:
    if lines[-1].strip():
        lines.append("")
    for character in word:
        if lines[-1] and not _fits(lines[-1] + character, width, font, size):
            lines.append("")
        lines[-1] += character


def _fits(text: str, width: float, font: str, size: float) -> bool:
    return bool(pdfmetrics.stringWidth(text, font, size) <= width)
