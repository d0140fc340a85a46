"""Scenes put on paper: a PDF written page by page."""

import io
from collections.abc import Callable, Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, String

from ..errors import OfdError
from ..geometry import Matrix, apply, bounds_of, number, numbers
from ..model import DocumentInfo
from ..scene.model import Link, Scene
from .canvas import Canvas, Shelf, box_array
from .painter import Painter
from .paths import matrix_operands

POINTS = 72 / 25.4
"""Points to a millimetre."""
_LARGEST_POINTS = 14_400
_PRODUCER = "Yichuan"
_MOST_LINKS = 10_000
Note = Callable[[str, str], None]


class Paper:
    """A PDF being written. The same scenes and information always give the same bytes.

    Fonts and images are shared by all pages. `note` hears what could not be drawn as it stands.
    """

    def __init__(self, note: Note) -> None:
        self.pdf = pikepdf.new()
        self._shelf = Shelf(self.pdf, note)
        self._pages: dict[int, Object] = {}
        self._links: list[tuple[Object, Matrix, Link]] = []

    def add(self, scene: Scene, index: int) -> None:
        """Write one more page; `index` is its number in the document, which links name.

        Raises OfdError `page_too_large` for one over 5,080 mm.
        """
        width, height = scene.box[2] * POINTS, scene.box[3] * POINTS
        if not (0 < width <= _LARGEST_POINTS and 0 < height <= _LARGEST_POINTS):
            raise OfdError("page_too_large", f"A page of {numbers(scene.box[2:])} mm does not fit a PDF.")
        canvas = _drawn(self._shelf, scene, height)
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, *(Object.parse(number(side, 3).encode()) for side in (width, height))]),
            Resources=canvas.resources,
            Contents=self.pdf.make_indirect(self._shelf.stream(canvas.content, {})),
        )
        if canvas.transparent:
            page.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceRGB)
        self.pdf.pages.append(pikepdf.Page(self.pdf.make_indirect(page)))
        self._pages[index] = self.pdf.pages[-1].obj
        self._links += [(self._pages[index], _on_page(scene, height), link) for link in scene.links[:_MOST_LINKS]]

    def finish(self, info: DocumentInfo) -> bytes:
        """The PDF, with its fonts and links; nothing can be added afterwards."""
        self._shelf.fonts.write()
        for page, matrix, link in self._links:
            self._link(page, matrix, link)
        _inform(self.pdf, info)
        return _saved(self.pdf)

    def _link(self, page: Object, matrix: Matrix, link: Link) -> None:
        left, top, right, bottom = link.bounds
        corners = (apply(matrix, (left, top)), apply(matrix, (right, bottom)))
        annotation = Dictionary(
            Type=Name.Annot, Subtype=Name.Link, Rect=box_array(bounds_of(corners)), Border=Array([0, 0, 0]), F=4
        )
        if link.page_index is not None and link.page_index in self._pages:
            annotation.Dest = Array([self._pages[link.page_index], Name.Fit])
        elif link.address:
            annotation.A = Dictionary(S=Name.URI, URI=String(link.address))
        else:
            return
        if "/Annots" not in page:
            page.Annots = Array()
        page.Annots.append(self.pdf.make_indirect(annotation))


def overlay(pdf: bytes, scenes: Sequence[Scene], note: Note) -> bytes:
    """A PDF with a scene drawn over each of its pages; a scene's box is that of the page in mm.

    Content below is not touched. Raises OfdError `pages_differ` when there are not as many scenes as pages.
    """
    with pikepdf.open(io.BytesIO(pdf)) as target:
        if len(target.pages) != len(scenes):
            raise OfdError("pages_differ", f"{len(scenes)} scenes cannot lie over {len(target.pages)} pages.")
        shelf = Shelf(target, note)
        for page, scene in zip(target.pages, scenes, strict=True):
            height = scene.box[3] * POINTS
            form = _drawn(shelf, scene, height).form((0.0, 0.0, scene.box[2] * POINTS, height), group=False)
            name = page.add_resource(form, Name.XObject)
            page.contents_add(b"q", prepend=True)
            page.contents_add(f"Q q {name} Do Q".encode("ascii"))
        shelf.fonts.write()
        return _saved(target)


def _on_page(scene: Scene, height: float) -> Matrix:
    """From the scene's mm, y down, to points from the page's bottom left corner."""
    return (POINTS, 0.0, 0.0, -POINTS, -scene.box[0] * POINTS, height + scene.box[1] * POINTS)


def _drawn(shelf: Shelf, scene: Scene, height: float) -> Canvas:
    canvas = Canvas(shelf)
    matrix = _on_page(scene, height)
    canvas.write(f"{matrix_operands(matrix)} cm")
    Painter(canvas, matrix, (0.0, 0.0, scene.box[2] * POINTS, height)).draw(scene.items)
    return canvas


def _inform(pdf: pikepdf.Pdf, info: DocumentInfo) -> None:
    said = {
        "/Title": info.title,
        "/Author": info.author,
        "/Subject": info.subject,
        "/Keywords": ", ".join(info.keywords),
        "/Creator": info.creator,
        "/Producer": _PRODUCER,
    }
    if info.created is not None and info.created.tzinfo is not None:
        offset = info.created.strftime("%z")
        said["/CreationDate"] = f"D:{info.created:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:5]}'"
    pdf.trailer.Info = pdf.make_indirect(Dictionary({key: String(text) for key, text in said.items() if text}))


def _saved(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(
        out,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        min_version="1.7",
        fix_metadata_version=False,
    )
    return out.getvalue()
