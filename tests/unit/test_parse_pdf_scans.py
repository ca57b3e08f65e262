"""Pictures of pages are read by sight: scanned PDFs, PNG, JPEG and TIFF."""

from __future__ import annotations

import math
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from tests.unit.papers import HEIGHT, WIDTH, grid, paper, say

from yanku.errors import BrokenSource, NotFound, SourceTooLarge
from yanku.model.amount import Amount
from yanku.model.document import Origin, Table
from yanku.model.place import OnPage
from yanku.parse import image
from yanku.parse.image import read_image
from yanku.parse.pdf import read_pdf, render_page
from yanku.parse.seen import mended_number
from yanku.parse.source import Content, Limits

ROWS = [
    ("Item", "2024", "2023"),
    ("Cash at bank", "2,964,912.41", "2,916,847.10"),
    ("Trade payables", "(171,214.43)", "(165,000.00)"),
    ("Total assets", "3,136,126.84", "2,916,847.10"),
]


def _statement(canvas: Canvas) -> None:
    say(canvas, 200, 60, "Consolidated balance sheet", 14)
    say(canvas, 400, 100, "Unit: RMB million", 11)
    grid(canvas, 120, (60, 260, 400, 535), ROWS, height=24)


def _picture(tmp_path: Path, dpi: int = 150) -> Image.Image:
    path = paper(tmp_path / "source.pdf", _statement)
    return Image.open(BytesIO(render_page(path, "source.pdf", 1, dpi))).convert("RGB")


def _read(path: Path, limits: Limits | None = None) -> Content:
    return read_image(path, path.name, limits or Limits(), lambda *_: None)


def _assert_read(content: Content, page: int = 1) -> None:
    table = next(b for b in content.blocks if isinstance(b, Table) and b.places[0].page == page)  # type: ignore[union-attr]
    found = {c.amount.value: c for c in table.cells if c.amount}
    assert set(found) == {
        Decimal(v) * 10000
        for v in ("296491241", "291684710", "-17121443", "-16500000", "313612684")
    }
    cell = found[Decimal("-171214430000")]
    assert cell.amount == Amount(Decimal("-171214430000"), "CNY")
    assert isinstance(cell.place, OnPage)
    box = cell.place.box
    assert box is not None
    assert 255 < box.x0 < 390
    assert box.x1 < 405
    assert 165 < box.y0 < box.y1 < 196


@pytest.fixture(scope="module")
def scan(tmp_path_factory: pytest.TempPathFactory) -> Image.Image:
    return _picture(tmp_path_factory.mktemp("scan"))


def test_a_scanned_page_between_text_pages_is_read_by_sight(
    tmp_path: Path, scan: Image.Image
) -> None:
    def scanned(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(scan), 0, 0, WIDTH, HEIGHT)

    content = read_pdf(
        paper(tmp_path / "a.pdf", _statement, scanned), "a.pdf", Limits(), lambda *_: None
    )
    assert [p.origin for p in content.pages] == [Origin.TEXT_LAYER, Origin.OCR]
    _assert_read(content, page=1)
    _assert_read(content, page=2)


def test_a_skewed_picture_is_levelled_and_its_boxes_lie_where_the_ink_is(
    tmp_path: Path, scan: Image.Image
) -> None:
    path = tmp_path / "skewed.png"
    scan.rotate(2.0, fillcolor="white", resample=Image.Resampling.BICUBIC).save(
        path, dpi=(150, 150)
    )
    content = _read(path)
    table = next(b for b in content.blocks if isinstance(b, Table))
    cell = next(c for c in table.cells if c.text == "Total assets")
    assert isinstance(cell.place, OnPage)
    assert cell.place.box is not None
    # Two degrees counter-clockwise push the left side of the page down by about 7 points.
    assert cell.place.box.y0 == pytest.approx(192 + 4, abs=6)
    assert sum(c.amount is not None for c in table.cells) == 6


@pytest.mark.parametrize("angle", [-11.0, 7.0])
def test_a_box_lies_over_its_figure_on_the_picture_a_person_sees(
    tmp_path: Path, scan: Image.Image, angle: float
) -> None:
    path = tmp_path / "askew.png"
    askew = scan.rotate(angle, fillcolor="white", resample=Image.Resampling.BICUBIC)
    askew.save(path, dpi=(150, 150))
    content = _read(path)
    table = next(b for b in content.blocks if isinstance(b, Table))
    cell = next(c for c in table.cells if c.text == "2,964,912.41")
    assert isinstance(cell.place, OnPage)
    assert cell.place.box is not None
    # Where the figure's middle went: the page was turned about its own middle.
    way = math.radians(angle)
    x, y = 376 - WIDTH / 2, 156 - HEIGHT / 2
    there = (
        WIDTH / 2 + x * math.cos(way) + y * math.sin(way),
        HEIGHT / 2 - x * math.sin(way) + y * math.cos(way),
    )
    box = cell.place.box
    assert box.x0 < there[0] < box.x1
    assert box.y0 < there[1] < box.y1
    # The cell's 140 by 24 points, turned: not more of the page than that.
    across = 140 * math.sin(abs(way)) + 24 * math.cos(way)
    assert box.y1 - box.y0 == pytest.approx(across, abs=3)


