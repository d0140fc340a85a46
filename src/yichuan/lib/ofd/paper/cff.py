"""Small CFF programs for a PDF: chosen glyphs as a CID-keyed font, each under its place in the list as CID.

Written by hand (Adobe Technical Notes 5176 and 5177): a subset made by fontTools takes seconds for a Chinese font.
"""

import struct
from collections.abc import Sequence
from typing import Any

from fontTools.cffLib.transforms import _DesubroutinizingT2Decompiler
from fontTools.misc.psCharStrings import SimpleT2Decompiler, T2CharString, encodeFloat, encodeIntCFF

from ..charstrings import BoundedSteps
from ..errors import OfdError
from ..fontfaults import FONT_ERRORS
from ..fontfile import GlyphSource

_ROS, _CID_COUNT, _FD_ARRAY, _FD_SELECT = (bytes((12, number)) for number in (30, 34, 36, 37))
_FONT_MATRIX, _CHARSET, _CHAR_STRINGS, _PRIVATE = b"\x0c\x07", b"\x0f", b"\x11", b"\x12"
_FIRST_OWN_STRING = 391
_PRIVATE_OPERATORS: dict[str, tuple[bytes, bool]] = {  # name: operator, whether its numbers are written as steps
    "BlueValues": (b"\x06", True),
    "OtherBlues": (b"\x07", True),
    "FamilyBlues": (b"\x08", True),
    "FamilyOtherBlues": (b"\x09", True),
    "BlueScale": (b"\x0c\x09", False),
    "BlueShift": (b"\x0c\x0a", False),
    "BlueFuzz": (b"\x0c\x0b", False),
    "StdHW": (b"\x0a", False),
    "StdVW": (b"\x0b", False),
    "StemSnapH": (b"\x0c\x0c", True),
    "StemSnapV": (b"\x0c\x0d", True),
    "LanguageGroup": (b"\x0c\x11", False),
    "defaultWidthX": (b"\x14", False),
    "nominalWidthX": (b"\x15", False),
}


def compact_program(source: GlyphSource, glyphs: list[int]) -> bytes:
    """A bare CFF file whose CID i shows glyph number `glyphs[i]` of the source; the first should be 0.

    Outlines and hints are the source's, its subroutines written out. Raises OfdError `font_damaged`.
    """
    try:
        return _program(source, glyphs)
    except FONT_ERRORS as error:
        raise OfdError("font_damaged", f"A font cannot be made ready for paper: {error!r}.") from error


def _program(source: GlyphSource, glyphs: list[int]) -> bytes:
    top = source.font["CFF "].cff.topDictIndex[0]
    names = source.font.getGlyphOrder()
    strings = [top.CharStrings[names[index]] for index in glyphs]
    privates: list[Any] = []
    parts: list[int] = []
    for string in strings:
        private = string.private
        if not any(private is each for each in privates):
            privates.append(private)
        parts.append(next(place for place, each in enumerate(privates) if each is private))
    if len(privates) > 255:
        raise OfdError("font_damaged", "A font has too many parts.")
    matrices = [_matrix(top, private) for private in privates]
    return _assembled(
        [_plain(string) for string in strings], parts, [_private(each) for each in privates], matrices, _own(top)
    )


class _Bounded(BoundedSteps, _DesubroutinizingT2Decompiler):  # type: ignore[misc]
    """Writes a glyph's subroutines out, and stops where they call each other without end."""

    # A mask of hints is read with its bytes also where it is what ends the count of hints.
    stop_hintcount_ops = tuple(
        name for name in _DesubroutinizingT2Decompiler.stop_hintcount_ops if name not in ("op_hintmask", "op_cntrmask")
    )
    op_hintmask = op_cntrmask = SimpleT2Decompiler.op_hintmask

    def processSubr(self, index: int, subroutine: T2CharString) -> None:
        self.spend(len(subroutine._desubroutinized))
        super().processSubr(index, subroutine)


