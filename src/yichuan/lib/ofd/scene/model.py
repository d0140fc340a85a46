"""The scene of a page: its marks in painting order, resolved down to numbers (GB/T 33190-2016 clauses 8 to 13).

Reading OFD stops here: draw parameters are inherited, colours are sRGB, text has become glyphs in places, references
have become data. A drawer needs only these classes. Lengths are millimetres, y points down, angles are degrees; a
matrix takes the item's own space into that of the group around it.
"""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from ..fontfile import FontResource, GlyphSource
from ..geometry import IDENTITY, Bounds, Matrix, Point

Segment = tuple[str, tuple[float, ...]]
"""A letter with absolute numbers, as in SVG: M x y, L x y, Q (4), C (6), A rx ry angle large sweep x y, Z."""
Path = tuple[Segment, ...]
Rule = Literal["nonzero", "evenodd"]
Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Solid:
    """One colour, 0 to 255 each, and its opacity from 0 to 1."""

    rgb: Rgb
    alpha: float = 1.0


@dataclass(frozen=True, slots=True)
class Stop:
    """A colour on the way of a shading; `offset` runs from 0 to 1."""

    offset: float
    rgb: Rgb


@dataclass(frozen=True, slots=True)
class Axial:
    """A shading along a line (clause 8.3.4.2), in the item's space. `before` and `after` say whether the end colours
    go on beyond it (Extend); elsewhere nothing is painted. Repetitions (MapType) are among the stops already."""

    start: Point
    end: Point
    stops: tuple[Stop, ...]
    before: bool = False
    after: bool = False
    alpha: float = 1.0


@dataclass(frozen=True, slots=True)
class Radial:
    """A shading between two circles (clause 8.3.4.3), else as Axial. An ellipse is a circle squashed in y by `squash`
    and then turned clockwise by `angle`, both about its own centre."""

    start: Point
    start_radius: float
    end: Point
    end_radius: float
    stops: tuple[Stop, ...]
    before: bool = False
    after: bool = False
    angle: float = 0.0
    squash: float = 1.0
    alpha: float = 1.0


@dataclass(frozen=True, slots=True)
class Mesh:
    """Triangles with a colour in each corner (clauses 8.3.4.4 and 8.3.4.5, lattices already cut into triangles)."""

    triangles: tuple[tuple[tuple[Point, Rgb], tuple[Point, Rgb], tuple[Point, Rgb]], ...]
    background: Rgb | None = None
    alpha: float = 1.0


@dataclass(frozen=True, slots=True)
class Tiling:
    """A cell repeated over the item (clause 8.3.3): `box` is the cell's, `steps` from one cell to the next,
    `matrix` takes the cell's space into the item's. With "row" every second cell of a row is mirrored left to right,
    with "column" every second of a column top to bottom."""

    cell: tuple["Item", ...]
    box: Bounds
    steps: tuple[float, float]
    matrix: Matrix = IDENTITY
    mirror: Literal["", "row", "column", "both"] = ""
    alpha: float = 1.0


Paint = Solid | Axial | Radial | Mesh | Tiling


@dataclass(frozen=True, slots=True)
class Pen:
    """How a line is drawn, lengths in mm of the item's space."""

    paint: Paint
    width: float
    cap: Literal["butt", "round", "square"] = "butt"
    join: Literal["miter", "round", "bevel"] = "miter"
    miter: float = 3.528
    dashes: tuple[float, ...] = ()
    offset: float = 0.0


@dataclass(frozen=True, slots=True)
class Shape:
    """A path, filled first and stroked after."""

    path: Path
    fill: Paint | None
    pen: Pen | None
    rule: Rule = "nonzero"


class Cell(NamedTuple):
    """One glyph in its place: the text it stands for ("" when the glyph before stands for both), its number in the
    face (None: no face has it), and its origin in mm of the item's space."""

    text: str
    glyph: int | None
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Face:
    """A font as it is drawn: its glyphs (None: only a name is known), and whether the document carries it."""

    resource: FontResource | None
    source: GlyphSource | None
    embedded: bool


@dataclass(frozen=True, slots=True)
class Text:
    """Glyphs of one face. Every glyph stands at its cell's origin, `size` mm to the em, first stretched by `stretch`
    in x, then turned by `turn` degrees clockwise (CharDirection). Without fill and pen: text to be found, unseen."""

    face: Face
    size: float
    cells: tuple[Cell, ...]
    fill: Paint | None
    pen: Pen | None = None
    stretch: float = 1.0
    turn: float = 0.0
    bold: bool = False
    """Embolden the face: a bold one was asked for and the face is not."""
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """An image over the unit square, its first row along y = 0. `kind` is what `data` is: "jpeg" (grey or RGB), "png",
    "gif", "svg" already checked, "jbig2" in sequential segments without a file header, as in a PDF stream.
    `width` and `height` are pixels (mm for "svg"). `mask` is another image whose dark hides (clause 10)."""

    kind: Literal["jpeg", "png", "gif", "svg", "jbig2"]
    data: bytes
    width: int
    height: int
    mask: "Picture | None" = None


@dataclass(frozen=True, slots=True)
class Missing:
    """Something stands here that cannot be shown; drawn as a dashed box with a cross."""

    bounds: Bounds
    message: str


@dataclass(frozen=True, slots=True)
class Clip:
    """What shows: the union of areas, each the inside of a path or the glyphs of a text (whatever their paint), with
    the matrix that takes it into the space of the clip."""

    areas: tuple[tuple[Matrix, "Shape | Text"], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Items drawn as one: moved by `matrix`, cut by every one of `clips` (given in the space outside `matrix`), then
    made transparent and mixed with what is below."""

    items: tuple["Item", ...]
    matrix: Matrix = IDENTITY
    clips: tuple[Clip, ...] = ()
    alpha: float = 1.0
    blend: Literal["normal", "multiply"] = "normal"


Item = Shape | Text | Picture | Missing | Group


@dataclass(frozen=True, slots=True)
class Link:
    """A place that leads to another page of the document or to an address; drawers may leave it out."""

    bounds: Bounds
    page_index: int | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """A page: its box in mm (x, y, width, height), then everything on it from the paper up."""

    box: tuple[float, float, float, float]
    items: tuple[Item, ...]
    links: tuple[Link, ...] = field(default=())
