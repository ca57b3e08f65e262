"""Digits that were read with little trust are looked at again, in other lights.

A 6 in a pale print reads like a 5 with a trust of 0.88, as does many a 5 that is one. With its
strokes thinned, or smaller, it reads like a 6: what reads otherwise in another light is not sure,
and what reads the same in all of them is surer than it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from yanku.parse.speller import Letter

Pixels = NDArray[Any]
Spell = Callable[[Sequence[Pixels]], Sequence[Sequence[Letter]]]

_SURE = 0.97
"""Trust from which a digit is what it is; of those read wrongly hardly one reaches it."""
_ALIKE, _SURER = 0.7, 0.9
"""Trust from which digits that read the same in all lights are believed, and how much then."""
_OTHERWISE = 0.5
"""The most that a digit is trusted that reads otherwise in another light."""
_SMALLER = 0.85
_MOST = 80
"""Lines of a page that are looked at again; where more are doubtful, the page is."""


def looked_again(
    spelled: Sequence[tuple[Letter, ...]], strips: Sequence[Pixels], spell: Spell
) -> list[tuple[Letter, ...]]:
    """Return what was read on strips, with the trust that other lights leave to its digits."""
    doubtful = [i for i, letters in enumerate(spelled) if _is_doubtful(letters)][:_MOST]
    looks = [spell([light(strips[i]) for i in doubtful]) for light in _LIGHTS]
    out = list(spelled)
    for i, *others in zip(doubtful, *looks, strict=True):
        out[i] = _weighed(spelled[i], others)
    return out


def _is_doubtful(letters: Sequence[Letter]) -> bool:
    return any(each.text.isdigit() and each.trust < _SURE for each in letters)


def _weighed(letters: tuple[Letter, ...], others: Sequence[Sequence[Letter]]) -> tuple[Letter, ...]:
    own = _digits(letters)
    odd = set[int]()
    for other in map(_digits, others):
        alike = len(own) == len(other)
        odd.update(i for i in range(len(own)) if not alike or own[i] != other[i])
    digits = iter(range(len(own)))
    return tuple(
        _trusted(each, odd=next(digits) in odd) if each.text.isdigit() else each for each in letters
    )


def _trusted(digit: Letter, *, odd: bool) -> Letter:
    if odd:
        return digit._replace(trust=min(digit.trust, _OTHERWISE))
    return digit._replace(trust=_SURER) if _ALIKE <= digit.trust < _SURER else digit


def _digits(letters: Sequence[Letter]) -> str:
    return "".join(each.text for each in letters if each.text.isdigit())


def _paler(strip: Pixels) -> Pixels:
    """Return a strip with its strokes thinned: the pale limb of a 6 is the first to go."""
    return np.asarray(cv2.dilate(strip, np.ones((2, 2), np.uint8)))


def _smaller(strip: Pixels) -> Pixels:
    """Return a strip with smaller writing on the same paper."""
    height = strip.shape[0]
    small = cv2.resize(strip, None, fx=_SMALLER, fy=_SMALLER, interpolation=cv2.INTER_AREA)
    paper = np.median(strip.reshape(-1, strip.shape[2]), axis=0)
    out = np.full((height, small.shape[1], strip.shape[2]), paper, np.uint8)
    top = (height - small.shape[0]) // 2
    out[top : top + small.shape[0]] = small
    return out


def _softer(strip: Pixels) -> Pixels:
    return np.asarray(cv2.GaussianBlur(strip, (0, 0), 1.0))


def _cleaner(strip: Pixels) -> Pixels:
    return np.asarray(cv2.medianBlur(strip, 3))


_LIGHTS = (_paler, _smaller, _softer, _cleaner)
