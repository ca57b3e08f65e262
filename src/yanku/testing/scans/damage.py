"""What scanners, faxes, stamps and cameras do to a printed page."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Pixels = NDArray[np.uint8]
"""Height × width × RGB."""
Dice = np.random.Generator
Damage = Callable[[Pixels, Dice], Pixels]
"""Takes a clean page at some resolution to what a machine or a person made of it."""

_WHITE = (255, 255, 255)


def noisy(pixels: Pixels, dice: Dice, noise: float = 6.0, paper: int = 246) -> Pixels:
    """Return a page as a scanner's lamp shows it: greyish paper and grain."""
    levels = pixels.astype(np.float32) * (paper / 255)
    levels += dice.normal(0, noise, levels.shape[:2])[..., None]
    return _bytes(levels)


def skewed(pixels: Pixels, dice: Dice, least: float, most: float) -> Pixels:
    """Return a page laid askew by so many degrees, either way."""
    angle = float(dice.uniform(least, most)) * float(dice.choice([-1.0, 1.0]))
    height, width = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return np.asarray(
        cv2.warpAffine(pixels, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=_WHITE),
        np.uint8,
    )


def quartered(pixels: Pixels, dice: Dice) -> Pixels:
    """Return a page fed into the scanner sideways or upside down."""
    return np.ascontiguousarray(np.rot90(pixels, int(dice.integers(1, 4))))


def faint(pixels: Pixels, dice: Dice) -> Pixels:
    """Return a print whose toner runs out: pale, in bands, with gaps in its strokes."""
    height, width = pixels.shape[:2]
    ink = 1 - pixels.astype(np.float32) / 255
    bands = cv2.resize(
        dice.uniform(0.3, 0.5, (1, 9)).astype(np.float32), (width, 1), interpolation=cv2.INTER_CUBIC
    )
    specks = cv2.GaussianBlur(dice.normal(0, 1, (height, width)).astype(np.float32), (0, 0), 0.9)
    gaps = np.clip(1.15 - 0.9 * np.abs(specks) * 1.6, 0.25, 1)
    return noisy(_bytes(255 * (1 - ink * (bands * gaps)[..., None])), dice, 4)


