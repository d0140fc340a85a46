"""Scenes put on paper: a PDF written page by page."""

import io
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, String

from ..errors import OfdError
from ..geometry import Bounds, Matrix, apply, bounds_of, number, numbers
from ..model import DocumentInfo
from ..scene.model import Item, Link, Scene
from .canvas import Canvas, Shelf, box_array
from .outline import Heading, write_outline
from .painter import Painter
from .paths import matrix_operands

POINTS = 72 / 25.4
"""Points to a millimetre."""
_LARGEST_POINTS = 14_400
_PRODUCER = "Yichuan"
_MARK = "/YichuanMark"
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
        self._order: list[int] = []
        self._links: list[tuple[Object, Matrix, Link]] = []

    def add(self, scene: Scene, index: int) -> None:
        """Write one more page; `index` is its number in the document, which links name.

        Raises OfdError `page_too_large` for one over 5,080 mm.
        """
        width, height = scene.box[2] * POINTS, scene.box[3] * POINTS
        if not (0 < width <= _LARGEST_POINTS and 0 < height <= _LARGEST_POINTS):
            raise OfdError("page_too_large", f"A page of {numbers(scene.box[2:])} mm does not fit a PDF.")
        matrix = _on_page((0.0, 0.0, width, height), scene.box[0], scene.box[1])
        canvas = _drawn(self._shelf, scene.items, matrix, (0.0, 0.0, width, height))
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, *(Object.parse(number(side, 3).encode()) for side in (width, height))]),
            Resources=canvas.resources,
            Contents=self.pdf.make_indirect(self._shelf.stream(canvas.content, {})),
        )
        if canvas.transparent:
            page.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceRGB)
        self.pdf.pages.append(pikepdf.Page(self.pdf.make_indirect(page)))
        self._order.append(index)
        self._pages.setdefault(index, self.pdf.pages[-1].obj)
        self._links += [(self.pdf.pages[-1].obj, matrix, link) for link in scene.links[:_MOST_LINKS]]

    def finish(self, info: DocumentInfo, outline: tuple[Heading, ...] = ()) -> bytes:
        """The PDF, with its fonts, links and bookmarks; nothing can be added afterwards."""
        self._shelf.fonts.write()
        places = {index: place for place, index in reversed(list(enumerate(self._order)))}
        write_outline(self.pdf, outline, places, POINTS)
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


@dataclass(frozen=True)
class Sheet:
    """A page to be marked: its place among `count` pages (from 0), its size in mm."""

    index: int
    count: int
    width: float
    height: float


def overlay(pdf: bytes, marks: Sequence[Callable[[Sheet], Sequence[Item]]], info: DocumentInfo) -> bytes:
    """The pages of a PDF once for each of `marks`, every page with the items that the mark gives for it drawn over it.

    Items are in mm from the page's top left. What the pages hold is in the file once; their links are left out.
    Raises OfdError `pdf_invalid`, and what the marks raise.
    """
    try:
        target = pikepdf.open(io.BytesIO(pdf))
    except (pikepdf.PdfError, ValueError) as error:
        raise OfdError("pdf_invalid", f"The PDF cannot be read ({error}).") from error
    with target:
        pages = list(target.pages)
        before = target.make_stream(b"q")
        after = target.make_stream(f"Q q {_MARK} Do Q".encode("ascii"))
        shelf = Shelf(target, lambda code, message: None)
        for mark in marks:
            for index, page in enumerate(pages):
                left, bottom, right, top = (float(value) for value in page.mediabox)
                box = (left, bottom, right, top)
                items = mark(Sheet(index, len(pages), (right - left) / POINTS, (top - bottom) / POINTS))
                form = _drawn(shelf, items, _on_page(box), box).form(box, group=False)
                target.pages.append(_marked(target, page, form, before, after))
        del target.pages[: len(pages)]
        shelf.fonts.write()
        _inform(target, info)
        return _saved(target)


def joined(pdfs: Sequence[bytes], info: DocumentInfo) -> bytes:
    """The pages of several PDFs one after the other as one; `info` is what it says of itself.

    Raises OfdError `pdf_invalid`.
    """
    target = pikepdf.new()
    with ExitStack() as opened:
        for pdf in pdfs:
            try:
                target.pages.extend(opened.enter_context(pikepdf.open(io.BytesIO(pdf))).pages)
            except (pikepdf.PdfError, ValueError) as error:
                raise OfdError("pdf_invalid", f"The PDF cannot be read ({error}).") from error
        _inform(target, info)
        return _saved(target)


def _marked(pdf: pikepdf.Pdf, page: pikepdf.Page, form: Object, before: Object, after: Object) -> pikepdf.Page:
    """A page with the content of another and a form over it."""
    resources = dict(page.resources.items())
    resources["/XObject"] = Dictionary(dict(resources.get("/XObject", Dictionary()).items()) | {_MARK: form})
    contents = page.obj.get("/Contents", Array())
    parts = list(contents) if isinstance(contents, Array) else [contents]
    kept = {key: value for key, value in page.obj.items() if key not in ("/Annots", "/Parent", "/B")}
    own = {"/Resources": Dictionary(resources), "/MediaBox": page.mediabox, "/Contents": Array([before, *parts, after])}
    return pikepdf.Page(pdf.make_indirect(Dictionary(kept | own)))


def _on_page(box: Bounds, x: float = 0.0, y: float = 0.0) -> Matrix:
    """From mm, y down, with x, y in the top left corner, to points in a page's box (left, bottom, right, top)."""
    return (POINTS, 0.0, 0.0, -POINTS, box[0] - x * POINTS, box[3] + y * POINTS)


def _drawn(shelf: Shelf, items: Sequence[Item], matrix: Matrix, box: Bounds) -> Canvas:
    canvas = Canvas(shelf)
    canvas.write(f"{matrix_operands(matrix)} cm")
    Painter(canvas, matrix, box).draw(items)
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
