"""JBIG2 files (ISO/IEC 14492 annex D) taken apart into the segments that a PDF image stream holds."""

import struct
from dataclasses import dataclass

from ..errors import OfdError
from .model import Picture

MAGIC = b"\x97JB2\r\n\x1a\n"
_SEQUENTIAL, _PAGES_UNKNOWN = 0x01, 0x02
_PAGE_INFORMATION, _END_OF_PAGE, _END_OF_STRIPE, _END_OF_FILE = 48, 49, 50, 51
_UNKNOWN = 0xFFFFFFFF
_MOST_SEGMENTS = 10_000


@dataclass
class _Segment:
    head: bytes
    kind: int
    page: int
    length: int
    body: bytes = b""


def read_jbig2(data: bytes) -> Picture:
    """The first page of a JBIG2 file. Raises OfdError `image_unsupported`."""
    try:
        return _read(data)
    except (struct.error, IndexError) as error:
        raise OfdError("image_unsupported", "The JBIG2 image ends before its time.") from error


def _read(data: bytes) -> Picture:
    flags = data[len(MAGIC)]
    position = len(MAGIC) + (1 if flags & _PAGES_UNKNOWN else 5)
    sequential = bool(flags & _SEQUENTIAL)
    segments: list[_Segment] = []
    while position < len(data) and len(segments) < _MOST_SEGMENTS:
        segment, position = _head(data, position)
        segments.append(segment)
        if sequential:
            position = _fill(segment, data, position)
        if segment.kind == _END_OF_FILE:
            break
    if not sequential:  # all heads first, then all bodies
        for segment in segments:
            position = _fill(segment, data, position)
    pages = [segment for segment in segments if segment.kind == _PAGE_INFORMATION]
    if not pages:
        raise OfdError("image_unsupported", "The JBIG2 image has no page.")
    first = pages[0].page
    kept = [each for each in segments if each.page in (0, first) and each.kind not in (_END_OF_PAGE, _END_OF_FILE)]
    width, height = struct.unpack_from(">LL", pages[0].body)
    if height == _UNKNOWN:
        ends = [struct.unpack_from(">L", each.body)[0] for each in kept if each.kind == _END_OF_STRIPE]
        height = ends[-1] + 1 if ends else 0
    if not width or not height:
        raise OfdError("image_unsupported", "The JBIG2 image does not say its size.")
    return Picture("jbig2", b"".join(each.head + each.body for each in kept), width, height)


def _head(data: bytes, start: int) -> tuple[_Segment, int]:
    """A segment's head (clause 7.2), and where it ends."""
    number, flags, count = struct.unpack_from(">LBB", data, start)
    position = start + 5
    references = count >> 5
    if references == 7:
        references = struct.unpack_from(">L", data, position)[0] & 0x1FFFFFFF
        position += 4 + (references + 8) // 8
    else:
        position += 1
    position += references * (1 if number <= 256 else 2 if number <= 65536 else 4)
    wide = bool(flags & 0x40)
    page = struct.unpack_from(">L", data, position)[0] if wide else data[position]
    position += 4 if wide else 1
    length = struct.unpack_from(">L", data, position)[0]
    return _Segment(data[start : position + 4], flags & 0x3F, page, length), position + 4


def _fill(segment: _Segment, data: bytes, position: int) -> int:
    """Take the segment's body; one of unknown length is the rest, which only a last generic region may be."""
    length = len(data) - position if segment.length == _UNKNOWN else segment.length
    segment.body = data[position : position + length]
    if len(segment.body) < length:
        raise OfdError("image_unsupported", "The JBIG2 image ends before its time.")
    return position + length
