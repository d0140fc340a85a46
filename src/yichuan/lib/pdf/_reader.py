"""pyHanko's reader within bounds of memory and time."""

from __future__ import annotations

import io

from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.decode_limits import (
    DEFAULT_PURPOSE_LIMITS,
    DecodeContext,
    DecodeLimits,
    DecodePurpose,
    DocumentDecodeBudget,
    StreamDecodeLimits,
)
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader

from . import _pyhanko as _pyhanko  # its log is silenced before the first file is read
from .errors import PdfError
from .limits import MIB, Limits

_BYTES_OF_AN_ENTRY = 8  # of a cross-reference stream; mostly 5 to 7
_PIECES_OF_A_STEP = 100  # what following a reference costs, against taking a byte


class _Budget(DecodeContext):
    """pyHanko's bounds on unpacking, and one of ours: what cross-reference streams claim to describe. Entries of no
    width cost nothing to write and everything to read."""

    def __init__(self, limits: Limits, input_size: int) -> None:
        purposes = dict(DEFAULT_PURPOSE_LIMITS)
        for purpose, most in ((DecodePurpose.CRL, 64 * MIB), (DecodePurpose.OBJECT_STREAM, 16 * MIB)):
            purposes[purpose] = StreamDecodeLimits(max_ratio=100, ratio_floor=4 * MIB, max_output_size=most)
        bounds = DecodeLimits(
            per_stream=StreamDecodeLimits(max_output_size=limits.stream_bytes),
            per_purpose=purposes,
            document_budget=DocumentDecodeBudget(base_allowance=limits.total_bytes, max_ratio=0),
        )
        super().__init__(bounds, input_size)
        self._most, self._left = limits.objects, limits.objects * _BYTES_OF_AN_ENTRY

    def stream_output_cap(
        self, encoded_size: int, purpose: DecodePurpose = DecodePurpose.GENERIC, expected_size: int | None = None
    ) -> int | None:
        if purpose is DecodePurpose.XREF_STREAM:
            self._left -= expected_size or 0
            if self._left < 0:
                raise too_many_objects(self._most)
        return super().stream_output_cap(encoded_size, purpose, expected_size)


class _Meter:
    """How many pieces may still be taken: the reader goes byte by byte, and may be sent over a place again."""

    def __init__(self, reads: int) -> None:
        self._left = reads

    def take(self, pieces: int = 1) -> None:
        """So many less."""
        self._left -= pieces
        if self._left < 0:
            raise PdfError("too_complex", "The file takes too long to read; print it to a plain PDF.")


class _Metered(io.BytesIO):
    """Bytes that are given out by the meter."""

    def __init__(self, data: bytes, meter: _Meter) -> None:
        super().__init__(data)
        self._meter = meter

    def read(self, size: int | None = -1, /) -> bytes:
        self._meter.take()
        return super().read(size)


class _BoundedResolver(HistoricalResolver):
    """A state of the file as pyHanko compares it with another. It follows every way to every object, of which a small
    file can have more than there are atoms; so each step is metered."""

    def __init__(self, reader: PdfFileReader, revision: int, meter: _Meter) -> None:
        super().__init__(reader, revision)
        self._meter = meter

    def get_object(self, ref: generic.Reference, as_metadata_stream: bool = False) -> generic.PdfObject:
        self._meter.take(_PIECES_OF_A_STEP)
        found: generic.PdfObject = super().get_object(ref, as_metadata_stream)
        return found


class BoundedReader(PdfFileReader):
    """pyHanko's reader with our budgets. Raises PdfError `too_many_objects` and `too_complex` beside its own errors."""

    def __init__(self, data: bytes, limits: Limits, *, strict: bool) -> None:
        self._budget = _Budget(limits, len(data))
        self._meter = _Meter(limits.reads)
        self._packed: dict[int, tuple[bytes, list[int]]] = {}
        self._resolvers: dict[int, HistoricalResolver] = {}
        super().__init__(_Metered(data, self._meter), strict=strict)

    @property
    def decode_context(self) -> DecodeContext:
        return self._budget

    def get_historical_resolver(self, revision: int) -> HistoricalResolver:
        if revision not in self._resolvers:
            self._resolvers[revision] = _BoundedResolver(self, revision, self._meter)
        return self._resolvers[revision]

    def _get_object_from_stream(self, idnum: int, stmnum: int, idx: int) -> generic.PdfObject:
        """As pyHanko does, which reads the stream's table of contents anew for every object: a small file could make
        that take hours."""
        if stmnum not in self._packed:
            self._packed[stmnum] = self._unpacked(stmnum)
        data, table = self._packed[stmnum]
        if not 0 <= 2 * idx < len(table) or table[2 * idx] != idnum:
            raise misc.PdfReadError(f"Object {idnum} is not where the cross-reference says, in stream {stmnum}.")
        stream = _Metered(data, self._meter)
        stream.seek(table[2 * idx + 1])
        found: generic.PdfObject = generic.read_object(stream, generic.Reference(idnum, 0, self))
        if isinstance(found, (generic.StreamObject, generic.IndirectObject)):
            raise misc.PdfReadError(f"Object {idnum} in stream {stmnum} is of a kind that may not be there.")
        return found

    def _unpacked(self, number: int) -> tuple[bytes, list[int]]:
        """The data of an object stream, and its table: number and place of each object in turn."""
        stream = generic.Reference(number, 0, self).get_object()
        if not isinstance(stream, generic.StreamObject) or stream.raw_get("/Type") != "/ObjStm":
            raise misc.PdfReadError(f"Object {number} is no object stream.")
        data = stream.read_data(DecodePurpose.OBJECT_STREAM)
        first, count = int(stream["/First"]), int(stream["/N"])
        table = [int(each) for each in data[:first].split()[: 2 * max(count, 0)]]
        if len(table) != 2 * count:
            raise misc.PdfReadError(f"Object stream {number} lists fewer objects than it claims.")
        table[1::2] = [first + place for place in table[1::2]]
        return data, table


def too_many_objects(most: int) -> PdfError:
    """The error of that name."""
    return PdfError("too_many_objects", f"The file claims more than {most} objects.")
