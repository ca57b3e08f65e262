"""Words and ruling lines read from the picture of a page."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from rapidocr import RapidOCR

from yanku.model.document import Origin
from yanku.parse.ink import Ink, Ruling, Word

_THREADS = 2
_Grey = NDArray[Any]


class Eyes:
    """Reads pictures; the recogniser is loaded when the first one is read."""

    @cached_property
    def _recogniser(self) -> Any:  # noqa: ANN401 - the library has no types
        return RapidOCR(
            params={
                "Global.log_level": "critical",
                "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )

    def read(self, picture: Image.Image, number: int, dpi: float) -> Ink:
        """Return what stands on the picture of page ``number`` taken at ``dpi``."""
        pixels = np.asarray(picture.convert("RGB"))
        skew = skew_of(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY))
        if skew:
            pixels = _rotated(pixels, skew)
        grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
        level, upright = _rulings(grey, dpi)
        words = self._words(pixels, dpi, upright)
        scale = 72 / dpi
        return Ink(
            number,
            picture.width * scale,
            picture.height * scale,
            Origin.OCR,
            tuple(words),
            tuple(level),
            tuple(upright),
            skew=skew,
        )

    def _words(self, pixels: NDArray[np.uint8], dpi: float, upright: list[Ruling]) -> list[Word]:
        result = self._recogniser(pixels[:, :, ::-1], return_word_box=True)
        if result.boxes is None or result.txts is None:
            return []
        scale = 72 / dpi
        words: list[Word] = []
        for box, text, tokens in zip(result.boxes, result.txts, result.word_results, strict=True):
            x0, y0 = box.min(axis=0) * scale
            x1, y1 = box.max(axis=0) * scale
            parts = [
                (t, min(p[0] for p in b) * scale, max(p[0] for p in b) * scale)
                for t, _, b in tokens
            ]
            words.extend(_split(text, float(x0), float(y0), float(x1), float(y1), parts, upright))
        return words


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
