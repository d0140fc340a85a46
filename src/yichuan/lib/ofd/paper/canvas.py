"""Content streams and what they name (ISO 32000-1 clauses 7.8 and 8.4.5)."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

from ..geometry import Bounds, number
from ..scene.model import Item
from .fonts import Fonts
from .images import Images

Kind = Literal["Font", "XObject", "ExtGState", "Pattern"]
_LETTERS: dict[Kind, str] = {"Font": "F", "XObject": "X", "ExtGState": "G", "Pattern": "P"}
_LEVEL = 6


@dataclass
class Drawn:
    """Items that take many operators, and the form that draws them."""

    items: tuple[Item, ...]
    form: Object
    transparent: bool


@dataclass
class Shelf:
    """What the pages of one PDF share. `note` records what could not be drawn as it stands."""

    pdf: pikepdf.Pdf
    note: Callable[[str, str], None]
    fonts: Fonts = field(init=False)
    images: Images = field(init=False)
    forms: dict[int, Drawn] = field(default_factory=dict)
    """By the id of the tuple, which the entry keeps alive."""
    _states: dict[tuple[float, float, str], Object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.fonts = Fonts(self.pdf, self.note)
        self.images = Images(self.pdf, self.note)

    def state(self, fill_alpha: float, stroke_alpha: float, blend: str) -> Object:
        """A graphics state of these opacities and this blend mode."""
        key = (round(fill_alpha, 4), round(stroke_alpha, 4), blend)
        if key not in self._states:
            state = Dictionary(ca=key[0], CA=key[1], BM=Name("/" + blend))
            self._states[key] = self.pdf.make_indirect(state)
        return self._states[key]

    def stream(self, content: str | bytes, entries: dict[str, Any]) -> Stream:
        """A compressed stream; keys of `entries` with their slash."""
        data = content.encode("ascii") if isinstance(content, str) else content
        return Stream(self.pdf, zlib.compress(data, _LEVEL), entries | {"/Filter": Name.FlateDecode})


class Canvas:
    """A content stream being written."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.transparent = False
        self._parts: list[str] = []
        self._named: dict[Kind, dict[str, Object]] = {}
        self._names: dict[tuple[Kind, tuple[int, int]], str] = {}

    def write(self, operators: str) -> None:
        """Add operators, complete with their operands."""
        self._parts.append(operators)

    def name(self, kind: Kind, thing: Object) -> str:
        """The name, with its slash, of an indirect object in this stream."""
        key = (kind, thing.objgen)
        if key not in self._names:
            named = self._named.setdefault(kind, {})
            self._names[key] = f"/{_LETTERS[kind]}{len(named)}"
            named[self._names[key]] = thing
        return self._names[key]

    def state(self, fill_alpha: float = 1.0, stroke_alpha: float = 1.0, blend: str = "Normal") -> None:
        """Set opacities and blend mode."""
        self.transparent = True
        self.write(f"{self.name('ExtGState', self.shelf.state(fill_alpha, stroke_alpha, blend))} gs")

    @property
    def content(self) -> str:
        """Everything written."""
        return "\n".join(self._parts)

    @property
    def resources(self) -> Dictionary:
        """The resource dictionary that goes with the content."""
        return Dictionary({f"/{kind}": Dictionary(named) for kind, named in self._named.items()})

    def form(self, box: Bounds, *, group: bool, colours: Name = Name.DeviceRGB) -> Object:
        """The content as a form of its own; as a `group` it is mixed with what is below it as a whole."""
        entries: dict[str, Any] = {
            "/Type": Name.XObject,
            "/Subtype": Name.Form,
            "/BBox": box_array(box),
            "/Resources": self.resources,
        }
        if group:
            entries["/Group"] = Dictionary(S=Name.Transparency, CS=colours, I=True)
        return self.shelf.pdf.make_indirect(self.shelf.stream(self.content, entries))


def box_array(box: Bounds) -> Array:
    """A rectangle."""
    return Array([_real(value) for value in box])


def _real(value: float) -> Object:
    return Object.parse(number(value, 5).encode())
