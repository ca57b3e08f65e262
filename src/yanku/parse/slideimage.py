"""A plain picture of a slide: its texts and tables where they stand, without its decoration."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from yanku.errors import NotFound
from yanku.model.document import Heading, Page, Paragraph, Role, Table
from yanku.model.place import Box, OnPage
from yanku.parse.source import Content

_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts",
            "C:/Windows/Fonts")  # fmt: skip
_HAN_FONTS = ("notosanscjk", "notosanssc", "sourcehansans", "wqy", "droidsansfallback", "msyh",
              "simsun", "simhei", "pingfang", "stheiti", "uming", "ukai")  # fmt: skip
_MOST_TEXTS = 3_000
_MOST_CHARACTERS = 2_000
_MOST_PIXELS = 20_000_000
_SMALLEST = 5.0
_INK, _LINES, _PAPER = (32, 32, 32), (176, 176, 176), (255, 255, 255)

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def draw_slide(content: Content, shown: str, number: int, dpi: int) -> bytes:
    """Return a slide (from 1) as PNG; raise NotFound if there is no such slide.

    Han characters show as boxes where the machine has no font that holds them.
    """
    page = next((each for each in content.pages if each.number == number), None)
    if page is None:
        raise NotFound(f"{shown} has no slide {number}.")
    canvas = _Canvas(page, dpi)
    texts: dict[Box, list[str]] = {}
    for block in content.blocks:
        if isinstance(block, Table):
            _draw_table(canvas, block, number)
        elif (box := _box_on(block, number)) is not None:
            mark = "• " if isinstance(block, Paragraph) and block.role is Role.ITEM else ""
            texts.setdefault(box, []).append(mark + block.text)
    titles = {_box_on(each, number) for each in content.blocks if isinstance(each, Heading)}
    for box, said in list(texts.items())[:_MOST_TEXTS]:
        canvas.write("\n".join(said), box, 28.0 if box in titles else 16.0)
    return canvas.png()


class _Canvas:
    """A white page that is measured in points."""

    def __init__(self, page: Page, dpi: int) -> None:
        self._scale = dpi / 72
        area = page.width * page.height * self._scale**2
        if area > _MOST_PIXELS:
            self._scale *= (_MOST_PIXELS / area) ** 0.5
        size = (max(1, int(page.width * self._scale)), max(1, int(page.height * self._scale)))
        self._image = Image.new("RGB", size, _PAPER)
        self._draw = ImageDraw.Draw(self._image)

    def frame(self, box: Box) -> None:
        """Draw the four sides of a box."""
        corners = [v * self._scale for v in (box.x0, box.y0, box.x1, box.y1)]
        if corners[2] >= corners[0] and corners[3] >= corners[1]:
            self._draw.rectangle(corners, outline=_LINES)

    def write(self, text: str, box: Box, size: float) -> None:
        """Write a text into a box, smaller where it would not fit."""
        text = text[:_MOST_CHARACTERS]
        width, height = (box.x1 - box.x0 - 6) * self._scale, (box.y1 - box.y0) * self._scale
        while True:
            font = _font(max(1, round(size * self._scale)))
            lines = _wrapped(text, font, max(width, 1.0))
            step = size * self._scale * 1.25
            if size <= _SMALLEST or len(lines) * step <= height:
                break
            size *= 0.85
        for n, line in enumerate(lines):
            at = ((box.x0 + 3) * self._scale, box.y0 * self._scale + n * step)
            if at[1] > self._image.height:
                break
            self._draw.text(at, line, fill=_INK, font=font)

    def png(self) -> bytes:
        """Return the picture."""
        out = BytesIO()
        self._image.save(out, "PNG", compress_level=3)
        return out.getvalue()


def _box_on(block: Heading | Paragraph, number: int) -> Box | None:
    place = block.place
    return place.box if isinstance(place, OnPage) and place.page == number else None


def _draw_table(canvas: _Canvas, table: Table, number: int) -> None:
    whole = table.places[0] if table.places else None
    if not isinstance(whole, OnPage) or whole.page != number or whole.box is None:
        return
    canvas.frame(whole.box)
    for cell in table.cells[:_MOST_TEXTS]:
        if not isinstance(cell.place, OnPage):
            continue
        box = cell.place.box
        if box is None or box == whole.box:  # a chart: its values have no places of their own
            box = _share(whole.box, table, cell.row, cell.column, cell.row_span, cell.column_span)
        canvas.frame(box)
        canvas.write(cell.text, box, 12.0)


def _share(whole: Box, table: Table, row: int, column: int, rows: int, columns: int) -> Box:
    width, height = (whole.x1 - whole.x0) / table.columns, (whole.y1 - whole.y0) / table.rows
    x, y = whole.x0 + column * width, whole.y0 + row * height
    return Box(x, y, x + columns * width, y + rows * height)


def _wrapped(text: str, font: Font, width: float) -> Sequence[str]:
    """Return a text in lines that fit: broken between words, and anywhere between Han."""
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _pieces(paragraph):
            if line and font.getlength(line + piece) > width:
                lines.append(line)
                piece = piece.lstrip()
                line = ""
            line += piece
        lines.append(line)
    return lines


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for character in text:
        if pieces and character < "\u2e80" and pieces[-1][-1] < "\u2e80" and character != " ":
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


@lru_cache(maxsize=64)
def _font(size: int) -> Font:
    path = _font_path()
    return ImageFont.truetype(path, size) if path else ImageFont.load_default(size)


@lru_cache(maxsize=1)
def _font_path() -> str:
    """Return the file of a font with Han characters, empty if this machine has none."""
    found = [
        path
        for folder in map(Path, _FOLDERS)
        if folder.is_dir()
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in {".ttf", ".ttc", ".otf"}
    ]
    for name in _HAN_FONTS:
        for path in found:
            if path.name.lower().replace("-", "").replace("_", "").startswith(name):
                return str(path)
    return ""
