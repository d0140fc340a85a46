"""Writing a package: the same entries always give the same ZIP, byte for byte (GB/T 33190-2016 clause 6).

Entries taken over from another package keep the compressed form they had there.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

from .errors import OfdError
from .zipentry import Packed

_STORED, _DEFLATED = 0, 8
_VERSION = 20
_UNIX = 3 << 8
_MODE = 0o644 << 16
_UTF8_NAME = 0x800
_FIRST_OF_1980 = 0x21
_MOST_BYTES = 0xFFFF_FFFF
_MOST_ENTRIES = 0xFFFF
_INCOMPRESSIBLE = (".png", ".jpg", ".jpeg", ".gif", ".ofd")

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")


def write_package(entries: Mapping[str, bytes]) -> bytes:
    """A ZIP of these entries in this order; the same entries always give the same bytes.

    Raises OfdError `package_too_large` or `too_many_entries` for what a ZIP without extensions cannot hold.
    """
    return write_packed({name: pack(name, data) for name, data in entries.items()})


def pack(name: str, data: bytes) -> Packed:
    """`data` deflated, or stored where the name tells that it is compressed already."""
    if name.lower().endswith(_INCOMPRESSIBLE):
        return Packed(data, _STORED, zlib.crc32(data), len(data))
    deflate = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = deflate.compress(data) + deflate.flush()
    return Packed(packed, _DEFLATED, zlib.crc32(data), len(data))


def write_packed(entries: Mapping[str, Packed]) -> bytes:
    """As `write_package`, of entries that are packed."""
    if len(entries) > _MOST_ENTRIES:
        raise OfdError("too_many_entries", f"A package holds at most {_MOST_ENTRIES} entries, not {len(entries)}.")
    names = {name: name.encode() for name in entries}
    size = sum(len(entries[name].data) + 2 * len(raw) + _LOCAL.size + _CENTRAL.size for name, raw in names.items())
    if max((size + _END.size, *(entry.size for entry in entries.values()))) > _MOST_BYTES:
        raise OfdError("package_too_large", f"A package holds at most {_MOST_BYTES} bytes; leave something out.")
    pieces: list[bytes | memoryview] = []
    directory: list[bytes] = []
    offset = 0
    for name, raw in names.items():
        entry = entries[name]
        flags = 0 if name.isascii() else _UTF8_NAME
        shared = flags, entry.method, 0, _FIRST_OF_1980, entry.crc, len(entry.data), entry.size, len(raw), 0
        pieces += (_LOCAL.pack(b"PK\x03\x04", _VERSION, *shared), raw, entry.data)
        directory += (_CENTRAL.pack(b"PK\x01\x02", _UNIX | _VERSION, _VERSION, *shared, 0, 0, 0, _MODE, offset), raw)
        offset += _LOCAL.size + len(raw) + len(entry.data)
    end = _END.pack(b"PK\x05\x06", 0, 0, len(names), len(names), sum(map(len, directory)), offset, 0)
    return b"".join((*pieces, *directory, end))
