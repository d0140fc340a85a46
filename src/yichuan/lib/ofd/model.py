"""What a document says of itself: information, pages, resources, templates, annotations, signatures.

Read from OFD.xml and Document.xml (GB/T 33190-2016 clauses 7.4 to 7.6). Lengths are millimetres; boxes are
x, y, width, height with the origin at the top left.
"""

import math
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from lxml import etree

from .declared import Permissions, date, read_permissions
from .errors import OfdError
from .package import Package
from .xmlread import child, children, local, text

Box = tuple[float, float, float, float]
A4: Box = (0.0, 0.0, 210.0, 297.0)
_LARGEST_MM = 100_000.0


@dataclass(frozen=True)
class DocumentInfo:
    """DocInfo of OFD.xml. `doc_id` is 32 hexadecimal digits; `created` is aware."""

    title: str = ""
    author: str = ""
    created: datetime | None = None
    doc_id: str = ""
    subject: str = ""
    keywords: tuple[str, ...] = ()
    creator: str = "Yichuan"


@dataclass(frozen=True)
class Template:
    """A template page: drawn under the page's own content, or over it when its ZOrder says Foreground."""

    id: str
    loc: str
    foreground: bool


@dataclass(frozen=True)
class Page:
    """One page: its ID in Document.xml, its place (from 0), the entry that holds its content."""

    id: str
    index: int
    loc: str
    _package: Package = field(repr=False, compare=False)
    _default_box: Box = field(repr=False, compare=False)

    @cached_property
    def box(self) -> Box:
        """The PhysicalBox, mm: the page's own, else the document's."""
        own = child(self._package.xml(self.loc), "Area", "PhysicalBox")
        return _usable_box(self._package, self.loc, own) or self._default_box

    @property
    def width_mm(self) -> float:
        """The page's width, mm."""
        return self.box[2]

    @property
    def height_mm(self) -> float:
        """The page's height, mm."""
        return self.box[3]


@dataclass(frozen=True)
class Document:
    """One DocBody. `doc_root` is the entry Document.xml; the `*_loc` fields are entry names that exist."""

    info: DocumentInfo
    doc_root: str
    pages: tuple[Page, ...]
    resource_locs: tuple[str, ...]
    templates: dict[str, Template]
    annotations_loc: str | None
    signatures_loc: str | None
    permissions: Permissions


def read_document(package: Package, body: int = 0) -> Document:
    """Read the DocBody number `body` (from 0).

    Raises OfdError: `not_ofd` (no OFD.xml), `document_encrypted`, `no_document` (no such DocBody, or its DocRoot is
    missing), `no_pages`, `too_many_pages`, and what `Package.xml` raises. Missing resources, templates, annotations or
    signatures are noted, and which document was chosen where there are several, or several versions of it.
    """
    return package.once(("document", body), lambda: _read_document(package, body))


def _read_document(package: Package, body: int) -> Document:
    entry = ofd_entry(package)
    bodies = list(children(package.xml(entry), "DocBody"))
    if body >= len(bodies):
        raise OfdError("no_document", f"OFD.xml has {len(bodies)} DocBody elements; number {body} was asked.")
    chosen = bodies[body]
    try:
        doc_root = package.resolve(entry, text(child(chosen, "DocRoot")))
    except OfdError as error:
        raise OfdError("no_document", f"OFD.xml: DocRoot names no document ({error.message})") from error
    if len(bodies) > 1:
        package.note("several_documents", f"OFD.xml holds {len(bodies)} documents; number {body} is read: {doc_root}.")
    _note_versions(package, entry, child(chosen, "Versions"), doc_root)
    root = package.xml(doc_root)
    common = child(root, "CommonData")
    default_box = _usable_box(package, doc_root, child(common, "PageArea", "PhysicalBox")) or A4
    return Document(
        info=_info(child(chosen, "DocInfo")),
        doc_root=doc_root,
        pages=_pages(package, doc_root, root, default_box),
        resource_locs=_resources(package, doc_root, common),
        templates=_templates(package, doc_root, common),
        annotations_loc=_found(package, doc_root, child(root, "Annotations")),
        signatures_loc=_found(package, entry, child(chosen, "Signatures")),
        permissions=read_permissions(child(root, "Permissions")),
    )


