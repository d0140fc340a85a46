"""Encodings of simple fonts (ISO 32000-1, annex D): from codes to glyph names, and from names to Unicode."""

from typing import Any

import pikepdf
from fontTools import agl
from fontTools.encodings.MacRoman import MacRoman
from fontTools.encodings.StandardEncoding import StandardEncoding

Names = dict[int, str]


def _win_ansi() -> Names:
    names = {}
    for code in range(0x20, 0x100):
        text = bytes([code]).decode("cp1252", "ignore")
        names[code] = agl.UV2AGL.get(ord(text), "bullet") if text else "bullet"
    return names | {0x7F: "bullet", 0xA0: "space", 0xAD: "hyphen", 0xB7: "periodcentered", 0xAF: "macron"}


def _listed(names: list[str]) -> Names:
    return {code: name for code, name in enumerate(names) if name != ".notdef"}


STANDARD = _listed(StandardEncoding)
MAC_ROMAN = _listed(MacRoman) | {0xCA: "space"}
WIN_ANSI = _win_ansi()
MAC_CODES = {name: code for code, name in reversed(MAC_ROMAN.items())}
_BASES = {"/WinAnsiEncoding": WIN_ANSI, "/MacRomanEncoding": MAC_ROMAN, "/StandardEncoding": STANDARD}


def read_encoding(encoding: Any, implicit: Names) -> Names:
    """The names of an Encoding entry; `implicit` is what holds where it says nothing."""
    if isinstance(encoding, pikepdf.Name):
        return _BASES.get(str(encoding), implicit)
    if not isinstance(encoding, pikepdf.Dictionary):
        return implicit
    names = dict(_BASES.get(str(encoding.get("/BaseEncoding", "")), implicit))
    code = 0
    for each in encoding.get("/Differences", []):
        if isinstance(each, pikepdf.Name):
            names[code] = str(each)[1:]
            code += 1
        else:
            code = int(each)
    return names


def text_of(name: str, *, dingbats: bool = False) -> str:
    """The Unicode text of a glyph name; empty when the name tells none."""
    return str(agl.toUnicode(name, isZapfDingbats=dingbats))
