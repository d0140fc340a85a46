"""The resources of a document: fonts, images, colour spaces, draw parameters, composite units (clause 7.9)."""

from dataclasses import dataclass, field

from lxml import etree

from ..errors import OfdError
from ..fontfile import FontResource
from ..model import Document
from ..package import Package
from ..xmlread import child, children, local, text
from .colour import ColourSpace, Spaces

_LONGEST_CHAIN = 16
_DEEPEST_BITS = 16


@dataclass
class Resources:
    """What the objects of a page may refer to, by ID."""

    fonts: dict[str, FontResource] = field(default_factory=dict)
    media: dict[str, str] = field(default_factory=dict)
    """Entry names of images."""
    named_spaces: dict[str, ColourSpace] = field(default_factory=dict)
    parameters: dict[str, etree._Element] = field(default_factory=dict)
    composites: dict[str, etree._Element] = field(default_factory=dict)
    default_space: ColourSpace = field(default_factory=ColourSpace)

    @property
    def spaces(self) -> Spaces:
        """The colour spaces, and the document's own one."""
        return Spaces(self.named_spaces, self.default_space)

    def chain(self, reference: str | None) -> list[etree._Element]:
        """A DrawParam and those it builds on (@Relative), nearest first."""
        found: list[etree._Element] = []
        while reference and len(found) < _LONGEST_CHAIN:
            element = self.parameters.get(reference.strip())
            if element is None or element in found:
                break
            found.append(element)
            reference = element.get("Relative")
        return found

    def with_page(self, package: Package, entry: str, locs: list[str]) -> "Resources":
        """These and the ones of a page's own PageRes, which other pages do not see."""
        if not locs:
            return self
        copy = Resources(
            dict(self.fonts),
            dict(self.media),
            dict(self.named_spaces),
            dict(self.parameters),
            dict(self.composites),
            self.default_space,
        )
        for loc in locs:
            try:
                copy.load(package, package.resolve(entry, loc))
            except OfdError as error:
                package.note("resource_missing", error.message)
        return copy

    def load(self, package: Package, entry: str) -> None:
        """Add the resources of one Res file; files that are missing are noted, not fatal."""
        try:
            root = package.xml(entry)
        except OfdError as error:
            package.note("resources_unreadable", error.message)
            return
        folder = root.get("BaseLoc") or ""
        for group in children(root):
            for element in children(group):
                self._add(package, entry, folder, element)

    def _add(self, package: Package, entry: str, folder: str, element: etree._Element) -> None:
        resource_id = (element.get("ID") or "").strip()
        match local(element):
            case "Font":
                self.fonts[resource_id] = FontResource(
                    id=resource_id,
                    name=element.get("FontName") or "",
                    family=element.get("FamilyName") or "",
                    bold=element.get("Bold") == "true",
                    italic=element.get("Italic") == "true",
                    serif=element.get("Serif") == "true",
                    fixed=element.get("FixedWidth") == "true",
                    loc=_located(package, entry, folder, child(element, "FontFile")),
                )
            case "MultiMedia":
                if loc := _located(package, entry, folder, child(element, "MediaFile")):
                    self.media[resource_id] = loc
            case "ColorSpace":
                self.named_spaces[resource_id] = _space(package, entry, element)
            case "DrawParam":
                self.parameters[resource_id] = element
            case "CompositeGraphicUnit":
                self.composites[resource_id] = element


def document_resources(package: Package, document: Document) -> Resources:
    """The resources every page of the document shares."""
    resources = Resources()
    for loc in document.resource_locs:
        resources.load(package, loc)
    default = text(child(package.xml(document.doc_root), "CommonData", "DefaultCS"))
    resources.default_space = resources.named_spaces.get(default, ColourSpace())
    return resources


def _located(package: Package, entry: str, folder: str, element: etree._Element | None) -> str | None:
    loc = text(element)
    if not loc:
        return None
    candidates = [loc] if loc.startswith(("/", "\\")) or not folder else [f"{folder.rstrip('/')}/{loc}", loc]
    for candidate in candidates:
        try:
            return package.resolve(entry, candidate)
        except OfdError:
            continue
    package.note("resource_missing", f"{entry}: {local(element) if element is not None else ''} {loc!r} is not there.")
    return None


def _space(package: Package, entry: str, element: etree._Element) -> ColourSpace:
    if profile := element.get("Profile"):
        package.note("profile_ignored", f"{entry}: the colour profile {profile[:80]!r} is not applied.")
    bits = element.get("BitsPerComponent") or "8"
    palette = child(element, "Palette")
    values = tuple(text(each) for each in children(palette, "CV")) if palette is not None else ()
    depth = int(bits) if bits.isdigit() and 1 <= int(bits) <= _DEEPEST_BITS else 8
    return ColourSpace(depth, values, (element.get("Type") or "").upper() == "CMYK")
