"""Print files and decrypted copies: the pages of a document with a mark on each that says which copy this is.

Pages come as SVG with outlines for text (``ofd.page_to_svg(..., text="paths")``), so that a print file looks alike
everywhere. The signed original is never touched: its marked pages are a file of their own.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import segno
import typst

from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.fonts import FontSet

_TEMPLATE = Path(__file__).with_name("print_stamp.typ")
_SIZE = re.compile(r'<svg\b[^>]*?\swidth="([0-9.]+)mm"[^>]*?\sheight="([0-9.]+)mm"')
_QUIET = 4  # modules of white around a QR symbol
_MODULE_MM = 0.4  # a module on paper, read by phones and from scans of 150 dpi
_SMALLEST_MODULE_MM = 0.33
_QR_MM = (16.0, 24.0)  # least and most width; the bottom margin has no more room
LARGEST_PAGE_MM = 1200.0


@dataclass(frozen=True)
class CopyStamp:
    """The mark of a numbered print of the original: copy ``number`` of ``total`` for ``unit``.

    ``printed_at`` is aware and shown in its own zone; ``qr`` is the text of the QR symbol, at most some 280 bytes.
    """

    number: int
    total: int
    unit: str
    doc_no: str
    printed_at: datetime
    qr: str


@dataclass(frozen=True)
class CopyMark:
    """The mark of a decrypted copy (脱密下载), which counts as a photocopy (J-35): 副本 across each page."""

    unit: str
    doc_no: str
    taken_at: datetime
    word: str = "副本"


def print_file(pages_svg: Sequence[str], stamp: CopyStamp | CopyMark, fonts: FontSet) -> bytes:
    """The pages, each in its own size, with the stamp's line (and QR, or pale word) on every one, as PDF/A-2b.

    :param pages_svg: pages in order; each root element gives ``width`` and ``height`` in mm.
    :raises GongwenError: ``no_pages``, ``bad_page``, ``naive_time``, ``missing_glyph``, ``qr_too_long`` or ``unset``.
    """
    if not pages_svg:
        raise GongwenError("no_pages", "$", "there is no page to print")
    moment = stamp.printed_at if isinstance(stamp, CopyStamp) else stamp.taken_at
    fixed_offset = moment.utcoffset()
    if fixed_offset is None:
        raise GongwenError("naive_time", "$", "the time of a print must carry its time zone")
    pages = [_page(svg, index) for index, svg in enumerate(pages_svg)]
    lines = _lines(stamp, moment)
    data: dict[str, Any] = {
        "pages": pages,
        "lines": lines,
        "word": stamp.word if isinstance(stamp, CopyMark) else "",
        "title": f"{stamp.doc_no} {stamp.word if isinstance(stamp, CopyMark) else f'第{stamp.number}份'}",
        "date": [moment.year, moment.month, moment.day],
        "fonts": {role: fonts.families(role) for role in ("songti", "heiti")},
    }
    for char in "".join([*lines, data["word"], data["title"]]):
        if fonts.face_for("songti", char) is None:
            raise GongwenError("missing_glyph", "$", f"no font has {char} (U+{ord(char):04X}) of the stamp's text")
    if isinstance(stamp, CopyStamp):
        data["qr"], data["qr_mm"] = _qr(stamp.qr)
    try:
        compiler = typst.Compiler(_TEMPLATE, root=_TEMPLATE.parent, font_paths=fonts.typst_fonts)
        pdf = compiler.compile(
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            format="pdf",
            pdf_standards="a-2b",
            timestamp=moment.astimezone(timezone(fixed_offset)).replace(microsecond=0),  # as typst wants it
            pdf_tags=False,
        )
    except typst.TypstError as error:
        raise GongwenError("unset", "$", f"the print file could not be made: {error.message}") from error
    if not isinstance(pdf, bytes):
        raise GongwenError("unset", "$", "the typesetter wrote no PDF")
    return pdf


def _page(svg: str, index: int) -> dict[str, Any]:
    size = _SIZE.search(svg[:4096])
    if size is None:
        raise GongwenError("bad_page", f"$[{index}]", "the page's SVG does not give its width and height in mm")
    width, height = float(size[1]), float(size[2])
    if not (10 <= width <= LARGEST_PAGE_MM and 10 <= height <= LARGEST_PAGE_MM):
        raise GongwenError("bad_page", f"$[{index}]", f"a page of {width} × {height} mm cannot be printed")
    return {"svg": svg, "width": width, "height": height}


def _lines(stamp: CopyStamp | CopyMark, moment: datetime) -> list[str]:
    """The stamp's words; the template adds the page's number to the first line."""
    when = moment.strftime("%Y-%m-%d %H:%M")
    if isinstance(stamp, CopyStamp):
        return [f"{stamp.doc_no}　第{stamp.number}份，共{stamp.total}份", f"{stamp.unit}　{when}打印"]
    return [f"{stamp.word}　{stamp.doc_no}　{stamp.unit}　{when}脱密下载　相当于纸质公文复印件"]


def _qr(text: str) -> tuple[str, float]:
    """The symbol as SVG without measures of its own, and its width on paper in mm, quiet zone included."""
    for level in ("m", "l"):
        try:
            symbol = segno.make_qr(text, error=level, boost_error=False)
        except segno.DataOverflowError:
            continue
        modules = symbol.symbol_size(border=_QUIET)[0]
        if _QR_MM[1] / modules >= _SMALLEST_MODULE_MM:
            out = io.BytesIO()
            symbol.save(out, kind="svg", border=_QUIET, dark="#000", light="#fff", xmldecl=False, omitsize=True)
            return out.getvalue().decode("utf-8"), min(max(modules * _MODULE_MM, _QR_MM[0]), _QR_MM[1])
    raise GongwenError("qr_too_long", "$.qr", "the QR text is too long to be read from paper; shorten it")