def _plain(string: T2CharString) -> bytes:
    """A glyph without calls to subroutines."""
    program = list(string.program) if string.bytecode is None else None
    copy = T2CharString(string.bytecode, program, private=string.private, globalSubrs=string.globalSubrs)
    _Bounded(getattr(string.private, "Subrs", []), string.globalSubrs, string.private).execute(copy)
    copy.program = copy._desubroutinized
    copy.compile()
    return bytes(copy.bytecode)


def _own(top: Any) -> Sequence[float] | None:
    return top.rawDict.get("FontMatrix")  # type: ignore[no-any-return]


def _matrix(top: Any, private: Any) -> Sequence[float] | None:
    """The matrix of the part of a CID-keyed font that a Private belongs to."""
    for part in getattr(top, "FDArray", ()):
        if part.Private is private:
            return part.rawDict.get("FontMatrix")  # type: ignore[no-any-return]
    return None


def _assembled(
    strings: list[bytes],
    parts: list[int],
    privates: list[bytes],
    matrices: list[Sequence[float] | None],
    matrix: Sequence[float] | None,
) -> bytes:
    head = b"\x01\x00\x04\x04" + _index([b"Paper"])
    names = _index([b"Adobe", b"Identity"])
    charset = struct.pack(">BHH", 2, 1, len(strings) - 2) if len(strings) > 1 else b"\0"
    select = b"\0" + bytes(parts)
    glyphs = _index(strings)

    def top(charset_at: int, select_at: int, glyphs_at: int, array_at: int) -> bytes:
        ros = _number(_FIRST_OWN_STRING) + _number(_FIRST_OWN_STRING + 1) + _number(0) + _ROS
        own = b"".join(map(_number, matrix)) + _FONT_MATRIX if matrix is not None else b""
        places = _place(charset_at) + _CHARSET + _place(select_at) + _FD_SELECT
        places += _place(glyphs_at) + _CHAR_STRINGS + _place(array_at) + _FD_ARRAY
        return ros + own + _number(len(strings)) + _CID_COUNT + places

    charset_at = len(head) + len(_index([top(0, 0, 0, 0)])) + len(names) + len(_index([]))
    select_at = charset_at + len(charset)
    glyphs_at = select_at + len(select)
    private_at = glyphs_at + len(glyphs)
    array: list[bytes] = []
    for private, own in zip(privates, matrices, strict=True):
        entry = b"".join(map(_number, own)) + _FONT_MATRIX if own is not None else b""
        array.append(entry + _place(len(private)) + _place(private_at) + _PRIVATE)
        private_at += len(private)
    tops = _index([top(charset_at, select_at, glyphs_at, private_at)])
    return b"".join((head, tops, names, _index([]), charset, select, glyphs, *privates, _index(array)))


def _private(private: Any) -> bytes:
    """The hint zones and widths of a Private dictionary, without its subroutines."""
    out = b""
    raw = private.rawDict
    for name, (operator, steps) in _PRIVATE_OPERATORS.items():
        if name not in raw:
            continue
        values = list(raw[name]) if isinstance(raw[name], list | tuple) else [raw[name]]
        if steps:
            values = [value - (values[place - 1] if place else 0) for place, value in enumerate(values)]
        out += b"".join(map(_number, values)) + operator
    return out


def _index(items: list[bytes]) -> bytes:
    if not items:
        return b"\0\0"
    if len(items) > 65_535:
        raise OfdError("font_damaged", "A font has too many glyphs.")
    offsets = [1]
    for item in items:
        offsets.append(offsets[-1] + len(item))
    width = max(1, (offsets[-1].bit_length() + 7) // 8)
    places = b"".join(offset.to_bytes(width, "big") for offset in offsets)
    return struct.pack(">HB", len(items), width) + places + b"".join(items)


def _number(value: float) -> bytes:
    return bytes(encodeIntCFF(int(value)) if value == int(value) else encodeFloat(value))


def _place(value: int) -> bytes:
    """An offset, always five bytes, so that writing it moves nothing."""
    return b"\x1d" + struct.pack(">l", value)
