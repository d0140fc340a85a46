"""Functions of a PDF (ISO 32000-1, 7.10): sampled, exponential, stitched and written in PostScript."""

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any

import pikepdf

from ..errors import OfdError
from .postscript import compile_calculator
from .streams import stream_bytes

Function = Callable[[Sequence[float]], tuple[float, ...]]
"""From numbers to numbers; input beyond the domain is taken to its edge."""

_DEEPEST = 8
_MOST_INPUTS = 6


def read_function(obj: Any, depth: int = 0) -> Function:
    """The function of an object, or of an array of functions with one output each.

    Raises OfdError `unsupported_function` for other kinds.
    """
    if depth > _DEEPEST:
        raise OfdError("unsupported_function", f"Functions are nested more than {_DEEPEST} deep.")
    if isinstance(obj, pikepdf.Array):
        parts = [read_function(each, depth + 1) for each in obj]
        return lambda values: tuple(itertools.chain.from_iterable(part(values) for part in parts))
    kind = int(obj.FunctionType)
    domain = _pairs(obj.Domain)
    reach = _pairs(obj.Range) if "/Range" in obj else None
    match kind:
        case 0:
            inner = _sampled(obj, domain, reach or [])
        case 2:
            inner = _exponential(obj)
        case 3:
            inner = _stitched(obj, domain[0], depth)
        case 4:
            inner = compile_calculator(stream_bytes(obj))
        case _:
            raise OfdError("unsupported_function", f"A function is of kind {kind}, which is not known.")

    def function(values: Sequence[float]) -> tuple[float, ...]:
        result = inner([_clamp(value, pair) for value, pair in zip(values, domain, strict=False)])
        return tuple(_clamp(value, pair) for value, pair in zip(result, reach, strict=False)) if reach else result

    return function


def breaks(obj: Any) -> list[float]:
    """Where a function of one input may bend or jump: its domain's ends and the bounds of its parts."""
    if isinstance(obj, pikepdf.Array):
        return sorted({point for each in obj for point in breaks(each)})
    low, high = _pairs(obj.Domain)[0]
    inside = [float(each) for each in obj.get("/Bounds", [])]
    if int(obj.FunctionType) == 0:
        count = int(obj.Size[0])
        if 2 < count <= 256:
            inside = [low + (high - low) * step / (count - 1) for step in range(1, count - 1)]
    return [low, *(point for point in inside if low < point < high), high]


def _exponential(obj: Any) -> Function:
    start = [float(each) for each in obj.get("/C0", [0])]
    end = [float(each) for each in obj.get("/C1", [1])]
    power = float(obj.N)
    return lambda values: tuple(a + values[0] ** power * (b - a) for a, b in zip(start, end, strict=True))


def _stitched(obj: Any, domain: tuple[float, float], depth: int) -> Function:
    parts = [read_function(each, depth + 1) for each in obj.Functions]
    edges = [domain[0], *(float(each) for each in obj.Bounds), domain[1]]
    encode = _pairs(obj.Encode)

    def function(values: Sequence[float]) -> tuple[float, ...]:
        value = values[0]
        index = next((i for i in range(len(parts) - 1) if value < edges[i + 1]), len(parts) - 1)
        return parts[index]([_interpolate(value, (edges[index], edges[index + 1]), encode[index])])

    return function


def _sampled(obj: Any, domain: list[tuple[float, float]], reach: list[tuple[float, float]]) -> Function:
    sizes = [int(each) for each in obj.Size]
    if len(sizes) > _MOST_INPUTS or not reach or min(sizes) < 1:
        raise OfdError("unsupported_function", f"A sampled function has {len(sizes)} inputs and {len(reach)} outputs.")
    bits, data, outputs = int(obj.BitsPerSample), stream_bytes(obj), len(reach)
    if bits not in (1, 2, 4, 8, 12, 16, 24, 32) or len(data) * 8 < math.prod(sizes) * outputs * bits:
        raise OfdError("pdf_invalid", "A sampled function has fewer samples than it says.")
    encode = _pairs(obj.Encode) if "/Encode" in obj else [(0.0, size - 1.0) for size in sizes]
    decode = _pairs(obj.Decode) if "/Decode" in obj else reach
    strides = [math.prod(sizes[:axis]) for axis in range(len(sizes))]
    full = (1 << bits) - 1

    def sample(index: int) -> int:
        first = index * bits
        last = first + bits
        value = int.from_bytes(data[first // 8 : -(-last // 8)], "big")
        return value >> (-last % 8) & full

    def function(values: Sequence[float]) -> tuple[float, ...]:
        corners: list[tuple[int, float]] = [(0, 1.0)]
        for axis, value in enumerate(values):
            place = _clamp(_interpolate(value, domain[axis], encode[axis]), (0.0, sizes[axis] - 1.0))
            low = min(int(place), max(sizes[axis] - 2, 0))
            rest = place - low
            steps = [(low * strides[axis], 1 - rest), ((low + 1) * strides[axis], rest)]
            corners = [(at + step, share * part) for at, share in corners for step, part in steps if part]
        return tuple(
            _interpolate(
                sum(sample(at * outputs + output) * share for at, share in corners), (0.0, float(full)), decode[output]
            )
            for output in range(outputs)
        )

    return function


def _pairs(array: Any) -> list[tuple[float, float]]:
    values = [float(each) for each in array]
    return list(zip(values[::2], values[1::2], strict=True))


def _clamp(value: float, pair: tuple[float, float]) -> float:
    return max(pair[0], min(pair[1], value))


def _interpolate(value: float, source: tuple[float, float], target: tuple[float, float]) -> float:
    width = source[1] - source[0]
    return target[0] if width == 0 else target[0] + (value - source[0]) * (target[1] - target[0]) / width
