"""Print files and decrypted copies: the pages of a document with a mark on each that says which copy this is.

Pages come as PDF (``ofd.paper.ofd_to_pdf``) and stay as they are; the mark is drawn over them, as vectors and text.
The signed original is never touched: its marked pages are a file of their own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import numpy as np
from numpy.typing import NDArray
from zxingcpp import BarcodeFormat, create_barcode

from yichuan.lib.gongwen.errors import GongwenError
from yichuan.lib.gongwen.fonts import FontSet
from yichuan.lib.gongwen.stamp_text import line, width_of, wrapped
from yichuan.lib.ofd.geometry import Matrix
from yichuan.lib.ofd.model import DocumentInfo
from yichuan.lib.ofd.paper import Sheet, overlay
from yichuan.lib.ofd.scene.model import Group, Item, Path, Pen, Shape, Solid

_QUIET = 4  # modules of white around a QR symbol
_MODULE_MM = 0.4  # a module on paper, read by phones and from scans of 150 dpi
_SMALLEST_MODULE_MM = 0.325
_QR_MM = (16.0, 24.0)  # least and most width; the bottom margin has no more room
LARGEST_PAGE_MM = 1200.0
_POINT = 25.4 / 72
_SIZE, _STEP, _CAP = 9 * _POINT, 13 * _POINT, 6.3 * _POINT
_MARGIN_MM, _GAP_MM = 28.0, 3.0
_BLACK, _WHITE = Solid((0, 0, 0)), Solid((255, 255, 255))
_PALE = Solid((90, 90, 90), 34 / 255)  # pale enough to read through, too large to miss
_TURN = math.radians(35)


@dataclass(frozen=True)
class CopyStamp:
    """The mark of a numbered print of the original: copy ``number`` of ``total`` for ``unit``.

    ``printed_at`` is aware and shown in its own zone; ``qr`` is the text of the QR symbol, at most some 280 bytes.
    ``log`` is the checkpoint of the log that the code names, for those who read no codes. ``header`` stands at the top
    of every page: what a reader of the paper must know of the body.
    """

    number: int
    total: int
    unit: str
    doc_no: str
    printed_at: datetime
    qr: str
    header: str = ""
    log: str = ""


@dataclass(frozen=True)
class CopyMark:
    """The mark of a decrypted copy (脱密下载), which counts as a photocopy (J-35): 副本 across each page."""

    unit: str
    doc_no: str
    taken_at: datetime
    word: str = "副本"


def print_file(pages: bytes, stamps: Sequence[CopyStamp | CopyMark], fonts: FontSet) -> bytes:
    """The pages once for each stamp, every page with its stamp's line (and QR, or pale word), as one PDF.

    What the pages hold (fonts, images, drawings) is in the file once, however many copies it has.

    :param pages: a PDF with the pages in order, none larger than 1,200 mm or smaller than 10 mm.
    :raises GongwenError: ``no_pages``, ``bad_page``, ``naive_time``, ``missing_glyph`` or ``qr_too_long``.
    :raises OfdError: ``pdf_invalid``.
    """
    if not stamps:
        raise GongwenError("no_pages", "$", "there is no copy to print")
    moments = [stamp.printed_at if isinstance(stamp, CopyStamp) else stamp.taken_at for stamp in stamps]
    if any(moment.utcoffset() is None for moment in moments):
        raise GongwenError("naive_time", "$", "the time of a print must carry its time zone")
    first = stamps[0]
    name = first.word if isinstance(first, CopyMark) else f"第{'、'.join(str(_number(each)) for each in stamps)}份"
    info = DocumentInfo(title=f"{first.doc_no} {name}", created=moments[0])
    return overlay(pages, [_mark(stamp, fonts) for stamp in stamps], info)


def _number(stamp: CopyStamp | CopyMark) -> int:
    return stamp.number if isinstance(stamp, CopyStamp) else 0


def _mark(stamp: CopyStamp | CopyMark, fonts: FontSet) -> Callable[[Sheet], list[Item]]:
    """What draws the stamp's marks on one page."""
    if isinstance(stamp, CopyMark):
        return partial(_copy, stamp, fonts)
    path, modules = _symbol(stamp.qr)
    symbol = (Shape(_box(0, 0, modules, modules), _WHITE, None), Shape(path, _BLACK, None))
    return partial(_original, stamp, fonts, symbol, modules)


