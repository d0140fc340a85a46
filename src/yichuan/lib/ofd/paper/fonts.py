"""The fonts of one PDF: a program for each font file, shared by all pages, with only the glyphs that are shown.

A code (CID) stands for a glyph together with the text it shows, so that each viewer copies the text of the OFD, also
where two characters share a glyph or one glyph stands for several (ISO 32000-1 clauses 9.7 and 9.10.3).
"""

import hashlib
import io
import re
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

import pikepdf
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from pikepdf import Array, Dictionary, Name, Object, Stream, String

from ..errors import OfdError
from ..fontfile import GlyphSource
from ..geometry import number
from ..scene.model import Face
from .cff import compact_program
from .sfnt import true_type_program

_MOST_CODES = 60_000
_LONGEST_TEXT = 255
_PLAIN = re.compile(r"[^A-Za-z0-9-]")
_EM = 1000
_FIXED_TIME = 3_786_825_600  # so that the same font is the same bytes
_SYMBOLIC, _FIXED = 4, 1


@dataclass
class Font:
    """One font of the PDF while its pages are written. `source` None: a font without shapes, for unseen text."""

    source: GlyphSource | None
    name: str
    fixed: bool
    thing: Object
    _codes: dict[tuple[int, str], int] = field(default_factory=dict)
    _widths: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.code(0, "")

    def code(self, glyph: int, text: str) -> int:
        """The code of a glyph that stands for this text."""
        key = (glyph, text)
        if key not in self._codes:
            self._codes[key] = len(self._codes)
            self._widths.append(round(self.source.advance(glyph) * _EM, 2) if self.source else float(_EM))
        return self._codes[key]

    def width(self, code: int) -> float:
        """The width of a code, in thousandths of the size."""
        return self._widths[code]

    @property
    def full(self) -> bool:
        """Whether no more codes should be taken."""
        return len(self._codes) >= _MOST_CODES

    def write(self, pdf: pikepdf.Pdf) -> None:
        """Put the font into the PDF. Raises OfdError `font_damaged`."""
        codes = [glyph for glyph, _ in self._codes]
        order = list(dict.fromkeys(codes))
        places = {glyph: place for place, glyph in enumerate(order)}
        compact = self.source is not None and not self.source.true_type
        if self.source is None:
            program, order, places = _shapeless(), [0], dict.fromkeys(order, 0)
        elif compact:
            program = compact_program(self.source, codes)
        else:
            program = true_type_program(self.source, order)
        tag = "".join(chr(65 + byte % 26) for byte in hashlib.sha256(program).digest()[:6])
        name = Name(f"/{tag}+{self.name}")
        file = (
            _packed(pdf, program, Subtype=Name.CIDFontType0C)
            if compact
            else _packed(pdf, program, Length1=len(program))
        )
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=name,
            Flags=_SYMBOLIC | (_FIXED if self.fixed else 0),
            FontBBox=Array([0, -200, _EM, 900]),
            ItalicAngle=0,
            Ascent=880,
            Descent=-120,
            CapHeight=700,
            StemV=80,
        )
        descriptor["/FontFile3" if compact else "/FontFile2"] = file
        inner = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType0 if compact else Name.CIDFontType2,
            BaseFont=name,
            CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
            FontDescriptor=pdf.make_indirect(descriptor),
            DW=_EM,
            W=Object.parse(f"[0 [{' '.join(number(width, 2) for width in self._widths)}]]".encode()),
        )
        if not compact:
            numbers = struct.pack(f">{len(codes)}H", *(places[glyph] for glyph in codes))
            inner.CIDToGIDMap = _packed(pdf, numbers)
        self.thing.Type, self.thing.Subtype, self.thing.BaseFont = Name.Font, Name.Type0, name
        self.thing.Encoding = Name("/Identity-H")
        self.thing.DescendantFonts = Array([pdf.make_indirect(inner)])
        self.thing.ToUnicode = _packed(pdf, _to_unicode([text for _, text in self._codes]))


@dataclass
class Fonts:
    """All fonts of one PDF."""

    pdf: pikepdf.Pdf
    note: Callable[[str, str], None]
    _open: dict[int, Font] = field(default_factory=dict)
    _all: list[Font] = field(default_factory=list)

    def font(self, face: Face | None) -> Font:
        """The font that shows a face's glyphs; None asks for the one without shapes."""
        source = face.source if face is not None else None
        key = id(source)
        if key not in self._open or self._open[key].full:
            resource = face.resource if face is not None else None
            name = _PLAIN.sub("", resource.name) if resource is not None and source is not None else ""
            thing = self.pdf.make_indirect(Dictionary())
            font = Font(source, name[:40] or f"Font{len(self._all)}", bool(resource and resource.fixed), thing)
            self._open[key] = font
            self._all.append(font)
        return self._open[key]

    def write(self) -> None:
        """Put every font into the PDF; a damaged one loses its shapes, which is noted."""
        for font in self._all:
            try:
                font.write(self.pdf)
            except OfdError as error:
                self.note(error.code, error.message)
                font.source = None
                font.write(self.pdf)


@cache
def _shapeless() -> bytes:
    """A TrueType file of one glyph: a line there and back, which has an extent for viewers that look for one."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, -120))
    pen.lineTo((_EM, 880))
    pen.closePath()
    builder = FontBuilder(_EM, isTTF=True)
    builder.font.recalcTimestamp = False
    builder.updateHead(created=_FIXED_TIME, modified=_FIXED_TIME)
    builder.setupGlyphOrder([".notdef"])
    builder.setupGlyf({".notdef": pen.glyph()})
    builder.setupHorizontalMetrics({".notdef": (_EM, 0)})
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    out = io.BytesIO()
    builder.save(out)
    return out.getvalue()


def _packed(pdf: pikepdf.Pdf, data: bytes, **entries: Object | int) -> Object:
    stream = Stream(pdf, zlib.compress(data), {f"/{key}": value for key, value in entries.items()})
    stream.Filter = Name.FlateDecode
    return pdf.make_indirect(stream)


def _to_unicode(texts: list[str]) -> bytes:
    """The CMap that leads from codes to text; codes that stand for nothing of their own are left out."""
    lines = [
        f"<{code:04X}> <{text[:_LONGEST_TEXT].encode('utf-16-be', 'replace').hex().upper()}>"
        for code, text in enumerate(texts)
        if text
    ]
    blocks = [lines[place : place + 100] for place in range(0, len(lines), 100)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{body}\nendcmap\n"
        "CMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")
