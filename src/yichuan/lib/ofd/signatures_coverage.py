"""Which files of a package decide what is seen, so that a signature that leaves one out can be told."""

from __future__ import annotations

from collections.abc import Iterator

from .errors import OfdError
from .model import ofd_entry
from .package import Package
from .xmlread import local, text

# Elements whose text names a file, and elements with an attribute that does, in OFD.xml, Document.xml and the lists
# of versions, resources, annotations and attachments (GB/T 33190-2016).
_BY_TEXT = (
    "DocRoot",
    "Cover",
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
_LEAVES = frozenset(("Cover", "FontFile", "MediaFile", "ColorSpace"))
# One of these stands in every file that names another ("File" in FontFile and its like).
_WRITTEN = {name.encode() for name in (*_BY_TEXT, *_BY_ATTRIBUTE.values())}
_WORDS = [word for word in _WRITTEN if not any(word != other and other in word for other in _WRITTEN)]


def seen_files(package: Package) -> frozenset[str]:
    """The entries that reading and drawing the document opens, from OFD.xml on; attachments count, signatures do not.

    A damaged file counts itself; what it would name cannot be known.
    """
    start = ofd_entry(package)
    seen, followed, waiting = {start}, {start}, [start]
    while waiting:
        for named, names_more in _named_by(package, waiting.pop()):
            seen.add(named)
            # A file named as a picture here may be named as a list there.
            if names_more and named not in followed:
                followed.add(named)
                waiting.append(named)
    return frozenset(seen)


def _named_by(package: Package, entry: str) -> Iterator[tuple[str, bool]]:
    """The entries that `entry` names, and whether they can name others in turn."""
    try:
        data = package.read(entry)
        # Page content is long and seldom names files: not parsed for nothing. (NUL: UTF-16, where words hide.)
        if b"\0" not in data and not any(word in data for word in _WORDS):
            return
        root = package.xml(entry)
    except OfdError:
        return
    folder = (root.get("BaseLoc") or "").rstrip("/")
    for element in root.iter(*_NAMING):
        if element is root:
            continue  # a list has the name of the element that points to it
        kind = local(element)
        attribute = _BY_ATTRIBUTE.get(kind)
        attached = kind == "FileLoc" and (parent := element.getparent()) is not None and local(parent) == "Attachment"
        names_more = kind not in _LEAVES and not attached
        loc = (element.get(attribute) or "").strip() if attribute else text(element)
        # Drawing looks in the folder of a resource file first, then beside it; others may not: both count.
        relative = folder and not loc.startswith(("/", "\\"))
        for written in (f"{folder}/{loc}", loc) if relative else (loc,):
            try:
                yield package.resolve(entry, written), names_more
            except OfdError:
                continue
