"""Which files of a package decide what is seen, so that a signature that leaves one out can be told."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from .errors import OfdError
from .package import Package
from .signatures import ofd_entry
from .xmlread import local, text

# Elements whose text names a file, and elements with an attribute that does, in OFD.xml, Document.xml and the lists
# of versions, resources, annotations and attachments (GB/T 33190-2016).
_BY_TEXT = (
    "DocRoot",
    "PublicRes",
    "DocumentRes",
    "PageRes",
    "Annotations",
    "Attachments",
    "FileLoc",
    "FontFile",
    "MediaFile",
    "File",
)
_BY_ATTRIBUTE = {"Page": "BaseLoc", "TemplatePage": "BaseLoc", "Version": "BaseLoc", "ColorSpace": "Profile"}
_NAMING = [f"{{*}}{name}" for name in (*_BY_TEXT, *_BY_ATTRIBUTE)]
_MOST_FILES = 20_000


def seen_files(package: Package) -> frozenset[str]:
    """The entries that reading and drawing the document opens, from OFD.xml on; attachments count, signatures do not.

    A damaged file counts itself; what it would name cannot be known.
    """
    start = ofd_entry(package)
    seen = {start}
    waiting = [start]
    while waiting and len(seen) < _MOST_FILES:
        for named in _named_by(package, waiting.pop()):
            if named not in seen:
                seen.add(named)
                if named.lower().endswith(".xml"):
                    waiting.append(named)
    return frozenset(seen)


def _named_by(package: Package, entry: str) -> Iterator[str]:
    try:
        data = package.read(entry)
        # Page content is long and names files only as PageRes: not parsed for nothing. (NUL: UTF-16, where bytes hide.)
        if entry.endswith("Content.xml") and b"PageRes" not in data and b"\0" not in data:
            return
        root = package.xml(entry)
    except OfdError:
        return
    folder = (root.get("BaseLoc") or "").strip().rstrip("/") if local(root) == "Res" else ""
    for loc in _locations(root):
        for written in (f"{folder}/{loc.lstrip('/')}", loc) if folder else (loc,):
            try:
                yield package.resolve(entry, written)
            except OfdError:
                continue
            break


def _locations(root: etree._Element) -> Iterator[str]:
    for element in root.iter(*_NAMING):
        attribute = _BY_ATTRIBUTE.get(local(element))
        loc = (element.get(attribute) or "").strip() if attribute else text(element)
        if loc:
            yield loc
