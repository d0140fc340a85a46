"""Colours of objects as paint: plain ones, shadings and patterns (GB/T 33190-2016 clause 8.3)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from ..geometry import IDENTITY, Bounds, Matrix, inverse, multiply
from ..xmlread import child, children, local
from .context import Context
from .model import Item, Paint, Solid, Tiling
from .shading import ShadingReader
from .values import alpha_of, matrix_of, to_float

_MIRRORS: dict[str, Literal["row", "column", "both"]] = {"Row": "row", "Column": "column", "RowAndColumn": "both"}
_SMALLEST_MM = 0.01


@dataclass(frozen=True)
class ObjectPainter:
    """Paints one path or text: `reach` is the box it fills in its own space, `to_page` takes that space to the page's,
    `cell` reads the objects of a pattern's cell."""

    context: Context
    reach: Callable[[], Bounds]
    to_page: Matrix
    cell: Callable[[etree._Element, Matrix], tuple[Item, ...]]

    def __call__(self, colour: etree._Element) -> Paint:
        """The paint of a FillColor or StrokeColor."""
        alpha, spaces = alpha_of(colour), self.context.resources.spaces
        for element in children(colour):
            reader = ShadingReader(spaces, self.context.note, self.reach, self.context.budget.spend)
            match local(element):
                case "AxialShd":
                    return reader.axial(element, alpha)
                case "RadialShd":
                    return reader.radial(element, alpha)
                case "GouraudShd":
                    return reader.gouraud(element, alpha)
                case "LaGouraudShd":
                    return reader.lattice(element, alpha)
                case "Pattern":
                    return self._tiling(element, alpha)
        return spaces.solid(colour, self.context.note)

    def _tiling(self, element: etree._Element, alpha: float) -> Tiling | Solid:
        """A Pattern: laid out by its steps first, then transformed as a whole. It starts at the origin of the space
        that the object's own path or text is in, or at the page's."""
        width, height = (to_float(element.get(name), 0.0) for name in ("Width", "Height"))
        content = child(element, "CellContent")
        if content is None or width < _SMALLEST_MM or height < _SMALLEST_MM:
            self.context.note("pattern_unreadable", "A pattern has no cell or no size; grey is shown.")
            return Solid((128, 128, 128), alpha)
        matrix = matrix_of(element)
        if element.get("RelativeTo") == "Page":
            matrix = multiply(matrix, inverse(self.to_page) or IDENTITY)
        return Tiling(
            self.cell(content, multiply(matrix, self.to_page)),
            (0.0, 0.0, width, height),
            (max(to_float(element.get("XStep"), width), width), max(to_float(element.get("YStep"), height), height)),
            matrix,
            _MIRRORS.get(element.get("ReflectMethod") or "", ""),
            alpha,
        )
