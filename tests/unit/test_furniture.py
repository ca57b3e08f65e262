"""Running titles are known by what neighbouring pages have in common, misread letters aside."""

from __future__ import annotations

from yanku.model.document import Origin
from yanku.parse.furniture import edges_of, parted, running_titles
from yanku.parse.ink import Ink, Word

PRINTED = "霁川生物科技股份有限公司2024年半年度报告"
MISREAD = "雾川生物科技股份有限公司2024年半年度报告"


def _page(number: int, text: str, origin: Origin) -> Ink:
    return Ink(number, 595, 842, origin, (Word(text, 70, 40, 400, 52, 10),))


def _titles(origin: Origin, *texts: str) -> list[bool]:
    edges = [edges_of(_page(n, text, origin)) for n, text in enumerate(texts, 1)]
    return [bool(running_titles(page, [e for e in edges if e is not page])) for page in edges]


def test_a_title_with_a_letter_read_wrongly_is_a_running_title() -> None:
    assert _titles(Origin.OCR, PRINTED, PRINTED, MISREAD) == [True, True, True]


def test_other_words_at_the_same_height_are_none() -> None:
    assert _titles(Origin.OCR, PRINTED, "管理层讨论与分析", "财务报告附注说明") == [False] * 3


def test_what_a_text_layer_says_is_taken_to_the_letter() -> None:
    assert _titles(Origin.TEXT_LAYER, PRINTED, MISREAD) == [False, False]


def test_a_page_number_with_a_speck_beside_it_is_a_page_number_on_a_picture_alone() -> None:
    for origin, found in ((Origin.OCR, True), (Origin.TEXT_LAYER, False)):
        ink = Ink(1, 595, 842, origin, (Word("1.", 290, 800, 300, 812, 10),))
        _, furniture = parted(ink, ink.words, frozenset())
        assert bool(furniture.footer) is found
