"""The shapes of a PowerPoint slide: where each stands, and what it says, shows or holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from lxml import etree

from yanku.errors import BrokenSource, SourceTooLarge
from yanku.model.document import Role
from yanku.model.place import Box
from yanku.parse.chart import read_chart
from yanku.parse.package import Package, Relation
from yanku.parse.slide import Shape, united
from yanku.parse.slidetable import read_grid
from yanku.parse.slidetext import Bullets, said_of
from yanku.parse.wordtext import local, within

_EMU = 12_700.0
_MAX_DEPTH = 40
_SHAPES = frozenset({"sp", "cxnSp", "pic", "graphicFrame", "grpSp", "contentPart"})
_TITLES = frozenset({"title", "ctrTitle"})
_REPEATED = frozenset({"dt", "ftr", "sldNum", "hdr"})
_LISTED = frozenset({"body", "obj", ""})

Parse = Callable[[str], etree._Element]


@dataclass(slots=True)
class Measures:
    """How many shapes and cells may still come."""

    shapes: int
    cells: int


@dataclass(slots=True)
class Drawn:
    """What stands on a slide, what its layout adds, and what could not be read."""

    shapes: tuple[Shape, ...] = ()
    margins: tuple[Shape, ...] = ()
    pictures: int = 0
    hidden: int = 0
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Frame:
    """How coordinates inside a group become points on the slide: scale, then shift."""

    sx: float = 1 / _EMU
    sy: float = 1 / _EMU
    dx: float = 0.0
    dy: float = 0.0

    def box(self, x: float, y: float, width: float, height: float, turned: bool) -> Box:
        if turned:  # by a quarter: the middle stays, the sides change places
            x, y = x + (width - height) / 2, y + (height - width) / 2
            width, height = height, width
        x0, y0 = x * self.sx + self.dx, y * self.sy + self.dy
        return Box(*(round(v, 2) for v in (x0, y0, x0 + width * self.sx, y0 + height * self.sy)))


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A slide, layout or master: its shapes by placeholder, and its list styles."""

    root: etree._Element
    holders: Mapping[tuple[str, str], etree._Element]

    def find(self, kind: str, index: str) -> etree._Element | None:
        """Return the placeholder that one of this type and index follows."""
        if index and (found := self.holders.get(("#", index))) is not None:
            return found
        same = {"ctrTitle": "title", "subTitle": "body", "obj": "body", "": "body"}
        for each in (kind, same.get(kind, kind)):
            if (found := self.holders.get((each, ""))) is not None:
                return found
        return None


