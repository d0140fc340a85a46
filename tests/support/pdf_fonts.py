"""Font programs for PDFs of tests, in every form that PDFs carry: the same few plain glyphs, drawn by hand."""

from __future__ import annotations

import io

from fontTools.fontBuilder import FontBuilder
from fontTools.misc import eexec
from fontTools.misc.psCharStrings import T1CharString
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

WIDTH = 700
# A is a triangle, B a block, o a ring of curves, acute a stroke above, f_f a ligature of two bars.
CONTOURS: dict[str, list[list[tuple[str, tuple[tuple[int, int], ...]]]]] = {
    ".notdef": [],
    "space": [],
    "A": [[("m", ((50, 0),)), ("l", ((650, 0),)), ("l", ((350, 700),))]],
    "B": [[("m", ((80, 0),)), ("l", ((600, 0),)), ("l", ((600, 700),)), ("l", ((80, 700),))]],
    "o": [
        [
            ("m", ((50, 250),)),
            ("c", ((50, 400), (200, 500), (350, 500))),
            ("c", ((500, 500), (650, 400), (650, 250))),
            ("c", ((650, 100), (500, 0), (350, 0))),
            ("c", ((200, 0), (50, 100), (50, 250))),
        ],
        [
            ("m", ((200, 250),)),
            ("c", ((200, 160), (260, 120), (350, 120))),
            ("c", ((440, 120), (500, 160), (500, 250))),
            ("c", ((500, 340), (440, 380), (350, 380))),
            ("c", ((260, 380), (200, 340), (200, 250))),
        ],
    ],
    "acute": [[("m", ((300, 560),)), ("l", ((380, 560),)), ("l", ((480, 720),))]],
    "f_f": [
        [("m", ((60, 0),)), ("l", ((220, 0),)), ("l", ((220, 720),)), ("l", ((60, 720),))],
        [("m", ((420, 0),)), ("l", ((580, 0),)), ("l", ((580, 720),)), ("l", ((420, 720),))],
    ],
}
NAMES = list(CONTOURS)


def _draw(name: str, pen: object) -> None:
    for contour in CONTOURS[name]:
        for code, points in contour:
            {"m": pen.moveTo, "l": pen.lineTo, "c": pen.curveTo}[code](*points)
        pen.closePath()


def compact_font() -> bytes:
    """A bare CFF table, as FontFile3 of kind Type1C."""
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder(NAMES)
    strings = {}
    for name in NAMES:
        pen = T2CharStringPen(WIDTH, None)
        _draw(name, pen)
        strings[name] = pen.getCharString()
    builder.setupCFF("Handmade", {}, strings, {})
    builder.setupHorizontalMetrics(dict.fromkeys(NAMES, (WIDTH, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupCharacterMap({0x41: "A"})
    builder.setupOS2()
    builder.setupPost()
    out = io.BytesIO()
    builder.save(out)
    return TTFont(io.BytesIO(out.getvalue())).getTableData("CFF ")


def true_type_font(characters: dict[int, str] | None = None, *, platform: tuple[int, int] = (3, 1)) -> bytes:
    """A TrueType font, its curves straightened, with one character map for this platform and encoding."""
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(NAMES)
    glyphs = {}
    for name in NAMES:
        pen = TTGlyphPen(None)
        for contour in CONTOURS[name]:
            for code, points in contour:
                (pen.moveTo if code == "m" else pen.lineTo)(points[-1])
            pen.closePath()
        glyphs[name] = pen.glyph()
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(dict.fromkeys(NAMES, (WIDTH, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupCharacterMap({0x41: "A"})
    builder.setupNameTable({"familyName": "Handmade", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    table = CmapSubtable.newSubtable(4 if platform[0] == 3 else 0)
    table.platformID, table.platEncID = platform
    table.language = 0
    table.cmap = characters or {0x20: "space", 0x41: "A", 0x42: "B", 0x6F: "o", 0xB4: "acute"}
    builder.font["cmap"].tables = [table]
    out = io.BytesIO()
    builder.save(out)
    return out.getvalue()


def type1_font(*, hexadecimal: bool = False, endless: bool = False) -> tuple[bytes, int, int]:
    """A Type 1 font, and the lengths of its clear and its encrypted part. `oacute` is put together by seac; an
    `endless` font has a space that calls itself without end."""
    clear = (
        b"%!PS-AdobeFont-1.0: Handmade\n11 dict begin\n/FontName /Handmade def\n/PaintType 0 def\n/FontType 1 def\n"
        b"/FontMatrix [0.001 0 0 0.001 0 0] readonly def\n/Encoding 256 array 0 1 255 {1 index exch /.notdef put} for\n"
        b"dup 65 /A put\ndup 66 /B put\ndup 111 /o put\ndup 243 /oacute put\nreadonly def\n"
        b"/FontBBox {0 0 700 750} readonly def\ncurrentdict end\ncurrentfile eexec\n"
    )
    strings = b"".join(
        f"/{name} {len(code)} RD ".encode() + code + b" ND\n"
        for name, code in ((name, _charstring(_program(name))) for name in [*NAMES, "oacute"])
    )
    subr = _charstring([0, "callsubr"] if endless else ["return"])
    hidden = (
        b"dup /Private 8 dict dup begin\n/RD {string currentfile exch readstring pop} executeonly def\n"
        b"/ND {noaccess def} executeonly def\n/NP {noaccess put} executeonly def\n/lenIV 4 def\n"
        b"/Subrs 1 array\ndup 0 " + f"{len(subr)} RD ".encode() + subr + b" NP\nND\n"
        b"2 index /CharStrings " + f"{len(NAMES) + 1}".encode() + b" dict dup begin\n" + strings + b"end\nend\n"
        b"readonly put\nnoaccess put\ndup/FontName get exch definefont pop\nmark currentfile closefile\n"
    )
    secret = eexec.encrypt(b"\x00\x00\x00\x00" + hidden, 55665)[0]
    if hexadecimal:
        secret = secret.hex().encode()
    trailer = (b"0" * 64 + b"\n") * 8 + b"cleartomark\n"
    return clear + secret + trailer, len(clear), len(secret)


def _program(name: str) -> list[object]:
    if name == "space":
        return [0, WIDTH, "hsbw", 0, "callsubr", "endchar"]
    if name == "oacute":
        return [0, WIDTH, "hsbw", 0, 20, 30, 0o157, 0o302, "seac"]
    program: list[object] = [0, WIDTH, "hsbw"]
    x = y = 0
    for contour in CONTOURS[name]:
        for code, points in contour:
            steps = []
            for px, py in points:
                steps += [px - x, py - y]
                x, y = px, py
            program += [*steps, {"m": "rmoveto", "l": "rlineto", "c": "rrcurveto"}[code]]
        program.append("closepath")
    return [*program, "endchar"]


def _charstring(program: list[object]) -> bytes:
    string = T1CharString(program=program)
    string.compile()
    return eexec.encrypt(b"\x00\x00\x00\x00" + string.bytecode, 4330)[0]
