"""Which files of a package decide what is seen, so that a signature that leaves one out can be told."""

from __future__ import annotations

import re
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
# ("File" stands in a version's list of its files, which its DocRoot leads to.)
_LEAVES = frozenset(("Cover", "FontFile", "MediaFile", "ColorSpace", "File"))
# One of these stands in every file that names another ("File" in FontFile and its like).
_WRITTEN = re.compile("|".join((*_BY_TEXT, *_BY_ATTRIBUTE.values())).encode())
_UTF8 = re.compile(rb"""encoding\s*=\s*["']utf-?8["']""", re.IGNORECASE)


def seen_files(package: Package) -> tuple[frozenset[str], frozenset[str]]:
    """The entries that reading and drawing the document opens, from OFD.xml on; attachments count, signatures do not.

    Besides, those of them that cannot be read here, so that what they name, to readers that can, is not known.
    """
    start = ofd_entry(package)
    seen, followed, waiting = {start}, {start}, [start]
    unread: set[str] = set()
    while waiting:
        entry = waiting.pop()
        try:
            for named, names_more in _named_by(package, entry):
                seen.add(named)
                # A file named as a picture here may be named as a list there.
                if names_more and named not in followed:
                    followed.add(named)
                    waiting.append(named)
        except OfdError:
            unread.add(entry)
    return frozenset(seen), frozenset(unread)


def _named_by(package: Package, entry: str) -> Iterator[tuple[str, bool]]:
    """The entries that `entry` names, and whether they can name others in turn. Raises OfdError for a damaged one."""
    data = package.read(entry)
    # Page content is long and seldom names files: not parsed for nothing.
    if _in_plain_words(data) and not _WRITTEN.search(data):
        return
    root = package.xml(entry)
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


def _in_plain_words(data: bytes) -> bool:
    """Whether names of elements stand in these bytes letter by letter: not in UTF-16 (NUL) or EBCDIC (no "<"), not in
    an encoding such as UTF-7, and not in an entity."""
    declaration = data[: data.find(b"?>") + 1]
    return (
        data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
        and (b"encoding" not in declaration or _UTF8.search(declaration) is not None)
        and b"\0" not in data
        and b"<!DOCTYPE" not in data
    )
