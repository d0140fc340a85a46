"""Colour spaces of a PDF (ISO 32000-1, 8.6), each leading to grey, RGB (sRGB) or CMYK, which OFD can carry."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pikepdf
from PIL import Image, ImageCms

from ..errors import OfdError
from .functions import Function, read_function
from .state import Colour
from .streams import stream_bytes

_DEEPEST = 6
_MOST_COLOURS = 4096
_DEVICE = {"/DeviceGray": 1, "/G": 1, "/DeviceRGB": 3, "/RGB": 3, "/DeviceCMYK": 4, "/CMYK": 4}
_MODES = {1: "L", 3: "RGB", 4: "CMYK"}
_D65_FROM_XYZ = (
    (3.2404542, -1.5371385, -0.4985314),
    (-0.969266, 1.8760108, 0.041556),
    (0.0556434, -0.2040259, 1.0572252),
)
_D65 = (0.95047, 1.0, 1.08883)
Parts = tuple[float, ...]


@dataclass
class Space:
    """A colour space: how many components a colour has, the one to start with, and the way to a Colour.

    `ranges` are the components' own ranges where they do not run from 0 to 1. `plain` tells that the components are
    grey, RGB or CMYK already. A pattern space has `pattern` set; its components are those of its underlying colour.
    """

    name: str
    count: int
    initial: Parts
    convert: Callable[[Parts], Colour]
    plain: bool = False
    pattern: bool = False
    ranges: tuple[tuple[float, float], ...] = ()
    _known: dict[Parts, Colour] = field(default_factory=dict)

    def colour(self, parts: Parts) -> Colour:
        """The colour of these components. Raises OfdError `pdf_invalid` when their number is wrong."""
        found = self._known.get(parts)
        if found is None:
            if len(parts) != self.count:
                raise OfdError("pdf_invalid", f"A colour has {len(parts)} components where {self.count} are due.")
            found = self.convert(parts)
            if len(self._known) < _MOST_COLOURS:
                self._known[parts] = found
        return found


def _device(name: str, count: int) -> Space:
    start = (0.0, 0.0, 0.0, 1.0) if count == 4 else (0.0,) * count
    return Space(name, count, start, Colour, plain=True)


GRAY, RGB, CMYK = _device("DeviceGray", 1), _device("DeviceRGB", 3), _device("DeviceCMYK", 4)
DEVICE = {1: GRAY, 3: RGB, 4: CMYK}


def read_space(obj: Any, depth: int = 0) -> Space:
    """The colour space of a name or an array. Raises OfdError `unsupported_colour` with its name."""
    if depth > _DEEPEST:
        raise OfdError("unsupported_colour", f"Colour spaces are nested more than {_DEEPEST} deep.")
    array = isinstance(obj, pikepdf.Array)
    family = str(obj[0] if array else obj)
    if family in _DEVICE:
        return DEVICE[_DEVICE[family]]
    if family == "/Pattern":
        under = read_space(obj[1], depth + 1) if array and len(obj) > 1 else None
        return Space("Pattern", under.count if under else 0, (), under.colour if under else Colour, pattern=True)
    if array:
        match family:
            case "/ICCBased":
                return _profiled(obj[1], depth)
            case "/CalGray":
                return _cal_gray(obj[1])
            case "/CalRGB":
                return _cal_rgb(obj[1])
            case "/Lab":
                return _lab(obj[1])
            case "/Indexed" | "/I":
                return _indexed(obj, depth)
            case "/Separation" | "/DeviceN":
                return _tinted(family, obj, depth)
    raise OfdError("unsupported_colour", f"The page uses the colour space {family}; use grey, RGB or CMYK.")


def _profiled(stream: Any, depth: int) -> Space:
    count = int(stream.get("/N", 0))
    if count not in DEVICE:
        raise OfdError("unsupported_colour", f"A colour profile has {count} components.")
    transform = _transform(stream_bytes(stream), count)
    if transform is None:
        return read_space(stream.Alternate, depth + 1) if "/Alternate" in stream else DEVICE[count]
    if transform is _SAME:
        return DEVICE[count]
    start = (0.0,) * count

    def convert(parts: Parts) -> Colour:
        pixel = Image.new(_MODES[count], (1, 1), tuple(round(_unit(part) * 255) for part in parts))
        seen: Any = ImageCms.applyTransform(pixel, transform)
        return Colour(tuple(part / 255 for part in seen.getpixel((0, 0))))

    return Space("ICCBased", count, start, convert)


_SAME = object()


@cache
def _srgb() -> Any:
    return ImageCms.createProfile("sRGB")


@cache
def _transform(data: bytes, count: int) -> Any:
    """The way from a profile to sRGB; _SAME for sRGB itself and its grey, None for a profile that cannot be used."""
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(data))
        said = ImageCms.getProfileDescription(profile).lower()
        if count < 4 and any(name in said for name in ("srgb", "sgrey", "sgray", "s-gray")):
            return _SAME
        intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
        return ImageCms.buildTransform(profile, _srgb(), _MODES[count], "RGB", intent)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None


def _cal_gray(settings: Any) -> Space:
    gamma = float(settings.get("/Gamma", 1))
    return Space("CalGray", 1, (0.0,), lambda parts: Colour((_encoded(_unit(parts[0]) ** gamma),)))


def _cal_rgb(settings: Any) -> Space:
    gammas = [float(each) for each in settings.get("/Gamma", [1, 1, 1])]
    matrix = [float(each) for each in settings.get("/Matrix", [1, 0, 0, 0, 1, 0, 0, 0, 1])]
    white = [float(each) for each in settings.WhitePoint]

    def convert(parts: Parts) -> Colour:
        linear = [_unit(part) ** gamma for part, gamma in zip(parts, gammas, strict=True)]
        xyz = [sum(matrix[3 * i + axis] * linear[i] for i in range(3)) for axis in range(3)]
        return _from_xyz(xyz, white)

    return Space("CalRGB", 3, (0.0,) * 3, convert)


def _lab(settings: Any) -> Space:
    white = [float(each) for each in settings.WhitePoint]
    a_low, a_high, b_low, b_high = (float(each) for each in settings.get("/Range", [-100, 100, -100, 100]))

    def convert(parts: Parts) -> Colour:
        middle = (parts[0] + 16) / 116
        a, b = max(a_low, min(a_high, parts[1])), max(b_low, min(b_high, parts[2]))
        bases = (middle + a / 500, middle, middle - b / 200)
        xyz = [w * (v**3 if v >= 6 / 29 else 108 / 841 * (v - 4 / 29)) for w, v in zip(white, bases, strict=True)]
        return _from_xyz(xyz, white)

    return Space("Lab", 3, (0.0, 0.0, 0.0), convert, ranges=((0, 100), (a_low, a_high), (b_low, b_high)))


def _indexed(array: Any, depth: int) -> Space:
    base, highest = read_space(array[1], depth + 1), min(int(array[2]), 255)
    table = bytes(array[3]) if isinstance(array[3], pikepdf.String) else stream_bytes(array[3])

    def convert(parts: Parts) -> Colour:
        index = max(0, min(highest, round(parts[0])))
        entry = table[index * base.count : (index + 1) * base.count]
        if len(entry) < base.count:
            raise OfdError("pdf_invalid", f"A palette lacks colour {index}.")
        ranges = base.ranges or ((0.0, 1.0),) * base.count
        return base.colour(
            tuple(low + value / 255 * (high - low) for value, (low, high) in zip(entry, ranges, strict=True))
        )

    return Space("Indexed", 1, (0.0,), convert, ranges=((0, highest),))


def _tinted(family: str, array: Any, depth: int) -> Space:
    names = [str(each) for each in array[1]] if family == "/DeviceN" else [str(array[1])]
    if names == ["/None"] or not names:
        raise OfdError("unsupported_colour", "The page paints with the colorant None, which leaves no mark.")
    under, tint = read_space(array[2], depth + 1), read_function(array[3])
    return Space(family[1:], len(names), (1.0,) * len(names), _through(tint, under))


def _through(tint: Function, under: Space) -> Callable[[Parts], Colour]:
    return lambda parts: under.colour(tint(parts)[: under.count])


def _from_xyz(xyz: Sequence[float], white: Sequence[float]) -> Colour:
    """sRGB from XYZ under a white point, which becomes the white of sRGB."""
    adapted = [value / source * target for value, source, target in zip(xyz, white, _D65, strict=True)]
    linear = [sum(weight * value for weight, value in zip(row, adapted, strict=True)) for row in _D65_FROM_XYZ]
    return Colour(tuple(_encoded(value) for value in linear))


def _encoded(linear: float) -> float:
    value = _unit(linear)
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


def _unit(value: float) -> float:
    return max(0.0, min(1.0, value))