class ShapeReader:
    """Reads slides, remembering the layouts and masters they share."""

    def __init__(self, package: Package, parse: Parse, shown: str, left: Measures) -> None:
        self._package = package
        self._parse = parse
        self._shown = shown
        self._left = left
        self._sheets: dict[str, tuple[_Sheet, dict[str, Relation]]] = {}
        self._parents: tuple[_Sheet, ...] = ()
        self._links: Mapping[str, Relation] = {}
        self._drawn = Drawn()

    def slide(self, part: str, root: etree._Element, links: Mapping[str, Relation]) -> Drawn:
        """Return what a slide shows."""
        if (tree := _tree(root)) is None:
            raise BrokenSource(f"{self._shown}: {part} holds no shapes.")
        self._drawn = Drawn()
        self._links = links
        self._parents = tuple(self._chain(links.values()))
        self._drawn.shapes = tuple(self._shapes(tree, _Frame(), 0))
        self._drawn.margins = tuple(self._margins(root))
        return self._drawn

    # ── layouts ─────────────────────────────────────────────────────────────────────────────────

    def _chain(self, links: Iterable[Relation]) -> Iterable[_Sheet]:
        """Yield the slide's layout, then its master."""
        for kind in ("slideLayout", "slideMaster"):
            target = next((each.target for each in links if each.kind == kind), "")
            if target not in self._package.names:
                return
            if target not in self._sheets:
                root = self._parse(target)
                found = _Sheet(root, _holders(root)), self._package.relations(target)
                self._sheets[target] = found
            sheet, further = self._sheets[target]
            links = further.values()
            yield sheet

    def _margins(self, root: etree._Element) -> Iterable[Shape]:
        """Yield the texts that layout and master print on every slide themselves."""
        shown = root.get("showMasterSp") not in {"0", "false"}
        for sheet in self._parents if shown else ():
            tree = _tree(sheet.root)
            for each in tree if tree is not None else ():
                if local(each) == "sp" and _holder(each) is None and not _is_hidden(each):
                    box = self._box(each, _Frame())
                    said = said_of(_body(each), Bullets(()))
                    if said and box is not None:
                        upper = box.y0 < 270
                        yield Shape(box, said, role=Role.HEADER if upper else Role.FOOTER)
            if sheet.root.get("showMasterSp") in {"0", "false"}:
                return

    # ── shapes ──────────────────────────────────────────────────────────────────────────────────

    def _shapes(self, tree: etree._Element, frame: _Frame, depth: int) -> Iterable[Shape]:
        if depth > _MAX_DEPTH:
            raise BrokenSource(f"{self._shown} has groups nested more than {_MAX_DEPTH} deep.")
        for each in tree:
            name = local(each)
            if name == "AlternateContent":
                yield from self._alternatives(each, frame, depth)
            elif name in _SHAPES:
                yield from self._shape(each, name, frame, depth)

    def _alternatives(self, element: etree._Element, frame: _Frame, depth: int) -> Iterable[Shape]:
        """Yield the first alternative that shows something."""
        for each in element:
            if found := tuple(self._shapes(each, frame, depth + 1)):
                yield from found
                return

    def _shape(
        self, element: etree._Element, name: str, frame: _Frame, depth: int
    ) -> Iterable[Shape]:
        self._left.shapes -= 1
        if self._left.shapes < 0:
            raise SourceTooLarge(f"{self._shown} has too many shapes; split it.")
        if _is_hidden(element):
            self._drawn.hidden += 1
            return
        match name:
            case "grpSp":
                inner = tuple(self._shapes(element, self._inside(element, frame), depth + 1))
                if inner:
                    yield Shape(united(inner), inner=inner)
            case "graphicFrame":
                yield from self._graphic(element, self._box(element, frame))
            case "sp" | "cxnSp":
                yield from self._text(element, self._box(element, frame))
            case _:
                self._drawn.pictures += 1

    def _text(self, element: etree._Element, box: Box | None) -> Iterable[Shape]:
        holder = _holder(element)
        kind, index = holder or ("none", "")
        models = self._models(kind, index) if holder else ()
        listed = holder is not None and kind in _LISTED
        styles = [e for m in (element, *models) for e in within(m, "lstStyle")]
        if listed and len(self._parents) > 1:
            styles += list(within(self._parents[1].root, "bodyStyle"))
        said = said_of(_body(element), Bullets(tuple(styles), listed))
        if not said:
            return
        if box is None:
            box = next((b for m in models if (b := self._box(m, _Frame())) is not None), None)
        role = Role.TEXT
        if kind in _REPEATED:
            role = Role.HEADER if box is not None and box.y0 < 100 else Role.FOOTER
        yield Shape(box, said, title=kind in _TITLES, role=role)

    def _models(self, kind: str, index: str) -> tuple[etree._Element, ...]:
        found = (sheet.find(kind, index if n == 0 else "") for n, sheet in enumerate(self._parents))
        return tuple(each for each in found if each is not None)

    def _graphic(self, element: etree._Element, box: Box | None) -> Iterable[Shape]:
        for data in within(element, "graphicData"):
            for each in data:
                match local(each):
                    case "tbl":
                        grid = read_grid(each, box)
                        self._spend(len(grid.cells))
                        yield Shape(box, grid=grid)
                    case "chart":
                        yield from self._chart(attribute(each, "id", linked=True), box)
                    case "relIds":
                        yield from self._diagram(attribute(each, "dm", linked=True), box)
                    case "oleObj" | "AlternateContent":
                        self._drawn.pictures += 1

    def _chart(self, link: str, box: Box | None) -> Iterable[Shape]:
        part = self._links[link].target if link in self._links else ""
        try:
            grid = read_chart(self._parse(part))
        except BrokenSource as error:
            self._drawn.problems.append(f"a chart could not be read ({error})")
            return
        self._spend(len(grid.cells))
        if grid.cells:
            yield Shape(box, grid=grid)
        else:
            self._drawn.problems.append("a chart holds no saved values")

    def _diagram(self, link: str, box: Box | None) -> Iterable[Shape]:
        """Yield the texts of a SmartArt diagram, in the order they were written."""
        part = self._links[link].target if link in self._links else ""
        if part not in self._package.names:
            return
        said = tuple(
            line
            for point in within(self._parse(part), "pt")
            if point.get("type", "node") in {"node", "asst"}
            for body in within(point, "t")
            for line in said_of(body, Bullets(()))
        )
        if said:
            yield Shape(box, said)

    def _spend(self, cells: int) -> None:
        self._left.cells -= cells
        if self._left.cells < 0:
            raise SourceTooLarge(f"{self._shown} has too many table cells; split it.")

    # ── places ──────────────────────────────────────────────────────────────────────────────────

    def _box(self, element: etree._Element, frame: _Frame) -> Box | None:
        found = _sides(element)
        if found is None:
            return None
        form, at = found
        turn = _number(form.get("rot")) / 60_000 % 180
        return frame.box(*at["off"], *at["ext"], turned=45 <= turn < 135)

    def _inside(self, group: etree._Element, frame: _Frame) -> _Frame:
        found = _sides(group)
        if found is None or "chExt" not in found[1] or "chOff" not in found[1]:
            return frame
        (x, y), (width, height) = found[1]["off"], found[1]["ext"]
        (cx, cy), (cw, ch) = found[1]["chOff"], found[1]["chExt"]
        sx = frame.sx * (width / cw if cw else 1.0)
        sy = frame.sy * (height / ch if ch else 1.0)
        return _Frame(sx, sy, x * frame.sx + frame.dx - cx * sx, y * frame.sy + frame.dy - cy * sy)