def faxed(pixels: Pixels, dice: Dice) -> Pixels:
    """Return a page in black and white alone, with specks."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    grey += dice.normal(0, 22, grey.shape)
    black = np.where(grey > 150, 255, 0).astype(np.uint8)
    specks = dice.random(grey.shape)
    black[specks < 0.0008] = 0
    return np.repeat(black[..., None], 3, axis=2)


def squeezed(pixels: Pixels, dice: Dice) -> Pixels:
    """Return a page as a mean JPEG encoder leaves it."""
    return jpeg(pixels, int(dice.integers(12, 22)))


def jpeg(pixels: Pixels, quality: int) -> Pixels:
    """Return pixels after a pass through JPEG."""
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=quality)
    return np.asarray(Image.open(out).convert("RGB"))


def sealed(pixels: Pixels, dice: Dice, dpi: float) -> Pixels:
    """Return a page with one or two red seals stamped over its print."""
    for _ in range(int(dice.integers(1, 3))):
        pixels = _stamped(pixels, dice, dpi)
    return pixels


def _stamped(pixels: Pixels, dice: Dice, dpi: float) -> Pixels:
    """Press a round seal with a star: red ink lets the black print beneath it through."""
    side = int(dpi * dice.uniform(1.5, 1.75))
    stamp = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(stamp)
    ring = max(2, side // 32)
    draw.ellipse((2, 2, side - 3, side - 3), outline=255, width=ring)
    points = []
    for n in range(10):
        reach, angle = side * (0.17 if n % 2 == 0 else 0.068), math.pi * n / 5 - math.pi / 2
        points.append((side / 2 + reach * math.cos(angle), side / 2 + reach * math.sin(angle)))
    draw.polygon(points, fill=255)
    _lettered(stamp, side)
    draw.text((side / 2, side * 0.8), "财务专用章", 255, _font(side // 11), anchor="mm")
    worn = np.asarray(stamp.rotate(float(dice.uniform(-35, 35))), np.float32) / 255
    grain = cv2.GaussianBlur(dice.normal(0, 1, (side, side)).astype(np.float32), (0, 0), 1.2)
    worn *= np.clip(0.85 + 0.35 * grain, 0.15, 1) * float(dice.uniform(0.6, 0.95))
    height, width = pixels.shape[:2]
    x = int(dice.uniform(0.15, 0.8) * (width - side))
    y = int(dice.uniform(0.15, 0.8) * (height - side))
    red = np.array([225, 35, 45], np.float32) / 255
    field = pixels[y : y + side, x : x + side].astype(np.float32)
    out = pixels.copy()
    out[y : y + side, x : x + side] = _bytes(field * (1 - worn[..., None] * (1 - red)))
    return out


def _lettered(stamp: Image.Image, side: int) -> None:
    """Write the company's name around the inside of the ring."""
    name, font = "测试股份有限公司", _font(side // 8)
    for n, letter in enumerate(name):
        angle = math.radians(-120 + 240 * n / (len(name) - 1))
        tile = Image.new("L", (side // 5, side // 5), 0)
        ImageDraw.Draw(tile).text((side // 10, side // 10), letter, 255, font, anchor="mm")
        tile = tile.rotate(-math.degrees(angle))
        x = side / 2 + side * 0.38 * math.sin(angle) - side / 10
        y = side / 2 - side * 0.38 * math.cos(angle) - side / 10
        stamp.paste(255, (int(x), int(y)), tile)


def _font(size: int) -> ImageFont.FreeTypeFont:
    path = files("docvortex") / "resources" / "fonts" / "DroidSansFallbackFull.ttf"
    return ImageFont.truetype(str(path), max(6, size))


def photographed(pixels: Pixels, dice: Dice) -> Pixels:
    """Return a page lying on a desk, taken at a slant in uneven light, a little out of focus."""
    height, width = pixels.shape[:2]
    wide, high = int(width * 1.25), int(height * 1.2)
    corners = np.array([[0.1, 0.08], [0.9, 0.08], [0.9, 0.92], [0.1, 0.92]])
    corners += dice.uniform(-0.045, 0.045, (4, 2))
    page = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    slant = cv2.getPerspectiveTransform(page, (corners * (wide, high)).astype(np.float32))
    desk = float(dice.uniform(40, 110)) * np.array([1.1, 0.95, 0.8], np.float32)
    taken: NDArray[Any] = cv2.warpPerspective(
        pixels, slant, (wide, high), flags=cv2.INTER_CUBIC, borderValue=tuple(map(float, desk))
    ).astype(np.float32)
    taken *= _light(wide, high, dice)[..., None]
    taken = cv2.GaussianBlur(taken, (0, 0), float(dice.uniform(0.6, 1.1)))
    taken = taken + np.asarray(dice.normal(0, 4, taken.shape), np.float32)
    return jpeg(_bytes(taken), int(dice.integers(70, 90)))


def _light(wide: int, high: int, dice: Dice) -> NDArray[Any]:
    """Return how bright each point is: a lamp to one side, and the shadow of a hand."""
    x, y = np.meshgrid(np.linspace(-1, 1, wide), np.linspace(-1, 1, high))
    turn = float(dice.uniform(0, 2 * math.pi))
    across = x * math.cos(turn) + y * math.sin(turn)
    lamp = 0.8 + 0.18 * across
    edge = float(dice.uniform(0.2, 0.8))
    shadow = 1 - float(dice.uniform(0.2, 0.45)) / (1 + np.exp(-(across - edge) * 14))
    return np.asarray(lamp * shadow, np.float32)


def beside(left: Pixels, right: Pixels) -> Pixels:
    """Return two pages on one sheet, as a copier puts them."""
    height = max(left.shape[0], right.shape[0])
    sheet = np.full((height, left.shape[1] + right.shape[1], 3), 255, np.uint8)
    sheet[: left.shape[0], : left.shape[1]] = left
    sheet[: right.shape[0], left.shape[1] :] = right
    return sheet


def _bytes(levels: NDArray[Any]) -> Pixels:
    return np.asarray(np.clip(levels, 0, 255), np.uint8)
