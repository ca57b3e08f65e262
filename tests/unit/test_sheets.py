"""Two pages on one sheet are two pages, and a table as wide as two stays one."""

from __future__ import annotations

import numpy as np

from yanku.model.document import Origin
from yanku.model.place import Box
from yanku.parse.ink import Ink, Lens, Ruling, Word
from yanku.parse.sheets import pages_of

WIDE, HIGH = 842.0, 595.0
LENS = Lens((1, 0, 0, 0, 1, 0, 0, 0, 1), WIDE, HIGH)


def _word(text: str, x0: float, y0: float) -> Word:
    return Word(text, x0, y0, x0 + 8 * len(text), y0 + 10, 9.0)


def _page(left: float) -> list[Word]:
    rows = [("货币资金", "678,989"), ("应收账款", "133,818"), ("资产总计", "812,807")]
    words = [_word("合并资产负债表", left + 120, 60)]
    for n, (label, figure) in enumerate(rows):
        words += [_word(label, left + 50, 100 + 20 * n), _word(figure, left + 300, 100 + 20 * n)]
    return words


def _ink(words: list[Word], level: tuple[Ruling, ...] = ()) -> Ink:
    return Ink(3, WIDE, HIGH, Origin.OCR, tuple(words), level, lens=LENS)


def test_two_pages_side_by_side_are_read_one_after_the_other_and_keep_their_places() -> None:
    ink = _ink([*_page(0), *_page(421)])
    left, right = pages_of(ink, None)
    assert [w.text for w in left.words] == [w.text for w in right.words]
    assert (left.number, left.part, right.number, right.part) == (3, 0, 3, 1)
    assert right.follows(left)
    assert not left.follows(right)
    assert right.shown_size == (WIDE, HIGH)
    word = right.words[0]
    box = right.place(Box(word.x0, word.y0, word.x1, word.y1)).box
    assert box == Box(541, 60, 597, 70)


def test_a_wide_table_is_not_cut_where_its_figures_begin() -> None:
    rows = [_word(label, 50, 100 + 20 * n) for n, label in enumerate(("收入", "成本", "利润"))]
    figures = [_word("1,234.56", x, 100 + 20 * n) for n in range(3) for x in (480, 600, 720)]
    assert len(pages_of(_ink([*rows, *figures]), None)) == 1


def test_a_title_or_a_rule_across_the_middle_keeps_a_sheet_whole() -> None:
    both = [*_page(0), *_page(421)]
    assert len(pages_of(_ink([*both, _word("合并及公司资产负债表", 390, 20)]), None)) == 1
    assert len(pages_of(_ink(both, (Ruling(90, 40, 800),)), None)) == 1


def test_what_lies_around_a_sheet_on_a_desk_is_not_the_page() -> None:
    paper = np.array([[40.0, 20.0], [440, 20], [440, 590], [40, 590]])
    ink = _ink(_page(40))
    (sheet,) = pages_of(ink, paper)
    assert (sheet.width, sheet.height) == (400, 570)
    word = sheet.words[0]
    assert (word.x0, word.y0) == (120, 40)
    assert sheet.place(Box(word.x0, word.y0, word.x1, word.y1)).box == Box(160, 60, 216, 70)


def test_a_sheet_that_holds_half_of_the_words_was_no_sheet() -> None:
    paper = np.array([[40.0, 20.0], [440, 20], [440, 110], [40, 110]])
    ink = _ink(_page(40))
    assert pages_of(ink, paper) == (ink,)