def ofd_entry(package: Package) -> str:
    """The entry OFD.xml. Raises OfdError `document_encrypted` (GM/T 0099) or `not_ofd`."""
    encrypted = "Encryptions.xml" in package
    try:
        entry = package.resolve("OFD.xml", "OFD.xml")
    except OfdError as error:
        if encrypted:
            message = "The document is encrypted (GM/T 0099); open it in its maker's reader and save it in the clear."
            raise OfdError("document_encrypted", message) from error
        raise OfdError("not_ofd", "The package has no OFD.xml; it is not an OFD document.") from error
    if encrypted:
        package.note("parts_encrypted", "Encryptions.xml: files of the package are encrypted and are not read.")
    return entry


def box_of(element: etree._Element | None) -> Box | None:
    """The ST_Box in an element's text; None when absent or unusable."""
    return parse_box(text(element)) if element is not None else None


def _usable_box(package: Package, entry: str, element: etree._Element | None) -> Box | None:
    """A page's box; one that cannot be used is noted, for another reader may make something else of it."""
    box = box_of(element)
    if element is not None and box is None:
        package.note(
            "page_box_unusable", f"{entry}: PhysicalBox {text(element)[:60]!r} is no page size and is passed over."
        )
    return box


def parse_box(value: str | None) -> Box | None:
    """Four numbers "x y w h" in mm with a positive size, or None."""
    try:
        numbers = [float(part) for part in (value or "").replace(",", " ").split()]
    except ValueError:
        return None
    if len(numbers) != 4 or not all(math.isfinite(n) and abs(n) <= _LARGEST_MM for n in numbers):
        return None
    x, y, width, height = numbers
    return (x, y, width, height) if width > 0 and height > 0 else None


def _note_versions(package: Package, entry: str, versions: etree._Element | None, doc_root: str) -> None:
    """DocRoot is read, as every reader does; a version said to be the current one may be another document."""
    for version in children(versions, "Version") if versions is not None else ():
        if (version.get("Current") or "").strip().lower() not in ("true", "1"):
            continue
        named = f"OFD.xml: version {version.get('ID', '')!r} is called the current one"
        try:
            loc = package.resolve(entry, version.get("BaseLoc") or "")
            current = package.resolve(loc, text(child(package.xml(loc), "DocRoot")))
        except OfdError as error:
            package.note("version_missing", f"{named} but cannot be found ({error.message}); {doc_root} is read.")
            continue
        if current != doc_root:
            package.note("version_other", f"{named}, {current}; {doc_root} is read, which DocRoot names.")


def _found(package: Package, base: str, element: etree._Element | None) -> str | None:
    if element is None or not text(element):
        return None
    try:
        return package.resolve(base, text(element))
    except OfdError as error:
        package.note("loc_missing", f"{error.message} ({local(element)})")
        return None


def _pages(package: Package, doc_root: str, root: etree._Element, default_box: Box) -> tuple[Page, ...]:
    container = child(root, "Pages")
    found: list[Page] = []
    for index, element in enumerate(children(container, "Page") if container is not None else ()):
        if index >= package.limits.pages:
            raise OfdError("too_many_pages", f"{doc_root}: more than {package.limits.pages} pages are not read.")
        loc = package.resolve(doc_root, element.get("BaseLoc", ""))
        found.append(Page(element.get("ID", "").strip(), index, loc, package, default_box))
    if not found:
        raise OfdError("no_pages", f"{doc_root}: the document has no page.")
    return tuple(found)


def _resources(package: Package, doc_root: str, common: etree._Element | None) -> tuple[str, ...]:
    elements = children(common, "PublicRes", "DocumentRes") if common is not None else ()
    return tuple(loc for each in elements if (loc := _found(package, doc_root, each)) is not None)


def _templates(package: Package, doc_root: str, common: etree._Element | None) -> dict[str, Template]:
    templates: dict[str, Template] = {}
    for element in children(common, "TemplatePage") if common is not None else ():
        template_id = element.get("ID", "").strip()
        try:
            loc = package.resolve(doc_root, element.get("BaseLoc", ""))
        except OfdError as error:
            package.note("loc_missing", f"{error.message} (TemplatePage {template_id})")
            continue
        templates[template_id] = Template(template_id, loc, element.get("ZOrder") == "Foreground")
    return templates


def _info(element: etree._Element | None) -> DocumentInfo:
    if element is None:
        return DocumentInfo()
    words = child(element, "Keywords")
    return DocumentInfo(
        title=text(child(element, "Title")),
        author=text(child(element, "Author")),
        created=date(text(child(element, "CreationDate"))),
        doc_id=text(child(element, "DocID")),
        subject=text(child(element, "Subject")),
        keywords=tuple(text(each) for each in children(words, "Keyword")) if words is not None else (),
        creator=text(child(element, "Creator")),
    )
