"""How much a page, and a document, may hold before it is taken for one made to exhaust its reader."""

from dataclasses import dataclass

from ..errors import OfdError

MOST_OBJECTS = 200_000
_SEGMENTS_AN_OBJECT = 64


@dataclass
class Budget:
    """Objects and glyphs read so far; `most` bounds all pages together, MOST_OBJECTS each one."""

    most: int | None = None
    whole: int = 0
    page: int = 0

    def new_page(self) -> None:
        """Begin the count of a page."""
        self.page = 0

    def spend(self, objects: int = 1, segments: int = 0) -> None:
        """Count objects and segments of paths. Raises OfdError `page_too_complex` or `document_too_complex`."""
        cost = objects + segments // _SEGMENTS_AN_OBJECT
        self.page += cost
        self.whole += cost
        if self.most is not None and self.whole > self.most:
            raise OfdError("document_too_complex", f"The pages hold more than {self.most} objects together.")
        if self.page > MOST_OBJECTS:
            raise OfdError("page_too_complex", "The page holds more objects than are drawn.")