def test_what_is_hard_to_read_is_said_to_be_so_with_its_place(
    tmp_path: Path, scan: Image.Image
) -> None:
    path = tmp_path / "blurred.png"
    scan.filter(ImageFilter.GaussianBlur(3.2)).save(path, dpi=(150, 150))
    doubts = [flaw for flaw in _read(path).flaws if flaw.code.startswith("unsure")]
    assert doubts
    assert all(isinstance(flaw.place, OnPage) for flaw in doubts)
    clean = tmp_path / "clean.png"
    scan.save(clean, dpi=(150, 150))
    assert _read(clean).flaws == ()


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_page_that_lies_on_its_side_is_turned(
    tmp_path: Path, scan: Image.Image, angle: int
) -> None:
    path = tmp_path / "lying.png"
    lying = scan.rotate(angle, expand=True)
    lying.save(path, dpi=(150, 150))
    content = _read(path)
    table = next(b for b in content.blocks if isinstance(b, Table))
    cell = next(c for c in table.cells if c.text == "(171,214.43)")
    assert cell.amount == Amount(Decimal("-171214430000"), "CNY")
    page = content.pages[0]
    assert (page.width, page.height) == pytest.approx(
        (lying.width * 0.48, lying.height * 0.48), abs=0.5
    )
    assert isinstance(cell.place, OnPage)
    box = cell.place.box
    assert box is not None
    assert (box.x1 - box.x0 > box.y1 - box.y0) == (angle == 180)
    assert 0 <= box.x0 < box.x1 <= page.width
    assert 0 <= box.y0 < box.y1 <= page.height
    dark = lying.convert("L").crop(tuple(int(v / 0.48) for v in (box.x0, box.y0, box.x1, box.y1)))  # type: ignore[arg-type]
    assert min(dark.tobytes()) < 128


def test_figures_under_a_red_seal_are_read(tmp_path: Path, scan: Image.Image) -> None:
    path = tmp_path / "sealed.png"
    seal = Image.new("RGB", scan.size, "white")
    draw = ImageDraw.Draw(seal)
    draw.ellipse((640, 300, 860, 520), outline=(225, 40, 45), width=9)
    draw.regular_polygon((750, 410, 50), 5, fill=(225, 40, 45))
    ImageChops.multiply(scan, seal).save(path, dpi=(150, 150))
    table = next(b for b in _read(path).blocks if isinstance(b, Table))
    assert sum(c.amount is not None for c in table.cells) == 6


@pytest.mark.parametrize(
    ("seen", "printed"),
    [
        ("1.234.567,89", "1,234,567.89"),
        ("(1,234.567.89)", "(1,234,567.89)"),
        ("1,234,567", "1,234,567"),
        ("2024.12.31", "2024.12.31"),
        ("12,34,56", "12,34,56"),
        ("1.5", "1.5"),
        ("第1.2.3节", "第1.2.3节"),
    ],
)
def test_mistaken_separators_are_mended_only_where_one_reading_is_left(
    seen: str, printed: str
) -> None:
    assert mended_number(seen) == printed


def test_every_frame_of_a_tiff_is_a_page(tmp_path: Path, scan: Image.Image) -> None:
    path = tmp_path / "fax.tiff"
    bitonal = scan.convert("1")
    bitonal.save(path, save_all=True, append_images=[bitonal], dpi=(150, 150), compression="group4")
    content = _read(path)
    assert [p.number for p in content.pages] == [1, 2]
    assert content.pages[0].width == pytest.approx(WIDTH, abs=1)
    _assert_read(content, page=1)


def test_too_many_pixels_are_refused_before_they_are_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "huge.png"
    Image.new("1", (3000, 3000)).save(path)
    monkeypatch.setattr(Image.Image, "load", lambda _: pytest.fail("decoded"))
    with pytest.raises(SourceTooLarge, match=r"huge\.png is 3,000 × 3,000 pixels"):
        _read(path, Limits(max_pixels=1_000_000))


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0junk", b"II*\x00"])
def test_a_broken_picture_is_refused_by_name(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "bad.png"
    path.write_bytes(data)
    with pytest.raises(BrokenSource, match=r"bad\.png"):
        _read(path)


def test_a_truncated_picture_is_refused_by_name(tmp_path: Path, scan: Image.Image) -> None:
    path = tmp_path / "cut.png"
    out = BytesIO()
    scan.save(out, "PNG")
    path.write_bytes(out.getvalue()[: len(out.getvalue()) // 3])
    with pytest.raises(BrokenSource, match=r"cut\.png"):
        _read(path)


def test_a_blank_picture_has_a_page_and_no_blocks(tmp_path: Path) -> None:
    path = tmp_path / "blank.png"
    Image.new("RGB", (600, 800), "white").save(path)
    content = _read(path)
    assert (len(content.pages), content.blocks) == (1, ())


def test_a_picture_is_rendered_as_a_page(tmp_path: Path, scan: Image.Image) -> None:
    path = tmp_path / "a.png"
    scan.save(path, dpi=(150, 150))
    shown = Image.open(BytesIO(image.render_page(path, "a.png", 1, 75)))
    assert shown.size == pytest.approx((scan.width / 2, scan.height / 2), abs=2)
    with pytest.raises(NotFound, match="no page 2"):
        image.render_page(path, "a.png", 2, 75)
