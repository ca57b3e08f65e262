"""Digits of little trust are believed or doubted by how they read in other lights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from yanku.parse.again import Pixels, looked_again
from yanku.parse.speller import Letter

STRIP = np.full((48, 200, 3), 240, np.uint8)


def _letters(text: str, *trusts: float) -> tuple[Letter, ...]:
    given = (*trusts, *[1.0] * len(text))
    return tuple(Letter(c, 10.0 * i, t) for i, (c, t) in enumerate(zip(text, given, strict=False)))


def _read(letters: tuple[Letter, ...], *lights: str) -> list[float]:
    """Return the trust of each letter after a look in lights in which the line says other texts."""
    said: Iterator[str] = iter(lights)

    def spell(strips: Sequence[Pixels]) -> list[tuple[Letter, ...]]:
        return [_letters(next(said)) for _ in strips]

    (out,) = looked_again([letters], [STRIP], spell)
    assert [each.text for each in out] == [each.text for each in letters]
    return [each.trust for each in out]


def test_a_digit_that_reads_otherwise_in_one_light_is_not_sure() -> None:
    letters = _letters("5,51", 0.88)
    assert _read(letters, "5,51", "6,51", "5,51", "5,51") == [0.5, 1.0, 1.0, 1.0]


def test_a_digit_that_reads_the_same_in_all_lights_is_surer() -> None:
    letters = _letters("5,51", 0.75)
    assert _read(letters, "5,51", "551", "5.51", "5,51")[0] == 0.9


@pytest.mark.parametrize("trust", [0.3, 0.65])
def test_what_was_hardly_read_stays_doubtful_however_often_it_is_read_so(trust: float) -> None:
    assert _read(_letters("5,51", trust), *["5,51"] * 4)[0] == trust


def test_a_digit_lost_or_added_in_one_light_leaves_none_sure() -> None:
    letters = _letters("5,51", 0.88)
    assert _read(letters, "5,51", "51", "5,51", "5,51") == [0.5, 1.0, 0.5, 0.5]


def test_lines_that_are_sure_or_have_no_digits_are_not_looked_at_again() -> None:
    assert _read(_letters("5,51", 0.98)) == [0.98, 1.0, 1.0, 1.0]
    assert _read(_letters("合计", 0.4)) == [0.4, 1.0]
