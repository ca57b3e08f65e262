"""Words and ruling lines read from the picture of a page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from rapidocr import EngineType, RapidOCR

from yanku.model.document import Origin
from yanku.parse.ink import Ink, Ruling, Word

_THREADS = 2
_FINDING_SIDE = 1440
"""Pixels of the long side at which lines are found; they are then read at full resolution."""
_POOR = 0.8
_Grey = NDArray[Any]
_Pixels = NDArray[Any]


class Eyes:
    """Reads pictures; the recogniser is loaded when the first one is read."""

    @cached_property
    def _recogniser(self) -> Any:  # noqa: ANN401 - the library has no types
        return RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.use_cls": False,
                "Det.engine_type": EngineType.OPENVINO,
                "Rec.engine_type": EngineType.OPENVINO,
                "EngineConfig.openvino.inference_num_threads": _THREADS,
                "Det.limit_type": "max",
                "Det.limit_side_len": _FINDING_SIDE,
            }
        )

    def read(self, picture: Image.Image, number: int, dpi: float) -> Ink:
        """Return what stands on the picture of page ``number`` taken at ``dpi``.

        A page that lies on its side or upside down is turned until its lines read best.
        """
        pixels = _without_seals(np.asarray(picture.convert("RGB")), dpi)
        best = self._look(pixels, 0)
        for turns in best.other_turns():
            best = max(best, self._look(pixels, turns), key=lambda look: look.trust)
        level, upright = _rulings(cv2.cvtColor(best.pixels, cv2.COLOR_RGB2GRAY), dpi)
        scale = 72 / dpi
        height, width = best.pixels.shape[:2]
        return Ink(
            number,
            width * scale,
            height * scale,
            Origin.OCR,
            tuple(_words(best.lines, scale, upright)),
            tuple(level),
            tuple(upright),
            best.turns,
            best.skew,
        )

    def _look(self, pixels: _Pixels, turns: int) -> _Look:
        """Read the picture after clockwise quarter turns."""
        upright = np.ascontiguousarray(np.rot90(pixels, -turns))
        skew = skew_of(cv2.cvtColor(upright, cv2.COLOR_RGB2GRAY))
        if skew:
            upright = _rotated(upright, skew)
        result = self._recogniser(upright[:, :, ::-1], return_word_box=True)
        if result.boxes is None or result.txts is None:
            return _Look(upright, turns, skew, [])
        found = zip(result.boxes, result.txts, result.scores, result.word_results, strict=True)
        return _Look(upright, turns, skew, [_Seen(*each) for each in found])


@dataclass(frozen=True, slots=True)
class _Seen:
    """A recognised line with its trust, 0 to 1; a part is (text, trust, corners)."""

    corners: Any
    text: str
    score: float
    parts: Any


@dataclass(frozen=True, slots=True)
class _Look:
    """What was read from a picture in one orientation."""

    pixels: _Pixels
    turns: int
    skew: float
    lines: list[_Seen]

    @property
    def trust(self) -> float:
        """Return how much of the picture reads well."""
        return sum(len(line.text) * (line.score - 0.5) for line in self.lines)

    def other_turns(self) -> tuple[int, ...]:
        """Return the quarter turns worth trying as this one does not read well."""
        long = [line for line in self.lines if len(line.text) > 2]
        if len(long) < 3:
            return () if not self.lines else (1, 3)
        spans = [line.corners.max(axis=0) - line.corners.min(axis=0) for line in long]
        if sum(height > 1.5 * width for width, height in spans) * 2 > len(spans):
            return (1, 3)
        mean = sum(line.score for line in long) / len(long)
        return (2,) if mean < _POOR else ()


def _words(lines: list[_Seen], scale: float, upright: list[Ruling]) -> list[Word]:
    words: list[Word] = []
    for line in lines:
        x0, y0 = line.corners.min(axis=0) * scale
        x1, y1 = line.corners.max(axis=0) * scale
        parts = [
            (t, min(p[0] for p in b) * scale, max(p[0] for p in b) * scale)
            for t, _, b in line.parts
        ]
        words.extend(_split(line.text, float(x0), float(y0), float(x1), float(y1), parts, upright))
    return [word._replace(text=mended_number(word.text)) for word in words]


_DIGITS = re.compile(r"(?P<sign>[(（]?[-−–]?)(?P<body>[\d.,，。]+)(?P<end>[)）]?%?)")


def mended_number(text: str) -> str:
    """Return a number whose separators were mistaken for one another as it must be printed.

    Commas and full stops look alike in a scan. Digits are never touched, and a number stays as it
    is unless its groups of three leave one reading: ``1.234.567,89`` is 1,234,567.89.
    """
    match = _DIGITS.fullmatch(text)
    if match is None:
        return text
    groups = re.split("[.,，。]", match["body"])
    if len(groups) < 3 or not 1 <= len(groups[0]) <= 3:
        return text
    last = groups[-1]
    if any(len(group) != 3 for group in groups[1:-1]) or len(last) not in {2, 3}:
        return text
    joint = "." if len(last) == 2 else ","
    return f"{match['sign']}{','.join(groups[:-1])}{joint}{last}{match['end']}"


def _split(
    text: str,
    x0: float,
    y0: float,
    x1: float,
    y1: float,
    tokens: list[tuple[str, float, float]],
    upright: list[Ruling],
) -> list[Word]:
    """Return a recognised line as words, cut where an upright ruling or a wide gap parts it."""
    height = (y1 - y0) * 0.86
    middle = (y0 + y1) / 2
    cuts = [r.at for r in upright if x0 + 4 < r.at < x1 - 4 and r.start <= middle <= r.end]
    groups: list[list[tuple[str, float, float]]] = []
    for token in tokens:
        last = groups[-1][-1] if groups else None
        apart = last is None or token[1] - last[2] > 1.2 * height
        if last is not None and not apart:
            centre, before = (token[1] + token[2]) / 2, (last[1] + last[2]) / 2
            apart = any(before < cut <= centre for cut in cuts)
        if apart:
            groups.append([token])
        else:
            groups[-1].append(token)
    if len(groups) < 2:
        return [Word(text.strip(), x0, y0, x1, y1, height)] if text.strip() else []
    return [Word("".join(t for t, _, _ in g), g[0][1], y0, g[-1][2], y1, height) for g in groups]


def _without_seals(pixels: _Pixels, dpi: float) -> _Pixels:
    """Return the picture with red seals taken off the print beneath them.

    Only round or square red marks of the size of a seal go; red figures stay.
    """
    deep = pixels.astype(np.int16)
    red, green, blue = deep[:, :, 0], deep[:, :, 1], deep[:, :, 2]
    mask = ((red > 120) & (red - green > 45) & (red - blue > 45)).astype(np.uint8)
    if mask.mean() < 0.0004:
        return pixels
    reach = max(3, int(dpi / 12))
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    _, _, boxes, _ = cv2.connectedComponentsWithStats(closed)
    clean = pixels.copy()
    for label, (x, y, width, height, _) in enumerate(boxes):
        sides = sorted((width / dpi, height / dpi))
        if label and sides[0] > 0.7 and sides[1] < 2.8 and sides[1] < 1.6 * sides[0]:
            field = (slice(y, y + height), slice(x, x + width))
            stain = cv2.dilate(mask[field], np.ones((3, 3), np.uint8)).astype(bool)
            # Red ink is as bright as paper in the red channel; print beneath it stays dark.
            bright = np.median(red[field][mask[field].astype(bool)])
            plain = np.clip(red[field] * (255.0 / bright), 0, 255).astype(np.uint8)
            clean[field][stain] = plain[stain][:, None]
    return clean


def skew_of(grey: _Grey) -> float:
    """Return by how many degrees (counter-clockwise) a picture must be turned to be level.

    The right angle is the one at which rows of ink and rows of paper differ most.
    """
    shrink = 900 / max(grey.shape)
    small = cv2.resize(grey, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    ink = (255 - cv2.GaussianBlur(small, (3, 3), 0)).astype(np.float32)
    ink[ink < 60] = 0

    def contrast(angle: float) -> float:
        profile = _rotated(ink, angle, 0.0).sum(axis=1)
        return float(((profile[1:] - profile[:-1]) ** 2).sum())

    best = max((a * 0.5 for a in range(-12, 13)), key=contrast)
    best = max((best + a * 0.1 for a in range(-5, 6)), key=contrast)
    return round(best, 2) if abs(best) >= 0.15 and contrast(best) > 1.05 * contrast(0.0) else 0.0


def _rotated(pixels: Any, angle: float, border: float = 255.0) -> Any:  # noqa: ANN401
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return cv2.warpAffine(
        pixels,
        matrix,
        (width, height),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(border, border, border),
    )


def _rulings(grey: _Grey, dpi: float) -> tuple[list[Ruling], list[Ruling]]:
    """Return the straight lines longer than strokes of letters."""
    dark = cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 12
    )
    return _strokes(dark, dpi, 22, level=True), _strokes(dark, dpi, 14, level=False)


def _strokes(dark: _Grey, dpi: float, points: float, *, level: bool) -> list[Ruling]:
    length = max(8, int(points * dpi / 72))
    shape = (length, 1) if level else (1, length)
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, shape)
    found = cv2.morphologyEx(dark, cv2.MORPH_OPEN, kernel)
    thicken = cv2.getStructuringElement(cv2.MORPH_RECT, (1, 3) if level else (3, 1))
    found = cv2.dilate(found, thicken)
    _, _, boxes, _ = cv2.connectedComponentsWithStats(found)
    scale, rulings = 72 / dpi, []
    for x, y, width, height, _ in boxes[1:]:
        long, thick = (width, height) if level else (height, width)
        if thick * scale > 6 or long < 4 * thick:
            continue
        at = (y + height / 2 if level else x + width / 2) * scale
        start = (x if level else y) * scale
        rulings.append(Ruling(float(at), float(start), float(start + long * scale)))
    return rulings
