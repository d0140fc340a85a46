"""Content streams as instructions, piece by piece: read whole, a stream takes a hundred times its size in memory."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pikepdf

from ..errors import OfdError
from .streams import stream_bytes

_PIECE = 256 * 1024
_END = b"yichuan-end"
_CUT_SHORT = ("output may still be valid", "EOF while reading", "decod")
"""What QPDF says of a stream that ends too early or does not unpack, of which it gives what it could."""


def content_of(stream: Any, limit: int) -> bytes:
    """The content of a form, or of a page, whose streams are read as one. Raises OfdError `pdf_invalid`,
    `pdf_too_large`."""
    contents = stream.get("/Contents", stream)
    parts = []
    for each in contents if isinstance(contents, pikepdf.Array) else [contents]:
        if not isinstance(each, pikepdf.Stream):
            raise OfdError("pdf_invalid", "A part of the page's content is missing; save or send the PDF again.")
        parts.append(stream_bytes(each, limit))
    return b"\n".join(parts)


def instructions(content: bytes) -> Iterator[list[Any]]:
    """The instructions, some thousands at a time, each with operands and operator."""
    with pikepdf.new() as holder:
        for start, end in pairwise(_cuts(holder, content)):
            # An operator of our own tells that nothing before it was left open and lost.
            piece = holder.make_stream(content[start:end] + b"\n" + _END)
            found: list[Any] = list(pikepdf.parse_content_stream(piece))
            check_whole(holder)
            last = found.pop() if found else None
            if last is None or len(last.operands) or str(last.operator) != _END.decode():
                raise OfdError("pdf_invalid", "The page's content ends in the middle of an instruction.")
            yield found


def check_whole(pdf: pikepdf.Pdf) -> None:
    """Raise OfdError `pdf_invalid` when a stream of the PDF was read that ends too early."""
    cut = [warning for warning in pdf.get_warnings() if any(sign in warning for sign in _CUT_SHORT)]
    if cut:
        raise OfdError("pdf_invalid", f"The page is damaged, a part is missing: {cut[0]}.")


def _cuts(holder: pikepdf.Pdf, content: bytes) -> list[int]:
    """Places between two instructions, first and last included."""
    if len(content) <= _PIECE:
        return [0, len(content)]
    finder = _Cuts()
    page = pikepdf.Dictionary(Type=pikepdf.Name.Page, Contents=holder.make_stream(content))
    pikepdf.Page(holder.make_indirect(page)).get_filtered_contents(finder)
    return [*finder.found, len(content)]


class _Cuts(pikepdf.TokenFilter):
    """Notes the end of an operator in every piece; lets no token through."""

    def __init__(self) -> None:
        super().__init__()
        self.found = [0]
        self._place = 0
        self._open = 0

    def handle_token(self, token: Any = None) -> None:
        """Keep count of the bytes, of open brackets and of images within the content."""
        kind = token.type_
        self._place += len(token.raw_value)
        if kind in _OPENING:
            self._open += 1
        elif kind in _CLOSING:
            self._open -= 1
        elif kind == pikepdf.TokenType.word:
            if token.raw_value == b"BI":
                self._open += 1
            elif token.raw_value == b"EI":
                self._open -= 1
            if self._open == 0 and self._place - self.found[-1] > _PIECE:
                self.found.append(self._place)


_OPENING = (pikepdf.TokenType.array_open, pikepdf.TokenType.dict_open, pikepdf.TokenType.brace_open)
_CLOSING = (pikepdf.TokenType.array_close, pikepdf.TokenType.dict_close, pikepdf.TokenType.brace_close)
