"""A DOCX as python-docx may open it: a ZIP that passed every check, its XML without DTD and within bounds."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from lxml import etree

from yichuan.lib.gongwen.reading.result import Notes, ReadingError, ReadingLimits
from yichuan.lib.ofd.errors import OfdError
from yichuan.lib.ofd.limits import Limits
from yichuan.lib.ofd.package import Package

if TYPE_CHECKING:
    from docx.document import Document

_ENTRIES = 4_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ACTIVE = (
    ("vbaProject", "macro", "宏"),
    ("/activeX/", "active_content", "ActiveX 控件"),
    ("/embeddings/", "embedded", "嵌入的文件"),
)


def open_docx(data: bytes, limits: ReadingLimits, notes: Notes) -> Document:
    """The document, opened from a copy in which every entry has been unpacked within its bounds.

    :raises ReadingError: ``old_or_encrypted``, ``not_docx``, ``too_large``, or a code of ``OfdError`` for the ZIP.
    """
    import docx  # loaded with the first: whoever only asks for the patterns of a 公文 needs none of it

    if data.startswith(_OLE):
        raise ReadingError(
            "old_or_encrypted",
            "the file is a .doc, .wps or an encrypted .docx; save it as .docx without a password, or use a Converter",
        )
    bounds = Limits(
        package_bytes=limits.file_bytes,
        entries=_ENTRIES,
        entry_bytes=limits.unpacked_bytes,
        total_bytes=limits.unpacked_bytes,
        xml_bytes=limits.xml_bytes,
        xml_depth=limits.xml_depth,
    )
    try:
        package = Package.open(data, bounds)
        checked = _copied(package, notes)
    except OfdError as error:
        raise ReadingError(error.code, f"the file is not a sound .docx: {error.message}") from error
    if "word/document.xml" not in package and not any(name.endswith("/document.xml") for name in package.names()):
        raise ReadingError("not_docx", "the file holds no word processor's document; save it as .docx")
    try:
        document = docx.Document(io.BytesIO(checked))
        if document.element.body is None:
            raise ValueError("no body")
        return document
    except (ValueError, KeyError, AttributeError, TypeError, IndexError, etree.XMLSyntaxError, OSError) as error:
        raise ReadingError(
            "not_docx", f"the file is not a whole .docx ({type(error).__name__}); save it anew"
        ) from error


def _copied(package: Package, notes: Notes) -> bytes:
    """The package with stored entries whose sizes are true; pictures and the like are emptied, since none is read."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in package.names():
            for word, code, said in _ACTIVE:
                if word in name:
                    notes.add(code, "文件", f"文件里有{said}（{name.rpartition('/')[2]}），没有带入，也没有运行。")
            archive.writestr(name, _content(package, name, notes))
    return target.getvalue()


def _content(package: Package, name: str, notes: Notes) -> bytes:
    if not name.lower().endswith((".xml", ".rels")):
        return b""
    root = package.xml(name)
    if name.endswith(".rels"):
        for each in root:
            if str(each.get("TargetMode", "")).casefold() == "external":
                _note_external(each, notes)
    return package.read(name)


def _note_external(relationship: etree._Element, notes: Notes) -> None:
    kind = str(relationship.get("Type", "")).rpartition("/")[2]
    target = str(relationship.get("Target", ""))[:80]
    said = "超链接" if kind == "hyperlink" else f"外部引用（{kind[:30]}）"
    notes.add("external", "文件", f"{said}指向 {target}，没有打开；链接上的文字保留。")
