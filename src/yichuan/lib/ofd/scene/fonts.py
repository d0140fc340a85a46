"""The faces of a document's fonts: embedded ones, others by the caller's resolver or by name alone."""

from dataclasses import dataclass, field
from typing import Protocol

from ..errors import OfdError
from ..fontfile import FontResource, GlyphSource
from ..package import Package
from .model import Face

_FIRST_WIDE = 0x2E80
"""From here on characters are as wide as they are high, where no font says better."""


class FontResolver(Protocol):
    """Finds a font that a document names but does not carry, or None. Called once for each font of a document;
    it should give the same GlyphSource for the same font, which then keeps its tables open."""

    def __call__(self, font: FontResource) -> GlyphSource | None: ...


def advance_of(face: Face, char: str) -> float:
    """A character's natural width in ems; half an em for Latin where no font says better."""
    index = face.source.lookup(char) if face.source is not None else None
    if face.source is not None and index is not None:
        return face.source.advance(index)
    return 0.5 if ord(char) < _FIRST_WIDE else 1.0


@dataclass
class FontBook:
    """The faces of a document, opened once."""

    package: Package
    resolver: FontResolver | None = None
    _faces: dict[str, Face] = field(default_factory=dict)

    def face(self, reference: str, resource: FontResource | None, *, resolve: bool) -> Face:
        """The face of a font resource; with `resolve`, a font that is not embedded is asked of the resolver."""
        key = f"{resolve}/{resource.loc if resource and resource.loc else reference}"
        if key not in self._faces:
            self._faces[key] = self._open(reference, resource, resolve)
        return self._faces[key]

    def stand_in(self, face: Face) -> Face | None:
        """What the resolver has for an embedded face that lacks a character."""
        if self.resolver is None or face.resource is None or not face.embedded:
            return None
        key = f"instead/{face.resource.loc}"
        if key not in self._faces:
            found = self.resolver(face.resource)
            self._faces[key] = Face(face.resource, found, embedded=False)
        return self._faces[key] if self._faces[key].source is not None else None

    def _open(self, reference: str, resource: FontResource | None, resolve: bool) -> Face:
        if resource is None:
            self.package.note("font_missing", f"Font {reference!r} is not among the resources.")
            resource = FontResource(reference, "", "", False, False, False, False, None)
        if resource.loc:
            try:
                return Face(resource, GlyphSource.of(self.package.read(resource.loc)), embedded=True)
            except OfdError as error:
                self.package.note("font_damaged", f"{resource.loc}: {error.message}")
        if resolve:
            found = self.resolver(resource) if self.resolver is not None else None
            if found is not None:
                return Face(resource, found, embedded=False)
            self.package.note("font_missing", f"Font {resource.name!r} is not embedded and was not found.")
        return Face(resource, None, embedded=False)
