"""Pages of a document as scenes."""

from collections.abc import Iterator

from lxml import etree

from ..errors import OfdError
from ..geometry import Matrix
from ..limits import MIB, Limits
from ..model import Page, read_document
from ..package import Package
from ..xmlread import child, children, text
from .annotations import Annotations
from .budget import Budget
from .context import Context, Pictures
from .fonts import FontBook, FontResolver
from .model import Group, Item, Link, Scene
from .objects import ObjectReader
from .resources import Resources, document_resources
from .stamps import Stamps
from .values import boundary_of

PICTURE_LIMITS = Limits(package_bytes=16 * MIB, entries=200, entry_bytes=16 * MIB, total_bytes=32 * MIB)
_DEEPEST_PICTURE = 3
_ORDER = {"Background": 0, "Body": 1, "Foreground": 2}


class SceneReader:
    """Reads the pages of one package; fonts, resources, images and stamps are read once for all of them.

    `fonts` finds fonts that the document names but does not carry. `most_objects` bounds what all calls read together
    (OfdError `document_too_complex`). What cannot be shown as it stands is noted in `package.notes` and, where it has
    a place, stands in the scene as `Missing`.

    Raises OfdError: what `read_document` raises.
    """

    def __init__(
        self, package: Package, *, fonts: FontResolver | None = None, most_objects: int | None = None, depth: int = 0
    ) -> None:
        self.package = package
        self.document = read_document(package)
        self._resources = document_resources(package, self.document)
        self._book = FontBook(package, fonts)
        self._pictures = Pictures(package)
        self._annotations = Annotations(package, self.document.annotations_loc)
        self._stamps = Stamps(package, self._imprint)
        self._fonts, self._depth = fonts, depth
        self._budget = Budget(most_objects)
        self._pages = {page.id: page.index for page in self.document.pages}

    def scene(self, page_index: int, *, stamps: bool = True, resolve: bool = True, printing: bool = False) -> Scene:
        """Page number `page_index` (from 0), in mm.

        `stamps` adds the seals; without `resolve` fonts that are not embedded stay names, for a drawer that has fonts
        of its own; `printing` leaves out what is for the screen only. Raises OfdError: `page_missing`,
        `page_too_complex`, `document_too_complex`, and what `Package.xml` raises.
        """
        pages = self.document.pages
        if not 0 <= page_index < len(pages):
            raise OfdError("page_missing", f"The document has {len(pages)} pages; page {page_index} was asked.")
        page = pages[page_index]
        self._budget.new_page()
        return self._scene(page, self._budget, stamps=stamps, resolve=resolve, printing=printing)

    def _imprint(self, data: bytes, budget: Budget, *, resolve: bool) -> Scene:
        """The first page of an OFD that is a seal's picture, without stamps of its own."""
        if self._depth >= _DEEPEST_PICTURE:
            raise OfdError("picture_too_deep", "Seal pictures stand inside each other too deep.")
        inner = SceneReader(Package.open(data, PICTURE_LIMITS), fonts=self._fonts, depth=self._depth + 1)
        first = inner.document.pages[0]
        scene = inner._scene(first, budget, stamps=False, resolve=resolve, printing=False)
        for note in inner.package.notes:
            self.package.note(note.code, f"Seal picture: {note.message}")
        return scene

    def _scene(self, page: Page, budget: Budget, *, stamps: bool, resolve: bool, printing: bool) -> Scene:
        items: list[Item] = []
        links: list[Link] = []
        root = self.package.xml(page.loc)
        resources = self._with_page(root, page.loc, self._resources)
        for own, layer in self._layers(page, root, resources):
            reader = self._reader(own, budget, resolve=resolve)
            items += reader.items(layer, own.chain(layer.get("DrawParam")))
            links += reader.links
        reader = self._reader(resources, budget, resolve=resolve)
        for appearance in self._annotations.appearances(page.id, printing=printing):
            x, y, _, _ = boundary_of(appearance)
            shift: Matrix = (1.0, 0.0, 0.0, 1.0, x, y)
            if found := reader.items(appearance, to_page=shift):
                items.append(Group(found, shift))
        links += reader.links
        if stamps:
            items += self._stamps.of_page(page.id, budget, resolve=resolve)
        return Scene(page.box, tuple(items), tuple(links))

    def _reader(self, resources: Resources, budget: Budget, *, resolve: bool) -> ObjectReader:
        return ObjectReader(Context(self.package, resources, self._book, self._pictures, budget, resolve, self._pages))

    def _layers(
        self, page: Page, root: etree._Element, resources: Resources
    ) -> Iterator[tuple[Resources, etree._Element]]:
        """The layers of the page and its templates from the ground up, each with its resources.

        A template's ZOrder ranks with the Types of layers; of the same rank, templates come first, as they do in the
        page's file (clause 7.7).
        """
        found: list[tuple[int, Resources, etree._Element]] = []
        for reference in children(root, "Template"):
            template = self.document.templates.get((reference.get("TemplateID") or "").strip())
            if template is None:
                self.package.note("template_missing", f"{page.loc}: its template is not in the document.")
                continue
            own = self.package.xml(template.loc)
            rank = _ORDER.get(reference.get("ZOrder") or "", 2 if template.foreground else 0)
            shared = self._with_page(own, template.loc, resources)
            found += [(rank, shared, layer) for layer in sorted(_layers_of(own), key=_rank)]
        found += [(_rank(layer), resources, layer) for layer in _layers_of(root)]
        for _, own_resources, layer in sorted(found, key=lambda each: each[0]):
            yield own_resources, layer

    def _with_page(self, root: etree._Element, entry: str, shared: Resources) -> Resources:
        return shared.with_page(self.package, entry, [loc for each in children(root, "PageRes") if (loc := text(each))])


def _layers_of(root: etree._Element) -> list[etree._Element]:
    content = child(root, "Content")
    return list(children(content, "Layer")) if content is not None else []


def _rank(layer: etree._Element) -> int:
    return _ORDER.get(layer.get("Type") or "", 1)
