"""What a paragraph's style says, its ancestors included: alignment, size, heading level, numbering."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DEEPEST = 20
_TITLE = re.compile(r"title|标题|文档标题|公文标题", re.I)
_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])", re.I)
_HEADING_FACE = re.compile(r"黑|楷|hei|kai", re.I)
_MOST_LEVEL = 4


def w(name: str) -> str:
    """A name of WordprocessingML in Clark notation."""
    return _W + name


def value(element: etree._Element | None, *path: str) -> str | None:
    """The ``w:val`` of the element at a path of children, or None."""
    for name in path:
        element = element.find(w(name)) if element is not None else None
    return element.get(w("val")) if element is not None else None


def is_on(properties: etree._Element | None, name: str) -> bool:
    """Whether a switch such as ``w:vanish`` is set."""
    found = properties.find(w(name)) if properties is not None else None
    return found is not None and found.get(w("val"), "1") not in ("0", "false", "off", "none")


@dataclass(frozen=True)
class Style:
    """``align`` as written (center, right, …); ``level`` 0 for a title, 1 to 4 for headings."""

    align: str | None = None
    size_pt: float | None = None
    level: int | None = None
    number: tuple[str, int] | None = None
    page_break: bool = False
    heading_face: bool = False


class Styles:
    """The styles of one document, resolved when asked for."""

    def __init__(self, root: etree._Element) -> None:
        self._elements = {each.get(w("styleId")): each for each in root.iter(w("style"))}
        default = next((e for e in self._elements.values() if _is_default(e)), None)
        self._default = default.get(w("styleId")) if default is not None else None
        self._known: dict[str | None, Style] = {}

    def of(self, paragraph: etree._Element) -> Style:
        """The style of a paragraph with its own properties on top."""
        properties = paragraph.find(w("pPr"))
        name = value(properties, "pStyle") or self._default
        if name not in self._known:
            self._known[name] = self._resolve(name, 0)
        return _with(self._known[name], properties)

    def _resolve(self, name: str | None, depth: int) -> Style:
        element = self._elements.get(name)
        if element is None or depth > _DEEPEST:
            return Style()
        style = self._resolve(value(element, "basedOn"), depth + 1)
        style = _with(style, element.find(w("pPr")))
        run = element.find(w("rPr"))
        size = size_of(run)
        if size is not None:
            style = replace(style, size_pt=size)
        if has_heading_face(run):
            style = replace(style, heading_face=True)
        said = value(element, "name") or ""
        if heading := _HEADING.fullmatch(said.strip()):
            return replace(style, level=min(int(heading[1]), _MOST_LEVEL))
        return replace(style, level=0) if _TITLE.fullmatch(said.strip()) else style


def _is_default(element: etree._Element) -> bool:
    return element.get(w("type")) == "paragraph" and element.get(w("default")) in ("1", "true", "on")


def _with(style: Style, properties: etree._Element | None) -> Style:
    if properties is None:
        return style
    align = value(properties, "jc")
    if align is not None:
        style = replace(style, align=align)
    outline = value(properties, "outlineLvl") or ""
    if outline.isdecimal() and int(outline) < _MOST_LEVEL:
        style = replace(style, level=int(outline) + 1)
    if properties.find(w("pageBreakBefore")) is not None:
        style = replace(style, page_break=is_on(properties, "pageBreakBefore"))
    number = value(properties, "numPr", "numId")
    if number is not None:
        level = value(properties, "numPr", "ilvl") or "0"
        style = replace(style, number=(number, int(level) if level.isdecimal() else 0) if number != "0" else None)
    return style


def size_of(run: etree._Element | None) -> float | None:
    """The size in points that run properties ask for."""
    half = value(run, "sz") or ""
    return int(half) / 2 if half.isdecimal() else None


def has_heading_face(run: etree._Element | None) -> bool:
    """黑体, 楷体 or bold."""
    if run is None:
        return False
    fonts = run.find(w("rFonts"))
    named = "" if fonts is None else " ".join(str(fonts.get(w(name), "")) for name in ("eastAsia", "hint", "ascii"))
    return bool(_HEADING_FACE.search(named)) or is_on(run, "b")


def is_red(run: etree._Element | None) -> bool:
    """Red as 发文机关标志 is printed (7.2.4)."""
    colour = value(run, "color") or ""
    if not re.fullmatch("[0-9A-Fa-f]{6}", colour):
        return False
    red, green, blue = (int(colour[index : index + 2], 16) for index in (0, 2, 4))
    return red > 160 and green < 90 and blue < 90
