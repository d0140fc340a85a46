"""A reader of BER and DER that keeps hold of the original bytes.

Seals are verified over the bytes their maker signed, never over a re-encoding (GB/T 38540 signs DER; files of the
first years are BER), so every node knows its exact slice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .errors import SesError

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, OID = 0x01, 0x02, 0x03, 0x04, 0x06
UTF8_STRING, PRINTABLE_STRING, IA5_STRING, UTC_TIME, GENERALIZED_TIME = 0x0C, 0x13, 0x16, 0x17, 0x18
SEQUENCE, SET, CONTEXT_0, CONTEXT_1 = 0x30, 0x31, 0xA0, 0xA1

_CONSTRUCTED = 0x20
_IN_PIECES = tuple(_CONSTRUCTED | tag for tag in (OCTET_STRING, UTF8_STRING, IA5_STRING))
_MAX_DEPTH = 40
_MAX_CHILDREN = 4096
_MAX_VALUES = 100_000  # read of one structure, those read again included; a large seal takes a few hundred


@dataclass(frozen=True, slots=True)
class Tlv:
    """One value: `tag` is the identifier octet; the offsets point into `data`."""

    data: bytes
    tag: int
    start: int
    body: int
    body_end: int
    end: int
    definite: bool
    depth: int
    left: list[int] = field(compare=False, repr=False)
    """How many values may yet be read of the whole structure; shared by all of them."""

    @property
    def raw(self) -> bytes:
        """The whole value with its header, byte for byte."""
        return self.data[self.start : self.end]

    @property
    def content(self) -> bytes:
        """The content octets; the pieces of a constructed string (BER) are joined."""
        if self.tag in _IN_PIECES:
            return b"".join(child.content for child in self.children())
        return self.data[self.body : self.body_end]

    def children(self) -> list[Tlv]:
        """The values inside, in order."""
        return list(_walk(self.data, self.body, self.body_end, self.depth + 1, self.left))

    def der(self) -> bytes:
        """The same value with definite lengths and joined strings, for data that was read as BER."""
        if not self.tag & _CONSTRUCTED:
            return encode(self.tag, self.data[self.body : self.body_end])
        if self.tag in _IN_PIECES:
            return encode(self.tag & ~_CONSTRUCTED, self.content)
        return encode(self.tag, b"".join(child.der() for child in self.children()))


def encode(tag: int, content: bytes) -> bytes:
    """DER: identifier octet, definite length, content."""
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + content


def as_signed(node: Tlv) -> bytes:
    """The octets a signature over `node` covers: its own, or its DER where the file wrote BER around it.

    The makers that write indefinite lengths sign the DER form and encode afterwards.
    """
    return node.raw if node.definite else node.der()


def read(data: bytes) -> Tlv:
    """Read the one value that starts `data`; bytes after it are the caller's to judge (`Tlv.end`).

    Raises SesError("asn1") when the bytes are not BER.
    """
    return _read(data, 0, len(data), 0, [_MAX_VALUES])


def _walk(data: bytes, offset: int, limit: int, depth: int, left: list[int]) -> Iterator[Tlv]:
    count = 0
    while offset < limit:
        node = _read(data, offset, limit, depth, left)
        yield node
        offset = node.end
        count += 1
        if count > _MAX_CHILDREN:
            raise SesError("asn1", "a structure holds more values than any seal does; the bytes are not a seal")


def _read(data: bytes, offset: int, limit: int, depth: int, left: list[int]) -> Tlv:
    if depth > _MAX_DEPTH:
        raise SesError("asn1", "values are nested deeper than any seal does; the bytes are not a seal")
    left[0] -= 1
    if left[0] < 0:
        raise SesError("asn1", "a structure holds more values than any seal does; the bytes are not a seal")
    if offset + 2 > limit:
        raise SesError("asn1", f"the structure ends early at byte {offset}; the bytes are cut off")
    tag, first = data[offset], data[offset + 1]
    if tag & 0x1F == 0x1F:
        raise SesError("asn1", f"byte {offset} is no tag that seals use; the bytes are not a seal")
    body = offset + 2
    if first == 0x80:
        return _read_indefinite(data, tag, offset, limit, depth, left)
    size = first
    if first > 0x80:
        count = first & 0x7F
        if count > 4 or body + count > limit:
            raise SesError("asn1", f"the length at byte {offset} is not readable; the bytes are damaged")
        size = int.from_bytes(data[body : body + count], "big")
        body += count
    end = body + size
    if end > limit:
        raise SesError("asn1", f"the value at byte {offset} runs over its frame; the bytes are cut off or damaged")
    return Tlv(data, tag, offset, body, end, end, True, depth, left)


def _read_indefinite(data: bytes, tag: int, offset: int, limit: int, depth: int, left: list[int]) -> Tlv:
    if not tag & _CONSTRUCTED:
        raise SesError("asn1", f"the value at byte {offset} has no length; the bytes are damaged")
    position = offset + 2
    for _ in range(_MAX_CHILDREN):
        if data[position : position + 2] == b"\0\0" and position + 2 <= limit:
            return Tlv(data, tag, offset, offset + 2, position, position + 2, False, depth, left)
        position = _read(data, position, limit, depth + 1, left).end
    raise SesError("asn1", "a structure holds more values than any seal does; the bytes are not a seal")
