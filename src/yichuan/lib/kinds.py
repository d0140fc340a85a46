"""What a file is, by its bytes; its name may say anything."""

from __future__ import annotations

import codecs
import io
import zipfile

from .ceb import MAGIC as CEB

#: First bytes → container. What is inside a zip or an ole file, `kind_of` tells for the former.
_CONTAINERS = (
    (b"%PDF-", "pdf"),
    (CEB, "ceb"),
    (b"PK\x03\x04", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"MZ", "program"),
)
_INSIDE = (("OFD.xml", "ofd"), ("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx"))
_PDF_WITHIN = 1024
_MOST_ENTRIES = 20_000


def container_of(data: bytes) -> str:
    """By the first bytes: "pdf", "ceb", "zip", "ole", "png", "jpeg", "gif", "bmp", "tiff", "program"; "text" when it is
    text in UTF-8 or GB 18030; "der" for what may be ASN.1; else ""."""
    for start, name in _CONTAINERS:
        if data.startswith(start):
            return name
    if data[:1] == b"\x30" and len(data) > 1 and (data[1] >= 0x80):
        return "der"
    return "text" if data and is_text(data) else ""


def kind_of(data: bytes) -> str:
    """As `container_of`; a zip is told apart as "ofd", "docx", "xlsx" or "pptx" by what it holds, and a PDF is found
    also behind up to a kilobyte of other bytes."""
    container = container_of(data)
    if container == "zip":
        return next((kind for name, kind in _INSIDE if _holds(data, name)), container)
    return "pdf" if b"%PDF-" in data[:_PDF_WITHIN] else container


def is_text(data: bytes) -> bool:
    """Whether the bytes are text in UTF-8 or GB 18030, without NUL."""
    watch = TextWatch()
    watch.see(data)
    return watch.is_text()


class TextWatch:
    """`is_text` for what comes by in pieces and is too large to hold: show it each piece, then ask."""

    def __init__(self) -> None:
        self._decoders = [codecs.getincrementaldecoder(each)() for each in ("utf-8-sig", "gb18030")]

    def see(self, piece: bytes) -> None:
        """The next piece."""
        still = [] if b"\x00" in piece else [each for each in self._decoders if _decodes(each, piece)]
        self._decoders = still

    def is_text(self) -> bool:
        """Whether all of it was text; after this nothing more can be seen."""
        return any(_decodes(each, b"", last=True) for each in self._decoders)


def _decodes(decoder: codecs.IncrementalDecoder, piece: bytes, *, last: bool = False) -> bool:
    try:
        decoder.decode(piece, last)
    except UnicodeDecodeError:
        return False
    return True


def _holds(data: bytes, name: str) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()[:_MOST_ENTRIES]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError):
        return False
    return any(each == name or (name.endswith("/") and each.startswith(name)) for each in names)
