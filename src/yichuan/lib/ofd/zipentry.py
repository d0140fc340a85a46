"""One entry of a ZIP: found by its local header, unpacked within its declared size, kept as it lies."""

from __future__ import annotations

import struct
import zipfile
import zlib
from dataclasses import dataclass, field

from .errors import OfdError

_LOCAL = struct.Struct("<4s5H3L2H")
_LOCAL_MARK = b"PK\x03\x04"
_FOLLOWED = 0x8  # checksum and sizes follow the data
_UTF8_NAME = 0x800


@dataclass(frozen=True, slots=True)
class Packed:
    """An entry as it lies in a ZIP: `data` compressed by `method` (0 stored, 8 deflated); checksum and size of what it
    unpacks to."""

    data: bytes | memoryview = field(repr=False)
    method: int
    crc: int
    size: int


def unpack(archive: bytes, name: str, info: zipfile.ZipInfo) -> tuple[bytes, Packed | None]:
    """The exact bytes of an entry, and the entry as it lies; None where that holds more than these bytes.

    Never unpacks further than the declared size. Raises OfdError `entry_damaged`.
    """
    packed = _located(archive, name, info)
    if info.compress_type == zipfile.ZIP_STORED:
        data, whole = bytes(packed), True
    else:
        inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            # One byte more than declared, to see that there is no more.
            data = inflate.decompress(packed, info.file_size + 1)
        except zlib.error as error:
            raise OfdError("entry_damaged", f"The entry {name!r} cannot be unpacked: {error}.") from error
        whole = inflate.eof and not inflate.unused_data and not inflate.unconsumed_tail
    if len(data) != info.file_size:
        longer = "longer" if len(data) > info.file_size else "shorter"
        raise OfdError("entry_damaged", f"The entry {name!r} is {longer} than it declares.")
    if zlib.crc32(data) != info.CRC:
        raise OfdError("entry_damaged", f"The entry {name!r} does not have the checksum it declares.")
    return data, Packed(packed, info.compress_type, info.CRC, info.file_size) if whole else None


def _located(archive: bytes, name: str, info: zipfile.ZipInfo) -> memoryview:
    """The entry's packed bytes; its own header must name and measure it as the directory does, for readers that start
    at the front go by that."""
    start = info.header_offset
    if start < 0 or start + _LOCAL.size > len(archive):
        raise OfdError("entry_damaged", f"The entry {name!r} lies outside the package.")
    header = _LOCAL.unpack_from(archive, start)
    name_size, extra_size = header[-2:]
    named = start + _LOCAL.size
    body = named + name_size + extra_size
    encoding = "utf-8" if info.flag_bits & _UTF8_NAME else "cp437"
    if header[0] != _LOCAL_MARK or archive[named : named + name_size] != info.orig_filename.encode(encoding):
        raise OfdError("entry_damaged", f"The entry {name!r} is headed by another name than the directory gives it.")
    if not _measured_alike(header, info):
        raise OfdError("entry_damaged", f"The entry {name!r} is packed otherwise by its header than by the directory.")
    if body + info.compress_size > len(archive):
        raise OfdError("entry_damaged", f"The entry {name!r} ends after the package does.")
    return memoryview(archive)[body : body + info.compress_size]


def _measured_alike(header: tuple[int, ...], info: zipfile.ZipInfo) -> bool:
    """Method, checksum and sizes: those of the header may follow the data (then 0) or stand in the ZIP64 field."""
    _, _, flags, method, _, _, crc, packed, size, _, _ = header
    follow = (0,) if flags & _FOLLOWED else ()
    return (
        method == info.compress_type
        and crc in (info.CRC, *follow)
        and packed in (info.compress_size, 0xFFFFFFFF, *follow)
        and size in (info.file_size, 0xFFFFFFFF, *follow)
    )
