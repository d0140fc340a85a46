"""Plain text: UTF-8, GB 18030 or UTF-16, one paragraph a line, or paragraphs broken at a fixed width."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from yichuan.lib.gongwen.reading.lines import Budget, Line, Source, printable
from yichuan.lib.gongwen.reading.patterns import is_structural
from yichuan.lib.gongwen.reading.result import Notes, Reading, ReadingError, ReadingLimits
from yichuan.lib.gongwen.reading.structure import assemble

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_ENDS = "。：；！？”）」》:;.!?)"
_WIDEST = 120  # cells of the widest line of a text that was broken at a width
_FULL = 0.85  # share of that width from which a line may go on
_FEWEST_INDENTED = 3


_RIGHT = 20  # cells of indent from which a line stands at the right (署名, 成文日期)
_USUAL = re.compile(r"[\t\n\r\x20-\x7e\u2010-\u2030\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_LIKELY = 0.8  # share of usual characters in what is taken for UTF-16
_LINE_ENDS = re.compile(r"\r\n|[\n\r\v\x85\u2028\u2029]")


def read_txt(data: bytes, limits: ReadingLimits | None = None) -> Reading:
    """Find the parts of a 公文 in plain text.

    :raises ReadingError: ``too_large``, ``empty``, ``not_text`` or ``encoding``.
    """
    limits = limits or ReadingLimits()
    if len(data) > limits.file_bytes:
        raise ReadingError("too_large", f"the file has {len(data)} bytes, at most {limits.file_bytes} are read")
    notes, budget = Notes(), Budget(limits)
    lines: list[Line] = []
    gap = new_page = False
    for number, raw in enumerate(_LINE_ENDS.split(decode(data)), 1):
        where = f"第{number}行"
        new_page = new_page or "\f" in raw
        text = printable(raw.replace("\f", ""), where, notes)
        if not text.strip():
            gap = True
            continue
        budget.paragraph(len(text))
        indent = _width(text[: len(text) - len(text.lstrip())])
        lines.append(Line(text.strip(), where, after_gap=gap, indent=indent, new_page=new_page, right=indent >= _RIGHT))
        gap = new_page = False
    if not lines:
        raise ReadingError("empty", "the file holds no text")
    return assemble(_joined(lines, notes), notes)


def decode(data: bytes) -> str:
    """The text of the bytes: by their mark, as UTF-8, as UTF-16 without a mark, as GB 18030.

    :raises ReadingError: ``not_text`` for bytes with zeros that are not UTF-16, ``encoding`` for anything else.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data, encoding)
    if b"\x00" in data:
        return _utf16(data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(data, "gb18030")


def _utf16(data: bytes) -> str:
    """The order of bytes that gives characters of Chinese text."""
    texts = [data.decode(encoding, errors="replace") for encoding in ("utf-16-le", "utf-16-be")]
    shares = [len(_USUAL.findall(text)) / max(len(text), 1) for text in texts]
    if len(data) % 2 or max(shares) < _LIKELY:
        raise ReadingError("not_text", "the file holds zero bytes and is no text; save it as plain text in UTF-8")
    return texts[shares.index(max(shares))]


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadingError("encoding", f"byte {error.start} is not {encoding}; save the text as UTF-8") from error


def _width(text: str) -> int:
    """Cells of half a character."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _joined(lines: list[Line], notes: Notes) -> list[Source]:
    """Put paragraphs together that were broken at a width: their lines are full, and only the first is indented."""
    widths = [line.indent + _width(line.text) for line in lines]
    widest = max(widths)
    if sum(0 < line.indent <= 8 for line in lines) < _FEWEST_INDENTED or widest > _WIDEST:
        return list(lines)
    result: list[Line] = []
    joined = 0
    for index, line in enumerate(lines):
        goes_on = (
            index > 0
            and line.indent == 0
            and not (line.after_gap or line.new_page)
            and widths[index - 1] >= _FULL * widest
            and lines[index - 1].text[-1] not in _ENDS
            and not is_structural(line.text)
        )
        if goes_on:
            apart = " " if result[-1].text[-1].isascii() and line.text[0].isascii() else ""
            result[-1] = replace(result[-1], text=result[-1].text + apart + line.text)
            joined += 1
        else:
            result.append(line)
    if joined:
        notes.add("lines_joined", "正文", f"有 {joined} 处看来是一段分成的几行，已接成一段，请核对。")
    return list(result)
