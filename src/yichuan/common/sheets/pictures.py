"""Pictures of imprints: found in the sheet or in a zip beside it, bounded, and written anew before they are kept."""

import io
import posixpath
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from lxml import etree
from PIL import Image, UnidentifiedImageError

from yichuan.common.characters import skeleton
from yichuan.common.errors import Invalid
from yichuan.common.sheets.cells import Problem
from yichuan.common.sheets.xlsx_file import checked_archive

MOST_BYTES = 8 * 2**20
MOST_PIXELS = 40_000_000
MOST_PICTURES = 500
LEAST_SIDE = 300  # pixels: 42 mm at 180 dpi, below which the characters of an imprint run together
LEAST_DPI, FAX_DPI = 300, (196, 204)
FORMATS = ("PNG", "JPEG", "TIFF")
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_MAIN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PARSER = {"resolve_entities": False, "no_network": True, "huge_tree": False}


@dataclass(frozen=True)
class Picture:
    """A picture as it is kept: PNG, its size in pixels, what the file said of its resolution, what to warn of."""

    png: bytes
    width: int
    height: int
    dpi: int | None
    warnings: tuple[str, ...]


def in_sheet(data: bytes, path: str) -> dict[int, bytes]:
    """The pictures of a sheet by the row in which each begins; of several in one row the first. `path` is the part."""
    archive = checked_archive(data)
    found: dict[int, bytes] = {}
    for drawing in _related(archive, path, "drawing"):
        targets = dict(_relations(archive, drawing))
        for anchor in _xml(archive, drawing):
            row = anchor.findtext(f"{_DRAWING}from/{_DRAWING}row")
            blip = anchor.find(f".//{_MAIN}blip")
            target = targets.get(blip.get(f"{_REL}embed", "")) if blip is not None else None
            if row is None or not row.isdigit() or target is None or int(row) + 1 in found:
                continue
            found[int(row) + 1] = archive.read(_bounded(archive, target))
            if len(found) > MOST_PICTURES:
                raise Invalid({"file": f"表里的图片超过 {MOST_PICTURES} 张，请分成几个文件再传。"})
    return found


def in_zip(data: bytes) -> dict[str, bytes]:
    """The pictures of a zip by the name of the file, as a reader sees it, with and without its ending."""
    archive = checked_archive(data)
    found: dict[str, bytes] = {}
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > MOST_PICTURES:
        raise Invalid({"pictures": f"压缩包里的文件超过 {MOST_PICTURES} 个，请分成几个再传。"})
    for info in infos:
        name = PurePath(info.filename.replace("\\", "/"))
        if not info.flag_bits & 0x800 and not info.filename.isascii():
            name = PurePath(_chinese(info.filename))
        picture = archive.read(_bounded(archive, info.filename))
        for key in (name.name, name.stem):
            found.setdefault(skeleton(key), picture)
    return found


def examine(data: bytes) -> Picture | Problem:
    """The picture written anew, or why it cannot be taken."""
    if len(data) > MOST_BYTES:
        return Problem(f"图片超过 {MOST_BYTES // 2**20} MB", "用 300 dpi 重新扫描，只留印模")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    return Problem("图片的像素太多", "用 300 dpi 重新扫描，只留印模")
                dpi = _dpi(opened)
                bilevel = opened.mode == "1"
                image = opened.convert("RGB")
    except UnidentifiedImageError:
        return Problem("图片不是 PNG、JPEG 或 TIFF", "另存为 PNG 再传")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return Problem("图片损坏，打不开", "重新扫描后再传")
    written = io.BytesIO()
    image.save(written, "PNG", optimize=False)
    return Picture(written.getvalue(), image.width, image.height, dpi, tuple(_warnings(image, dpi, bilevel)))


def _dpi(image: Image.Image) -> int | None:
    try:
        across, down = image.info.get("dpi", (0, 0))
        across, down = float(across), float(down)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return round(across) if 30 <= across <= 4_800 and abs(across - down) <= across / 50 else None


def _warnings(image: Image.Image, dpi: int | None, bilevel: bool) -> Iterator[str]:
    """What whoever makes the seal of it would find out too late."""
    if min(image.size) < LEAST_SIDE:
        yield f"太小：只有 {image.width}×{image.height} 像素，印文会糊，请用 300 dpi 以上重新扫描。"
    if dpi is None:
        yield "图片里没有写明分辨率，实际大小不能确定，请量一下直径填在表里。"
    elif dpi < LEAST_DPI:
        yield f"分辨率只有 {dpi} dpi，应在 {LEAST_DPI} dpi 以上。"
    red, black = _shares(image)
    if red < 0.005:
        yield "印模不是红色，请用原色扫描，不要用复印件。"
    if bilevel or (red < 0.005 and black > 0.005) or (dpi is not None and FAX_DPI[0] <= dpi <= FAX_DPI[1]):
        yield "像是传真或黑白复印件，请用实物公章盖在白纸上重新扫描。"


def _shares(image: Image.Image) -> tuple[float, float]:
    """The shares of red and of black points in a small copy."""
    small = image.resize((200, 200), Image.Resampling.BOX).tobytes()
    points = [(small[at], small[at + 1], small[at + 2]) for at in range(0, len(small), 3)]
    red = sum(r > 110 and r - max(g, b) > 50 for r, g, b in points)
    black = sum(max(point) < 90 for point in points)
    return red / len(points), black / len(points)


def _related(archive: zipfile.ZipFile, path: str, kind: str) -> list[str]:
    return [target for name, target in _relations(archive, path) if f"/{kind}" in target.lower() or kind in name]


def _relations(archive: zipfile.ZipFile, path: str) -> Iterator[tuple[str, str]]:
    """The parts inside the package that a part refers to: links to anything outside are not followed."""
    folder, name = posixpath.split(path)
    beside = posixpath.join(folder, "_rels", f"{name}.rels")
    if beside not in archive.namelist():
        return
    for each in _xml(archive, beside):
        target = each.get("Target", "")
        if each.get("TargetMode", "").lower() == "external" or not target:
            continue
        inside = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        if inside in archive.namelist():
            yield each.get("Id", ""), inside


def _xml(archive: zipfile.ZipFile, path: str) -> etree._Element:
    try:
        return etree.fromstring(archive.read(_bounded(archive, path)), etree.XMLParser(**_PARSER))  # type: ignore[arg-type]
    except etree.XMLSyntaxError as error:
        raise Invalid({"file": "表里图片的部分不完整，读不下去。请另存后再传。"}) from error


def _bounded(archive: zipfile.ZipFile, path: str) -> str:
    if archive.getinfo(path).file_size > MOST_BYTES:
        raise Invalid({"file": f"「{PurePath(path).name}」超过 {MOST_BYTES // 2**20} MB，请用 300 dpi 重新扫描。"})
    return path


def _chinese(name: str) -> str:
    """A name as Windows wrote it into the zip: its bytes are GB 18030, or UTF-8 without saying so."""
    raw = name.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name
