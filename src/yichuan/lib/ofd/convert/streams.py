"""The bytes of a PDF's streams, within bounds: a stream that unpacks without end is refused before it is unpacked."""

import base64
import zlib
from typing import Any

import pikepdf

from ..errors import OfdError

LARGEST_STREAM = 64 * 1024 * 1024
_RATIOS = {
    # What one byte can unpack to at most; filters not named here do not grow beyond the image they hold.
    "/FlateDecode": 1032,
    "/Fl": 1032,
    "/LZWDecode": 4096,
    "/LZW": 4096,
    "/RunLengthDecode": 64,
    "/RL": 64,
}
_STEP = 1 << 20
_MOST_FILTERS = 4
_CLEAR, _END = 256, 257


def stream_bytes(stream: Any, limit: int = LARGEST_STREAM) -> bytes:
    """The decoded bytes. Raises OfdError `pdf_too_large` or `pdf_invalid`."""
    check_stream(stream, limit)
    try:
        return bytes(stream.read_bytes())
    except pikepdf.PdfError as error:
        raise OfdError("pdf_invalid", f"A stream cannot be unpacked: {error}.") from error


def filters_of(stream: Any) -> list[str]:
    """The names of a stream's filters, the outermost first."""
    filters = stream.get("/Filter", [])
    return [str(each) for each in filters] if isinstance(filters, pikepdf.Array) else [str(filters)] if filters else []


def check_stream(stream: Any, limit: int = LARGEST_STREAM) -> None:
    """Raise OfdError `pdf_too_large` when a stream may unpack to more than `limit` bytes."""
    names = filters_of(stream)
    growing = [name for name in names if name in _RATIOS]
    if not growing:
        return
    if len(names) > _MOST_FILTERS:
        raise OfdError("pdf_invalid", f"A stream has {len(names)} filters; {_MOST_FILTERS} are the most.")
    raw = bytes(stream.read_raw_bytes())
    most = len(raw)
    for name in growing:
        most *= _RATIOS[name]
    if most <= limit:
        return
    if len(growing) > 1:
        raise OfdError("pdf_too_large", "A large stream is compressed twice; save the PDF again.")
    if names[0] in ("/ASCII85Decode", "/A85"):
        raw = base64.a85decode(b"".join(raw.split()).partition(b"~>")[0])
    elif names[0] in ("/ASCIIHexDecode", "/AHx"):
        raw = bytes.fromhex(raw.partition(b">")[0].decode("latin-1"))
    size = _flate_size(raw, limit) if growing[0] in ("/FlateDecode", "/Fl") else _lzw_size(raw, limit)
    if size > limit:
        raise OfdError("pdf_too_large", f"A stream unpacks to more than {limit} bytes.")


def _flate_size(raw: bytes, limit: int) -> int:
    unpacker, size, data = zlib.decompressobj(), 0, raw
    while data and not unpacker.eof and size <= limit:
        try:
            size += len(unpacker.decompress(data, _STEP))
        except zlib.error:
            break  # the reader of the stream says what is broken
        data = unpacker.unconsumed_tail
    return size


def _lzw_size(raw: bytes, limit: int) -> int:
    """The unpacked size, from the lengths of the table's strings alone."""
    lengths: list[int] = [1] * 258
    width, held, bits, size, last = 9, 0, 0, 0, 0
    for byte in raw:
        held, bits = held << 8 | byte, bits + 8
        if bits < width:
            continue
        bits -= width
        code, held = held >> bits, held & (1 << bits) - 1
        if code == _END or size > limit:
            break
        if code == _CLEAR:
            lengths, width, last = [1] * 258, 9, 0
            continue
        length = lengths[code] if code < len(lengths) else last + 1
        size += length
        if last and len(lengths) < 4096:
            lengths.append(last + 1)
            width = 9 if len(lengths) < 511 else 10 if len(lengths) < 1023 else 11 if len(lengths) < 2047 else 12
        last = length
    return size
