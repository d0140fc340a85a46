"""Finishing touches to whole pages of the PDF: a landscape page is laid on its side, a letter's first page is lowered.

The typesetter cannot do either while text flows from page to page, so both are done to the finished pages, by one
matrix each in front of their content.
"""

from __future__ import annotations

from collections.abc import Collection
from io import BytesIO

import pikepdf

from yichuan.lib.gongwen import grid

_WIDTH, _HEIGHT = grid.PAGE_WIDTH_MM * grid.MM, grid.PAGE_HEIGHT_MM * grid.MM


def finish_pages(pdf: bytes, *, landscape: Collection[int], first_page_shift: float) -> bytes:
    """The PDF with the ``landscape`` pages (from 0) turned so that their heads are at the left, which is the binding
    edge of odd pages and the outer edge of even ones (GB/T 9704-2012 8), and the first moved down by so many points.
    The same input gives the same bytes.
    """
    if not landscape and not first_page_shift:
        return pdf
    with pikepdf.open(BytesIO(pdf)) as document:
        for index in landscape:
            page = document.pages[index]
            _transform(page, f"0 1 -1 0 {_WIDTH:.4f} 0")
            page.obj.MediaBox = pikepdf.Array([0, 0, round(_WIDTH, 4), round(_HEIGHT, 4)])
        if first_page_shift:
            _transform(document.pages[0], f"1 0 0 1 0 {-first_page_shift:.4f}")
        result = BytesIO()
        document.save(result, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.preserve)
    return result.getvalue()


def _transform(page: pikepdf.Page, matrix: str) -> None:
    page.contents_add(f"q {matrix} cm\n".encode("ascii"), prepend=True)
    page.contents_add(b"\nQ")