def attribute(element: etree._Element, name: str, *, linked: bool = False) -> str:
    """Return an attribute by its local name; ``linked`` asks for one with a namespace."""
    for key, text in element.items():
        space, _, own = str(key).rpartition("}")
        if own == name and bool(space) == linked:
            return str(text)
    return ""


def _tree(root: etree._Element) -> etree._Element | None:
    return next(within(root, "spTree"), None)


def _holders(root: etree._Element) -> dict[tuple[str, str], etree._Element]:
    found: dict[tuple[str, str], etree._Element] = {}
    tree = _tree(root)
    for each in within(tree, "sp") if tree is not None else ():
        if (holder := _holder(each)) is not None:
            found.setdefault((holder[0], ""), each)
            found.setdefault(("#", holder[1]), each)
    return found


def _holder(shape: etree._Element) -> tuple[str, str] | None:
    """Return (type, index) of a placeholder, None for a shape of its own."""
    for properties in shape:
        if local(properties).startswith("nv"):
            for each in within(properties, "ph"):
                return each.get("type", ""), each.get("idx", "")
    return None


def _is_hidden(shape: etree._Element) -> bool:
    for properties in shape:
        if local(properties).startswith("nv"):
            for each in properties:
                if local(each) == "cNvPr":
                    return each.get("hidden") in {"1", "true"}
    return False


def _body(shape: etree._Element) -> etree._Element | None:
    return next((each for each in shape if local(each) == "txBody"), None)


def _sides(
    element: etree._Element,
) -> tuple[etree._Element, dict[str, tuple[float, float]]] | None:
    """Return the transform of a shape with its offsets and extents, None if it has none."""
    for each in element:
        name = local(each)
        form = each if name == "xfrm" else None
        if name in {"spPr", "grpSpPr"}:
            form = next((inner for inner in each if local(inner) == "xfrm"), None)
        if form is not None:
            at = {
                local(p): (
                    _number(p.get("x") or p.get("cx")),
                    _number(p.get("y") or p.get("cy")),
                )
                for p in form
            }
            return (form, at) if "off" in at and "ext" in at else None
    return None


def _number(text: str | None) -> float:
    plain = (text or "").strip()
    return float(plain) if plain.lstrip("-").isdecimal() and len(plain) < 14 else 0.0
