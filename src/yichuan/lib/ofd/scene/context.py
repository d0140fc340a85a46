"""What reading one page needs: the package, its resources and fonts, its images read once, and the budget."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..errors import OfdError
from ..package import Package
from .budget import Budget
from .fonts import FontBook
from .model import Picture
from .pictures import read_picture
from .resources import Resources

_KEPT_BYTES = 64 * 1024 * 1024


@dataclass
class Pictures:
    """The images of a package by their entry; the first 64 MiB are kept for the pages to come."""

    package: Package
    _kept: dict[str, Picture | OfdError] = field(default_factory=dict)
    _bytes: int = 0

    def get(self, entry: str) -> Picture:
        """The picture in an entry. Raises what `read_picture` and `Package.read` raise."""
        found = self._kept.get(entry)
        if found is None:
            try:
                found = read_picture(self.package.read(entry), self.package.limits.image_pixels)
            except OfdError as error:
                found = OfdError(error.code, f"{entry}: {error.message}")
            size = len(found.data) if isinstance(found, Picture) else 0
            if self._bytes + size <= _KEPT_BYTES:
                self._kept[entry] = found
                self._bytes += size
        if isinstance(found, OfdError):
            raise found
        return found


@dataclass(frozen=True)
class Context:
    """The surroundings of the objects of a page. With `resolve` fonts that are not embedded are asked for."""

    package: Package
    resources: Resources
    book: FontBook
    pictures: Pictures
    budget: Budget
    resolve: bool
    pages: Mapping[str, int]
    """The indexes of the document's pages by their IDs."""

    def note(self, code: str, message: str) -> None:
        """Record what cannot be shown as it stands."""
        self.package.note(code, message)

    def picture(self, reference: str | None) -> Picture:
        """The image of a resource ID. Raises OfdError `image_missing`, `image_unsupported` and others."""
        entry = self.resources.media.get((reference or "").strip())
        if entry is None:
            raise OfdError("image_missing", f"Image {(reference or '').strip()[:40]!r} is not among the resources.")
        return self.pictures.get(entry)
