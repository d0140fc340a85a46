"""Type 1 programs (FontFile) of a PDF: read from their encrypted part, their used glyphs written as CFF."""

import re
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.misc import eexec
from fontTools.misc.psCharStrings import T1CharString
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.transformPen import TransformPen

from ..errors import OfdError
from .encodings import STANDARD
from .fontfile import ASCENT, DESCENT, FIXED_TIME, SegmentPen, finish
from .state import Segment

_EEXEC_KEY, _CHARSTRING_KEY = 55665, 4330
_UNITS = 1000
_MATRIX = re.compile(rb"/FontMatrix\s*\[([^\]]*)\]")
_LEN_IV = re.compile(rb"/lenIV\s+(-?\d+)")
_SUBR = re.compile(rb"dup\s+(\d+)\s+(\d+)\s+(?:RD|-\||\S+) ")
_GLYPH = re.compile(rb"/(\S+)\s+(\d+)\s+(?:RD|-\||\S+) ")
_CODE = re.compile(rb"dup\s+(\d+)\s*/(\S+)\s+put")
_HEX = re.compile(rb"[0-9A-Fa-f\s]{8}")
_LONGEST = 65_535
_EMPTY = b"\x8b\x8b\x0d\x0e"
"""0 0 hsbw endchar"""


class Type1Program:
    """A Type 1 font. A glyph gets its number when it is first asked for; number 0 is .notdef."""

    suffix = ".otf"

    def __init__(self, name: str, data: bytes) -> None:
        self._name = name
        clear, hidden = _parts(data)
        matrix = _MATRIX.search(clear)
        numbers = [float(each) for each in matrix.group(1).split()] if matrix else [0.001, 0, 0, 0.001, 0, 0]
        a, b, c, d, e, f = (value * _UNITS for value in numbers)
        self._matrix = (a, b, c, d, e, f)
        skip = int(found.group(1)) if (found := _LEN_IV.search(hidden)) else 4
        start = hidden.find(b"/CharStrings")
        if start < 0:
            raise OfdError("font_damaged", f"The font {name} has no glyphs.")
        self._skip = skip
        subrs = {int(number): self._clear(code) for number, code in _binary(_SUBR, hidden[:start])}
        self._subrs = [T1CharString(subrs.get(index, b"\x0b")) for index in range(max(subrs, default=-1) + 1)]
        self._codes = {name.decode("latin-1"): code for name, code in _binary(_GLYPH, hidden[start + 12 :])}
        self._strings: dict[str, Any] = {}
        self._order = [".notdef"]
        self.names = {".notdef": 0}
        self.encoding = _encoding(clear)

    def __getitem__(self, name: str) -> Any:
        """A glyph that draws itself, also for accented letters that are made of two (seac)."""
        if name not in self._strings:
            code = self._clear(self._codes[name]) if name in self._codes else _EMPTY
            self._strings[name] = T1CharString(code, subrs=self._subrs)
        return self._strings[name]

    def _clear(self, code: bytes) -> bytes:
        """A charstring, decrypted; with a negative lenIV it never was encrypted."""
        return code if self._skip < 0 else bytes(eexec.decrypt(code, _CHARSTRING_KEY)[0])[self._skip :]

    def __contains__(self, name: object) -> bool:
        return name in self._codes

    def named_glyph(self, name: str) -> int | None:
        """The glyph of a name; it gets a number now if it has none."""
        if name not in self._codes:
            return None
        if name not in self.names:
            self.names[name] = len(self._order)
            self._order.append(name)
        return self.names[name]

    def cid_glyph(self, cid: int) -> int:
        """No composite font has a Type 1 program."""
        raise OfdError("unsupported_font", f"The composite font {self._name} has a Type 1 program ({cid}).")

    def code_glyph(self, code: int) -> int | None:
        """A Type 1 font knows no codes beyond its encoding."""
        return None

    def text_glyph(self, text: str) -> int | None:
        """A Type 1 font has no Unicode character map."""
        return None

    def advance(self, glyph: int) -> float | None:
        """The width that the charstring gives."""
        self.outline(glyph)
        return float(self[self._order[glyph]].width * self._matrix[0])

    def outline(self, glyph: int) -> list[Segment]:
        """The outline."""
        pen = SegmentPen(self, 1 / _UNITS)
        self[self._order[glyph]].draw(TransformPen(pen, self._matrix))
        return pen.segments

    def build(self, character_map: dict[int, int], widths: dict[int, float], *, bold: bool) -> bytes:
        """The used glyphs as CFF in an OpenType font."""
        strings = {}
        for index, name in enumerate(self._order):
            pen = T2CharStringPen(round(widths.get(index, 0.0)), self, roundTolerance=0.01)
            self[name].draw(TransformPen(pen, self._matrix))
            strings[f"g{index}" if index else ".notdef"] = pen.getCharString()
        builder = FontBuilder(_UNITS, isTTF=False)
        builder.font.recalcTimestamp = False
        builder.updateHead(created=FIXED_TIME, modified=FIXED_TIME)
        builder.setupGlyphOrder(list(strings))
        builder.setupCFF(re.sub(r"[^!-~]|[\[\](){}<>/%]", "", self._name)[:63] or "Font", {}, strings, {})
        metrics = {each: (round(widths.get(index, 0.0)), 0) for index, each in enumerate(strings)}
        builder.setupHorizontalMetrics(metrics)
        builder.setupHorizontalHeader(ascent=round(ASCENT * _UNITS), descent=-round(DESCENT * _UNITS))
        return finish(builder.font, self._name, character_map, bold=bold)


def _parts(data: bytes) -> tuple[bytes, bytes]:
    """The part in clear and the decrypted one; PFB segment heads are dropped."""
    while data[:1] == b"\x80" and len(data) > 6:
        data = _without_heads(data)
    clear, found, hidden = data.partition(b"eexec")
    if not found:
        return data, data
    hidden = hidden.lstrip(b" \t\r\n")
    if _HEX.match(hidden):
        digits = re.sub(rb"[^0-9A-Fa-f]", b"", hidden)
        hidden = bytes.fromhex(digits[: len(digits) & ~1].decode("ascii"))
    return clear, bytes(eexec.decrypt(hidden, _EEXEC_KEY)[0])[4:]


def _without_heads(data: bytes) -> bytes:
    parts, position = [], 0
    while data[position : position + 1] == b"\x80" and data[position + 1] in (1, 2):
        length = int.from_bytes(data[position + 2 : position + 6], "little")
        parts.append(data[position + 6 : position + 6 + length])
        position += 6 + length
    return b"".join(parts)


def _binary(pattern: re.Pattern[bytes], data: bytes) -> list[tuple[bytes, bytes]]:
    """Names or numbers with their charstrings, still encrypted, whose bytes follow the pattern's last blank."""
    found, position = [], 0
    while match := pattern.search(data, position):
        length = int(match.group(2))
        if length > _LONGEST:
            position = match.end()
            continue
        found.append((match.group(1), data[match.end() : match.end() + length]))
        position = match.end() + length
    return found


def _encoding(clear: bytes) -> dict[int, str]:
    if re.search(rb"/Encoding\s+StandardEncoding", clear):
        return dict(STANDARD)
    codes = {int(code): name.decode("latin-1") for code, name in _CODE.findall(clear)}
    return {code: name for code, name in codes.items() if name != ".notdef"}
