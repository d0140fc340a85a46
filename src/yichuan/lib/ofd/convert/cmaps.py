"""CMaps of a PDF (ISO 32000-1, 9.7.5 and 9.10.3): from codes to Unicode text, and from codes to characters (CID)."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..errors import OfdError

_BLOCK = re.compile(rb"begin(bfchar|bfrange|cidchar|cidrange|codespacerange)(.*?)end\1", re.S)
_PAIR = re.compile(rb"<([0-9A-Fa-f\s]+)>\s*<([0-9A-Fa-f\s]*)>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:<([0-9A-Fa-f\s]+)>|\[(.*?)\])", re.S)
_HEX = re.compile(rb"<([0-9A-Fa-f\s]*)>")
_CID = re.compile(rb"<([0-9A-Fa-f]+)>\s*(?:<([0-9A-Fa-f]+)>\s*)?(\d+)")
_BASE = re.compile(rb"/([^\s/]+)\s+usecmap")


def to_unicode(cmap: bytes) -> dict[int, str]:
    """The bfchar and bfrange sections of a ToUnicode CMap."""
    table: dict[int, str] = {}
    for kind, block in _BLOCK.findall(cmap):
        if kind == b"bfchar":
            table.update((int(code, 16), _utf16(value)) for code, value in _PAIR.findall(block))
        elif kind == b"bfrange":
            for low, high, start, listed in _RANGE.findall(block):
                first, last = int(low, 16), min(int(high, 16), 0xFFFF)
                if start:
                    text = _utf16(start)
                    table.update(
                        (code, text[:-1] + chr(min(ord(text[-1]) + code - first, 0x10FFFF)))
                        for code in range(first, last + 1)
                        if text
                    )
                else:
                    table.update((first + offset, _utf16(value)) for offset, value in enumerate(_HEX.findall(listed)))
    return table


@dataclass
class CodeMap:
    """From the bytes of a shown string to CIDs. `spaces` are the code ranges: length, lowest, highest."""

    spaces: list[tuple[int, int, int]]
    starts: list[tuple[int, int]] = field(default_factory=list)
    """Length and first code of each range, sorted."""
    ranges: list[tuple[int, int]] = field(default_factory=list)
    """Last code and first CID of each."""

    def codes(self, raw: bytes) -> Iterator[tuple[int, int, int]]:
        """Code, its length in bytes and its CID, one after the other."""
        position = 0
        while position < len(raw):
            length = self._length(raw, position)
            code = int.from_bytes(raw[position : position + length], "big")
            yield code, length, self._cid(length, code)
            position += length

    def _length(self, raw: bytes, position: int) -> int:
        for length, low, high in self.spaces:
            part = raw[position : position + length]
            lows, highs = low.to_bytes(length, "big"), high.to_bytes(length, "big")
            if len(part) == length and all(a <= b <= c for a, b, c in zip(lows, part, highs, strict=True)):
                return length
        return min((length for length, _, _ in self.spaces), default=1)

    def _cid(self, length: int, code: int) -> int:
        index = bisect_right(self.starts, (length, code)) - 1
        if index < 0 or self.starts[index][0] != length or code > self.ranges[index][0]:
            return 0
        return self.ranges[index][1] + code - self.starts[index][1]


TWO_BYTES = CodeMap([(2, 0, 0xFFFF)], [(2, 0)], [(0xFFFF, 0)])
"""Identity-H and Identity-V: two bytes are the CID."""


def code_map(cmap: bytes) -> CodeMap:
    """An embedded CMap. Raises OfdError `unsupported_font` when it builds on another one."""
    base = _BASE.search(cmap)
    if base and not base.group(1).startswith(b"Identity"):
        raise OfdError("unsupported_font", f"A CMap builds on {base.group(1).decode('latin-1')}, which is not known.")
    spaces: list[tuple[int, int, int]] = []
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for kind, block in _BLOCK.findall(cmap):
        if kind == b"codespacerange":
            spaces += [(len(low) // 2, int(low, 16), int(high, 16)) for low, high in _PAIR.findall(block)]
        elif kind in (b"cidchar", b"cidrange"):
            for low, high, cid in _CID.findall(block):
                found[len(low) // 2, int(low, 16)] = (int(high or low, 16), int(cid))
    if base and not found:
        return TWO_BYTES
    starts = sorted(found)
    return CodeMap(sorted(spaces) or [(2, 0, 0xFFFF)], starts, [found[start] for start in starts])


def _utf16(digits: bytes) -> str:
    text = b"".join(digits.split()).decode("ascii")
    return bytes.fromhex(text.zfill(-(-len(text) // 4) * 4)).decode("utf-16-be", "replace")
