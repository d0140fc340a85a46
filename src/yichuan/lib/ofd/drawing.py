"""A one-page OFD of vector paths, or of one raster: how a seal carries its picture (GB/T 38540, picture type "ofd")."""

import hashlib
from dataclasses import dataclass

from .convert.writer import HEAD, NAMESPACE, WrittenPage, document_xml, ofd_xml, page_xml
from .errors import OfdError
from .geometry import number, numbers
from .model import DocumentInfo
from .package import write_package
from .pathdata import ofd_path

RASTER = "Doc_0/Res/image.png"  # of `raster_ofd`
_PAGE_ID, _LAYER_ID, _FIRST_ID = 1, 2, 3
Rgb = tuple[int, int, int]


@dataclass(frozen=True)
class PathShape:
    """A painted path: `data` is SVG path data with absolute commands, in mm from the picture's top left corner.

    `fill` and `stroke` are red, green, blue from 0 to 255, or None; `stroke_mm` is the pen's width.
    """

    data: str
    fill: Rgb | None = None
    stroke: Rgb | None = None
    stroke_mm: float = 0.0
    even_odd: bool = False


def picture_ofd(paths: list[PathShape], width_mm: float, height_mm: float) -> bytes:
    """The OFD package of a picture this size in mm, its ground transparent; the same paths give the same bytes.

    Raises OfdError `picture_empty` (no paths, no size) or `path_invalid`.
    """
    if not paths or width_mm <= 0 or height_mm <= 0:
        raise OfdError("picture_empty", "A picture wants at least one path, and a width and height above 0 mm.")
    objects = [_path_object(_FIRST_ID + index, path, width_mm, height_mm) for index, path in enumerate(paths)]
    page = WrittenPage(width_mm, height_mm, objects)
    content = page_xml(page, _LAYER_ID)
    return write_package(
        {
            "OFD.xml": ofd_xml(DocumentInfo(), doc_id=hashlib.sha256(content).hexdigest()[:32]),
            "Doc_0/Document.xml": document_xml([page], [_PAGE_ID], last_id=_FIRST_ID + len(paths)),
            "Doc_0/Pages/Page_0/Content.xml": content,
        }
    )


def raster_ofd(png: bytes, width_mm: float, height_mm: float) -> bytes:
    """The OFD package of a page this size in mm that a PNG fills; the same PNG gives the same bytes.

    Raises OfdError `picture_empty` (no PNG, no size).
    """
    if not png.startswith(b"\x89PNG") or width_mm <= 0 or height_mm <= 0:
        raise OfdError("picture_empty", "A picture wants a PNG, and a width and height above 0 mm.")
    size = numbers((width_mm, height_mm))
    image = (
        f'<ofd:ImageObject ID="{_FIRST_ID + 1}" Boundary="0 0 {size}" '
        f'CTM="{number(width_mm)} 0 0 {number(height_mm)} 0 0" ResourceID="{_FIRST_ID}"/>'
    )
    page = WrittenPage(width_mm, height_mm, [image])
    listed = (
        f'{HEAD}<ofd:Res {NAMESPACE} BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="{_FIRST_ID}" Type="Image" '
        f'Format="PNG"><ofd:MediaFile>image.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>'
    )
    resources = "<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>"
    return write_package(
        {
            "OFD.xml": ofd_xml(DocumentInfo(), doc_id=hashlib.sha256(png).hexdigest()[:32]),
            "Doc_0/Document.xml": document_xml([page], [_PAGE_ID], _FIRST_ID + 1, resources),
            "Doc_0/DocumentRes.xml": listed.encode(),
            "Doc_0/Pages/Page_0/Content.xml": page_xml(page, _LAYER_ID),
            RASTER: png,
        }
    )


def _path_object(object_id: int, path: PathShape, width_mm: float, height_mm: float) -> str:
    pen = f' Stroke="true" LineWidth="{number(path.stroke_mm)}"' if path.stroke else ' Stroke="false"'
    rule = ' Rule="Even-Odd"' if path.even_odd else ""
    return (
        f'<ofd:PathObject ID="{object_id}" Boundary="0 0 {numbers((width_mm, height_mm))}"{pen}'
        f' Fill="{"true" if path.fill else "false"}"{rule}>'
        + (f'<ofd:StrokeColor Value="{numbers(path.stroke, 0)}"/>' if path.stroke else "")
        + (f'<ofd:FillColor Value="{numbers(path.fill, 0)}"/>' if path.fill else "")
        + f"<ofd:AbbreviatedData>{ofd_path(path.data)}</ofd:AbbreviatedData></ofd:PathObject>"
    )
