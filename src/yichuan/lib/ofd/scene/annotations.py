"""Annotations with an appearance: stamps, watermarks, marks of readers (GB/T 33190-2016 clause 15)."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from ..errors import OfdError
from ..package import Package
from ..xmlread import child, children, text
from .values import flag_of


@dataclass
class Annotations:
    """The annotation files of a document by page ID, found when first asked for."""

    package: Package
    entry: str | None
    _files: dict[str, list[str]] | None = field(default=None)

    def appearances(self, page_id: str, *, printing: bool) -> Iterator[etree._Element]:
        """The Appearance of each annotation to be seen on a page. Print="false" hides it on paper only; NoZoom and
        NoRotate are of no matter to a page shown as it is."""
        if self._files is None:
            self._files = self._found()
        for entry in self._files.get(page_id, ()):
            try:
                root = self.package.xml(entry)
            except OfdError as error:
                self.package.note("annotation_unreadable", error.message)
                continue
            for annotation in children(root, "Annot"):
                appearance = child(annotation, "Appearance")
                shown = flag_of(annotation, "Visible", True) and (not printing or flag_of(annotation, "Print", True))
                if appearance is not None and shown:
                    yield appearance

    def _found(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        if self.entry is None:
            return found
        try:
            pages = list(children(self.package.xml(self.entry), "Page"))
        except OfdError as error:
            self.package.note("annotation_unreadable", error.message)
            return found
        for page in pages:
            for location in children(page, "FileLoc"):
                try:
                    loc = self.package.resolve(self.entry, text(location))
                except OfdError as error:
                    self.package.note("annotation_missing", error.message)
                    continue
                found.setdefault((page.get("PageID") or "").strip(), []).append(loc)
        return found