def _original(stamp: CopyStamp, fonts: FontSet, symbol: tuple[Shape, Shape], modules: int, sheet: Sheet) -> list[Item]:
    """QR and line in the bottom margin, opposite the page number: that is at the right on odd pages."""
    _check(sheet)
    side = min(max(modules * _MODULE_MM, _QR_MM[0]), _QR_MM[1])
    margin = min(_MARGIN_MM, sheet.width * 0.13)
    room = max(sheet.width - 2 * margin - side - _GAP_MM, 10 * _SIZE)
    when = stamp.printed_at.strftime("%Y-%m-%d %H:%M")
    lines = [
        f"{stamp.doc_no}　第{stamp.number}份，共{stamp.total}份　{_page_of(sheet)}",
        f"{stamp.unit}　{when}打印" + (f"　日志检查点 {stamp.log}" if stamp.log else ""),
    ]
    odd = sheet.index % 2 == 0
    left = margin if odd else sheet.width - margin - side
    scale = side / modules
    place: Matrix = (scale, 0.0, 0.0, scale, left, sheet.height - 5 - side)
    items: list[Item] = [Group(symbol, place)]
    texts = [part for text in lines for part in wrapped(text, "songti", _SIZE, room, fonts)]
    for up, text in enumerate(reversed(texts)):
        start = left + side + _GAP_MM if odd else left - _GAP_MM - width_of(text, "songti", _SIZE, fonts)
        items += line(text, "songti", _SIZE, (start, sheet.height - 7 - up * _STEP), _BLACK, fonts)
    above = wrapped(stamp.header, "songti", _SIZE, sheet.width - 20, fonts) if stamp.header else []
    for below, text in enumerate(above):
        start = (sheet.width - width_of(text, "songti", _SIZE, fonts)) / 2
        items += line(text, "songti", _SIZE, (start, 8 + below * _STEP), _BLACK, fonts)
    return items


def _copy(mark: CopyMark, fonts: FontSet, sheet: Sheet) -> list[Item]:
    """The word pale across the page, and a line at its foot."""
    _check(sheet)
    when = mark.taken_at.strftime("%Y-%m-%d %H:%M")
    said = f"{mark.word}　{mark.doc_no}　{mark.unit}　{when}脱密下载　相当于纸质公文复印件　{_page_of(sheet)}"
    size = min(sheet.width, sheet.height) * 0.3
    half = width_of(mark.word, "heiti", size, fonts, 0.3) / 2
    cosine, sine = math.cos(_TURN), math.sin(_TURN)
    turned: Matrix = (cosine, -sine, sine, cosine, sheet.width / 2, sheet.height / 2)
    items: list[Item] = [Group(tuple(line(mark.word, "heiti", size, (-half, 0.38 * size), _PALE, fonts, 0.3)), turned)]
    texts = wrapped(said, "songti", _SIZE, sheet.width - 20, fonts)
    top = sheet.height - 8 - (len(texts) - 1) * _STEP
    rule = (("M", (10.0, top - _CAP - 2)), ("L", (sheet.width - 10, top - _CAP - 2)))
    items.append(Shape(rule, None, Pen(_BLACK, 0.3 * _POINT)))
    for below, text in enumerate(texts):
        start = (sheet.width - width_of(text, "songti", _SIZE, fonts)) / 2
        items += line(text, "songti", _SIZE, (start, top + below * _STEP), _BLACK, fonts)
    return items


def _page_of(sheet: Sheet) -> str:
    return f"第{sheet.index + 1}页，共{sheet.count}页"


def _check(sheet: Sheet) -> None:
    if not (10 <= sheet.width <= LARGEST_PAGE_MM and 10 <= sheet.height <= LARGEST_PAGE_MM):
        size = f"{sheet.width:.0f} × {sheet.height:.0f} mm"
        raise GongwenError("bad_page", f"$[{sheet.index}]", f"a page of {size} cannot be printed")


def _symbol(text: str) -> tuple[Path, int]:
    """The dark parts of a QR symbol in a square of modules, quiet zone included, and how many modules it is wide.

    Of the eight masks it has the one of least penalty (ISO/IEC 18004 clause 7.8.3).
    """
    for level in ("M", "L"):
        try:
            symbol = create_barcode(text, BarcodeFormat.QRCode, ec_level=level)
        except ValueError:  # too long for any symbol
            continue
        dark = np.asarray(symbol.to_image(add_quiet_zones=False)) == 0
        modules = len(dark) + 2 * _QUIET
        if _QR_MM[1] / modules >= _SMALLEST_MODULE_MM:
            return _dark(np.pad(dark, _QUIET)), modules
    raise GongwenError("qr_too_long", "$.qr", "the QR text is too long to be read from paper; shorten it")


def _dark(modules: NDArray[np.bool_]) -> Path:
    """Rows of dark modules as upright rectangles."""
    edges = np.diff(modules.astype(np.int8))
    rows, before = np.nonzero(edges == 1)
    last = np.nonzero(edges == -1)[1]
    runs = zip(rows.tolist(), (before + 1).tolist(), (last + 1).tolist(), strict=True)
    return tuple(step for y, left, right in runs for step in _box(left, y, right, y + 1))


def _box(left: float, top: float, right: float, bottom: float) -> Path:
    return (("M", (left, top)), ("L", (right, top)), ("L", (right, bottom)), ("L", (left, bottom)), ("Z", ()))
